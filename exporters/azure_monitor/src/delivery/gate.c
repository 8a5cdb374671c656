/* When something may be sent. */
#include "gate.h"

#include <otel/sdk/random.h>

enum {
    MS = 1000000,
    FIRST_MS = 1000,
    MOST_MS = 60000,
    DAY_S = 86400,
    DAY_MS = DAY_S * 1000,
    SPREAD_S = 60 /* after midnight, so that not everybody comes at once */
};

static const int64_t SECOND = (int64_t)1000 * MS;

static int64_t random_below(int64_t limit)
{
    return (int64_t)(otel_random() % (uint64_t)limit);
}

/* 1 s after the first, twice as much each time, at most a minute; up to a quarter of it by chance. */
static int64_t backoff_ms(const otel__azure_gate *gate)
{
    uint32_t doublings = gate->failures - 1;
    int64_t ms = doublings < 6 ? (int64_t)FIRST_MS << doublings : MOST_MS;
    int64_t spread = random_below(ms / 4);
    return ms + spread > MOST_MS ? MOST_MS - spread : ms + spread;
}

static int64_t capped(uint32_t ms, int64_t most_ms)
{
    return ms < most_ms ? ms : most_ms;
}

static void close_at(otel__azure_gate *gate, int64_t now_ns)
{
    gate->failed_ns = now_ns;
    if (gate->failures < UINT32_MAX) gate->failures++;
    gate->backoff_ns = 0;
}

void otel__azure_gate_failed(otel__azure_gate *gate, int64_t now_ns, uint32_t retry_after_ms)
{
    close_at(gate, now_ns);
    if (retry_after_ms)
        gate->service_ns = now_ns + capped(retry_after_ms, DAY_MS) * MS;
    else
        gate->backoff_ns = now_ns + backoff_ms(gate) * MS;
}

void otel__azure_gate_quota(otel__azure_gate *gate, int64_t now_ns, int64_t unix_s, uint32_t retry_after_ms)
{
    close_at(gate, now_ns);
    int64_t midnight_s = DAY_S - unix_s % DAY_S + 1 + random_below(SPREAD_S);
    int64_t ms = retry_after_ms ? capped(retry_after_ms, 2 * (int64_t)DAY_MS) : midnight_s * 1000;
    gate->service_ns = now_ns + ms * MS;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t otel__azure_gate_opens(const otel__azure_gate *gate)
{
    return later(gate->service_ns, gate->backoff_ns);
}

/* 1 s after the last failure, 2 s after the next; once more in the middle of what is left before the deadline. */
int64_t otel__azure_gate_opens_at_stop(const otel__azure_gate *gate, int64_t now_ns, int64_t deadline_ns)
{
    uint32_t doublings = gate->hurried < 16 ? gate->hurried : 16;
    int64_t at = earlier(gate->backoff_ns, gate->failed_ns + (SECOND << doublings));
    if (at >= deadline_ns && !gate->last_try) at = now_ns + (deadline_ns - now_ns) / 2;
    return later(gate->service_ns, at);
}

void otel__azure_gate_hurried(otel__azure_gate *gate, int64_t deadline_ns)
{
    uint32_t doublings = gate->hurried < 16 ? gate->hurried : 16;
    if (gate->failed_ns + (SECOND << doublings) >= deadline_ns) gate->last_try = true;
    gate->hurried++;
}
