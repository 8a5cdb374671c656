/* A provider with a console exporter whose stream the test has in its hands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "console_fixture.h"

const otel_console_options console_plain = {.colour = OTEL_CONSOLE_COLOUR_NEVER};
struct console_test console_test;
struct console_seen console_seen;

typedef struct spy {
    otel_log_exporter base;
    otel_log_exporter *console;
    uint32_t limit_ms;
} spy;

static otel_export_status spy_export(otel_log_exporter *exporter, const otel_log_batch *batch, otel_export_call *call)
{
    spy *self = (spy *)exporter;
    if (self->limit_ms > 0) call->deadline = otel_deadline_in_ms(self->limit_ms);
    errno = 4711;
    console_seen.status = self->console->ops->export_batch(self->console, batch, call);
    if (errno != 4711) console_seen.errno_changed = true;
    console_seen.call = *call;
    console_seen.answers++;
    return console_seen.status;
}

static void spy_destroy(otel_log_exporter *exporter)
{
    otel_log_exporter_destroy(((spy *)exporter)->console);
}

static const otel_log_exporter_ops spy_ops = {
    .size = sizeof spy_ops, .name = "spy", .export_batch = spy_export, .destroy = spy_destroy};

void console_redirect(int stream, int to)
{
    fflush(NULL);
    console_test.stream = stream;
    console_test.kept = fcntl(stream, F_DUPFD_CLOEXEC, 100);
    assert_true(console_test.kept >= 0);
    assert_int_equal(dup2(to, stream), stream);
    close(to);
}

void console_redirect_to_pipe(int stream)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    console_test.reader = ends[0];
    console_redirect(stream, ends[1]);
}

void console_redirect_to_terminal(int stream)
{
    int master, slave;
    assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
    console_redirect(stream, slave);
    console_test.reader = master;
}

void console_restore(void)
{
    if (console_test.kept < 0) return;
    dup2(console_test.kept, console_test.stream);
    close(console_test.kept);
    console_test.kept = -1;
}

void console_stop(void)
{
    if (console_test.provider) assert_int_equal(otel_provider_stop(console_test.provider, 60000), OTEL_OK);
    console_test.provider = NULL;
}

int console_set_up(void **state)
{
    (void)state;
    memset(&console_test, 0, sizeof console_test);
    memset(&console_seen, 0, sizeof console_seen);
    console_test.kept = console_test.reader = -1;
    unsetenv("NO_COLOR");
    unsetenv("OTEL_C_CONSOLE_STREAM");
    unsetenv("OTEL_C_CONSOLE_FORMAT");
    return 0;
}

int console_tear_down(void **state)
{
    (void)state;
    if (console_test.reader >= 0) close(console_test.reader); /* first: nothing waits for its reader then */
    console_restore();
    console_stop();
    return console_seen.errno_changed ? -1 : 0;
}

otel_log_exporter *console_spy_on(otel_log_exporter *console, uint32_t limit_ms)
{
    spy *self = otel_log_exporter_new(sizeof *self, &spy_ops);
    assert_non_null(console);
    assert_non_null(self);
    self->console = console;
    self->limit_ms = limit_ms;
    return &self->base;
}

void console_start_with(otel_log_processor *processor)
{
    const otel_attr resource[] = {OTEL_STR("run", "17"), OTEL_STR("experiment.name", "no fog"),
                                  OTEL_STR("service.extra", "x"), OTEL_STR("process.extra", "y")};
    console_test.provider = otel_provider_new(&(otel_options){.service_name = "svc",
                                                              .log_processors = &processor,
                                                              .log_processor_count = 1,
                                                              .resource_attributes = resource,
                                                              .resource_attribute_count = 4,
                                                              .environment = OTEL_ENV_IGNORED});
    assert_non_null(console_test.provider);
    assert_int_equal(otel_provider_attach(console_test.provider), OTEL_OK);
    console_test.logger =
        (otel_logger){.scope = {.name = "shop.checkout", .version = "1"}, .provider = console_test.provider};
}

void console_start(const otel_console_options *options)
{
    console_start_with(otel_simple_log_processor_new(console_spy_on(otel_console_exporter_new(options), 0)));
}

void console_start_limited(uint32_t limit_ms)
{
    console_start_with(
        otel_simple_log_processor_new(console_spy_on(otel_console_exporter_new(&(otel_console_options){0}), limit_ms)));
}

void console_emit(otel_log_record record)
{
    record.size = sizeof record;
    if (record.time_unix_nano == 0) record.time_unix_nano = CONSOLE_NOON;
    if (record.severity == 0) record.severity = OTEL_SEVERITY_INFO;
    otel_logger_emit(&console_test.logger, &record);
}

void console_emit_text(const char *body, const otel_attr *attributes, uint32_t count)
{
    console_emit((otel_log_record){.body = otel_string(body), .attributes = attributes, .attribute_count = count});
}

const char *console_output(void)
{
    static char text[1 << 20];
    size_t length = 0;
    int flags = fcntl(console_test.reader, F_GETFL);
    console_restore();
    fcntl(console_test.reader, F_SETFL, flags | O_NONBLOCK);
    for (ssize_t n; (n = read(console_test.reader, text + length, sizeof text - 1 - length)) > 0;) length += (size_t)n;
    text[length] = '\0';
    fcntl(console_test.reader, F_SETFL, flags);
    return text;
}

void console_close_reader(void)
{
    close(console_test.reader);
    console_test.reader = -1;
}
