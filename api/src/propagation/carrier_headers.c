/* Carriers of header lines: an array of "name: value" texts, and one text of such lines. */
#include "parts.h"
#include "text_carrier.h"
#include <string.h>

/* "name: value" without what ends the line; false: there is no colon. */
static bool split(otel_str line, otel_str *name, otel_str *value)
{
    const char *colon = line.size ? memchr(line.data, ':', line.size) : NULL;
    if (!colon) return false;
    *name = otel__trim((otel_str){line.data, (size_t)(colon - line.data)});
    *value = otel__trim((otel_str){colon + 1, line.size - (size_t)(colon + 1 - line.data)});
    return true;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool same_name(otel_str name, const char *wanted)
{
    size_t i = 0;
    while (i < name.size && wanted[i] && lower(name.data[i]) == lower(wanted[i])) i++;
    return i == name.size && !wanted[i];
}

static bool lines_get(const void *carrier, const char *wanted, size_t nth, otel_str *value)
{
    const otel_header_lines *c = carrier;
    otel_str name;
    for (size_t i = 0; i < c->count; i++) {
        otel_str line = {c->lines[i], c->lines[i] ? strlen(c->lines[i]) : 0};
        if (split(line, &name, value) && same_name(name, wanted) && nth-- == 0) return true;
    }
    return false;
}

static bool lines_keys(const void *carrier, size_t nth, otel_str *name)
{
    const otel_header_lines *c = carrier;
    otel_str value;
    for (size_t i = 0; i < c->count; i++) {
        otel_str line = {c->lines[i], c->lines[i] ? strlen(c->lines[i]) : 0};
        if (split(line, name, &value) && nth-- == 0) return true;
    }
    return false;
}

const otel_getter otel_header_lines_getter = {sizeof(otel_getter), lines_get, lines_keys};

static otel_str next_line(otel_str *rest)
{
    const char *end = memchr(rest->data, '\n', rest->size);
    otel_str line = {rest->data, end ? (size_t)(end - rest->data) : rest->size};
    size_t used = line.size + (end ? 1 : 0);
    rest->data += used;
    rest->size -= used;
    if (line.size && line.data[line.size - 1] == '\r') line.size--;
    return line;
}

static bool text_get(const void *carrier, const char *wanted, size_t nth, otel_str *value)
{
    otel_str rest = *(const otel_str *)carrier, name;
    while (rest.size)
        if (split(next_line(&rest), &name, value) && same_name(name, wanted) && nth-- == 0) return true;
    return false;
}

static bool text_keys(const void *carrier, size_t nth, otel_str *name)
{
    otel_str rest = *(const otel_str *)carrier, value;
    while (rest.size)
        if (split(next_line(&rest), name, &value) && nth-- == 0) return true;
    return false;
}

const otel_getter otel_header_text_getter = {sizeof(otel_getter), text_get, text_keys};

/* A line of that name that was written before; false: there is none. */
static bool find_line(const otel_text_carrier *c, otel_str name, size_t *begin, size_t *end)
{
    otel_str rest = {c->buffer, c->size}, other, value;
    while (rest.size) {
        *begin = c->size - rest.size;
        bool line = split(next_line(&rest), &other, &value);
        *end = c->size - rest.size;
        if (line && other.size == name.size && memcmp(other.data, name.data, name.size) == 0) return true;
    }
    return false;
}

static void text_set(void *carrier, otel_str name, otel_str value)
{
    otel_text_carrier *c = carrier;
    size_t begin, end;
    if (find_line(c, name, &begin, &end)) otel__text_cut(c, begin, end);
    const otel_str parts[] = {name, {": ", 2}, value, {"\r\n", 2}};
    otel__text_add(c, parts, sizeof parts / sizeof *parts);
}

const otel_setter otel_header_text_setter = {sizeof(otel_setter), text_set};
