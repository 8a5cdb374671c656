/* A thread of its own for an exporter that may sleep in export_batch. */
#include "blocking_exporter.h"
#include <otel/provider.h>

enum { IDLE = 0, WORK = 1, END = 2, ENDED = 3, FLUSH = 4, FLUSH_MS = 30000 };

struct otel__blocking {
    otel_log_exporter *exporter;
    const otel_log_batch *batch;
    otel_export_call *call;
    otel__thread thread;
    otel_deadline end_deadline;
    _Atomic uint32_t state;
};

otel__blocking *otel__blocking_new(otel_log_exporter *exporter)
{
    otel__blocking *b = otel_allocate(sizeof *b);
    if (b) b->exporter = exporter;
    return b;
}

static void work(otel__blocking *b)
{
    otel_export_call *call = b->call;
    otel_export_status status = b->exporter->ops->export_batch(b->exporter, b->batch, call);
    uint32_t expected = WORK;
    atomic_compare_exchange_strong(&b->state, &expected, IDLE); /* END stays */
    if (status != OTEL_EXPORT_PENDING) otel_export_done(call, status);
}

static void flush(otel__blocking *b)
{
    uint32_t expected = FLUSH;
    b->exporter->ops->flush(b->exporter, otel_deadline_in_ms(FLUSH_MS));
    atomic_compare_exchange_strong(&b->state, &expected, IDLE);
}

static void *run(void *argument)
{
    otel__blocking *b = argument;
    otel_suppress_begin();
    for (uint32_t state; (state = atomic_load(&b->state)) != END;) {
        if (state == WORK)
            work(b);
        else if (state == FLUSH)
            flush(b);
        else
            otel__wait_on(&b->state, IDLE, INT64_MAX);
    }
    if (b->exporter->ops->shutdown) b->exporter->ops->shutdown(b->exporter, b->end_deadline);
    atomic_store(&b->state, ENDED);
    otel__wake_all(&b->state);
    return NULL;
}

bool otel__blocking_start(otel__blocking *b, const otel_log_batch *batch, otel_export_call *call)
{
    b->batch = batch;
    b->call = call;
    atomic_store(&b->state, WORK);
    if (b->thread.running) {
        otel__wake_all(&b->state);
        return true;
    }
    if (otel__thread_start(&b->thread, "otel-blocking", run, b)) return true;
    atomic_store(&b->state, IDLE);
    return false;
}

bool otel__blocking_flush(otel__blocking *b)
{
    uint32_t expected = IDLE;
    if (!b->exporter->ops->flush || !b->thread.running) return false;
    if (!atomic_compare_exchange_strong(&b->state, &expected, FLUSH)) return false;
    otel__wake_all(&b->state);
    return true;
}

bool otel__blocking_busy(const otel__blocking *b)
{
    uint32_t state = atomic_load(&b->state);
    return state == WORK || state == FLUSH;
}

void otel__blocking_want_end(otel__blocking *b, otel_deadline deadline)
{
    uint32_t state = atomic_load(&b->state);
    if (state == END || state == ENDED) return;
    b->end_deadline = deadline;
    if (b->thread.running) {
        atomic_store(&b->state, END);
        otel__wake_all(&b->state);
        return;
    }
    if (b->exporter->ops->shutdown) b->exporter->ops->shutdown(b->exporter, deadline); /* it never had a batch */
    atomic_store(&b->state, ENDED);
}

bool otel__blocking_ended(otel__blocking *b, int64_t patience)
{
    int64_t until = otel__monotonic_ns() + patience;
    while (atomic_load(&b->state) != ENDED) {
        if (otel__monotonic_ns() >= until) return false;
        otel__wait_on(&b->state, END, until);
    }
    otel__thread_join(&b->thread);
    return true;
}

/* The thread is not there in the child; what it was doing was the parent's. */
void otel__blocking_after_fork(otel__blocking *b)
{
    if (!b) return;
    b->thread.running = false;
    atomic_store(&b->state, IDLE);
}

void otel__blocking_destroy(otel__blocking *b)
{
    otel_release(b);
}
