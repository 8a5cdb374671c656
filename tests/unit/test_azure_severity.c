/* All 24 severities, and those that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_monitor/src/mapping/severity.h"
#include <string.h>

static void each_number_has_a_level_and_a_name(void **state)
{
    (void)state;
    static const int levels[] = {0, 0, 1, 2, 3, 4};
    static const char *const names[] = {"TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"};
    for (int n = 1; n <= 24; n++) {
        assert_int_equal(otel__azure_severity_level(n), levels[(n - 1) / 4]);
        assert_string_equal(otel__azure_severity_name(n), names[(n - 1) / 4]);
    }
    assert_int_equal(otel__azure_severity_level(0), -1);
    assert_int_equal(otel__azure_severity_level(-7), -1);
    assert_null(otel__azure_severity_name(0));
    assert_int_equal(otel__azure_severity_level(25), 4);
}

static bool says(otel_severity severity, const char *text)
{
    return otel__azure_severity_says(severity, (otel_str){text, text ? strlen(text) : 0});
}

static void a_text_says_the_same_or_something_else(void **state)
{
    (void)state;
    assert_true(says(9, "INFO") && says(9, "info") && says(12, "Info") && says(9, "") && says(9, NULL));
    assert_true(says(13, "WARN") && says(13, "Warning") && says(21, "FATAL") && says(21, "critical"));
    assert_false(says(9, "NOTICE") || says(18, "ERROR2") || says(21, "EMERG") || says(9, "ERROR") || says(9, "INF"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_number_has_a_level_and_a_name),
        cmocka_unit_test(a_text_says_the_same_or_something_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
