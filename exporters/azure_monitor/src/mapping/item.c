/* A record on its way to an envelope: everything as texts, cut to the limits of single fields. */
#include "item.h"

#include "built_in.h"
#include "context_tags.h"
#include "flatten.h"
#include "kind.h"
#include "measurements.h"
#include "sample_rate.h"
#include "severity.h"
#include <string.h>
#include <time.h>

bool otel__azure_has(const otel__azure_item *item, otel__azure_name name)
{
    return item->present >> name & 1;
}

bool otel__azure_says(const otel__azure_item *item, otel__azure_name name)
{
    return otel__azure_has(item, name) && !otel__azure_value_empty(&item->known[name]);
}

void otel__azure_use(otel__azure_item *item, otel__azure_name name)
{
    item->used |= UINT64_C(1) << name;
}

otel__azure_text otel__azure_known_text(const otel__azure_item *item, otel__azure_name name, size_t units)
{
    return otel__azure_value_text(item->memory, &item->known[name], units);
}

void otel__azure_set_field(otel__azure_item *item, otel__azure_field field, const char *name, otel__azure_text text)
{
    item->fields[field] = text;
    item->field_names[field] = name;
}

void otel__azure_take_field(otel__azure_item *item, otel__azure_field field, otel__azure_name name, size_t units)
{
    if (!otel__azure_has(item, name)) return;
    otel__azure_use(item, name);
    otel__azure_set_field(item, field, otel__azure_attribute_name(name), otel__azure_known_text(item, name, units));
}

bool otel__azure_offer(otel__azure_item *item, const char *key, otel__azure_text value)
{
    otel__azure_dimension dimension = otel__azure_dimension_named(key);
    dimension.value = value;
    return otel__azure_dimension_offer(item->dimensions, item->memory, &dimension);
}

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void read_time(otel__azure_item *item)
{
    uint64_t time = item->record->time_unix_nano;
    if (!time) time = item->record->observed_time_unix_nano;
    otel__azure_time_text(time ? time : now(), item->time);
}

static otel__azure_sink sink_of(const otel__azure_item *item)
{
    return (otel__azure_sink){
        .dimensions = item->dimensions, .memory = item->memory, .flatten = item->mapping->flatten};
}

static void read_attributes(otel__azure_item *item)
{
    const otel__azure_sink sink = sink_of(item);
    otel_attr attr;
    for (otel_iter it = otel_log_record_attrs(item->record); otel_attr_next(&it, &attr);) {
        int name = otel__azure_attribute(attr.key, attr.key_size);
        if (name >= 0) {
            item->known[name] = attr.value;
            item->present |= UINT64_C(1) << name;
        } else {
            otel__azure_put(&sink, &attr);
        }
    }
}

/* Those that nothing else was made of are dimensions like the others. */
static void keep_unused(otel__azure_item *item)
{
    const otel__azure_sink sink = sink_of(item);
    uint64_t left = item->present & ~item->used;
    for (int name = 0; left; name++, left >>= 1) {
        if (!(left & 1)) continue;
        const char *key = otel__azure_attribute_name((otel__azure_name)name);
        otel_attr attr = otel_attr_of(key, item->known[name]);
        otel__azure_put(&sink, &attr);
    }
}

void otel__azure_item_read(otel__azure_item *item)
{
    otel__azure_dimensions_clear(item->dimensions);
    otel__azure_dimensions_clear(item->measurements);
    item->dropped = item->record->dropped_attribute_count;
    item->level = otel__azure_severity_level(item->record->severity);
    read_time(item);
    read_attributes(item);
    otel__azure_choose_kind(item);
    otel__azure_context_tags(item);
    otel__azure_read_sample_rate(item);
    otel__azure_read_measurements(item);
    keep_unused(item);
    item->ours = item->dimensions->count;
    otel__azure_add_body(item);
    otel__azure_add_built_in(item);
    item->dropped += item->dimensions->lost;
}
