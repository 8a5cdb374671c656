/* OTLP in protobuf: walks ExportLogsServiceRequest, gives each LogRecord to the sink. Texts are views of the body. */
#include <string.h>

#include "otlp.h"
#include "../rows/role.h"
#include "wire.h"

static bool undecodable(desk_decoder *d, const char *message)
{
    return desk_fail(d->failure, 400, "the body is no ExportLogsServiceRequest: bad bytes in %s", message);
}

static desk_text text_of(wire bytes)
{
    return (desk_text){(const char *)bytes.at, (size_t)(bytes.end - bytes.at)};
}

/* How many fields with that tag; also checks that the whole message can be walked. */
static bool count_fields(desk_decoder *d, wire message, uint32_t tag, const char *name, size_t *count)
{
    wire_field field;
    wire_result result;
    *count = 0;
    while ((result = wire_next(&message, &field)) == WIRE_FIELD) *count += field.tag == tag;
    return result == WIRE_END || undecodable(d, name);
}

static bool read_value(desk_decoder *d, otel__json_arena *arena, wire message, unsigned depth, desk_value *value);

static bool read_key_value(desk_decoder *d, otel__json_arena *arena, wire message, unsigned depth, desk_attribute *out)
{
    *out = (desk_attribute){.key = DESK_TEXT("")};
    wire_field field;
    wire_result result;
    while ((result = wire_next(&message, &field)) == WIRE_FIELD) {
        if (field.tag == WIRE_TAG(1, WIRE_BYTES)) out->key = text_of(field.bytes);
        if (field.tag != WIRE_TAG(2, WIRE_BYTES)) continue;
        if (!read_value(d, arena, field.bytes, depth, &out->value)) return false;
    }
    return result == WIRE_END || undecodable(d, "KeyValue");
}

/* All KeyValue fields with that tag, in order. */
static bool read_attributes(desk_decoder *d, otel__json_arena *arena, wire message, uint32_t tag, unsigned depth,
                            desk_attributes *out)
{
    size_t count;
    *out = (desk_attributes){NULL, 0};
    if (!count_fields(d, message, tag, "attributes", &count)) return false;
    if (count == 0) return true;
    desk_attribute *attributes = desk_take_memory(d, arena, count, sizeof *attributes);
    if (!attributes) return false;
    wire_field field;
    for (size_t i = 0; wire_next(&message, &field) == WIRE_FIELD;) {
        if (field.tag == tag && !read_key_value(d, arena, field.bytes, depth, &attributes[i++])) return false;
    }
    *out = (desk_attributes){attributes, count};
    return true;
}

static bool read_array(desk_decoder *d, otel__json_arena *arena, wire message, unsigned depth, desk_values *out)
{
    size_t count;
    *out = (desk_values){NULL, 0};
    if (!count_fields(d, message, WIRE_TAG(1, WIRE_BYTES), "ArrayValue", &count)) return false;
    if (count == 0) return true;
    desk_value *values = desk_take_memory(d, arena, count, sizeof *values);
    if (!values) return false;
    wire_field field;
    for (size_t i = 0; wire_next(&message, &field) == WIRE_FIELD;) {
        if (field.tag != WIRE_TAG(1, WIRE_BYTES)) continue;
        if (!read_value(d, arena, field.bytes, depth, &values[i++])) return false;
    }
    *out = (desk_values){values, count};
    return true;
}

static bool read_nested(desk_decoder *d, otel__json_arena *arena, const wire_field *field, unsigned depth,
                        desk_value *value)
{
    if (depth >= DESK_MAX_DEPTH) {
        *value = (desk_value){.kind = DESK_EMPTY};
        return true;
    }
    if (field->tag == WIRE_TAG(5, WIRE_BYTES)) {
        value->kind = DESK_ARRAY;
        return read_array(d, arena, field->bytes, depth + 1, &value->as.array);
    }
    value->kind = DESK_MAP;
    return read_attributes(d, arena, field->bytes, WIRE_TAG(1, WIRE_BYTES), depth + 1, &value->as.map);
}

static bool read_value_field(desk_decoder *d, otel__json_arena *arena, const wire_field *field, unsigned depth,
                             desk_value *value)
{
    switch (field->tag) {
    case WIRE_TAG(1, WIRE_BYTES):
        *value = (desk_value){DESK_STRING, {.text = text_of(field->bytes)}};
        break;
    case WIRE_TAG(2, WIRE_VARINT):
        *value = (desk_value){DESK_BOOL, {.boolean = field->value != 0}};
        break;
    case WIRE_TAG(3, WIRE_VARINT):
        *value = (desk_value){DESK_INT, {.integer = (int64_t)field->value}};
        break;
    case WIRE_TAG(4, WIRE_FIXED64):
        value->kind = DESK_DOUBLE;
        memcpy(&value->as.number, &field->value, sizeof value->as.number);
        break;
    case WIRE_TAG(5, WIRE_BYTES):
    case WIRE_TAG(6, WIRE_BYTES):
        return read_nested(d, arena, field, depth, value);
    case WIRE_TAG(7, WIRE_BYTES):
        *value = (desk_value){DESK_BYTES, {.text = text_of(field->bytes)}};
        break;
    default:
        break;
    }
    return true;
}

static bool read_value(desk_decoder *d, otel__json_arena *arena, wire message, unsigned depth, desk_value *value)
{
    *value = (desk_value){.kind = DESK_EMPTY};
    wire_field field;
    wire_result result;
    while ((result = wire_next(&message, &field)) == WIRE_FIELD) {
        if (!read_value_field(d, arena, &field, depth, value)) return false;
    }
    return result == WIRE_END || undecodable(d, "AnyValue");
}

/* An id of another length counts as absent, as the specification has it. */
static void read_id(wire bytes, uint8_t *id, size_t size)
{
    if ((size_t)(bytes.end - bytes.at) == size) memcpy(id, bytes.at, size);
}

static bool read_record_field(desk_decoder *d, const wire_field *field, desk_record *record)
{
    switch (field->tag) {
    case WIRE_TAG(1, WIRE_FIXED64):
        record->time_unix_nano = field->value;
        break;
    case WIRE_TAG(2, WIRE_VARINT):
        record->severity = (int32_t)(uint32_t)field->value;
        break;
    case WIRE_TAG(3, WIRE_BYTES):
        record->severity_text = text_of(field->bytes);
        break;
    case WIRE_TAG(5, WIRE_BYTES):
        return read_value(d, d->record, field->bytes, 0, &record->body);
    case WIRE_TAG(7, WIRE_VARINT):
        record->dropped_attributes = (uint32_t)field->value;
        break;
    case WIRE_TAG(9, WIRE_BYTES):
        read_id(field->bytes, record->trace_id, sizeof record->trace_id);
        break;
    case WIRE_TAG(10, WIRE_BYTES):
        read_id(field->bytes, record->span_id, sizeof record->span_id);
        break;
    case WIRE_TAG(11, WIRE_FIXED64):
        record->observed_unix_nano = field->value;
        break;
    case WIRE_TAG(12, WIRE_BYTES):
        record->event_name = text_of(field->bytes);
        break;
    default:
        break;
    }
    return true;
}

static bool read_record(desk_decoder *d, const desk_origin *origin, wire message)
{
    otel__json_arena_reset(d->record);
    desk_record record = {0};
    if (!read_attributes(d, d->record, message, WIRE_TAG(6, WIRE_BYTES), 0, &record.attributes)) return false;
    wire_field field;
    while (wire_next(&message, &field) == WIRE_FIELD) {
        if (!read_record_field(d, &field, &record)) return false;
    }
    return d->take(d->context, origin, &record, d->failure);
}

static bool read_scope(desk_decoder *d, wire message, desk_origin *origin)
{
    if (!read_attributes(d, d->request, message, WIRE_TAG(3, WIRE_BYTES), 0, &origin->scope)) return false;
    wire_field field;
    while (wire_next(&message, &field) == WIRE_FIELD) {
        if (field.tag == WIRE_TAG(1, WIRE_BYTES)) origin->scope_name = text_of(field.bytes);
        if (field.tag == WIRE_TAG(2, WIRE_BYTES)) origin->scope_version = text_of(field.bytes);
    }
    return true;
}

/* The last field with that tag: a sender may put the scope behind its records. */
static bool find_last(desk_decoder *d, wire message, uint32_t tag, const char *name, wire *out)
{
    wire_field field;
    wire_result result;
    *out = (wire){NULL, NULL};
    while ((result = wire_next(&message, &field)) == WIRE_FIELD) {
        if (field.tag == tag) *out = field.bytes;
    }
    return result == WIRE_END || undecodable(d, name);
}

static bool read_scope_logs(desk_decoder *d, const desk_origin *resource, wire message)
{
    desk_origin origin = *resource;
    wire scope;
    if (!find_last(d, message, WIRE_TAG(1, WIRE_BYTES), "ScopeLogs", &scope)) return false;
    if (!read_scope(d, scope, &origin)) return false;
    wire_field field;
    while (wire_next(&message, &field) == WIRE_FIELD) {
        if (field.tag == WIRE_TAG(2, WIRE_BYTES) && !read_record(d, &origin, field.bytes)) return false;
    }
    return true;
}

static bool read_resource_logs(desk_decoder *d, wire message)
{
    desk_origin origin = {0};
    wire resource;
    if (!find_last(d, message, WIRE_TAG(1, WIRE_BYTES), "ResourceLogs", &resource)) return false;
    if (!read_attributes(d, d->request, resource, WIRE_TAG(1, WIRE_BYTES), 0, &origin.resource)) return false;
    if (!desk_role(d, &origin)) return false;
    wire_field field;
    while (wire_next(&message, &field) == WIRE_FIELD) {
        if (field.tag == WIRE_TAG(2, WIRE_BYTES) && !read_scope_logs(d, &origin, field.bytes)) return false;
    }
    return true;
}

bool desk_decode_protobuf(desk_decoder *d, desk_text body)
{
    static const uint8_t nothing[1];
    const uint8_t *start = body.size ? (const uint8_t *)body.at : nothing;
    wire message = {start, start + body.size};
    wire_field field;
    wire_result result;
    while ((result = wire_next(&message, &field)) == WIRE_FIELD) {
        if (field.tag == WIRE_TAG(1, WIRE_BYTES) && !read_resource_logs(d, field.bytes)) return false;
    }
    return result == WIRE_END || undecodable(d, "the request");
}
