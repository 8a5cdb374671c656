/* The simple processor: one record, one export, one at a time. */
#include "sdk_fixture.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.simple", NULL);

static otel_provider *start(otel_log_exporter *exporter)
{
    otel_log_processor *list[] = {otel_simple_log_processor_new(exporter)};
    otel_provider *p = provider_of(list, 1);
    assert_non_null(p);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    return p;
}

static void each_answer_is_accounted(void **unused)
{
    (void)unused;
    static const scripted_step steps[] = {{.status = OTEL_EXPORT_OK},
                                          {.status = OTEL_EXPORT_RETRY},
                                          {.status = OTEL_EXPORT_REFUSED},
                                          {.status = OTEL_EXPORT_OK, .rejected = 1},
                                          {.status = OTEL_EXPORT_OK}};
    scripted_log log = {0};
    otel_provider *p = start(scripted_new(SCRIPTED_SYNC, steps, 5, &log));
    said_begin();
    for (int i = 0; i < 5; i++) OTEL_LOG_INFO(&logger, "x");
    said_end();
    otel_pipeline_books b;
    assert_true(otel_provider_pipeline_books(p, 0, &b));
    assert_int_equal(b.taken, 5);
    assert_int_equal(b.exported, 2);
    assert_int_equal(b.rejected, 2);
    assert_int_equal(b.dropped_retry_exhausted, 1); /* nothing keeps it */
    assert_int_equal(log.most_records, 1);
    assert_books(p);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static void an_asynchronous_exporter_is_refused(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    said_begin();
    assert_null(otel_simple_log_processor_new(scripted_new(SCRIPTED_ASYNC, scripted_ok, 1, &log)));
    said_end();
    assert_true(said("asynchronously"));
    assert_int_equal(log.destroys, 1);
}

static void long_records_are_taken_and_too_long_ones_dropped(void **unused)
{
    (void)unused;
    static char text[(1 << 20) + 100];
    otel_log_exporter *memory = otel_memory_exporter_new();
    otel_provider *p = start(memory);
    memset(text, 'x', sizeof text - 1);
    OTEL_LOG_VALUE(&logger, 9, otel_stringn(text, 100000));
    OTEL_LOG_VALUE(&logger, 9, otel_stringn(text, sizeof text - 1));
    otel_pipeline_books b;
    assert_true(otel_provider_pipeline_books(p, 0, &b));
    assert_int_equal(b.exported, 1);
    assert_int_equal(b.dropped_too_large, 1);
    assert_int_equal(otel_memory_exporter_at(memory, 0)->body.size, 100000);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static void *emit_many(void *unused)
{
    (void)unused;
    for (int i = 0; i < 2000; i++) OTEL_LOG_INFO(&logger, "x");
    return NULL;
}

static void calls_are_one_at_a_time(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    otel_provider *p = start(SCRIPTED_OK(&log));
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, emit_many, NULL);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    assert_int_equal(log.records, 8000);
    assert_int_equal(log.overlaps, 0);
    assert_books(p);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_answer_is_accounted), cmocka_unit_test(an_asynchronous_exporter_is_refused),
        cmocka_unit_test(long_records_are_taken_and_too_long_ones_dropped), cmocka_unit_test(calls_are_one_at_a_time)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
