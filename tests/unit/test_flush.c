/* Flushing on FATAL: the call comes back when everything is out, or when its time is over. */
#include "sdk_fixture.h"
#include "tries.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.flush", NULL);
static const otel_batch_options slow = {.schedule_delay_ms = 60000};

static otel_provider *begin(scripted_log *log, const scripted_step *steps, otel_options options)
{
    otel_log_processor *list[] = {otel_batch_log_processor_new(scripted_new(SCRIPTED_SYNC, steps, 1, log), &slow)};
    otel_provider *p = provider_with(list, 1, options);
    assert_non_null(p);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    return p;
}

static void fatal_is_out_when_the_call_returns(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    otel_provider *p = begin(&log, scripted_ok, (otel_options){.flush_on_fatal_ms = 20000});
    OTEL_LOG_ERROR(&logger, "waits");
    assert_int_equal(log.records, 0);
    OTEL_LOG_FATAL(&logger, "the short way");
    assert_int_equal(log.records, 2);
    OTEL_EVENT(&logger, OTEL_SEVERITY_FATAL4, "the.long.way");
    assert_int_equal(log.records, 3);
    otel_log_record record = {.size = sizeof record, .severity = OTEL_SEVERITY_FATAL};
    otel_logger_emit(&logger, &record);
    assert_int_equal(log.records, 4);
    assert_books(p);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static void without_the_option_nothing_waits(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    otel_provider *p = begin(&log, scripted_ok, (otel_options){.flush_on_fatal_ms = OTEL_ZERO});
    OTEL_LOG_FATAL(&logger, "waits");
    assert_int_equal(log.records, 0);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static const scripted_step never[] = {{.status = OTEL_EXPORT_RETRY, .retry_after_ms = 60000}};

static void the_time_is_bounded(void **unused)
{
    (void)unused;
    static scripted_log log; /* its thread may still be there behind the stop */
    otel_provider *p = begin(&log, never, (otel_options){.flush_on_fatal_ms = 100});
    int64_t least = 10000;
    for (int i = 0; i < 3; i++) {
        int64_t begun = now_ms();
        OTEL_LOG_FATAL(&logger, "lost");
        int64_t took = now_ms() - begun;
        assert_true(took >= 90);
        if (took < least) least = took;
    }
    assert_true(least < 1000);
    otel_provider_stop(p, 100);
}

static void *log_fatal(void *unused)
{
    (void)unused;
    OTEL_LOG_FATAL(&logger, "lost");
    return NULL;
}

static bool stop_beside_it(void *logs)
{
    scripted_log *log = next_log(logs);
    pthread_t thread;
    otel_provider *p = begin(log, never, (otel_options){.flush_on_fatal_ms = 60000});
    pthread_create(&thread, NULL, log_fatal, NULL);
    assert_true(soon(&log->calls, 1));
    int64_t begun = now_ms();
    bool in_time = stops_in_time(p, 200, log); /* nobody is inside: it can be freed */
    pthread_join(thread, NULL);
    assert_true(now_ms() - begun < 30000);
    return in_time;
}

static void whoever_stops_does_not_wait_for_it(void **unused)
{
    static scripted_log logs[4];
    (void)unused;
    assert_true(in_three_tries(stop_beside_it, logs));
}

static void a_host_without_a_thread_is_told(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    said_begin();
    otel_provider *p = begin(&log, scripted_ok, (otel_options){.flush_on_fatal_ms = 100, .run = OTEL_RUN_HOST});
    assert_true(said("flushing on FATAL is not possible"));
    said_end();
    OTEL_LOG_FATAL(&logger, "waits");
    assert_int_equal(log.records, 0);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fatal_is_out_when_the_call_returns),
        cmocka_unit_test(without_the_option_nothing_waits),
        cmocka_unit_test(the_time_is_bounded),
        cmocka_unit_test(whoever_stops_does_not_wait_for_it),
        cmocka_unit_test(a_host_without_a_thread_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
