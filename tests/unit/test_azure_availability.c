/* Records of availability tests, whole and incomplete. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_fixture.h"
#include <otel/log.h>
#include <string.h>

#define A "microsoft.availability."

static void whole_ones(void **state)
{
    (void)state;
    ITEM("body", OTEL_STR(A "id", "run-7"), OTEL_STR(A "name", "ping"), OTEL_STR(A "duration", "00:00:01.5"),
         OTEL_STR(A "success", "TRUE"), OTEL_STR(A "runLocation", "West"), OTEL_STR(A "message", "ok"),
         OTEL_INT("n", 1));
    assert_int_equal(azure_kind(), OTEL_AZURE_MONITOR_AVAILABILITY);
    assert_true(azure_is("envelope:name", "Microsoft.ApplicationInsights.Availability"));
    assert_true(azure_is("id", "run-7") && azure_is("name", "ping") && azure_is("duration", "00:00:01.5"));
    assert_true(azure_is("runLocation", "West") && azure_is("message", "ok") && cJSON_IsTrue(azure_at("success")));
    assert_true(azure_is("property:message", "body") && azure_is("property:n", "1"));
    assert_true(azure_absent("property:" A "id") && azure_absent("property:" A "success") &&
                azure_absent("severityLevel"));
    ITEM("body", OTEL_INT(A "id", 7), OTEL_STR(A "name", "ping"), OTEL_INT(A "duration", 1500),
         OTEL_BOOL(A "success", false));
    assert_true(azure_is("id", "7") && azure_is("duration", "00:00:01.5000000") && cJSON_IsFalse(azure_at("success")));
    assert_true(azure_is("message", "body") && azure_absent("property:message") && azure_absent("runLocation"));
    ITEM("", OTEL_STR(A "id", "7"), OTEL_STR(A "name", "ping"), OTEL_DOUBLE(A "duration", 0.25),
         OTEL_STR(A "success", "yes"));
    assert_true(azure_is("duration", "00:00:00.0002500") && cJSON_IsFalse(azure_at("success")));
    assert_true(azure_is("property:" A "success", "yes") && azure_absent("message"));
}

static void incomplete_ones_are_messages(void **state)
{
    (void)state;
    ITEM("x", OTEL_STR(A "name", "ping"), OTEL_STR(A "duration", "00:00:01"), OTEL_BOOL(A "success", true));
    assert_int_equal(azure_kind(), OTEL_AZURE_MONITOR_MESSAGE);
    assert_true(azure_is("property:" A "name", "ping") && azure_is("property:" A "duration", "00:00:01"));
    assert_true(azure_is("property:" A "success", "true"));
    static const char *const durations[] = {"", "soon", "1:2:3", "25:00:00"};
    for (size_t i = 0; i < sizeof durations / sizeof *durations; i++) {
        ITEM("x", OTEL_STR(A "id", "7"), OTEL_STR(A "name", "p"), OTEL_STR(A "duration", durations[i]),
             OTEL_BOOL(A "success", true));
        assert_int_equal(azure_kind(), OTEL_AZURE_MONITOR_MESSAGE);
        assert_true(azure_is("property:" A "duration", durations[i]) && azure_is("property:" A "id", "7"));
    }
}

static void limits(void **state)
{
    (void)state;
    ITEM("", OTEL_STR(A "id", azure_repeat("i", 513)), OTEL_STR(A "name", azure_repeat("n", 1025)),
         OTEL_STR(A "duration", "00:00:01"), OTEL_BOOL(A "success", true));
    assert_true(azure_is("id", azure_repeat("i", 512)) && azure_is("name", azure_repeat("n", 1024)));
    ITEM("", OTEL_STR(A "id", "1"), OTEL_STR(A "name", "n"), OTEL_STR(A "duration", "00:00:01"),
         OTEL_BOOL(A "success", true), OTEL_STR(A "runLocation", azure_repeat("l", 1025)),
         OTEL_STR(A "message", azure_repeat("m", 8193)));
    assert_true(azure_is("runLocation", azure_repeat("l", 1024)) && azure_is("message", azure_repeat("m", 8192)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(whole_ones), TEST(incomplete_ones_are_messages), TEST(limits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
