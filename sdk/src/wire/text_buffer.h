/* Bounded text output, and the pieces that texts of values are made of: numbers, base64, hexadecimal, JSON strings.
 * Everything counts the length that the whole text has, whatever room there is, so that a caller can ask for it. */
#ifndef OTEL__TEXT_BUFFER_H
#define OTEL__TEXT_BUFFER_H
#include <otel/attr.h>

#define OTEL__TEXT_DEPTH 64u /* arrays and maps nested deeper are written as empty values: it bounds our recursion */

typedef struct otel__text {
    char *out;     /* NULL: only count */
    size_t size;   /* of out, the NUL included */
    size_t length; /* of the whole text so far */
} otel__text;

otel__text otel__text_begin(char *out, size_t size);
/* Closes with a NUL, behind the last character that is there whole. Returns the length of the whole text. */
size_t otel__text_end(otel__text *text);

void otel__text_put(otel__text *text, const char *bytes, size_t size);
void otel__text_word(otel__text *text, const char *word);
void otel__text_signed(otel__text *text, int64_t number);
void otel__text_unsigned(otel__text *text, uint64_t number);
/* At most 17 digits, as few of 15, 16, 17 as read back the same; NaN, Infinity and -Infinity as these words. */
void otel__text_double(otel__text *text, double number);
void otel__text_base64(otel__text *text, const void *data, size_t size);
void otel__text_hex(otel__text *text, const uint8_t *bytes, size_t size);

/* The value's type, EMPTY for a string or bytes without the bytes it promises. */
int32_t otel__text_type(const otel_value *value);
/* A JSON string with its quotes: controls escaped, each byte that is not UTF-8 as `?` (which is right for names). */
void otel__text_quoted(otel__text *text, const char *s, size_t size);
/* The base64 of bytes, or of a string value that is not UTF-8, with quotes. */
void otel__text_quoted_base64(otel__text *text, const void *data, size_t size);
#endif
