/* UTF-8 text: mended, measured in UTF-16 code units, and cut between characters. */
#include "text.h"

#include <string.h>

static bool follows(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

/* What the second byte may be: shortest form, no surrogates, nothing above U+10FFFF. */
static bool second_fits(unsigned char first, unsigned char second)
{
    unsigned char least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    unsigned char most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    return second >= least && second <= most;
}

/* The bytes of the character that begins there; 0: none does. */
static size_t character(const char *text, size_t size)
{
    const unsigned char *u = (const unsigned char *)text;
    if (u[0] < 0x80) return 1;
    size_t length = u[0] < 0xc2 ? 0 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : u[0] < 0xf5 ? 4 : 0;
    if (length == 0 || length > size || !second_fits(u[0], u[1])) return 0;
    for (size_t i = 2; i < length; i++)
        if (!follows(u[i])) return 0;
    return length;
}

/* How many bytes from the first on are ASCII and not NUL. */
static size_t plain_run(const char *text, size_t size)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    size_t at = 0;
    for (uint64_t word; at + 8 <= size; at += 8) {
        memcpy(&word, text + at, 8);
        if ((word | (word - ones)) & ones << 7) break;
    }
    while (at < size && (unsigned char)(text[at] - 1) < 0x7f) at++;
    return at;
}

otel__azure_prefix otel__azure_text_prefix(const char *text, size_t size, size_t units)
{
    otel__azure_prefix prefix = {0};
    while (prefix.in < size && units > 0) {
        size_t left = size - prefix.in;
        size_t run = plain_run(text + prefix.in, left < units ? left : units);
        prefix.in += run;
        prefix.out += run;
        units -= run;
        if (prefix.in == size || units == 0) break;
        size_t length = character(text + prefix.in, size - prefix.in);
        if (length == 4 && units == 1) break;
        prefix.zeros |= text[prefix.in] == '\0';
        prefix.in += length ? length : 1;
        prefix.out += length ? length : 3;
        units -= length == 4 ? 2 : 1;
    }
    return prefix;
}

void otel__azure_text_mend(char *to, const char *text, const otel__azure_prefix *prefix)
{
    to[prefix->out] = '\0';
    if (prefix->in == prefix->out) {
        if (prefix->in) memcpy(to, text, prefix->in);
        return;
    }
    for (size_t at = 0; at < prefix->in;) {
        size_t length = character(text + at, prefix->in - at);
        memcpy(to, length ? text + at : "\xef\xbf\xbd", length ? length : 3);
        to += length ? length : 3;
        at += length ? length : 1;
    }
}

size_t otel__azure_text_characters(const char *text, size_t size)
{
    size_t count = 0;
    for (size_t at = 0; at < size; count++) {
        size_t length = character(text + at, size - at);
        at += length ? length : 1;
    }
    return count;
}

static size_t escaped_byte(unsigned char byte)
{
    if (byte >= 0x20) return byte == '"' || byte == '\\' ? 2 : 1;
    return byte == '\b' || byte == '\t' || byte == '\n' || byte == '\f' || byte == '\r' ? 2 : 6;
}

size_t otel__azure_text_escaped(const char *text, size_t size)
{
    size_t sum = 0;
    for (size_t i = 0; i < size; i++) sum += escaped_byte((unsigned char)text[i]);
    return sum;
}

size_t otel__azure_text_fit(const char *text, size_t size, size_t escaped)
{
    size_t at = 0, sum = 0;
    while (at < size && (sum += escaped_byte((unsigned char)text[at])) <= escaped) at++;
    while (at > 0 && at < size && follows((unsigned char)text[at])) at--;
    return at;
}
