/* Numbers among values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_monitor/src/mapping/number.h"
#include <math.h>

static void numbers_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double number;
    } good[] = {{"25", 25}, {"12.5", 12.5}, {"-3e2", -300}, {"0.1", 0.1}};
    static const char *const bad[] = {"",    "x",   "1x",    " 1",   "1 ",    "0x10", "NaN",
                                      "inf", "1,5", "1e999", "true", "\"1\"", "[1]"};
    double number;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        otel_value value = otel_string(good[i].text);
        assert_true(otel__azure_number(&value, &number) && number == good[i].number);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        otel_value value = otel_string(bad[i]);
        assert_false(otel__azure_number(&value, &number));
    }
    otel_value values[] = {otel_int(7), otel_double(7)}, none[] = {otel_double(NAN), otel_bool(true), otel_empty()};
    for (int i = 0; i < 2; i++) assert_true(otel__azure_number(&values[i], &number) && number == 7);
    for (int i = 0; i < 3; i++) assert_false(otel__azure_number(&none[i], &number));
}

static void numbers_are_written_exactly(void **state)
{
    (void)state;
    otel__azure_memory memory = {0};
    otel_value largest = otel_int(INT64_MAX), least = otel_int(INT64_MIN), tenth = otel_double(0.1),
               none = otel_double(INFINITY), text = otel_string("1");
    assert_string_equal(otel__azure_number_json(&memory, &largest), "9223372036854775807");
    assert_string_equal(otel__azure_number_json(&memory, &least), "-9223372036854775808");
    assert_string_equal(otel__azure_number_json(&memory, &tenth), "0.1");
    assert_null(otel__azure_number_json(&memory, &none));
    assert_null(otel__azure_number_json(&memory, &text));
    otel__azure_memory_release(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers_are_read),
                                       cmocka_unit_test(numbers_are_written_exactly)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
