/* Times and durations of the Application Insights service, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collector_desk/desk.c"
#include "collector_desk/rows/row_time.c"
#include "collector_desk/track/track_time.c"

static const char *again(const char *text)
{
    static char room[32];
    uint64_t time;
    if (!desk_track_time((desk_text){text, strlen(text)}, &time)) return "none";
    desk_text written = desk_timestamp(time, room);
    room[written.size] = '\0';
    return room;
}

static void times(void **state)
{
    (void)state;
    assert_string_equal(again("2026-01-02T03:04:05.6789012Z"), "2026-01-02T03:04:05.6789012Z");
    assert_string_equal(again("2026-01-02T03:04:05Z"), "2026-01-02T03:04:05.0000000Z");
    assert_string_equal(again("2026-01-02T03:04:05.678901299Z"), "2026-01-02T03:04:05.6789012Z");
    assert_string_equal(again("2026-01-02 03:04:05"), "2026-01-02T03:04:05.0000000Z");
    assert_string_equal(again("2026-01-02T00:30:00+01:00"), "2026-01-01T23:30:00.0000000Z");
    assert_string_equal(again("2026-01-02T00:30:00-0130"), "2026-01-02T02:00:00.0000000Z");
    assert_string_equal(again("2024-02-29T23:59:59.9Z"), "2024-02-29T23:59:59.9000000Z");
    assert_string_equal(again("2000-02-29T00:00:00Z"), "2000-02-29T00:00:00.0000000Z");
    assert_string_equal(again("1970-01-01T00:00:00Z"), "1970-01-01T00:00:00.0000000Z");
    assert_string_equal(again("2553-12-31T23:59:59.9999999Z"), "2553-12-31T23:59:59.9999999Z");
}

static void no_times(void **state)
{
    static const char *const none[] = {
        "",
        "now",
        "2026-01-02",
        "2026-01-02T03:04Z",
        "2026-13-02T03:04:05Z",
        "2026-00-02T03:04:05Z",
        "2026-02-29T03:04:05Z",
        "2100-02-29T03:04:05Z",
        "2026-01-32T03:04:05Z",
        "2026-01-00T03:04:05Z",
        "2026-01-02T24:04:05Z",
        "2026-01-02T03:60:05Z",
        "2026-01-02T03:04:60Z",
        "2026-01-02T03:04:05.Z",
        "2026-01-02T03:04:05Zx",
        "2026-01-02T03:04:05+15:00",
        "2026-01-02T03:04:05+1",
        "26-01-02T03:04:05Z",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+01:00",
        "2554-01-01T00:00:00Z",
    };
    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) assert_string_equal(again(none[i]), "none");
}

static void expect_duration(const char *text, double expected)
{
    double milliseconds = -1;
    bool is_one = desk_track_duration((desk_text){text, strlen(text)}, &milliseconds);
    assert_int_equal(is_one, expected >= 0);
    if (is_one) assert_true(milliseconds >= expected - 1e-6 && milliseconds <= expected + 1e-6);
}

static void durations(void **state)
{
    static const char *const none[] = {"",         "1",         "00:00",         "00:00:00.",
                                       "0:00:01",  "-00:00:01", "1000.00:00:00", "1.2.00:00:00",
                                       "24:00:00", "00:60:00",  "00:00:01x",     ".00:00:01"};
    (void)state;
    expect_duration("00:00:00", 0);
    expect_duration("00:00:01.500", 1500);
    expect_duration("00:00:00.1234567", 123.4567);
    expect_duration("0.00:00:00.004", 4);
    expect_duration("1.02:03:04", 93784000);
    expect_duration("999.23:59:59.9999999", 86399999999.9999);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) expect_duration(none[i], -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(times), cmocka_unit_test(no_times),
                                       cmocka_unit_test(durations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
