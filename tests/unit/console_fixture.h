/* A provider with a console exporter whose stream the test has in its hands. One at a time. */
#ifndef CONSOLE_FIXTURE_H
#define CONSOLE_FIXTURE_H
#include <otel/exporters/console.h>
#include <otel/sdk/sdk.h>

#define CONSOLE_NOON 1795464904123456789u /* 2026-11-23T20:15:04.123456789Z */
#define TEST(name) cmocka_unit_test_setup_teardown(name, console_set_up, console_tear_down)

extern const otel_console_options console_plain; /* no colours */

/* What the test at hand uses. */
extern struct console_test {
    otel_provider *provider;
    otel_logger logger;
    int stream, kept; /* 1 or 2, and what it was; -1: not redirected */
    int reader;       /* the other end; -1: none */
} console_test;

/* What the exporter answered last, and how often it did. */
extern struct console_seen {
    uint32_t answers;
    otel_export_status status;
    otel_export_call call;
    bool errno_changed;
} console_seen;

int console_set_up(void **state);
int console_tear_down(void **state);

/* Makes `stream` what `to` is, until console_restore; closes `to`. */
void console_redirect(int stream, int to);
void console_redirect_to_pipe(int stream);
void console_redirect_to_terminal(int stream);
void console_restore(void);
/* What came out so far, as a string; the stream is back where it was. */
const char *console_output(void);
void console_close_reader(void);

/* An exporter before the console exporter that keeps what it answers. limit_ms: of an attempt; 0: as the processor
 * says. */
otel_log_exporter *console_spy_on(otel_log_exporter *console, uint32_t limit_ms);
/* A provider with that processor; with a simple one; with one that gives each attempt so long. */
void console_start_with(otel_log_processor *processor);
void console_start(const otel_console_options *options);
void console_start_limited(uint32_t limit_ms);
void console_stop(void);

/* At noon and INFO, if the record does not say otherwise. */
void console_emit(otel_log_record record);
void console_emit_text(const char *body, const otel_attr *attributes, uint32_t count);
#endif
