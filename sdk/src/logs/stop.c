/* Stopping a provider: out of every API, everything exported, the loop home; all by one deadline. */
#include "batch_processor.h"
#include "provider.h"

static void close_queues(otel__provider *p)
{
    atomic_store(&p->life->closing, 1);
    uint32_t count = atomic_load(&p->pipeline_count);
    for (uint32_t i = 0; i < count; i++)
        if (otel__as_batch(p->pipelines[i])) atomic_store(&otel__as_batch(p->pipelines[i])->life->closing, 1);
}

static otel_api_port *take_port(otel__provider *p, int i)
{
    otel__lock_take(&p->life->ports);
    otel_api_port *port = p->port_list[i];
    p->port_list[i] = NULL;
    otel__lock_give(&p->life->ports);
    return port;
}

static bool retire_from(otel_api_port *const ports[OTEL__PORTS_MAX], otel__provider *p, otel_deadline deadline)
{
    bool empty = true;
    for (int i = 0; i < OTEL__PORTS_MAX; i++)
        if (ports[i] && !ports[i]->retire(ports[i], &p->base, deadline.monotonic_ns)) empty = false;
    return empty;
}

/* Out of every copy of the API; true: nobody is inside any more. A thread that waits for room is not inside, but comes
 * back: hence the second look at the marks. */
static bool retire(otel__provider *p, otel_deadline deadline)
{
    otel_api_port *ports[OTEL__PORTS_MAX];
    for (int i = 0; i < OTEL__PORTS_MAX; i++) ports[i] = take_port(p, i);
    bool empty = retire_from(ports, p, deadline);
    while (atomic_load(&p->life->waiters)) {
        if (otel_deadline_left_ms(deadline) == 0) return false;
        otel__sleep_ns(100000);
    }
    return retire_from(ports, p, deadline) && empty;
}

static bool all_stopped(const void *argument)
{
    const otel__provider *p = argument;
    uint32_t count = atomic_load(&p->pipeline_count);
    for (uint32_t i = 0; i < count; i++)
        if (otel__as_batch(p->pipelines[i]) && !otel__batch_stopped(otel__as_batch(p->pipelines[i]))) return false;
    return true;
}

static bool shut_down(otel__provider *p, otel_deadline deadline)
{
    bool good = true;
    for (otel_log_processor *q = p->head; q; q = q->next)
        if (!otel__as_batch(q) && otel_log_processor_shutdown(q, deadline) != OTEL_OK) good = false;
    uint32_t count = atomic_load(&p->pipeline_count);
    for (uint32_t i = 0; i < count; i++)
        if (otel__as_batch(p->pipelines[i])) otel__batch_want_stop(otel__as_batch(p->pipelines[i]), deadline);
    return otel__loop_wait(&p->loop, all_stopped, p, otel__after_ms(deadline, 50)) && good;
}

static bool nothing_left(otel__provider *p)
{
    otel_pipeline_books books;
    for (size_t i = 0; otel_provider_pipeline_books(&p->base, i, &books); i++)
        if (books.dropped_after_stop || books.queued) return false;
    return true;
}

static bool can_be_freed(const otel__provider *p)
{
    if (atomic_load(&p->loop.turner)) return false; /* stopped by a callback of its own loop */
    uint32_t count = atomic_load(&p->pipeline_count);
    for (uint32_t i = 0; i < count; i++)
        if (otel__as_batch(p->pipelines[i]) && !otel__batch_can_be_freed(otel__as_batch(p->pipelines[i]))) return false;
    return true;
}

bool otel__provider_end(otel__provider *p, uint32_t ms, bool *everything)
{
    otel_deadline deadline = otel_deadline_in_ms(ms);
    otel__provider_check_fork(p);
    otel__flush requests;
    close_queues(p);
    otel__flush_begin(
        &requests, p,
        deadline.monotonic_ns); /* whoever is stuck inside one pipeline must not cost the others their time */
    otel__loop_ring(&p->loop);
    bool empty = retire(p, deadline);
    bool good = shut_down(p, deadline);
    otel__provider_say_dropped(p);
    bool home = otel__loop_quit(&p->loop, otel__after_ms(deadline, 80));
    *everything = good && empty && nothing_left(p);
    bool alone = otel__host_dismiss(p);
    return empty && home && alone && can_be_freed(p);
}
