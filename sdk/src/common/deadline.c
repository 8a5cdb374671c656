/* Points in time on the monotonic clock. */
#include "platform/platform.h"
#include <otel/sdk/deadline.h>

otel_deadline otel_deadline_in_ms(uint32_t ms)
{
    if (ms == UINT32_MAX) return (otel_deadline){OTEL_DEADLINE_NEVER};
    return (otel_deadline){otel__monotonic_ns() + (int64_t)ms * 1000000};
}

uint32_t otel_deadline_left_ms(otel_deadline deadline)
{
    if (deadline.monotonic_ns == OTEL_DEADLINE_NEVER) return UINT32_MAX;
    int64_t left = deadline.monotonic_ns - otel__monotonic_ns();
    if (left <= 0) return 0;
    left = (left + 999999) / 1000000;
    return left >= UINT32_MAX ? UINT32_MAX - 1 : (uint32_t)left;
}
