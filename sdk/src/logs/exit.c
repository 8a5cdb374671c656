/* otel_stop when the process ends by itself, for programs that ask for it. */
#include "batch_processor.h"
#include "provider.h"
#include <stdlib.h>

static _Atomic uint64_t wanted; /* milliseconds + 1; 0: not asked for */
static _Atomic bool early, late;

/* The child of a fork that never logged has nothing to send, and would make a loop of its own only to end it. */
static bool untouched(const otel__provider *p)
{
    return p && atomic_load(&p->life->alive) != OTEL__ALIVE;
}

static void stop_now(void)
{
    otel__provider *p = otel__started_hold();
    bool idle = untouched(p);
    otel__started_let_go(p);
    uint64_t ms = atomic_load(&wanted);
    if (!idle && ms) otel_stop((uint32_t)(ms - 1));
}

static bool at_exit(_Atomic bool *registered)
{
    if (atomic_exchange(registered, true)) return true;
    if (atexit(stop_now) == 0) return true;
    atomic_store(registered, false);
    return false;
}

static bool uses_network(otel__provider *p)
{
    uint32_t count = atomic_load(&p->pipeline_count);
    for (uint32_t i = 0; i < count; i++) {
        const otel__batch *b = otel__as_batch(p->pipelines[i]);
        if (b && b->exporter->ops->poll) return true;
    }
    return false;
}

/* Handlers run in the reverse order. An exporter that uses the network closes it in a handler of its own, which the
 * first of them registers when it is made: ours has to come behind that one, so it may have to be registered twice. */
void otel__exit_prepare(otel__provider *p)
{
    if (atomic_load(&wanted) && uses_network(p)) at_exit(&late);
}

otel_result otel_stop_at_exit(uint32_t ms)
{
    if (ms == UINT32_MAX) return OTEL_ERR_ARGUMENT;
    atomic_store(&wanted, (uint64_t)ms + 1);
    otel__provider *p = otel__started_hold();
    bool network = p && uses_network(p);
    otel__started_let_go(p);
    return at_exit(network ? &late : &early) ? OTEL_OK : OTEL_ERR_NO_MEMORY;
}
