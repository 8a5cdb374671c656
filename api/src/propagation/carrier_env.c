/* The environment as a carrier: names as they are there, and an environment for a child. */
#include "text_carrier.h"
#include <string.h>
#include <unistd.h>

enum { NAME_MAX = 256 };

static bool kept(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* A character of several bytes is one '_': the bytes behind its first say so themselves. */
static bool continues(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

static char normal(char c)
{
    char upper = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    return kept(upper) ? upper : '_';
}

size_t otel_env_name(otel_str field, char *out, size_t size)
{
    size_t n = 0;
    bool prefixed = !field.size || (field.data[0] >= '0' && field.data[0] <= '9');
    if (prefixed && ++n < size) out[0] = '_';
    for (size_t i = 0; i < field.size; i++) {
        if (i && continues(field.data[i])) continue;
        if (++n < size) out[n - 1] = normal(field.data[i]);
    }
    if (size) out[n < size ? n : size - 1] = '\0';
    return n;
}

static char *const *environment(const void *carrier)
{
    return carrier ? (char *const *)(uintptr_t)carrier : environ;
}

/* The value when the entry has that name. */
static const char *value_in(const char *entry, const char *name, size_t size)
{
    return strncmp(entry, name, size) == 0 && entry[size] == '=' ? entry + size + 1 : NULL;
}

static bool env_get(const void *carrier, const char *field, size_t nth, otel_str *value)
{
    char name[NAME_MAX];
    size_t size = otel_env_name((otel_str){field, strlen(field)}, name, sizeof name);
    char *const *list = environment(carrier);
    for (size_t i = 0; size < sizeof name && list && list[i]; i++) {
        const char *text = value_in(list[i], name, size);
        if (!text || nth-- != 0) continue;
        *value = (otel_str){text, strlen(text)};
        return true;
    }
    return false;
}

static bool normalised(const char *name, size_t size)
{
    bool good = size && !(name[0] >= '0' && name[0] <= '9');
    for (size_t i = 0; good && i < size; i++) good = kept(name[i]);
    return good;
}

static bool env_keys(const void *carrier, size_t nth, otel_str *name)
{
    char *const *list = environment(carrier);
    for (size_t i = 0; list && list[i]; i++) {
        size_t size = strcspn(list[i], "=");
        if (!normalised(list[i], size) || nth-- != 0) continue;
        *name = (otel_str){list[i], size};
        return true;
    }
    return false;
}

const otel_getter otel_env_getter = {sizeof(otel_getter), env_get, env_keys};

/* The next entry of a block "NAME=value\0NAME=value\0". */
static const char *next_entry(const otel_text_carrier *block, size_t *at)
{
    if (!block || !block->buffer || *at >= block->size) return NULL;
    const char *entry = block->buffer + *at;
    *at += strlen(entry) + 1;
    return entry;
}

static void env_set(void *carrier, otel_str field, otel_str value)
{
    char name[NAME_MAX];
    otel_text_carrier *block = carrier;
    size_t size = otel_env_name(field, name, sizeof name), at = 0, begin = 0;
    if (size >= sizeof name || (value.size && memchr(value.data, '\0', value.size))) { /* would be another entry */
        block->truncated = true;
        return;
    }
    for (const char *entry; (entry = next_entry(block, &at)) != NULL; begin = at)
        if (value_in(entry, name, size)) {
            otel__text_cut(block, begin, at);
            break;
        }
    const otel_str parts[] = {{name, size}, {"=", 1}, value, {"", 1}};
    otel__text_add(block, parts, sizeof parts / sizeof *parts);
}

const otel_setter otel_env_setter = {sizeof(otel_setter), env_set};

static bool in_block(const otel_text_carrier *block, const char *entry)
{
    size_t at = 0, size = strcspn(entry, "=");
    for (const char *other; (other = next_entry(block, &at)) != NULL;)
        if (value_in(other, entry, size)) return true;
    return false;
}

static bool is_field(const char *entry)
{
    char name[NAME_MAX];
    const char *field;
    for (size_t nth = 0; (field = otel_propagators_field(nth)) != NULL; nth++) {
        size_t size = otel_env_name((otel_str){field, strlen(field)}, name, sizeof name);
        if (size < sizeof name && value_in(entry, name, size)) return true;
    }
    return false;
}

size_t otel_env_merge(const otel_text_carrier *block, char *const *base, char **out, size_t capacity)
{
    size_t n = 0, at = 0;
    char *const *list = base ? base : environ;
    for (size_t i = 0; list && list[i]; i++)
        if (!is_field(list[i]) && !in_block(block, list[i]) && ++n <= capacity) out[n - 1] = list[i];
    for (const char *entry; (entry = next_entry(block, &at)) != NULL;)
        if (++n <= capacity) out[n - 1] = (char *)(uintptr_t)entry;
    if (capacity) out[n < capacity ? n : capacity - 1] = NULL;
    return n + 1;
}
