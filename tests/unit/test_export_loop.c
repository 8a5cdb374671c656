/* The exporting side: when a batch goes out, answers, retries, deadlines, several exporters, host mode. */
#include "sdk_fixture.h"
#include "tries.h"
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.loop", NULL);
static otel_provider *provider;
static const otel_batch_options quick = {.schedule_delay_ms = 1};

static void start(otel_log_processor **list, size_t count)
{
    otel_provider_set_global(NULL); /* of a test that failed */
    provider = provider_of(list, count);
    assert_non_null(provider);
    assert_int_equal(otel_provider_set_global(provider), OTEL_OK);
}
#define START(...)                                                                                                     \
    start((otel_log_processor *[]){__VA_ARGS__},                                                                       \
          sizeof((otel_log_processor *[]){__VA_ARGS__}) / sizeof(otel_log_processor *))
#define BATCH(kind, steps, log, options)                                                                               \
    otel_batch_log_processor_new(scripted_new(kind, steps, sizeof(steps) / sizeof *(steps), log), options)

static otel_pipeline_books books_of(size_t nth)
{
    otel_pipeline_books b;
    assert_true(otel_provider_pipeline_books(provider, nth, &b));
    assert_books(provider);
    return b;
}

static void log_records(int n)
{
    for (int i = 0; i < n; i++) OTEL_LOG_INFO(&logger, "x", OTEL_INT("i", i));
}

static bool go_when_it_is_old(void *unused)
{
    (void)unused;
    scripted_log log = {0};
    START(BATCH(SCRIPTED_SYNC, scripted_ok, &log, (&(otel_batch_options){.schedule_delay_ms = 400})));
    int64_t began = now_ms();
    log_records(1);
    assert_true(soon(&log.records, 1));
    bool in_time = took_between(began, 390, 1500);
    assert_int_equal(otel_provider_stop(provider, 60000), OTEL_OK);
    return in_time;
}

static void a_batch_goes_when_it_is_old(void **unused)
{
    (void)unused;
    assert_true(in_three_tries(go_when_it_is_old, NULL));
}

static void a_batch_goes_when_it_is_full(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    START(BATCH(SCRIPTED_SYNC, scripted_ok, &log,
                (&(otel_batch_options){.schedule_delay_ms = 60000, .max_export_batch_size = 100})));
    log_records(1000);
    assert_true(soon(&log.records, 500)); /* full ones do not wait for the minute */
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
    assert_int_equal(log.records, 1000);
    assert_int_equal(log.most_records, 100);
    assert_true(log.flushes > 0);
    assert_int_equal(otel_provider_stop(provider, 60000), OTEL_OK);
    assert_int_equal(log.shutdowns, 1);
    assert_int_equal(log.destroys, 1);
}

static void answers_are_accounted(void **unused)
{
    (void)unused;
    static const scripted_step steps[] = {{.status = OTEL_EXPORT_OK, .rejected = 3},
                                          {.status = OTEL_EXPORT_REFUSED},
                                          {.status = OTEL_EXPORT_OK, .rejected = 1000}, /* more than there were */
                                          {.status = 99},                               /* no answer that exists */
                                          {.status = OTEL_EXPORT_OK}};
    static const uint64_t exported[] = {7, 7, 7, 7, 17}, rejected[] = {3, 13, 23, 33, 33};
    scripted_log log = {0};
    START(BATCH(SCRIPTED_SYNC, steps, &log, &quick));
    said_begin();
    for (int i = 0; i < 5; i++) {
        uint32_t calls = log.calls;
        for (int k = 0; k < 10; k++) OTEL_LOG_INFO(&logger, "x");
        assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
        if (log.calls != calls + 1) continue; /* the batch was cut in two by the schedule: the sums below still hold */
        assert_int_equal(books_of(0).exported, exported[i]);
        assert_int_equal(books_of(0).rejected, rejected[i]);
    }
    said_end();
    assert_int_equal(books_of(0).exported + books_of(0).rejected, 50);
    assert_int_equal(otel_provider_stop(provider, 60000), OTEL_OK);
}

/* How long the second attempt came behind the first. */
typedef struct again {
    uint32_t retry_after_ms;
    int64_t least_ms, most_ms;
} again;

static bool come_again(void *argument)
{
    const again *a = argument;
    const scripted_step steps[] = {{.status = OTEL_EXPORT_RETRY, .retry_after_ms = a->retry_after_ms},
                                   {.status = OTEL_EXPORT_OK}};
    scripted_log log = {0};
    START(BATCH(SCRIPTED_SYNC, steps, &log, &quick));
    said_begin();
    log_records(1);
    assert_true(soon(&log.calls, 2));
    said_end();
    int64_t waited = log.call_ns[1] - log.call_ns[0];
    assert_true(waited >= a->least_ms);
    assert_int_equal(log.last_attempt, 1);
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
    assert_int_equal(books_of(0).exported, 1);
    assert_int_equal(otel_provider_stop(provider, 60000), OTEL_OK);
    return waited <= a->most_ms;
}

static void a_retry_waits_and_comes_again(void **unused)
{
    (void)unused;
    assert_true(in_three_tries(come_again, &(again){0, 240, 900})); /* half a second with jitter */
    assert_true(said("trying again"));
}

static void the_backend_may_ask_for_more_time(void **unused)
{
    (void)unused;
    assert_true(in_three_tries(come_again, &(again){1200, 1190, 2500}));
}

static void retrying_ends_when_it_is_bounded(void **unused)
{
    (void)unused;
    static const scripted_step steps[] = {{.status = OTEL_EXPORT_RETRY}};
    scripted_log log = {0};
    START(BATCH(SCRIPTED_SYNC, steps, &log, (&(otel_batch_options){.schedule_delay_ms = 1, .retry_max_ms = 100})));
    said_begin();
    log_records(3);
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK); /* given up is done */
    said_end();
    assert_int_equal(books_of(0).dropped_retry_exhausted, 3);
    assert_true(said("given up"));
    assert_int_equal(otel_provider_stop(provider, 60000), OTEL_OK);
}

static void another_thread_may_answer(void **unused)
{
    (void)unused;
    static const scripted_step steps[] = {
        {.status = OTEL_EXPORT_PENDING, .later = OTEL_EXPORT_OK, .after_ms = 30, .rejected = 1},
        {.status = OTEL_EXPORT_PENDING, .later = OTEL_EXPORT_REFUSED},
        {.status = OTEL_EXPORT_PENDING, .later = OTEL_EXPORT_RETRY},
        {.status = OTEL_EXPORT_PENDING, .later = OTEL_EXPORT_OK}};
    scripted_log log = {0};
    START(BATCH(SCRIPTED_ASYNC, steps, &log, &quick));
    said_begin();
    for (int i = 0; i < 3; i++) {
        log_records(1);
        assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
    }
    said_end();
    assert_int_equal(books_of(0).rejected, 2);
    assert_int_equal(books_of(0).exported, 1);
    assert_int_equal(log.calls, 4);
    assert_int_equal(log.overlaps, 0);
    assert_int_equal(otel_provider_stop(provider, 60000), OTEL_OK);
    assert_int_equal(log.cancels, 0);
}

static const scripted_step never_answered[] = {{.status = OTEL_EXPORT_PENDING, .later = OTEL_EXPORT_PENDING}};

static bool stop_without_an_answer(void *logs)
{
    scripted_log *log = next_log(logs);
    START(BATCH(SCRIPTED_ASYNC, never_answered, log,
                (&(otel_batch_options){.schedule_delay_ms = 1, .export_timeout_ms = 50})));
    said_begin();
    log_records(5);
    assert_true(soon(&log->cancels, 1));
    assert_true(soon(&log->calls, 2));
    assert_int_equal(books_of(0).queued, 5);
    bool in_time = stops_in_time(provider, 300, log);
    said_end();
    return in_time;
}

static void no_answer_is_a_retry_and_stop_is_in_time(void **unused)
{
    static scripted_log logs[4]; /* one that was kept may still write there */
    (void)unused;
    assert_true(in_three_tries(stop_without_an_answer, logs));
}

static void stop_tries_a_last_time(void **unused)
{
    (void)unused;
    static const scripted_step steps[] = {{.status = OTEL_EXPORT_RETRY, .retry_after_ms = 60000},
                                          {.status = OTEL_EXPORT_OK}};
    scripted_log log = {0};
    START(BATCH(SCRIPTED_SYNC, steps, &log, &quick));
    said_begin();
    log_records(2);
    assert_true(soon(&log.calls, 1));
    sleep_ms(20);
    assert_int_equal(otel_provider_stop(provider, 60000), OTEL_OK);
    said_end();
    assert_int_equal(log.calls, 2);
}

/* Of the four exporters of one try. */
typedef struct quartet {
    scripted_log hangs, fails, stuck, good;
} quartet;

static bool delay_no_other(void *argument)
{
    static const scripted_step failing[] = {{.status = OTEL_EXPORT_RETRY}};
    quartet *q = argument;
    while (q->good.calls) q++;
    atomic_store(&q->stuck.hold, true);
    START(BATCH(SCRIPTED_ASYNC, never_answered, &q->hangs, &quick), BATCH(SCRIPTED_SYNC, failing, &q->fails, &quick),
          BATCH(SCRIPTED_BLOCKS, scripted_ok, &q->stuck, &quick), BATCH(SCRIPTED_SYNC, scripted_ok, &q->good, &quick));
    said_begin();
    int64_t began = now_ms();
    for (uint32_t i = 1; i <= 20; i++) {
        log_records(1);
        assert_true(soon(&q->good.records, i));
    }
    bool in_time = took_between(began, 0, 1500);
    assert_int_equal(books_of(3).exported, 20);
    for (size_t i = 0; i < 3; i++) assert_int_equal(books_of(i).queued, 20);
    atomic_store(&q->stuck.hold, false);
    in_time = stops_in_time(provider, 200, &q->good) && in_time;
    said_end();
    return in_time;
}

static void one_that_hangs_delays_no_other(void **unused)
{
    static quartet quartets[4]; /* those that were kept may still write there */
    (void)unused;
    assert_true(in_three_tries(delay_no_other, quartets));
}

static void host_mode_is_driven_by_the_host(void **unused)
{
    (void)unused;
    static const scripted_step steps[] = {{.status = OTEL_EXPORT_RETRY}, {.status = OTEL_EXPORT_OK}};
    scripted_log log = {0};
    otel_log_processor *list[] = {BATCH(SCRIPTED_SYNC, steps, &log, (&(otel_batch_options){.schedule_delay_ms = 20}))};
    provider = provider_with(list, 1, (otel_options){.run = OTEL_RUN_HOST});
    assert_non_null(provider);
    otel_provider_set_global(provider);
    said_begin();
    log_records(3);
    sleep_ms(60);
    assert_int_equal(log.calls, 0); /* nobody turns the loop */
    struct pollfd p = {.fd = otel_poll_fd(provider), .events = POLLIN};
    assert_true(p.fd >= 0);
    for (int64_t until = now_ms() + 30000; log.records < 3 && now_ms() < until;) {
        int32_t wait = otel_poll_timeout_ms(provider);
        poll(&p, 1, wait);
        otel_poll(provider);
    }
    said_end();
    assert_int_equal(log.records, 3);
    for (int i = 0; i < 5; i++) otel_poll(provider);
    assert_int_equal(otel_poll_timeout_ms(provider), -1); /* idle */
    assert_int_equal(poll(&p, 1, 0), 0);
    log_records(1); /* wakes the descriptor */
    assert_int_equal(poll(&p, 1, 30000), 1);
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK); /* the caller drives */
    assert_int_equal(log.records, 4);
    log_records(1);
    assert_int_equal(otel_provider_stop(provider, 60000), OTEL_OK);
    assert_int_equal(log.records, 5);
}

/* Only writers who fill batches quickly are spared the wake-up; for others a nap would be one more. */
static void a_full_batch_alone_is_no_reason_to_nap(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    const otel_batch_options pairs = {.schedule_delay_ms = 60000, .max_export_batch_size = 2};
    otel_log_processor *list[] = {BATCH(SCRIPTED_SYNC, scripted_ok, &log, &pairs)};
    provider = provider_with(list, 1, (otel_options){.run = OTEL_RUN_HOST});
    assert_non_null(provider);
    otel_provider_set_global(provider);
    log_records(2);
    assert_int_equal(otel_provider_flush(provider, 5000), OTEL_OK);
    assert_int_equal(log.records, 2);
    otel_poll(provider);
    assert_int_equal(otel_poll_timeout_ms(provider), -1);
    assert_int_equal(otel_provider_stop(provider, 1000), OTEL_OK);
}

static void host_calls_tolerate_null_and_threads(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    assert_int_equal(otel_poll_fd(NULL), -1);
    assert_int_equal(otel_poll_timeout_ms(NULL), -1);
    otel_poll(NULL);
    START(BATCH(SCRIPTED_SYNC, scripted_ok, &log, &quick));
    otel_poll(provider); /* has a thread: nothing to do */
    otel_export_done(NULL, OTEL_EXPORT_OK);
    assert_int_equal(otel_provider_stop(provider, 60000), OTEL_OK);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_batch_goes_when_it_is_old),
                                       cmocka_unit_test(a_batch_goes_when_it_is_full),
                                       cmocka_unit_test(answers_are_accounted),
                                       cmocka_unit_test(a_retry_waits_and_comes_again),
                                       cmocka_unit_test(the_backend_may_ask_for_more_time),
                                       cmocka_unit_test(retrying_ends_when_it_is_bounded),
                                       cmocka_unit_test(another_thread_may_answer),
                                       cmocka_unit_test(no_answer_is_a_retry_and_stop_is_in_time),
                                       cmocka_unit_test(stop_tries_a_last_time),
                                       cmocka_unit_test(one_that_hangs_delays_no_other),
                                       cmocka_unit_test(host_mode_is_driven_by_the_host),
                                       cmocka_unit_test(a_full_batch_alone_is_no_reason_to_nap),
                                       cmocka_unit_test(host_calls_tolerate_null_and_threads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
