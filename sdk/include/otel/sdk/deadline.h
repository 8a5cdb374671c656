/* Points in time on the monotonic clock: what everything that waits is given. */
#ifndef OTEL_SDK_DEADLINE_H
#define OTEL_SDK_DEADLINE_H
#include <otel/base.h>

#define OTEL_DEADLINE_NEVER INT64_MAX

typedef struct otel_deadline {
    int64_t monotonic_ns; /* CLOCK_MONOTONIC; OTEL_DEADLINE_NEVER: none */
} otel_deadline;

OTEL_EXTERN_C_BEGIN
/* Any thread, signal-safe, both. A deadline `ms` milliseconds from now (UINT32_MAX: never). */
OTEL_API otel_deadline otel_deadline_in_ms(uint32_t ms);
/* Milliseconds left, rounded up; 0: passed; UINT32_MAX: never. */
OTEL_API uint32_t otel_deadline_left_ms(otel_deadline deadline);
OTEL_EXTERN_C_END
#endif
