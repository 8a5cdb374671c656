/* The queue, case by case: options, bound, jumbos, closing, counts, order, reuse, sleeping and waking, forks, files and
 * recovery. What needs crowds, kills and storms is in tests/queue. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "queue/testing.h"

enum { CHUNK = 4096, CHUNKS = 16, JUMBO = 12288 };

static test_sleeper sleeper; /* with no descriptor: count_wake below only counts */

static void count_wake(void *context)
{
    (void)context;
    sleeper.wakes++;
    errno = EXDEV;
}

static otel__queue_options small(void)
{
    return (otel__queue_options){.max_records = 2048,
                                 .batch_records = 16,
                                 .chunk_bytes = CHUNK,
                                 .chunks = CHUNKS,
                                 .jumbo_bytes = JUMBO,
                                 .jumbos = 2,
                                 .stripes = 4,
                                 .fd = -1,
                                 .wake = count_wake};
}

static otel__queue opened(const otel__queue_options *options)
{
    otel__queue q;
    assert_true(otel__queue_open(&q, options));
    sleeper.wakes = 0;
    return q;
}

static void ignore(void *context, uint32_t stripe, const test_head *head)
{
    (void)context;
    (void)stripe;
    (void)head;
}

static uint64_t drain(otel__queue *q)
{
    return test_consume(q, false, ignore, NULL);
}

static void emit_many(otel__queue *q, uint64_t count, uint32_t length)
{
    for (uint64_t i = 1; i <= count; i++) assert_int_equal(test_emit(q, 1, i, length), OTEL__QUEUE_OK);
}

static otel__queue_totals totals_of(otel__queue *q)
{
    otel__queue_totals totals;
    otel__queue_counts(q, &totals);
    return totals;
}

/* -- open and unmap -------------------------------------------------------------------------------------------- */

static void bad_options_are_refused(void **state)
{
    (void)state;
    otel__queue_options bad[20];
    size_t n = 0;
    for (size_t i = 0; i < 20; i++) bad[i] = small();
    bad[n++].stripes = 0;
    bad[n++].stripes = 3;
    bad[n++].stripes = 512;
    bad[n++].chunks = 0;
    bad[n++].chunks = OTEL__QUEUE_CHUNKS_MAX;
    bad[n++].chunks = UINT32_MAX;
    bad[n++].jumbos = UINT32_MAX;
    bad[n++].chunk_bytes = 0;
    bad[n++].chunk_bytes = 5000;
    bad[n++].chunk_bytes = OTEL__QUEUE_CHUNK_BYTES_MAX + 4096;
    bad[n++].jumbo_bytes = CHUNK;
    bad[n++].jumbo_bytes = 0;
    bad[n++].jumbo_bytes = JUMBO + 1;
    bad[n++].max_records = 0;
    bad[n++].max_records = UINT32_MAX;
    bad[n++].batch_records = 0;
    for (size_t i = 0; i < n; i++) {
        otel__queue q;
        errno = 0;
        assert_false(otel__queue_open(&q, &bad[i]));
        assert_int_equal(errno, EINVAL);
        assert_null(q.control);
        otel__queue_unmap(&q); /* nothing to do, and no harm */
    }
    otel__queue q;
    assert_false(otel__queue_open(&q, NULL));
    otel__queue_unmap(NULL);
}

static void jumbo_bytes_hold_the_record(void **state)
{
    (void)state;
    assert_int_equal(otel__queue_jumbo_bytes(1000, 100), 0);
    assert_int_equal(otel__queue_jumbo_bytes(CHUNK, 1 << 24), 0);
    assert_int_equal(otel__queue_jumbo_bytes(CHUNK, 10), 2 * CHUNK);
    assert_int_equal(otel__queue_jumbo_bytes(CHUNK, UINT32_MAX), 0);
    otel__queue_options o = small();
    o.jumbo_bytes = otel__queue_jumbo_bytes(CHUNK, 100000);
    otel__queue q = opened(&o);
    assert_int_equal(test_emit(&q, 1, 1, 100000), OTEL__QUEUE_OK);
    assert_int_equal(test_emit(&q, 1, 1, 100000 + 4096), OTEL__QUEUE_TOO_LARGE);
    assert_int_equal(drain(&q), 1);
    otel__queue_unmap(&q);
}

static bool is_mapped(const void *at)
{
    return msync((void *)(uintptr_t)at, 4096, MS_ASYNC) == 0;
}

static void unmap_releases_everything(void **state)
{
    (void)state;
    otel__queue_options o = small();
    o.fd = memfd_create("queue", MFD_CLOEXEC);
    otel__queue q = opened(&o);
    emit_many(&q, 10, 100);
    const void *control = q.control, *map = atomic_load(&q.map), *spare = q.spare;
    assert_true(is_mapped(control) && is_mapped(map) && is_mapped(spare));
    otel__queue_unmap(&q);
    assert_false(is_mapped(control) || is_mapped(map) || is_mapped(spare));
    assert_int_equal(totals_of(&q).taken_by_queue, 0);
    otel__queue_unmap(&q);
    close(o.fd);
}

static long address_space_pages(void)
{
    char text[64] = {0};
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0 && read(fd, text, sizeof text - 1) > 0);
    close(fd);
    return strtol(text, NULL, 10);
}

static void failed_open_holds_nothing(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    int read_only = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    otel__queue_options o = small();
    o.chunks = 16384; /* 64 MiB */
    long before = address_space_pages();
    for (int i = 0; i < 600; i++) { /* a control block is 25 pages */
        const int fds[] = {ends[1], read_only, 1000000};
        otel__queue q;
        o.fd = fds[i % 3];
        errno = 0;
        assert_false(otel__queue_open(&q, &o));
        assert_true(errno != 0 && errno != EINVAL);
        assert_null(q.control);
    }
    assert_true(address_space_pages() - before < 4096);
    otel__queue q;
    o.fd = memfd_create("queue", MFD_CLOEXEC);
    o.file_offset = 100; /* mmap refuses */
    assert_false(otel__queue_open(&q, &o));
    o.file_offset = UINT64_MAX - 4095;
    assert_false(otel__queue_open(&q, &o));
    close(o.fd);
    close(ends[0]);
    close(ends[1]);
    close(read_only);
}

/* -- bound and drops ------------------------------------------------------------------------------------------- */

static void *emit_one(void *argument)
{
    return test_emit(argument, 2, 1, 100) == OTEL__QUEUE_OK ? argument : NULL;
}

static void bound_is_exact(void **state)
{
    (void)state;
    otel__queue_options o = small();
    o.chunk_bytes = 32768;
    o.chunks = 256;
    o.jumbos = 0;
    o.stripes = 64;
    o.batch_records = 512;
    otel__queue q = opened(&o);
    for (int round = 0; round < 3; round++) { /* later with credits of 64 threads unspent, and stripes left over */
        uint64_t n = 0;
        for (int i = 0; round && i < 64; i++, n++) {
            pthread_t thread;
            void *ok;
            assert_int_equal(pthread_create(&thread, NULL, emit_one, &q), 0);
            pthread_join(thread, &ok);
            assert_non_null(ok);
        }
        while (test_emit(&q, 1, n + 1, 100) == OTEL__QUEUE_OK) n++;
        assert_int_equal(n, 2048);
        assert_int_equal(otel__queue_used(&q), 2048);
        assert_int_equal(otel__queue_queued(&q), 2048);
        for (int i = 0; i < 10; i++) assert_int_equal(test_emit(&q, 1, 1, 100), OTEL__QUEUE_FULL);
        assert_int_equal(totals_of(&q).queue_full, 11 * (round + 1));
        assert_int_equal(drain(&q), 2048);
        assert_int_equal(otel__queue_used(&q), 0);
    }
    assert_int_equal(totals_of(&q).taken_by_queue, 3 * 2048);
    otel__queue_unmap(&q);
}

static void bound_of_one_record(void **state)
{
    (void)state;
    otel__queue_options o = small();
    o.max_records = o.batch_records = 1;
    otel__queue q = opened(&o);
    for (uint64_t i = 1; i < 100; i++) {
        assert_int_equal(test_emit(&q, 1, i, 100), OTEL__QUEUE_OK);
        assert_int_equal(test_emit(&q, 1, i, 100), OTEL__QUEUE_FULL);
        assert_int_equal(drain(&q), 1);
    }
    otel__queue_unmap(&q);
}

static void credit_makes_room_again(void **state)
{
    (void)state;
    otel__queue_options o = small();
    o.max_records = 64;
    otel__queue q = opened(&o);
    emit_many(&q, 64, 40);
    assert_int_equal(test_emit(&q, 1, 65, 40), OTEL__QUEUE_FULL);
    otel__queue_chunk taken[CHUNKS + 2];
    assert_int_equal(otel__queue_take_all(&q, taken, CHUNKS + 2, false), 2); /* 32 descriptors a chunk */
    assert_int_equal(test_emit(&q, 1, 66, 40), OTEL__QUEUE_FULL);            /* taken is not settled */
    otel__queue_credit(&q, 3);
    emit_many(&q, 3, 40);
    assert_int_equal(test_emit(&q, 1, 67, 40), OTEL__QUEUE_FULL);
    otel__queue_unmap(&q);
}

static void out_of_chunks_is_full(void **state)
{
    (void)state;
    otel__queue_options o = small();
    otel__queue q = opened(&o);
    uint64_t n = 0;
    while (test_emit(&q, 1, n + 1, 3000) == OTEL__QUEUE_OK) n++;
    assert_int_equal(n, CHUNKS);
    assert_int_equal(otel__queue_outside(&q), CHUNKS);
    assert_int_equal(totals_of(&q).queue_full, 1);
    assert_int_equal(drain(&q), CHUNKS);
    assert_int_equal(otel__queue_outside(&q), 0);
    assert_int_equal(otel__queue_used(&q), 0);
    otel__queue_unmap(&q);
}

static void jumbos_and_too_large(void **state)
{
    (void)state;
    otel__queue_options o = small();
    otel__queue q = opened(&o);
    uint32_t fits = CHUNK - q.data, jumbo = JUMBO - q.data;
    assert_int_equal(test_emit(&q, 1, 1, 100), OTEL__QUEUE_OK);
    assert_int_equal(test_emit(&q, 1, 2, fits), OTEL__QUEUE_OK);
    assert_int_equal(test_emit(&q, 1, 3, fits + 1), OTEL__QUEUE_OK);
    assert_int_equal(test_emit(&q, 1, 4, 100), OTEL__QUEUE_OK); /* not behind the jumbo, but in a fresh chunk */
    assert_int_equal(test_emit(&q, 1, 5, jumbo), OTEL__QUEUE_OK);
    assert_int_equal(test_emit(&q, 1, 6, jumbo), OTEL__QUEUE_FULL); /* two jumbos, no third */
    assert_int_equal(test_emit(&q, 1, 7, jumbo + 1), OTEL__QUEUE_TOO_LARGE);
    assert_int_equal(test_emit(&q, 1, 8, UINT32_MAX), OTEL__QUEUE_TOO_LARGE);
    assert_int_equal(drain(&q), 5);
    assert_int_equal(otel__queue_outside(&q), 0);
    assert_int_equal(test_emit(&q, 1, 9, jumbo), OTEL__QUEUE_OK);
    otel__queue_totals totals = totals_of(&q);
    assert_int_equal(totals.taken_by_queue, 6);
    assert_int_equal(totals.too_large, 2);
    assert_int_equal(totals.queue_full, 1);
    otel__queue_unmap(&q);
    o.jumbos = o.jumbo_bytes = 0;
    q = opened(&o);
    assert_int_equal(test_emit(&q, 1, 1, fits + 1), OTEL__QUEUE_TOO_LARGE);
    otel__queue_unmap(&q);
}

static void closed_for_good(void **state)
{
    (void)state;
    otel__queue_options o = small();
    otel__queue q = opened(&o);
    emit_many(&q, 20, 100);
    assert_int_equal(test_consume(&q, true, ignore, NULL), 20);
    for (int i = 0; i < 5; i++) assert_int_equal(test_emit(&q, 1, 1, 100), OTEL__QUEUE_CLOSED);
    assert_int_equal(drain(&q), 0);
    assert_int_equal(test_emit(&q, 1, 1, JUMBO), OTEL__QUEUE_CLOSED);
    pthread_t thread; /* stripes that were empty are closed too */
    for (int i = 0; i < 16; i++) {
        void *ok;
        assert_int_equal(pthread_create(&thread, NULL, emit_one, &q), 0);
        pthread_join(thread, &ok);
        assert_null(ok);
    }
    assert_int_equal(totals_of(&q).closed, 22);
    assert_int_equal(totals_of(&q).taken_by_queue, 20);
    assert_int_equal(otel__queue_used(&q), 0);
    assert_int_equal(otel__queue_queued(&q), 0);
    assert_int_equal(otel__queue_outside(&q), 0);
    otel__queue_unmap(&q);
}

/* -- counts, order, reuse -------------------------------------------------------------------------------------- */

static void counts_are_exact_at_rest(void **state)
{
    (void)state;
    otel__queue_options o = small();
    otel__queue q = opened(&o);
    uint64_t taken = 0, refused = 0;
    for (uint64_t i = 1; i <= 3000; i++) {
        if (test_emit(&q, 1, i, test_length(test_mix(i), 0) / 2) == OTEL__QUEUE_OK)
            taken++;
        else
            refused++;
        assert_int_equal(totals_of(&q).taken_by_queue, taken); /* live chunks and those below them included */
        assert_int_equal(test_drops(&q), refused);
        if (i % 700 == 0) drain(&q);
    }
    assert_true(taken > 100 && refused > 100);
    otel__queue_unmap(&q);
}

typedef struct in_order {
    uint64_t last;
} in_order;

static void must_rise(void *context, uint32_t stripe, const test_head *head)
{
    (void)stripe;
    in_order *order = context;
    assert_true(head->number == order->last + 1);
    order->last = head->number;
}

static void drain_order_is_emit_order(void **state)
{
    (void)state;
    otel__queue_options o = small();
    otel__queue q = opened(&o);
    in_order order = {0};
    for (uint64_t i = 1; i <= 2000; i++) {
        uint32_t length = i % 50 == 0 ? 5000 : test_length(test_mix(i), 0);
        assert_int_equal(test_emit(&q, 1, i, length), OTEL__QUEUE_OK);
        if (i % 20 == 0) test_consume(&q, false, must_rise, &order);
    }
    assert_int_equal(order.last, 2000);
    otel__queue_unmap(&q);
}

static void record_in_writing_is_seen_as_such(void **state)
{
    (void)state;
    otel__queue_options o = small();
    otel__queue q = opened(&o);
    otel__queue_slot slot;
    otel__queue_chunk taken[CHUNKS + 2];
    emit_many(&q, 1, 100);
    assert_int_equal(otel__queue_reserve(&q, 50, &slot), OTEL__QUEUE_OK);
    emit_many(&q, 1, 100);
    assert_int_equal(otel__queue_take_all(&q, taken, CHUNKS + 2, false), 1);
    assert_int_equal(taken[0].count, 3);
    assert_int_equal(taken[0].next, 0);
    assert_int_equal(OTEL__QUEUE_LENGTH(otel__queue_descriptor(&q, taken[0].chunk, 0)), 100);
    assert_int_equal(otel__queue_descriptor(&q, taken[0].chunk, 1), 0);
    assert_true(otel__queue_descriptor(&q, taken[0].chunk, 2) != 0);
    memset(slot.at, 'x', 50);
    otel__queue_commit(&slot, OTEL__QUEUE_SCOPE_MAX, 50);
    uint64_t d = otel__queue_descriptor(&q, taken[0].chunk, 1);
    assert_int_equal(OTEL__QUEUE_SCOPE(d), OTEL__QUEUE_SCOPE_MAX);
    assert_int_equal(OTEL__QUEUE_LENGTH(d), 50);
    assert_ptr_equal(otel__queue_bytes(&q, taken[0].chunk, d), slot.at);
    assert_true(otel__queue_stripe_of(&q, taken[0].chunk) < o.stripes);
    otel__queue_unmap(&q);
}

static void little_room_leaves_the_stripe(void **state)
{
    (void)state;
    otel__queue_options o = small();
    otel__queue q = opened(&o);
    otel__queue_chunk taken[CHUNKS + 2];
    emit_many(&q, 3, 3000);
    assert_int_equal(otel__queue_take_all(&q, taken, 2, true), 0);
    assert_int_equal(test_emit(&q, 1, 4, 3000), OTEL__QUEUE_OK); /* so it is not closed either */
    assert_int_equal(otel__queue_take_all(&q, taken, 4, true), 4);
    assert_int_equal(test_emit(&q, 1, 4, 3000), OTEL__QUEUE_CLOSED);
    assert_int_equal(totals_of(&q).taken_by_queue, 4);
    otel__queue_unmap(&q);
}

static void warm_chunks_are_used_again(void **state)
{
    (void)state;
    otel__queue_options o = small();
    otel__queue q = opened(&o);
    for (int round = 0; round < 1000; round++) {
        emit_many(&q, 4, 2000);
        emit_many(&q, 1, 5000);
        assert_int_equal(drain(&q), 5);
    }
    assert_true(atomic_load(&q.control->fresh) <= 5); /* the others were never touched */
    assert_int_equal(atomic_load(&q.control->jumbo_fresh), 1);
    otel__queue_unmap(&q);
}

static void nothing_is_allocated(void **state)
{
    (void)state;
    otel__queue_options o = small();
    otel__queue q = opened(&o);
    size_t before = mallinfo2().uordblks;
    for (int round = 0; round < 100; round++) {
        emit_many(&q, 20, 300);
        drain(&q);
    }
    assert_int_equal(mallinfo2().uordblks, before);
    otel__queue_unmap(&q);
}

/* -- sleeping and waking --------------------------------------------------------------------------------------- */

static void first_record_wakes_an_idle_consumer_once(void **state)
{
    (void)state;
    otel__queue_options o = small();
    otel__queue q = opened(&o);
    emit_many(&q, 1, 100);
    assert_int_equal(sleeper.wakes, 0); /* it was not asleep */
    assert_false(otel__queue_may_sleep(&q, OTEL__QUEUE_IDLE));
    drain(&q);
    assert_true(otel__queue_may_sleep(&q, OTEL__QUEUE_IDLE));
    errno = ERANGE;
    emit_many(&q, 100, 100);
    assert_int_equal(errno, ERANGE);
    assert_int_equal(sleeper.wakes, 1);
    otel__queue_awake(&q);
    drain(&q);
    emit_many(&q, 100, 100);
    assert_int_equal(sleeper.wakes, 1);
    otel__queue_unmap(&q);
}

static void batch_wakes_a_waiting_consumer(void **state)
{
    (void)state;
    otel__queue_options o = small();
    o.chunks = 64;
    otel__queue q = opened(&o);
    assert_true(otel__queue_may_sleep(&q, OTEL__QUEUE_WAITING));
    emit_many(&q, 5, 100);
    assert_int_equal(sleeper.wakes, 0);
    emit_many(&q, 40, 100); /* a batch and what one grant lags behind */
    assert_int_equal(sleeper.wakes, 1);
    assert_false(otel__queue_may_sleep(&q, OTEL__QUEUE_WAITING));
    assert_true(otel__queue_may_sleep(&q, OTEL__QUEUE_NAP)); /* a batch is no reason to end a nap */
    drain(&q);
    assert_true(otel__queue_may_sleep(&q, OTEL__QUEUE_WAITING));
    otel__queue_unmap(&q);
}

static void crowd_ends_a_nap(void **state)
{
    (void)state;
    otel__queue_options o = small();
    otel__queue q = opened(&o);
    assert_true(otel__queue_may_sleep(&q, OTEL__QUEUE_NAP));
    emit_many(&q, 11, 3000);
    assert_int_equal(sleeper.wakes, 0);
    emit_many(&q, 1, 3000); /* three quarters of the chunks */
    assert_int_equal(sleeper.wakes, 1);
    assert_false(otel__queue_may_sleep(&q, OTEL__QUEUE_NAP));
    drain(&q);
    assert_true(otel__queue_may_sleep(&q, OTEL__QUEUE_NAP));
    otel__queue_unmap(&q);
    o.max_records = 200;
    q = opened(&o);
    assert_true(otel__queue_may_sleep(&q, OTEL__QUEUE_NAP));
    emit_many(&q, 80, 20);
    assert_int_equal(sleeper.wakes, 0);
    emit_many(&q, 60, 20); /* half of the records, and what one grant lags behind */
    assert_int_equal(sleeper.wakes, 1);
    otel__queue_unmap(&q);
}

/* A consumer that holds everything, because its backend is away, must not be kept awake by drops. */
static void what_the_consumer_holds_wakes_nobody(void **state)
{
    (void)state;
    otel__queue_options o = small();
    o.max_records = 64;
    otel__queue q = opened(&o);
    otel__queue_chunk taken[CHUNKS + 2];
    emit_many(&q, CHUNKS, 3000);
    assert_int_equal(otel__queue_take_all(&q, taken, CHUNKS + 2, false), CHUNKS);
    for (int mode = OTEL__QUEUE_NAP; mode <= OTEL__QUEUE_BACKOFF; mode++) {
        assert_true(otel__queue_may_sleep(&q, (otel__queue_sleep)mode));
        assert_int_equal(test_emit(&q, 1, 1, 3000), OTEL__QUEUE_FULL);
        assert_int_equal(sleeper.wakes, 0);
    }
    otel__queue_unmap(&q);
}

static void drop_wakes_unless_in_backoff(void **state)
{
    (void)state;
    otel__queue_options o = small();
    otel__queue q = opened(&o);
    emit_many(&q, 2, 5000); /* no third jumbo */
    assert_true(otel__queue_may_sleep(&q, OTEL__QUEUE_BACKOFF));
    assert_int_equal(test_emit(&q, 1, 3, 5000), OTEL__QUEUE_FULL);
    assert_int_equal(sleeper.wakes, 0);
    assert_true(otel__queue_may_sleep(&q, OTEL__QUEUE_WAITING));
    assert_int_equal(test_emit(&q, 1, 3, 5000), OTEL__QUEUE_FULL);
    assert_int_equal(test_emit(&q, 1, 3, 5000), OTEL__QUEUE_FULL);
    assert_int_equal(sleeper.wakes, 1);
    otel__queue_unmap(&q);
}

static void hurry_ends_one_sleep(void **state)
{
    (void)state;
    otel__queue_options o = small();
    otel__queue q = opened(&o);
    for (int mode = OTEL__QUEUE_NAP; mode <= OTEL__QUEUE_BACKOFF; mode++) {
        otel__queue_hurry(&q); /* before the sleep: denied, once */
        assert_int_equal(sleeper.wakes, 0);
        assert_false(otel__queue_may_sleep(&q, (otel__queue_sleep)mode));
        assert_true(otel__queue_may_sleep(&q, (otel__queue_sleep)mode));
        otel__queue_hurry(&q); /* in the sleep: woken, once */
        otel__queue_hurry(&q);
        assert_int_equal(sleeper.wakes, 1);
        otel__queue_awake(&q);
        assert_true(otel__queue_may_sleep(&q, (otel__queue_sleep)mode));
        otel__queue_awake(&q);
        sleeper.wakes = 0;
    }
    otel__queue_unmap(&q);
}

static void without_wake_nothing_is_called(void **state)
{
    (void)state;
    otel__queue_options o = small();
    o.wake = NULL;
    otel__queue q = opened(&o);
    assert_true(otel__queue_may_sleep(&q, OTEL__QUEUE_IDLE));
    emit_many(&q, 10, 100);
    otel__queue_hurry(&q);
    assert_int_equal(drain(&q), 10);
    otel__queue_unmap(&q);
}

/* -- forks ----------------------------------------------------------------------------------------------------- */

static void in_child(otel__queue *q, void (*check)(otel__queue *q))
{
    int status = -1;
    pid_t child = fork();
    if (!child) {
        check(q);
        _exit(0);
    }
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    assert_int_equal(status, 0);
}

static void child_starts_empty(otel__queue *q)
{
    otel__queue_forked(q);
    CHECK(otel__queue_used(q) == 0 && test_taken(q) == 0 && otel__queue_outside(q) == 0);
    CHECK(drain(q) == 0);
    CHECK(test_emit(q, 5, 1, 100) == OTEL__QUEUE_OK && test_emit(q, 5, 2, 5000) == OTEL__QUEUE_OK);
    CHECK(drain(q) == 2 && test_taken(q) == 2);
    otel__queue_unmap(q);
}

static void child_unmaps_unused(otel__queue *q)
{
    void *at = atomic_load(&q->map);
    size_t bytes = q->map_bytes;
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
    bool foreign = q->spare && mmap(at, bytes, PROT_READ | PROT_WRITE, flags, -1, 0) == at;
    CHECK(foreign == (q->spare != NULL)); /* the file's address is free in the child: somebody takes it */
    otel__queue_unmap(q);
    CHECK(is_mapped(at) == foreign);
}

static void child_begins_with_its_own(void **state)
{
    (void)state;
    for (int file = 0; file < 2; file++) {
        otel__queue_options o = small();
        o.fd = file ? memfd_create("queue", MFD_CLOEXEC) : -1;
        otel__queue q = opened(&o);
        emit_many(&q, 10, 100);
        in_child(&q, child_starts_empty);
        in_child(&q, child_unmaps_unused);
        assert_int_equal(drain(&q), 10);
        otel__queue_unmap(&q);
        if (file) close(o.fd);
    }
}

static void child_is_inert(otel__queue *q)
{
    for (int i = 0; i < 3; i++) CHECK(test_emit(q, 5, 1, 100) == OTEL__QUEUE_FORK_CHILD);
    otel__queue_totals totals;
    otel__queue_counts(q, &totals);
    CHECK(totals.fork_child == 3 && totals.taken_by_queue == 0 && drain(q) == 0);
    otel__queue_unmap(q);
}

static void inert_child_counts_and_drops(void **state)
{
    (void)state;
    otel__queue_options o = small();
    o.inert_child = true;
    otel__queue q = opened(&o);
    emit_many(&q, 10, 100);
    in_child(&q, child_is_inert);
    assert_int_equal(drain(&q), 10);
    otel__queue_unmap(&q);
}

#ifndef MADV_KEEPONFORK
#define MADV_KEEPONFORK 19
#endif
/* As on a kernel that knows no wiping. */
static void child_empties_what_the_kernel_kept(void **state)
{
    (void)state;
    otel__queue_options o = small();
    otel__queue q = opened(&o);
    if (q.wiped_on_fork) {
        assert_int_equal(madvise(q.control, q.control_bytes, MADV_KEEPONFORK), 0);
        assert_int_equal(madvise(atomic_load(&q.map), q.map_bytes, MADV_KEEPONFORK), 0);
        q.wiped_on_fork = false;
    }
    emit_many(&q, 10, 100);
    in_child(&q, child_starts_empty);
    assert_int_equal(drain(&q), 10);
    otel__queue_unmap(&q);
}

/* -- files and recovery ---------------------------------------------------------------------------------------- */

typedef struct image { /* a file as a dead process leaves it */
    otel__queue_options options;
    _Alignas(64) uint8_t bytes[CHUNKS * CHUNK + 2 * JUMBO];
} image;

enum { IN_IMAGE = 42 };

/* Numbers 1 to 42 over several chunks and a jumbo; 1 to 3 are settled; between 41 and 42 a torn one. */
static void make_image(image *m)
{
    m->options = small();
    m->options.fd = memfd_create("queue", MFD_CLOEXEC);
    m->options.file_offset = 4096;
    otel__queue q = opened(&m->options);
    otel__queue_slot slot;
    for (uint64_t i = 1; i <= 41; i++)
        assert_int_equal(test_emit(&q, 3, i, i == 20 ? 5000 : 100 + (uint32_t)i), OTEL__QUEUE_OK);
    assert_int_equal(otel__queue_reserve(&q, 50, &slot), OTEL__QUEUE_OK);
    assert_int_equal(test_emit(&q, 3, 42, 100), OTEL__QUEUE_OK);
    otel__queue_chunk taken[CHUNKS + 2];
    assert_true(otel__queue_take_all(&q, taken, CHUNKS + 2, false) >= 3);
    taken[0].next = 3;
    otel__queue_progress(&q, &taken[0]);
    otel__queue_unmap(&q);
    assert_int_equal(pread(m->options.fd, m->bytes, sizeof m->bytes, 4096), (ssize_t)sizeof m->bytes);
    close(m->options.fd);
}

typedef struct harvest {
    uint64_t last, whole, broken;
    bool out_of_order;
} harvest;

static void gather(void *context, const otel__queue_found *record)
{
    harvest *h = context;
    test_head head;
    if (!test_valid(record->bytes, record->length, &head) || record->scope != 3) {
        h->broken++;
        return;
    }
    h->whole++;
    if (head.number <= h->last) h->out_of_order = true;
    h->last = head.number;
}

static otel__queue_recovery recovered(const image *m, harvest *h)
{
    otel__queue_recovery recovery;
    *h = (harvest){0};
    assert_true(otel__queue_recover(&m->options, m->bytes, sizeof m->bytes, gather, h, &recovery));
    assert_int_equal(recovery.records, h->whole + h->broken);
    return recovery;
}

static otel__queue_chunk_header *header_of(image *m, size_t chunk)
{
    return (otel__queue_chunk_header *)(void *)(m->bytes + chunk * CHUNK);
}

static uint64_t *descriptors_of(image *m, size_t chunk)
{
    return (uint64_t *)(void *)(m->bytes + chunk * CHUNK + OTEL__QUEUE_HEADER);
}

static void good_file_is_recovered(void **state)
{
    (void)state;
    static image m;
    harvest h;
    make_image(&m);
    otel__queue_recovery r = recovered(&m, &h);
    assert_int_equal(h.whole, IN_IMAGE - 3);
    assert_int_equal(h.broken, 0);
    assert_int_equal(h.last, IN_IMAGE);
    assert_false(h.out_of_order);
    assert_int_equal(r.torn, 1);
    assert_int_equal(r.bad, 0);
}

static void damaged_descriptors_are_not_records(void **state)
{
    (void)state;
    static image m;
    harvest h;
    const uint64_t bad[] = {OTEL__QUEUE_DESCRIPTOR(3, 100, 0),        /* overlaps the one before */
                            OTEL__QUEUE_DESCRIPTOR(3, 100, CHUNK),    /* beyond the chunk */
                            OTEL__QUEUE_DESCRIPTOR(3, 0xffffff, 400), /* reaches beyond it */
                            OTEL__QUEUE_DESCRIPTOR(3, 0xffffff, 0xffffff),
                            UINT64_MAX,
                            12345}; /* not committed, but not nothing */
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        make_image(&m);
        descriptors_of(&m, 0)[4] = bad[i];
        otel__queue_recovery r = recovered(&m, &h);
        assert_int_equal(r.bad, 1);
        assert_int_equal(h.whole, IN_IMAGE - 4);
        assert_int_equal(h.broken, 0);
        assert_int_equal(r.torn, 2); /* where it was is a gap now */
    }
}

static void damaged_headers_are_skipped(void **state)
{
    (void)state;
    static image m;
    harvest h;
    make_image(&m);
    uint64_t whole = recovered(&m, &h).records;
    header_of(&m, 0)->stripe = 4; /* there are 0 to 3 */
    assert_int_equal(recovered(&m, &h).bad, 1);
    assert_true(h.whole < whole);
    make_image(&m);
    atomic_store(&header_of(&m, 0)->live, 77);
    assert_int_equal(recovered(&m, &h).bad, 1);
    make_image(&m);
    atomic_store(&header_of(&m, 0)->done, UINT32_MAX);
    assert_int_equal(recovered(&m, &h).bad, 0);
    make_image(&m);
    header_of(&m, 0)->sequence = header_of(&m, 1)->sequence = UINT64_MAX;
    assert_int_equal(recovered(&m, &h).records, whole);
    memset(m.bytes, 0xff, sizeof m.bytes);
    assert_int_equal(recovered(&m, &h).records, 0);
    memset(m.bytes, 0, sizeof m.bytes);
    assert_int_equal(recovered(&m, &h).records, 0);
}

static void impossible_geometry_is_refused(void **state)
{
    (void)state;
    static image m;
    harvest h;
    otel__queue_recovery r;
    make_image(&m);
    otel__queue_options o = m.options;
    assert_false(otel__queue_recover(&o, m.bytes, sizeof m.bytes - 1, gather, &h, &r));
    assert_int_equal(errno, EINVAL);
    assert_false(otel__queue_recover(&o, m.bytes + 4, sizeof m.bytes, gather, &h, &r));
    assert_false(otel__queue_recover(&o, NULL, sizeof m.bytes, gather, &h, &r));
    o.chunk_bytes = UINT32_MAX;
    assert_false(otel__queue_recover(&o, m.bytes, sizeof m.bytes, gather, &h, &r));
    o = m.options;
    o.jumbos = OTEL__QUEUE_CHUNKS_MAX;
    assert_false(otel__queue_recover(&o, m.bytes, sizeof m.bytes, gather, &h, &r));
}

static void open_erases_an_old_file(void **state)
{
    (void)state;
    otel__queue_options o = small();
    o.fd = memfd_create("queue", MFD_CLOEXEC);
    otel__queue q = opened(&o);
    emit_many(&q, 500, 100);
    otel__queue_unmap(&q);
    q = opened(&o);
    otel__queue_recovery r;
    harvest h = {0};
    assert_true(otel__queue_recover(&o, atomic_load(&q.map), q.map_bytes, gather, &h, &r));
    assert_int_equal(r.records, 0);
    assert_int_equal(test_emit(&q, 3, 1, 200), OTEL__QUEUE_OK);
    assert_true(otel__queue_recover(&o, atomic_load(&q.map), q.map_bytes, gather, &h, &r));
    assert_int_equal(r.records, 1);
    assert_int_equal(h.whole, 1);
    otel__queue_unmap(&q);
    close(o.fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_options_are_refused),
        cmocka_unit_test(jumbo_bytes_hold_the_record),
        cmocka_unit_test(unmap_releases_everything),
        cmocka_unit_test(failed_open_holds_nothing),
        cmocka_unit_test(bound_is_exact),
        cmocka_unit_test(bound_of_one_record),
        cmocka_unit_test(credit_makes_room_again),
        cmocka_unit_test(out_of_chunks_is_full),
        cmocka_unit_test(jumbos_and_too_large),
        cmocka_unit_test(closed_for_good),
        cmocka_unit_test(counts_are_exact_at_rest),
        cmocka_unit_test(drain_order_is_emit_order),
        cmocka_unit_test(record_in_writing_is_seen_as_such),
        cmocka_unit_test(little_room_leaves_the_stripe),
        cmocka_unit_test(warm_chunks_are_used_again),
        cmocka_unit_test(nothing_is_allocated),
        cmocka_unit_test(first_record_wakes_an_idle_consumer_once),
        cmocka_unit_test(batch_wakes_a_waiting_consumer),
        cmocka_unit_test(crowd_ends_a_nap),
        cmocka_unit_test(what_the_consumer_holds_wakes_nobody),
        cmocka_unit_test(drop_wakes_unless_in_backoff),
        cmocka_unit_test(hurry_ends_one_sleep),
        cmocka_unit_test(without_wake_nothing_is_called),
        cmocka_unit_test(child_begins_with_its_own),
        cmocka_unit_test(inert_child_counts_and_drops),
        cmocka_unit_test(child_empties_what_the_kernel_kept),
        cmocka_unit_test(good_file_is_recovered),
        cmocka_unit_test(damaged_descriptors_are_not_records),
        cmocka_unit_test(damaged_headers_are_skipped),
        cmocka_unit_test(impossible_geometry_is_refused),
        cmocka_unit_test(open_erases_an_old_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
