/* B3 in both forms, ruling by ruling. */
#include "propagation_fixture.h"
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ONE .propagators = "b3"
#define MANY .propagators = "b3multi"
#define T16 "8448eb211c80319c"
#define P "-05e3ac9a4f6e3b90"
#define S(flags, state) .ids = IDS "-" flags, .out = "b3:" IDS "-" state
#define M(flags, state) .ids = IDS "-" flags, .out = "x-b3-traceid:" TRACE "|x-b3-spanid:" SPAN "|" state
#define MT "X-B3-TraceId:" TRACE
#define MS "X-B3-SpanId:" SPAN
#define NO .ids = ""

static const row single[] = {
    {"nothing", ONE, {NULL}},
    {"B3-GRAMMAR", ONE, {"b3:" IDS "-1"}, S("01", "1")},
    {"B3-GRAMMAR, denied", ONE, {"b3:" IDS "-0"}, S("00", "0")},
    {"B3-GRAMMAR, parent", ONE, {"b3:" IDS "-1" P}, S("01", "1")},
    {"B3-GRAMMAR, short id",
     ONE,
     {"b3:" T16 "-" SPAN "-1"},
     .ids = "0000000000000000" T16 "-" SPAN "-01",
     .out = "b3:0000000000000000" T16 "-" SPAN "-1"},
    {"B3-GRAMMAR, header name", ONE, {"B3:" IDS "-1"}, S("01", "1")},
    {"B3-GRAMMAR, upper case", ONE, {"b3:0AF7651916cd43dd8448eb211c80319c-" SPAN "-1"}, NO},
    {"B3-GRAMMAR, other lengths", ONE, {"b3:af7651916cd43dd8448eb211c80319c-" SPAN "-1"}, NO},
    {"B3-GRAMMAR, other lengths", ONE, {"b3:" TRACE "-7ad6b7169203331-1"}, NO},
    {"B3-GRAMMAR, zero trace id", ONE, {"b3:00000000000000000000000000000000-" SPAN "-1"}, NO},
    {"B3-GRAMMAR, zero short trace id", ONE, {"b3:0000000000000000-" SPAN "-1"}, NO},
    {"B3-GRAMMAR, zero span id", ONE, {"b3:" TRACE "-0000000000000000-1"}, NO},
    {"B3-GRAMMAR, whole string", ONE, {"b3:x" IDS "-1"}, NO},
    {"B3-GRAMMAR, whole string", ONE, {"b3:" IDS "-1x"}, NO},
    {"B3-GRAMMAR, ids alone", ONE, {"b3:" TRACE}, NO},
    {"B3-GRAMMAR, no span", ONE, {"b3:" TRACE "-"}, NO},
    {"B3-GRAMMAR, no span but a state", ONE, {"b3:" TRACE "--1"}, NO},
    {"B3-REST-BAD, state", ONE, {"b3:" IDS "-2"}, NO},
    {"B3-REST-BAD, state", ONE, {"b3:" IDS "-true"}, NO},
    {"B3-REST-BAD, empty state", ONE, {"b3:" IDS "-"}, NO},
    {"B3-REST-BAD, empty state", ONE, {"b3:" IDS "-" P}, NO},
    {"B3-REST-BAD, parent", ONE, {"b3:" IDS "-1-xyz"}, NO},
    {"B3-REST-BAD, a parent of zeros is none", ONE, {"b3:" IDS "-1-0000000000000000"}, S("01", "1")},
    {"B3-REST-BAD, short parent", ONE, {"b3:" IDS "-1-05e3ac9a4f6e3b9"}, NO},
    {"B3-REST-BAD, empty parent", ONE, {"b3:" IDS "-1-"}, NO},
    {"B3-REST-BAD, more", ONE, {"b3:" IDS "-1" P "-1"}, NO},
    {"B3-DEFER", ONE, {"b3:" IDS}, S("00", "0")},
    {"B3-DEBUG", ONE, {"b3:" IDS "-d"}, S("01d", "d")},
    {"B3-DEBUG, the other form", MANY, {"b3:" IDS "-d"}, M("01d", "x-b3-flags:1")},
    {"B3-DEBUG, upper case", ONE, {"b3:" IDS "-D"}, NO},
    {"B3-PRECEDENCE", ONE, {"b3:" IDS "-0", "X-B3-TraceId:" T16, MS, "X-B3-Sampled:1"}, S("00", "0")},
    {"B3-PRECEDENCE", MANY, {"X-B3-TraceId:" T16, MS, "b3:" IDS "-0"}, M("00", "x-b3-sampled:0")},
    {"B3-FALLBACK", ONE, {"b3:" IDS "-x", MT, MS, "X-B3-Sampled:1"}, S("01", "1")},
    {"B3-FALLBACK, state only", ONE, {"b3:0", MT, MS, "X-B3-Sampled:1"}, S("01", "1")},
    {"B3-FALLBACK, nothing of it stays", ONE, {"b3:" IDS "-d-x", MT, MS}, S("00", "0")},
    {"B3-STATE-ONLY", ONE, {"b3:0"}, NO},
    {"B3-STATE-ONLY", ONE, {"b3:1"}, NO},
    {"B3-STATE-ONLY", ONE, {"b3:d"}, NO},
    {"B3-FIRST", ONE, {"b3:" IDS "-1", "b3:" IDS "-0"}, S("01", "1")},
    {"B3-OWS", ONE, {"b3: " IDS "-1"}, NO},
    {"B3-OWS", ONE, {"b3:" IDS "-1 "}, NO},
    {"B3-GRAMMAR, empty", ONE, {"b3:"}, NO},
    {"B3-GRAMMAR, dashes", ONE, {"b3:---"}, NO},
};

static const row multi[] = {
    {"B3-GRAMMAR", MANY, {MT, MS, "X-B3-Sampled:1"}, M("01", "x-b3-sampled:1")},
    {"B3-GRAMMAR, case of names",
     MANY,
     {"x-b3-traceid:" TRACE, "X-B3-SPANID:" SPAN, "x-B3-sampled:0"},
     M("00", "x-b3-sampled:0")},
    {"B3-GRAMMAR, other form", ONE, {MT, MS, "X-B3-Sampled:1"}, S("01", "1")},
    {"B3-GRAMMAR, no span id", MANY, {MT, "X-B3-Sampled:1"}, NO},
    {"B3-GRAMMAR, no trace id", MANY, {MS, "X-B3-Sampled:1"}, NO},
    {"B3-GRAMMAR, short id",
     MANY,
     {"X-B3-TraceId:" T16, MS},
     .ids = "0000000000000000" T16 "-" SPAN "-00",
     .out = "x-b3-traceid:0000000000000000" T16 "|x-b3-spanid:" SPAN "|x-b3-sampled:0"},
    {"B3-GRAMMAR, shorter id", MANY, {"X-B3-TraceId:448eb211c80319c", MS}, NO},
    {"B3-GRAMMAR, upper case", MANY, {MT, "X-B3-SpanId:B7AD6B7169203331"}, NO},
    {"B3-GRAMMAR, zero", MANY, {"X-B3-TraceId:00000000000000000000000000000000", MS}, NO},
    {"B3-DEFER", MANY, {MT, MS}, M("00", "x-b3-sampled:0")},
    {"B3-DEBUG", MANY, {MT, MS, "X-B3-Flags:1"}, M("01d", "x-b3-flags:1")},
    {"B3-DEBUG, the other form", ONE, {MT, MS, "X-B3-Flags:1"}, S("01d", "d")},
    {"B3-DEBUG, beats sampled", MANY, {MT, MS, "X-B3-Flags:1", "X-B3-Sampled:0"}, M("01d", "x-b3-flags:1")},
    {"B3-DEBUG, other flags", MANY, {MT, MS, "X-B3-Flags:0", "X-B3-Sampled:1"}, M("01", "x-b3-sampled:1")},
    {"B3-DEBUG, other flags", MANY, {MT, MS, "X-B3-Flags:2"}, M("00", "x-b3-sampled:0")},
    {"B3-STATE-ONLY", MANY, {"X-B3-Sampled:0"}, NO},
    {"B3-STATE-ONLY", MANY, {"X-B3-Flags:1"}, NO},
    {"B3-TRUE", MANY, {MT, MS, "X-B3-Sampled:true"}, M("01", "x-b3-sampled:1")},
    {"B3-TRUE", MANY, {MT, MS, "X-B3-Sampled:false"}, M("00", "x-b3-sampled:0")},
    {"B3-SAMPLED-BAD", MANY, {MT, MS, "X-B3-Sampled:d"}, NO},
    {"B3-SAMPLED-BAD", MANY, {MT, MS, "X-B3-Sampled:"}, NO},
    {"B3-SAMPLED-BAD", MANY, {MT, MS, "X-B3-Sampled:2"}, NO},
    {"B3-SAMPLED-BAD, flags", MANY, {MT, MS, "X-B3-Sampled:x", "X-B3-Flags:1"}, M("01d", "x-b3-flags:1")},
    {"B3-PARENT-BAD", MANY, {MT, MS, "X-B3-Sampled:1", "X-B3-ParentSpanId:x"}, M("01", "x-b3-sampled:1")},
    {"B3-PARENT-BAD, never sent",
     MANY,
     {MT, MS, "X-B3-Sampled:1", "X-B3-ParentSpanId:" T16},
     M("01", "x-b3-sampled:1")},
    {"B3-FIRST",
     MANY,
     {MT, "X-B3-TraceId:" T16, MS, "X-B3-SpanId:x", "X-B3-Sampled:1", "X-B3-Sampled:0"},
     M("01", "x-b3-sampled:1")},
};

static void every_ruling_on_the_single_header(void **unused)
{
    (void)unused;
    ROWS_HOLD(single);
}

static void every_ruling_on_the_many(void **unused)
{
    (void)unused;
    ROWS_HOLD(multi);
}

/* A later propagator does not clear what an earlier one found; what it finds itself wins. */
static const row composed[] = {
    {"composite, first",
     .propagators = "tracecontext,b3",
     {PARENT, "b3:" IDS "-x"},
     .ids = IDS "-01",
     .out = "traceparent:00-" IDS "-01|b3:" IDS "-1"},
    {"composite, last wins",
     .propagators = "tracecontext,b3",
     {PARENT, "b3:" TRACE "-00000000000000ff-0"},
     .ids = TRACE "-00000000000000ff-00",
     .out = "traceparent:00-" TRACE "-00000000000000ff-00|b3:" TRACE "-00000000000000ff-0"},
    {"composite, last wins",
     .propagators = "b3,tracecontext",
     {PARENT, "b3:" TRACE "-00000000000000ff-d"},
     .ids = IDS "-01",
     .out = "b3:" IDS "-1|traceparent:00-" IDS "-01"},
    {"B3-NOTHING", .propagators = "tracecontext,baggage,b3,b3multi,jaeger", {"x:y"}, NO},
    {"composite, random flag",
     .propagators = "tracecontext,b3",
     {"traceparent:00-" IDS "-03"},
     .ids = IDS "-03",
     .out = "traceparent:00-" IDS "-03|b3:" IDS "-1"},
};

static void composites_keep_what_is_valid(void **unused)
{
    (void)unused;
    ROWS_HOLD(composed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_ruling_on_the_single_header),
                                       cmocka_unit_test(every_ruling_on_the_many),
                                       cmocka_unit_test(composites_keep_what_is_valid)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
