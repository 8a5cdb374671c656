/* Points in time with seven digits, and durations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_monitor/src/mapping/time_text.h"
#include <math.h>

static void time_is(uint64_t unix_nano, const char *text)
{
    char out[OTEL__AZURE_TIME_BYTES];
    otel__azure_time_text(unix_nano, out);
    assert_string_equal(out, text);
}

static void times_are_truncated_to_seven_digits(void **state)
{
    (void)state;
    time_is(1767323045678901234, "2026-01-02T03:04:05.6789012Z");
    time_is(1767323045999999999, "2026-01-02T03:04:05.9999999Z");
    time_is(1767323045000000000, "2026-01-02T03:04:05.0000000Z");
    time_is(1, "1970-01-01T00:00:00.0000000Z");
    time_is(951782400000000000, "2000-02-29T00:00:00.0000000Z");
    time_is(951868799999999900, "2000-02-29T23:59:59.9999999Z");
    time_is(951868800000000000, "2000-03-01T00:00:00.0000000Z");
    time_is(1709164800000000000, "2024-02-29T00:00:00.0000000Z");
    time_is(1735689599999999999, "2024-12-31T23:59:59.9999999Z");
    time_is(4102444800000000000, "2100-01-01T00:00:00.0000000Z");
    time_is(4107542399000000000, "2100-02-28T23:59:59.0000000Z");
    time_is(4107542400000000000, "2100-03-01T00:00:00.0000000Z");
    time_is(UINT64_MAX, "2554-07-21T23:34:33.7095516Z");
}

static void duration_is(double milliseconds, const char *text)
{
    char out[OTEL__AZURE_DURATION_BYTES];
    otel__azure_duration_text(milliseconds, out);
    assert_string_equal(out, text);
}

static void durations_have_days_when_they_take_some(void **state)
{
    (void)state;
    duration_is(0, "00:00:00.0000000");
    duration_is(-5, "00:00:00.0000000");
    duration_is(NAN, "00:00:00.0000000");
    duration_is(1500, "00:00:01.5000000");
    duration_is(0.1234, "00:00:00.0001234");
    duration_is(86399999, "23:59:59.9990000");
    duration_is(86400000, "1.00:00:00.0000000");
    duration_is(93784005.5, "1.02:03:04.0055000");
    duration_is(1e15, "999.23:59:59.9999999");
    duration_is(INFINITY, "999.23:59:59.9999999");
}

static void durations_are_recognised(void **state)
{
    (void)state;
    static const char *const good[] = {"00:00:01.500", "00:00:00", "1.02:03:04.1234567", "999.23:59:59.9999999",
                                       "0.00:00:01"};
    static const char *const bad[] = {"",          "1",         "1500",      "0:00:01",           "24:00:00",
                                      "00:60:00",  "00:00:60",  "00:00:01.", "00:00:01.12345678", "1000.00:00:00",
                                      "x00:00:01", "00:00:01x", "-00:00:01", "00-00-01",          ".00:00:01",
                                      "00:00"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) assert_true(otel__azure_is_duration(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(otel__azure_is_duration(bad[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_truncated_to_seven_digits),
        cmocka_unit_test(durations_have_days_when_they_take_some),
        cmocka_unit_test(durations_are_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
