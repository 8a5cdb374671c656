/* Flushing: all pipelines at once, because somebody asks or because a FATAL record came. */
#include "batch_processor.h"
#include "provider.h"
#include <errno.h>

void otel__flush_begin(otel__flush *r, otel__provider *p, int64_t deadline_ns)
{
    r->provider = p;
    r->count = atomic_load(&p->pipeline_count);
    for (uint32_t i = 0; i < r->count; i++) {
        otel__batch *b = otel__as_batch(p->pipelines[i]);
        if (b) r->numbers[i] = otel__batch_want_flush(b, deadline_ns);
    }
}

bool otel__flush_done(const void *argument)
{
    const otel__flush *r = argument;
    for (uint32_t i = 0; i < r->count; i++) {
        const otel__batch *b = otel__as_batch(r->provider->pipelines[i]);
        if (b && !otel__batch_flushed(b, r->numbers[i])) return false;
    }
    return true;
}

/* Processors that keep records go first, in order; then all pipelines at once. */
static otel_result flush(otel__provider *p, otel_deadline deadline, bool (*done)(const void *))
{
    otel_result result = OTEL_OK;
    otel__flush requests;
    for (otel_log_processor *q = p->head; q; q = q->next)
        if (!otel__as_batch(q) && otel_log_processor_flush(q, deadline) != OTEL_OK) result = OTEL_ERR_TIMEOUT;
    otel__flush_begin(&requests, p, deadline.monotonic_ns);
    return otel__loop_wait(&p->loop, done, &requests, deadline.monotonic_ns) ? result : OTEL_ERR_TIMEOUT;
}

otel_result otel_provider_flush(otel_provider *provider, uint32_t ms)
{
    otel__provider *p = (otel__provider *)provider;
    if (!p) return OTEL_ERR_ARGUMENT;
    int saved = errno;
    otel__provider_check_fork(p);
    otel_result result = flush(p, otel_deadline_in_ms(ms), otel__flush_done);
    errno = saved;
    return result;
}

/* Whoever stops the provider does not have to wait for those who only flush. */
static bool done_or_closing(const void *argument)
{
    const otel__flush *r = argument;
    return atomic_load(&r->provider->life->closing) || otel__flush_done(r);
}

void otel__provider_flush_on_fatal(otel__provider *p)
{
    atomic_fetch_add(&p->life->waiters, 1);
    uint64_t mark = otel_provider_step_out();
    flush(p, otel_deadline_in_ms(p->flush_on_fatal_ms), done_or_closing);
    otel_provider_step_in(mark);
    atomic_fetch_sub(&p->life->waiters, 1);
}
