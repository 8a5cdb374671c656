/* A record as one line of OTLP-JSON (OTLP, "JSON Protobuf Encoding"; "OTLP File Exporter"). Members at their default
 * are left out, except those of a oneof: there, being set is the information. */
#include <otel/sdk/log_record.h>

#include <math.h>
#include <string.h>

#include "text_buffer.h"
#include "utf8.h"

static void write_any_value(otel__text *text, const otel_value *value, uint32_t depth);

/* Opens a member of an object; *first says whether it is the object's first. */
static void member(otel__text *text, bool *first, const char *name)
{
    otel__text_word(text, *first ? "\"" : ",\"");
    otel__text_word(text, name);
    otel__text_word(text, "\":");
    *first = false;
}

static void name_member(otel__text *text, bool *first, const char *name, const char *s, size_t size)
{
    if (size == 0) return;
    member(text, first, name);
    otel__text_quoted(text, s, size);
}

static void number_member(otel__text *text, bool *first, const char *name, int64_t number)
{
    if (number == 0) return;
    member(text, first, name);
    otel__text_signed(text, number);
}

/* 64-bit integers are strings: a JSON number is a double to most readers. */
static void time_member(otel__text *text, bool *first, const char *name, uint64_t unix_nano)
{
    if (unix_nano == 0) return;
    member(text, first, name);
    otel__text_word(text, "\"");
    otel__text_unsigned(text, unix_nano);
    otel__text_word(text, "\"");
}

static void id_member(otel__text *text, bool *first, const char *name, const uint8_t *id, size_t size)
{
    static const uint8_t absent[16];
    if (memcmp(id, absent, size) == 0) return;
    member(text, first, name);
    otel__text_word(text, "\"");
    otel__text_hex(text, id, size);
    otel__text_word(text, "\"");
}

static void write_key_value(otel__text *text, const otel_attr *attr, bool first, uint32_t depth)
{
    otel__text_word(text, first ? "{\"key\":" : ",{\"key\":");
    otel__text_quoted(text, attr->key, attr->key_size);
    otel__text_word(text, ",\"value\":");
    write_any_value(text, &attr->value, depth);
    otel__text_word(text, "}");
}

static void write_array(otel__text *text, const otel_value *array, uint32_t depth)
{
    otel_value item;
    bool first = true;
    otel__text_word(text, "{\"arrayValue\":{\"values\":[");
    for (otel_iter it = otel_value_items(array); otel_value_next(&it, &item); first = false) {
        if (!first) otel__text_word(text, ",");
        write_any_value(text, &item, depth + 1);
    }
    otel__text_word(text, "]}}");
}

static void write_map(otel__text *text, const otel_value *map, uint32_t depth)
{
    otel_attr entry;
    bool first = true;
    otel__text_word(text, "{\"kvlistValue\":{\"values\":[");
    for (otel_iter it = otel_value_entries(map); otel_attr_next(&it, &entry); first = false)
        write_key_value(text, &entry, first, depth + 1);
    otel__text_word(text, "]}}");
}

static void write_bytes(otel__text *text, const otel_value *bytes)
{
    otel__text_word(text, "{\"bytesValue\":");
    otel__text_quoted_base64(text, bytes->u.data, bytes->size);
    otel__text_word(text, "}");
}

static void write_string(otel__text *text, const otel_value *string)
{
    if (!otel__utf8_valid(string->u.string, string->size)) {
        write_bytes(text, string);
        return;
    }
    otel__text_word(text, "{\"stringValue\":");
    otel__text_quoted(text, string->u.string, string->size);
    otel__text_word(text, "}");
}

static void write_double(otel__text *text, double number)
{
    bool quoted = !isfinite(number);
    otel__text_word(text, quoted ? "{\"doubleValue\":\"" : "{\"doubleValue\":");
    otel__text_double(text, number);
    otel__text_word(text, quoted ? "\"}" : "}");
}

static void write_integer(otel__text *text, int64_t number)
{
    otel__text_word(text, "{\"intValue\":\"");
    otel__text_signed(text, number);
    otel__text_word(text, "\"}");
}

static void write_collection(otel__text *text, const otel_value *value, uint32_t depth)
{
    if (depth > OTEL__TEXT_DEPTH)
        otel__text_word(text, "{}");
    else if (value->type == OTEL_TYPE_MAP)
        write_map(text, value, depth);
    else
        write_array(text, value, depth);
}

static void write_any_value(otel__text *text, const otel_value *value, uint32_t depth)
{
    switch (otel__text_type(value)) {
    case OTEL_TYPE_STRING:
        write_string(text, value);
        break;
    case OTEL_TYPE_BOOL:
        otel__text_word(text, value->u.boolean ? "{\"boolValue\":true}" : "{\"boolValue\":false}");
        break;
    case OTEL_TYPE_INT:
        write_integer(text, value->u.integer);
        break;
    case OTEL_TYPE_DOUBLE:
        write_double(text, value->u.number);
        break;
    case OTEL_TYPE_BYTES:
        write_bytes(text, value);
        break;
    case OTEL_TYPE_ARRAY:
    case OTEL_TYPE_MAP:
    case OTEL_TYPE_STRINGS:
    case OTEL_TYPE_INTS:
    case OTEL_TYPE_DOUBLES:
    case OTEL_TYPE_BOOLS:
        write_collection(text, value, depth);
        break;
    default: /* empty, or a kind that we do not know */
        otel__text_word(text, "{}");
    }
}

/* The member "attributes" of an object, left out when there are none. */
static void attributes_member(otel__text *text, bool *first, otel_iter it)
{
    otel_attr attr;
    bool none = true;
    for (; otel_attr_next(&it, &attr); none = false) {
        if (none) {
            member(text, first, "attributes");
            otel__text_word(text, "[");
        }
        write_key_value(text, &attr, none, 1);
    }
    if (!none) otel__text_word(text, "]");
}

static void write_resource(otel__text *text, const otel_resource *resource)
{
    otel_attr attr;
    otel__text_word(text, "{");
    for (size_t i = 0; otel_resource_at(resource, i, &attr); i++) {
        if (i == 0) otel__text_word(text, "\"attributes\":[");
        write_key_value(text, &attr, i == 0, 1);
    }
    otel__text_word(text, otel_resource_at(resource, 0, &attr) ? "]}" : "}");
}

static void string_member(otel__text *text, bool *first, const char *name, const char *s)
{
    if (s) name_member(text, first, name, s, strlen(s));
}

static void write_scope(otel__text *text, const otel_scope *scope)
{
    bool first = true;
    otel_value attributes = otel_map(scope->attributes, scope->attribute_count);
    otel__text_word(text, "{");
    string_member(text, &first, "name", scope->name);
    string_member(text, &first, "version", scope->version);
    attributes_member(text, &first, otel_value_entries(&attributes));
    otel__text_word(text, "}");
}

static void write_record(otel__text *text, const otel_log_record *record)
{
    const otel_span_context *span = &record->span_context;
    bool first = true;
    otel__text_word(text, "{");
    time_member(text, &first, "timeUnixNano", record->time_unix_nano);
    time_member(text, &first, "observedTimeUnixNano", record->observed_time_unix_nano);
    number_member(text, &first, "severityNumber", record->severity);
    name_member(text, &first, "severityText", record->severity_text.data, record->severity_text.size);
    if (record->body.type != OTEL_TYPE_EMPTY) {
        member(text, &first, "body");
        write_any_value(text, &record->body, 1);
    }
    attributes_member(text, &first, otel_log_record_attrs(record));
    number_member(text, &first, "droppedAttributesCount", record->dropped_attribute_count);
    number_member(text, &first, "flags", span->flags);
    id_member(text, &first, "traceId", span->trace_id, sizeof span->trace_id);
    id_member(text, &first, "spanId", span->span_id, sizeof span->span_id);
    name_member(text, &first, "eventName", record->event_name.data, record->event_name.size);
    otel__text_word(text, "}");
}

static void write_scope_logs(otel__text *text, const otel_log_record *record)
{
    bool first = true;
    otel__text_word(text, "{");
    if (record->scope) {
        member(text, &first, "scope");
        write_scope(text, record->scope);
    }
    member(text, &first, "logRecords");
    otel__text_word(text, "[");
    write_record(text, record);
    otel__text_word(text, "]");
    if (record->scope) string_member(text, &first, "schemaUrl", record->scope->schema_url);
    otel__text_word(text, "}");
}

static void write_resource_logs(otel__text *text, const otel_log_record *record)
{
    bool first = true;
    otel__text_word(text, "{");
    if (record->resource) {
        member(text, &first, "resource");
        write_resource(text, record->resource);
    }
    member(text, &first, "scopeLogs");
    otel__text_word(text, "[");
    write_scope_logs(text, record);
    otel__text_word(text, "]");
    if (record->resource) {
        otel_str url = otel_resource_schema_url(record->resource);
        name_member(text, &first, "schemaUrl", url.data, url.size);
    }
    otel__text_word(text, "}");
}

size_t otel_log_record_json(const otel_log_record *record, char *out, size_t size)
{
    otel__text text = otel__text_begin(out, size);
    if (record) {
        otel__text_word(&text, "{\"resourceLogs\":[");
        write_resource_logs(&text, record);
        otel__text_word(&text, "]}");
    }
    return otel__text_end(&text);
}
