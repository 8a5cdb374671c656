/* JSON to values; as deep as the reader lets JSON be. */
#include "json_value.h"

#include <string.h>

static bool keep_text(otel__json_arena *memory, bool copy, const char **text, uint32_t size)
{
    if (!copy) return true;
    char *kept = otel__json_allocate(memory, (size_t)size + 1);
    if (!kept) return false;
    memcpy(kept, *text, size);
    kept[size] = '\0';
    *text = kept;
    return true;
}

static otel_value number_value(const otel__json *json)
{
    int64_t integer;
    double number = 0;
    if (otel__json_int64(json, &integer)) return otel_int(integer);
    otel__json_double(json, &number);
    return otel_double(number);
}

static bool string_value(otel__json_arena *memory, const otel__json *json, bool copy, otel_value *out)
{
    const char *text = json->text;
    if (!keep_text(memory, copy, &text, json->size)) return false;
    *out = otel_stringn(text, json->size);
    return true;
}

static bool array_value(otel__json_arena *memory, const otel__json *json, bool copy, otel_value *out)
{
    otel_value *values = otel__json_allocate(memory, json->size * sizeof *values);
    if (!values) return false;
    *out = otel_array(values, json->size);
    for (const otel__json *item = json->first; item; item = item->next) {
        if (!otel__json_value(memory, item, copy, values++)) return false;
    }
    return true;
}

static bool object_value(otel__json_arena *memory, const otel__json *json, bool copy, otel_value *out)
{
    otel_attr *attributes = otel__json_allocate(memory, json->size * sizeof *attributes);
    if (!attributes) return false;
    *out = otel_map(attributes, json->size);
    return otel__json_members(memory, json, copy, attributes);
}

bool otel__json_value(otel__json_arena *memory, const otel__json *json, bool copy, otel_value *out)
{
    switch (json->type) {
    case OTEL__JSON_BOOL:
        *out = otel_bool(json->boolean);
        return true;
    case OTEL__JSON_NUMBER:
        *out = number_value(json);
        return true;
    case OTEL__JSON_STRING:
        return string_value(memory, json, copy, out);
    case OTEL__JSON_ARRAY:
        return array_value(memory, json, copy, out);
    case OTEL__JSON_OBJECT:
        return object_value(memory, json, copy, out);
    default:
        *out = otel_empty();
        return true;
    }
}

bool otel__json_members(otel__json_arena *memory, const otel__json *object, bool copy, otel_attr *out)
{
    for (const otel__json *member = object->first; member; member = member->next, out++) {
        const char *key = member->key;
        if (!keep_text(memory, copy, &key, member->key_size)) return false;
        *out = otel_attrn(key, member->key_size, otel_empty());
        if (!otel__json_value(memory, member, copy, &out->value)) return false;
    }
    return true;
}
