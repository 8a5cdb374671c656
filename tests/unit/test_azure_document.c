/* The whole text of an item of each kind: nothing more, nothing less, in this order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_fixture.h"
#include <otel/log.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TIME "\"time\":\"2026-01-02T03:04:05.6789012Z\""
#define LEVELS "\"level\":\"INFO\",\"Level\":\"INFO\",\"process\":\"test_azure_document\""

/* head: what stands between name and tags; data: what is in `data`. */
static void item_is(const char *name, const char *head, const char *data)
{
    char wanted[2000];
    snprintf(wanted, sizeof wanted,
             "{\"ver\":1,\"name\":\"Microsoft.ApplicationInsights.%s\",%s,\"iKey\":\"" AZURE_KEY "\",\"tags\":{"
             "\"ai.cloud.role\":\"shop\",\"ai.cloud.roleInstance\":\"i1\",\"ai.internal.sdkVersion\":\"ulm_c11:otel%s:"
             "ext%s\"},"
             "\"data\":%s}",
             name, head, otel_version(), otel_version(), data);
    assert_string_equal(azure_text(), wanted);
}

static void item_of(const char *body, const otel_attr *attributes)
{
    azure.resource = OTEL_ATTRS(OTEL_STR("service.name", "shop"), OTEL_STR("service.instance.id", "i1"));
    azure_item_of(body, attributes);
}

static void messages(void **state)
{
    (void)state;
    item_of("disk \"full\"", OTEL_ATTRS(OTEL_STR("disk", "sda"), OTEL_DOUBLE("microsoft.sample_rate", 12.5),
                                        OTEL_MAP("microsoft.custom_measurements", OTEL_DOUBLE("free", 0.5))));
    item_is(
        "Message", TIME ",\"sampleRate\":12.5",
        "{\"baseType\":\"MessageData\",\"baseData\":{\"ver\":2,\"message\":\"disk \\\"full\\\"\",\"severityLevel\":1,"
        "\"properties\":{\"disk\":\"sda\"," LEVELS "},\"measurements\":{\"free\":0.5}}}");
}

static void exceptions(void **state)
{
    (void)state;
    item_of("could not", OTEL_ATTRS(OTEL_STR("exception.type", "io"), OTEL_STR("exception.message", "short"),
                                    OTEL_STR("exception.stacktrace", "#0 f () at a.c:1")));
    item_is("Exception", TIME,
            "{\"baseType\":\"ExceptionData\",\"baseData\":{\"ver\":2,\"exceptions\":[{\"id\":1,\"outerId\":0,"
            "\"typeName\":\"io\",\"message\":\"short\",\"hasFullStack\":true,\"stack\":\"#0 f () at a.c:1\"}],"
            "\"problemId\":\"io at f\",\"severityLevel\":1,\"properties\":{\"message\":\"could not\"," LEVELS "}}}");
}

static void events(void **state)
{
    (void)state;
    item_of("", OTEL_ATTRS(OTEL_STR("microsoft.custom_event.name", "done")));
    item_is("Event", TIME,
            "{\"baseType\":\"EventData\",\"baseData\":{\"ver\":2,\"name\":\"done\",\"properties\":{" LEVELS "}}}");
}

static void availability(void **state)
{
    (void)state;
    item_of("", OTEL_ATTRS(OTEL_STR("microsoft.availability.id", "7"), OTEL_STR("microsoft.availability.name", "ping"),
                           OTEL_INT("microsoft.availability.duration", 1),
                           OTEL_BOOL("microsoft.availability.success", true),
                           OTEL_STR("microsoft.availability.runLocation", "West")));
    item_is("Availability", TIME,
            "{\"baseType\":\"AvailabilityData\",\"baseData\":{\"ver\":2,\"id\":\"7\",\"name\":\"ping\","
            "\"duration\":\"00:00:00.0010000\",\"success\":true,\"runLocation\":\"West\",\"properties\":{" LEVELS
            "}}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(messages), TEST(exceptions), TEST(events), TEST(availability)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
