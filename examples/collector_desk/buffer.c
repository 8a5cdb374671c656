/* A growing text with the few forms a row needs: numbers, base64, clean UTF-8 and JSON strings. */
#include "buffer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/json_reader/json_reader.h"

void desk_buffer_clear(desk_buffer *buffer)
{
    buffer->size = 0;
    buffer->failed = false;
}

void desk_buffer_release(desk_buffer *buffer)
{
    free(buffer->at);
    *buffer = (desk_buffer){0};
}

void desk_buffer_trim(desk_buffer *buffer, size_t keep)
{
    if (buffer->room > keep) desk_buffer_release(buffer);
}

char *desk_buffer_reserve(desk_buffer *buffer, size_t size)
{
    if (size <= buffer->room - buffer->size) return buffer->at + buffer->size;
    size_t room = buffer->room < 1024 ? 1024 : buffer->room;
    while (room - buffer->size < size) room *= 2;
    char *grown = realloc(buffer->at, room);
    if (!grown) {
        buffer->failed = true;
        return NULL;
    }
    buffer->at = grown;
    buffer->room = room;
    return grown + buffer->size;
}

void desk_put_int(desk_buffer *buffer, int64_t value)
{
    char digits[24];
    char *at = digits + sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do *--at = (char)('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (value < 0) *--at = '-';
    desk_put(buffer, (desk_text){at, (size_t)(digits + sizeof digits - at)});
}

void desk_put_double(desk_buffer *buffer, double value)
{
    if (!isfinite(value)) {
        desk_put(buffer, isnan(value) ? DESK_TEXT("NaN") : value < 0 ? DESK_TEXT("-Infinity") : DESK_TEXT("Infinity"));
        return;
    }
    char text[40];
    int size = 0;
    for (int digits = 15; digits <= 17; digits++) {
        size = snprintf(text, sizeof text, "%.*g", digits, value);
        double back = strtod(text, NULL);
        if (back >= value && back <= value) break;
    }
    desk_put(buffer, (desk_text){text, (size_t)size});
}

void desk_put_base64(desk_buffer *buffer, desk_text bytes)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes.size; i += 3) {
        size_t left = bytes.size - i;
        uint32_t group = (uint32_t)(uint8_t)bytes.at[i] << 16;
        if (left > 1) group |= (uint32_t)(uint8_t)bytes.at[i + 1] << 8;
        if (left > 2) group |= (uint32_t)(uint8_t)bytes.at[i + 2];
        char four[4] = {alphabet[group >> 18], alphabet[group >> 12 & 63], left > 1 ? alphabet[group >> 6 & 63] : '=',
                        left > 2 ? alphabet[group & 63] : '='};
        desk_put(buffer, (desk_text){four, sizeof four});
    }
}

void desk_put_utf8(desk_buffer *buffer, desk_text text)
{
    if (text.size == 0) return;
    const char *at = text.at, *end = text.at + text.size, *from = at;
    while (at < end) {
        size_t size = (unsigned char)*at < 0x80 ? 1 : otel__json_utf8_size(at, end);
        at += size ? size : 1;
        if (size) continue;
        desk_put(buffer, (desk_text){from, (size_t)(at - 1 - from)});
        desk_put(buffer, DESK_TEXT("\xEF\xBF\xBD"));
        from = at;
    }
    desk_put(buffer, (desk_text){from, (size_t)(at - from)});
}

/* What stands for a byte that cannot stand in a JSON string; room for six bytes in `unicode`. */
static desk_text escape_of(unsigned char c, char *unicode)
{
    static const char hex[] = "0123456789abcdef";
    switch (c) {
    case '"':
        return DESK_TEXT("\\\"");
    case '\\':
        return DESK_TEXT("\\\\");
    case '\n':
        return DESK_TEXT("\\n");
    case '\r':
        return DESK_TEXT("\\r");
    case '\t':
        return DESK_TEXT("\\t");
    default:
        break;
    }
    if (c >= 0x20) return DESK_TEXT("\xEF\xBF\xBD");
    memcpy(unicode, "\\u00", 4);
    unicode[4] = hex[c >> 4];
    unicode[5] = hex[c & 15];
    return (desk_text){unicode, 6};
}

static size_t plain_size(const char *at, const char *end)
{
    unsigned char c = (unsigned char)*at;
    if (c >= 0x80) return otel__json_utf8_size(at, end);
    return c >= 0x20 && c != '"' && c != '\\';
}

void desk_put_json_string(desk_buffer *buffer, desk_text text)
{
    const char *at = text.size ? text.at : "", *end = at + text.size, *from = at;
    desk_put_byte(buffer, '"');
    while (at < end) {
        size_t size = plain_size(at, end);
        if (size) {
            at += size;
            continue;
        }
        desk_put(buffer, (desk_text){from, (size_t)(at - from)});
        char unicode[6];
        desk_put(buffer, escape_of((unsigned char)*at, unicode));
        from = ++at;
    }
    desk_put(buffer, (desk_text){from, (size_t)(at - from)});
    desk_put_byte(buffer, '"');
}
