/* Four threads log while the main thread starts, stops, changes levels and forks, for a while (OTEL_TEST_SECONDS, 2).
 * Nobody crashes, hangs or races; every child exports its own records; the books of every generation balance, and what
 * they call exported has reached the exporter. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <otel/otel.h>

#include "child.h"

enum { THREADS = 4, CHILD_RECORDS = 3, CHILD_LIMIT_MS = 90000, STOP_MS = 60000 };

/* ThreadSanitizer knows no threads in the child of a process that had several: there the child exports nothing, but its
 * calls, its books and its stop are as anywhere. */
#if defined(__SANITIZE_THREAD__)
#define CHILD_MODE OTEL_FORK_INERT
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CHILD_MODE OTEL_FORK_INERT
#endif
#endif
#ifndef CHILD_MODE
#define CHILD_MODE OTEL_FORK_RESTART
#endif

static otel_logger logger = OTEL_LOGGER_INIT("stress", "1");
static _Atomic bool enough;
static _Atomic uint64_t emitted, arrived;

/* The exporter: counts. -------------------------------------------------------------------------------------------- */

static otel_export_status count_batch(otel_log_exporter *self, const otel_log_batch *batch, otel_export_call *call)
{
    uint64_t records = 0;
    (void)self, (void)call;
    for (otel_log_cursor c = otel_log_batch_begin(batch); otel_log_next(&c);) records++;
    atomic_fetch_add(&arrived, records);
    return records == otel_log_batch_count(batch) ? OTEL_EXPORT_OK : OTEL_EXPORT_REFUSED;
}
static const otel_log_exporter_ops count_ops = {.size = sizeof count_ops, .name = "count", .export_batch = count_batch};

static otel_log_exporter *count_new(const struct otel_config *properties)
{
    (void)properties;
    return otel_log_exporter_new(sizeof(otel_log_exporter), &count_ops);
}

/* The threads. ----------------------------------------------------------------------------------------------------- */

static void *log_steadily(void *argument)
{
    int64_t number = (int64_t)(intptr_t)argument;
    for (int64_t i = 0; !atomic_load(&enough); i++) {
        OTEL_LOG_INFO(&logger, "a line", OTEL_INT("thread", number), OTEL_STR("text", "some text"), OTEL_INT("i", i));
        OTEL_LOG_DEBUG(&logger, "another", OTEL_MAP("map", OTEL_INT("i", i), OTEL_BOOL("even", i % 2 == 0)));
        atomic_fetch_add(&emitted, 2);
        if (i % 50 == 0) child_sleep_ms(1);
    }
    return NULL;
}

/* A child: its own records, its own books. ------------------------------------------------------------------------- */

static int log_as_child(bool started)
{
    otel_pipeline_books books;
    uint64_t before = atomic_load(&arrived);
    for (int i = 0; i < CHILD_RECORDS; i++) OTEL_LOG_FATAL(&logger, "of the child", OTEL_INT("i", i));
    if (otel_stop(STOP_MS) != OTEL_OK) return 10;
    if (!started) return 0;
    if (!otel_provider_pipeline_books(NULL, 0, &books)) return 11;
    uint64_t sent = CHILD_MODE == OTEL_FORK_INERT ? 0 : CHILD_RECORDS;
    if (books.taken != CHILD_RECORDS || books.exported != sent || books.dropped_fork_child != CHILD_RECORDS - sent)
        return 12;
    return atomic_load(&arrived) - before == sent ? 0 : 13;
}

static void fork_one(bool started)
{
    int status = 0;
    fflush(NULL);
    int pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) _exit(log_as_child(started));
    if (!child_wait(pid, CHILD_LIMIT_MS, &status)) fail_msg("a child hung (%s)", started ? "started" : "stopped");
    if (status) fail_msg("a child ended with %d, signal %d", WEXITSTATUS(status), WTERMSIG(status));
}

/* One generation. -------------------------------------------------------------------------------------------------- */

static uint64_t exported, forks, generations;

static void check_books(void)
{
    otel_books books;
    otel_pipeline_books b;
    assert_true(otel_provider_books(NULL, &books));
    assert_true(books.accepted == books.filtered + books.suppressed + books.delivered);
    assert_true(otel_provider_pipeline_books(NULL, 0, &b));
    assert_true(b.taken == b.exported + b.dropped_queue_full);
    assert_int_equal(b.queued, 0);
    exported += b.exported;
}

static void live_and_stop(unsigned seed)
{
    static const char *const levels[] = {"*=info", "*=debug", "stress=off", "*=warn,str*=trace", "*=fatal"};
    assert_int_equal(
        otel_start(&(otel_options){.service_name = "stress", .logs_exporter = "count", .fork = CHILD_MODE}), OTEL_OK);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(otel_provider_set_log_levels(NULL, levels[(seed + i) % 5]), OTEL_OK);
        child_sleep_ms((seed + i) % 3);
        if (i != 2) continue;
        assert_int_equal(otel_provider_set_log_levels(NULL, "*=debug"), OTEL_OK); /* a child's records pass */
        fork_one(true);
        forks++;
    }
    assert_int_equal(otel_stop(STOP_MS), OTEL_OK);
    check_books();
    if (seed % 5 == 0) fork_one(false);
    generations++;
}

static void everything_at_once(void **state)
{
    pthread_t threads[THREADS];
    const char *text = getenv("OTEL_TEST_SECONDS");
    int64_t end = child_now_ms() + 1000 * (text ? strtol(text, NULL, 10) : 2);
    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, log_steadily, (void *)(intptr_t)i), 0);
    for (unsigned seed = 0; child_now_ms() < end || generations < 2 || !exported; seed++) live_and_stop(seed);
    atomic_store(&enough, true);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    print_message("%llu generations, %llu children, %llu records emitted, %llu exported\n",
                  (unsigned long long)generations, (unsigned long long)forks, (unsigned long long)atomic_load(&emitted),
                  (unsigned long long)exported);
    assert_true(exported == atomic_load(&arrived));
    assert_true(exported > 0 && generations > 1);
}

int main(void)
{
    child_environment("count", NULL);
    setenv("OTEL_BLRP_SCHEDULE_DELAY", "1", 1);
    otel_log_exporter_register(&(otel_log_exporter_factory){sizeof(otel_log_exporter_factory), "count", count_new});
    const struct CMUnitTest tests[] = {cmocka_unit_test(everything_at_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
