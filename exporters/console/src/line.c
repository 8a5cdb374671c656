/* A growing buffer of output, and the escaping that keeps text of others harmless in it. */
#include "line.h"

#include <otel/sdk/allocator.h>
#include <string.h>

bool otel__console_reserve(otel__console_line *line, size_t more)
{
    size_t wanted = line->capacity > 0 ? line->capacity : 1024;
    if (more > SIZE_MAX / 4 - line->length) {
        line->failed = true;
        return false;
    }
    while (wanted < line->length + more) wanted *= 2;
    if (wanted == line->capacity) return true;
    char *data = otel_reallocate(line->data, wanted);
    if (!data) {
        line->failed = true;
        return false;
    }
    line->data = data;
    line->capacity = wanted;
    return true;
}

void otel__console_put(otel__console_line *line, const char *bytes, size_t size)
{
    if (size == 0 || !otel__console_reserve(line, size)) return;
    memcpy(line->data + line->length, bytes, size);
    line->length += size;
}

void otel__console_word(otel__console_line *line, const char *word)
{
    otel__console_put(line, word, strlen(word));
}

void otel__console_digits(otel__console_line *line, uint64_t number, uint32_t digits)
{
    char text[20];
    size_t at = sizeof text;
    do {
        text[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0 || (sizeof text - at < digits && at > 0));
    otel__console_put(line, text + at, sizeof text - at);
}

/* One character of UTF-8: its code point, *size its bytes; UINT32_MAX and 1 for a byte that begins none. */
static uint32_t character(const char *s, size_t left, size_t *size)
{
    static const uint32_t lowest[5] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *u = (const unsigned char *)s;
    size_t n = u[0] < 0x80 ? 1 : u[0] < 0xc2 ? 0 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : u[0] < 0xf5 ? 4 : 0;
    *size = 1;
    if (n == 1) return u[0];
    if (n == 0 || n > left) return UINT32_MAX;
    uint32_t point = u[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((u[i] & 0xc0) != 0x80) return UINT32_MAX;
        point = point << 6 | (u[i] & 0x3fu);
    }
    if (point < lowest[n] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return UINT32_MAX;
    *size = n;
    return point;
}

/* Controls of both ranges, line and paragraph separators, marks that turn the direction; and what is no character. */
static bool is_dangerous(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069) || point == UINT32_MAX;
}

static bool is_escaped(uint32_t point, uint32_t how)
{
    if (point == '\t') return (how & OTEL__CONSOLE_TABS) == 0;
    if (point == '"' || point == '\\') return (how & OTEL__CONSOLE_QUOTED) != 0;
    return is_dangerous(point);
}

static void put_hex(otel__console_line *line, uint32_t number, uint32_t digits)
{
    while (digits > 0) otel__console_put(line, &"0123456789abcdef"[number >> 4 * --digits & 15], 1);
}

static void put_escape(otel__console_line *line, uint32_t point, char first)
{
    static const char named[] = "\n\r\t\"\\", names[] = "nrt\"\\";
    const char *name = point > 0 && point < 0x7f ? strchr(named, (int)point) : NULL;
    otel__console_word(line, "\\");
    if (name) {
        otel__console_put(line, &names[name - named], 1);
    } else if (point < 0x80 || point == UINT32_MAX) {
        otel__console_word(line, "x");
        put_hex(line, (unsigned char)first, 2);
    } else {
        otel__console_word(line, "u");
        put_hex(line, point, 4);
    }
}

void otel__console_escaped(otel__console_line *line, const char *s, size_t size, uint32_t how)
{
    size_t from = 0, n; /* s[from..at) may stand as it is */
    for (size_t at = 0; at < size; at += n) {
        uint32_t point = character(s + at, size - at, &n);
        if (!is_escaped(point, how)) continue;
        otel__console_put(line, s + from, at - from);
        put_escape(line, point, s[at]);
        from = at + n;
    }
    if (from < size) otel__console_put(line, s + from, size - from);
}

static bool is_plain_word(const char *s, size_t size)
{
    size_t n;
    for (size_t at = 0; at < size; at += n) {
        uint32_t point = character(s + at, size - at, &n);
        if (point == ' ' || point == '"' || point == '=' || is_dangerous(point)) return false;
    }
    return size > 0;
}

void otel__console_quoted_if_needed(otel__console_line *line, const char *s, size_t size)
{
    if (is_plain_word(s, size)) {
        otel__console_put(line, s, size);
        return;
    }
    otel__console_word(line, "\"");
    otel__console_escaped(line, s, size, OTEL__CONSOLE_QUOTED);
    otel__console_word(line, "\"");
}

bool otel__console_is_foreign_text(const char *s, size_t size)
{
    size_t n, ascii = 0, broken = 0;
    for (size_t at = 0; at < size; at += n) {
        uint32_t point = character(s + at, size - at, &n);
        if (point == UINT32_MAX)
            broken++;
        else if (is_dangerous(point) && point != '\n' && point != '\r' && point != '\t')
            return false;
        else if (point < 0x80)
            ascii++;
    }
    return broken > 0 && ascii >= size / 2;
}
