/* When something may be sent. Two things close the gate: the service, by its word (Retry-After, a quota that is used
 * up), and we ourselves, after a failure, for longer each time. A stop does not wait for ours, and always for its. */
#ifndef OTEL__AZURE_GATE_H
#define OTEL__AZURE_GATE_H
#include <otel/base.h>

/* {0} is open. Points in time are monotonic nanoseconds. */
typedef struct otel__azure_gate {
    int64_t service_ns; /* the service wants nothing before */
    int64_t backoff_ns; /* we send nothing before */
    int64_t failed_ns;  /* when it last went wrong */
    uint32_t failures;  /* in a row */
    uint32_t hurried;   /* tries during a stop */
    bool last_try;      /* the one before the deadline of a stop was made */
} otel__azure_gate;

/* Something was taken: the row of failures is over. */
static inline void otel__azure_gate_passed(otel__azure_gate *gate)
{
    *gate = (otel__azure_gate){0};
}
/* Not now. retry_after_ms: what the service asked for, at most a day of it; 0: it asked for nothing. */
void otel__azure_gate_failed(otel__azure_gate *gate, int64_t now_ns, uint32_t retry_after_ms);
/* The quota is used up: until the service's own time, at most two days; 0: until after midnight, UTC. */
void otel__azure_gate_quota(otel__azure_gate *gate, int64_t now_ns, int64_t unix_s, uint32_t retry_after_ms);

/* When the next request may go out; a time that has passed: now. */
int64_t otel__azure_gate_opens(const otel__azure_gate *gate);
/* The same while the program waits for us to stop: soon, but not often. The try that this allows is to be reported. */
int64_t otel__azure_gate_opens_at_stop(const otel__azure_gate *gate, int64_t now_ns, int64_t deadline_ns);
void otel__azure_gate_hurried(otel__azure_gate *gate, int64_t deadline_ns);
#endif
