/* Tests of exporters/http/src/retry_after.c. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <otel/exporters/http.h>
#include <stdlib.h>
#include <string.h>

enum { NOW = 784111777, MOST = 300000 }; /* Sun, 06 Nov 1994 08:49:37 GMT */

static uint32_t wait_of(const char *text)
{
    return otel_http_retry_after_ms(text, strlen(text), NOW, MOST);
}

static void seconds_are_read(void **state)
{
    (void)state;
    assert_int_equal(wait_of("1"), 1000);
    assert_int_equal(wait_of(" \t120 "), 120000);
    assert_int_equal(wait_of("007"), 7000);
    assert_int_equal(wait_of("0"), 0);
}

static void long_waits_are_clamped(void **state)
{
    (void)state;
    assert_int_equal(wait_of("300"), MOST);
    assert_int_equal(wait_of("301"), MOST);
    assert_int_equal(wait_of("4294967296"), MOST);
    assert_int_equal(wait_of("99999999999999999999999999999999999999"), MOST);
    assert_int_equal(wait_of("Fri, 31 Dec 9999 23:59:59 GMT"), MOST);
    assert_int_equal(otel_http_retry_after_ms("5", 1, NOW, 1500), 1500);
    assert_int_equal(otel_http_retry_after_ms("4294968", 7, NOW, UINT32_MAX), UINT32_MAX);
}

static void dates_are_compared_with_now(void **state)
{
    (void)state;
    assert_int_equal(wait_of("Sun, 06 Nov 1994 08:49:40 GMT"), 3000);
    assert_int_equal(wait_of("Sunday, 06-Nov-94 08:49:41 GMT"), 4000);
    assert_int_equal(wait_of("Sun Nov  6 08:49:42 1994"), 5000);
    assert_int_equal(otel_http_retry_after_ms("Thu Dec 14 10:00:10 2023", 24, 1702548000, MOST), 10000);
    assert_int_equal(otel_http_retry_after_ms("Thu, 29 Feb 2024 00:00:01 GMT", 29, 1709164800, MOST), 1000);
    assert_int_equal(otel_http_retry_after_ms("Wed, 01 Mar 2000 00:00:00 GMT", 29, 951868799, MOST), 1000);
    assert_int_equal(otel_http_retry_after_ms("Thursday, 01-Jan-70 00:00:09 GMT", 32, 0, MOST), 9000);
}

static void the_past_is_never_negative(void **state)
{
    (void)state;
    assert_int_equal(wait_of("Sun, 06 Nov 1994 08:49:37 GMT"), 0);
    assert_int_equal(wait_of("Sun, 06 Nov 1994 08:49:36 GMT"), 0);
    assert_int_equal(wait_of("Thu, 01 Jan 1970 00:00:00 GMT"), 0);
    assert_int_equal(wait_of("Saturday, 06-Nov-93 08:49:37 GMT"), 0);
}

static void what_is_not_understood_is_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        " ",
        "-1",
        "+5",
        "1.5",
        "5s",
        "1e3",
        "0x10",
        "1 2",
        "soon",
        "Sun",
        "Sun,",
        "Sun, 06 Nov 1994 08:49:40",
        "Sun, 06 Nov 1994 08:49:40 CET",
        "Sun, 06 Nov 1994 08:49:40 GMT+1",
        "Sun, 6 Nov 1994 08:49:40 GMT",
        "Sun, 31 Nov 2094 08:49:40 GMT",
        "Sun, 29 Feb 2095 08:49:40 GMT",
        "Sun, 00 Nov 2094 08:49:40 GMT",
        "Sun, 06 Foo 2094 08:49:40 GMT",
        "Sun, 06 Nov 2094 24:49:40 GMT",
        "Sun, 06 Nov 2094 08:60:40 GMT",
        "Sun, 06 Nov 2094 08:49:61 GMT",
        "Sun Nov  6 08:49:42 94",
        "Sun Nov 6 08:49:42 2094",
        "Sun Nov  6 08:49:42 2094 GMT",
        "2094-11-06T08:49:40Z",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) assert_int_equal(wait_of(texts[i]), 0);
    assert_int_equal(otel_http_retry_after_ms(NULL, 0, NOW, MOST), 0);
}

static void nothing_is_read_behind_the_text(void **state)
{
    (void)state;
    static const char text[] = "Sun, 06 Nov 1994 08:49:40 GMT";
    for (size_t n = 0; n < sizeof text - 1; n++) {
        char *exact = malloc(n ? n : 1); /* what is behind it belongs to the sanitizer */
        memcpy(exact, text, n);
        assert_int_equal(otel_http_retry_after_ms(exact, n, NOW, MOST), 0);
        free(exact);
    }
    assert_int_equal(otel_http_retry_after_ms("55", 1, NOW, MOST), 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seconds_are_read),
        cmocka_unit_test(long_waits_are_clamped),
        cmocka_unit_test(dates_are_compared_with_now),
        cmocka_unit_test(the_past_is_never_negative),
        cmocka_unit_test(what_is_not_understood_is_nothing),
        cmocka_unit_test(nothing_is_read_behind_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
