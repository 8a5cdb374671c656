/* The one provider that is started: ALREADY, books after stop, stopping twice. */
#include "sdk_fixture.h"
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.start", NULL);

static otel_result start(otel_log_processor *processor)
{
    otel_log_processor *list[] = {processor};
    return otel_sdk_start(&(otel_options){.log_processors = list, .log_processor_count = 1});
}

static void before_any_start_there_is_nothing(void **unused)
{
    (void)unused;
    otel_books b;
    assert_false(otel_provider_books(NULL, &b));
    assert_int_equal(otel_stop(0), OTEL_OK);
    assert_int_equal(otel_flush(0), OTEL_OK);
}

static void a_second_start_is_refused_and_its_processors_destroyed(void **unused)
{
    (void)unused;
    scripted_log first = {0}, second = {0};
    assert_int_equal(start(otel_batch_log_processor_new(SCRIPTED_OK(&first), NULL)), OTEL_OK);
    assert_int_equal(start(otel_batch_log_processor_new(SCRIPTED_OK(&second), NULL)), OTEL_ERR_ALREADY);
    assert_int_equal(second.destroys, 1);
    assert_int_equal(first.destroys, 0);
    OTEL_LOG_INFO(&logger, "x");
    assert_int_equal(otel_flush(60000), OTEL_OK);
    assert_int_equal(first.records, 1);
    OTEL_LOG_INFO(&logger, "y");
    assert_int_equal(otel_stop(60000), OTEL_OK);
    assert_int_equal(first.records, 2);
    assert_int_equal(first.destroys, 1);
}

static void books_can_be_read_after_stop(void **unused)
{
    (void)unused;
    otel_books b;
    otel_pipeline_books pipeline;
    assert_null(otel_provider_global());
    assert_books(NULL);
    assert_true(otel_provider_books(NULL, &b));
    assert_int_equal(b.delivered, 2);
    assert_true(otel_provider_pipeline_books(NULL, 0, &pipeline));
    assert_int_equal(pipeline.exported, 2);
    assert_false(otel_provider_pipeline_books(NULL, 1, &pipeline));
    assert_int_equal(otel_stop(0), OTEL_OK);
}

static void a_start_that_fails_says_so_and_can_be_repeated(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    said_begin();
    assert_int_equal(start(NULL), OTEL_ERR_CONFIG);
    said_end();
    assert_int_equal(start(otel_simple_log_processor_new(SCRIPTED_OK(&log))), OTEL_OK);
    assert_int_equal(otel_stop(60000), OTEL_OK);
    assert_int_equal(otel_sdk_start(NULL), OTEL_OK); /* exports nothing: no otlp is known here */
    assert_int_equal(otel_stop(60000), OTEL_OK);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(before_any_start_there_is_nothing),
                                       cmocka_unit_test(a_second_start_is_refused_and_its_processors_destroyed),
                                       cmocka_unit_test(books_can_be_read_after_stop),
                                       cmocka_unit_test(a_start_that_fails_says_so_and_can_be_repeated)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
