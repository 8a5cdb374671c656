/* What the tests of the queue share: records whose every byte follows from (who, number, length), so that a torn, mixed
 * or stale one cannot pass; a simple consumer; a consumer's sleep; arguments and clocks. */
#ifndef QUEUE_TESTING_H
#define QUEUE_TESTING_H
#include "queue/queue.h"
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define TEST_SANITIZED 1
#endif
#elif defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define TEST_SANITIZED 1
#endif
#ifndef TEST_SANITIZED
#define TEST_SANITIZED 0
#endif

#define CHECK(x)                                                                                                       \
    do {                                                                                                               \
        if (!(x)) {                                                                                                    \
            fprintf(stderr, "FAILED %s:%d %s\n", __FILE__, __LINE__, #x);                                              \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

static inline bool test_is_long(int argc, char **argv)
{
    return (argc > 1 && strcmp(argv[1], "--long") == 0) || getenv("OTEL_TEST_LONG");
}

static inline uint64_t test_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* -- records --------------------------------------------------------------------------------------------------- */

typedef struct test_head { /* then length - 16 bytes of pattern */
    uint64_t number;
    uint32_t who, length;
} test_head;

static inline uint64_t test_mix(uint64_t x)
{
    x ^= x >> 31;
    x *= UINT64_C(0x7fb5d329728ea185);
    x ^= x >> 27;
    x *= UINT64_C(0x81dadef4bc2dd44d);
    return x ^ x >> 33;
}

/* The pattern in words of 8, because test_queue_step stops at every instruction that writes it. */
static inline void test_fill(uint8_t *at, const test_head *head)
{
    uint64_t word = test_mix(head->number * 1000003 + head->who * 257 + head->length);
    uint32_t i = (uint32_t)sizeof *head;
    for (; i + 8 <= head->length; i += 8, word += UINT64_C(0x9e3779b97f4a7c15)) memcpy(at + i, &word, 8);
    if (i < head->length) memcpy(at + i, &word, head->length - i);
    memcpy(at, head, sizeof *head);
}

static inline bool test_valid(const uint8_t *bytes, uint32_t length, test_head *head)
{
    if (length < sizeof *head) return false;
    memcpy(head, bytes, sizeof *head);
    if (head->length != length) return false;
    uint64_t word = test_mix(head->number * 1000003 + head->who * 257 + length);
    uint32_t i = (uint32_t)sizeof *head;
    for (; i + 8 <= length; i += 8, word += UINT64_C(0x9e3779b97f4a7c15))
        if (memcmp(bytes + i, &word, 8) != 0) return false;
    return i == length || memcmp(bytes + i, &word, length - i) == 0;
}

static inline otel__queue_status test_emit(otel__queue *q, uint32_t who, uint64_t number, uint32_t length)
{
    otel__queue_slot slot;
    otel__queue_status status = otel__queue_reserve(q, length, &slot);
    if (status != OTEL__QUEUE_OK) return status;
    test_fill(slot.at, &(test_head){number, who, length});
    otel__queue_commit(&slot, who & 7, length);
    return OTEL__QUEUE_OK;
}

/* Mostly 40 to 440, some up to 3 KiB, few beyond 20 KiB (none of these when largest is 0). */
static inline uint32_t test_length(uint64_t random, uint32_t largest)
{
    uint32_t kind = (uint32_t)(random >> 40) & 255;
    if (largest && kind == 0) return 20000 + (uint32_t)(random % (largest - 20000));
    return kind < 8 ? 1500 + (uint32_t)(random % 1500) : 40 + (uint32_t)(random % 400);
}

/* -- a consumer ------------------------------------------------------------------------------------------------ */

typedef void test_got(void *context, uint32_t stripe, const test_head *head);

/* Takes everything, waits for writers in mid-record, checks every byte, gives the chunks back. */
static inline uint64_t test_consume(otel__queue *q, bool close, test_got *got, void *context)
{
    static _Thread_local otel__queue_chunk taken[512];
    uint64_t records = 0;
    uint32_t n = otel__queue_take_all(q, taken, 512, close);
    for (uint32_t k = 0; k < n; k++) {
        otel__queue_chunk *t = &taken[k];
        for (; t->next < t->count; t->next++, records++) {
            uint64_t d;
            while (!(d = otel__queue_descriptor(q, t->chunk, t->next))) sched_yield();
            test_head head;
            CHECK(test_valid(otel__queue_bytes(q, t->chunk, d), OTEL__QUEUE_LENGTH(d), &head));
            CHECK(OTEL__QUEUE_SCOPE(d) == (head.who & 7));
            got(context, otel__queue_stripe_of(q, t->chunk), &head);
        }
        otel__queue_progress(q, t);
        otel__queue_release(q, t);
        otel__queue_credit(q, t->count);
    }
    return records;
}

static inline uint64_t test_drops(otel__queue *q)
{
    otel__queue_totals totals;
    otel__queue_counts(q, &totals);
    return totals.queue_full + totals.too_large + totals.closed + totals.fork_child;
}

static inline uint64_t test_taken(otel__queue *q)
{
    otel__queue_totals totals;
    otel__queue_counts(q, &totals);
    return totals.taken_by_queue;
}

typedef struct test_sleeper {
    int event;
    _Atomic uint64_t wakes;
    uint64_t sleeps;
} test_sleeper;

/* options.wake: spoils errno, which the queue must hide from the writer. */
static inline void test_wake(void *context)
{
    test_sleeper *sleeper = context;
    uint64_t one = 1;
    atomic_fetch_add(&sleeper->wakes, 1);
    if (write(sleeper->event, &one, sizeof one) != (ssize_t)sizeof one) abort();
    errno = EXDEV;
}

/* False: not allowed to sleep. */
static inline bool test_sleep(otel__queue *q, test_sleeper *sleeper, otel__queue_sleep mode, int ms)
{
    uint64_t ignored;
    sleeper->sleeps++;
    if (!otel__queue_may_sleep(q, mode)) return false;
    struct pollfd p = {.fd = sleeper->event, .events = POLLIN};
    if (poll(&p, 1, ms) > 0 && read(sleeper->event, &ignored, sizeof ignored) < 0) abort();
    otel__queue_awake(q);
    return true;
}
#endif
