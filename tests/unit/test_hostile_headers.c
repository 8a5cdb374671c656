/* Headers of 64 KiB that somebody made on purpose: time is bounded, memory is kept to, and what goes out is clean. */
#include "propagation_fixture.h"
#include "propagation_rounds.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { HOSTILE = 65536, MOST_MS = 200 /* some are quadratic in what is read of them; unbounded they take seconds */ };

static char text[HOSTILE + 200];

/* So many bytes of that unit behind the beginning. */
static otel_str repeat(const char *begin, const char *unit, const char *end)
{
    size_t size = strlen(begin), n = strlen(unit);
    memcpy(text, begin, size);
    for (; size + n <= HOSTILE; size += n) memcpy(text + size, unit, n);
    strcpy(text + size, end);
    return (otel_str){text, size + strlen(end)};
}

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Too slow only when three tries in a row are. */
static bool quick(const char *what, const otel_getter *getter, const void *carrier)
{
    int64_t took = 0;
    for (int i = 0; i < 3; i++) {
        int64_t begin = now_us();
        check_all_rounds(getter, carrier, 100);
        took = now_us() - begin;
        if (took < MOST_MS * 1000 * 4) return true;
    }
    fprintf(stderr, "%s: %lld us\n", what, (long long)took);
    return false;
}

static const char end[] = "\ntraceparent: 00-" IDS "-01\n";
static const struct {
    const char *begin, *unit;
} hostile[] = {
    {"", "a:\n"},
    {"", "\n"},
    {"", "tracestate:\n"},
    {"", "tracestate: ,\n"},
    {"", "baggage:\n"},
    {"", "baggage: a=1\n"},
    {"", "uberctx-a:\n"},
    {"", "uberctx-a: 1\n"},
    {"tracestate: ", "a=1,"},
    {"tracestate: ", ","},
    {"tracestate: ", " "},
    {"tracestate: a=", "b"},
    {"tracestate: ", "\x01"},
    {"baggage: ", "k=v,"},
    {"baggage: ", ","},
    {"baggage: ", "=,"},
    {"baggage: ", "\x01"},
    {"baggage: ", "\xff"},
    {"baggage: k=", "%ff"},
    {"baggage: k=", "%"},
    {"baggage: k=v", ";"},
    {"baggage: k=v", ";m"},
    {"baggage: k=v", ";m=\x01"},
    {"baggage: ", "\t"},
    {"b3: ", "-"},
    {"b3: ", "0"},
    {"uber-trace-id: ", ":"},
    {"uber-trace-id: ", "%3a"},
    {"uber-trace-id: 1:2:", "0"},
    {"", "traceparent: 00-" IDS "-01\n"},
};

static void time_and_memory_are_bounded(void **unused)
{
    (void)unused;
    size_t slow = 0;
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        otel_str all = repeat(hostile[i].begin, hostile[i].unit, end);
        slow += !quick(hostile[i].begin[0] ? hostile[i].begin : hostile[i].unit, &otel_header_text_getter, &all);
    }
    assert_int_equal(slow, 0);
}

/* Behind all that the one good header is still found. */
static void what_is_good_is_found(void **unused)
{
    (void)unused;
    char room[512];
    const char *const begins[] = {"a:\n", "tracestate: ,\n", "baggage: \"\n"};
    const otel_propagator *list[] = {&otel_propagator_tracecontext};
    for (size_t i = 0; i < 3; i++) {
        otel_str all = repeat("", begins[i], end);
        otel_extract_memory memory = {.buffer = room, .capacity = sizeof room};
        otel_context c = otel_extract_by(list, 1, NULL, &otel_header_text_getter, &all, &memory);
        assert_true(otel_span_context_valid(&c.span_context));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(time_and_memory_are_bounded),
                                       cmocka_unit_test(what_is_good_is_found)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
