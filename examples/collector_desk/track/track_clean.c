/* A surrogate takes as many bytes of JSON as what stands for it, so the text is mended where it lies. */
#include "track_clean.h"

enum { ESCAPE_BYTES = 6, NO_ESCAPE = -1 };

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The code of \uXXXX, when that stands there. */
static int unicode_escape(const char *at, const char *end)
{
    if (end - at < ESCAPE_BYTES || at[0] != '\\' || at[1] != 'u') return NO_ESCAPE;
    int code = 0;
    for (int i = 2; i < ESCAPE_BYTES; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0) return NO_ESCAPE;
        code = code << 4 | digit;
    }
    return code;
}

/* Returns how many bytes it has dealt with; at stands at a backslash. */
static int mend_escape(char *at, const char *end)
{
    int code = unicode_escape(at, end);
    if (code == NO_ESCAPE) return 2;
    if (code < 0xD800 || code > 0xDFFF) return ESCAPE_BYTES;
    int low = unicode_escape(at + ESCAPE_BYTES, end);
    if (code <= 0xDBFF && low >= 0xDC00 && low <= 0xDFFF) return 2 * ESCAPE_BYTES;
    memcpy(at + 2, "fffd", 4);
    return ESCAPE_BYTES;
}

void desk_put_clean_json(desk_buffer *buffer, desk_text json)
{
    size_t before = buffer->size;
    desk_put_utf8(buffer, json);
    if (!buffer->at) return;
    char *at = buffer->at + before, *end = buffer->at + buffer->size;
    while (end - at >= ESCAPE_BYTES) at += *at == '\\' ? mend_escape(at, end) : 1;
}
