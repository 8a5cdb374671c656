/* Ids of traces and spans, as bytes and as text. */
#include <otel/span_context.h>

static bool any_bit(const uint8_t *bytes, size_t n)
{
    uint8_t all = 0;
    for (size_t i = 0; i < n; i++) all |= bytes[i];
    return all != 0;
}

bool otel_span_context_valid(const otel_span_context *span_context)
{
    return span_context && any_bit(span_context->trace_id, 16) && any_bit(span_context->span_id, 8);
}

static void to_hex(const uint8_t *bytes, size_t n, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * n] = '\0';
}

static int digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool from_hex(const char *text, size_t size, uint8_t *out, size_t n)
{
    uint8_t bytes[16];
    if (!text || !out || size != 2 * n) return false;
    for (size_t i = 0; i < n; i++) {
        int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    if (!any_bit(bytes, n)) return false;
    for (size_t i = 0; i < n; i++) out[i] = bytes[i];
    return true;
}

void otel_trace_id_hex(const uint8_t id[16], char out[33])
{
    if (id && out) to_hex(id, 16, out);
}

void otel_span_id_hex(const uint8_t id[8], char out[17])
{
    if (id && out) to_hex(id, 8, out);
}

bool otel_trace_id_parse(const char *text, size_t size, uint8_t id[16])
{
    return from_hex(text, size, id, 16);
}

bool otel_span_id_parse(const char *text, size_t size, uint8_t id[8])
{
    return from_hex(text, size, id, 8);
}
