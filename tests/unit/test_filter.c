/* The filter: severities, scopes, Enabled. */
#include "processor_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static otel_logger shop = OTEL_LOGGER_INIT("shop.checkout", NULL), lib = OTEL_LOGGER_INIT("lib.noise", NULL);

static void below_the_minimum_no_argument_is_evaluated(void **unused)
{
    (void)unused;
    int evaluated = 0;
    bench b = bench_of(otel_filter_log_processor_new(&(otel_filter_options){.min_severity = OTEL_SEVERITY_WARN}));
    OTEL_LOG_INFO(&shop, "no", OTEL_INT("n", ++evaluated));
    assert_int_equal(evaluated, 0);
    OTEL_LOG_WARN(&shop, "yes", OTEL_INT("n", ++evaluated));
    OTEL_LOG_FATAL(&shop, "yes");
    otel_logger_log(&shop, NULL, OTEL_SEVERITY_INFO4, otel_string("no"), NULL, 0); /* nobody has to ask */
    otel_logger_log(&shop, NULL, OTEL_SEVERITY_UNSPECIFIED, otel_string("yes"), NULL, 0);
    assert_int_equal(evaluated, 1);
    assert_int_equal(arrived(&b), 3);
    for (size_t i = 0; i < 3; i++) assert_true(body_is(&b, i, "yes"));
    otel_processor_books books = books_of(b.processor);
    assert_int_equal(books.taken, 4);
    assert_int_equal(books.passed, 3);
    assert_int_equal(books.dropped_unwanted, 1);
    bench_stop(&b);
}

static void both_bounds(void **unused)
{
    (void)unused;
    bench b = bench_of(otel_filter_log_processor_new(
        &(otel_filter_options){.min_severity = OTEL_SEVERITY_DEBUG, .max_severity = OTEL_SEVERITY_INFO4}));
    for (otel_severity s = 0; s <= 24; s++) otel_logger_log(&shop, NULL, s, otel_string("x"), NULL, 0);
    assert_int_equal(arrived(&b), 9); /* 5 to 12, and the one without */
    assert_false(otel_logger_enabled(&shop, OTEL_SEVERITY_WARN));
    assert_true(otel_logger_enabled(&shop, OTEL_SEVERITY_INFO4));
    bench_stop(&b);
}

static void scopes_are_kept_and_dropped(void **unused)
{
    (void)unused;
    const char *const scopes[] = {"shop.*", "lib.*"}, *const dropped[] = {"lib.noise"};
    static otel_logger other = OTEL_LOGGER_INIT("lib.other", NULL), nameless = OTEL_LOGGER_INIT(NULL, NULL);
    bench b = bench_of(otel_filter_log_processor_new(&(otel_filter_options){
        .scopes = scopes, .scope_count = 2, .dropped_scopes = dropped, .dropped_scope_count = 1}));
    OTEL_LOG_INFO(&shop, "shop");
    OTEL_LOG_INFO(&lib, "noise");
    OTEL_LOG_INFO(&other, "other");
    OTEL_LOG_INFO(&nameless, "nameless");
    assert_false(otel_logger_enabled(&lib, OTEL_SEVERITY_FATAL));
    assert_true(otel_logger_enabled(&other, OTEL_SEVERITY_TRACE));
    assert_int_equal(arrived(&b), 2);
    assert_true(body_is(&b, 0, "shop") && body_is(&b, 1, "other"));
    bench_stop(&b);
}

static void without_options_it_is_not_there(void **unused)
{
    (void)unused;
    bench b = bench_of(otel_filter_log_processor_new(NULL));
    OTEL_LOG_TRACE(&shop, "x");
    assert_int_equal(arrived(&b), 1);
    bench_stop(&b);
}

static void nonsense_is_refused_in_words(void **unused)
{
    (void)unused;
    const char *const bad[] = {"a*b"};
    said_begin();
    assert_null(otel_filter_log_processor_new(&(otel_filter_options){.min_severity = 25}));
    assert_null(otel_filter_log_processor_new(&(otel_filter_options){.max_severity = -1}));
    assert_null(otel_filter_log_processor_new(&(otel_filter_options){.min_severity = 17, .max_severity = 9}));
    assert_true(said("there is no severity between 17 and 9"));
    assert_null(otel_filter_log_processor_new(&(otel_filter_options){.scopes = bad, .scope_count = 1}));
    assert_null(otel_filter_log_processor_new(&(otel_filter_options){.dropped_scope_count = 1}));
    assert_true(said("filter: a list of 1 patterns is missing"));
    said_end();
}

/* A program that was built against a shorter struct, and one against a longer. */
static void options_of_other_versions(void **unused)
{
    (void)unused;
    struct {
        otel_filter_options known;
        uint64_t unknown;
    } newer = {.known = {.min_severity = OTEL_SEVERITY_WARN}, .unknown = 1};
    otel_filter_options older = {.min_severity = OTEL_SEVERITY_WARN, .scope_count = 99};
    otel_log_processor *p = otel_filter_log_processor_new_sized(&older, sizeof older.min_severity);
    assert_non_null(p);
    otel_log_processor_destroy(p);
    p = otel_filter_log_processor_new_sized(&newer.known, sizeof newer);
    assert_non_null(p);
    otel_log_processor_destroy(p);
}

static void a_constructor_without_memory_answers_null(void **unused)
{
    (void)unused;
    const char *const scopes[] = {"a", "b"};
    otel_filter_options o = {.scopes = scopes, .scope_count = 2};
    uint32_t n = 0;
    for (bool done = false; !done; n++) {
        memory_fails_at(n);
        otel_log_processor *p = otel_filter_log_processor_new(&o);
        assert_true(memory_failed() == (p == NULL));
        done = p != NULL;
        otel_log_processor_destroy(p);
        memory_is_back();
    }
    assert_int_equal(n, 5); /* itself, the list, two names; and then it worked */
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(below_the_minimum_no_argument_is_evaluated),
                                       cmocka_unit_test(both_bounds),
                                       cmocka_unit_test(scopes_are_kept_and_dropped),
                                       cmocka_unit_test(without_options_it_is_not_there),
                                       cmocka_unit_test(nonsense_is_refused_in_words),
                                       cmocka_unit_test(options_of_other_versions),
                                       cmocka_unit_test(a_constructor_without_memory_answers_null)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
