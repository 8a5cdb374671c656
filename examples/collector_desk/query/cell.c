/* Logs hold what strangers wrote: a terminal must show it, never obey it. */
#include "cell.h"

#include <stdio.h>

#include "../../../tools/json_reader/json_reader.h"

static uint32_t code_point(const char *at, size_t size)
{
    static const uint8_t lead_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t point = (uint8_t)at[0] & lead_bits[size];
    for (size_t i = 1; i < size; i++) point = point << 6 | ((uint8_t)at[i] & 0x3f);
    return point;
}

/* C0, DEL, C1, line and paragraph ends, and the marks that turn the direction of text round. */
static bool is_control(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x61c || (point >= 0x200e && point <= 0x200f) ||
           (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069) || point == 0xfeff;
}

/* How many columns of a terminal: marks on a letter take none, most of East Asia and the emoji two. */
static size_t width_of(uint32_t point)
{
    static const struct {
        uint32_t first, last;
        size_t width;
    } ranges[] = {
        {0x300, 0x36f, 0},     {0x1100, 0x115f, 2},   {0x200b, 0x200d, 0},   {0x20d0, 0x20ff, 0},
        {0x2e80, 0x303e, 2},   {0x3041, 0xa4cf, 2},   {0xac00, 0xd7a3, 2},   {0xf900, 0xfaff, 2},
        {0xfe00, 0xfe0f, 0},   {0xfe30, 0xfe6f, 2},   {0xff00, 0xff60, 2},   {0xffe0, 0xffe6, 2},
        {0x1f300, 0x1f64f, 2}, {0x1f680, 0x1f6ff, 2}, {0x1f900, 0x1f9ff, 2}, {0x20000, 0x3fffd, 2},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (point >= ranges[i].first && point <= ranges[i].last) return ranges[i].width;
    }
    return 1;
}

static size_t put_control(desk_buffer *buffer, uint32_t point, bool is_byte)
{
    char escape[16];
    int size;
    if (point == '\n' || point == '\r' || point == '\t')
        size = snprintf(escape, sizeof escape, "\\%c", point == '\n' ? 'n' : point == '\r' ? 'r' : 't');
    else
        size = snprintf(escape, sizeof escape, is_byte ? "\\x%02X" : "\\u%04X", (unsigned)point);
    desk_put(buffer, (desk_text){escape, (size_t)size});
    return (size_t)size;
}

size_t desk_put_cell(desk_buffer *buffer, desk_text text)
{
    size_t width = 0;
    for (const char *at = text.at, *end = text.at + text.size; at < end;) {
        size_t size = otel__json_utf8_size(at, end);
        uint32_t point = size ? code_point(at, size) : (uint8_t)*at;
        if (size == 0 || is_control(point)) {
            width += put_control(buffer, point, size < 2);
        } else {
            desk_put(buffer, (desk_text){at, size});
            width += width_of(point);
        }
        at += size ? size : 1;
    }
    return width;
}
