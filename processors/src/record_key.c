/* What makes two records the same, as bytes: fields behind their lengths, lists behind a mark for each element. */
#include "record_key.h"
#include <string.h>

enum { DEEPEST = 64, ITEM = 1, ENTRY = 2, END = 3 };

typedef struct writer {
    uint8_t *out;
    size_t size, used;
    bool too_deep;
} writer;

static void put(writer *w, const void *bytes, size_t size)
{
    if (w->used + size <= w->size) memcpy(w->out + w->used, bytes, size);
    w->used += size;
}

static void put_byte(writer *w, uint8_t byte)
{
    put(w, &byte, 1);
}

static void put_text(writer *w, const void *text, size_t size)
{
    uint32_t n = text ? (uint32_t)size : 0;
    put(w, &n, sizeof n);
    if (n) put(w, text, n);
}

static void put_value(writer *w, const otel_value *value, int depth);

static void put_items(writer *w, const otel_value *array, int depth)
{
    otel_value item;
    for (otel_iter it = otel_value_items(array); otel_value_next(&it, &item);) {
        put_byte(w, ITEM);
        put_value(w, &item, depth + 1);
    }
    put_byte(w, END);
}

static void put_attrs(writer *w, otel_iter it, int depth)
{
    for (otel_attr attr; otel_attr_next(&it, &attr);) {
        put_byte(w, ENTRY);
        put_text(w, attr.key, attr.key_size);
        put_value(w, &attr.value, depth + 1);
    }
    put_byte(w, END);
}

static void put_nested(writer *w, const otel_value *value, int depth)
{
    if (depth == DEEPEST)
        w->too_deep = true;
    else if (value->type == OTEL_TYPE_MAP)
        put_attrs(w, otel_value_entries(value), depth);
    else
        put_items(w, value, depth);
}

static void put_value(writer *w, const otel_value *value, int depth)
{
    put_byte(w, value->type);
    switch (value->type) {
    case OTEL_TYPE_EMPTY:
        break;
    case OTEL_TYPE_STRING:
    case OTEL_TYPE_BYTES:
        put_text(w, value->u.data, value->size);
        break;
    case OTEL_TYPE_BOOL:
        put(w, &value->u, 1);
        break;
    case OTEL_TYPE_INT:
    case OTEL_TYPE_DOUBLE:
        put(w, &value->u, 8);
        break;
    default:
        put_nested(w, value, depth);
    }
}

static void put_site(writer *w, const otel_log_site *site)
{
    put_byte(w, site != NULL);
    if (!site) return;
    put(w, &site->line, sizeof site->line);
    put_text(w, site->file, otel_size_of(site->file));
    put_text(w, site->function, otel_size_of(site->function));
}

size_t otel__record_key(const otel_log_record *record, uint8_t *out, size_t size)
{
    writer w = {out, size, 0, false};
    put(&w, &record->scope, sizeof record->scope); /* one address for each content */
    put(&w, &record->severity, sizeof record->severity);
    put_text(&w, record->event_name.data, record->event_name.size);
    put_value(&w, &record->body, 0);
    put_site(&w, record->site);
    put_attrs(&w, otel_log_record_attrs(record), 0);
    return w.too_deep ? SIZE_MAX : w.used;
}
