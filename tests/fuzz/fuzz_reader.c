/* The reader and the iterators on any bytes. What is accepted can be walked to its end without leaving the bytes, and a
 * record written from what was read is accepted again. */
#include "wire/reader.h"
#include "wire/record_writer.h"
#include <stdlib.h>

enum { MOST_ATTRIBUTES = 300, MOST_VALUES = 20000 };

static const uint8_t *first, *last;
static uint32_t values_left;

static void must(bool holds)
{
    if (!holds) abort();
}

static void must_lie_inside(const void *at, size_t size)
{
    const uint8_t *bytes = at;
    if (size != 0) must(bytes >= first && bytes <= last && size <= (size_t)(last - bytes));
}

static void walk_value(const otel_value *value, int depth)
{
    if (values_left == 0) return;
    values_left--;
    if (value->type == OTEL_TYPE_STRING || value->type >= OTEL_TYPE_ARRAY) must_lie_inside(value->u.data, value->size);
    must(value->type <= OTEL_TYPE_BYTES);
    if (value->type == OTEL_TYPE_ARRAY || value->type == OTEL_TYPE_MAP)
        must(depth <= 64 && value->form == OTEL_FORM_OTLP);
    otel_value item;
    otel_attr entry;
    for (otel_iter it = otel_value_items(value); otel_value_next(&it, &item);) walk_value(&item, depth + 1);
    for (otel_iter it = otel_value_entries(value); otel_attr_next(&it, &entry);) {
        must(entry.key_size != 0);
        must_lie_inside(entry.key, entry.key_size);
        walk_value(&entry.value, depth + 1);
    }
}

static uint32_t walk_record(const otel__record_view *view, otel_attr *attributes)
{
    uint32_t count = 0;
    otel_attr attr;
    must_lie_inside(view->severity_text.data, view->severity_text.size);
    must_lie_inside(view->event_name.data, view->event_name.size);
    must(view->severity >= 0 && view->severity <= 24);
    walk_value(&view->body, 1);
    otel_iter it = otel__attributes_begin(view);
    for (; otel__attributes_next(&it, &attr); count++) {
        must(attr.key_size != 0);
        must_lie_inside(attr.key, attr.key_size);
        walk_value(&attr.value, 1);
        if (count < MOST_ATTRIBUTES) attributes[count] = attr;
    }
    must(count == view->attribute_count);
    return count < MOST_ATTRIBUTES ? count : MOST_ATTRIBUTES;
}

static void write_again(const otel__record_view *view, const otel_attr *attributes, uint32_t count, uint32_t limit)
{
    otel__record_plan plan;
    otel__record_view again;
    otel__record_input input = {
        .time = view->time, .observed = view->observed, .attributes = attributes, .count = count};
    input.severity = view->severity;
    input.body = view->body;
    input.severity_text = view->severity_text;
    input.event_name = view->event_name;
    input.span_context = &view->span_context;
    input.dropped_attribute_count = view->dropped_attribute_count;
    input.value_length_limit = limit;
    input.depth_limit = limit;
    uint32_t size = otel__record_size(&input, &plan);
    if (size >= OTEL__RECORD_TOO_LARGE) return;
    uint8_t *bytes = malloc(size);
    must(bytes != NULL);
    otel__record_write(bytes, &input, &plan);
    must(otel__record_read(bytes + size - plan.content, plan.content, &again));
    must(again.attribute_count == count && again.time == view->time && again.event_name.size == view->event_name.size);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static otel_attr attributes[MOST_ATTRIBUTES];
    otel__record_view view;
    if (!otel__record_read(data, size, &view)) return 0;
    first = data;
    last = data + size;
    values_left = MOST_VALUES;
    uint32_t count = walk_record(&view, attributes);
    write_again(&view, attributes, count, UINT32_MAX);
    write_again(&view, attributes, count, 3);
    return 0;
}
