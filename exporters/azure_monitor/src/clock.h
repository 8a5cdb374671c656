/* The time, where tests move it. */
#ifndef OTEL__AZURE_CLOCK_H
#define OTEL__AZURE_CLOCK_H
#include <stdint.h>

int64_t otel__azure_monotonic_ns(void);
int64_t otel__azure_unix_s(void); /* seconds since 1970 */
#endif
