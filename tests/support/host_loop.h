/* An event loop that turns providers in host mode, and measures each call of ours. */
#ifndef HOST_LOOP_H
#define HOST_LOOP_H
#include <otel/sdk/sdk.h>

typedef struct host_loop {
    otel_provider *providers[8];
    size_t count;
    bool restless; /* polls in every turn, due or not */
    /* Of all calls so far. */
    unsigned turns, polls;
    int64_t most_cpu_us;     /* processor time of one call */
    int64_t most_waiting_us; /* wall time of one call that slept in it */
    int64_t most_wall_us;    /* wall time of any: on a loaded machine also that of others */
    int most_threads;
} host_loop;

/* One turn: waits for any provider's descriptor or timeout, at most so long, and polls those that are due. */
void host_loop_turn(host_loop *loop, int64_t most_us);
/* A call of ours, measured. */
void host_loop_measure(host_loop *loop, void (*call)(void *argument), void *argument);
/* Threads of this process. */
int host_loop_threads(void);
#endif
