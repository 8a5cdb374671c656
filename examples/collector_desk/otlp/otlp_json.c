/* OTLP in JSON: the tree of the project's own reader, walked into the same records as protobuf. */
#include <string.h>

#include "otlp.h"
#include "../rows/role.h"

static bool wrong(desk_decoder *d, const char *name, const char *expected)
{
    return desk_fail(d->failure, 400, "%s must be %s", name, expected);
}

static bool is(const otel__json *node, otel__json_type type)
{
    return node && node->type == type;
}

/* The member in either spelling: the Collector understands both, so a sender may use both. NULL: absent or null. */
static const otel__json *member(const otel__json *object, const char *name, const char *snake_case)
{
    const otel__json *found = otel__json_get(object, name);
    if (!found && snake_case) found = otel__json_get(object, snake_case);
    return is(found, OTEL__JSON_NULL) ? NULL : found;
}

static desk_text string_of(const otel__json *string)
{
    return (desk_text){string->text ? string->text : "", string->size};
}

static bool decode_text(desk_decoder *d, const otel__json *node, const char *name, desk_text *out)
{
    if (!node) return true;
    if (node->type != OTEL__JSON_STRING) return wrong(d, name, "a string");
    *out = string_of(node);
    return true;
}

/* 64-bit numbers come as strings or as numbers; the same reader checks both. */
static bool as_number(const otel__json *node, char room[24], otel__json *number)
{
    *number = *node;
    if (node->type == OTEL__JSON_NUMBER) return true;
    if (node->type != OTEL__JSON_STRING || node->size == 0 || node->size > 23) return false;
    size_t digits = strspn(memcpy(room, node->text, node->size), "-0123456789");
    room[node->size] = '\0';
    if (digits < node->size || strlen(room) != node->size) return false;
    number->type = OTEL__JSON_NUMBER;
    number->text = room;
    return true;
}

static bool decode_uint64(desk_decoder *d, const otel__json *node, const char *name, uint64_t *out)
{
    char room[24] = {0};
    otel__json number;
    if (!node) return true;
    return (as_number(node, room, &number) && otel__json_uint64(&number, out)) || wrong(d, name, "a whole number");
}

static bool decode_int64(desk_decoder *d, const otel__json *node, const char *name, int64_t *out)
{
    char room[24] = {0};
    otel__json number;
    if (!node) return true;
    return (as_number(node, room, &number) && otel__json_int64(&number, out)) || wrong(d, name, "a whole number");
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "" is no id; so is one of another length, as in protobuf. What is no hexadecimal is a mistake of the sender. */
static bool decode_id(desk_decoder *d, const otel__json *node, const char *name, uint8_t *id, size_t size)
{
    desk_text text = {"", 0};
    if (!decode_text(d, node, name, &text)) return false;
    for (size_t i = 0; i < text.size; i++) {
        if (hex_digit(text.at[i]) < 0) return wrong(d, name, "hexadecimal");
    }
    if (text.size != 2 * size) return true;
    for (size_t i = 0; i < size; i++) id[i] = (uint8_t)(hex_digit(text.at[2 * i]) << 4 | hex_digit(text.at[2 * i + 1]));
    return true;
}

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+' || c == '-') return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

/* Either alphabet, with or without padding. */
static bool decode_bytes(desk_decoder *d, otel__json_arena *arena, const otel__json *node, desk_text *out)
{
    desk_text text = {"", 0};
    if (!decode_text(d, node, "bytesValue", &text)) return false;
    for (int i = 0; i < 2 && text.size && text.at[text.size - 1] == '='; i++) text.size--;
    char *bytes = desk_take_memory(d, arena, text.size + 1, 1);
    if (!bytes) return false;
    uint32_t bits = 0;
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        int digit = base64_digit(text.at[i]);
        if (digit < 0) return wrong(d, "bytesValue", "base64");
        bits = bits << 6 | (uint32_t)digit;
        if (i % 4) bytes[size++] = (char)(bits >> (6 - 2 * (i % 4)) & 0xff);
    }
    *out = (desk_text){bytes, size};
    return text.size % 4 != 1 || wrong(d, "bytesValue", "base64");
}

static bool decode_double(desk_decoder *d, const otel__json *node, double *out)
{
    if (otel__json_string_is(node, "NaN"))
        *out = __builtin_nan("");
    else if (otel__json_string_is(node, "Infinity"))
        *out = __builtin_inf();
    else if (otel__json_string_is(node, "-Infinity"))
        *out = -__builtin_inf();
    else if (!otel__json_double(node, out))
        return wrong(d, "doubleValue", "a number");
    return true;
}

static bool decode_value(desk_decoder *d, otel__json_arena *arena, const otel__json *node, unsigned depth,
                         desk_value *value);
static bool decode_attributes(desk_decoder *d, otel__json_arena *arena, const otel__json *array, unsigned depth,
                              desk_attributes *out);

/* The list inside arrayValue and kvlistValue; NULL: empty. */
static bool find_list(desk_decoder *d, const otel__json *node, const char *name, const otel__json **list)
{
    *list = NULL;
    if (!is(node, OTEL__JSON_OBJECT)) return wrong(d, name, "an object");
    *list = member(node, "values", NULL);
    return !*list || is(*list, OTEL__JSON_ARRAY) || wrong(d, "values", "an array");
}

static bool decode_array(desk_decoder *d, otel__json_arena *arena, const otel__json *node, unsigned depth,
                         desk_values *out)
{
    const otel__json *list;
    if (!find_list(d, node, "arrayValue", &list)) return false;
    if (!list || list->size == 0) return true;
    desk_value *values = desk_take_memory(d, arena, list->size, sizeof *values);
    if (!values) return false;
    size_t count = 0;
    for (const otel__json *item = list->first; item; item = item->next) {
        if (!decode_value(d, arena, item, depth, &values[count++])) return false;
    }
    *out = (desk_values){values, count};
    return true;
}

static bool decode_map(desk_decoder *d, otel__json_arena *arena, const otel__json *node, unsigned depth,
                       desk_attributes *out)
{
    const otel__json *list;
    return find_list(d, node, "kvlistValue", &list) && decode_attributes(d, arena, list, depth, out);
}

static bool decode_named_value(desk_decoder *d, otel__json_arena *arena, const otel__json *node, unsigned depth,
                               desk_value *value)
{
    desk_value read = {.kind = DESK_EMPTY};
    bool good = true;
    if (node->type == OTEL__JSON_NULL) return true;
    if (otel__json_key_is(node, "stringValue") || otel__json_key_is(node, "string_value")) {
        read.kind = DESK_STRING;
        good = decode_text(d, node, "stringValue", &read.as.text);
    } else if (otel__json_key_is(node, "boolValue") || otel__json_key_is(node, "bool_value")) {
        read = (desk_value){DESK_BOOL, {.boolean = node->boolean}};
        good = node->type == OTEL__JSON_BOOL || wrong(d, "boolValue", "true or false");
    } else if (otel__json_key_is(node, "intValue") || otel__json_key_is(node, "int_value")) {
        read.kind = DESK_INT;
        good = decode_int64(d, node, "intValue", &read.as.integer);
    } else if (otel__json_key_is(node, "doubleValue") || otel__json_key_is(node, "double_value")) {
        read.kind = DESK_DOUBLE;
        good = decode_double(d, node, &read.as.number);
    } else if (otel__json_key_is(node, "arrayValue") || otel__json_key_is(node, "array_value")) {
        read = (desk_value){DESK_ARRAY, {.array = {NULL, 0}}};
        good = decode_array(d, arena, node, depth + 1, &read.as.array);
    } else if (otel__json_key_is(node, "kvlistValue") || otel__json_key_is(node, "kvlist_value")) {
        read = (desk_value){DESK_MAP, {.map = {NULL, 0}}};
        good = decode_map(d, arena, node, depth + 1, &read.as.map);
    } else if (otel__json_key_is(node, "bytesValue") || otel__json_key_is(node, "bytes_value")) {
        read.kind = DESK_BYTES;
        good = decode_bytes(d, arena, node, &read.as.text);
    } else {
        return true;
    }
    *value = read;
    return good;
}

static bool decode_value(desk_decoder *d, otel__json_arena *arena, const otel__json *node, unsigned depth,
                         desk_value *value)
{
    *value = (desk_value){.kind = DESK_EMPTY};
    if (!node || node->type == OTEL__JSON_NULL || depth > DESK_MAX_DEPTH) return true;
    if (node->type != OTEL__JSON_OBJECT) return wrong(d, "a value", "an object");
    for (const otel__json *one = node->first; one; one = one->next) {
        if (!decode_named_value(d, arena, one, depth, value)) return false;
    }
    return true;
}

static bool decode_attributes(desk_decoder *d, otel__json_arena *arena, const otel__json *array, unsigned depth,
                              desk_attributes *out)
{
    *out = (desk_attributes){NULL, 0};
    if (!array) return true;
    if (!is(array, OTEL__JSON_ARRAY)) return wrong(d, "attributes", "an array");
    if (array->size == 0) return true;
    desk_attribute *attributes = desk_take_memory(d, arena, array->size, sizeof *attributes);
    if (!attributes) return false;
    size_t count = 0;
    for (const otel__json *item = array->first; item; item = item->next) {
        desk_attribute *attribute = &attributes[count++];
        attribute->key = DESK_TEXT("");
        if (!is(item, OTEL__JSON_OBJECT)) return wrong(d, "an attribute", "an object");
        if (!decode_text(d, member(item, "key", NULL), "key", &attribute->key)) return false;
        if (!decode_value(d, arena, member(item, "value", NULL), depth, &attribute->value)) return false;
    }
    *out = (desk_attributes){attributes, count};
    return true;
}

static bool decode_record_fields(desk_decoder *d, const otel__json *node, desk_record *record)
{
    return decode_uint64(d, member(node, "timeUnixNano", "time_unix_nano"), "timeUnixNano", &record->time_unix_nano) &&
           decode_uint64(d, member(node, "observedTimeUnixNano", "observed_time_unix_nano"), "observedTimeUnixNano",
                         &record->observed_unix_nano) &&
           decode_int64(d, member(node, "severityNumber", "severity_number"), "severityNumber", &record->severity) &&
           decode_text(d, member(node, "severityText", "severity_text"), "severityText", &record->severity_text) &&
           decode_text(d, member(node, "eventName", "event_name"), "eventName", &record->event_name) &&
           decode_uint64(d, member(node, "droppedAttributesCount", "dropped_attributes_count"),
                         "droppedAttributesCount", &record->dropped_attributes) &&
           decode_id(d, member(node, "traceId", "trace_id"), "traceId", record->trace_id, sizeof record->trace_id) &&
           decode_id(d, member(node, "spanId", "span_id"), "spanId", record->span_id, sizeof record->span_id);
}

static bool decode_record(desk_decoder *d, const desk_origin *origin, const otel__json *node)
{
    otel__json_arena_reset(d->record);
    desk_record record = {0};
    if (!decode_record_fields(d, node, &record)) return false;
    if (!decode_value(d, d->record, member(node, "body", NULL), 0, &record.body)) return false;
    if (!decode_attributes(d, d->record, member(node, "attributes", NULL), 0, &record.attributes)) return false;
    return d->take(d->context, origin, &record, d->failure);
}

typedef bool each_object(desk_decoder *d, const desk_origin *origin, const otel__json *node);

static bool for_each(desk_decoder *d, const otel__json *array, const char *name, const desk_origin *origin,
                     each_object *read)
{
    if (!array) return true;
    if (!is(array, OTEL__JSON_ARRAY)) return wrong(d, name, "an array");
    for (const otel__json *item = array->first; item; item = item->next) {
        if (!is(item, OTEL__JSON_OBJECT)) return desk_fail(d->failure, 400, "%s must hold objects", name);
        if (!read(d, origin, item)) return false;
    }
    return true;
}

static bool is_object_or_absent(desk_decoder *d, const otel__json *node, const char *name)
{
    return !node || is(node, OTEL__JSON_OBJECT) || wrong(d, name, "an object");
}

static bool decode_scope_logs(desk_decoder *d, const desk_origin *resource, const otel__json *node)
{
    desk_origin origin = *resource;
    const otel__json *scope = member(node, "scope", NULL);
    if (!is_object_or_absent(d, scope, "scope")) return false;
    if (!decode_text(d, member(scope, "name", NULL), "name", &origin.scope_name)) return false;
    if (!decode_text(d, member(scope, "version", NULL), "version", &origin.scope_version)) return false;
    if (!decode_attributes(d, d->request, member(scope, "attributes", NULL), 0, &origin.scope)) return false;
    return for_each(d, member(node, "logRecords", "log_records"), "logRecords", &origin, decode_record);
}

static bool decode_resource_logs(desk_decoder *d, const desk_origin *nothing, const otel__json *node)
{
    desk_origin origin = *nothing;
    const otel__json *resource = member(node, "resource", NULL);
    if (!is_object_or_absent(d, resource, "resource")) return false;
    if (!decode_attributes(d, d->request, member(resource, "attributes", NULL), 0, &origin.resource)) return false;
    if (!desk_role(d, &origin)) return false;
    return for_each(d, member(node, "scopeLogs", "scope_logs"), "scopeLogs", &origin, decode_scope_logs);
}

bool desk_decode_json(desk_decoder *d, desk_text body)
{
    otel__json_error error = {0, "it is empty"};
    const otel__json *root = body.size ? otel__json_read(d->request, body.at, body.size, &error) : NULL;
    if (!root) return desk_fail(d->failure, 400, "the body is no JSON: %s (byte %zu)", error.words, error.offset);
    if (!is(root, OTEL__JSON_OBJECT)) return wrong(d, "the request", "an object");
    desk_origin nothing = {0};
    return for_each(d, member(root, "resourceLogs", "resource_logs"), "resourceLogs", &nothing, decode_resource_logs);
}
