/* Priorities of syslog before a line, and what severity they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "otel-log/priority.h"

static otel__priority priority;

/* Without a byte to spare, so that a sanitizer sees every look beyond it. */
static bool read_prefix(const char *line)
{
    size_t size = strlen(line);
    char *exact = malloc(size ? size : 1);
    assert_non_null(exact);
    memcpy(exact, line, size);
    bool found = otel__priority_read(exact, size, &priority);
    free(exact);
    return found;
}

static void test_levels(void **state)
{
    (void)state;
    static const int severities[] = {21, 19, 18, 17, 13, 10, 9, 5};
    static const char *const names[] = {"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"};
    for (unsigned level = 0; level < 8; level++) {
        char line[] = {'<', (char)('0' + level), '>', 'x', '\0'};
        assert_int_equal(otel__syslog_level(level)->severity, severities[level]);
        assert_string_equal(otel__syslog_level(level)->name, names[level]);
        assert_true(read_prefix(line));
        assert_int_equal(priority.level->severity, severities[level]);
        assert_int_equal(priority.facility, 0);
        assert_int_equal(priority.size, 3);
    }
}

static void test_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        otel_severity severity;
    } known[] = {
        {"warning", OTEL_SEVERITY_WARN}, {"WARNING", OTEL_SEVERITY_WARN},     {"Err", OTEL_SEVERITY_ERROR},
        {"notice", OTEL_SEVERITY_INFO2}, {"Critical", OTEL_SEVERITY_FATAL},   {"panic", OTEL_SEVERITY_FATAL},
        {"crit", OTEL_SEVERITY_ERROR2},  {"Information", OTEL_SEVERITY_INFO}, {"Verbose", OTEL_SEVERITY_TRACE}};
    otel_severity severity;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        assert_true(otel__level_parse(known[i].name, strlen(known[i].name), &severity));
        assert_int_equal(severity, known[i].severity);
    }
    assert_false(otel__level_parse("warnings", 8, &severity) || otel__level_parse("warnin", 6, &severity) ||
                 otel__level_parse("", 0, &severity));
}

static void test_facilities(void **state)
{
    (void)state;
    assert_true(read_prefix("<8>"));
    assert_int_equal(priority.facility, 1);
    assert_int_equal(priority.level->severity, OTEL_SEVERITY_FATAL);
    assert_true(read_prefix("<191>x"));
    assert_int_equal(priority.facility, 23);
    assert_int_equal(priority.level->severity, OTEL_SEVERITY_DEBUG);
    assert_int_equal(priority.size, 5);
    assert_true(read_prefix("<013>x"));
    assert_int_equal(priority.facility, 1);
}

static void test_what_is_no_prefix(void **state)
{
    (void)state;
    static const char *const lines[] = {"",    "<",    "<3",    "<>",   "<a>",    "<3 >",
                                        "3>x", " <3>", "<192>", "<-1>", "<0003>", "<999999999999>"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (read_prefix(lines[i])) fail_msg("a prefix: %s", lines[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_facilities),
        cmocka_unit_test(test_what_is_no_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
