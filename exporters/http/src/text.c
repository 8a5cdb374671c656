/* Text from outside: words, header fields, and what may be shown of the rest. */
#include "text.h"

#include <otel/exporters/http.h>
#include <string.h>

bool otel__same_word(const char *data, size_t size, const char *lower)
{
    size_t i = 0;
    while (i < size && lower[i] && otel__lower(data[i]) == lower[i]) i++;
    return i == size && !lower[i];
}

bool otel__header_name_ok(const char *name)
{
    if (!name || !*name) return false;
    for (; *name; name++) {
        char c = otel__lower(*name);
        if (!(c >= 'a' && c <= 'z') && !otel__digit(c) && !strchr("!#$%&'*+-.^_`|~", c)) return false;
    }
    return true;
}

bool otel__header_value_ok(const char *value)
{
    if (!value) return false;
    for (; *value; value++)
        if (otel__control(*value) && *value != '\t') return false;
    return true;
}

/* Length of the UTF-8 character at `at`, 0 when there is none: no overlong forms, no surrogates, nothing above
 * U+10FFFF. */
static size_t character(const unsigned char *at, size_t left)
{
    unsigned char c = at[0];
    if (c < 0x80) return 1;
    size_t length = c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
    if (!length || length > left) return 0;
    unsigned char least = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
    unsigned char most = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
    if (at[1] < least || at[1] > most) return 0;
    for (size_t i = 2; i < length; i++)
        if ((at[i] & 0xc0) != 0x80) return 0;
    return length;
}

/* C1 controls, and the separators and direction marks that would let text from outside rearrange a terminal's line. */
static bool unshowable(const unsigned char *at, size_t length)
{
    if (length == 1) return otel__control((char)at[0]);
    if (length == 2) return at[0] == 0xc2 && at[1] < 0xa0;
    if (length != 3 || at[0] != 0xe2) return false;
    return (at[1] == 0x80 && at[2] >= 0xa8 && at[2] <= 0xae) || (at[1] == 0x81 && at[2] >= 0xa6 && at[2] <= 0xa9);
}

size_t otel_http_clean_text(const char *data, size_t length, char *out, size_t size)
{
    size_t used = 0;
    if (!out || size == 0) return 0;
    for (size_t i = 0; data && i < length;) {
        const unsigned char *at = (const unsigned char *)data + i;
        size_t n = character(at, length - i);
        bool copy = n && !unshowable(at, n);
        if (used + (copy ? n : 1) >= size) break;
        if (copy)
            memcpy(out + used, at, n);
        else
            out[used] = n ? ' ' : '?';
        used += copy ? n : 1;
        i += n ? n : 1;
    }
    out[used] = '\0';
    return used;
}
