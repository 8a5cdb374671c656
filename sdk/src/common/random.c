/* Random numbers for jitter and stamps. */
#include "platform/platform.h"
#include <otel/sdk/random.h>

uint64_t otel_random(void)
{
    uint64_t n;
    if (otel__system_random(&n, sizeof n)) return n;
    static _Atomic uint64_t counter; /* no entropy yet: clock, process and a counter still differ between hosts */
    n = otel__realtime_ns() ^ (uint64_t)otel__process_id() << 40 ^ atomic_fetch_add(&counter, 0x9e3779b97f4a7c15u);
    n = (n ^ n >> 31) * 0x7fb5d329728ea185u;
    return n ^ n >> 29;
}
