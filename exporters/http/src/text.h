/* ASCII without a locale: the host may have set one in which 'I' has no 'i'. */
#ifndef OTEL__HTTP_TEXT_H
#define OTEL__HTTP_TEXT_H
#include <otel/base.h>

static inline char otel__lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static inline bool otel__digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool otel__control(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7f;
}

/* `lower` is written in lower case. */
bool otel__same_word(const char *data, size_t size, const char *lower);
/* A header's name (a token) and its value (no control characters but tab). */
bool otel__header_name_ok(const char *name);
bool otel__header_value_ok(const char *value);
#endif
