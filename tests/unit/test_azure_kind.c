/* Which kind of item a record is, and where its body goes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_fixture.h"
#include <otel/log.h>
#include <string.h>

static void kind_is(otel_azure_monitor_kind kind, const char *name, const char *type)
{
    assert_int_equal(azure_kind(), kind);
    assert_true(azure_is("envelope:name", name));
    assert_string_equal(cJSON_GetObjectItem(azure_at("envelope:data"), "baseType")->valuestring, type);
    assert_true(azure_number("ver") == 2 && azure_number("envelope:ver") == 1);
}

static void plain_records_are_messages(void **state)
{
    (void)state;
    ITEM("disk full", OTEL_STR("disk", "sda"));
    kind_is(OTEL_AZURE_MONITOR_MESSAGE, "Microsoft.ApplicationInsights.Message", "MessageData");
    assert_true(azure_is("message", "disk full"));
    assert_true(azure_number("severityLevel") == 1);
    assert_true(azure_is("property:disk", "sda"));
    assert_true(azure_is("envelope:time", "2026-01-02T03:04:05.6789012Z"));
    assert_true(azure_absent("measurements") && azure_absent("envelope:sampleRate"));
}

static void body_is(otel_value body, const char *text)
{
    otel_log_record record = {.size = sizeof record, .body = body, .time_unix_nano = 1};
    azure_item(&record);
    assert_true(azure_is("message", text));
    assert_true(azure_absent("severityLevel"));
}

static void bodies_of_every_type(void **state)
{
    (void)state;
    body_is(otel_string(""), "n/a");
    body_is(otel_empty(), "n/a");
    body_is(otel_string("   "), "   ");
    body_is(otel_string("\n"), "\n");
    body_is(otel_string("  padded\t"), "  padded\t");
    body_is(otel_int(0), "0");
    body_is(otel_bool(false), "false");
    body_is(otel_double(-1.0), "-1");
    body_is(otel_double(2.5), "2.5");
    body_is(otel_array(NULL, 0), "[]");
    body_is(otel_map(NULL, 0), "{}");
    body_is(otel_bytes("\x01\x02", 2), "AQI=");
    body_is(otel_bytes("", 0), "n/a");
    body_is(otel_bytes("plain", 5), "cGxhaW4=");
    body_is(otel_bytes("caf\xe9", 4), "caf\xef\xbf\xbd"); /* a string in Latin-1 comes so */
    body_is(otel_bytes("Gr\xfc\xdf"
                       "e,\n\tyours",
                       13),
            "Gr\xef\xbf\xbd\xef\xbf\xbd"
            "e,\n\tyours");
    body_is(otel_bytes("\xe9t\xe9", 3), "6XTp");
    body_is(otel_bytes("\xf1`\r{", 4), "8WANew=="); /* no words */
    body_is(otel_bytes("a\0bcde\xe9", 7), "YQBiY2Rl6Q==");
    body_is(otel_map(OTEL_ATTRS(OTEL_STR("\xc3\xa9", "x"), OTEL_INT("n", 3)), 2), "{\"\xc3\xa9\":\"x\",\"n\":3}");
    body_is(otel_string("caf\xe9"), "caf\xef\xbf\xbd");
}

static void an_event_name_stands_in_for_a_body(void **state)
{
    (void)state;
    otel_log_record record = {.size = sizeof record, .event_name = {"order.placed", 12}, .time_unix_nano = 1};
    azure_item(&record);
    assert_true(azure_is("message", "order.placed") && azure_is("property:otel.event.name", "order.placed"));
    record.body = otel_string("text");
    azure_item(&record);
    assert_true(azure_is("message", "text") && azure_is("property:otel.event.name", "order.placed"));
}

static void custom_events(void **state)
{
    (void)state;
    ITEM("body text", OTEL_STR("microsoft.custom_event.name", "checkout"), OTEL_STR("currency", "EUR"));
    kind_is(OTEL_AZURE_MONITOR_EVENT, "Microsoft.ApplicationInsights.Event", "EventData");
    assert_true(azure_is("name", "checkout") && azure_is("property:message", "body text"));
    assert_true(azure_is("property:currency", "EUR") && azure_absent("property:microsoft.custom_event.name"));
    assert_true(azure_absent("severityLevel") && azure_absent("message") && azure_is("property:level", "INFO"));
    ITEM("checkout", OTEL_STR("microsoft.custom_event.name", "checkout"));
    assert_true(azure_absent("property:message"));
    ITEM("x", OTEL_STR("microsoft.custom_event.name", ""));
    kind_is(OTEL_AZURE_MONITOR_MESSAGE, "Microsoft.ApplicationInsights.Message", "MessageData");
    ITEM("x", OTEL_INT("microsoft.custom_event.name", 7));
    assert_true(azure_is("name", "7"));
    ITEM("x", OTEL_STR("microsoft.custom_event.name", azure_repeat("n", 512)));
    assert_true(azure_is("name", azure_repeat("n", 512)) && azure_absent("property:otel.truncated"));
    ITEM("x", OTEL_STR("microsoft.custom_event.name", azure_repeat("n", 513)));
    assert_true(azure_is("name", azure_repeat("n", 512)));
    assert_true(azure_is("property:otel.truncated", "{\"microsoft.custom_event.name\":513}"));
}

/* The body is kept, whatever keys the program uses. */
static void a_body_finds_a_key(void **state)
{
    (void)state;
    ITEM("text", OTEL_STR("microsoft.custom_event.name", "e"), OTEL_STR("message", "mine"));
    assert_true(azure_is("property:message", "mine") && azure_is("property:body", "text"));
    ITEM("text", OTEL_STR("microsoft.custom_event.name", "e"), OTEL_STR("message", "mine"), OTEL_STR("body", "too"));
    assert_true(azure_is("property:body", "too") && azure_is("property:otel.body", "text"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(plain_records_are_messages), TEST(bodies_of_every_type),
                                       TEST(an_event_name_stands_in_for_a_body), TEST(custom_events),
                                       TEST(a_body_finds_a_key)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
