/* Records with exceptions: every combination of type, message, stack and body. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_fixture.h"
#include <otel/log.h>
#include <string.h>

#define TYPE "exception.type"
#define MESSAGE "exception.message"
#define STACK "exception.stacktrace"

static void exception_is(const char *type, const char *message, const char *stack, const char *problem)
{
    assert_int_equal(azure_kind(), OTEL_AZURE_MONITOR_EXCEPTION);
    assert_true(azure_is("exceptions.0.typeName", type) && azure_is("exceptions.0.message", message));
    assert_true(azure_number("exceptions.0.id") == 1 && azure_number("exceptions.0.outerId") == 0);
    assert_int_equal(cJSON_IsTrue(azure_at("exceptions.0.hasFullStack")), stack != NULL);
    if (stack)
        assert_true(azure_is("exceptions.0.stack", stack));
    else
        assert_true(azure_absent("exceptions.0.stack"));
    assert_true(azure_is("problemId", problem) && azure_absent("exceptions.1"));
    assert_true(azure_absent("property:" TYPE) && azure_absent("property:" MESSAGE) && azure_absent("property:" STACK));
}

static void all_that_is_there_is_used(void **state)
{
    (void)state;
    ITEM("could not read", OTEL_STR(TYPE, "io_error"), OTEL_STR(MESSAGE, "short read"),
         OTEL_STR(STACK, "#0 read_block () at io.c:3"), OTEL_BOOL("exception.escaped", false));
    exception_is("io_error", "short read", "#0 read_block () at io.c:3", "io_error at read_block");
    assert_true(azure_is("property:message", "could not read") && azure_is("property:exception.escaped", "false"));
    assert_true(azure_number("severityLevel") == 1);
    ITEM("short read", OTEL_STR(TYPE, "io_error"), OTEL_STR(MESSAGE, "short read"));
    exception_is("io_error", "short read", NULL, "io_error");
    assert_true(azure_absent("property:message"));
}

static void what_is_missing_is_made_up_for(void **state)
{
    (void)state;
    ITEM("the body", OTEL_STR(TYPE, "E"));
    exception_is("E", "the body", NULL, "E");
    assert_true(azure_absent("property:message"));
    ITEM("", OTEL_STR(TYPE, "E"));
    exception_is("E", "E", NULL, "E");
    ITEM("", OTEL_STR(TYPE, "E"), OTEL_STR(MESSAGE, ""), OTEL_STR(STACK, ""));
    exception_is("E", "E", NULL, "E");
    ITEM("the body", OTEL_STR(MESSAGE, "m"));
    exception_is("Exception", "m", NULL, "Exception");
    assert_true(azure_is("property:message", "the body"));
    ITEM("the body", OTEL_STR(TYPE, ""), OTEL_STR(MESSAGE, "m"), OTEL_STR(STACK, "s"));
    exception_is("Exception", "m", "s", "Exception");
    ITEM("x", OTEL_STR(TYPE, " "));
    exception_is(" ", "x", NULL, " ");
    ITEM("x", OTEL_INT(TYPE, 5), OTEL_BOOL(MESSAGE, true));
    exception_is("5", "true", NULL, "5");
}

static void a_stack_alone_is_no_exception(void **state)
{
    (void)state;
    ITEM("only a stack", OTEL_STR(STACK, "s"));
    assert_int_equal(azure_kind(), OTEL_AZURE_MONITOR_MESSAGE);
    assert_true(azure_is("message", "only a stack") && azure_is("property:" STACK, "s"));
    ITEM("x", OTEL_STR(TYPE, ""), OTEL_STR(MESSAGE, ""), OTEL_STR(STACK, ""));
    assert_int_equal(azure_kind(), OTEL_AZURE_MONITOR_MESSAGE);
    assert_true(azure_is("property:" TYPE, "") && azure_is("property:" MESSAGE, "") && azure_is("property:" STACK, ""));
}

static void it_beats_events_and_keeps_their_name(void **state)
{
    (void)state;
    ITEM("x", OTEL_STR(TYPE, "E"), OTEL_STR(MESSAGE, "m"), OTEL_STR("microsoft.custom_event.name", "e"));
    exception_is("E", "m", NULL, "E");
    assert_true(azure_is("property:microsoft.custom_event.name", "e"));
}

static void limits_are_exact(void **state)
{
    (void)state;
    ITEM("", OTEL_STR(TYPE, azure_repeat("T", 1024)), OTEL_STR(MESSAGE, azure_repeat("m", 20000)));
    assert_true(azure_absent("property:otel.truncated"));
    ITEM("", OTEL_STR(TYPE, azure_repeat("T", 1025)), OTEL_STR(MESSAGE, azure_repeat("m", 32769)));
    exception_is(azure_repeat("T", 1024), azure_repeat("m", 32768), NULL, azure_repeat("T", 1024));
    assert_true(azure_is("property:otel.truncated", "{\"exception.message\":32769,\"exception.type\":1025}"));
    ITEM("", OTEL_STR(MESSAGE, "m"), OTEL_STR(STACK, azure_repeat("s", 32768)));
    assert_true(azure_absent("property:otel.truncated"));
    ITEM("", OTEL_STR(MESSAGE, "m"), OTEL_STR(STACK, azure_repeat("s", 40000)));
    exception_is("Exception", "m", azure_repeat("s", 32768), "Exception");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(all_that_is_there_is_used), TEST(what_is_missing_is_made_up_for),
                                       TEST(a_stack_alone_is_no_exception), TEST(it_beats_events_and_keeps_their_name),
                                       TEST(limits_are_exact)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
