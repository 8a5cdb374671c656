/* The propagator "jaeger": uber-trace-id, and baggage as a header each, uberctx-<name>. */
#include "parts.h"
#include <string.h>

enum { JAEGER_SAMPLED = 1, JAEGER_DEBUG = 2, ENTRIES_MAX = 64, VALUE_MAX = 8192, NAME_MAX = 256 };

static const char name_id[] = "uber-trace-id", prefix[] = "uberctx-";

/* Up to the next colon, which may be percent-encoded. */
static otel_str field(otel_str *rest)
{
    size_t n = 0, skip = 0;
    while (n < rest->size && !skip) {
        bool encoded = rest->size - n >= 3 && rest->data[n] == '%' && rest->data[n + 1] == '3' &&
                       (rest->data[n + 2] | 0x20) == 'a';
        skip = encoded ? 3 : rest->data[n] == ':' ? 1 : 0;
        n += skip ? 0 : 1;
    }
    otel_str text = {rest->data, n};
    rest->data += n + skip;
    rest->size -= n + skip;
    return text;
}

/* Hexadecimal of any length up to that of the id, zeros in front are left out. */
static bool read_id(otel_str text, uint8_t *out, size_t n)
{
    uint8_t any = 0;
    memset(out, 0, n);
    if (!text.size || text.size > 2 * n) return false;
    for (size_t i = 0; i < text.size; i++) {
        int digit = otel__hex_digit(text.data[text.size - 1 - i]);
        if (digit < 0) return false;
        out[n - 1 - i / 2] |= (uint8_t)(i & 1 ? digit << 4 : digit);
        any |= (uint8_t)digit;
    }
    return any != 0;
}

static bool read_flags(otel_str text, otel_span_context *out)
{
    int high = text.size == 2 ? otel__hex_digit(text.data[0]) : 0;
    int low = text.size == 1 || text.size == 2 ? otel__hex_digit(text.data[text.size - 1]) : -1;
    if ((high | low) < 0) return false;
    out->flags = low & JAEGER_SAMPLED ? OTEL_TRACE_FLAG_SAMPLED : 0;
    out->debug = (low & (JAEGER_SAMPLED | JAEGER_DEBUG)) == (JAEGER_SAMPLED | JAEGER_DEBUG);
    return true;
}

/* The parent's id is deprecated: whatever stands there. */
static bool read_ids(otel_str text, otel_span_context *out)
{
    if (!read_id(field(&text), out->trace_id, 16) || !read_id(field(&text), out->span_id, 8)) return false;
    field(&text);
    return read_flags(text, out);
}

static bool is_ours(otel_str name)
{
    size_t n = sizeof prefix - 1;
    if (name.size <= n) return false;
    for (size_t i = 0; i < n; i++)
        if (otel__lower(name.data[i]) != prefix[i]) return false;
    for (size_t i = n; i < name.size; i++)
        if (!otel__token_character(name.data[i])) return false;
    return true;
}

static void read_entry(const otel_getter *getter, const void *carrier, otel_str name, otel_extract_memory *memory)
{
    char key[NAME_MAX], room[VALUE_MAX];
    otel_str value;
    size_t size;
    if (name.size >= sizeof key) return;
    memcpy(key, name.data, name.size);
    key[name.size] = '\0';
    if (!getter->get(carrier, key, 0, &value)) return;
    if (!otel__percent_decode_utf8(value, room, sizeof room, &size)) return;
    otel_baggage_entry entry = {.name = {key + sizeof prefix - 1, name.size - (sizeof prefix - 1)},
                                .value = {room, size}};
    memory->truncated |= !otel_baggage_set_entry(&memory->baggage, &entry);
}

static void read_baggage(const otel_getter *getter, const void *carrier, otel_extract_memory *memory,
                         otel_context *with)
{
    otel_str name;
    if (!memory || getter->size < sizeof *getter || !getter->keys) return;
    otel_baggage before = memory->baggage;
    otel__baggage_begin(memory);
    for (size_t nth = 0; nth < OTEL__HEADERS_MAX && memory->baggage.count < ENTRIES_MAX; nth++) {
        if (!getter->keys(carrier, nth, &name)) break;
        if (is_ours(name)) read_entry(getter, carrier, name, memory);
    }
    if (!otel__baggage_keep(memory, with)) memory->baggage = before;
}

static otel_context extract(const otel_propagator *self, const otel_context *context, const otel_getter *getter,
                            const void *carrier, otel_extract_memory *memory)
{
    otel_context with = *context;
    otel_span_context ids = {.remote = true};
    otel_str text;
    (void)self;
    if (getter->get(carrier, name_id, 0, &text) && read_ids(text, &ids)) {
        with.span_context = ids;
        with.span = (otel_span){NULL, 0};
    }
    read_baggage(getter, carrier, memory, &with);
    return with;
}

static bool unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("-._~", c));
}

static void send_entry(const otel_baggage_entry *e, const otel_setter *setter, void *carrier)
{
    char name[NAME_MAX], value[VALUE_MAX + 1];
    size_t size = sizeof prefix - 1 + e->name.size;
    size_t length = otel__percent_encode(e->value, unreserved, value, VALUE_MAX);
    if (size >= sizeof name || length > VALUE_MAX) return;
    for (size_t i = 0; i < e->name.size; i++)
        if (!otel__token_character(e->name.data[i])) return;
    memcpy(name, prefix, sizeof prefix - 1);
    memcpy(name + sizeof prefix - 1, e->name.data, e->name.size);
    name[size] = value[length] = '\0';
    setter->set(carrier, (otel_str){name, size}, (otel_str){value, length});
}

static void send_ids(const otel_span_context *s, const otel_setter *setter, void *carrier)
{
    char text[] = "00000000000000000000000000000000:0000000000000000:0:0";
    otel__hex_put(s->trace_id, 16, text);
    otel__hex_put(s->span_id, 8, text + 33);
    text[52] = s->debug ? '3' : s->flags & OTEL_TRACE_FLAG_SAMPLED ? '1' : '0';
    setter->set(carrier, (otel_str){name_id, sizeof name_id - 1}, (otel_str){text, sizeof text - 1});
}

static void inject(const otel_propagator *self, const otel_context *context, const otel_setter *setter, void *carrier)
{
    uint32_t cursor = 0, sent = 0;
    otel_baggage_entry entry;
    (void)self;
    if (otel_span_context_valid(&context->span_context)) send_ids(&context->span_context, setter, carrier);
    while (sent++ < ENTRIES_MAX && otel_baggage_next(context->baggage, &cursor, &entry))
        send_entry(&entry, setter, carrier);
}

static const char *const fields[] = {name_id, NULL};
const otel_propagator otel_propagator_jaeger = {
    .size = sizeof(otel_propagator), .name = "jaeger", .inject = inject, .extract = extract, .fields = fields};
