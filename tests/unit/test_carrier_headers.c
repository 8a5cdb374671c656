/* Header lines and header text as carriers. */
#include <otel/propagation.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static otel_str text(const char *t)
{
    return (otel_str){t, strlen(t)};
}

static bool is(otel_str found, const char *wanted)
{
    return found.size == strlen(wanted) && memcmp(found.data, wanted, found.size) == 0;
}

/* Both carriers hold the same: names of any case, several values, lines that are none. */
static const char *const lines[] = {"POST / HTTP/1.1", "Host: x:80", "Trace: 1 ", NULL, "tracer: 2", "TRACE:\t3\t",
                                    " trace: folded",  "trace : 4",  "trace:",    "",   ":no name"};
static const char all_lines[] = "POST / HTTP/1.1\r\nHost: x:80\r\nTrace: 1 \ntracer: 2\r\nTRACE:\t3\t\r\n"
                                " trace: folded\r\ntrace : 4\r\ntrace:\r\n\r\n:no name";

static void look(const otel_getter *getter, const void *carrier)
{
    otel_str v;
    assert_true(getter->get(carrier, "trace", 0, &v) && is(v, "1"));
    assert_true(getter->get(carrier, "trace", 1, &v) && is(v, "3"));
    assert_true(getter->get(carrier, "trace", 2, &v) && is(v, ""));
    assert_false(getter->get(carrier, "trace", 3, &v));
    assert_true(getter->get(carrier, "HOST", 0, &v) && is(v, "x:80"));
    assert_false(getter->get(carrier, "nothing", 0, &v));
    assert_false(getter->get(carrier, "trac", 0, &v));
    static const char *const names[] = {"Host", "Trace", "tracer", "TRACE", "trace ", "trace", ""};
    for (size_t i = 0; i < 7; i++) assert_true(getter->keys(carrier, i, &v) && is(v, names[i]));
    assert_false(getter->keys(carrier, 7, &v));
}

static void lines_are_found_whatever_their_case(void **unused)
{
    (void)unused;
    const otel_header_lines carrier = {lines, sizeof lines / sizeof *lines}, none = {NULL, 0};
    otel_str v, whole = text(all_lines), empty = {NULL, 0};
    look(&otel_header_lines_getter, &carrier);
    look(&otel_header_text_getter, &whole);
    assert_false(otel_header_lines_getter.get(&none, "trace", 0, &v));
    assert_false(otel_header_lines_getter.keys(&none, 0, &v));
    assert_false(otel_header_text_getter.get(&empty, "trace", 0, &v));
    assert_false(otel_header_text_getter.keys(&empty, 0, &v));
}

static void set(otel_text_carrier *c, const char *name, const char *value)
{
    otel_header_text_setter.set(c, text(name), text(value));
}

static void what_is_set_again_is_replaced(void **unused)
{
    (void)unused;
    char buffer[64];
    otel_text_carrier c = {buffer, sizeof buffer, 0, false};
    set(&c, "a", "1");
    set(&c, "b", "2");
    set(&c, "ab", "3");
    assert_string_equal(buffer, "a: 1\r\nb: 2\r\nab: 3\r\n");
    set(&c, "A", "11");
    assert_string_equal(buffer, "b: 2\r\nab: 3\r\nA: 11\r\n");
    set(&c, "A", "");
    assert_string_equal(buffer, "b: 2\r\nab: 3\r\nA: \r\n");
    assert_int_equal(c.size, strlen(buffer));
    assert_false(c.truncated);
    const otel_str back = {buffer, c.size};
    otel_str v;
    assert_true(otel_header_text_getter.get(&back, "a", 0, &v) && is(v, ""));
}

static void what_does_not_fit_is_left_out_whole(void **unused)
{
    (void)unused;
    char buffer[13];
    otel_text_carrier c = {buffer, sizeof buffer, 0, false}, none = {NULL, 0, 0, false};
    set(&c, "a", "1");
    assert_false(c.truncated);
    set(&c, "b", "22");
    assert_true(c.truncated);
    assert_string_equal(buffer, "a: 1\r\n");
    c.truncated = false;
    set(&c, "b", "2");
    assert_false(c.truncated);
    assert_string_equal(buffer, "a: 1\r\nb: 2\r\n");
    set(&none, "a", "1");
    assert_true(none.truncated);
}

static void no_value_becomes_another_line(void **unused)
{
    (void)unused;
    char buffer[64] = "";
    static const otel_str bad[] = {{"1\r\nx: 2", 7}, {"1\n", 2}, {"\r", 1}, {"1\0002", 3}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        otel_text_carrier c = {buffer, sizeof buffer, 0, false};
        otel_header_text_setter.set(&c, text("a"), bad[i]);
        assert_true(c.truncated);
        c.truncated = false;
        otel_header_text_setter.set(&c, bad[i], text("1"));
        assert_true(c.truncated);
        assert_int_equal(c.size, 0);
    }
}

static void contexts_pass_through_a_text(void **unused)
{
    (void)unused;
    char buffer[512], room[512], pairs[64];
    otel_baggage b;
    otel_text_carrier c = {buffer, sizeof buffer, 0, false};
    otel_extract_memory memory = {.buffer = room, .capacity = sizeof room};
    otel_context sent = {.span_context = {.trace_id = {1}, .span_id = {2}, .flags = 3, .trace_state = {"a=1", 3}},
                         .baggage = &b};
    otel_baggage_init(&b, pairs, sizeof pairs);
    otel_baggage_set(&b, "k", "\xc3\xa4\n");
    otel_propagators_set_names("tracecontext,baggage", NULL);
    otel_inject(&sent, &otel_header_text_setter, &c);
    assert_string_equal(buffer, "traceparent: 00-01000000000000000000000000000000-0200000000000000-03\r\n"
                                "tracestate: a=1\r\nbaggage: k=%C3%A4%0A\r\n");
    const otel_str text_of_it = {buffer, c.size};
    otel_context got = otel_extract(NULL, &otel_header_text_getter, &text_of_it, &memory);
    otel_propagators_set(NULL, 0);
    assert_memory_equal(got.span_context.trace_id, sent.span_context.trace_id, 16);
    assert_true(is(got.span_context.trace_state, "a=1"));
    otel_baggage_entry e;
    assert_true(otel_baggage_get(got.baggage, "k", &e) && is(e.value, "\xc3\xa4\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_found_whatever_their_case), cmocka_unit_test(what_is_set_again_is_replaced),
        cmocka_unit_test(what_does_not_fit_is_left_out_whole), cmocka_unit_test(no_value_becomes_another_line),
        cmocka_unit_test(contexts_pass_through_a_text)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
