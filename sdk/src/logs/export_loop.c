/* The one loop: turns, and sleeping between them. */
#include "export_loop.h"
#include "batch_processor.h"
#include <otel/provider.h>

static const int64_t SLICE_NS = 50000000;
static const int64_t HOST_TURN_NS = 1000000; /* of the host's time: then it is asked to come again */
static const int64_t TURN_LOOK_NS = 200000;

bool otel__loop_open(otel__loop *loop, bool host)
{
    *loop = (otel__loop){.sleeper = {-1, -1}, .host = host, .next_ns = OTEL_DEADLINE_NEVER};
    return otel__sleeper_open(&loop->sleeper);
}

void otel__loop_close(otel__loop *loop)
{
    otel__sleeper_close(&loop->sleeper);
}

/* A turn that gets too long for a host is cut short; the next begins where it ended. */
static void turn(otel__loop *loop)
{
    int64_t now = otel__monotonic_ns(), limit = now + HOST_TURN_NS;
    int64_t next = loop->chores ? loop->chores(loop->chores_of, now) : OTEL_DEADLINE_NEVER;
    uint32_t count = atomic_load_explicit(&loop->batch_count, memory_order_acquire), i = 0, first = loop->first;
    for (; i < count && (!loop->host || now < limit); i++) {
        int64_t due = otel__batch_turn(loop->batches[(first + i) % count], now);
        if (due < next) next = due;
        now = otel__monotonic_ns();
    }
    if (i < count) loop->first = (first + i) % count;
    loop->next_ns = i < count ? 0 : next;
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

bool otel__loop_start(otel__loop *loop)
{
    loop->started = true;
    loop->next_ns = 0;
    return loop->host || start_thread(loop);
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

/* Without a thread of ours whoever comes turns the loop, one at a time. */
static bool take_turns(otel__loop *loop)
{
    uintptr_t nobody = 0;
    return atomic_compare_exchange_strong(&loop->turner, &nobody, otel__thread_pointer());
}

static void give_turns(otel__loop *loop)
{
    atomic_store(&loop->turner, 0);
}

static bool turning_myself(const otel__loop *loop)
{
    return atomic_load(&loop->turner) == otel__thread_pointer();
}

/* The host's own thread stands in for ours while it waits. The bell at the end: a thread of the host's that watches the
 * descriptor has to come and say again how each queue's consumer sleeps. */
static bool drive(otel__loop *loop, bool (*done)(const void *), const void *argument, int64_t deadline)
{
    while (!take_turns(loop)) {
        if (done(argument)) return true;
        if (turning_myself(loop) || otel__monotonic_ns() >= deadline) return false;
        otel__sleep_ns(TURN_LOOK_NS);
    }
    otel_suppress_begin();
    turn(loop);
    while (!done(argument) && otel__monotonic_ns() < deadline) {
        rest(loop, deadline);
        turn(loop);
    }
    otel_suppress_end();
    bool result = done(argument);
    give_turns(loop);
    otel__loop_ring(loop);
    return result;
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
    atomic_store(&loop->turner, 0);
    loop->next_ns = OTEL_DEADLINE_NEVER;
    atomic_store(&loop->gone, 0);
    atomic_store(&loop->quit, 0);
    bool opened = otel__sleeper_open(&loop->sleeper);
    uint32_t count = atomic_load(&loop->batch_count);
    for (uint32_t i = 0; i < count; i++) otel__batch_after_fork(loop->batches[i]);
    if (!opened) return false;
    otel__loop_ring(loop); /* no queue knows yet how its consumer sleeps */
    return !with_thread || loop->host || (!count && !loop->started) || start_thread(loop);
}

void otel__loop_turn(otel__loop *loop)
{
    if (!take_turns(loop)) return;
    otel_suppress_begin();
    awake(loop);
    otel__sleeper_sleep(&loop->sleeper, 0);
    turn(loop);
    if (!quiet(loop)) loop->next_ns = 0;
    otel_suppress_end();
    give_turns(loop);
}

int32_t otel__loop_timeout_ms(const otel__loop *loop)
{
    int64_t next = atomic_load(&loop->next_ns);
    if (next == OTEL_DEADLINE_NEVER) return -1;
    int64_t left = next - otel__monotonic_ns();
    if (left <= 0) return 0;
    left = (left + 999999) / 1000000;
    return left > INT32_MAX ? INT32_MAX : (int32_t)left;
}
