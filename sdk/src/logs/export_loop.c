/* The one loop: turns, and sleeping between them. */
#include "export_loop.h"
#include "batch_processor.h"
#include <otel/provider.h>

static const int64_t SLICE_NS = 50000000;

bool otel__loop_open(otel__loop *loop, bool host)
{
    *loop = (otel__loop){.sleeper = {-1, -1}, .host = host, .next_ns = OTEL_DEADLINE_NEVER};
    return otel__sleeper_open(&loop->sleeper);
}

void otel__loop_close(otel__loop *loop)
{
    otel__sleeper_close(&loop->sleeper);
}

static void turn(otel__loop *loop)
{
    int64_t next = OTEL_DEADLINE_NEVER;
    uint32_t count = atomic_load_explicit(&loop->batch_count, memory_order_acquire);
    for (uint32_t i = 0; i < count; i++) {
        int64_t due = otel__batch_turn(loop->batches[i], otel__monotonic_ns());
        if (due < next) next = due;
    }
    loop->next_ns = next;
}

/* Every queue is told how its consumer sleeps before the last look at it: a writer sees the one or we see its record.
 */
static bool quiet(otel__loop *loop)
{
    bool all = true;
    uint32_t count = atomic_load_explicit(&loop->batch_count, memory_order_acquire);
    for (uint32_t i = 0; i < count; i++) all &= otel__batch_may_sleep(loop->batches[i]);
    return all;
}

static void awake(otel__loop *loop)
{
    uint32_t count = atomic_load_explicit(&loop->batch_count, memory_order_acquire);
    for (uint32_t i = 0; i < count; i++) otel__queue_awake(&loop->batches[i]->queue);
}

static void rest(otel__loop *loop, int64_t at_most)
{
    int64_t until = quiet(loop) ? loop->next_ns : 0;
    otel__sleeper_sleep(&loop->sleeper, until < at_most ? until : at_most);
    awake(loop);
}

static void *run(void *argument)
{
    otel__loop *loop = argument;
    otel_suppress_begin(); /* what exporters log while they export would export itself for ever */
    while (!atomic_load(&loop->quit)) {
        turn(loop);
        rest(loop, OTEL_DEADLINE_NEVER);
    }
    atomic_store(&loop->gone, 1);
    otel__loop_announce(loop);
    return NULL;
}

static bool start_thread(otel__loop *loop)
{
    return loop->thread.running || otel__thread_start(&loop->thread, "otel-export", run, loop);
}

bool otel__loop_add(otel__loop *loop, otel__batch *batch)
{
    uint32_t count = atomic_load(&loop->batch_count);
    if (count == OTEL__PIPELINES_MAX) return false;
    if (!loop->host && !start_thread(loop)) return false;
    loop->batches[count] = batch;
    batch->loop = loop;
    atomic_store_explicit(&loop->batch_count, count + 1, memory_order_release);
    otel__loop_ring(loop);
    return true;
}

void otel__loop_ring(otel__loop *loop)
{
    otel__sleeper_ring(&loop->sleeper);
}

void otel__loop_announce(otel__loop *loop)
{
    atomic_fetch_add(&loop->progress, 1);
    otel__wake_all(&loop->progress);
}

/* The host's own thread stands in for ours while it waits. */
static bool drive(otel__loop *loop, bool (*done)(const void *), const void *argument, int64_t deadline)
{
    otel_suppress_begin();
    turn(loop);
    while (!done(argument) && otel__monotonic_ns() < deadline) {
        rest(loop, deadline);
        turn(loop);
    }
    otel_suppress_end();
    return done(argument);
}

bool otel__loop_wait(otel__loop *loop, bool (*done)(const void *), const void *argument, int64_t deadline)
{
    otel__loop_ring(loop);
    if (loop->host || !loop->thread.running)
        return drive(loop, done, argument, deadline); /* an inert child has no thread */
    for (;;) {
        uint32_t seen = atomic_load(&loop->progress);
        if (done(argument)) return true;
        int64_t now = otel__monotonic_ns();
        if (now >= deadline) return false;
        otel__wait_on(&loop->progress, seen, now + SLICE_NS < deadline ? now + SLICE_NS : deadline);
    }
}

static bool gone(const void *argument)
{
    return atomic_load(&((const otel__loop *)argument)->gone);
}

bool otel__loop_quit(otel__loop *loop, int64_t deadline)
{
    if (!loop->thread.running) return true;
    atomic_store(&loop->quit, 1);
    if (!otel__loop_wait(loop, gone, loop, deadline)) return false;
    otel__thread_join(&loop->thread);
    return true;
}

bool otel__loop_after_fork(otel__loop *loop, bool with_thread)
{
    otel__sleeper_abandon(&loop->sleeper);
    loop->thread.running = false;
    loop->next_ns = OTEL_DEADLINE_NEVER;
    atomic_store(&loop->gone, 0);
    atomic_store(&loop->quit, 0);
    bool opened = otel__sleeper_open(&loop->sleeper);
    uint32_t count = atomic_load(&loop->batch_count);
    for (uint32_t i = 0; i < count; i++) otel__batch_after_fork(loop->batches[i]);
    if (!opened) return false;
    otel__loop_ring(loop); /* no queue knows yet how its consumer sleeps */
    return !with_thread || loop->host || !count || start_thread(loop);
}

void otel__loop_turn(otel__loop *loop)
{
    otel_suppress_begin();
    awake(loop);
    otel__sleeper_sleep(&loop->sleeper, 0);
    turn(loop);
    if (!quiet(loop)) loop->next_ns = 0;
    otel_suppress_end();
}

int32_t otel__loop_timeout_ms(const otel__loop *loop)
{
    if (loop->next_ns == OTEL_DEADLINE_NEVER) return -1;
    int64_t left = loop->next_ns - otel__monotonic_ns();
    if (left <= 0) return 0;
    left = (left + 999999) / 1000000;
    return left > INT32_MAX ? INT32_MAX : (int32_t)left;
}
