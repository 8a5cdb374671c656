/* The reader of encoded records. All lengths are checked against the message they lie in; what is malformed ends the
 * reading. */
#include "reader.h"
#include "writer.h"

enum { FIELD_ATTRIBUTES = 6, LARGEST_FIELD = (1 << 29) - 1 };

static bool read_long_varint(const uint8_t **at, const uint8_t *end, uint64_t *value)
{
    uint64_t v = 0;
    const uint8_t *p = *at;
    for (uint32_t shift = 0; shift < 64 && p < end; shift += 7) {
        uint8_t byte = *p++;
        if (shift == 63 && byte > 1) return false; /* more than 64 bits */
        v |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *value = v;
            *at = p;
            return true;
        }
    }
    return false;
}

/* Nearly all are one byte. */
static inline bool read_varint(const uint8_t **at, const uint8_t *end, uint64_t *value)
{
    if (*at == end || **at >= 0x80) return read_long_varint(at, end, value);
    *value = *(*at)++;
    return true;
}

static bool read_fixed(const uint8_t **at, const uint8_t *end, uint32_t size, uint64_t *value)
{
    uint64_t v = 0;
    if ((size_t)(end - *at) < size) return false;
    for (uint32_t i = 0; i < size; i++) v |= (uint64_t)(*at)[i] << (8 * i);
    *value = v;
    *at += size;
    return true;
}

static bool read_bytes(const uint8_t **at, const uint8_t *end, otel__wire_field *field)
{
    uint64_t size;
    if (!read_varint(at, end, &size) || size > (uint64_t)(end - *at)) return false;
    field->bytes = *at;
    field->size = (size_t)size;
    *at += size;
    return true;
}

bool otel__wire_next_field(const uint8_t **at, const uint8_t *end, otel__wire_field *field)
{
    const uint8_t *p = *at;
    uint64_t tag;
    bool ok = false;
    if (p == end || !read_varint(&p, end, &tag) || tag < 8 || tag >> 3 > LARGEST_FIELD) return false;
    field->number = (uint32_t)(tag >> 3);
    field->type = (uint32_t)(tag & 7);
    switch (field->type) {
    case OTEL__WIRE_VARINT:
        ok = read_varint(&p, end, &field->value);
        break;
    case OTEL__WIRE_FIXED64:
        ok = read_fixed(&p, end, 8, &field->value);
        break;
    case OTEL__WIRE_BYTES:
        ok = read_bytes(&p, end, field);
        break;
    case OTEL__WIRE_FIXED32:
        ok = read_fixed(&p, end, 4, &field->value);
        break;
    default:
        break;
    }
    if (ok) *at = p;
    return ok;
}

bool otel__wire_next_element(const uint8_t **at, const uint8_t *end, uint32_t number, otel__wire_field *field)
{
    while (otel__wire_next_field(at, end, field)) {
        if (field->number == number && field->type == OTEL__WIRE_BYTES) return true;
    }
    return false;
}

static void take_value(const otel__wire_field *field, otel_value *value)
{
    if (field->type == OTEL__WIRE_BYTES) {
        if (field->number != OTEL_TYPE_STRING && (field->number < OTEL_TYPE_ARRAY || field->number > OTEL_TYPE_BYTES))
            return;
        *value = otel_pointer_value((int)field->number, field->bytes, field->size);
        if (value->type == OTEL_TYPE_ARRAY || value->type == OTEL_TYPE_MAP) value->form = OTEL_FORM_OTLP;
    } else if (field->number == OTEL_TYPE_BOOL && field->type == OTEL__WIRE_VARINT) {
        *value = otel_bool(field->value != 0);
    } else if (field->number == OTEL_TYPE_INT && field->type == OTEL__WIRE_VARINT) {
        *value = otel_int((int64_t)field->value);
    } else if (field->number == OTEL_TYPE_DOUBLE && field->type == OTEL__WIRE_FIXED64) {
        *value = otel_double(0);
        value->u.integer = (int64_t)field->value;
    }
}

bool otel__wire_read_value(const uint8_t *bytes, size_t size, otel_value *value)
{
    const uint8_t *end = bytes + size;
    otel__wire_field field;
    *value = otel_empty();
    if (size > UINT32_MAX) return false;
    while (otel__wire_next_field(&bytes, end, &field)) take_value(&field, value);
    return bytes == end;
}

bool otel__wire_read_key_value(const uint8_t *bytes, size_t size, otel_attr *attr)
{
    const uint8_t *end = bytes + size;
    otel__wire_field field;
    *attr = otel_attrn("", 0, otel_empty());
    if (size > UINT32_MAX) return false;
    while (otel__wire_next_field(&bytes, end, &field)) {
        if (field.type != OTEL__WIRE_BYTES) continue;
        if (field.number == 1) {
            attr->key = (const char *)field.bytes;
            attr->key_size = (uint32_t)field.size;
        } else if (field.number == 2 && !otel__wire_read_value(field.bytes, field.size, &attr->value)) {
            return false;
        }
    }
    return bytes == end;
}

/* Whether everything inside a value is well-formed. Only the value that counts is looked into: nobody sees the others.
 */
static bool sound_value(const otel_value *value, uint32_t depth)
{
    if (value->form != OTEL_FORM_OTLP) return true;
    if (depth > OTEL__WIRE_DEPTH) return false;
    const uint8_t *at = value->u.data, *end = at + value->size;
    for (otel__wire_field field; otel__wire_next_element(&at, end, 1, &field);) {
        otel_attr entry;
        bool ok = value->type == OTEL_TYPE_ARRAY ? otel__wire_read_value(field.bytes, field.size, &entry.value)
                                                 : otel__wire_read_key_value(field.bytes, field.size, &entry);
        if (!ok || !sound_value(&entry.value, depth + 1)) return false;
    }
    return at == end;
}

static otel_str text(const otel__wire_field *field)
{
    return field->size == 0 ? (otel_str){NULL, 0} : (otel_str){(const char *)field->bytes, field->size};
}

static void take_id(const otel__wire_field *field, uint8_t *id, size_t size)
{
    if (field->size == size) {
        memcpy(id, field->bytes, size);
    } else {
        memset(id, 0, size);
    }
}

static bool take_attribute(const otel__wire_field *field, const uint8_t *begin, const uint8_t *end,
                           otel__record_view *view)
{
    otel_attr attr;
    if (!otel__wire_read_key_value(field->bytes, field->size, &attr) || !sound_value(&attr.value, 1)) return false;
    if (view->attributes == NULL) view->attributes = begin;
    view->attributes_end = end;
    view->attribute_count += attr.key_size != 0;
    return true;
}

static bool take_bytes(const otel__wire_field *field, const uint8_t *begin, const uint8_t *end, otel__record_view *view)
{
    switch (field->number) {
    case 3:
        view->severity_text = text(field);
        return true;
    case 5:
        return otel__wire_read_value(field->bytes, field->size, &view->body) && sound_value(&view->body, 1);
    case FIELD_ATTRIBUTES:
        return take_attribute(field, begin, end, view);
    case 9:
        take_id(field, view->span_context.trace_id, 16);
        return true;
    case 10:
        take_id(field, view->span_context.span_id, 8);
        return true;
    case 12:
        view->event_name = text(field);
        return true;
    default:
        return true;
    }
}

static void take_number(const otel__wire_field *field, otel__record_view *view)
{
    switch (field->number << 3 | field->type) {
    case 1 << 3 | OTEL__WIRE_FIXED64:
        view->time = field->value;
        break;
    case 11 << 3 | OTEL__WIRE_FIXED64:
        view->observed = field->value;
        break;
    case 2 << 3 | OTEL__WIRE_VARINT:
        view->severity = field->value <= 24 ? (otel_severity)field->value : 0;
        break;
    case 7 << 3 | OTEL__WIRE_VARINT:
        view->dropped_attribute_count = (uint32_t)field->value;
        break;
    case 8 << 3 | OTEL__WIRE_FIXED32:
        view->span_context.flags = (uint8_t)field->value;
        break;
    default:
        break;
    }
}

bool otel__record_read(const uint8_t *bytes, size_t size, otel__record_view *view)
{
    memset(view, 0, sizeof *view);
    if (size == 0) return true;
    if (bytes == NULL || size > UINT32_MAX) return false;
    const uint8_t *at = bytes, *end = bytes + size, *begin = at;
    for (otel__wire_field field; otel__wire_next_field(&at, end, &field); begin = at) {
        if (field.type != OTEL__WIRE_BYTES) {
            take_number(&field, view);
        } else if (!take_bytes(&field, begin, at, view)) {
            return false;
        }
    }
    return at == end;
}

otel_iter otel__attributes_begin(const otel__record_view *view)
{
    return (otel_iter){.at = view->attributes, .end = view->attributes_end};
}

bool otel__attributes_next(otel_iter *it, otel_attr *attr)
{
    const uint8_t *at = it->at;
    for (otel__wire_field field; otel__wire_next_element(&at, it->end, FIELD_ATTRIBUTES, &field);) {
        if (otel__wire_read_key_value(field.bytes, field.size, attr) && attr->key_size != 0) {
            it->at = at;
            return true;
        }
    }
    it->at = it->end;
    return false;
}
