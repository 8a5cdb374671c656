/* Well-formed UTF-8: checked byte by byte; plain ASCII is skipped eight bytes at a time. */
#include "utf8.h"
#include <string.h>

uint32_t otel__utf8_sequence(const uint8_t *at, const uint8_t *end)
{
    uint8_t first = *at;
    if (first < 0x80) return 1;
    if (first < 0xc2 || first > 0xf4) return 0;
    uint32_t size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if ((size_t)(end - at) < size) return 0;
    /* The second byte's range refuses overlong forms, surrogates, and what is above U+10FFFF. */
    uint8_t low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    uint8_t high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (at[1] < low || at[1] > high) return 0;
    for (uint32_t i = 2; i < size; i++) {
        if ((at[i] & 0xc0) != 0x80) return 0;
    }
    return size;
}

static bool eight_ascii(const uint8_t *at, const uint8_t *end)
{
    uint64_t word;
    if (end - at < 8) return false;
    memcpy(&word, at, 8);
    return (word & 0x8080808080808080u) == 0;
}

bool otel__utf8_valid(const void *text, size_t size)
{
    if (size == 0) return true;
    const uint8_t *at = text, *end = at + size;
    while (at < end) {
        uint32_t step = eight_ascii(at, end) ? 8 : otel__utf8_sequence(at, end);
        if (step == 0) return false;
        at += step;
    }
    return true;
}

size_t otel__utf8_limited(const void *text, size_t size, size_t limit)
{
    if (size <= limit) return size;
    const uint8_t *begin = text, *at = begin, *end = begin + size;
    for (size_t left = limit; left > 0 && at < end; left--) {
        uint32_t step = otel__utf8_sequence(at, end);
        if (step == 0) return limit; /* not UTF-8: it goes out as bytes, and those are counted as bytes */
        at += step;
    }
    return (size_t)(at - begin);
}

void otel__utf8_mend(void *text, size_t size)
{
    if (size == 0) return;
    uint8_t *at = text, *end = at + size;
    while (at < end) {
        uint32_t step = otel__utf8_sequence(at, end);
        if (step == 0) {
            *at = '?';
            step = 1;
        }
        at += step;
    }
}
