/* Baggage: entries one behind the other in the caller's buffer, three lengths in front of each. */
#include <otel/baggage.h>
#include <string.h>

enum { HEAD = OTEL_BAGGAGE_ENTRY_OVERHEAD };

void otel_baggage_init(otel_baggage *baggage, void *buffer, size_t capacity)
{
    if (!baggage) return;
    uint32_t most = capacity < UINT32_MAX ? (uint32_t)capacity : UINT32_MAX;
    *baggage = (otel_baggage){.buffer = buffer, .capacity = buffer ? most : 0};
}

void otel_baggage_clear(otel_baggage *baggage)
{
    if (baggage) baggage->size = baggage->count = 0;
}

static otel_str view(const char **at, uint32_t size)
{
    otel_str text = {size ? *at : NULL, size};
    *at += size;
    return text;
}

/* Reads the entry that begins there; where the next one begins. */
static uint32_t read_entry(const otel_baggage *b, uint32_t begin, otel_baggage_entry *entry)
{
    uint32_t sizes[3];
    const char *at = b->buffer + begin + HEAD;
    memcpy(sizes, b->buffer + begin, sizeof sizes);
    entry->name = view(&at, sizes[0]);
    entry->value = view(&at, sizes[1]);
    entry->metadata = view(&at, sizes[2]);
    if (!entry->value.data) entry->value.data = ""; /* an empty value is a value */
    return (uint32_t)(at - b->buffer);
}

bool otel_baggage_next(const otel_baggage *baggage, uint32_t *cursor, otel_baggage_entry *entry)
{
    if (!baggage || !cursor || !entry || *cursor >= baggage->size) return false;
    *cursor = read_entry(baggage, *cursor, entry);
    return true;
}

static bool same(otel_str a, const char *b, size_t size)
{
    return a.size == size && memcmp(a.data, b, size) == 0;
}

/* Where the entry of that name begins and ends; false: there is none. */
static bool find(const otel_baggage *b, const char *name, size_t size, uint32_t *begin, uint32_t *end)
{
    otel_baggage_entry entry;
    for (uint32_t at = 0; at < b->size; at = *end) {
        *begin = at;
        *end = read_entry(b, at, &entry);
        if (same(entry.name, name, size)) return true;
    }
    return false;
}

static void cut(otel_baggage *b, uint32_t begin, uint32_t end)
{
    memmove(b->buffer + begin, b->buffer + end, b->size - end);
    b->size -= end - begin;
    b->count--;
}

static char *put(char *at, otel_str text)
{
    if (text.size) memcpy(at, text.data, text.size);
    return at + text.size;
}

static void append(otel_baggage *b, const otel_baggage_entry *e)
{
    uint32_t sizes[3] = {(uint32_t)e->name.size, (uint32_t)e->value.size, (uint32_t)e->metadata.size};
    char *at = b->buffer + b->size;
    memcpy(at, sizes, sizeof sizes);
    at = put(put(put(at + HEAD, e->name), e->value), e->metadata);
    b->size = (uint32_t)(at - b->buffer);
    b->count++;
}

static bool inside(const otel_baggage *b, otel_str text)
{
    return text.size && b->size && text.data >= b->buffer && text.data < b->buffer + b->size;
}

bool otel_baggage_set_entry(otel_baggage *b, const otel_baggage_entry *entry)
{
    if (!b || !entry || !entry->name.data || !entry->name.size) return false;
    otel_baggage_entry e = *entry;
    if (!e.value.data) e.value.size = 0;
    if (!e.metadata.data) e.metadata.size = 0;
    uint64_t wanted = (uint64_t)HEAD + e.name.size + e.value.size + e.metadata.size;
    uint32_t begin = 0, end = 0;
    bool there = find(b, e.name.data, e.name.size, &begin, &end);
    if (wanted <= b->capacity - b->size) { /* the old one goes last: the new one may be made of its parts */
        append(b, &e);
        if (there) cut(b, begin, end);
        return true;
    }
    bool own = inside(b, e.name) || inside(b, e.value) || inside(b, e.metadata);
    if (!there || own || wanted > (uint64_t)b->capacity - b->size + (end - begin)) return false;
    cut(b, begin, end);
    append(b, &e);
    return true;
}

static otel_str text_of(const char *text)
{
    return (otel_str){text, text ? strlen(text) : 0};
}

bool otel_baggage_set(otel_baggage *baggage, const char *name, const char *value)
{
    return otel_baggage_set_entry(baggage, &(otel_baggage_entry){.name = text_of(name), .value = text_of(value)});
}

bool otel_baggage_get(const otel_baggage *baggage, const char *name, otel_baggage_entry *entry)
{
    uint32_t begin, end;
    if (!baggage || !name || !entry || !find(baggage, name, strlen(name), &begin, &end)) return false;
    read_entry(baggage, begin, entry);
    return true;
}

bool otel_baggage_remove(otel_baggage *baggage, const char *name)
{
    uint32_t begin, end;
    if (!baggage || !name) return false;
    if (find(baggage, name, strlen(name), &begin, &end)) cut(baggage, begin, end);
    return true;
}

bool otel_baggage_copy(otel_baggage *to, const otel_baggage *from)
{
    bool all = true;
    uint32_t cursor = 0;
    otel_baggage_entry entry;
    if (!to) return false;
    if (to == from) return true;
    otel_baggage_clear(to);
    while (otel_baggage_next(from, &cursor, &entry)) all &= otel_baggage_set_entry(to, &entry);
    return all;
}
