/* A comment behind an SQL statement: key='value',key='value', sorted, both percent-encoded. */
#include "parts.h"
#include <string.h>

enum { PAIRS_MAX = 16, ROOM = 12288 };

/* Encoded pairs, one behind the other, each ended by a NUL. */
typedef struct collection {
    const char *pairs[PAIRS_MAX];
    size_t count, size;
    char room[ROOM];
} collection;

static bool unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("-._~", c));
}

static bool add(collection *c, const char *text, size_t size)
{
    if (size >= ROOM - c->size) return false;
    memcpy(c->room + c->size, text, size);
    c->size += size;
    return true;
}

static bool add_encoded(collection *c, otel_str text)
{
    size_t room = ROOM - c->size, size = otel__percent_encode(text, unreserved, c->room + c->size, room);
    if (size >= room) return false;
    c->size += size;
    return true;
}

static void insert(collection *c, const char *pair)
{
    size_t at = c->count++;
    for (; at && strcmp(c->pairs[at - 1], pair) > 0; at--) c->pairs[at] = c->pairs[at - 1];
    c->pairs[at] = pair;
}

static void collect(void *carrier, otel_str name, otel_str value)
{
    collection *c = carrier;
    size_t begin = c->size;
    bool whole =
        c->count < PAIRS_MAX && add_encoded(c, name) && add(c, "='", 2) && add_encoded(c, value) && add(c, "'", 2);
    if (whole)
        insert(c, c->room + begin);
    else
        c->size = begin;
}

static size_t put(char *out, size_t size, size_t at, const char *text)
{
    for (; *text; text++, at++)
        if (at + 1 < size) out[at] = *text;
    return at;
}

size_t otel_sql_comment(const otel_context *context, char *out, size_t size)
{
    static const otel_setter setter = {sizeof setter, collect};
    collection c;
    c.count = c.size = 0;
    otel_inject(context, &setter, &c);
    size_t n = 0;
    for (size_t i = 0; i < c.count; i++) n = put(out, size, put(out, size, n, i ? "," : "/*"), c.pairs[i]);
    if (n) n = put(out, size, n, "*/");
    if (size) out[n < size ? n : size - 1] = '\0';
    return n;
}
