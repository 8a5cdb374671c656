/* Tags of the span, the user, the client and the operation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_fixture.h"
#include <otel/log.h>
#include <string.h>

static void span_is(uint8_t trace, uint8_t span, const char *operation, const char *parent)
{
    otel_log_record record = {.size = sizeof record, .body = otel_string("x")};
    memset(record.span_context.trace_id, trace, 16);
    memset(record.span_context.span_id, span, 8);
    azure_item(&record);
    assert_true(operation ? azure_is("tags:ai.operation.id", operation) : azure_absent("tags:ai.operation.id"));
    assert_true(parent ? azure_is("tags:ai.operation.parentId", parent) : azure_absent("tags:ai.operation.parentId"));
}

static void ids_are_absent_or_real(void **state)
{
    (void)state;
    span_is(0xab, 0xcd, "abababababababababababababababab", "cdcdcdcdcdcdcdcd");
    span_is(0x0a, 0, "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a", NULL);
    span_is(0, 0, NULL, NULL);
}

static void users_and_sessions(void **state)
{
    (void)state;
    ITEM("x", OTEL_STR("enduser.id", "alice"), OTEL_STR("enduser.pseudo.id", "a-1"), OTEL_INT("session.id", 7));
    assert_true(azure_is("tags:ai.user.authUserId", "alice") && azure_is("tags:ai.user.id", "a-1"));
    assert_true(azure_is("tags:ai.session.id", "7"));
    assert_true(azure_absent("property:enduser.id") && azure_absent("property:session.id"));
    ITEM("x", OTEL_STR("enduser.id", ""));
    assert_true(azure_absent("tags:ai.user.authUserId") && azure_is("property:enduser.id", ""));
    ITEM("x", OTEL_STR("enduser.id", azure_repeat("u", 1025)), OTEL_STR("enduser.pseudo.id", azure_repeat("p", 129)));
    assert_true(azure_is("tags:ai.user.authUserId", azure_repeat("u", 1024)));
    assert_true(azure_is("tags:ai.user.id", azure_repeat("p", 128)));
    assert_true(azure_is("property:otel.truncated", "{\"ai.user.authUserId\":1025,\"ai.user.id\":129}"));
    ITEM("x", OTEL_STR("session.id", azure_repeat("s", 65)));
    assert_true(azure_is("tags:ai.session.id", azure_repeat("s", 64)));
}

static void addresses(void **state)
{
    (void)state;
    ITEM("x", OTEL_STR("microsoft.client.ip", "203.0.113.7"));
    assert_true(azure_is("tags:ai.location.ip", "203.0.113.7") && azure_absent("property:microsoft.client.ip"));
    ITEM("x", OTEL_STR("client.address", "203.0.113.8"), OTEL_INT("client.port", 5));
    assert_true(azure_is("tags:ai.location.ip", "203.0.113.8") && azure_is("property:client.address", "203.0.113.8"));
    assert_true(azure_is("property:client.port", "5"));
    ITEM("x", OTEL_STR("client.address", "203.0.113.8"), OTEL_STR("microsoft.client.ip", "203.0.113.7"));
    assert_true(azure_is("tags:ai.location.ip", "203.0.113.7") && azure_is("property:client.address", "203.0.113.8"));
    ITEM("x", OTEL_STR("microsoft.client.ip", azure_repeat("1", 47)));
    assert_true(azure_is("tags:ai.location.ip", azure_repeat("1", 46)));
}

static void synthetic_sources(void **state)
{
    (void)state;
    const char *tag = "tags:ai.operation.syntheticSource";
    ITEM("x", OTEL_STR("user_agent.synthetic.type", "bot"));
    assert_true(azure_is(tag, "True") && azure_is("property:user_agent.synthetic.type", "bot"));
    ITEM("x", OTEL_STR("user_agent.original", "Mozilla AlwaysOn 1"));
    assert_true(azure_is(tag, "True") && azure_is("property:user_agent.original", "Mozilla AlwaysOn 1"));
    ITEM("x", OTEL_STR("user_agent.original", "Mozilla"), OTEL_STR("user_agent.synthetic.type", ""));
    assert_true(azure_absent(tag) && azure_is("property:user_agent.original", "Mozilla"));
}

static void operation_names(void **state)
{
    (void)state;
    ITEM("x", OTEL_STR("ai.operation.name", "GET /a"));
    assert_true(azure_is("tags:ai.operation.name", "GET /a") && azure_absent("property:ai.operation.name"));
    ITEM("x", OTEL_STR("ai.operation.name", "GET /a"), OTEL_STR("microsoft.operation_name", "GET /b"));
    assert_true(azure_is("tags:ai.operation.name", "GET /b") && azure_absent("property:microsoft.operation_name"));
    assert_true(azure_is("property:ai.operation.name", "GET /a"));
    ITEM("x", OTEL_STR("microsoft.operation_name", azure_repeat("o", 1025)));
    assert_true(azure_is("tags:ai.operation.name", azure_repeat("o", 1024)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(ids_are_absent_or_real), TEST(users_and_sessions), TEST(addresses),
                                       TEST(synthetic_sources), TEST(operation_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
