/* Characters and escapes of strings. Every look at a byte is behind a look at the end. */
#include "json_string.h"

#include <string.h>

#include "json_reader.h"

static const char no_end[] = "the string has no end";

static bool continues(const char *at, const char *end, unsigned count)
{
    if ((size_t)(end - at) <= count) return false;
    for (unsigned i = 1; i <= count; i++) {
        if (((unsigned char)at[i] & 0xC0u) != 0x80u) return false;
    }
    return true;
}

size_t otel__json_utf8_size(const char *at, const char *end)
{
    if (at >= end) return 0;
    unsigned char lead = (unsigned char)*at;
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return continues(at, end, 1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        if (!continues(at, end, 2)) return 0;
        unsigned char second = (unsigned char)at[1];
        bool overlong = lead == 0xE0 && second < 0xA0, surrogate = lead == 0xED && second > 0x9F;
        return overlong || surrogate ? 0 : 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        if (!continues(at, end, 3)) return 0;
        unsigned char second = (unsigned char)at[1];
        bool overlong = lead == 0xF0 && second < 0x90, beyond = lead == 0xF4 && second > 0x8F;
        return overlong || beyond ? 0 : 4;
    }
    return 0;
}

static bool hex4(const char *at, const char *end, unsigned *code)
{
    if (end - at < 4) return false;
    unsigned value = 0;
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        unsigned digit;
        if (c >= '0' && c <= '9')
            digit = (unsigned)(c - '0');
        else if (c >= 'a' && c <= 'f')
            digit = (unsigned)(c - 'a') + 10u;
        else if (c >= 'A' && c <= 'F')
            digit = (unsigned)(c - 'A') + 10u;
        else
            return false;
        value = value << 4 | digit;
    }
    *code = value;
    return true;
}

/* at stands behind `\u`; 0: malformed, else the bytes to step over. */
static size_t unicode_escape(const char *at, const char *end, unsigned *code)
{
    if (!hex4(at, end, code)) return 0;
    if (*code < 0xD800 || *code > 0xDFFF) return 4;
    unsigned low;
    if (*code > 0xDBFF || end - at < 10 || at[4] != '\\' || at[5] != 'u' || !hex4(at + 6, end, &low)) return 0;
    if (low < 0xDC00 || low > 0xDFFF) return 0;
    *code = 0x10000u + ((*code - 0xD800u) << 10) + (low - 0xDC00u);
    return 10;
}

static bool refuse(otel__json_scan *scan, const char *at, const char *words)
{
    scan->stop = at;
    scan->wrong = words;
    return false;
}

static bool step_over_escape(otel__json_scan *scan, const char *end)
{
    const char *backslash = scan->stop, *at = backslash + 1;
    if (at == end) return refuse(scan, backslash, no_end);
    if (*at == 'u') {
        unsigned code;
        size_t step = unicode_escape(at + 1, end, &code);
        if (step == 0) return refuse(scan, backslash, "not a \\u escape, or half of a surrogate pair");
        scan->stop = at + 1 + step;
        return true;
    }
    if (*at == '\0' || !strchr("\"\\/bfnrt", *at)) return refuse(scan, backslash, "no such escape");
    scan->stop = at + 1;
    return true;
}

static bool step_over_character(otel__json_scan *scan, const char *end)
{
    unsigned char c = (unsigned char)*scan->stop;
    if (c < 0x20) return refuse(scan, scan->stop, "a control character in a string");
    size_t step = otel__json_utf8_size(scan->stop, end);
    if (step == 0) return refuse(scan, scan->stop, "not UTF-8");
    scan->stop += step;
    return true;
}

otel__json_scan otel__json_string_scan(const char *text, const char *end)
{
    otel__json_scan scan = {.stop = text};
    while (scan.stop < end) {
        if (*scan.stop == '"') return scan;
        bool escape = *scan.stop == '\\';
        scan.escaped |= escape;
        if (!(escape ? step_over_escape(&scan, end) : step_over_character(&scan, end))) return scan;
    }
    refuse(&scan, text - 1, no_end);
    return scan;
}

static char *put_utf8(char *out, unsigned code)
{
    if (code < 0x80) {
        *out++ = (char)code;
        return out;
    }
    if (code < 0x800) {
        *out++ = (char)(0xC0u | code >> 6);
    } else {
        if (code < 0x10000) {
            *out++ = (char)(0xE0u | code >> 12);
        } else {
            *out++ = (char)(0xF0u | code >> 18);
            *out++ = (char)(0x80u | (code >> 12 & 0x3Fu));
        }
        *out++ = (char)(0x80u | (code >> 6 & 0x3Fu));
    }
    *out++ = (char)(0x80u | (code & 0x3Fu));
    return out;
}

static char short_escape(char c)
{
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return c;
    }
}

size_t otel__json_string_decode(char *out, const char *at, const char *end)
{
    char *start = out;
    while (at < end) {
        if (*at != '\\') {
            *out++ = *at++;
        } else if (at[1] != 'u') {
            *out++ = short_escape(at[1]);
            at += 2;
        } else {
            unsigned code = 0;
            at += 2 + unicode_escape(at + 2, end, &code);
            out = put_utf8(out, code);
        }
    }
    return (size_t)(out - start);
}
