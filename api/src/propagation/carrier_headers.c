/* Carriers of header lines: an array of "name: value" texts, and one text of such lines. */
#include "parts.h"
#include "text_carrier.h"
#include <string.h>

/* "name: value" without what ends the line; false: there is no colon, or it goes on from the line before (obsolete
 * folding: a name found there would be part of somebody's value). A blank in front of the colon belongs to the name. */
static bool split(otel_str line, otel_str *name, otel_str *value)
{
    const char *colon = line.size ? memchr(line.data, ':', line.size) : NULL;
    if (!colon || line.data[0] == ' ' || line.data[0] == '\t') return false;
    *name = (otel_str){line.data, (size_t)(colon - line.data)};
    *value = otel__trim((otel_str){colon + 1, line.size - (size_t)(colon + 1 - line.data)});
    return true;
}

static bool same_name(otel_str name, otel_str wanted)
{
    size_t i = 0;
    if (name.size != wanted.size) return false;
    while (i < name.size && otel__lower(name.data[i]) == otel__lower(wanted.data[i])) i++;
    return i == name.size;
}

static otel_str text_of(const char *text)
{
    return (otel_str){text, text ? strlen(text) : 0};
}

static bool lines_get(const void *carrier, const char *wanted, size_t nth, otel_str *value)
{
    const otel_header_lines *c = carrier;
    otel_str name, looked_for = text_of(wanted);
    for (size_t i = 0; i < c->count; i++)
        if (split(text_of(c->lines[i]), &name, value) && same_name(name, looked_for) && nth-- == 0) return true;
    return false;
}

static bool lines_keys(const void *carrier, size_t nth, otel_str *name)
{
    const otel_header_lines *c = carrier;
    otel_str value;
    for (size_t i = 0; i < c->count; i++)
        if (split(text_of(c->lines[i]), name, &value) && nth-- == 0) return true;
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
    otel_str rest = *(const otel_str *)carrier, name, looked_for = text_of(wanted);
    while (rest.size)
        if (split(next_line(&rest), &name, value) && same_name(name, looked_for) && nth-- == 0) return true;
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
        if (line && same_name(other, name)) return true;
    }
    return false;
}

/* It would be another line: nobody but a propagator of your own can want to say it. */
static bool breaks(otel_str text)
{
    return text.size && (memchr(text.data, '\r', text.size) || memchr(text.data, '\n', text.size) ||
                         memchr(text.data, '\0', text.size));
}

static void text_set(void *carrier, otel_str name, otel_str value)
{
    otel_text_carrier *c = carrier;
    size_t begin, end;
    if (breaks(name) || breaks(value)) {
        c->truncated = true;
        return;
    }
    if (find_line(c, name, &begin, &end)) otel__text_cut(c, begin, end);
    const otel_str parts[] = {name, {": ", 2}, value, {"\r\n", 2}};
    otel__text_add(c, parts, sizeof parts / sizeof *parts);
}

const otel_setter otel_header_text_setter = {sizeof(otel_setter), text_set};
