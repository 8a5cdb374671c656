/* The record writer on any record: the input's bytes decide its fields, kinds and nesting. It writes exactly as much as
 * it said, and the reader accepts it. */
#include "wire/reader.h"
#include "wire/record_writer.h"
#include "wire/utf8.h"
#include <stdlib.h>

enum { MOST = 12, POOL = 400, GUARD = 32 };

static const uint8_t *at, *end;
static otel_attr attr_pool[POOL];
static otel_value value_pool[POOL];
static uint32_t attrs_used, values_used;

static void must(bool holds)
{
    if (!holds) abort();
}

static uint32_t byte(void)
{
    return at < end ? *at++ : 0;
}

static uint64_t word(void)
{
    uint64_t value = 0;
    uint32_t n = byte() % 9;
    for (uint32_t i = 0; i < n; i++) value = value << 8 | byte();
    return value;
}

/* A part of the input itself, so that reading outside of it is noticed. */
static otel_str text(void)
{
    uint32_t n = byte();
    if (n > 250) n = 8 * byte();
    if (n > (size_t)(end - at)) n = (uint32_t)(end - at);
    otel_str str = {n == 0 && byte() % 2 ? NULL : (const char *)at, n};
    at += n;
    return str;
}

static otel_value value(int depth);

static otel_attr attr(int depth)
{
    otel_str key = text();
    otel_attr a = otel_attrn(key.data, (uint32_t)key.size, value(depth));
    if (byte() == 255) a.key_size = 0;
    return a;
}

static otel_value map(int depth, uint32_t n)
{
    if (attrs_used + n > POOL) return otel_empty();
    otel_attr *attrs = &attr_pool[attrs_used];
    attrs_used += n;
    for (uint32_t i = 0; i < n; i++) attrs[i] = attr(depth + 1);
    return otel_map(attrs, n);
}

static otel_value array(int depth, uint32_t n)
{
    if (values_used + n > POOL) return otel_empty();
    otel_value *values = &value_pool[values_used];
    values_used += n;
    for (uint32_t i = 0; i < n; i++) values[i] = value(depth + 1);
    return otel_array(values, n);
}

static otel_value plural(int type)
{
    static const char *const strings[] = {"a", NULL, "\xff", "some more text"};
    static const int64_t integers[] = {0, -1, 127, INT64_MIN};
    static const double numbers[] = {0.0, -1.5};
    static const bool booleans[] = {true, false, true};
    if (type == OTEL_TYPE_STRINGS) return otel_strings(strings, byte() % 5);
    if (type == OTEL_TYPE_INTS) return otel_ints(integers, byte() % 5);
    if (type == OTEL_TYPE_DOUBLES) return otel_doubles(numbers, byte() % 3);
    return otel_bools(booleans, byte() % 4);
}

/* Encoded, or what only looks like it. */
static otel_value foreign(void)
{
    otel_str bytes = text();
    otel_value v = otel_pointer_value(byte() % 2 ? OTEL_TYPE_MAP : OTEL_TYPE_ARRAY, bytes.data, bytes.size);
    v.form = OTEL_FORM_OTLP;
    return v;
}

static otel_value value(int depth)
{
    uint32_t kind = byte() % 16;
    otel_str str;
    otel_value v;
    switch (kind) {
    case OTEL_TYPE_STRING:
    case 14:
        str = text();
        return otel_pointer_value(OTEL_TYPE_STRING, str.data, str.size);
    case OTEL_TYPE_BYTES:
        str = text();
        return otel_bytes(str.data, str.size);
    case OTEL_TYPE_BOOL:
    case OTEL_TYPE_INT:
    case OTEL_TYPE_DOUBLE:
        v = otel_value_make((int)kind, byte());
        v.u.integer = (int64_t)word();
        return v;
    case OTEL_TYPE_ARRAY:
        return depth < 200 ? array(depth, byte() % MOST) : otel_empty();
    case OTEL_TYPE_MAP:
        return depth < 200 ? map(depth, byte() % MOST) : otel_empty();
    case OTEL_TYPE_STRINGS:
    case OTEL_TYPE_INTS:
    case OTEL_TYPE_DOUBLES:
    case OTEL_TYPE_BOOLS:
        return plural((int)kind);
    case 12:
        return foreign();
    case 13:
        return otel_value_make((int)byte(), byte());
    default:
        return otel_empty();
    }
}

static otel__record_input record(otel_log_site *site, otel_span_context *span_context)
{
    uint32_t fields = byte();
    otel__record_input r = {.time = word(), .observed = word(), .severity = (otel_severity)byte() - 4};
    r.value_length_limit = fields & 1 ? byte() : UINT32_MAX;
    r.depth_limit = fields & 2 ? byte() % 8 : 64;
    if (fields & 4) r.severity_text = text();
    if (fields & 8) r.event_name = text();
    if (fields & 16) r.dropped_attribute_count = (uint32_t)word();
    if (fields & 32) {
        otel_str file = text(), function = text();
        *site = (otel_log_site){sizeof *site,  (int32_t)word(),     file.data,
                                function.data, (uint32_t)file.size, (uint32_t)function.size};
        r.site = site;
    }
    if (fields & 64) {
        for (int i = 0; i < 16; i++) span_context->trace_id[i] = (uint8_t)byte();
        for (int i = 0; i < 8; i++) span_context->span_id[i] = (uint8_t)byte();
        span_context->flags = (uint8_t)byte();
        r.span_context = span_context;
    }
    r.body = value(1);
    otel_value attributes = map(0, byte() % (fields & 128 ? 200 : MOST));
    r.attributes = attributes.u.attrs;
    r.count = attributes.size;
    return r;
}

static void must_be_text(const otel_value *v)
{
    otel_value item;
    otel_attr entry;
    if (v->type == OTEL_TYPE_STRING) must(otel__utf8_valid(v->u.string, v->size));
    for (otel_iter it = otel_value_items(v); otel_value_next(&it, &item);) must_be_text(&item);
    for (otel_iter it = otel_value_entries(v); otel_attr_next(&it, &entry);) {
        must(otel__utf8_valid(entry.key, entry.key_size));
        must_be_text(&entry.value);
    }
}

static void check(const uint8_t *content, size_t size)
{
    otel__record_view view;
    otel_attr a;
    must(otel__record_read(content, size, &view));
    must(otel__utf8_valid(view.severity_text.data, view.severity_text.size));
    must(otel__utf8_valid(view.event_name.data, view.event_name.size));
    must_be_text(&view.body);
    for (otel_iter it = otel__attributes_begin(&view); otel__attributes_next(&it, &a);) {
        must(otel__utf8_valid(a.key, a.key_size));
        must_be_text(&a.value);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    otel_log_site site;
    otel_span_context span_context = {.flags = 0};
    otel__record_plan plan;
    if (size == 0) return 0;
    at = data;
    end = data + size;
    attrs_used = values_used = 0;
    otel__record_input input = record(&site, &span_context);
    uint32_t total = otel__record_size(&input, &plan);
    if (total >= OTEL__RECORD_TOO_LARGE) return 0;
    uint8_t *bytes = malloc((size_t)total + GUARD);
    must(bytes != NULL);
    memset(bytes + total, 0xa5, GUARD);
    otel__record_write(bytes, &input, &plan);
    for (int i = 0; i < GUARD; i++) must(bytes[total + (uint32_t)i] == 0xa5);
    check(bytes + total - plan.content, plan.content);
    free(bytes);
    return 0;
}
