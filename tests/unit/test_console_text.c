/* The lines of the console exporter: readable, and harmless whatever is in a record. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "console_fixture.h"

static void a_line_for_people(void **state)
{
    static const otel_log_site site = {sizeof site, 42, "/build/src/checkout.c", "place", 21, 5};
    const otel_attr attributes[] = {OTEL_STR("order.id", "A-17"),     OTEL_INT("items", 3), OTEL_BOOL("gift", true),
                                    OTEL_STR("note", "be \"quick\""), OTEL_EMPTY("none"),   OTEL_STR("blank", "")};
    otel_span_context span = {.trace_id = {0x01, 0xab}, .span_id = {0xcd, 7}, .flags = 1};
    (void)state;
    console_redirect_to_pipe(STDOUT_FILENO);
    console_start(&console_plain);
    console_emit((otel_log_record){.body = otel_string("order placed"),
                                   .event_name = {"order.placed", 12},
                                   .attributes = attributes,
                                   .attribute_count = 6,
                                   .site = &site,
                                   .span_context = span});
    assert_string_equal(console_output(),
                        "2026-11-23T20:15:04.123Z INFO  shop.checkout: order placed event_name=order.placed "
                        "order.id=A-17 items=3 gift=true note=\"be \\\"quick\\\"\" none= blank=\"\" "
                        "trace_id=01ab0000000000000000000000000000 span_id=cd07000000000000 trace_flags=01 "
                        "run=17 experiment.name=\"no fog\" checkout.c:42\n");
    assert_int_equal(console_seen.status, OTEL_EXPORT_OK);
    assert_int_equal(console_seen.call.rejected, 0);
}

static void values_of_every_kind(void **state)
{
    const otel_value list[] = {otel_int(1), otel_string("a b\n")};
    const otel_attr map[] = {OTEL_STR("k", "v")};
    const otel_attr attributes[] = {OTEL_VALUE("list", otel_array(list, 2)),
                                    OTEL_VALUE("map", otel_map(map, 1)),
                                    OTEL_BYTES("bytes", "hello world", 11),
                                    OTEL_DOUBLE("d", 0.1),
                                    OTEL_STR("url", "/x?a=b"),
                                    OTEL_STR("path", "C:\\n"),
                                    OTEL_STR("a key", "v")};
    (void)state;
    console_redirect_to_pipe(STDOUT_FILENO);
    console_start(&console_plain);
    console_emit_text("v", attributes, 7);
    console_emit((otel_log_record){.body = otel_map(map, 1)});
    const char *text = console_output();
    assert_non_null(strstr(text, ": v list=[1,\"a b\\n\"] map={\"k\":\"v\"} bytes=aGVsbG8gd29ybGQ= d=0.1 "
                                 "url=\"/x?a=b\" path=C:\\n \"a key\"=v run=17"));
    assert_non_null(strstr(text, ": {\"k\":\"v\"} run=17"));
}

/* Latin-1 in a string goes out as bytes in OTLP; a person should still be able to read it. */
static void text_in_another_encoding(void **state)
{
    const otel_attr attributes[] = {OTEL_BYTES("binary", "\x00\xff\x01\xfe", 4), OTEL_STR("street", "Hauptstra\337e"),
                                    OTEL_BYTES("name", "M\xfcller", 6)};
    (void)state;
    console_redirect_to_pipe(STDOUT_FILENO);
    console_start(&console_plain);
    console_emit_text("gr\xfc\337e aus Ulm", attributes, 3);
    assert_non_null(strstr(console_output(), ": gr\\xfc\\xdfe aus Ulm binary=AP8B/g== street=\"Hauptstra\\xdfe\" "
                                             "name=\"M\\xfcller\" "));
}

static void check_one_harmless_line(const char *text)
{
    size_t length = strlen(text);
    assert_true(length > 0);
    assert_ptr_equal(strchr(text, '\n'), text + length - 1);
    for (size_t i = 0; i + 1 < length; i++) assert_true((unsigned char)text[i] >= 0x20 && text[i] != 0x7f);
    assert_null(strstr(text, "\xc2\x9b"));
    assert_null(strstr(text, "\xe2\x80\xae"));
    assert_null(strstr(text, "\xe2\x80\xa8"));
}

/* Nothing in a record can forge a line or talk to the terminal. */
static void hostile_records(void **state)
{
#define EVIL "a\n2026 ERROR b\r\x1b[31m\x7f\xc2\x9b\xe2\x80\xae\xe2\x80\xa8\t"
    const otel_value list[] = {otel_string(EVIL)};
    const otel_attr map[] = {OTEL_STR(EVIL, EVIL)};
    const otel_attr attributes[] = {OTEL_STR("value", EVIL),
                                    OTEL_STR(EVIL, "key"),
                                    OTEL_VALUE("list", otel_array(list, 1)),
                                    OTEL_VALUE("map", otel_map(map, 1)),
                                    OTEL_STR("code.file.path", "/x/" EVIL),
                                    OTEL_INT("code.line.number", 1)};
    (void)state;
    console_redirect_to_pipe(STDOUT_FILENO);
    console_start(&console_plain);
    console_test.logger = (otel_logger){.scope = {.name = EVIL}, .provider = console_test.provider};
    console_emit((otel_log_record){.body = otel_string(EVIL),
                                   .event_name = {EVIL, sizeof EVIL - 1},
                                   .severity_text = {EVIL, sizeof EVIL - 1},
                                   .attributes = attributes,
                                   .attribute_count = 6});
    const char *text = console_output();
    check_one_harmless_line(text);
    assert_non_null(strstr(text, ": a\\n2026 ERROR b\\r\\x1b[31m\\x7f\\u009b\\u202e\\u2028\\t event_name=\"a\\n2026"));
#undef EVIL
}

static void hostile_records_as_json(void **state)
{
    const otel_attr attributes[] = {OTEL_STR("k\n", "v\n\x1b[31m")};
    (void)state;
    console_redirect_to_pipe(STDOUT_FILENO);
    console_start(&(otel_console_options){.format = OTEL_CONSOLE_JSON, .colour = OTEL_CONSOLE_COLOUR_ALWAYS});
    console_emit_text("b\n\x1b[31m\xc2\x9b", attributes, 1);
    const char *text = console_output();
    check_one_harmless_line(text);
    assert_memory_equal(text, "{\"resourceLogs\":[{", 18);
    assert_non_null(strstr(text, "\"body\":{\"stringValue\":\"b\\n\\u001b[31m\\u009b\"}"));
    assert_string_equal(text + strlen(text) - 4, "}]}\n");
}

static void stacktraces_stand_behind(void **state)
{
    const otel_attr attributes[] = {OTEL_STR("exception.type", "EIO"),
                                    OTEL_STR("exception.stacktrace", "top\r\n\tat a\x1b[0m\n\nbottom\n"),
                                    OTEL_INT("n", 1)};
    (void)state;
    console_redirect_to_pipe(STDOUT_FILENO);
    console_start(&console_plain);
    console_emit_text("failed", attributes, 3);
    const char *text = console_output();
    assert_non_null(strstr(text, ": failed exception.type=EIO n=1 run=17"));
    assert_string_equal(strchr(text, '\n'), "\n    top\n    \tat a\\x1b[0m\n    bottom\n");
}

static void severities(void **state)
{
    (void)state;
    console_redirect_to_pipe(STDOUT_FILENO);
    console_start(&console_plain);
    console_emit((otel_log_record){.severity = OTEL_SEVERITY_WARN, .body = otel_string("1")});
    console_emit(
        (otel_log_record){.severity = OTEL_SEVERITY_WARN, .severity_text = {"warn", 4}, .body = otel_string("2")});
    console_emit(
        (otel_log_record){.severity = OTEL_SEVERITY_INFO2, .severity_text = {"notice", 6}, .body = otel_string("3")});
    console_emit((otel_log_record){.severity = OTEL_SEVERITY_DEBUG4, .body = otel_string("4")});
    otel_log_record unspecified = {
        .size = sizeof unspecified, .time_unix_nano = CONSOLE_NOON, .body = otel_string("5")};
    otel_logger_emit(&console_test.logger, &unspecified);
    const char *text = console_output();
    assert_non_null(strstr(text, "Z WARN  shop.checkout: 1 "));
    assert_non_null(strstr(text, "Z WARN  shop.checkout: 2 "));
    assert_non_null(strstr(text, "Z INFO2 (notice) shop.checkout: 3 "));
    assert_non_null(strstr(text, "Z DEBUG4 shop.checkout: 4 "));
    assert_non_null(strstr(text, "Z -     shop.checkout: 5 "));
}

static void dates_are_right(void **state)
{
    (void)state;
    console_redirect_to_pipe(STDOUT_FILENO);
    console_start(&console_plain);
    for (uint64_t i = 0; i < 400; i++) {
        uint64_t seconds = 1 + i * 40150123 + i % 3; /* to the year 2478 */
        char wanted[64], line[512];
        struct tm tm;
        time_t time = (time_t)seconds;
        assert_non_null(gmtime_r(&time, &tm));
        assert_true(strftime(wanted, sizeof wanted, "%Y-%m-%dT%H:%M:%S.007Z ", &tm) > 0);
        console_emit((otel_log_record){.time_unix_nano = seconds * 1000000000u + 7999999u, .body = otel_string("t")});
        ssize_t n = read(console_test.reader, line, sizeof line);
        assert_true(n > 25);
        assert_memory_equal(line, wanted, strlen(wanted));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_line_for_people), TEST(values_of_every_kind),    TEST(text_in_another_encoding),
        TEST(hostile_records),   TEST(hostile_records_as_json), TEST(stacktraces_stand_behind),
        TEST(severities),        TEST(dates_are_right),
    };
    alarm(100); /* a hang is a failure */
    return cmocka_run_group_tests_name("console text", tests, NULL, NULL);
}
