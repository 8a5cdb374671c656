/* A small bounded reader of JSON (RFC 8259) for what comes from outside: records in otel-log, OTLP-JSON in the test
 * Collector. Numbers keep their exact text, so an int64 is exact to the last digit and `1` is not `1.0`. */
#ifndef OTEL__JSON_READER_H
#define OTEL__JSON_READER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json_arena.h"

enum { OTEL__JSON_MAX_DEPTH = 64 }; /* arrays and objects inside one another */

typedef enum otel__json_type {
    OTEL__JSON_NULL = 0,
    OTEL__JSON_BOOL = 1,
    OTEL__JSON_NUMBER = 2,
    OTEL__JSON_STRING = 3,
    OTEL__JSON_ARRAY = 4,
    OTEL__JSON_OBJECT = 5
} otel__json_type;

/* One value. Members of an object and elements of an array are chained in the order of the text, duplicate keys too. */
typedef struct otel__json {
    struct otel__json *next;  /* the following element or member; NULL: the last */
    struct otel__json *first; /* of an array or object; NULL: empty */
    const char *key;          /* of a member, not NUL-terminated, may hold NULs; else NULL */
    const char *text;         /* of a string: decoded, not NUL-terminated; of a number: as written, NUL-terminated */
    uint32_t key_size;
    uint32_t size; /* bytes of text; elements of an array; members of an object */
    uint8_t type;  /* otel__json_type */
    bool boolean;
} otel__json;

typedef struct otel__json_error {
    size_t offset;     /* of the byte that cannot stand there */
    const char *words; /* static text */
} otel__json_error;

/* Reads exactly one value with white space around it. Strings without escapes are views into text, which must live as
 * long as the value. NULL: *error says where and why (error may be NULL). */
otel__json *otel__json_read(otel__json_arena *arena, const char *text, size_t size, otel__json_error *error);

/* The last member of that name (NUL-terminated); NULL when there is none, when object is NULL or no object. */
const otel__json *otel__json_get(const otel__json *object, const char *key);
/* True for a member whose key is that text. */
bool otel__json_key_is(const otel__json *member, const char *key);
/* True for a string that is that text. */
bool otel__json_string_is(const otel__json *value, const char *text);

/* True for a number that was written without fraction and exponent and fits; *out is untouched otherwise. */
bool otel__json_int64(const otel__json *value, int64_t *out);
bool otel__json_uint64(const otel__json *value, uint64_t *out);
/* True for every number: the nearest double, infinite where it is too large. */
bool otel__json_double(const otel__json *value, double *out);

/* How many bytes the UTF-8 character at `at` has; 0: none begins there (overlong forms and surrogates are none). */
size_t otel__json_utf8_size(const char *at, const char *end);
#endif
