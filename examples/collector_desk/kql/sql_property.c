/* kql_property(json, name or index): one member of an object, one element of an array, found without making a tree of
 * the text; of a text that is no JSON it may find something or NULL. */
#include "sql_functions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../../../tools/json_reader/json_reader.h"
#include "../desk.h"

enum { MAX_DECODED_BYTES = 64 * 1024 * 1024 };

typedef struct cursor {
    const char *at;
    const char *end;
} cursor;

static void skip_space(cursor *c)
{
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\t' || *c->at == '\n' || *c->at == '\r')) c->at++;
}

static bool take(cursor *c, char byte)
{
    skip_space(c);
    if (c->at == c->end || *c->at != byte) return false;
    c->at++;
    return true;
}

/* With its quotes. */
static bool skip_string(cursor *c)
{
    if (!take(c, '"')) return false;
    for (; c->at < c->end; c->at++) {
        if (*c->at == '"') {
            c->at++;
            return true;
        }
        if (*c->at == '\\' && ++c->at == c->end) return false;
    }
    return false;
}

/* An object or array: up to the bracket that closes it. */
static bool skip_nested(cursor *c)
{
    unsigned depth = 0;
    while (c->at < c->end) {
        char byte = *c->at;
        if (byte == '"') {
            if (!skip_string(c)) return false;
            continue;
        }
        c->at++;
        if (byte == '{' || byte == '[') depth++;
        if ((byte == '}' || byte == ']') && --depth == 0) return true;
    }
    return false;
}

static bool skip_value(cursor *c)
{
    skip_space(c);
    if (c->at == c->end) return false;
    if (*c->at == '"') return skip_string(c);
    if (*c->at == '{' || *c->at == '[') return skip_nested(c);
    const char *from = c->at;
    while (c->at < c->end && !strchr(",]} \t\r\n", *c->at)) c->at++;
    return c->at > from;
}

/* A string with escapes, decoded by the reader of JSON; absent where it is none. */
static desk_text decode(otel__json_arena *arena, desk_text quoted)
{
    otel__json_arena_init(arena, MAX_DECODED_BYTES);
    const otel__json *value = otel__json_read(arena, quoted.at, quoted.size, NULL);
    return value && value->type == OTEL__JSON_STRING ? (desk_text){value->text, value->size} : (desk_text){NULL, 0};
}

static bool key_is(desk_text quoted, desk_text key)
{
    desk_text inside = {quoted.at + 1, quoted.size - 2};
    if (!memchr(inside.at, '\\', inside.size)) return desk_text_is(inside, key);
    otel__json_arena arena;
    bool is_it = desk_text_is(decode(&arena, quoted), key);
    otel__json_arena_release(&arena);
    return is_it;
}

static bool find_member(cursor *c, desk_text key)
{
    if (!take(c, '{')) return false;
    do {
        skip_space(c);
        const char *from = c->at;
        if (!skip_string(c)) return false;
        desk_text quoted = {from, (size_t)(c->at - from)};
        if (!take(c, ':')) return false;
        if (key_is(quoted, key)) return true;
    } while (skip_value(c) && take(c, ','));
    return false;
}

static sqlite3_int64 count_elements(cursor c)
{
    sqlite3_int64 count = 0;
    while (skip_value(&c)) {
        count++;
        if (!take(&c, ',')) break;
    }
    return count;
}

/* -1 is the last one. */
static bool find_element(cursor *c, sqlite3_int64 index)
{
    if (!take(c, '[')) return false;
    if (index < 0 && (index += count_elements(*c)) < 0) return false;
    while (index-- > 0) {
        if (!skip_value(c) || !take(c, ',')) return false;
    }
    return true;
}

static void give_string(sqlite3_context *context, desk_text quoted)
{
    desk_text inside = {quoted.at + 1, quoted.size - 2};
    if (!memchr(inside.at, '\\', inside.size)) {
        sqlite3_result_text64(context, inside.at, inside.size, SQLITE_TRANSIENT, SQLITE_UTF8);
        return;
    }
    otel__json_arena arena;
    desk_text text = decode(&arena, quoted);
    if (text.at) sqlite3_result_text64(context, text.at, text.size, SQLITE_TRANSIENT, SQLITE_UTF8);
    otel__json_arena_release(&arena);
}

/* The text goes on behind the number, with no byte that a number could have. */
static void give_number(sqlite3_context *context, desk_text number)
{
    char *end;
    errno = 0;
    long long whole = strtoll(number.at, &end, 10);
    if (errno == 0 && end == number.at + number.size) {
        sqlite3_result_int64(context, whole);
        return;
    }
    double value = strtod(number.at, &end);
    if (end == number.at + number.size) sqlite3_result_double(context, value);
}

static void give(sqlite3_context *context, desk_text value)
{
    if (*value.at == '"')
        give_string(context, value);
    else if (*value.at == '-' || (*value.at >= '0' && *value.at <= '9'))
        give_number(context, value);
    else if (!desk_text_is(value, DESK_TEXT("null")))
        sqlite3_result_text64(context, value.at, value.size, SQLITE_TRANSIENT, SQLITE_UTF8);
}

void kql_sql_property(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    if (sqlite3_value_type(values[0]) != SQLITE_TEXT) return;
    const char *json = (const char *)sqlite3_value_text(values[0]), *key = (const char *)sqlite3_value_text(values[1]);
    if (!json || !key) return;
    cursor c = {json, json + sqlite3_value_bytes(values[0])};
    bool is_index = sqlite3_value_type(values[1]) == SQLITE_INTEGER;
    bool found = is_index ? find_element(&c, sqlite3_value_int64(values[1]))
                          : find_member(&c, (desk_text){key, (size_t)sqlite3_value_bytes(values[1])});
    skip_space(&c);
    const char *from = c.at;
    if (found && skip_value(&c)) give(context, (desk_text){from, (size_t)(c.at - from)});
}

void kql_sql_array_length(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    const char *json = (const char *)sqlite3_value_text(values[0]);
    if (!json) return;
    cursor c = {json, json + sqlite3_value_bytes(values[0])};
    if (!take(&c, '[')) return;
    sqlite3_result_int64(context, take(&c, ']') ? 0 : count_elements(c));
}
