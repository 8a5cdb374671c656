/* A program with an event loop of its own and no thread of ours: whatever the receiver does, no call of ours holds the
 * loop up, and flush and stop end in time. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <otel/otel.h>

#include "child.h"
#include "host_scene.h"

enum { STOP_MS = 300, STOP_MOST_MS = 400, LOOK_UP_MS = 30000 };
#define SLOW_NAME "slow.invalid"

static _Atomic int looked_up;

/* Stands in front of the C library's for the whole process, libcurl included. */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    if (node && strcmp(node, SLOW_NAME) == 0) {
        atomic_fetch_add(&looked_up, 1);
        child_sleep_ms(LOOK_UP_MS);
        return EAI_AGAIN;
    }
    *(void **)(void *)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    return real(node, service, hints, result);
}

/* Text that gzip has to work for. */
static char *make_text(size_t size)
{
    uint32_t x = 12345;
    char *text = malloc(size + 1);
    if (!text) abort();
    for (size_t i = 0; i < size; i++) {
        x = x * 1664525 + 1013904223;
        text[i] = (char)('a' + (x >> 24) % 26);
    }
    text[size] = '\0';
    return text;
}

/* Stopping ends in time; what was taken is exported, or accounted as left. */
static int end(const scene *s)
{
    otel_pipeline_books books;
    int64_t began = child_now_ms();
    otel_result result = otel_stop(s->arrives ? 50000 : STOP_MS);
    int64_t took = child_now_ms() - began;
    if (!otel_provider_pipeline_books(NULL, 0, &books)) return complain("no books", 0);
    if (s->arrives && (result != OTEL_OK || books.exported != books.taken - books.dropped_queue_full))
        return complain("exported", (long long)books.exported);
    if (s->arrives && books.exported < 20) return complain("too few exported", (long long)books.exported);
    return !s->arrives && took > STOP_MOST_MS ? LATE : 0;
}

static int play(void *argument)
{
    const scene *s = argument;
    host_loop loop = {.count = 1, .restless = true};
    char *text = make_text(s->record_bytes);
    set_environment(s);
    if (!start_hosted()) return complain("not started", 0);
    loop.providers[0] = otel_provider_global();
    if (s->tls) { /* what its first connection costs is told apart: it is in the documentation */
        host_loop_measure(&loop, log_one, text);
        for (int64_t until = child_now_ms() + 300; child_now_ms() < until;) host_loop_turn(&loop, 1000);
        printf("TLS made ready: %lld us\n", (long long)loop.most_cpu_us);
        loop.most_cpu_us = loop.most_waiting_us = loop.most_wall_us = 0;
    }
    while (loop.turns < s->turns) {
        for (unsigned i = 0; i < s->records_a_turn; i++) host_loop_measure(&loop, log_one, text);
        host_loop_turn(&loop, 100);
    }
    int code = judge(s, &loop, looked_up);
    free(text);
    int ended = end(s);
    return code ? code : ended;
}

static void no_call_takes_long(void **state)
{
    scene scenes[] = {
        {.name = "a receiver that hangs", .port = &ports.silent, .turns = 10000, .records_a_turn = 2},
        {.name = "nobody listens", .port = &ports.closed, .turns = 2000, .records_a_turn = 1},
        {.name = "a full backlog", .port = &ports.full, .turns = 2000, .records_a_turn = 1},
        {.name = "a look-up that hangs", .host = SLOW_NAME, .port = &ports.good, .turns = 4000, .records_a_turn = 1},
        {.name = "an answer in drops", .port = &ports.dribbling, .turns = 3000, .records_a_turn = 1},
        {.name = "an endless answer", .port = &ports.endless, .turns = 3000, .records_a_turn = 1},
        {.name = "an answer that unfolds", .port = &ports.bomb, .turns = 1000, .records_a_turn = 1},
        {.name = "TLS", .port = &ports.tls, .turns = 3000, .records_a_turn = 1, .tls = true, .arrives = true},
        {.name = "TLS that hangs", .port = &ports.silent, .turns = 4000, .records_a_turn = 1, .tls = true},
        {.name = "TLS that hangs, the system's authorities",
         .port = &ports.silent,
         .turns = 4000,
         .records_a_turn = 1,
         .tls = true,
         .system_authorities = true},
        {.name = "a slow network", .port = &ports.slow, .turns = 3000, .records_a_turn = 1, .arrives = true},
        {.name = "gzip", .port = &ports.good, .turns = 3000, .records_a_turn = 2, .gzip = true, .arrives = true},
        {.name = "gzip of large batches",
         .port = &ports.good,
         .turns = 300,
         .records_a_turn = 20,
         .record_bytes = 4000,
         .queue = "8000",
         .batch = "4000",
         .gzip = true,
         .arrives = true},
        {.name = "gzip of large records",
         .port = &ports.good,
         .turns = 200,
         .records_a_turn = 1,
         .record_bytes = 1000000,
         .gzip = true,
         .arrives = true},
        {.name = "large batches",
         .port = &ports.good,
         .turns = 1000,
         .records_a_turn = 300,
         .queue = "300000",
         .batch = "65536",
         .arrives = true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) {
        if (child_long()) scenes[i].turns *= 5;
        expect_in_time(play, &scenes[i]);
    }
}

/* ---- flush and stop ---- */

static int flush_in_time(void *argument)
{
    const scene *s = argument;
    set_environment(s);
    setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "10000", 1);
    if (!start_hosted()) return complain("not started", 0);
    log_one("stays here");
    int64_t began = child_now_ms();
    if (otel_flush(200) != OTEL_ERR_TIMEOUT) return complain("flush", 0);
    int64_t flushed = child_now_ms() - began;
    otel_stop(STOP_MS);
    int64_t stopped = child_now_ms() - began - flushed;
    printf("%s: flush(200) took %lld ms, stop(%d) %lld ms\n", s->name, (long long)flushed, STOP_MS, (long long)stopped);
    if (host_loop_threads() > 1 + looked_up) return complain("threads", host_loop_threads());
    return flushed > 300 || stopped > STOP_MOST_MS ? LATE : 0;
}

static void flush_and_stop_end_in_time(void **state)
{
    scene scenes[] = {
        {.name = "a receiver that hangs", .port = &ports.silent},
        {.name = "an answer in drops", .port = &ports.dribbling},
        {.name = "a full backlog", .port = &ports.full},
        {.name = "a look-up that hangs", .host = SLOW_NAME, .port = &ports.good},
    };
    (void)state;
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) expect_in_time(flush_in_time, &scenes[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_call_takes_long),
        cmocka_unit_test(flush_and_stop_end_in_time),
    };
    start_receivers();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
