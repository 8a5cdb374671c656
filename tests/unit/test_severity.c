/* Names of severities, both ways. */
#include <otel/severity.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void every_name_is_read_back(void **unused)
{
    (void)unused;
    static const char *const bases[] = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};
    for (otel_severity s = 1; s <= 24; s++) {
        otel_severity read = -1;
        const char *name = otel_severity_name(s), *base = bases[(s - 1) / 4];
        assert_memory_equal(name, base, strlen(base));
        if ((s - 1) % 4)
            assert_int_equal(name[strlen(base)], '1' + (s - 1) % 4);
        else
            assert_int_equal(name[strlen(base)], '\0');
        assert_true(otel_severity_parse(name, strlen(name), &read));
        assert_int_equal(read, s);
    }
}

static void what_has_no_name_is_empty(void **unused)
{
    (void)unused;
    static const otel_severity bad[] = {0, -1, 25, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_string_equal(otel_severity_name(bad[i]), "");
}

static void names_are_read_in_any_case_and_numbers_too(void **unused)
{
    (void)unused;
    otel_severity s;
    assert_true(otel_severity_parse("warn", 4, &s) && s == OTEL_SEVERITY_WARN);
    assert_true(otel_severity_parse("Error3", 6, &s) && s == OTEL_SEVERITY_ERROR3);
    assert_true(otel_severity_parse("0", 1, &s) && s == 0);
    assert_true(otel_severity_parse("24", 2, &s) && s == 24);
    assert_true(otel_severity_parse("info,debug", 4, &s) && s == OTEL_SEVERITY_INFO);
}

static void anything_else_leaves_the_severity_alone(void **unused)
{
    (void)unused;
    static const char *const bad[] = {"",   " ",  "WARNING", "INFO5", "INFO1", "25",
                                      "-1", "+1", "007",     "1x",    "INF",   "TRACE22"};
    otel_severity s = 7;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(otel_severity_parse(bad[i], strlen(bad[i]), &s));
    assert_false(otel_severity_parse("INFO", 5, &s)); /* the NUL is none of its characters */
    assert_false(otel_severity_parse("info", 3, &s));
    assert_false(otel_severity_parse(NULL, 4, &s));
    assert_false(otel_severity_parse("INFO", 4, NULL));
    assert_int_equal(s, 7);
}

static void unspecified_ranks_above_all(void **unused)
{
    (void)unused;
    assert_true(OTEL_SEVERITY_RANK(OTEL_SEVERITY_UNSPECIFIED) > OTEL_SEVERITY_RANK(OTEL_SEVERITY_FATAL4));
    assert_true(OTEL_SEVERITY_RANK(OTEL_SEVERITY_UNSPECIFIED) < OTEL_GATE_CLOSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_is_read_back), cmocka_unit_test(what_has_no_name_is_empty),
        cmocka_unit_test(names_are_read_in_any_case_and_numbers_too),
        cmocka_unit_test(anything_else_leaves_the_severity_alone), cmocka_unit_test(unspecified_ranks_above_all)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
