/* Dates as HTTP headers write them, and how long to wait. */
#ifndef OTEL__RETRY_AFTER_H
#define OTEL__RETRY_AFTER_H
#include <otel/base.h>

/* Any of the three forms. `now` is for years of two digits. */
bool otel__http_date(const char *text, size_t size, int64_t now_unix_seconds, int64_t *seconds);
/* The text of a Retry-After header: seconds from now on, perhaps negative. false: not understood. */
bool otel__retry_after(const char *text, size_t size, int64_t now_unix_seconds, int64_t *seconds);
#endif
