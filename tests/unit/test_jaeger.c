/* uber-trace-id and uberctx-...: what otel.md calls lenient is read, one form is written. */
#include "propagation_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define J .propagators = "jaeger"
#define ID "uber-trace-id:" TRACE ":" SPAN
#define OUT(flags) "uber-trace-id:" TRACE ":" SPAN ":0:" flags

static const row rows[] = {
    {"nothing", J, {NULL}},
    {"good", J, {ID ":0:1"}, .ids = IDS "-01", .out = OUT("1")},
    {"not sampled", J, {ID ":0:0"}, .ids = IDS "-00", .out = OUT("0")},
    {"two digits", J, {ID ":0:01"}, .ids = IDS "-01", .out = OUT("1")},
    {"debug", J, {ID ":0:3"}, .ids = IDS "-01d", .out = OUT("3")},
    {"debug only with sampled", J, {ID ":0:2"}, .ids = IDS "-00", .out = OUT("0")},
    {"other flags", J, {ID ":0:f9"}, .ids = IDS "-01", .out = OUT("1")},
    {"debug through B3", .propagators = "jaeger,b3", {ID ":0:3"}, .ids = IDS "-01d", .out = OUT("3") "|b3:" IDS "-d"},
    {"parent is ignored", J, {ID ":whatever:1"}, .ids = IDS "-01", .out = OUT("1")},
    {"parent is empty", J, {ID "::1"}, .ids = IDS "-01", .out = OUT("1")},
    {"upper case",
     J,
     {"Uber-Trace-Id:0AF7651916CD43DD8448EB211C80319C:" SPAN ":0:1"},
     .ids = IDS "-01",
     .out = OUT("1")},
    {"short ids",
     J,
     {"uber-trace-id:1:2:0:1"},
     .ids = "00000000000000000000000000000001-0000000000000002-01",
     .out = "uber-trace-id:00000000000000000000000000000001:0000000000000002:0:1"},
    {"encoded", J, {"uber-trace-id:" TRACE "%3A" SPAN "%3a0%3A1"}, .ids = IDS "-01", .out = OUT("1")},
    {"zero", J, {"uber-trace-id:0:" SPAN ":0:1"}},
    {"zero", J, {"uber-trace-id:" TRACE ":0:0:1"}},
    {"too long", J, {"uber-trace-id:0" TRACE ":" SPAN ":0:1"}},
    {"too long", J, {"uber-trace-id:" TRACE ":0" SPAN ":0:1"}},
    {"no digits", J, {"uber-trace-id:" TRACE ":x:0:1"}},
    {"flags", J, {ID ":0:"}},
    {"flags", J, {ID ":0:001"}},
    {"flags", J, {ID ":0:g1"}},
    {"flags", J, {ID ":0:1g"}},
    {"fields", J, {ID ":0"}},
    {"fields", J, {ID ":0:1:1"}},
    {"fields", J, {ID}},
    {"empty", J, {"uber-trace-id:"}},
    {"baggage",
     J,
     {"uberctx-a:1", "UberCtx-b:x%20y", "other:1"},
     .baggage = "a=1,b=x y",
     .out = "uberctx-a:1|uberctx-b:x%20y"},
    {"baggage, no name", J, {"uberctx-:1", "uberctx:2"}},
    {"baggage, name is no token", J, {"uberctx-a b:1", "uberctx-c:2"}, .baggage = "c=2", .out = "uberctx-c:2"},
    {"baggage, dash that is none",
     J,
     {"uberctx\r"
      "a:1"}},
    {"baggage, stray percent", J, {"uberctx-a:%", "uberctx-b:1"}, .baggage = "b=1", .out = "uberctx-b:1"},
    {"baggage, no UTF-8", J, {"uberctx-a:\xff"}, .baggage = "a=\xef\xbf\xbd", .out = "uberctx-a:%EF%BF%BD"},
    {"baggage, line ends are encoded", J, {"uberctx-a:x%0d%0ay"}, .baggage = "a=x\r\ny", .out = "uberctx-a:x%0D%0Ay"},
};

static void every_form_that_is_read(void **unused)
{
    (void)unused;
    ROWS_HOLD(rows);
}

static bool no_get(const void *carrier, const char *name, size_t nth, otel_str *value)
{
    (void)carrier, (void)name, (void)nth, (void)value;
    return false;
}

static bool endless_keys(const void *carrier, size_t nth, otel_str *name)
{
    size_t *asked = (size_t *)(uintptr_t)carrier;
    *asked = nth;
    *name = (otel_str){"uberctx-x", 9};
    return true;
}

static void names_are_counted_and_not_asked_for_where_there_are_none(void **unused)
{
    (void)unused;
    const otel_propagator *list[] = {&otel_propagator_jaeger};
    const otel_getter no_keys = {.size = sizeof no_keys, .get = no_get},
                      endless = {sizeof endless, no_get, endless_keys};
    char room[64];
    size_t asked = 0;
    otel_extract_memory memory = {.buffer = room, .capacity = sizeof room};
    assert_null(otel_extract_by(list, 1, NULL, &no_keys, &asked, &memory).baggage);
    assert_null(otel_extract_by(list, 1, NULL, &endless, &asked, &memory).baggage);
    assert_in_range(asked, 100, 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_form_that_is_read),
                                       cmocka_unit_test(names_are_counted_and_not_asked_for_where_there_are_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
