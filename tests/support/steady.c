/* A program that logs at an even pace. */
#include "steady.h"

#include <stdio.h>
#include <time.h>

long long emit_steadily(otel_logger *logger, long long from, int seconds, int a_second)
{
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    for (int i = 0; i < seconds * a_second; i++) {
        char text[32];
        snprintf(text, sizeof text, "%lld", from++);
        OTEL_LOG_INFO(logger, text, OTEL_STR("kind", "steady"));
        next.tv_nsec += 1000000000 / a_second;
        if (next.tv_nsec >= 1000000000) next.tv_sec++, next.tv_nsec -= 1000000000;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
    }
    return from;
}
