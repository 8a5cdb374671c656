/* Levels of the application: patterns, the last match, what the gate has to know, and records of loggers below them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "common/levels.h"
#include <otel/sdk/sdk.h>

static void the_last_match_counts(void **unused)
{
    (void)unused;
    otel__levels l;
    otel__levels_read(&l, "*=info, shop.* = debug ,shop.noisy=ERROR,lib=off");
    assert_int_equal(l.count, 4);
    assert_int_equal(otel__levels_for(&l, "other"), OTEL_SEVERITY_INFO);
    assert_int_equal(otel__levels_for(&l, "shop.cart"), OTEL_SEVERITY_DEBUG);
    assert_int_equal(otel__levels_for(&l, "shop.noisy"), OTEL_SEVERITY_ERROR);
    assert_int_equal(otel__levels_for(&l, "shop"), OTEL_SEVERITY_INFO);
    assert_int_equal(otel__levels_for(&l, "lib"), OTEL_SEVERITY_RANK(0));
    assert_int_equal(l.lowest, OTEL_SEVERITY_DEBUG);
    assert_true(l.differ);
}

static void nothing_said_is_everything(void **unused)
{
    (void)unused;
    otel__levels l;
    otel__levels_read(&l, NULL);
    assert_int_equal(l.lowest, OTEL_SEVERITY_TRACE);
    assert_false(l.differ);
    assert_int_equal(otel__levels_for(&l, "any"), OTEL_SEVERITY_TRACE);
    assert_int_equal(otel__levels_for(NULL, "any"), OTEL_SEVERITY_TRACE);
}

static void one_rule_for_all_does_not_differ(void **unused)
{
    (void)unused;
    otel__levels l;
    otel__levels_read(&l, "*=13");
    assert_int_equal(l.lowest, OTEL_SEVERITY_WARN);
    assert_false(l.differ);
}

static int said;
static void count(otel_severity severity, const char *text, void *user)
{
    (void)severity, (void)text, (void)user;
    said++;
}

static void what_is_wrong_is_said_and_left_out(void **unused)
{
    (void)unused;
    otel__levels l;
    said = 0;
    otel_diag_set_handler(count, NULL);
    otel__levels_read(&l, "a=info,b,=warn,c=loud,d*e=info,,f=25");
    otel_diag_set_handler(NULL, NULL);
    assert_int_equal(l.count, 1);
    assert_int_equal(said, 5);
}

static otel_logger quiet = OTEL_LOGGER_INIT("lib.quiet", "1"), loud = OTEL_LOGGER_INIT("shop", "1");

static void loggers_obey(void **unused)
{
    (void)unused;
    otel_log_exporter *memory = otel_memory_exporter_new();
    otel_log_processor *list[] = {otel_simple_log_processor_new(memory)};
    otel_provider *p = otel_provider_new(&(otel_options){.log_processors = list,
                                                         .log_processor_count = 1,
                                                         .log_levels = "*=info,lib.*=error",
                                                         .environment = OTEL_ENV_IGNORED});
    assert_non_null(p);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    int evaluated = 0;
    OTEL_LOG_DEBUG(&loud, "no", OTEL_INT("n", evaluated++));
    OTEL_LOG_INFO(&loud, "yes");
    OTEL_LOG_WARN(&quiet, "no", OTEL_INT("n", evaluated++));
    OTEL_LOG_ERROR(&quiet, "yes");
    OTEL_LOG(&quiet, OTEL_SEVERITY_UNSPECIFIED, "yes: without a severity");
    assert_int_equal(evaluated, 0);
    assert_false(otel_logger_enabled(&quiet, OTEL_SEVERITY_WARN));
    assert_true(otel_logger_enabled(&loud, OTEL_SEVERITY_INFO));
    assert_int_equal(otel_memory_exporter_count(memory), 3);
    otel_log_record direct = {.size = sizeof direct, .severity = OTEL_SEVERITY_WARN};
    otel_logger_emit(&quiet, &direct); /* the full call does not ask the gate: counted */
    otel_books books;
    assert_true(otel_provider_books(p, &books));
    assert_int_equal(books.filtered, 1);
    assert_int_equal(books.delivered, 3);
    assert_int_equal(otel_provider_set_global(NULL), OTEL_OK);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_match_counts),
        cmocka_unit_test(nothing_said_is_everything),
        cmocka_unit_test(one_rule_for_all_does_not_differ),
        cmocka_unit_test(what_is_wrong_is_said_and_left_out),
        cmocka_unit_test(loggers_obey),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
