/* Text of other loggers: formatted, without newlines at its end, cut at a character's border. */
#ifndef OTEL__BRIDGE_TEXT_H
#define OTEL__BRIDGE_TEXT_H
#include <otel/bridges/logf.h>

typedef struct otel__text {
    size_t size;
    char data[OTEL_BRIDGE_TEXT_MAX + 4]; /* room to see whether the last character is whole */
} otel__text;

/* How much of a text of `size` bytes to keep when `most` are allowed: whole characters. */
size_t otel__text_cut(const char *text, size_t size, size_t most);

/* Sets the size from what vsnprintf into `data` has answered; when it refused, the format is the text. */
void otel__text_settle(otel__text *text, int answer, const char *format);
/* errno is the caller's while the text is formatted, and stays so. */
void otel__text_format(otel__text *text, const char *format, va_list arguments) OTEL_PRINTF(2, 0);
#endif
