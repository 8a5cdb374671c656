/* Bounded text output: what fits is written, everything is counted, a cut never splits a character. */
#include "text_buffer.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

otel__text otel__text_begin(char *out, size_t size)
{
    otel__text text = {.out = size > 0 ? out : NULL, .size = out ? size : 0, .length = 0};
    return text;
}

void otel__text_put(otel__text *text, const char *bytes, size_t size)
{
    if (text->length < text->size && size > 0) {
        size_t room = text->size - text->length;
        memcpy(text->out + text->length, bytes, size < room ? size : room);
    }
    text->length += size;
}

void otel__text_word(otel__text *text, const char *word)
{
    otel__text_put(text, word, strlen(word));
}

/* How many bytes a character with this first byte takes. */
static size_t promised(unsigned char first)
{
    if (first < 0xc0) return 1;
    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* Where to cut out[0..size): before a character whose end is missing. */
static size_t whole_characters(const char *out, size_t size)
{
    size_t start = size;
    while (start > 0 && size - start < 3 && ((unsigned char)out[start - 1] & 0xc0) == 0x80) start--;
    if (start == 0) return size;
    start--;
    return start + promised((unsigned char)out[start]) > size ? start : size;
}

size_t otel__text_end(otel__text *text)
{
    if (text->size == 0) return text->length;
    size_t kept = text->length;
    if (kept >= text->size) kept = whole_characters(text->out, text->size - 1);
    text->out[kept] = '\0';
    return text->length;
}

void otel__text_unsigned(otel__text *text, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    otel__text_put(text, digits + at, sizeof digits - at);
}

void otel__text_signed(otel__text *text, int64_t number)
{
    if (number < 0) otel__text_word(text, "-");
    otel__text_unsigned(text, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

static bool is_number_text(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == 'e';
}

/* The locale may have any decimal point, of several bytes even: what is no digit, sign or exponent is that point. */
static void put_with_point(otel__text *text, const char *digits)
{
    while (*digits != '\0') {
        size_t n = 0;
        while (is_number_text(digits[n])) n++;
        otel__text_put(text, digits, n);
        digits += n;
        if (*digits == '\0') break;
        otel__text_word(text, ".");
        while (*digits != '\0' && !is_number_text(*digits)) digits++;
    }
}

void otel__text_double(otel__text *text, double number)
{
    char digits[64];
    if (isnan(number)) {
        otel__text_word(text, "NaN");
    } else if (isinf(number)) {
        otel__text_word(text, number > 0 ? "Infinity" : "-Infinity");
    } else {
        int kept_errno = errno; /* strtod sets it for subnormal numbers */
        for (int precision = 15; precision <= 17; precision++) {
            snprintf(digits, sizeof digits, "%.*g", precision, number);
            double back = strtod(digits, NULL);
            if (memcmp(&back, &number, sizeof back) == 0) break;
        }
        errno = kept_errno;
        put_with_point(text, digits);
    }
}

void otel__text_base64(otel__text *text, const void *data, size_t size)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *bytes = data;
    for (size_t i = 0; i < size; i += 3) {
        size_t n = size - i < 3 ? size - i : 3;
        uint32_t group = (uint32_t)bytes[i] << 16;
        if (n > 1) group |= (uint32_t)bytes[i + 1] << 8;
        if (n > 2) group |= bytes[i + 2];
        char four[4] = {alphabet[group >> 18], alphabet[group >> 12 & 63], '=', '='};
        if (n > 1) four[2] = alphabet[group >> 6 & 63];
        if (n > 2) four[3] = alphabet[group & 63];
        otel__text_put(text, four, sizeof four);
    }
}

void otel__text_hex(otel__text *text, const uint8_t *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        char two[2] = {digits[bytes[i] >> 4], digits[bytes[i] & 15]};
        otel__text_put(text, two, sizeof two);
    }
}

int32_t otel__text_type(const otel_value *value)
{
    bool has_bytes = value->type == OTEL_TYPE_STRING || value->type == OTEL_TYPE_BYTES;
    return has_bytes && !value->u.data && value->size > 0 ? OTEL_TYPE_EMPTY : value->type;
}

/* Of the n bytes of one character. */
static uint32_t code_point(const char *s, size_t n)
{
    const unsigned char *u = (const unsigned char *)s;
    if (n == 1) return u[0];
    if (n == 2) return (u[0] & 0x1fu) << 6 | (u[1] & 0x3fu);
    if (n == 3) return (u[0] & 0x0fu) << 12 | (u[1] & 0x3fu) << 6 | (u[2] & 0x3fu);
    return 0x10000; /* any above: none of those is special */
}

/* What must not stand raw in a line that a terminal may show: controls (both ranges), line and paragraph separators,
 * and the marks that turn the direction of what follows; and what JSON itself escapes. */
static bool is_escaped(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069) || point == '"' || point == '\\';
}

static void put_escape(otel__text *text, uint32_t point)
{
    static const char digits[] = "0123456789abcdef";
    static const char named[] = "\"\\\b\t\n\f\r", names[] = "\"\\btnfr";
    const char *name = point > 0 && point < 0x7f ? strchr(named, (int)point) : NULL;
    if (name) {
        char two[2] = {'\\', names[name - named]};
        otel__text_put(text, two, sizeof two);
        return;
    }
    otel__text_word(text, "\\u");
    for (uint32_t shift = 16; shift > 0; shift -= 4) otel__text_put(text, &digits[point >> (shift - 4) & 15], 1);
}

void otel__text_quoted(otel__text *text, const char *s, size_t size)
{
    size_t from = 0, at = 0; /* s[from..at) may stand as it is */
    otel__text_word(text, "\"");
    while (at < size) {
        size_t n = otel__utf8_sequence((const uint8_t *)s + at, (const uint8_t *)s + size);
        uint32_t point = code_point(s + at, n);
        if (n > 0 && !is_escaped(point)) {
            at += n;
            continue;
        }
        otel__text_put(text, s + from, at - from);
        if (n > 0)
            put_escape(text, point);
        else
            otel__text_word(text, "?");
        at += n > 0 ? n : 1;
        from = at;
    }
    otel__text_put(text, s + from, at - from);
    otel__text_word(text, "\"");
}

void otel__text_quoted_base64(otel__text *text, const void *data, size_t size)
{
    otel__text_word(text, "\"");
    otel__text_base64(text, data, size);
    otel__text_word(text, "\"");
}
