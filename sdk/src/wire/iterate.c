/* The public iterators over arrays and maps, in memory or encoded: what is not a value or entry is passed over in both.
 */
#include "reader.h"
#include "writer.h"
#include "logs/record.h"

/* otel_private[0] says what lies between at and end. Zero: nothing to iterate. */
enum { MEMORY_MAP = 1, ENCODED_MAP = 2, ENCODED_ARRAY = 3, MEMORY_ARRAY = 16 /* + OTEL_TYPE_... */ };

/* A key that comes again within that many entries is given once, the last. Bounded, so that a map of very many entries
 * is not compared each with each. */
enum { NEIGHBOURS = 128 };

static size_t element_size(uint32_t type)
{
    switch (type) {
    case OTEL_TYPE_ARRAY:
        return sizeof(otel_value);
    case OTEL_TYPE_STRINGS:
        return sizeof(const char *);
    case OTEL_TYPE_INTS:
        return sizeof(int64_t);
    case OTEL_TYPE_DOUBLES:
        return sizeof(double);
    case OTEL_TYPE_BOOLS:
        return sizeof(bool);
    case OTEL_TYPE_MAP:
        return sizeof(otel_attr);
    default:
        return 0;
    }
}

static otel_iter iterator(const otel_value *value, uint64_t memory, uint64_t encoded)
{
    otel_iter it = {.at = NULL};
    if (value->u.data == NULL || value->size == 0) return it;
    bool is_encoded = value->form == OTEL_FORM_OTLP && (value->type == OTEL_TYPE_ARRAY || value->type == OTEL_TYPE_MAP);
    it.otel_private[0] = is_encoded ? encoded : memory;
    it.at = value->u.data;
    it.end = (const char *)value->u.data + value->size * (is_encoded ? 1 : element_size(value->type));
    return it;
}

otel_iter otel_value_items(const otel_value *array)
{
    if (array == NULL || array->type == OTEL_TYPE_MAP || element_size(array->type) == 0) return (otel_iter){.at = NULL};
    return iterator(array, MEMORY_ARRAY + (uint64_t)array->type, ENCODED_ARRAY);
}

otel_iter otel_value_entries(const otel_value *map)
{
    if (map == NULL || map->type != OTEL_TYPE_MAP) return (otel_iter){.at = NULL};
    return iterator(map, MEMORY_MAP, ENCODED_MAP);
}

/* What the reader of a value may rely on: a type that exists, and a pointer wherever there is a size. */
static otel_value settled(otel_value value)
{
    if (value.type > OTEL_TYPE_BOOLS) return otel_empty();
    bool has_pointer = value.type == OTEL_TYPE_STRING || value.type >= OTEL_TYPE_ARRAY;
    if (has_pointer && value.u.data == NULL) {
        value.u.string = "";
        value.size = 0;
    }
    return value;
}

static otel_value memory_element(const void *at, uint64_t type)
{
    switch (type) {
    case OTEL_TYPE_STRINGS:
        return otel_string(*(const char *const *)at);
    case OTEL_TYPE_INTS:
        return otel_int(*(const int64_t *)at);
    case OTEL_TYPE_DOUBLES:
        return otel_double(*(const double *)at);
    case OTEL_TYPE_BOOLS:
        return otel_bool(*(const uint8_t *)at != 0);
    default:
        return settled(*(const otel_value *)at);
    }
}

static bool next_encoded_value(otel_iter *it, otel_value *value)
{
    const uint8_t *at = it->at;
    otel__wire_field field;
    bool found =
        otel__wire_next_element(&at, it->end, 1, &field) && otel__wire_read_value(field.bytes, field.size, value);
    it->at = found ? at : it->end;
    return found;
}

bool otel_value_next(otel_iter *it, otel_value *value)
{
    if (it == NULL || value == NULL || it->at == it->end) return false;
    if (it->otel_private[0] == ENCODED_ARRAY) return next_encoded_value(it, value);
    uint64_t type = it->otel_private[0] - MEMORY_ARRAY;
    if (it->otel_private[0] < MEMORY_ARRAY) return false;
    *value = memory_element(it->at, type);
    it->at = (const char *)it->at + element_size((uint32_t)type);
    return true;
}

static bool same_key(const otel_attr *a, const otel_attr *b)
{
    return a->key_size == b->key_size && memcmp(a->key, b->key, a->key_size) == 0;
}

static bool comes_again_in_memory(const otel_attr *entry, const otel_attr *end)
{
    if (end - entry > NEIGHBOURS) end = entry + NEIGHBOURS;
    for (const otel_attr *later = entry + 1; later < end; later++) {
        if (otel__wire_is_attribute(later) && same_key(entry, later)) return true;
    }
    return false;
}

static bool next_memory_entry(otel_iter *it, otel_attr *attr)
{
    const otel_attr *end = it->end;
    for (const otel_attr *entry = it->at; entry < end; entry++) {
        if (!otel__wire_is_attribute(entry) || comes_again_in_memory(entry, end)) continue;
        *attr = *entry;
        attr->value = settled(entry->value);
        it->at = entry + 1;
        return true;
    }
    it->at = end;
    return false;
}

static bool encoded_entry(const uint8_t **at, const uint8_t *end, otel_attr *attr)
{
    for (otel__wire_field field; otel__wire_next_element(at, end, 1, &field);) {
        if (!otel__wire_read_key_value(field.bytes, field.size, attr)) return false;
        if (attr->key_size != 0) return true;
    }
    return false;
}

static bool comes_again_encoded(const otel_attr *entry, const uint8_t *at, const uint8_t *end)
{
    otel_attr later;
    for (int i = 1; i < NEIGHBOURS && encoded_entry(&at, end, &later); i++) {
        if (same_key(entry, &later)) return true;
    }
    return false;
}

static bool next_encoded_entry(otel_iter *it, otel_attr *attr)
{
    const uint8_t *at = it->at;
    while (encoded_entry(&at, it->end, attr)) {
        if (comes_again_encoded(attr, at, it->end)) continue;
        it->at = at;
        return true;
    }
    it->at = it->end;
    return false;
}

bool otel_attr_next(otel_iter *it, otel_attr *attr)
{
    if (it == NULL || attr == NULL) return false;
    if (it->record != NULL) return otel__record_attr_next(it, attr);
    if (it->otel_private[0] == MEMORY_MAP) return next_memory_entry(it, attr);
    return it->otel_private[0] == ENCODED_MAP && next_encoded_entry(it, attr);
}
