/* Many short-lived threads, all sizes, a consumer slow and fast by turns: every byte checked, order per thread, the
 * bound, the books at every moment and at the end, no chunk and no credit lost. --long: 400 waves of threads. */
#include "testing.h"
#include <pthread.h>

enum { WAVE = 12, EACH = 3000, WAVES_MAX = 100000, BOUND = 2048 };

typedef struct counter { /* a line each, or the counting would order the threads */
    _Alignas(128) _Atomic uint64_t n;
} counter;

static otel__queue queue;
static test_sleeper sleeper;
static counter begun[WAVE], accepted[WAVE];
static _Atomic uint64_t settled;
static uint64_t *last_number;
static _Atomic bool emitted;
static uint32_t most_used;

static uint64_t sum(counter *counters)
{
    uint64_t n = 0;
    for (int i = 0; i < WAVE; i++) n += atomic_load(&counters[i].n);
    return n;
}

static void *emitter(void *argument)
{
    uint32_t who = (uint32_t)(uintptr_t)argument;
    for (uint64_t i = 1; i <= EACH; i++) {
        uint64_t random = test_mix(i * 977 + who);
        errno = ERANGE;
        atomic_fetch_add(&begun[who % WAVE].n, 1);
        if (test_emit(&queue, who, i, test_length(random, 60000)) == OTEL__QUEUE_OK)
            atomic_fetch_add(&accepted[who % WAVE].n, 1);
        else if (!(random & 63))
            sched_yield();
        CHECK(errno == ERANGE);
    }
    return NULL;
}

static void got(void *context, uint32_t stripe, const test_head *head)
{
    (void)context;
    (void)stripe;
    CHECK(head->number > last_number[head->who]);
    last_number[head->who] = head->number;
    atomic_fetch_add(&settled, 1);
}

static void *consumer(void *unused)
{
    for (uint64_t n = 0;; n++) {
        bool last = atomic_load(&emitted);
        uint32_t used = otel__queue_used(&queue);
        if (used > most_used) most_used = used;
        test_consume(&queue, false, got, NULL);
        if (last) return unused;
        if (n % 7 == 0)
            usleep(300);
        else if (n % 7 == 1)
            test_sleep(&queue, &sleeper, OTEL__QUEUE_NAP, 1);
        else if (test_sleep(&queue, &sleeper, OTEL__QUEUE_IDLE, -1))
            test_sleep(&queue, &sleeper, OTEL__QUEUE_WAITING, 1);
    }
}

/* What a metrics reader sees while everything moves. */
static void *observer(void *unused)
{
    uint64_t before = 0;
    while (!atomic_load(&emitted)) {
        otel__queue_totals totals;
        uint64_t already_settled = atomic_load(&settled);
        otel__queue_counts(&queue, &totals);
        uint64_t all = totals.taken_by_queue + totals.queue_full + totals.too_large + totals.closed + totals.fork_child;
        CHECK(totals.taken_by_queue >= before && totals.taken_by_queue >= already_settled);
        CHECK(all <= sum(begun));
        before = totals.taken_by_queue;
        usleep(50);
    }
    return unused;
}

static uint32_t run_waves(uint32_t waves, uint64_t until_ms)
{
    pthread_t threads[WAVE];
    uint32_t w = 0;
    for (; w < waves && test_now_ms() < until_ms; w++) {
        for (uint32_t i = 0; i < WAVE; i++)
            CHECK(!pthread_create(&threads[i], NULL, emitter, (void *)(uintptr_t)(w * WAVE + i)));
        for (uint32_t i = 0; i < WAVE; i++) pthread_join(threads[i], NULL);
    }
    return w;
}

static void check_books(void)
{
    otel__queue_totals totals;
    CHECK(test_consume(&queue, true, got, NULL) == 0);
    CHECK(test_emit(&queue, 1, 1, 100) == OTEL__QUEUE_CLOSED);
    otel__queue_counts(&queue, &totals);
    CHECK(atomic_load(&settled) == sum(accepted) && totals.taken_by_queue == sum(accepted));
    CHECK(totals.closed == 1 && totals.too_large == 0 && totals.fork_child == 0);
    CHECK(totals.queue_full == sum(begun) - sum(accepted));
    CHECK(otel__queue_used(&queue) == 0 && otel__queue_outside(&queue) == 0);
    CHECK(atomic_load(&queue.control->open) == 0 && atomic_load(&queue.control->held) == 0);
    CHECK(most_used <= BOUND);
    CHECK(atomic_load(&sleeper.wakes) <= sleeper.sleeps + 1);
}

int main(int argc, char **argv)
{
    bool is_long = test_is_long(argc, argv);
    pthread_t consuming, observing;
    sleeper.event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    CHECK(sleeper.event >= 0);
    otel__queue_options options = {.max_records = BOUND,
                                   .batch_records = 512,
                                   .chunk_bytes = 16384,
                                   .chunks = 64,
                                   .jumbo_bytes = otel__queue_jumbo_bytes(16384, 65536),
                                   .jumbos = 4,
                                   .stripes = 16,
                                   .fd = -1,
                                   .wake = test_wake,
                                   .wake_context = &sleeper};
    CHECK(otel__queue_open(&queue, &options));
    last_number = calloc((size_t)WAVE * WAVES_MAX, sizeof *last_number);
    CHECK(last_number);
    pthread_create(&consuming, NULL, consumer, NULL);
    pthread_create(&observing, NULL, observer, NULL);
    uint32_t waves = is_long ? run_waves(400, UINT64_MAX) : run_waves(WAVES_MAX, test_now_ms() + 2500);
    atomic_store(&emitted, true);
    otel__queue_hurry(&queue);
    pthread_join(consuming, NULL);
    pthread_join(observing, NULL);
    check_books();
    printf("stress: %u threads, %llu accepted, %llu refused, most queued %u, %llu wake-ups in %llu sleeps\n",
           waves * WAVE, (unsigned long long)sum(accepted), (unsigned long long)(sum(begun) - sum(accepted)), most_used,
           (unsigned long long)atomic_load(&sleeper.wakes), (unsigned long long)sleeper.sleeps);
    otel__queue_unmap(&queue);
    free(last_number);
    close(sleeper.event);
    return 0;
}
