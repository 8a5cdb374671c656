/* An item as the service's JSON. */
#include "document.h"

#include <stdio.h>

static const struct {
    const char *name, *type;
} kinds[OTEL_AZURE_MONITOR_KINDS] = {
    [OTEL_AZURE_MONITOR_MESSAGE] = {"Microsoft.ApplicationInsights.Message", "MessageData"},
    [OTEL_AZURE_MONITOR_EXCEPTION] = {"Microsoft.ApplicationInsights.Exception", "ExceptionData"},
    [OTEL_AZURE_MONITOR_EVENT] = {"Microsoft.ApplicationInsights.Event", "EventData"},
    [OTEL_AZURE_MONITOR_AVAILABILITY] = {"Microsoft.ApplicationInsights.Availability", "AvailabilityData"},
};

static void add_field(otel__azure_tree *tree, const char *key, const otel__azure_item *item, otel__azure_field field)
{
    if (item->fields[field].data) otel__azure_add_text(tree, key, &item->fields[field]);
}

static void add_severity(otel__azure_tree *data, const otel__azure_item *item)
{
    static const char *const levels[] = {"0", "1", "2", "3", "4"};
    if (item->level >= 0) otel__azure_add_raw(data, "severityLevel", levels[item->level]);
}

static void add_exception(otel__azure_tree *data, const otel__azure_item *item)
{
    otel__azure_tree list = otel__azure_array(item->memory), exception = otel__azure_object(item->memory);
    otel__azure_add_raw(&exception, "id", "1");
    otel__azure_add_raw(&exception, "outerId", "0");
    add_field(&exception, "typeName", item, OTEL__AZURE_TYPE_FIELD);
    add_field(&exception, "message", item, OTEL__AZURE_MESSAGE_FIELD);
    bool has_stack = item->fields[OTEL__AZURE_STACK_FIELD].data != NULL;
    otel__azure_add_raw(&exception, "hasFullStack", has_stack ? "true" : "false");
    add_field(&exception, "stack", item, OTEL__AZURE_STACK_FIELD);
    otel__azure_add_tree(&list, NULL, &exception);
    otel__azure_add_tree(data, "exceptions", &list);
    otel__azure_add_text(data, "problemId", &item->problem);
    add_severity(data, item);
}

static void add_availability(otel__azure_tree *data, const otel__azure_item *item)
{
    add_field(data, "id", item, OTEL__AZURE_ID_FIELD);
    add_field(data, "name", item, OTEL__AZURE_NAME_FIELD);
    otel__azure_add_string(data, "duration", item->duration);
    otel__azure_add_raw(data, "success", item->success ? "true" : "false");
    add_field(data, "runLocation", item, OTEL__AZURE_LOCATION_FIELD);
    add_field(data, "message", item, OTEL__AZURE_MESSAGE_FIELD);
}

static void add_what_the_kind_has(otel__azure_tree *data, const otel__azure_item *item)
{
    switch (item->kind) {
    case OTEL_AZURE_MONITOR_EXCEPTION:
        add_exception(data, item);
        break;
    case OTEL_AZURE_MONITOR_EVENT:
        add_field(data, "name", item, OTEL__AZURE_NAME_FIELD);
        break;
    case OTEL_AZURE_MONITOR_AVAILABILITY:
        add_availability(data, item);
        break;
    default:
        add_field(data, "message", item, OTEL__AZURE_MESSAGE_FIELD);
        add_severity(data, item);
    }
}

/* What an attribute of the record says, it says. */
static void add_note(otel__azure_tree *tree, const otel__azure_item *item, const char *key, const char *text)
{
    otel__azure_dimension wanted = otel__azure_dimension_named(key);
    if (!otel__azure_dimension_find(item->dimensions, &wanted)) otel__azure_add_string(tree, key, text);
}

static void add_dropped(otel__azure_tree *tree, const otel__azure_item *item)
{
    char *text = item->dropped ? otel__azure_take(item->memory, 24) : NULL;
    if (!text) return;
    snprintf(text, 24, "%llu", (unsigned long long)item->dropped);
    add_note(tree, item, "otel.dropped_attributes_count", text);
}

static void add_properties(otel__azure_tree *data, const otel__azure_item *item)
{
    const otel__azure_dimensions *d = item->dimensions;
    otel__azure_tree tree = otel__azure_object(item->memory);
    for (uint32_t i = 0; i < d->count; i++) otel__azure_add_text(&tree, d->at[i].key, &d->at[i].value);
    if (item->takes_ready) otel__azure_add_members(&tree, &item->origin->ready_dimensions);
    add_dropped(&tree, item);
    if (item->truncated) add_note(&tree, item, "otel.truncated", item->truncated);
    if (tree.last) otel__azure_add_tree(data, "properties", &tree);
}

static void add_measurements(otel__azure_tree *data, const otel__azure_item *item)
{
    const otel__azure_dimensions *d = item->measurements;
    otel__azure_tree tree = otel__azure_object(item->memory);
    for (uint32_t i = 0; i < d->count; i++) otel__azure_add_raw(&tree, d->at[i].key, d->at[i].value.data);
    if (tree.last) otel__azure_add_tree(data, "measurements", &tree);
}

static void add_data(otel__azure_tree *root, const otel__azure_item *item)
{
    otel__azure_tree data = otel__azure_object(item->memory), base = otel__azure_object(item->memory);
    otel__azure_add_string(&data, "baseType", kinds[item->kind].type);
    otel__azure_add_raw(&base, "ver", "2");
    add_what_the_kind_has(&base, item);
    add_properties(&base, item);
    add_measurements(&base, item);
    otel__azure_add_tree(&data, "baseData", &base);
    otel__azure_add_tree(root, "data", &data);
}

static void add_tags(otel__azure_tree *root, const otel__azure_item *item)
{
    otel__azure_tree tags = otel__azure_object(item->memory);
    const otel__azure_members *ready = &item->origin->ready_tags;
    otel__azure_add_members(&tags, ready);
    for (uint32_t i = ready->key ? item->origin->tag_count : 0; i < item->tag_count; i++)
        otel__azure_add_text(&tags, item->tags[i].key, &item->tags[i].value);
    otel__azure_add_tree(root, "tags", &tags);
}

size_t otel__azure_write_document(const otel__azure_item *item, char *out, size_t size)
{
    otel__azure_tree root = otel__azure_object(item->memory);
    otel__azure_add_raw(&root, "ver", "1");
    otel__azure_add_string(&root, "name", kinds[item->kind].name);
    otel__azure_add_string(&root, "time", item->time);
    if (item->sample_rate) otel__azure_add_raw(&root, "sampleRate", item->sample_rate);
    otel__azure_add_string(&root, "iKey", item->mapping->instrumentation_key);
    add_tags(&root, item);
    add_data(&root, item);
    return otel__azure_print(&root, out, size);
}
