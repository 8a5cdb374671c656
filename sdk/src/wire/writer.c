/* Values and attributes of every kind as OTLP bytes: AnyValue, ArrayValue, KeyValueList, KeyValue. */
#include "writer.h"
#include "utf8.h"
#include <otel/sdk/log_record.h>

static bool is_array(const otel_value *value)
{
    return value->type == OTEL_TYPE_ARRAY || (value->type >= OTEL_TYPE_STRINGS && value->type <= OTEL_TYPE_BOOLS);
}

/* Bytes of a string or byte array that are kept. */
static uint32_t kept(const otel__wire_walk *walk, const otel_value *value)
{
    if (value->u.data == NULL) return 0;
    if (value->size <= walk->length_limit) return value->size;
    if (value->type == OTEL_TYPE_BYTES) return walk->length_limit;
    return (uint32_t)otel__utf8_limited(value->u.data, value->size, walk->length_limit);
}

static bool too_much(otel__wire_walk *walk, uint64_t bytes)
{
    walk->work += bytes;
    return walk->work > OTEL__WIRE_TOO_LARGE;
}

static uint64_t items_size(otel__wire_walk *walk, const otel_value *array, uint32_t depth)
{
    uint64_t total = 0;
    otel_iter it = otel_value_items(array);
    for (otel_value item; otel_value_next(&it, &item);) {
        if (too_much(walk, 2)) return OTEL__WIRE_TOO_LARGE;
        total += otel__wire_framed_size(otel__wire_value_size(walk, &item, depth + 1));
    }
    return total;
}

static uint64_t entries_size(otel__wire_walk *walk, const otel_value *map, uint32_t depth)
{
    uint64_t total = 0;
    otel_iter it = otel_value_entries(map);
    for (otel_attr entry; otel_attr_next(&it, &entry);) {
        if (too_much(walk, 6)) return OTEL__WIRE_TOO_LARGE;
        total += otel__wire_framed_size(otel__wire_key_value_size(walk, &entry, depth + 1));
    }
    return total;
}

/* Length of the ArrayValue or KeyValueList, remembered in the order in which they are written. */
static uint64_t nested_size(otel__wire_walk *walk, const otel_value *value, uint32_t depth)
{
    uint32_t slot = walk->cursor++;
    uint64_t size = is_array(value) ? items_size(walk, value, depth) : entries_size(walk, value, depth);
    if (walk->learned != NULL && slot < OTEL__WIRE_LENGTHS) walk->learned->length[slot] = (uint32_t)size;
    return size;
}

/* The same while writing: remembered, or measured again. The cursor stays. */
static uint64_t nested_size_again(const otel__wire_walk *walk, const otel_value *value, uint32_t depth)
{
    if (walk->known != NULL && walk->cursor < OTEL__WIRE_LENGTHS) return walk->known->length[walk->cursor];
    otel__wire_walk measure = {.length_limit = walk->length_limit, .depth_limit = walk->depth_limit};
    return nested_size(&measure, value, depth);
}

static bool is_nested(const otel__wire_walk *walk, const otel_value *value, uint32_t depth)
{
    return (is_array(value) || value->type == OTEL_TYPE_MAP) && depth <= walk->depth_limit;
}

static uint64_t plain_size(const otel__wire_walk *walk, const otel_value *value)
{
    switch (value->type) {
    case OTEL_TYPE_STRING:
    case OTEL_TYPE_BYTES:
        return otel__wire_framed_size(kept(walk, value));
    case OTEL_TYPE_BOOL:
        return 2;
    case OTEL_TYPE_INT:
        return 1 + otel__wire_varint_size((uint64_t)value->u.integer);
    case OTEL_TYPE_DOUBLE:
        return 9;
    default:
        return 0;
    }
}

uint64_t otel__wire_value_size(otel__wire_walk *walk, const otel_value *value, uint32_t depth)
{
    if (is_nested(walk, value, depth)) return otel__wire_framed_size(nested_size(walk, value, depth));
    return plain_size(walk, value);
}

static uint64_t value_size_again(const otel__wire_walk *walk, const otel_value *value, uint32_t depth)
{
    if (is_nested(walk, value, depth)) return otel__wire_framed_size(nested_size_again(walk, value, depth));
    return plain_size(walk, value);
}

uint64_t otel__wire_key_value_size(otel__wire_walk *walk, const otel_attr *attr, uint32_t depth)
{
    return otel__wire_framed_size(attr->key_size) +
           otel__wire_framed_size(otel__wire_value_size(walk, &attr->value, depth));
}

static uint8_t *put_nested(uint8_t *at, otel__wire_walk *walk, const otel_value *value, uint32_t depth)
{
    uint64_t size = nested_size_again(walk, value, depth);
    walk->cursor++;
    if (is_array(value)) {
        at = otel__wire_put_head(at, 0x2a, size);
        otel_iter it = otel_value_items(value);
        for (otel_value item; otel_value_next(&it, &item);) at = otel__wire_put_value(at, 0x0a, walk, &item, depth + 1);
    } else {
        at = otel__wire_put_head(at, 0x32, size);
        otel_iter it = otel_value_entries(value);
        for (otel_attr entry; otel_attr_next(&it, &entry);) {
            at = otel__wire_put_key_value(at, 0x0a, walk, &entry, depth + 1);
        }
    }
    return at;
}

static uint8_t *put_plain(uint8_t *at, otel__wire_walk *walk, const otel_value *value)
{
    uint32_t size;
    uint8_t truth;
    switch (value->type) {
    case OTEL_TYPE_STRING:
        size = kept(walk, value);
        return otel__wire_copy(otel__wire_put_head(at, 0x0a, size), value->u.string, size, &walk->high);
    case OTEL_TYPE_BYTES: /* not looked at: bytes need not be text */
        size = kept(walk, value);
        at = otel__wire_put_head(at, 0x3a, size);
        if (size != 0) memcpy(at, value->u.data, size);
        return at + size;
    case OTEL_TYPE_BOOL:
        memcpy(&truth, &value->u.boolean, 1); /* may be neither 0 nor 1, and must do no harm then */
        at[0] = 0x10;
        at[1] = truth != 0;
        return at + 2;
    case OTEL_TYPE_INT:
        *at = 0x18;
        return otel__wire_put_varint(at + 1, (uint64_t)value->u.integer);
    case OTEL_TYPE_DOUBLE:
        *at = 0x21;
        otel__wire_le64(at + 1, (uint64_t)value->u.integer);
        return at + 9;
    default:
        return at;
    }
}

uint8_t *otel__wire_put_value(uint8_t *at, uint8_t tag, otel__wire_walk *walk, const otel_value *value, uint32_t depth)
{
    at = otel__wire_put_head(at, tag, value_size_again(walk, value, depth));
    return is_nested(walk, value, depth) ? put_nested(at, walk, value, depth) : put_plain(at, walk, value);
}

uint8_t *otel__wire_put_key_value(uint8_t *at, uint8_t tag, otel__wire_walk *walk, const otel_attr *attr,
                                  uint32_t depth)
{
    uint64_t value_size = value_size_again(walk, &attr->value, depth);
    at = otel__wire_put_head(at, tag, otel__wire_framed_size(attr->key_size) + otel__wire_framed_size(value_size));
    at = otel__wire_copy(otel__wire_put_head(at, 0x0a, attr->key_size), attr->key, attr->key_size, &walk->high);
    return otel__wire_put_value(at, 0x12, walk, &attr->value, depth);
}

uint8_t *otel__wire_written_length(uint8_t *at, size_t *size)
{
    size_t value = 0;
    uint32_t shift = 0;
    uint8_t byte;
    do {
        byte = *at++;
        value |= (size_t)(byte & 0x7f) << shift;
        shift += 7;
    } while (byte & 0x80);
    *size = value;
    return at;
}

void otel__wire_mend_value(uint8_t *content, size_t size)
{
    if (size == 0) return;
    uint8_t tag = *content;
    if (tag != 0x0a && tag != 0x2a && tag != 0x32) return;
    size_t n;
    uint8_t *at = otel__wire_written_length(content + 1, &n), *end = at + n;
    if (tag == 0x0a) {
        if (!otel__utf8_valid(at, n)) *content = 0x3a;
        return;
    }
    while (at < end) {
        at = otel__wire_written_length(at + 1, &n);
        if (tag == 0x2a) {
            otel__wire_mend_value(at, n);
        } else {
            otel__wire_mend_key_value(at, n);
        }
        at += n;
    }
}

void otel__wire_mend_key_value(uint8_t *content, size_t size)
{
    size_t n;
    if (size == 0) return;
    uint8_t *key = otel__wire_written_length(content + 1, &n);
    otel__utf8_mend(key, n);
    uint8_t *value = otel__wire_written_length(key + n + 1, &n);
    otel__wire_mend_value(value, n);
}

uint64_t otel__wire_attributes_size(const otel_attr *attrs, size_t count)
{
    uint64_t total = 0;
    otel__wire_walk walk = otel__wire_walk_begin();
    if (attrs == NULL) return 0;
    for (size_t i = 0; i < count; i++) {
        if (!otel__wire_is_attribute(&attrs[i])) continue;
        total += otel__wire_framed_size(otel__wire_key_value_size(&walk, &attrs[i], 1));
    }
    return total;
}

uint8_t *otel__wire_attributes_write(uint8_t *at, uint8_t tag, const otel_attr *attrs, size_t count)
{
    otel__wire_walk walk = otel__wire_walk_begin();
    if (attrs == NULL) return at;
    for (size_t i = 0; i < count; i++) {
        if (!otel__wire_is_attribute(&attrs[i])) continue;
        size_t n;
        uint8_t *begin = at;
        at = otel__wire_put_key_value(at, tag, &walk, &attrs[i], 1);
        uint8_t *content = otel__wire_written_length(begin + 1, &n);
        otel__wire_mend_key_value(content, n);
    }
    return at;
}

uint64_t otel__wire_text_size(size_t size)
{
    return size == 0 ? 0 : otel__wire_framed_size(size);
}

uint8_t *otel__wire_text_write(uint8_t *at, uint8_t tag, const char *text, size_t size)
{
    if (size == 0) return at;
    at = otel__wire_put_head(at, tag, size);
    memcpy(at, text, size);
    otel__utf8_mend(at, size);
    return at + size;
}
