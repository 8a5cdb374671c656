/* The console exporter: what chooses its stream, its format and its colours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "console_fixture.h"

static bool coloured(const char *text)
{
    return strchr(text, '\x1b') != NULL;
}

static const char *one_line(const otel_console_options *options)
{
    console_start(options);
    console_emit_text("hello", NULL, 0);
    const char *text = console_output();
    assert_non_null(strstr(text, "hello"));
    return text;
}

static void terminals_are_coloured(void **state)
{
    (void)state;
    console_redirect_to_terminal(STDOUT_FILENO);
    assert_true(coloured(one_line(&(otel_console_options){0})));
}

static void an_empty_no_color_means_nothing(void **state)
{
    (void)state;
    setenv("NO_COLOR", "", 1);
    console_redirect_to_terminal(STDERR_FILENO);
    assert_true(coloured(one_line(&(otel_console_options){.stream = OTEL_CONSOLE_STDERR})));
}

static void no_color_is_obeyed(void **state)
{
    (void)state;
    setenv("NO_COLOR", "0", 1); /* any text will do */
    console_redirect_to_terminal(STDOUT_FILENO);
    assert_false(coloured(one_line(&(otel_console_options){0})));
}

static void colour_never(void **state)
{
    (void)state;
    console_redirect_to_terminal(STDOUT_FILENO);
    assert_false(coloured(one_line(&console_plain)));
}

static void pipes_are_not_coloured(void **state)
{
    (void)state;
    console_redirect_to_pipe(STDOUT_FILENO);
    assert_false(coloured(one_line(&(otel_console_options){0})));
}

static void colour_always(void **state)
{
    const char *text;
    (void)state;
    setenv("NO_COLOR", "1", 1);
    console_redirect_to_pipe(STDOUT_FILENO);
    text = one_line(&(otel_console_options){.colour = OTEL_CONSOLE_COLOUR_ALWAYS});
    assert_string_equal(text, "\x1b[2m2026-11-23T20:15:04.123Z\x1b[0m \x1b[32mINFO \x1b[0m shop.checkout: hello"
                              "\x1b[2m run=17 experiment.name=\"no fog\"\x1b[0m\n");
}

static void the_environment_chooses(void **state)
{
    const otel_log_exporter_factory *factory = otel_console_exporter_factory();
    (void)state;
    assert_string_equal(factory->name, "console");
    assert_true(factory->size >= sizeof(otel_log_exporter_factory));
    setenv("OTEL_C_CONSOLE_STREAM", "STDERR", 1);
    setenv("OTEL_C_CONSOLE_FORMAT", "json", 1);
    console_redirect_to_pipe(STDERR_FILENO);
    otel_log_exporter *console = factory->create(NULL);
    assert_non_null(console);
    assert_int_equal(console->ops->flags, OTEL_EXPORTER_SIMPLE);
    assert_string_equal(console->ops->name, "console");
    console_start_with(otel_simple_log_processor_new(console_spy_on(console, 0)));
    console_emit_text("hello", NULL, 0);
    const char *text = console_output();
    assert_memory_equal(text, "{\"resourceLogs\"", 15);
}

static uint32_t complaints;
static void count_complaints(otel_severity severity, const char *text, void *user)
{
    (void)user;
    if (severity >= OTEL_SEVERITY_WARN && (strstr(text, "OTEL_C_CONSOLE") || strstr(text, "otel_console_options")))
        complaints++;
}

static void what_means_nothing_is_said(void **state)
{
    (void)state;
    complaints = 0;
    otel_diag_set_handler(count_complaints, NULL);
    setenv("OTEL_C_CONSOLE_STREAM", "printer", 1);
    setenv("OTEL_C_CONSOLE_FORMAT", "xml", 1);
    console_redirect_to_pipe(STDOUT_FILENO);
    otel_log_exporter *console = otel_console_exporter_new(NULL);
    assert_int_equal(complaints, 2);
    const otel_console_options nonsense = {.stream = 7, .format = 8, .colour = 9};
    otel_log_exporter_destroy(otel_console_exporter_new(&nonsense));
    assert_int_equal(complaints, 5);
    otel_diag_set_handler(NULL, NULL);
    console_start_with(otel_simple_log_processor_new(console_spy_on(console, 0)));
    console_emit_text("hello", NULL, 0);
    assert_memory_equal(console_output(), "2026-11-23T", 11);
}

/* Options of an older caller are shorter; what is beyond them is 0. */
static void short_options(void **state)
{
    const otel_console_options options = {.stream = OTEL_CONSOLE_STDERR, .format = OTEL_CONSOLE_JSON};
    (void)state;
    console_redirect_to_pipe(STDERR_FILENO);
    otel_log_exporter *console = otel_console_exporter_new_sized(&options, offsetof(otel_console_options, format));
    console_start_with(otel_simple_log_processor_new(console_spy_on(console, 0)));
    console_emit_text("hello", NULL, 0);
    assert_memory_equal(console_output(), "2026-11-23T", 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(terminals_are_coloured),  TEST(an_empty_no_color_means_nothing),
        TEST(no_color_is_obeyed),      TEST(colour_never),
        TEST(pipes_are_not_coloured),  TEST(colour_always),
        TEST(the_environment_chooses), TEST(what_means_nothing_is_said),
        TEST(short_options),
    };
    alarm(100); /* a hang is a failure */
    return cmocka_run_group_tests_name("console", tests, NULL, NULL);
}
