/* The logging calls: the gate, errno, what is evaluated when, printf bodies, nested calls. */
#include "sdk_fixture.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.logger", NULL);
static otel_log_exporter *memory;
static otel_provider *provider;
static int evaluated;

static int begin(void **unused)
{
    (void)unused;
    otel_log_processor *list[] = {remembering(&memory)};
    provider = provider_of(list, 1);
    return provider && otel_provider_set_global(provider) == OTEL_OK ? 0 : -1;
}

static int end(void **unused)
{
    (void)unused;
    assert_books(provider);
    return otel_provider_stop(provider, 60000) == OTEL_OK ? 0 : -1;
}

static int64_t evaluate(void)
{
    return ++evaluated;
}

static void without_a_provider_nothing_is_evaluated(void **unused)
{
    (void)unused;
    evaluated = 0;
    errno = 77;
    assert_int_equal(otel_log_gate[0], OTEL_GATE_CLOSED);
    OTEL_LOG_FATAL(&logger, "x", OTEL_INT("n", evaluate()));
    OTEL_LOG(&logger, OTEL_SEVERITY_UNSPECIFIED, "x", OTEL_INT("n", evaluate()));
    OTEL_LOGF_FATAL(&logger, "%d", (int)evaluate());
    OTEL_EVENT(&logger, OTEL_SEVERITY_INFO, "e", OTEL_INT("n", evaluate()));
    assert_int_equal(evaluated, 0);
    assert_false(otel_logger_enabled(&logger, OTEL_SEVERITY_FATAL));
    otel_logger_log(&logger, NULL, 9, otel_string("x"), NULL, 0);
    otel_log_record r = {.size = sizeof r};
    otel_logger_emit(&logger, &r);
    otel_logger_logf(&logger, NULL, 9, "%s", "x");
    assert_null(otel_provider_global());
    assert_int_equal(errno, 77);
}

static void with_one_each_argument_is_evaluated_once(void **unused)
{
    (void)unused;
    evaluated = 0;
    OTEL_LOG_TRACE(&logger, "x", OTEL_INT("n", evaluate()));
    assert_int_equal(evaluated, 1);
    assert_int_equal(otel_memory_exporter_count(memory), 1);
    assert_true(otel_logger_enabled(&logger, OTEL_SEVERITY_TRACE));
    assert_true(otel_logger_enabled(&logger, OTEL_SEVERITY_UNSPECIFIED));
    assert_false(otel_logger_enabled(NULL, OTEL_SEVERITY_FATAL));
}

static void errno_is_kept(void **unused)
{
    (void)unused;
    otel_log_record r = {.size = sizeof r};
    errno = 11;
    OTEL_LOG_INFO(&logger, "x");
    OTEL_LOGF_INFO(&logger, "%d", errno);
    otel_logger_emit(&logger, &r);
    otel_logger_enabled(&logger, 9);
    assert_int_equal(errno, 11);
    otel_value v = otel_memory_exporter_at(memory, 1)->body;
    assert_true(text_is(&v, "11"));
}

static void a_printf_body_is_cut_at_a_character(void **unused)
{
    (void)unused;
    static char text[4000];
    for (size_t i = 0; i + 3 < sizeof text; i += 3) memcpy(text + i, "\xe2\x82\xac", 3);
    OTEL_LOGF_INFO(&logger, "%s", text);
    otel_value v = otel_memory_exporter_at(memory, 0)->body;
    assert_int_equal(v.type, OTEL_TYPE_STRING);
    assert_int_equal(v.size, 2046); /* 682 whole characters of 3 bytes */
    OTEL_LOGF_INFO(&logger, "a%sb%d", "", 5);
    v = otel_memory_exporter_at(memory, 1)->body;
    assert_true(text_is(&v, "ab5"));
    otel_logger_logf(&logger, NULL, 9, NULL);
    assert_int_equal(otel_memory_exporter_count(memory), 2);
}

static void between_begin_and_end_records_are_suppressed(void **unused)
{
    (void)unused;
    otel_books books;
    otel_suppress_begin();
    otel_suppress_begin();
    OTEL_LOG_INFO(&logger, "x");
    otel_suppress_end();
    OTEL_LOG_INFO(&logger, "x");
    otel_suppress_end();
    OTEL_LOG_INFO(&logger, "x");
    otel_suppress_end(); /* one too many does nothing */
    OTEL_LOG_INFO(&logger, "x");
    assert_true(otel_provider_books(provider, &books));
    assert_int_equal(books.suppressed, 2);
    assert_int_equal(books.delivered, 2);
    assert_int_equal(books.accepted, 4);
}

static void nested_emit(otel_log_processor *self, otel_log_record *record)
{
    otel_log_record r = {.size = sizeof r};
    evaluated = 0;
    OTEL_LOG_INFO(&logger, "from inside", OTEL_INT("n", evaluate()));
    otel_logger_emit(&logger, &r);
    otel_log_pass(self, record);
}
static const otel_log_processor_ops nested_ops = {.size = sizeof nested_ops, .name = "nested", .emit = nested_emit};

static void a_processor_that_logs_does_not_recurse(void **unused)
{
    (void)unused;
    otel_log_exporter *kept;
    otel_log_processor *list[] = {otel_log_processor_new(sizeof(otel_log_processor), &nested_ops), remembering(&kept)};
    otel_provider *p = provider_of(list, 2);
    otel_books books;
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    OTEL_LOG_INFO(&logger, "x");
    assert_true(otel_provider_books(p, &books));
    assert_int_equal(books.suppressed, 2);
    assert_int_equal(books.delivered, 1);
    assert_int_equal(otel_memory_exporter_count(kept), 1);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static void log_inside(void)
{
    OTEL_LOG_INFO(&logger, "from the exporter");
}

static void an_exporter_that_logs_does_not_feed_itself(void **unused)
{
    (void)unused;
    scripted_log log = {.during = log_inside}, second = {.during = log_inside};
    otel_log_processor *list[] = {otel_batch_log_processor_new(SCRIPTED_OK(&log), NULL),
                                  otel_simple_log_processor_new(SCRIPTED_OK(&second))};
    otel_provider *p = provider_of(list, 2);
    otel_books books;
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    OTEL_LOG_INFO(&logger, "x");
    assert_int_equal(otel_provider_flush(p, 60000), OTEL_OK);
    assert_true(otel_provider_books(p, &books));
    assert_int_equal(books.suppressed, 2);
    assert_int_equal(books.delivered, 1);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    assert_int_equal(log.calls, 1);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_provider_nothing_is_evaluated),
        cmocka_unit_test_setup_teardown(with_one_each_argument_is_evaluated_once, begin, end),
        cmocka_unit_test_setup_teardown(errno_is_kept, begin, end),
        cmocka_unit_test_setup_teardown(a_printf_body_is_cut_at_a_character, begin, end),
        cmocka_unit_test_setup_teardown(between_begin_and_end_records_are_suppressed, begin, end),
        cmocka_unit_test(a_processor_that_logs_does_not_recurse),
        cmocka_unit_test(an_exporter_that_logs_does_not_feed_itself)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
