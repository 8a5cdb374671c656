/* Trace state: walking through the members of its text, and writing a new text. */
#include "trace_state.h"
#include <string.h>

static bool key_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c && strchr("_-*/@", c));
}

bool otel__trace_state_key(const char *key, size_t size)
{
    bool good = size >= 1 && size <= 256 && key_character(key[0]) && !strchr("_-*/@", key[0]);
    for (size_t i = 1; good && i < size; i++) good = key_character(key[i]);
    return good;
}

bool otel__trace_state_value(const char *value, size_t size)
{
    bool good = size >= 1 && size <= 256 && value[size - 1] != ' ';
    for (size_t i = 0; good && i < size; i++)
        good = value[i] >= 0x20 && value[i] <= 0x7e && value[i] != ',' && value[i] != '=';
    return good;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

/* A member without the blanks around it; empty ones are given too. */
static bool next_raw(otel_str list, size_t *cursor, otel_str *member)
{
    if (*cursor >= list.size) return false;
    size_t begin = *cursor, end = begin;
    while (end < list.size && list.data[end] != ',') end++;
    *cursor = end + 1;
    while (begin < end && blank(list.data[begin])) begin++;
    while (end > begin && blank(list.data[end - 1])) end--;
    *member = (otel_str){list.data + begin, end - begin};
    return true;
}

int otel__trace_state_member(otel_str list, size_t *cursor, otel_str *key, otel_str *value)
{
    otel_str member = {NULL, 0};
    do {
        if (!next_raw(list, cursor, &member)) return 0;
    } while (!member.size);
    const char *equals = memchr(member.data, '=', member.size);
    if (!equals) return -1;
    *key = (otel_str){member.data, (size_t)(equals - member.data)};
    *value = (otel_str){equals + 1, member.size - key->size - 1};
    return otel__trace_state_key(key->data, key->size) && otel__trace_state_value(value->data, value->size) ? 1 : -1;
}

bool otel_trace_state_next(otel_str state, size_t *cursor, otel_str *key, otel_str *value)
{
    int found = -1;
    if (!state.data || !cursor || !key || !value) return false;
    while (found < 0) found = otel__trace_state_member(state, cursor, key, value);
    return found > 0;
}

static bool same(otel_str a, const char *text, size_t size)
{
    return a.size == size && memcmp(a.data, text, size) == 0;
}

bool otel_trace_state_get(otel_str state, const char *key, otel_str *value)
{
    otel_str k, v;
    size_t cursor = 0, size = key ? strlen(key) : 0;
    while (value && size && otel_trace_state_next(state, &cursor, &k, &v))
        if (same(k, key, size)) {
            *value = v;
            return true;
        }
    return false;
}

bool otel__trace_state_put(otel__trace_state_text *out, otel_str key, otel_str value)
{
    size_t wanted = key.size + 1 + value.size + (out->size ? 1 : 0);
    if (out->members == OTEL_TRACE_STATE_MEMBERS_MAX || wanted > out->capacity - out->size) return false;
    char *at = out->text + out->size;
    if (out->size) *at++ = ',';
    memcpy(at, key.data, key.size);
    at[key.size] = '=';
    memcpy(at + key.size + 1, value.data, value.size);
    out->size += wanted;
    out->members++;
    return true;
}

/* All but the one of that key; false: no room. What goes beyond 32 is left out. */
static bool put_others(otel__trace_state_text *out, otel_str state, const char *key, size_t size)
{
    otel_str k, v;
    size_t cursor = 0;
    while (out->members < OTEL_TRACE_STATE_MEMBERS_MAX && otel_trace_state_next(state, &cursor, &k, &v))
        if (!same(k, key, size) && !otel__trace_state_put(out, k, v)) return false;
    return true;
}

static bool finish(bool good, const otel__trace_state_text *out, otel_str state, otel_str *result)
{
    if (result) *result = good ? (otel_str){out->size ? out->text : NULL, out->size} : state;
    return good;
}

bool otel_trace_state_set(otel_str state, const char *key, const char *value, char *out, size_t capacity,
                          otel_str *result)
{
    otel__trace_state_text text = {out, out ? capacity : 0, 0, 0};
    otel_str k = {key, key ? strlen(key) : 0}, v = {value, value ? strlen(value) : 0};
    bool good = k.size && v.size && otel__trace_state_key(k.data, k.size) && otel__trace_state_value(v.data, v.size) &&
                otel__trace_state_put(&text, k, v) && put_others(&text, state, key, k.size);
    return finish(good, &text, state, result);
}

bool otel_trace_state_delete(otel_str state, const char *key, char *out, size_t capacity, otel_str *result)
{
    otel__trace_state_text text = {out, out ? capacity : 0, 0, 0};
    return finish(key && put_others(&text, state, key, strlen(key)), &text, state, result);
}
