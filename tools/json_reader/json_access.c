/* Looking into values that were read: members by name, numbers as integers and doubles. */
#include "json_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool same_text(const char *a, size_t size, const char *b)
{
    return a && b && strlen(b) == size && memcmp(a, b, size) == 0;
}

bool otel__json_key_is(const otel__json *member, const char *key)
{
    return member && same_text(member->key, member->key_size, key);
}

bool otel__json_string_is(const otel__json *value, const char *text)
{
    return value && value->type == OTEL__JSON_STRING && same_text(value->text, value->size, text);
}

const otel__json *otel__json_get(const otel__json *object, const char *key)
{
    if (!object || object->type != OTEL__JSON_OBJECT) return NULL;
    const otel__json *found = NULL;
    for (const otel__json *member = object->first; member; member = member->next) {
        if (otel__json_key_is(member, key)) found = member;
    }
    return found;
}

static bool is_integer(const otel__json *value)
{
    return value && value->type == OTEL__JSON_NUMBER && !strpbrk(value->text, ".eE");
}

/* The digits of an integer behind its sign; false: they do not fit. */
static bool read_digits(const char *digits, uint64_t *out)
{
    uint64_t value = 0;
    for (; *digits; digits++) {
        uint64_t digit = (uint64_t)(*digits - '0');
        if (value > (UINT64_MAX - digit) / 10u) return false;
        value = value * 10u + digit;
    }
    *out = value;
    return true;
}

bool otel__json_int64(const otel__json *value, int64_t *out)
{
    if (!is_integer(value)) return false;
    bool negative = value->text[0] == '-';
    uint64_t size;
    if (!read_digits(value->text + negative, &size)) return false;
    if (size > (uint64_t)INT64_MAX + negative) return false;
    *out = negative ? (int64_t)(0u - size) : (int64_t)size;
    return true;
}

bool otel__json_uint64(const otel__json *value, uint64_t *out)
{
    if (!is_integer(value)) return false;
    bool negative = value->text[0] == '-';
    uint64_t size;
    if (!read_digits(value->text + negative, &size) || (negative && size != 0)) return false;
    *out = size;
    return true;
}

bool otel__json_double(const otel__json *value, double *out)
{
    if (!value || value->type != OTEL__JSON_NUMBER) return false;
    int kept = errno; /* strtod reports what is too large there */
    *out = strtod(value->text, NULL);
    errno = kept;
    return true;
}
