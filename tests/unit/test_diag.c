/* What the SDK says about itself: level, rate limit, length, handler. */
#include "common/diag.h"
#include "sdk_fixture.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char last[2000];

static void keep(otel_severity severity, const char *text, void *user)
{
    (void)severity;
    strncpy(last, text, sizeof last - 1);
    errno = 99;
    ++*(int *)user;
}

static void a_line_names_severity_and_source(void **unused)
{
    (void)unused;
    int lines = 0;
    otel_diag_set_handler(keep, &lines);
    errno = 5;
    otel_diag(OTEL_SEVERITY_WARN, "t-line", "%d and %s", 7, "seven");
    assert_int_equal(errno, 5);
    assert_int_equal(lines, 1);
    assert_string_equal(last, "otel: WARN: t-line: 7 and seven");
    otel_diag(OTEL_SEVERITY_WARN, "t-line", "a\nb\x1b[31m\x7f");
    assert_string_equal(last, "otel: WARN: t-line: a b [31m "); /* nobody forges a line or colours a terminal */
    otel_diag(OTEL_SEVERITY_WARN, NULL, "x");
    otel_diag(OTEL_SEVERITY_WARN, "t-line", NULL);
    assert_int_equal(lines, 2);
}

static void a_line_is_cut_at_a_kibibyte(void **unused)
{
    (void)unused;
    int lines = 0;
    char text[5000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    otel_diag_set_handler(keep, &lines);
    otel_diag(OTEL_SEVERITY_ERROR, "t-long", "%s", text);
    assert_int_equal(strlen(last), 1024);
}

static void more_than_ten_in_ten_seconds_are_left_out(void **unused)
{
    (void)unused;
    int lines = 0;
    otel_diag_set_handler(keep, &lines);
    for (int i = 0; i < 50; i++) otel_diag(OTEL_SEVERITY_ERROR, "t-flood", "line %d", i);
    assert_int_equal(lines, 10);
    otel_diag(OTEL_SEVERITY_ERROR, "t-other", "not my flood");
    assert_int_equal(lines, 11);
}

static void the_level_is_the_operators(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        int debug, info, error;
    } cases[] = {{"", 0, 1, 1},     {"debug", 1, 1, 1}, {"DEBUG", 1, 1, 1}, {"error", 0, 0, 1},
                 {"none", 0, 0, 0}, {"off", 0, 0, 0},   {"bogus", 0, 1, 1}, {"INFO2", 0, 0, 1}};
    static char sources[8][8] = {"l0", "l1", "l2", "l3", "l4", "l5", "l6", "l7"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int debug = 0, info = 0, error = 0;
        int said = 0; /* a level that is none is said itself */
        otel_diag_set_handler(keep, &said);
        setenv("OTEL_LOG_LEVEL", cases[i].text, 1);
        otel__diag_read_level();
        assert_int_equal(said, strcmp(cases[i].text, "bogus") == 0);
        otel_diag_set_handler(keep, &debug);
        otel_diag(OTEL_SEVERITY_DEBUG, sources[i], "x");
        otel_diag_set_handler(keep, &info);
        otel_diag(OTEL_SEVERITY_INFO, sources[i], "x");
        otel_diag_set_handler(keep, &error);
        otel_diag(OTEL_SEVERITY_ERROR, sources[i], "x");
        assert_int_equal(debug, cases[i].debug);
        assert_int_equal(info, cases[i].info);
        assert_int_equal(error, cases[i].error);
    }
    unsetenv("OTEL_LOG_LEVEL");
    otel__diag_read_level();
}

static otel_logger logger = OTEL_LOGGER_INIT("test", NULL);

static void log_from_inside(otel_severity severity, const char *text, void *user)
{
    (void)severity;
    (void)text;
    OTEL_LOG_ERROR(&logger, "from the handler");
    ++*(int *)user;
}

static void what_the_handler_logs_is_suppressed(void **unused)
{
    (void)unused;
    int lines = 0;
    otel_log_exporter *memory;
    otel_log_processor *list[] = {remembering(&memory)};
    otel_provider *p = provider_of(list, 1);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    otel_diag_set_handler(log_from_inside, &lines);
    otel_diag(OTEL_SEVERITY_ERROR, "t-inside", "x");
    otel_diag_set_handler(NULL, NULL);
    otel_books books;
    assert_true(otel_provider_books(p, &books));
    assert_int_equal(lines, 1);
    assert_int_equal(books.suppressed, 1);
    assert_int_equal(books.accepted, 1);
    assert_int_equal(otel_memory_exporter_count(memory), 0);
    OTEL_LOG_ERROR(&logger, "from outside"); /* it ended with the handler */
    assert_int_equal(otel_memory_exporter_count(memory), 1);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static void the_program_may_choose_the_level(void **unused)
{
    (void)unused;
    int lines = 0;
    otel_diag_set_handler(keep, &lines);
    otel_diag_set_level(OTEL_SEVERITY_ERROR);
    otel_diag(OTEL_SEVERITY_WARN, "t-chosen", "x");
    assert_int_equal(lines, 0);
    otel_diag_set_level(OTEL_SEVERITY_DEBUG);
    otel_diag(OTEL_SEVERITY_DEBUG, "t-chosen", "x");
    assert_int_equal(lines, 1);
    otel_diag_set_level(OTEL_SEVERITY_FATAL4 + 1);
    otel_diag(OTEL_SEVERITY_FATAL4, "t-chosen", "x");
    assert_int_equal(lines, 1);
    otel_diag_set_level(0);
    otel_diag(OTEL_SEVERITY_INFO, "t-chosen", "x");
    assert_int_equal(lines, 2);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_line_names_severity_and_source),
                                       cmocka_unit_test(a_line_is_cut_at_a_kibibyte),
                                       cmocka_unit_test(more_than_ten_in_ten_seconds_are_left_out),
                                       cmocka_unit_test(the_level_is_the_operators),
                                       cmocka_unit_test(what_the_handler_logs_is_suppressed),
                                       cmocka_unit_test(the_program_may_choose_the_level)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
