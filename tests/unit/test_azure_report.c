/* Tests of exporters/azure_monitor/src/delivery/report.c: what is said, and what never is. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "azure_monitor/src/delivery/report.h"
#include "said.h"

#define KEY "11111111-2222-3333-4444-5555deadbeef"
#define STARS "************************************"
#define MINUTE (60 * INT64_C(1000000000))

static char key[] = KEY;
static otel__azure_settings settings = {.connection.instrumentation_key = key};
static otel__azure_report report;

static int begin(void **state)
{
    (void)state;
    report = (otel__azure_report){.settings = &settings};
    said_clear();
    return 0;
}

static const char *words(const char *text)
{
    otel__azure_report_words(&report, "https://host/v2.1/track", text);
    return report.service.text;
}

static void the_key_is_hidden(void **state)
{
    (void)state;
    assert_string_equal(words("key " KEY " and " KEY), "key " STARS " and " STARS);
    assert_string_equal(words("11111111-2222-3333-4444-5555DEADBEEF"), STARS);
    assert_string_equal(words("cut: 11111111-22"), "cut: ***********");
    assert_string_equal(words("111"), "111"); /* everywhere, and no secret */
    assert_string_equal(words("1111-0000 11112222"), "1111-0000 11112222");
    assert_string_equal(words("two\nlines\t\x01"), "two lines  ");
    assert_string_equal(words(""), "");
}

static const char *failed(uint32_t status, int64_t wait_ns, const char *text)
{
    otel__azure_report_failed(&report, status, wait_ns, text);
    return report.why.text;
}

static void why_nothing_is_sent(void **state)
{
    (void)state;
    assert_string_equal(failed(503, 0, NULL), "HTTP 503");
    assert_string_equal(failed(429, MINUTE - 1, NULL), "HTTP 429: too many requests");
    assert_string_equal(failed(429, 90 * MINUTE, NULL), "HTTP 429, nothing is sent for 90 minutes: too many requests");
    assert_string_equal(failed(0, 0, "out of memory"), "out of memory");
    words("go away");
    assert_string_equal(failed(402, 0, NULL), "HTTP 402: go away");
    assert_string_equal(failed(402, 0, "other words"), "HTTP 402: other words");
    assert_string_equal(failed(0, 0, ""), "");
    char long_words[400];
    memset(long_words, 'x', sizeof long_words);
    long_words[sizeof long_words - 1] = '\0';
    assert_int_equal(strlen(failed(439, 2880 * MINUTE, long_words)), sizeof report.why.text - 1);
}

static void answers_are_read(void **state)
{
    otel_http_response response = {.size = sizeof response, .status = 500, .error = "broken", .body = {"try later", 9}};
    (void)state;
    otel__azure_report_read(&report, "https://h/", &response);
    assert_string_equal(report.service.text, "try later");
    response.status = 200; /* all is well: nothing to say */
    otel__azure_report_read(&report, "https://h/", &response);
    assert_string_equal(report.service.text, "");
    response = (otel_http_response){.size = sizeof response, .fault = OTEL_HTTP_FAULT_TIMEOUT, .error = "no answer"};
    otel__azure_report_read(&report, "https://h/", &response);
    assert_string_equal(report.service.text, "no answer");
}

static void a_row_of_refusals_is_two_lines(void **state)
{
    (void)state;
    words("bad day");
    otel__azure_report_refused(&report, 1, 400);
    said_expect("refused 1 record: HTTP 400: bad day\n");
    said_clear();
    otel__azure_report_refused(&report, 7, 404);
    assert_string_equal(said(), "");
    otel__azure_report_accepted(&report);
    said_expect("refused: 8\n");
    said_clear();
    otel__azure_report_accepted(&report);
    assert_string_equal(said(), "");
    otel__azure_report_refused(&report, 2, 404);
    said_expect("refused 2 records: HTTP 404: the resource is not there");
}

static void what_is_odd_is_said_once(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) otel__azure_report_unreadable(&report);
    for (int i = 0; i < 3; i++) otel__azure_report_unclear(&report, 4);
    size_t lines = 0;
    for (const char *at = said(); *at; at++) lines += *at == '\n';
    assert_int_equal(lines, 2);
    said_expect("part of 4 records");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_key_is_hidden, begin),
        cmocka_unit_test_setup(why_nothing_is_sent, begin),
        cmocka_unit_test_setup(answers_are_read, begin),
        cmocka_unit_test_setup(a_row_of_refusals_is_two_lines, begin),
        cmocka_unit_test_setup(what_is_odd_is_said_once, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
