/* The propagator "baggage" (W3C Baggage). */
#include "parts.h"
#include <string.h>

enum { MEMBERS_MAX = 64, BYTES_MAX = 8192 };

static const char name_baggage[] = "baggage";

static bool all(otel_str text, bool (*good)(char c))
{
    for (size_t i = 0; i < text.size; i++)
        if (!good(text.data[i])) return false;
    return true;
}

static bool value_character(char c)
{
    return c == '%' || otel__baggage_character(c);
}

/* What stands in front of the separator, trimmed; *rest becomes what stands behind it. */
static otel_str cut(otel_str *rest, char separator)
{
    const char *end = rest->size ? memchr(rest->data, separator, rest->size) : NULL;
    otel_str part = {rest->data, end ? (size_t)(end - rest->data) : rest->size};
    size_t used = part.size + (end ? 1 : 0);
    rest->data += used;
    rest->size -= used;
    return otel__trim(part);
}

/* key OWS "=" OWS value; without '=' the value is absent. */
static bool pair(otel_str text, otel_str *key, otel_str *value)
{
    bool has_value = text.size && memchr(text.data, '=', text.size);
    *key = cut(&text, '=');
    *value = has_value ? otel__trim(text) : (otel_str){NULL, 0};
    return key->size && all(*key, otel__token_character) && all(*value, value_character);
}

/* The metadata as it came, but for properties that are empty; false: one breaks the grammar. */
static bool read_properties(otel_str text, char *out, otel_str *metadata)
{
    size_t size = 0;
    otel_str key, value;
    *metadata = otel__trim(text);
    bool empty = false;
    for (otel_str rest = text; rest.size;) {
        otel_str property = cut(&rest, ';');
        if (!property.size) {
            empty = true;
            continue;
        }
        if (!pair(property, &key, &value)) return false;
        if (size) out[size++] = ';';
        memcpy(out + size, property.data, property.size);
        size += property.size;
    }
    if (empty || (text.size && text.data[text.size - 1] == ';')) *metadata = (otel_str){size ? out : NULL, size};
    return true;
}

/* false: the member breaks the grammar, or there is no room for it, which is said in *full. */
static bool read_member(otel_str member, otel_extract_memory *memory, char room[2 * BYTES_MAX])
{
    otel_baggage_entry entry;
    otel_str raw;
    size_t size;
    if (!pair(cut(&member, ';'), &entry.name, &raw) || !raw.data) return false;
    if (!read_properties(member, room, &entry.metadata)) return false;
    char *decoded = room + entry.metadata.size;
    if (!otel__percent_decode_utf8(raw, decoded, 2 * BYTES_MAX - entry.metadata.size, &size)) return false;
    entry.value = (otel_str){decoded, size};
    bool taken = otel_baggage_set_entry(&memory->baggage, &entry);
    memory->truncated |= !taken;
    return taken;
}

/* Up to 64 members and 8192 bytes of all headers together; what goes beyond is left out, member by member. */
static __attribute__((noinline)) void read_headers(const otel_getter *getter, const void *carrier,
                                                   otel_extract_memory *memory)
{
    char room[2 * BYTES_MAX];
    otel_str header;
    size_t bytes = 0, members = 0;
    for (size_t nth = 0; nth < OTEL__HEADERS_MAX && getter->get(carrier, name_baggage, nth, &header); nth++)
        while (header.size && members < MEMBERS_MAX) {
            otel_str member = cut(&header, ',');
            if (!member.size || bytes + member.size > BYTES_MAX) continue;
            if (!read_member(member, memory, room)) continue;
            bytes += member.size + 1;
            members++;
        }
}

static otel_context extract(const otel_propagator *self, const otel_context *context, const otel_getter *getter,
                            const void *carrier, otel_extract_memory *memory)
{
    otel_context with = *context;
    otel_str header;
    (void)self;
    if (!memory || !getter->get(carrier, name_baggage, 0, &header)) return with;
    otel_baggage before = memory->baggage;
    otel__baggage_begin(memory);
    read_headers(getter, carrier, memory);
    if (!otel__baggage_keep(memory, &with)) memory->baggage = before;
    return with;
}

static bool sendable(const otel_baggage_entry *e)
{
    otel_str rest = e->metadata, key, value;
    if (!e->name.size || !all(e->name, otel__token_character)) return false;
    while (rest.size) {
        otel_str property = cut(&rest, ';');
        if (property.size && !pair(property, &key, &value)) return false;
    }
    return true;
}

/* The length that the member has; written when it fits. */
static size_t write_member(const otel_baggage_entry *e, char *out, size_t capacity)
{
    size_t value = otel__percent_encode(e->value, otel__baggage_character, NULL, 0);
    size_t size = e->name.size + 1 + value + (e->metadata.size ? 1 + e->metadata.size : 0);
    if (size > capacity) return size;
    memcpy(out, e->name.data, e->name.size);
    out[e->name.size] = '=';
    otel__percent_encode(e->value, otel__baggage_character, out + e->name.size + 1, value);
    if (!e->metadata.size) return size;
    out[e->name.size + 1 + value] = ';';
    for (size_t i = 0; i < e->metadata.size; i++) /* tabs are blanks there, and no text for every header */
        out[size - e->metadata.size + i] = e->metadata.data[i] == '\t' ? ' ' : e->metadata.data[i];
    return size;
}

static __attribute__((noinline)) void send(const otel_baggage *baggage, const otel_setter *setter, void *carrier)
{
    char text[BYTES_MAX + 1];
    size_t size = 0, members = 0;
    uint32_t cursor = 0;
    otel_baggage_entry entry;
    while (members < MEMBERS_MAX && otel_baggage_next(baggage, &cursor, &entry)) {
        size_t comma = size ? 1 : 0, room = BYTES_MAX - size;
        if (!sendable(&entry) || room < comma) continue;
        size_t length = write_member(&entry, text + size + comma, room - comma);
        if (length > room - comma) continue;
        if (comma) text[size] = ',';
        size += comma + length;
        members++;
    }
    text[size] = '\0';
    if (size) setter->set(carrier, (otel_str){name_baggage, sizeof name_baggage - 1}, (otel_str){text, size});
}

static void inject(const otel_propagator *self, const otel_context *context, const otel_setter *setter, void *carrier)
{
    (void)self;
    if (context->baggage && context->baggage->count) send(context->baggage, setter, carrier);
}

static const char *const fields[] = {name_baggage, NULL};
const otel_propagator otel_propagator_baggage = {
    .size = sizeof(otel_propagator), .name = "baggage", .inject = inject, .extract = extract, .fields = fields};
