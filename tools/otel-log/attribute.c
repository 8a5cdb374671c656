/* Attributes of the command line: one small reader for each type. */
#include "attribute.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "json_value.h"

static const char out_of_memory[] = "out of memory";

static const char *read_string(otel__json_arena *memory, const char *text, otel_value *out)
{
    (void)memory;
    *out = otel_string(text);
    return NULL;
}

/* The strto functions skip white space first: a number of ours has none. */
static bool ends_number(const char *text, const char *end)
{
    return end != text && *end == '\0' && !isspace((unsigned char)*text);
}

static const char *read_int(otel__json_arena *memory, const char *text, otel_value *out)
{
    (void)memory;
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (!ends_number(text, end)) return "the value is no integer";
    if (errno == ERANGE) return "the integer does not fit into 64 bits";
    *out = otel_int(number);
    return NULL;
}

static const char *read_double(otel__json_arena *memory, const char *text, otel_value *out)
{
    (void)memory;
    char *end;
    double number = strtod(text, &end);
    if (!ends_number(text, end)) return "the value is no number";
    *out = otel_double(number);
    return NULL;
}

static const char *read_bool(otel__json_arena *memory, const char *text, otel_value *out)
{
    (void)memory;
    bool yes = strcmp(text, "true") == 0;
    if (!yes && strcmp(text, "false") != 0) return "the value is neither true nor false";
    *out = otel_bool(yes);
    return NULL;
}

static const char *read_json(otel__json_arena *memory, const char *text, otel_value *out)
{
    otel__json_error error;
    const otel__json *value = otel__json_read(memory, text, strlen(text), &error);
    if (!value) return error.words;
    return otel__json_value(memory, value, false, out) ? NULL : out_of_memory;
}

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+') return 62;
    return c == '/' ? 63 : -1;
}

/* Padding may be missing; where there is some, it must be right. */
static bool base64_length(const char *text, size_t *digits)
{
    size_t size = strlen(text), padding = 0;
    while (padding < 2 && padding < size && text[size - 1 - padding] == '=') padding++;
    *digits = size - padding;
    return *digits % 4 != 1 && (padding == 0 || size % 4 == 0);
}

static const char *read_bytes(otel__json_arena *memory, const char *text, otel_value *out)
{
    static const char wrong[] = "the value is no base64";
    size_t digits;
    if (!base64_length(text, &digits)) return wrong;
    size_t size = digits * 3 / 4, written = 0;
    unsigned char *bytes = otel__json_allocate(memory, size + 1);
    if (!bytes) return out_of_memory;
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < digits; i++) {
        int digit = base64_digit(text[i]);
        if (digit < 0) return wrong;
        bits = bits << 6 | (uint32_t)digit;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        bytes[written++] = (unsigned char)(bits >> held);
    }
    if ((bits & ((1u << held) - 1u)) != 0) return wrong; /* bits that belong to no byte */
    *out = otel_bytes(bytes, size);
    return NULL;
}

typedef const char *(*value_reader)(otel__json_arena *memory, const char *text, otel_value *out);

static value_reader reader_of(const char *type, size_t size)
{
    static const struct {
        const char *name;
        value_reader read;
    } types[] = {{"string", read_string}, {"int", read_int},   {"double", read_double},
                 {"bool", read_bool},     {"json", read_json}, {"bytes", read_bytes}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (strlen(types[i].name) == size && memcmp(types[i].name, type, size) == 0) return types[i].read;
    }
    return NULL;
}

const char *otel__attribute_read(otel__json_arena *memory, const char *text, otel_attr *attribute)
{
    const char *equals = strchr(text, '=');
    if (!equals) return "not KEY=VALUE or KEY:TYPE=VALUE";
    const char *colon = memrchr(text, ':', (size_t)(equals - text));
    size_t key_size = (size_t)((colon ? colon : equals) - text);
    if (key_size == 0) return "the key is empty";
    value_reader read = colon ? reader_of(colon + 1, (size_t)(equals - colon - 1)) : read_string;
    if (!read) return "the type is none of string, int, double, bool, json, bytes";
    *attribute = otel_attrn(text, (uint32_t)key_size, otel_empty());
    return read(memory, equals + 1, &attribute->value);
}
