/* The recorder: what it keeps, when it lets go, bounds, threads, forks. */
#include "processor_fixture.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.recorder", NULL);

static otel_log_processor *of(otel_recorder_options options)
{
    return otel_recorder_log_processor_new(&options);
}

static void debug_at(uint64_t time, const char *body)
{
    OTEL_LOG_DEBUG(&logger, body, OTEL_WITH_TIME(time), OTEL_STR("k", body));
}

static void an_error_brings_what_led_to_it(void **unused)
{
    (void)unused;
    bench b = bench_of(otel_recorder_log_processor_new(NULL));
    debug_at(1, "one");
    OTEL_LOG_TRACE(&logger, "two", OTEL_WITH_TIME(2));
    OTEL_LOG_INFO(&logger, "straight");
    OTEL_LOG_WARN(&logger, "straight too");
    assert_int_equal(arrived(&b), 2);
    assert_int_equal(books_of(b.processor).kept, 2);
    OTEL_LOG_ERROR(&logger, "error");
    assert_int_equal(arrived(&b), 5);
    assert_true(body_is(&b, 2, "one") && body_is(&b, 3, "two") && body_is(&b, 4, "error"));
    assert_int_equal(nth(&b, 2)->time_unix_nano, 1);
    assert_int_equal(nth(&b, 3)->time_unix_nano, 2);
    assert_int_equal(nth(&b, 2)->severity, OTEL_SEVERITY_DEBUG);
    assert_true(attr_is(nth(&b, 2), "k", "one") && has(nth(&b, 2), "code.line.number"));
    OTEL_LOG_FATAL(&logger, "once more"); /* they have gone already */
    assert_int_equal(arrived(&b), 6);
    otel_processor_books books = books_of(b.processor);
    assert_int_equal(books.taken, 6);
    assert_int_equal(books.passed, 6);
    assert_int_equal(books.kept, 0);
    bench_stop(&b);
}

static void the_provider_counts_what_is_kept_as_filtered(void **unused)
{
    (void)unused;
    otel_books books;
    otel_pipeline_books pipeline;
    bench b = bench_of(otel_recorder_log_processor_new(NULL));
    debug_at(1, "one");
    debug_at(2, "two");
    OTEL_LOG_ERROR(&logger, "error");
    assert_true(otel_provider_books(b.provider, &books) && otel_provider_pipeline_books(b.provider, 0, &pipeline));
    assert_int_equal(books.accepted, 3);
    assert_int_equal(books.filtered, 2);
    assert_int_equal(books.delivered, 1);
    assert_int_equal(pipeline.taken, 3);
    bench_stop(&b);
}

static void severities_can_be_chosen_and_none_is_none(void **unused)
{
    (void)unused;
    bench b = bench_of(
        of((otel_recorder_options){.pass_severity = OTEL_SEVERITY_WARN, .trigger_severity = OTEL_SEVERITY_FATAL}));
    OTEL_LOG_INFO(&logger, "kept");
    OTEL_LOG_ERROR(&logger, "no trigger");
    otel_logger_log(&logger, NULL, OTEL_SEVERITY_UNSPECIFIED, otel_string("passes"), NULL, 0);
    assert_int_equal(arrived(&b), 2);
    OTEL_LOG_FATAL(&logger, "trigger");
    assert_int_equal(arrived(&b), 4);
    bench_stop(&b);
}

static void the_oldest_makes_room(void **unused)
{
    (void)unused;
    bench b = bench_of(of((otel_recorder_options){.max_records = 3}));
    for (uint64_t i = 0; i < 7; i++) debug_at(i + 1, "x");
    assert_int_equal(books_of(b.processor).dropped_evicted, 4);
    OTEL_LOG_ERROR(&logger, "error");
    assert_int_equal(arrived(&b), 4);
    for (size_t i = 0; i < 3; i++) assert_int_equal(nth(&b, i)->time_unix_nano, i + 5);
    bench_stop(&b);
}

static void bytes_are_bounded(void **unused)
{
    (void)unused;
    char text[30000];
    memset(text, 'x', sizeof text);
    bench b = bench_of(of((otel_recorder_options){.max_records = 1000, .max_bytes = 100000}));
    debug_at(1, "small");
    for (uint64_t i = 0; i < 5; i++) OTEL_LOG_DEBUG(&logger, "big", OTEL_STRN("t", text, sizeof text));
    otel_processor_books books = books_of(b.processor);
    assert_int_equal(books.kept, 3);
    assert_int_equal(books.dropped_evicted, 3);
    for (int i = 0; i < 4; i++)
        OTEL_LOG_DEBUG(&logger, "too big", OTEL_STRN("t", text, sizeof text), OTEL_STRN("u", text, sizeof text),
                       OTEL_STRN("v", text, sizeof text), OTEL_STRN("w", text, sizeof text));
    assert_int_equal(books_of(b.processor).kept, 3); /* one too large costs the others nothing */
    assert_int_equal(books_of(b.processor).dropped_evicted, 7);
    OTEL_LOG_ERROR(&logger, "error");
    assert_int_equal(arrived(&b), 4);
    bench_stop(&b);
}

static void with(uint8_t trace, otel_severity severity, const char *body)
{
    otel_span_context span = {.trace_id = {trace}, .span_id = {trace}};
    const otel_attr attributes[] = {OTEL_WITH_SPAN_CONTEXT(&span)};
    otel_logger_log(&logger, NULL, severity, otel_string(body), attributes, trace ? 1 : 0);
}

static void by_trace_only_its_own_go(void **unused)
{
    (void)unused;
    bench b = bench_of(of((otel_recorder_options){.max_records = 6, .by_trace = 1}));
    with(1, OTEL_SEVERITY_DEBUG, "first of one");
    with(2, OTEL_SEVERITY_DEBUG, "first of two");
    with(0, OTEL_SEVERITY_DEBUG, "of none");
    with(1, OTEL_SEVERITY_DEBUG, "second of one");
    with(2, OTEL_SEVERITY_DEBUG, "second of two");
    with(2, OTEL_SEVERITY_ERROR, "error of two");
    assert_int_equal(arrived(&b), 3);
    assert_true(body_is(&b, 0, "first of two") && body_is(&b, 1, "second of two") && body_is(&b, 2, "error of two"));
    with(0, OTEL_SEVERITY_ERROR, "error of none");
    assert_int_equal(arrived(&b), 5);
    assert_true(body_is(&b, 3, "of none"));
    assert_int_equal(books_of(b.processor).kept, 2);
    for (int i = 0; i < 4; i++) with(3, OTEL_SEVERITY_DEBUG, "x"); /* into the gaps, around the end of the ring */
    with(1, OTEL_SEVERITY_ERROR, "error of one");
    otel_processor_books books = books_of(b.processor);
    assert_int_equal(books.kept + books.dropped_evicted + books.passed, 12);
    assert_true(body_is(&b, arrived(&b) - 1, "error of one"));
    bench_stop(&b);
}

static void what_is_kept_is_wanted(void **unused)
{
    (void)unused;
    otel_log_exporter *memory;
    otel_log_processor *list[] = {
        of((otel_recorder_options){0}),
        otel_filter_log_processor_new(&(otel_filter_options){.min_severity = OTEL_SEVERITY_WARN}),
        remembering(&memory)};
    otel_provider *p = provider_of(list, 3);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    assert_true(otel_logger_enabled(&logger, OTEL_SEVERITY_TRACE)); /* though the filter does not */
    assert_false(otel_logger_enabled(&logger, OTEL_SEVERITY_INFO));
    assert_true(otel_logger_enabled(&logger, OTEL_SEVERITY_ERROR));
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static void memory_that_runs_out_is_counted(void **unused)
{
    (void)unused;
    bench b = bench_of(otel_recorder_log_processor_new(NULL));
    memory_fails_at(0);
    debug_at(1, "x");
    assert_true(memory_failed());
    memory_is_back();
    assert_int_equal(books_of(b.processor).dropped_evicted, 1);
    bench_stop(&b);
    for (uint32_t n = 0; n < 2; n++) {
        memory_fails_at(n);
        assert_null(otel_recorder_log_processor_new(NULL));
        memory_is_back();
    }
}

static void nonsense_is_refused_in_words(void **unused)
{
    (void)unused;
    said_begin();
    assert_null(of((otel_recorder_options){.pass_severity = OTEL_SEVERITY_FATAL}));
    assert_true(said("recorder: there is no severity between 21 and 17"));
    assert_null(of((otel_recorder_options){.trigger_severity = 99}));
    otel_log_processor *p = of((otel_recorder_options){.max_records = 100000});
    assert_true(said("100000 records are too many"));
    otel_log_processor_destroy(p);
    said_end();
}

enum { THREADS = 4, EACH = 3000 };

static void *log_each(void *unused)
{
    for (int i = 0; i < EACH; i++) {
        if (i % 50 == 49)
            OTEL_LOG_ERROR(&logger, "error");
        else
            OTEL_LOG_DEBUG(&logger, "debug");
    }
    return unused;
}

static void threads_keep_and_let_go(void **unused)
{
    (void)unused;
    pthread_t threads[THREADS];
    bench b = bench_of(of((otel_recorder_options){.max_records = 64}));
    for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_create(&threads[i], NULL, log_each, NULL), 0);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    otel_processor_books books = books_of(b.processor);
    assert_int_equal(books.taken, THREADS * EACH);
    assert_int_equal(books.passed, arrived(&b));
    assert_true(books.passed >= THREADS * EACH / 50);
    bench_stop(&b);
}

static bool child_keeps_its_own(void *argument)
{
    const bench *b = argument;
    otel_processor_books books;
    debug_at(1, "child");
    OTEL_LOG_ERROR(&logger, "child's error");
    return otel_log_processor_books(b->processor, &books) && books.taken == 2 && books.passed == 2 && arrived(b) == 2;
}

static void a_child_forgets_what_is_its_parents(void **unused)
{
    (void)unused;
    bench b = bench_of(otel_recorder_log_processor_new(NULL));
    debug_at(1, "parent");
    assert_true(in_child(child_keeps_its_own, &b));
    OTEL_LOG_ERROR(&logger, "error");
    assert_int_equal(arrived(&b), 2);
    bench_stop(&b);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_error_brings_what_led_to_it),
                                       cmocka_unit_test(the_provider_counts_what_is_kept_as_filtered),
                                       cmocka_unit_test(severities_can_be_chosen_and_none_is_none),
                                       cmocka_unit_test(the_oldest_makes_room),
                                       cmocka_unit_test(bytes_are_bounded),
                                       cmocka_unit_test(by_trace_only_its_own_go),
                                       cmocka_unit_test(what_is_kept_is_wanted),
                                       cmocka_unit_test(memory_that_runs_out_is_counted),
                                       cmocka_unit_test(nonsense_is_refused_in_words),
                                       cmocka_unit_test(threads_keep_and_let_go),
                                       cmocka_unit_test(a_child_forgets_what_is_its_parents)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
