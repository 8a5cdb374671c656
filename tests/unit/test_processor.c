/* Lists of processors: order, ownership, Enabled, flush and shutdown. */
#include "sdk_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.processor", NULL);

static void warn_emit(otel_log_processor *self, otel_log_record *record)
{
    if (OTEL_SEVERITY_RANK(record->severity) >= OTEL_SEVERITY_WARN) otel_log_pass(self, record);
}
static bool warn_enabled(otel_log_processor *self, const otel_scope *scope, otel_severity severity,
                         const otel_context *context)
{
    (void)self;
    assert_string_equal(scope->name, "test.processor");
    assert_non_null(context);
    return OTEL_SEVERITY_RANK(severity) >= OTEL_SEVERITY_WARN;
}
static const otel_log_processor_ops warn_ops = {
    .size = sizeof warn_ops, .name = "warn", .emit = warn_emit, .enabled = warn_enabled};
static otel_log_processor *warn_new(void)
{
    return otel_log_processor_new(sizeof(otel_log_processor), &warn_ops);
}

static void what_stands_before_the_filter_gets_all(void **unused)
{
    (void)unused;
    otel_log_exporter *all = otel_memory_exporter_new(), *few;
    otel_log_processor *list[] = {otel_batch_log_processor_new(all, NULL), warn_new(), remembering(&few)};
    otel_provider *p = provider_of(list, 3);
    otel_books books;
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    assert_true(otel_logger_enabled(&logger, OTEL_SEVERITY_INFO)); /* the first exports it */
    OTEL_LOG_INFO(&logger, "info");
    OTEL_LOG_ERROR(&logger, "error");
    assert_int_equal(otel_provider_flush(p, 5000), OTEL_OK);
    assert_int_equal(otel_memory_exporter_count(all), 2);
    assert_int_equal(otel_memory_exporter_count(few), 1);
    assert_true(otel_provider_books(p, &books));
    assert_int_equal(books.delivered, 2);
    assert_int_equal(books.filtered, 0);
    assert_books(p);
    assert_int_equal(otel_provider_stop(p, 1000), OTEL_OK);
}

static void a_filter_in_front_counts_and_answers(void **unused)
{
    (void)unused;
    otel_log_exporter *few;
    otel_log_processor *list[] = {warn_new(), remembering(&few)};
    otel_provider *p = provider_of(list, 2);
    otel_books books;
    int evaluated = 0;
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    assert_false(otel_logger_enabled(&logger, OTEL_SEVERITY_INFO));
    assert_true(otel_logger_enabled(&logger, OTEL_SEVERITY_WARN));
    assert_true(otel_logger_enabled(&logger, OTEL_SEVERITY_UNSPECIFIED));
    OTEL_LOG_INFO(&logger, "never evaluated", OTEL_INT("n", ++evaluated));
    assert_int_equal(evaluated, 0);
    otel_logger_log(&logger, NULL, OTEL_SEVERITY_INFO, otel_string("x"), NULL, 0); /* nobody has to ask */
    OTEL_LOG_WARN(&logger, "x");
    assert_true(otel_provider_books(p, &books));
    assert_int_equal(books.filtered, 1);
    assert_int_equal(books.delivered, 1);
    assert_int_equal(otel_provider_stop(p, 1000), OTEL_OK);
}

static void who_cannot_tell_forces_true(void **unused)
{
    (void)unused;
    counted counts = {0};
    otel_log_processor *list[] = {counting_new(&counts)};
    otel_provider *p = provider_of(list, 1);
    otel_provider *empty = provider_of(NULL, 0);
    otel_books books;
    static otel_logger to_empty = OTEL_LOGGER_INIT("test.processor", NULL);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    assert_int_equal(otel_provider_attach(empty), OTEL_OK);
    to_empty.provider = empty;
    assert_true(otel_logger_enabled(&logger, OTEL_SEVERITY_TRACE));
    assert_false(otel_logger_enabled(&to_empty, OTEL_SEVERITY_FATAL)); /* no processors */
    OTEL_LOG_INFO(&logger, "x");
    assert_true(otel_provider_books(p, &books));
    assert_int_equal(books.filtered, 1); /* nobody exported it */
    assert_int_equal(counts.emits, 1);
    assert_int_equal(otel_provider_stop(p, 1000), OTEL_OK);
    assert_int_equal(otel_provider_stop(empty, 1000), OTEL_OK);
}

static void each_is_flushed_shut_down_and_destroyed_once(void **unused)
{
    (void)unused;
    counted a = {0}, b = {0};
    scripted_log log = {0};
    otel_log_processor *list[] = {counting_new(&a), otel_simple_log_processor_new(SCRIPTED_OK(&log)), counting_new(&b)};
    otel_provider *p = provider_of(list, 3);
    assert_int_equal(otel_provider_flush(p, 1000), OTEL_OK);
    assert_int_equal(a.flushes, 1);
    assert_int_equal(b.flushes, 1);
    assert_int_equal(log.flushes, 1);
    assert_int_equal(otel_provider_stop(p, 1000), OTEL_OK);
    assert_int_equal(a.shutdowns, 1);
    assert_int_equal(b.shutdowns, 1);
    assert_int_equal(log.shutdowns, 1);
    assert_int_equal(a.destroys, 1);
    assert_int_equal(b.destroys, 1);
    assert_int_equal(log.destroys, 1);
}

static void incomplete_tables_are_refused(void **unused)
{
    (void)unused;
    static const otel_log_processor_ops no_emit = {.size = sizeof no_emit, .name = "x"};
    static const otel_log_processor_ops short_one = {.size = 8, .name = "x", .emit = warn_emit};
    static const otel_log_exporter_ops no_export = {.size = sizeof no_export, .name = "x"};
    assert_null(otel_log_processor_new(sizeof(otel_log_processor), &no_emit));
    assert_null(otel_log_processor_new(sizeof(otel_log_processor), &short_one));
    assert_null(otel_log_processor_new(sizeof(otel_log_processor), NULL));
    assert_null(otel_log_processor_new(8, &warn_ops));
    assert_null(otel_log_exporter_new(sizeof(otel_log_exporter), &no_export));
    assert_null(otel_log_exporter_new(sizeof(otel_log_exporter), NULL));
    otel_log_processor_destroy(NULL);
    otel_log_exporter_destroy(NULL);
    otel_log_pass(NULL, NULL);
    otel_log_processor_emit(NULL, NULL);
    assert_int_equal(otel_log_processor_flush(NULL, (otel_deadline){0}), OTEL_OK);
    assert_int_equal(otel_log_processor_shutdown(NULL, (otel_deadline){0}), OTEL_OK);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_stands_before_the_filter_gets_all),
                                       cmocka_unit_test(a_filter_in_front_counts_and_answers),
                                       cmocka_unit_test(who_cannot_tell_forces_true),
                                       cmocka_unit_test(each_is_flushed_shut_down_and_destroyed_once),
                                       cmocka_unit_test(incomplete_tables_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
