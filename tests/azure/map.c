/* An OTLP request in JSON on standard input, the items that the Azure exporter makes of it on standard output, one a
 * line. Records go the whole way: emitted, queued, read by an exporter. usage: azure_map [lean] [flatten] [sequence] */
#include "azure_monitor/src/mapping/envelope.h"
#include <cjson/cJSON.h>
#include <otel/provider.h>
#include <otel/sdk/sdk.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POOL_BYTES = 32 << 20, MOST_LOGGERS = 4096 };

static _Alignas(16) char pool[POOL_BYTES]; /* of what lives until the end */
static size_t pool_used;
static otel_logger loggers[MOST_LOGGERS];
static size_t logger_count;
static const otel_resource *resource;
static otel__azure_writer *writer;
static uint64_t sequence;
static bool sequenced;

static void *keep(size_t size)
{
    char *at = pool + pool_used;
    pool_used += (size + 15) / 16 * 16;
    if (pool_used > sizeof pool) exit(2);
    return at;
}

/* ---- OTLP/JSON ---- */

static const cJSON *get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

static const char *text_of(const cJSON *json)
{
    return cJSON_IsString(json) ? json->valuestring : NULL;
}

static uint64_t unsigned_of(const cJSON *json)
{
    return text_of(json) ? strtoull(text_of(json), NULL, 10) : json ? (uint64_t)json->valuedouble : 0;
}

static size_t read_base64(const char *text, uint8_t *out)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t size = 0;
    uint32_t bits = 0, count = 0;
    for (const char *at; *text && *text != '=' && (at = strchr(alphabet, *text)) != NULL; text++) {
        bits = bits << 6 | (uint32_t)(at - alphabet);
        if ((count += 6) >= 8) out[size++] = (uint8_t)(bits >> (count -= 8));
    }
    return size;
}

/* cJSON ends a string at a U+0000: the cases write U+E000 for it. */
static otel_value string_value(const char *text)
{
    char *to = keep(strlen(text) + 1);
    size_t size = 0;
    while (*text) {
        bool zero = strncmp(text, "\xee\x80\x80", 3) == 0;
        to[size++] = *text;
        if (zero) to[size - 1] = '\0';
        text += zero ? 3 : 1;
    }
    return otel_stringn(to, size);
}

static otel_attr *attributes_of(const cJSON *list, size_t *count);
static otel_value value_of(const cJSON *json);

static otel_value array_of(const cJSON *values)
{
    size_t count = (size_t)cJSON_GetArraySize(values), n = 0;
    otel_value *to = keep(count * sizeof *to + 1);
    for (const cJSON *item = values ? values->child : NULL; item; item = item->next) to[n++] = value_of(item);
    return otel_array(to, n);
}

static otel_value value_of(const cJSON *json)
{
    const cJSON *member = json ? json->child : NULL;
    if (!member) return otel_empty();
    const char *kind = member->string, *text = text_of(member);
    if (strcmp(kind, "stringValue") == 0) return string_value(text);
    if (strcmp(kind, "boolValue") == 0) return otel_bool(cJSON_IsTrue(member));
    if (strcmp(kind, "intValue") == 0) return otel_int(text ? strtoll(text, NULL, 10) : (int64_t)member->valuedouble);
    if (strcmp(kind, "doubleValue") == 0) return otel_double(text ? strtod(text, NULL) : member->valuedouble);
    if (strcmp(kind, "arrayValue") == 0) return array_of(get(member, "values"));
    if (strcmp(kind, "bytesValue") == 0) {
        uint8_t *bytes = keep(strlen(text) + 1);
        size_t size = read_base64(text, bytes);
        return otel_bytes(bytes, size);
    }
    size_t count;
    otel_attr *entries = attributes_of(get(member, "values"), &count);
    return otel_map(entries, count);
}

static otel_attr *attributes_of(const cJSON *list, size_t *count)
{
    otel_attr *to = keep((size_t)cJSON_GetArraySize(list) * sizeof *to + 1);
    *count = 0;
    for (const cJSON *item = list ? list->child : NULL; item; item = item->next) {
        otel_value key = string_value(text_of(get(item, "key")));
        to[(*count)++] = otel_attrn(key.u.string, key.size, value_of(get(item, "value")));
    }
    return to;
}

static otel_str str_of(const cJSON *json)
{
    const char *text = text_of(json);
    return (otel_str){text && *text ? text : NULL, text ? strlen(text) : 0};
}

static void emit(otel_logger *logger, const cJSON *json)
{
    size_t count;
    otel_attr *attributes = attributes_of(get(json, "attributes"), &count);
    otel_log_record record = {.size = sizeof record,
                              .severity = (otel_severity)unsigned_of(get(json, "severityNumber")),
                              .time_unix_nano = unsigned_of(get(json, "timeUnixNano")),
                              .observed_time_unix_nano = unsigned_of(get(json, "observedTimeUnixNano")),
                              .body = value_of(get(json, "body")),
                              .severity_text = str_of(get(json, "severityText")),
                              .event_name = str_of(get(json, "eventName")),
                              .attributes = attributes,
                              .attribute_count = (uint32_t)count,
                              .dropped_attribute_count = (uint32_t)unsigned_of(get(json, "droppedAttributesCount"))};
    otel_str trace = str_of(get(json, "traceId")), span = str_of(get(json, "spanId"));
    if (trace.data) otel_trace_id_parse(trace.data, trace.size, record.span_context.trace_id);
    if (span.data) otel_span_id_parse(span.data, span.size, record.span_context.span_id);
    record.span_context.flags = (uint8_t)unsigned_of(get(json, "flags"));
    if (!record.severity_text.data) record.severity_text = (otel_str){"", 0};
    otel_logger_emit(logger, &record);
}

static otel_logger *logger_of(otel_provider *provider, const cJSON *scope)
{
    if (logger_count == MOST_LOGGERS) exit(2);
    otel_logger *logger = &loggers[logger_count++];
    otel_attr *attributes = attributes_of(get(scope, "attributes"), &logger->scope.attribute_count);
    logger->scope.attributes = attributes;
    logger->scope.name = text_of(get(scope, "name"));
    logger->scope.version = text_of(get(scope, "version"));
    logger->provider = provider;
    return logger;
}

/* ---- the way through the SDK ---- */

static otel_export_status export_batch(otel_log_exporter *self, const otel_log_batch *batch, otel_export_call *call)
{
    otel__azure_buffer out = {0};
    otel_azure_monitor_kind kind;
    (void)self;
    (void)call;
    for (otel_log_cursor cursor = otel_log_batch_begin(batch); otel_log_next(&cursor);) {
        cursor.record.resource = resource;
        if (!otel__azure_write(writer, &cursor.record, sequenced ? ++sequence : 0, &out, &kind)) exit(2);
        otel__azure_buffer_append(&out, "\n", 1);
    }
    fwrite(out.data, 1, out.size, stdout);
    otel__azure_buffer_release(&out);
    return OTEL_EXPORT_OK;
}

static const otel_log_exporter_ops ops = {.size = sizeof ops, .name = "map", .export_batch = export_batch};

static void emit_resource(otel_provider *provider, const cJSON *logs)
{
    size_t count;
    otel_attr *attributes = attributes_of(get(get(logs, "resource"), "attributes"), &count);
    otel_resource *made = otel_resource_new(attributes, count, NULL);
    resource = made;
    otel__azure_writer_forget(writer);
    const cJSON *scope, *record;
    cJSON_ArrayForEach(scope, get(logs, "scopeLogs"))
    {
        otel_logger *logger = logger_of(provider, get(scope, "scope"));
        cJSON_ArrayForEach(record, get(scope, "logRecords")) emit(logger, record);
        if (otel_provider_flush(provider, 10000) != OTEL_OK) exit(2); /* a batch is sorted by scope: keep the order */
    }
    otel_resource_destroy(made);
}

static char *read_input(void)
{
    size_t size = 0, capacity = 1 << 20;
    char *text = malloc(capacity);
    for (size_t n; text && (n = fread(text + size, 1, capacity - size - 1, stdin)) > 0;) {
        size += n;
        if (capacity - size < 2) text = realloc(text, capacity *= 2);
    }
    if (text) text[size] = '\0';
    return text;
}

int main(int argc, char **argv)
{
    otel__azure_mapping mapping = {.instrumentation_key = "00000000-0000-0000-0000-0000000000aa"};
    for (int i = 1; i < argc; i++) {
        mapping.lean |= strcmp(argv[i], "lean") == 0;
        mapping.flatten |= strcmp(argv[i], "flatten") == 0;
        sequenced |= strcmp(argv[i], "sequence") == 0;
    }
    char *text = read_input();
    cJSON *request = cJSON_Parse(text), *logs;
    writer = otel__azure_writer_new(&mapping);
    otel_log_exporter *exporter = otel_log_exporter_new(sizeof *exporter, &ops);
    otel_log_processor *processors[] = {otel_batch_log_processor_new(exporter, NULL)};
    otel_options options = {.log_processors = processors, .log_processor_count = 1, .resource_detectors = "none"};
    otel_provider *provider = otel_provider_new(&options);
    if (!request || !writer || !provider || otel_provider_attach(provider) != OTEL_OK) return 2;
    cJSON_ArrayForEach(logs, get(request, "resourceLogs")) emit_resource(provider, logs);
    if (otel_provider_stop(provider, 10000) != OTEL_OK) return 2;
    otel__azure_writer_destroy(writer);
    cJSON_Delete(request);
    free(text);
    return 0;
}
