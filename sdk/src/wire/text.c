/* A value as text, for whatever cannot hold typed values (Common, "AnyValue representation for non-OTLP protocols"). */
#include <otel/sdk/log_record.h>

#include <math.h>

#include "text_buffer.h"
#include "utf8.h"

static void write_value(otel__text *text, const otel_value *value, bool inside, uint32_t depth);

static void write_array(otel__text *text, const otel_value *array, uint32_t depth)
{
    otel_value item;
    const char *separator = "[";
    for (otel_iter it = otel_value_items(array); otel_value_next(&it, &item); separator = ",") {
        otel__text_word(text, separator);
        write_value(text, &item, true, depth + 1);
    }
    otel__text_word(text, *separator == '[' ? "[]" : "]");
}

static void write_map(otel__text *text, const otel_value *map, uint32_t depth)
{
    otel_attr entry;
    const char *separator = "{";
    for (otel_iter it = otel_value_entries(map); otel_attr_next(&it, &entry); separator = ",") {
        otel__text_word(text, separator);
        otel__text_quoted(text, entry.key, entry.key_size);
        otel__text_word(text, ":");
        write_value(text, &entry.value, true, depth + 1);
    }
    otel__text_word(text, *separator == '{' ? "{}" : "}");
}

static void write_bytes(otel__text *text, const otel_value *bytes, bool inside)
{
    if (inside)
        otel__text_quoted_base64(text, bytes->u.data, bytes->size);
    else
        otel__text_base64(text, bytes->u.data, bytes->size);
}

static void write_string(otel__text *text, const otel_value *string, bool inside)
{
    if (!otel__utf8_valid(string->u.string, string->size))
        write_bytes(text, string, inside); /* as in OTLP */
    else if (inside)
        otel__text_quoted(text, string->u.string, string->size);
    else
        otel__text_put(text, string->u.string, string->size);
}

static void write_double(otel__text *text, double number, bool inside)
{
    const char *quote = inside && !isfinite(number) ? "\"" : "";
    otel__text_word(text, quote);
    otel__text_double(text, number);
    otel__text_word(text, quote);
}

static void write_collection(otel__text *text, const otel_value *value, bool inside, uint32_t depth)
{
    if (depth > OTEL__TEXT_DEPTH)
        otel__text_word(text, inside ? "null" : "");
    else if (value->type == OTEL_TYPE_MAP)
        write_map(text, value, depth);
    else
        write_array(text, value, depth);
}

static void write_value(otel__text *text, const otel_value *value, bool inside, uint32_t depth)
{
    switch (otel__text_type(value)) {
    case OTEL_TYPE_STRING:
        write_string(text, value, inside);
        break;
    case OTEL_TYPE_BOOL:
        otel__text_word(text, value->u.boolean ? "true" : "false");
        break;
    case OTEL_TYPE_INT:
        otel__text_signed(text, value->u.integer);
        break;
    case OTEL_TYPE_DOUBLE:
        write_double(text, value->u.number, inside);
        break;
    case OTEL_TYPE_BYTES:
        write_bytes(text, value, inside);
        break;
    case OTEL_TYPE_ARRAY:
    case OTEL_TYPE_MAP:
    case OTEL_TYPE_STRINGS:
    case OTEL_TYPE_INTS:
    case OTEL_TYPE_DOUBLES:
    case OTEL_TYPE_BOOLS:
        write_collection(text, value, inside, depth);
        break;
    default: /* empty, or a kind that we do not know */
        otel__text_word(text, inside ? "null" : "");
    }
}

size_t otel_value_text(const otel_value *value, char *out, size_t size)
{
    otel__text text = otel__text_begin(out, size);
    if (value) write_value(&text, value, false, 1);
    return otel__text_end(&text);
}

size_t otel_value_json(const otel_value *value, char *out, size_t size)
{
    otel__text text = otel__text_begin(out, size);
    if (value) write_value(&text, value, true, 1);
    return otel__text_end(&text);
}
