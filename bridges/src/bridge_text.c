/* Formatting and trimming for all bridges. */
#include "bridge_text.h"
#include <errno.h>
#include <stdio.h>

static bool continues(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* What follows the cut must not continue a character. */
size_t otel__text_cut(const char *text, size_t size, size_t most)
{
    if (size <= most) return size;
    size_t end = most;
    for (int i = 0; i < 3 && end > 0 && continues(text[end]); i++) end--;
    return continues(text[end]) ? most : end; /* no UTF-8: no borders to keep */
}

otel_str otel_bridge_text(const char *text, size_t size)
{
    if (!text) return (otel_str){NULL, 0};
    size = otel__text_cut(text, size, OTEL_BRIDGE_TEXT_MAX);
    while (size > 0 && (text[size - 1] == '\n' || text[size - 1] == '\r')) size--;
    return (otel_str){text, size};
}

void otel__text_settle(otel__text *text, int answer, const char *format)
{
    if (answer < 0) answer = snprintf(text->data, sizeof text->data, "%s", format);
    size_t size = answer < 0 ? 0 : (size_t)answer < sizeof text->data ? (size_t)answer : sizeof text->data - 1;
    text->size = otel_bridge_text(text->data, size).size;
}

void otel__text_format(otel__text *text, const char *format, va_list arguments)
{
    int saved = errno;
    otel__text_settle(text, vsnprintf(text->data, sizeof text->data, format, arguments), format);
    errno = saved;
}
