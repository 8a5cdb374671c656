/* What the SDK said about itself, caught: include it once in a test program, which then has an otel_diag of its own. */
#ifndef SAID_H
#define SAID_H
#include <otel/sdk/diag.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static char said_text[8192];

/* In place of the SDK's, which says no more than ten lines in ten seconds. */
void otel_diag(otel_severity severity, const char *source, const char *format, ...)
{
    size_t used = strlen(said_text);
    va_list arguments;
    (void)severity;
    va_start(arguments, format);
    used += (size_t)snprintf(said_text + used, sizeof said_text - used, "%s: ", source);
    if (used < sizeof said_text)
        used += (size_t)vsnprintf(said_text + used, sizeof said_text - used, format, arguments);
    if (used + 1 < sizeof said_text) memcpy(said_text + used, "\n", 2);
    va_end(arguments);
}

static inline const char *said(void)
{
    return said_text;
}

static inline void said_clear(void)
{
    said_text[0] = '\0';
}

/* Ends the test when nothing like it was said. */
static inline void said_expect(const char *words)
{
    if (!strstr(said_text, words)) fail_msg("nothing like '%s' was said, but:\n%s", words, said_text);
}
#endif
