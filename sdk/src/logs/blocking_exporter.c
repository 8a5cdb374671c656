/* A thread of its own for an exporter that may sleep in export_batch. */
#include "blocking_exporter.h"
#include <otel/provider.h>

enum { IDLE = 0, WORK = 1, END = 2, ENDED = 3 };

struct otel__blocking {
    otel_log_exporter *exporter;
    const otel_log_batch *batch;
    otel_export_call *call;
    otel__thread thread;
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

static void *run(void *argument)
{
    otel__blocking *b = argument;
    otel_suppress_begin();
    for (uint32_t state; (state = atomic_load(&b->state)) != END;) {
        if (state == WORK) work(b);
        else otel__wait_on(&b->state, IDLE, INT64_MAX);
    }
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

bool otel__blocking_stop(otel__blocking *b, int64_t deadline)
{
    if (!b || !b->thread.running) return true;
    atomic_store(&b->state, END);
    otel__wake_all(&b->state);
    while (atomic_load(&b->state) != ENDED) {
        if (otel__monotonic_ns() >= deadline) return false;
        otel__wait_on(&b->state, END, deadline);
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
