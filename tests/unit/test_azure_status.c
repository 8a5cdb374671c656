/* Tests of exporters/azure_monitor/src/delivery/status.c: what every status means, for a request and for an item. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "azure_monitor/src/delivery/status.h"
#include <string.h>

static otel__azure_action expected(uint32_t status)
{
    switch (status) {
    case 0:
    case 407:
    case 408:
    case 429:
        return OTEL__AZURE_LATER;
    case 206:
        return OTEL__AZURE_PARTIAL;
    case 307:
    case 308:
        return OTEL__AZURE_REDIRECT;
    case 400:
        return OTEL__AZURE_BAD;
    case 401:
    case 403:
        return OTEL__AZURE_SIGN;
    case 402:
    case 439:
        return OTEL__AZURE_QUOTA;
    case 413:
        return OTEL__AZURE_TOO_LARGE;
    case 501:
    case 505:
        return OTEL__AZURE_REJECT;
    default:
        return status / 100 == 2 ? OTEL__AZURE_DONE : status / 100 == 5 ? OTEL__AZURE_LATER : OTEL__AZURE_REJECT;
    }
}

static void every_status_has_its_action(void **state)
{
    (void)state;
    for (uint32_t status = 0; status < 1000; status++)
        if (otel__azure_action_of(status) != expected(status))
            fail_msg("%u: %d", status, (int)otel__azure_action_of(status));
}

static void what_can_be_done_is_said(void **state)
{
    (void)state;
    for (uint32_t status = 0; status < 1000; status++) assert_non_null(otel__azure_status_advice(status));
    assert_non_null(strstr(otel__azure_status_advice(404), "connection string"));
    assert_non_null(strstr(otel__azure_status_advice(403), "Monitoring Metrics Publisher"));
    assert_non_null(strstr(otel__azure_status_advice(302), "redirect"));
    assert_string_equal(otel__azure_status_advice(200), "");
    assert_string_equal(otel__azure_status_advice(503), "");
}

static void sampling_is_known_by_its_words(void **state)
{
    (void)state;
    assert_int_equal(otel__azure_item_action(206, "Telemetry sampled out."), OTEL__AZURE_SAMPLED);
    assert_int_equal(otel__azure_item_action(500, "TELEMETRY SAMPLED OUT."), OTEL__AZURE_SAMPLED);
    assert_int_equal(otel__azure_item_action(206, "Telemetry sampled out. Not."), OTEL__AZURE_REJECT);
    assert_int_equal(otel__azure_item_action(0, ""), OTEL__AZURE_UNCLEAR);
    assert_int_equal(otel__azure_item_action(200, ""), OTEL__AZURE_DONE);
}

static bool unknown(const char *text)
{
    return otel__azure_unknown_key((otel_str){text, strlen(text)});
}

static void an_unknown_key_is_found_anywhere(void **state)
{
    (void)state;
    assert_true(unknown("Invalid instrumentation key"));
    assert_true(unknown("{\"message\":\"invalid Instrumentation Key.\"}"));
    assert_false(unknown("Invalid instrumentation ke"));
    assert_false(unknown(""));
    assert_false(otel__azure_unknown_key((otel_str){NULL, 0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_its_action),
        cmocka_unit_test(what_can_be_done_is_said),
        cmocka_unit_test(sampling_is_known_by_its_words),
        cmocka_unit_test(an_unknown_key_is_found_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
