/* What the W3C's suite for Trace Context (levels 1 and 2, strict) asks of a service, case by case under its names: what
 * a request carries, and what the calls that are made for it must. The suite itself: tests/interop/w3c. */
#include "propagation_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ID "12345678901234567890123456789012"
#define OF "1234567890123456"
#define OLD "traceparent:00-" ID "-" OF "-00"
#define X(s) "traceparent:" s
#define STATE(s) OLD, "tracestate:" s
#define Z16 "zzzzzzzzzzzzzzzz"
#define Z240 Z16 Z16 Z16 Z16 Z16 Z16 Z16 Z16 Z16 Z16 Z16 Z16 Z16 Z16 Z16
#define T241 Z240 "t"
#define ALL_KEY "abcdefghijklmnopqrstuvwxyz0123456789_-*/"
#define ALL_VALUE " !\"#$%&'()*+-./0123456789:;<>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"
#define TEN(n) n "0=0," n "1=1," n "2=2," n "3=3," n "4=4," n "5=5," n "6=6," n "7=7," n "8=8," n "9=9"
#define THIRTY TEN("bar0"), "tracestate:" TEN("bar1"), "tracestate:" TEN("bar2")
#define THIRTY_OUT TEN("bar0") "," TEN("bar1") "," TEN("bar2")

/* kept: the trace goes on; state: what comes out as tracestate, NULL: none. */
typedef struct w3c_case {
    const char *name;
    const char *in[8];
    bool kept;
    const char *state;
} w3c_case;

static const w3c_case cases[] = {
    {"both_traceparent_and_tracestate_missing", {NULL}, false, NULL},
    {"traceparent_included_tracestate_missing", {X("00-" ID "-" OF "-01")}, true, NULL},
    {"traceparent_duplicated",
     {X("00-12345678901234567890123456789011-" OF "-01"), X("00-" ID "-" OF "-01")},
     false,
     NULL},
    {"traceparent_header_name", {"trace-parent:00-" ID "-" OF "-01"}, false, NULL},
    {"traceparent_header_name", {"trace.parent:00-" ID "-" OF "-01"}, false, NULL},
    {"traceparent_header_name_valid_casing", {"TraceParent:00-" ID "-" OF "-01"}, true, NULL},
    {"traceparent_header_name_valid_casing", {"TrAcEpArEnT:00-" ID "-" OF "-01"}, true, NULL},
    {"traceparent_header_name_valid_casing", {"TRACEPARENT:00-" ID "-" OF "-01"}, true, NULL},
    {"traceparent_version_0x00", {X("00-" ID "-" OF "-01.")}, false, NULL},
    {"traceparent_version_0x00", {X("00-" ID "-" OF "-01-of-a-later-version")}, false, NULL},
    {"traceparent_version_0xcc", {X("cc-" ID "-" OF "-01")}, true, NULL},
    {"traceparent_version_0xcc", {X("cc-" ID "-" OF "-01-of-a-later-version")}, true, NULL},
    {"traceparent_version_0xcc", {X("cc-" ID "-" OF "-01.of-a-later-version")}, false, NULL},
    {"traceparent_version_0xff", {X("ff-" ID "-" OF "-01")}, false, NULL},
    {"traceparent_version_illegal_characters", {X(".0-" ID "-" OF "-01")}, false, NULL},
    {"traceparent_version_illegal_characters", {X("0.-" ID "-" OF "-01")}, false, NULL},
    {"traceparent_version_too_long", {X("000-" ID "-" OF "-01")}, false, NULL},
    {"traceparent_version_too_long", {X("0000-" ID "-" OF "-01")}, false, NULL},
    {"traceparent_version_too_short", {X("0-" ID "-" OF "-01")}, false, NULL},
    {"traceparent_trace_id_all_zero", {X("00-00000000000000000000000000000000-" OF "-01")}, false, NULL},
    {"traceparent_trace_id_illegal_characters", {X("00-.2345678901234567890123456789012-" OF "-01")}, false, NULL},
    {"traceparent_trace_id_illegal_characters", {X("00-1234567890123456789012345678901.-" OF "-01")}, false, NULL},
    {"traceparent_trace_id_too_long", {X("00-" ID "3-" OF "-01")}, false, NULL},
    {"traceparent_trace_id_too_short", {X("00-1234567890123456789012345678901-" OF "-01")}, false, NULL},
    {"traceparent_parent_id_all_zero", {X("00-" ID "-0000000000000000-01")}, false, NULL},
    {"traceparent_parent_id_illegal_characters", {X("00-" ID "-.234567890123456-01")}, false, NULL},
    {"traceparent_parent_id_illegal_characters", {X("00-" ID "-123456789012345.-01")}, false, NULL},
    {"traceparent_parent_id_too_long", {X("00-" ID "-" OF "7-01")}, false, NULL},
    {"traceparent_parent_id_too_short", {X("00-" ID "-123456789012345-01")}, false, NULL},
    {"traceparent_trace_flags_illegal_characters", {X("00-" ID "-" OF "-.0")}, false, NULL},
    {"traceparent_trace_flags_illegal_characters", {X("00-" ID "-" OF "-0.")}, false, NULL},
    {"traceparent_trace_flags_too_long", {X("00-" ID "-" OF "-001")}, false, NULL},
    {"traceparent_trace_flags_too_short", {X("00-" ID "-" OF "-1")}, false, NULL},
    {"traceparent_ows_handling", {X(" 00-" ID "-" OF "-01")}, true, NULL},
    {"traceparent_ows_handling", {X("\t00-" ID "-" OF "-01")}, true, NULL},
    {"traceparent_ows_handling", {X("00-" ID "-" OF "-01 ")}, true, NULL},
    {"traceparent_ows_handling", {X("00-" ID "-" OF "-01\t")}, true, NULL},
    {"traceparent_ows_handling", {X("\t 00-" ID "-" OF "-01 \t")}, true, NULL},
    {"tracestate_included_traceparent_missing", {"tracestate:foo=1"}, false, NULL},
    {"tracestate_included_traceparent_missing", {"tracestate:foo=1,bar=2"}, false, NULL},
    {"tracestate_included_traceparent_included", {STATE("foo=1,bar=2")}, true, "foo=1,bar=2"},
    {"tracestate_header_name", {OLD, "trace-state:foo=1"}, true, NULL},
    {"tracestate_header_name", {OLD, "trace.state:foo=1"}, true, NULL},
    {"tracestate_header_name_valid_casing", {OLD, "TraceState:foo=1"}, true, "foo=1"},
    {"tracestate_header_name_valid_casing", {OLD, "TrAcEsTaTe:foo=1"}, true, "foo=1"},
    {"tracestate_header_name_valid_casing", {OLD, "TRACESTATE:foo=1"}, true, "foo=1"},
    {"tracestate_empty_header", {STATE("")}, true, NULL},
    {"tracestate_empty_header", {STATE("foo=1"), "tracestate:"}, true, "foo=1"},
    {"tracestate_empty_header", {STATE(""), "tracestate:foo=1"}, true, "foo=1"},
    {"tracestate_multiple_headers_different_keys",
     {STATE("foo=1,bar=2"), "tracestate:rojo=1,congo=2", "tracestate:baz=3"},
     true,
     "foo=1,bar=2,rojo=1,congo=2,baz=3"},
    {"tracestate_duplicated_keys", {STATE("foo=1,foo=1")}, true, "foo=1"},
    {"tracestate_duplicated_keys", {STATE("foo=1,foo=2")}, true, "foo=1"},
    {"tracestate_duplicated_keys", {STATE("foo=1"), "tracestate:foo=1"}, true, "foo=1"},
    {"tracestate_duplicated_keys", {STATE("foo=1"), "tracestate:foo=2"}, true, "foo=1"},
    {"tracestate_all_allowed_characters", {STATE(ALL_KEY "=" ALL_VALUE)}, true, ALL_KEY "=" ALL_VALUE},
    {"tracestate_all_allowed_characters",
     {STATE(ALL_KEY "@a-z0-9_-*/=" ALL_VALUE)},
     true,
     ALL_KEY "@a-z0-9_-*/=" ALL_VALUE},
    {"tracestate_ows_handling", {STATE("foo=1 \t , \t bar=2, \t baz=3")}, true, "foo=1,bar=2,baz=3"},
    {"tracestate_ows_handling", {STATE("foo=1\t \t,\t \tbar=2,\t \tbaz=3")}, true, "foo=1,bar=2,baz=3"},
    {"tracestate_ows_handling", {STATE(" foo=1")}, true, "foo=1"},
    {"tracestate_ows_handling", {STATE("\tfoo=1")}, true, "foo=1"},
    {"tracestate_ows_handling", {STATE("foo=1 ")}, true, "foo=1"},
    {"tracestate_ows_handling", {STATE("foo=1\t")}, true, "foo=1"},
    {"tracestate_ows_handling", {STATE("\t foo=1 \t")}, true, "foo=1"},
    {"tracestate_key_illegal_characters", {STATE("foo =1")}, true, NULL},
    {"tracestate_key_illegal_characters", {STATE("FOO=1")}, true, NULL},
    {"tracestate_key_illegal_characters", {STATE("foo.bar=1")}, true, NULL},
    {"tracestate_key_illegal_vendor_format", {STATE("foo@=1,bar=2")}, true, "foo@=1,bar=2"},
    {"tracestate_key_illegal_vendor_format", {STATE("@foo=1,bar=2")}, true, NULL},
    {"tracestate_key_illegal_vendor_format", {STATE("foo@@bar=1,bar=2")}, true, "foo@@bar=1,bar=2"},
    {"tracestate_key_illegal_vendor_format", {STATE("foo@bar@baz=1,bar=2")}, true, "foo@bar@baz=1,bar=2"},
    {"tracestate_member_count_limit", {STATE(THIRTY), "tracestate:a=1,b=2"}, true, THIRTY_OUT ",a=1,b=2"},
    {"tracestate_member_count_limit", {STATE(THIRTY), "tracestate:a=1,b=2,c=3"}, true, NULL},
    {"tracestate_key_length_limit", {STATE("foo=1"), "tracestate:" Z240 Z16 "=1"}, true, "foo=1," Z240 Z16 "=1"},
    {"tracestate_key_length_limit", {STATE("foo=1"), "tracestate:" Z240 Z16 "z=1"}, true, NULL},
    {"tracestate_key_length_limit",
     {STATE("foo=1"), "tracestate:" T241 "@vvvvvvvvvvvvvv=1"},
     true,
     "foo=1," T241 "@vvvvvvvvvvvvvv=1"},
    {"tracestate_key_length_limit", {STATE("foo=1"), "tracestate:" T241 "t@v=1"}, true, "foo=1," T241 "t@v=1"},
    {"tracestate_key_length_limit",
     {STATE("foo=1"), "tracestate:t@vvvvvvvvvvvvvvv=1"},
     true,
     "foo=1,t@vvvvvvvvvvvvvvv=1"},
    {"tracestate_value_illegal_characters", {STATE("foo=bar=baz")}, true, NULL},
    {"tracestate_value_illegal_characters", {STATE("foo=,bar=3")}, true, NULL},
    {"multiple_requests_with_valid_traceparent", {X("00-" ID "-" OF "-01")}, true, NULL},
    {"multiple_requests_without_traceparent", {NULL}, false, NULL},
    {"multiple_requests_with_illegal_traceparent", {X("00-00000000000000000000000000000000-" OF "-01")}, false, NULL},
    {"propagates_random_flag", {X("00-" ID "-" OF "-02")}, true, NULL},
};

static char room[OTEL_EXTRACT_BYTES];

/* What a service that was called calls on with. */
static otel_span_context call(const w3c_case *c, said *out)
{
    const otel_propagator *list[] = {&otel_propagator_tracecontext};
    header_list headers = {c->in, 0};
    while (c->in[headers.count]) headers.count++;
    otel_extract_memory memory = {.buffer = room, .capacity = sizeof room};
    otel_context context = otel_extract_by(list, 1, NULL, &list_getter, &headers, &memory);
    context.span_context = otel_span_context_child(&context.span_context);
    out->size = 0;
    out->text[0] = '\0';
    otel_inject_by(list, 1, &context, &said_setter, out);
    return context.span_context;
}

static bool came(const w3c_case *c, const char *trace)
{
    for (size_t i = 0; c->in[i]; i++)
        if (strstr(c->in[i], trace)) return true;
    return false;
}

/* Exactly one traceparent of version 00 with the ids of the call; the flags as they came; the state as wanted. */
static bool right(const w3c_case *c, const otel_span_context *made, const char *out)
{
    char wanted[2048], trace[33], span[17];
    uint8_t flags = c->kept ? (uint8_t)(strstr(c->in[0], "-02") ? 2 : strstr(c->in[0], "-01") ? 1 : 0) : made->flags;
    otel_trace_id_hex(made->trace_id, trace);
    otel_span_id_hex(made->span_id, span);
    int size = snprintf(wanted, sizeof wanted, "traceparent:00-%s-%s-%02x", trace, span, flags);
    if (c->state) snprintf(wanted + size, sizeof wanted - (size_t)size, "|tracestate:%s", c->state);
    return strcmp(out, wanted) == 0 && (strcmp(trace, ID) == 0) == c->kept && came(c, trace) == c->kept &&
           strcmp(span, OF) != 0 && otel_span_context_valid(made);
}

static void every_case_of_the_suite(void **unused)
{
    (void)unused;
    static said out;
    size_t bad = 0, names = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        otel_span_context one = call(&cases[i], &out);
        bool good = right(&cases[i], &one, out.text);
        otel_span_context two = call(&cases[i], &out);
        good = good && memcmp(one.span_id, two.span_id, 8) != 0;
        if (!good) fprintf(stderr, "%s: %s out\n", cases[i].name, out.text);
        bad += !good;
        names += i == 0 || strcmp(cases[i].name, cases[i - 1].name) != 0;
    }
    assert_int_equal(bad, 0);
    assert_int_equal(names, 41);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_case_of_the_suite)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
