/* Deadlines that may be missed now and then: see tries.h. */
#include "tries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

bool in_three_tries(bool (*once)(void *argument), void *argument)
{
    for (int i = 0; i < 3; i++)
        if (once(argument)) return true;
    return false;
}

bool took_between(int64_t began_ms, int64_t least_ms, int64_t most_ms)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t took = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 - began_ms;
    if (took < least_ms) fail_msg("only %lld ms, not %lld", (long long)took, (long long)least_ms);
    if (took > most_ms) print_message("%lld ms, more than %lld\n", (long long)took, (long long)most_ms);
    return took <= most_ms;
}
