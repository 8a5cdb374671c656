/* Ids as hexadecimal digits. */
#include "parts.h"

int otel__hex_lower(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int otel__hex_digit(char c)
{
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : otel__hex_lower(c);
}

bool otel__hex_bytes(const char *text, uint8_t *out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int high = otel__hex_lower(text[2 * i]), low = otel__hex_lower(text[2 * i + 1]);
        if ((high | low) < 0) return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

bool otel__hex_id(const char *text, uint8_t *out, size_t n)
{
    uint8_t any = 0;
    if (!otel__hex_bytes(text, out, n)) return false;
    for (size_t i = 0; i < n; i++) any |= out[i];
    return any != 0;
}

void otel__hex_put(const uint8_t *bytes, size_t n, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
}
