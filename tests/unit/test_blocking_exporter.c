/* Exporters that sleep in export_batch: a thread of their own, and stopping while they are stuck. */
#include "sdk_fixture.h"
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.blocking", NULL);
static const otel_batch_options quick = {.schedule_delay_ms = 1};

static otel_provider *start(const scripted_step *steps, size_t count, scripted_log *log)
{
    otel_log_processor *list[] = {otel_batch_log_processor_new(scripted_new(SCRIPTED_BLOCKS, steps, count, log), &quick)};
    otel_provider *p = provider_of(list, 1);
    assert_non_null(p);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    return p;
}

static void it_exports_from_its_own_thread(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    otel_provider *p = start(scripted_ok, 1, &log);
    for (uint32_t i = 1; i <= 50; i++) {
        OTEL_LOG_INFO(&logger, "x");
        if (i % 10 == 0) assert_int_equal(otel_provider_flush(p, 5000), OTEL_OK);
    }
    assert_int_equal(log.records, 50);
    assert_int_equal(log.overlaps, 0);
    assert_int_equal(otel_provider_stop(p, 1000), OTEL_OK);
    assert_int_equal(log.shutdowns, 1);
    assert_int_equal(log.destroys, 1);
}

/* The deadline passes while its thread has nothing to do: that thread must be gone before its memory is. */
static void stopping_between_two_tries_is_clean(void **unused)
{
    (void)unused;
    static const scripted_step retry = {.status = OTEL_EXPORT_RETRY, .retry_after_ms = 60000};
    said_begin();
    for (int i = 0; i < 20; i++) {
        scripted_log log = {0};
        otel_provider *p = start(&retry, 1, &log);
        OTEL_LOG_INFO(&logger, "x");
        assert_true(soon(&log.calls, 1));
        assert_int_equal(otel_provider_stop(p, 10), OTEL_ERR_TIMEOUT);
        assert_int_equal(log.shutdowns, 1);
        assert_int_equal(log.destroys, 1);
    }
    said_end();
}

static void host_mode_refuses_it(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    otel_log_processor *list[] = {otel_batch_log_processor_new(scripted_new(SCRIPTED_BLOCKS, scripted_ok, 1, &log), &quick)};
    said_begin();
    assert_null(provider_with(list, 1, (otel_options){.run = OTEL_RUN_HOST}));
    said_end();
    assert_true(said("blocks"));
    assert_int_equal(log.destroys, 1);
}

/* Last: what is stuck keeps its memory on purpose, reachable here so that no checker takes it for lost. */
static scripted_log stuck;
static otel_provider *left_behind;

static void stop_does_not_wait_for_one_that_is_stuck(void **unused)
{
    (void)unused;
    atomic_store(&stuck.hold, true);
    otel_provider *p = left_behind = start(scripted_ok, 1, &stuck);
    otel_pipeline_books b;
    said_begin();
    OTEL_LOG_INFO(&logger, "x");
    assert_true(soon(&stuck.calls, 1));
    int64_t begin = now_ms();
    assert_int_equal(otel_provider_stop(p, 200), OTEL_ERR_TIMEOUT);
    assert_in_range(now_ms() - begin, 150, 300);
    assert_int_equal(stuck.destroys, 0);
    assert_int_equal(stuck.shutdowns, 0);
    assert_true(otel_provider_pipeline_books(p, 0, &b)); /* it is still there */
    assert_int_equal(b.dropped_after_stop, 1);
    atomic_store(&stuck.hold, false); /* it comes back, and finds everything where it was */
    sleep_ms(50);
    said_end();
    assert_int_equal(stuck.inside, 0);
    assert_books(p);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_exports_from_its_own_thread),
                                       cmocka_unit_test(stopping_between_two_tries_is_clean),
                                       cmocka_unit_test(host_mode_refuses_it),
                                       cmocka_unit_test(stop_does_not_wait_for_one_that_is_stuck)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
