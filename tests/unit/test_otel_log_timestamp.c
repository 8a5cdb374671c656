/* Points in time as otel-log reads them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "otel-log/timestamp.h"

static void is(const char *text, uint64_t expected)
{
    uint64_t nano = 42;
    if (!otel__timestamp_read(text, strlen(text), &nano)) fail_msg("refused: %s", text);
    if (nano != expected) fail_msg("%s: %llu", text, (unsigned long long)nano);
}

static void is_none(const char *text)
{
    uint64_t nano = 42;
    if (otel__timestamp_read(text, strlen(text), &nano)) fail_msg("accepted: %s", text);
    assert_true(nano == 42);
}

static void test_nanoseconds(void **state)
{
    (void)state;
    is("0", 0);
    is("1764018351123456789", 1764018351123456789u);
    is("18446744073709551615", UINT64_MAX);
    is_none("18446744073709551616");
    is_none("");
    is_none("-1");
    is_none(" 1");
    is_none("1.5");
    assert_false(otel__timestamp_read(NULL, 0, NULL));
}

static void test_rfc3339(void **state)
{
    (void)state;
    is("1970-01-01T00:00:00Z", 0);
    is("2025-11-24T21:05:51.123456789Z", 1764018351123456789u);
    is("2025-11-24t21:05:51.1z", 1764018351100000000u);
    is("2025-11-24 21:05:51.000000001Z", 1764018351000000001u);
    is("2025-11-24T21:05:51.1234567899999Z", 1764018351123456789u);
    is("2025-11-24T22:05:51+01:00", 1764018351000000000u);
    is("2025-11-24T15:35:51-05:30", 1764018351000000000u);
    is("2016-12-31T23:59:60Z", 1483228800000000000u);
    is("2554-07-21T23:34:33.709551615Z", UINT64_MAX);
    is("1969-12-31T23:00:00-01:00", 0);
}

static void test_what_is_no_rfc3339(void **state)
{
    (void)state;
    static const char *const wrong[] = {"2025-11-24T21:05:51",
                                        "2025-11-24",
                                        "2025-11-24T21:05Z",
                                        "2025-13-01T00:00:00Z",
                                        "2025-00-01T00:00:00Z",
                                        "2025-02-29T00:00:00Z",
                                        "2100-02-29T00:00:00Z",
                                        "2025-04-31T00:00:00Z",
                                        "2025-11-24T24:00:00Z",
                                        "2025-11-24T21:60:00Z",
                                        "2025-11-24T21:05:61Z",
                                        "2025-11-24T21:05:51.Z",
                                        "2025-11-24T21:05:51,5Z",
                                        "2025-11-24T21:05:51+0100",
                                        "2025-11-24T21:05:51+24:00",
                                        "2025-11-24T21:05:51Zx",
                                        "2025-11-24T21:05:51Z ",
                                        "25-11-24T21:05:51Z",
                                        "2025-1-24T21:05:51Z",
                                        "1969-12-31T23:59:59Z",
                                        "2554-07-21T23:34:33.709551616Z",
                                        "9999-12-31T23:59:59Z",
                                        "yesterday"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) is_none(wrong[i]);
    is("2000-02-29T00:00:00Z", 951782400000000000u);
    is("2024-02-29T00:00:00Z", 1709164800000000000u);
}

/* Every day that fits, against the C library. */
static void test_against_gmtime(void **state)
{
    (void)state;
    for (int64_t day = 0; day < 213503; day++) {
        time_t seconds = (time_t)(day * 86400 + day % 86400);
        struct tm parts;
        char text[40];
        gmtime_r(&seconds, &parts);
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
        is(text, (uint64_t)seconds * 1000000000u);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nanoseconds),
        cmocka_unit_test(test_rfc3339),
        cmocka_unit_test(test_what_is_no_rfc3339),
        cmocka_unit_test(test_against_gmtime),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
