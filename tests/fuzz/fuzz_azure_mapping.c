/* The Azure exporter's mapping on any record: its item is JSON within the limits, and none of what the service refuses
 * is in it, ever. */
#include "azure_monitor/src/mapping/envelope.h"
#include "azure_monitor/src/mapping/text.h"
#include "logs/record.h"
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_RESOURCE_ATTRIBUTES = 16 };

static bool has_zeros; /* cJSON ends strings there: an empty text may not be one */

static void must(bool holds, const char *what)
{
    if (holds) return;
    fprintf(stderr, "fuzz_azure_mapping: %s\n", what);
    abort();
}

static void check_text(const char *text, size_t units, const char *what)
{
    size_t size = strlen(text);
    otel__azure_prefix prefix = otel__azure_text_prefix(text, size, units);
    must(prefix.in == size && prefix.out == size, what);
}

static void check_node(const cJSON *node)
{
    must(!cJSON_IsNull(node), "a null");
    if (cJSON_IsString(node)) check_text(node->valuestring, OTEL__AZURE_ITEM_BYTES, "a string that is no UTF-8");
    for (const cJSON *child = node->child; child; child = child->next) {
        if (cJSON_IsObject(node) && !has_zeros)
            must(cJSON_GetObjectItemCaseSensitive(node, child->string) == child, "a key twice");
        check_node(child);
    }
}

static void check_filled(const cJSON *object, const char *key)
{
    const cJSON *text = cJSON_GetObjectItemCaseSensitive(object, key);
    must(!text || has_zeros || (cJSON_IsString(text) && *text->valuestring), key);
}

static void check_tags(const cJSON *tags)
{
    static const char zeros[] = "00000000000000000000000000000000";
    for (const cJSON *tag = tags->child; tag; tag = tag->next) {
        check_filled(tags, tag->string);
        check_text(tag->valuestring, 1024, "a tag that is too long");
    }
    const cJSON *trace = cJSON_GetObjectItem(tags, "ai.operation.id"),
                *span = cJSON_GetObjectItem(tags, "ai.operation.parentId");
    must(!trace || strcmp(trace->valuestring, zeros) != 0, "a trace id of zeros");
    must(!span || strcmp(span->valuestring, zeros + 16) != 0, "a span id of zeros");
    must(cJSON_GetObjectItem(tags, "ai.cloud.role") != NULL, "no role");
}

static void check_properties(const cJSON *properties)
{
    for (const cJSON *p = properties ? properties->child : NULL; p; p = p->next) {
        must(cJSON_IsString(p), "a property that is no text");
        must(*p->string, "an empty key");
        check_text(p->string, 150, "a key that is too long");
        if (strncmp(p->string, "gen_ai.", 7) != 0) check_text(p->valuestring, 8192, "a value that is too long");
    }
}

static void check_data(const cJSON *data, otel_azure_monitor_kind kind)
{
    const cJSON *base = cJSON_GetObjectItem(data, "baseData");
    const cJSON *exception = cJSON_GetArrayItem(cJSON_GetObjectItem(base, "exceptions"), 0);
    check_filled(base, "message");
    check_filled(base, "name");
    check_filled(base, "problemId");
    check_properties(cJSON_GetObjectItem(base, "properties"));
    must((kind == OTEL_AZURE_MONITOR_EXCEPTION) == (exception != NULL), "exceptions");
    must(kind != OTEL_AZURE_MONITOR_MESSAGE || cJSON_GetObjectItem(base, "message"), "no message");
    must(kind != OTEL_AZURE_MONITOR_EVENT || cJSON_GetObjectItem(base, "name"), "no name");
    if (!exception) return;
    must(cJSON_GetObjectItem(exception, "typeName") && cJSON_GetObjectItem(exception, "message"), "no type or message");
    check_filled(exception, "typeName");
    check_filled(exception, "message");
    check_filled(exception, "stack");
}

static void check_item(const char *text, size_t size, otel_azure_monitor_kind kind)
{
    const char *end;
    has_zeros = strstr(text, "\\u0000") != NULL;
    must(size <= OTEL__AZURE_ITEM_BYTES && strlen(text) == size, "an item that is too long");
    cJSON *item = cJSON_ParseWithOpts(text, &end, true);
    must(item != NULL, "no JSON");
    check_node(item);
    check_filled(item, "time");
    check_filled(item, "iKey");
    check_tags(cJSON_GetObjectItem(item, "tags"));
    check_data(cJSON_GetObjectItem(item, "data"), kind);
    cJSON_Delete(item);
}

/* Some of the record's attributes, as those of its resource. */
static otel_resource *resource_of(const otel_log_record *record)
{
    otel_attr attributes[MOST_RESOURCE_ATTRIBUTES];
    size_t count = 0;
    otel_iter it = otel_log_record_attrs(record);
    while (count < MOST_RESOURCE_ATTRIBUTES && otel_attr_next(&it, &attributes[count])) count++;
    return otel_resource_new(attributes, count, NULL);
}

static void map(const otel_log_record *record, const otel__azure_mapping *mapping)
{
    otel__azure_buffer out = {0};
    otel_azure_monitor_kind kind;
    otel__azure_writer *writer = otel__azure_writer_new(mapping);
    must(writer != NULL, "no memory");
    must(otel__azure_write(writer, record, 7, &out, &kind), "nothing written");
    size_t size = out.size;
    must(otel__azure_buffer_append(&out, "", 1), "no memory");
    check_item(out.data, size, kind);
    otel__azure_writer_destroy(writer);
    otel__azure_buffer_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const otel_attr scope_attributes[] = {OTEL_STATIC_STR("lib", "io"), OTEL_STATIC_STR("k", "scope")};
    static const otel_scope scope = {
        .name = "fuzz", .version = "1", .attributes = scope_attributes, .attribute_count = 2};
    otel__record_state state = {0};
    otel_log_record record = {.size = sizeof record, .scope = &scope};
    if (!otel__record_decode(data, size, &record, &state)) return 0;
    uint8_t how = size ? data[size - 1] : 0;
    otel__azure_mapping mapping = {.instrumentation_key = "k", .lean = how & 1, .flatten = how & 2};
    otel_resource *resource = how & 4 ? resource_of(&record) : NULL;
    record.resource = resource;
    map(&record, &mapping);
    otel_resource_destroy(resource);
    return 0;
}
