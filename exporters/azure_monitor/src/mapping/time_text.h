/* Points in time and durations as the service writes them. */
#ifndef OTEL__AZURE_TIME_TEXT_H
#define OTEL__AZURE_TIME_TEXT_H
#include <otel/base.h>

enum {
    OTEL__AZURE_TIME_BYTES = 29,    /* "2026-01-02T03:04:05.6789012Z" and a NUL */
    OTEL__AZURE_DURATION_BYTES = 28 /* "999.23:59:59.9999999" and more than enough */
};

/* Seven digits, truncated. */
void otel__azure_time_text(uint64_t unix_nano, char out[OTEL__AZURE_TIME_BYTES]);
/* "[D.]HH:MM:SS.fffffff"; below zero is zero, at most a tick below 1000 days. */
void otel__azure_duration_text(double milliseconds, char out[OTEL__AZURE_DURATION_BYTES]);
/* Whether a text is one: [D.]HH:MM:SS[.f], at most seven digits behind the point. */
bool otel__azure_is_duration(const char *text);
#endif
