/* traceparent and tracestate, ruling by ruling. */
#include "propagation_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define W3C .propagators = "tracecontext"
#define OUT "traceparent:00-" IDS "-01"
#define TAKEN .ids = IDS "-01", .out = OUT

static const row parents[] = {
    {"nothing", W3C, {NULL}},
    {"TP-GRAMMAR", W3C, {PARENT}, TAKEN},
    {"TP-GRAMMAR, short", W3C, {"traceparent:00-" IDS "-0"}},
    {"TP-GRAMMAR, empty", W3C, {"traceparent:"}},
    {"TP-GRAMMAR, long", W3C, {PARENT "-"}},
    {"TP-GRAMMAR, more fields", W3C, {PARENT "-extra"}},
    {"TP-GRAMMAR, upper case trace id", W3C, {"traceparent:00-0AF7651916cd43dd8448eb211c80319c-" SPAN "-01"}},
    {"TP-GRAMMAR, upper case span id", W3C, {"traceparent:00-" TRACE "-B7ad6b7169203331-01"}},
    {"TP-GRAMMAR, upper case flags", W3C, {"traceparent:00-" IDS "-0A"}},
    {"TP-GRAMMAR, upper case version", W3C, {"traceparent:0A-" IDS "-01"}},
    {"TP-GRAMMAR, zero trace id", W3C, {"traceparent:00-00000000000000000000000000000000-" SPAN "-01"}},
    {"TP-GRAMMAR, zero span id", W3C, {"traceparent:00-" TRACE "-0000000000000000-01"}},
    {"TP-GRAMMAR, version ff", W3C, {"traceparent:ff-" IDS "-01"}},
    {"TP-GRAMMAR, version ff, long", W3C, {"traceparent:ff-" IDS "-01-x"}},
    {"TP-GRAMMAR, other separators", W3C, {"traceparent:00_" IDS "-01"}},
    {"TP-GRAMMAR, other separators", W3C, {"traceparent:00-" TRACE "_" SPAN "-01"}},
    {"TP-GRAMMAR, other separators", W3C, {"traceparent:00-" IDS "_01"}},
    {"TP-GRAMMAR, no digit",
     W3C,
     {"traceparent:00-g"
      "af7651916cd43dd8448eb211c80319c-" SPAN "-01"}},
    {"TP-GRAMMAR, LF behind", W3C, {PARENT "\n"}},
    {"TP-GRAMMAR, CR behind", W3C, {PARENT "\r"}},
    {"TP-GRAMMAR, CR LF behind", W3C, {PARENT "\r\n"}},
    {"TP-GRAMMAR, no-break space", W3C, {PARENT "\xc2\xa0"}},
    {"TP-GRAMMAR, vertical tab", W3C, {PARENT "\v"}},
    {"TP-OWS", W3C, {"traceparent: \t 00-" IDS "-01 \t \t"}, TAKEN},
    {"TP-OWS, blank", W3C, {"traceparent: "}},
    {"TP-OWS, inside", W3C, {"traceparent:00- " IDS "-01"}},
    {"TP-DUP, different", W3C, {PARENT, "traceparent:00-" IDS "-00"}},
    {"TP-DUP, equal", W3C, {PARENT, PARENT}},
    {"TP-DUP, other case", W3C, {PARENT, "Traceparent:00-" IDS "-01"}},
    {"TP-DUP, the second is empty", W3C, {PARENT, "traceparent:"}},
    {"TP-DUP, joined", W3C, {PARENT ",00-" IDS "-01"}},
    {"TP-FUTURE", W3C, {"traceparent:01-" IDS "-01"}, TAKEN},
    {"TP-FUTURE", W3C, {"traceparent:cc-" IDS "-01-what-will-be"}, TAKEN},
    {"TP-FUTURE, a dash alone", W3C, {"traceparent:fe-" IDS "-01-"}, TAKEN},
    {"TP-FUTURE, no dash", W3C, {"traceparent:cc-" IDS "-01.what"}},
    {"TP-FUTURE, a third digit", W3C, {"traceparent:cc-" IDS "-011"}},
    {"TP-FUTURE, short", W3C, {"traceparent:cc-" IDS "-1"}},
    {"TP-FUTURE, zero", W3C, {"traceparent:cc-" TRACE "-0000000000000000-01"}},
    {"TP-FUTURE, flag 02", W3C, {"traceparent:cc-" IDS "-02"}, .ids = IDS "-02", .out = "traceparent:00-" IDS "-02"},
    {"TP-FLAGS, none", W3C, {"traceparent:00-" IDS "-00"}, .ids = IDS "-00", .out = "traceparent:00-" IDS "-00"},
    {"TP-FLAGS, both", W3C, {"traceparent:00-" IDS "-03"}, .ids = IDS "-03", .out = "traceparent:00-" IDS "-03"},
    {"TP-FLAGS, reserved", W3C, {"traceparent:00-" IDS "-ff"}, .ids = IDS "-03", .out = "traceparent:00-" IDS "-03"},
    {"TP-FLAGS, reserved", W3C, {"traceparent:00-" IDS "-fc"}, .ids = IDS "-00", .out = "traceparent:00-" IDS "-00"},
    {"header name", W3C, {"trace-parent:00-" IDS "-01"}},
    {"header name", W3C, {"TRACEPARENT:00-" IDS "-01"}, TAKEN},
};

static void every_ruling_on_traceparent(void **unused)
{
    (void)unused;
    ROWS_HOLD(parents);
}

#define STATE(s) .ids = IDS "-01 " s, .out = OUT "|tracestate:" s
#define K16 "0123456789abcdef"
#define K256 K16 K16 K16 K16 K16 K16 K16 K16 K16 K16 K16 K16 K16 K16 K16 K16
#define M10(x) x "0=1," x "1=1," x "2=1," x "3=1," x "4=1," x "5=1," x "6=1," x "7=1," x "8=1," x "9=1"
#define M30 M10("a") "," M10("b") "," M10("c")

static const row states[] = {
    {"TS-BAD, no parent", W3C, {"tracestate:a=1"}},
    {"TS-BAD, parent invalid", W3C, {"traceparent:00-x", "tracestate:a=1"}},
    {"good", W3C, {PARENT, "tracestate:a=1,b=2"}, STATE("a=1,b=2")},
    {"TS-BAD, key", W3C, {PARENT, "tracestate:A=1,b=2"}, TAKEN},
    {"TS-BAD, key with a dot", W3C, {PARENT, "tracestate:b=2,a.b=1"}, TAKEN},
    {"TS-BAD, key and blank", W3C, {PARENT, "tracestate:a =1"}, TAKEN},
    {"TS-BAD, no key", W3C, {PARENT, "tracestate:=1,b=2"}, TAKEN},
    {"TS-BAD, no =", W3C, {PARENT, "tracestate:a,b=2"}, TAKEN},
    {"TS-BAD, two =", W3C, {PARENT, "tracestate:a=b=c"}, TAKEN},
    {"TS-BAD, empty value", W3C, {PARENT, "tracestate:a=,b=2"}, TAKEN},
    {"TS-BAD, blank value", W3C, {PARENT, "tracestate:a= ,b=2"}, TAKEN},
    {"TS-BAD, control character", W3C, {PARENT, "tracestate:a=1\x01,b=2"}, TAKEN},
    {"TS-BAD, tab inside", W3C, {PARENT, "tracestate:a=1\t1"}, TAKEN},
    {"TS-BAD, LF behind", W3C, {PARENT, "tracestate:a=1\n"}, TAKEN},
    {"TS-BAD, DEL", W3C, {PARENT, "tracestate:a=\x7f"}, TAKEN},
    {"TS-BAD, non-ASCII", W3C, {PARENT, "tracestate:a=\xc3\xa4"}, TAKEN},
    {"TS-BAD, non-ASCII key", W3C, {PARENT, "tracestate:\xc3\xa4=1"}, TAKEN},
    {"TS-KEY2, digit first", W3C, {PARENT, "tracestate:1a=1"}, STATE("1a=1")},
    {"TS-KEY2, @ anywhere", W3C, {PARENT, "tracestate:a@=1,a@@b=2,a@b@c=3"}, STATE("a@=1,a@@b=2,a@b@c=3")},
    {"TS-KEY2, @ first", W3C, {PARENT, "tracestate:@a=1,b=2"}, TAKEN},
    {"TS-KEY2, _ first", W3C, {PARENT, "tracestate:_a=1"}, TAKEN},
    {"TS-KEY2, all", W3C, {PARENT, "tracestate:az09_-*/@=1"}, STATE("az09_-*/@=1")},
    {"TS-KEY2, 256", W3C, {PARENT, "tracestate:" K256 "=1"}, STATE(K256 "=1")},
    {"TS-KEY2, 257", W3C, {PARENT, "tracestate:" K256 "a=1"}, TAKEN},
    {"value of 256", W3C, {PARENT, "tracestate:a=" K256}, STATE("a=" K256)},
    {"value of 257", W3C, {PARENT, "tracestate:a=" K256 "a"}, TAKEN},
    {"value, blanks in front and inside", W3C, {PARENT, "tracestate:a=  1 2 "}, STATE("a=  1 2")},
    {"value, all characters",
     W3C,
     {PARENT, "tracestate:a= !\"#$%&'()*+-./:;<>?@[\\]^_`{|}~"},
     STATE("a= !\"#$%&'()*+-./:;<>?@[\\]^_`{|}~")},
    {"TS-COUNT, 32", W3C, {PARENT, "tracestate:" M30 ",y=1,z=1"}, STATE(M30 ",y=1,z=1")},
    {"TS-COUNT, 33", W3C, {PARENT, "tracestate:" M30 ",x=1,y=1,z=1"}, TAKEN},
    {"TS-COUNT, 33 in two", W3C, {PARENT, "tracestate:" M30, "tracestate:x=1,y=1,z=1"}, TAKEN},
    {"TS-COUNT, repeated count", W3C, {PARENT, "tracestate:" M30 ",a0=1,a0=1,a0=1"}, TAKEN},
    {"TS-COUNT, empty do not", W3C, {PARENT, "tracestate:,,, ,,,," M30 ",,y=1,,,z=1, "}, STATE(M30 ",y=1,z=1")},
    {"TS-DUP", W3C, {PARENT, "tracestate:a=1,b=2,a=3"}, STATE("a=1,b=2")},
    {"TS-DUP, two headers", W3C, {PARENT, "tracestate:a=1", "tracestate:a=2"}, STATE("a=1")},
    {"TS-MULTI", W3C, {PARENT, "tracestate:a=1,b=2", "tracestate:c=3", "Tracestate:d=4"}, STATE("a=1,b=2,c=3,d=4")},
    {"TS-MULTI, the second is bad", W3C, {PARENT, "tracestate:a=1", "tracestate:B=2"}, TAKEN},
    {"TS-EMPTY", W3C, {PARENT, "tracestate:"}, TAKEN},
    {"TS-EMPTY", W3C, {PARENT, "tracestate: \t "}, TAKEN},
    {"TS-EMPTY", W3C, {PARENT, "tracestate:,, \t,"}, TAKEN},
    {"TS-EMPTY", W3C, {PARENT, "tracestate:", "tracestate:a=1", "tracestate:"}, STATE("a=1")},
    {"TS-EMPTY, blanks", W3C, {PARENT, "tracestate: a=1 \t, \t b=2\t"}, STATE("a=1,b=2")},
    {"TS-LENGTH", W3C, {PARENT, "tracestate:a=" K256 ",b=" K256 ",c=" K256}, STATE("a=" K256 ",b=" K256 ",c=" K256)},
    {"header name", W3C, {PARENT, "trace-state:a=1"}, TAKEN},
};

static void every_ruling_on_tracestate(void **unused)
{
    (void)unused;
    ROWS_HOLD(states);
}

static void what_is_local_is_sent_cleaned(void **unused)
{
    (void)unused;
    static said out;
    otel_context c = {.span_context = {.flags = 0xff, .trace_state = {"a=1,B=2,,c=3", 12}}};
    const otel_propagator *list[] = {&otel_propagator_tracecontext};
    otel_inject_by(list, 1, &c, &said_setter, &out);
    assert_string_equal(out.text, ""); /* no valid ids */
    memset(c.span_context.trace_id, 0xab, 16);
    memset(c.span_context.span_id, 1, 8);
    otel_inject_by(list, 1, &c, &said_setter, &out);
    assert_string_equal(out.text,
                        "traceparent:00-abababababababababababababababab-0101010101010101-03|tracestate:a=1,c=3");
}

/* Of a local state with more members than may be sent. */
static void no_more_than_32_members_are_sent(void **unused)
{
    (void)unused;
    static said out;
    const char state[] = M30 ",x=1,y=1,z=1";
    const otel_context c = {
        .span_context = {.trace_id = {1}, .span_id = {2}, .trace_state = {state, sizeof state - 1}}};
    const otel_propagator *list[] = {&otel_propagator_tracecontext};
    otel_inject_by(list, 1, &c, &said_setter, &out);
    assert_non_null(strstr(out.text, "|tracestate:" M30 ",x=1,y=1"));
    assert_null(strstr(out.text, "z=1"));
}

static otel_context extract_into(const otel_context *parent, const char *const *lines, size_t count,
                                 otel_extract_memory *memory)
{
    const otel_propagator *list[] = {&otel_propagator_tracecontext};
    const header_list headers = {lines, count};
    return otel_extract_by(list, 1, parent, &list_getter, &headers, memory);
}

static void memory_is_what_limits_the_state(void **unused)
{
    (void)unused;
    char room[8];
    const char *const lines[] = {PARENT, "tracestate:a=1,b=23"};
    otel_extract_memory memory = {.buffer = room, .capacity = 7};
    otel_context c = extract_into(NULL, lines, 2, NULL);
    assert_true(otel_span_context_valid(&c.span_context));
    assert_int_equal(c.span_context.trace_state.size, 0);
    c = extract_into(NULL, lines, 2, &memory);
    assert_true(otel_span_context_valid(&c.span_context));
    assert_int_equal(c.span_context.trace_state.size, 0);
    assert_true(memory.truncated);
    assert_int_equal(memory.used, 0);
    memory = (otel_extract_memory){.buffer = room, .capacity = 8};
    c = extract_into(NULL, lines, 2, &memory);
    assert_int_equal(c.span_context.trace_state.size, 8);
    assert_int_equal(memory.used, 8);
    assert_false(memory.truncated);
}

static void the_parent_stays_without_anything_valid(void **unused)
{
    (void)unused;
    const char *const bad[] = {"traceparent:00-x", "tracestate:z=1"}, *const good[] = {PARENT};
    otel_context parent = {.span_context = {.trace_id = {1}, .span_id = {2}, .trace_state = {"a=1", 3}},
                           .span = {NULL, 7}};
    otel_context c = extract_into(&parent, bad, 2, NULL);
    assert_memory_equal(&c, &parent, sizeof c);
    c = extract_into(&parent, good, 1, NULL);
    assert_true(c.span_context.remote);
    assert_int_equal(c.span_context.trace_state.size, 0); /* of another trace */
    assert_int_equal(c.span.handle, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_ruling_on_traceparent),     cmocka_unit_test(every_ruling_on_tracestate),
        cmocka_unit_test(what_is_local_is_sent_cleaned),   cmocka_unit_test(no_more_than_32_members_are_sent),
        cmocka_unit_test(memory_is_what_limits_the_state), cmocka_unit_test(the_parent_stays_without_anything_valid)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
