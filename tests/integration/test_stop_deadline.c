/* Deadlines with peers that do not answer, refuse, do not take connections, and a name server that hangs: otel_stop
 * comes back in time, and nobody else is delayed. What takes too long three times in a row has failed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <otel/exporters/otlp.h>
#include <otel/otel.h>

#include "child.h"
#include "http_server.h"
#include "peers.h"

enum {
    STOP_MS = 500,
    STOP_MOST_MS = 600,
    LOOK_UP_MS = 60000,
    LINE_MOST_MS = 50,
    EMIT_MOST_MS = 20,
    LATE = 3,
    WRONG = 4
};
#define SLOW_NAME "slow.invalid"

static otel_logger logger = OTEL_LOGGER_INIT("stop", "1");

/* Stands in front of the C library's for the whole process, libcurl included. */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    if (node && strcmp(node, SLOW_NAME) == 0) {
        child_sleep_ms(LOOK_UP_MS);
        return EAI_AGAIN;
    }
    *(void **)(void *)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    return real(node, service, hints, result);
}

typedef struct scene {
    char endpoint[64];
    unsigned before_stop_ms; /* so long after the records: at once, or in the middle of an attempt */
    unsigned port;
} scene;

static int complain(const char *what, long long number)
{
    printf("%s: %lld\n", what, number);
    return WRONG;
}

/* ---- stopping ---- */

static int stop_in_time(void *argument)
{
    const scene *s = argument;
    otel_pipeline_books books;
    child_environment("otlp", s->endpoint);
    setenv("OTEL_BLRP_SCHEDULE_DELAY", "10", 1);
    setenv("OTEL_LOG_LEVEL", "off", 1);
    if (otel_start(NULL) != OTEL_OK) return complain("not started", 0);
    for (int i = 0; i < 10; i++) OTEL_LOG_INFO(&logger, "left behind", OTEL_INT("i", i));
    child_sleep_ms(s->before_stop_ms);
    int64_t began = child_now_ms();
    otel_result result = otel_stop(STOP_MS);
    int64_t took = child_now_ms() - began;
    if (result != OTEL_ERR_TIMEOUT) return complain("result of otel_stop", result);
    if (took < STOP_MS - 10) return complain("ms: it did not try as long as it might", took);
    if (!otel_provider_pipeline_books(NULL, 0, &books) || books.taken != 10 ||
        books.dropped_after_stop + books.queued != 10)
        return complain("records dropped after stop", (long long)books.dropped_after_stop);
    printf("%lld ms, %llu not settled\n", (long long)took, (unsigned long long)books.queued);
    return took > STOP_MOST_MS || books.queued ? LATE : 0;
}

/* A deadline is missed when it is missed three times in a row: others use the machine too. */
static void expect_in_time(int (*body)(void *), scene *s, unsigned limit_ms, const char *what)
{
    for (int attempt = 0;; attempt++) {
        child_end end = child_run(body, s, limit_ms);
        if (end.code != LATE || attempt == 2) {
            child_expect_good(end, what);
            return;
        }
        free(end.text);
    }
}

static void expect_stop_in_time(const char *host, unsigned port)
{
    static const unsigned moments[] = {0, 200, 700};
    scene s = {.port = port};
    snprintf(s.endpoint, sizeof s.endpoint, "http://%s:%u", host, port);
    size_t count = child_long() ? 3 : 2;
    for (size_t i = 0; i < count; i++) {
        s.before_stop_ms = moments[i];
        expect_in_time(stop_in_time, &s, 30000, s.endpoint); /* the exit of the process does not wait either */
    }
}

static void a_peer_that_never_answers(void **state)
{
    (void)state;
    expect_stop_in_time("127.0.0.1", peer_silent());
}

static void a_closed_port(void **state)
{
    (void)state;
    expect_stop_in_time("127.0.0.1", peer_closed());
}

static void a_full_backlog(void **state)
{
    (void)state;
    expect_stop_in_time("127.0.0.1", peer_full());
}

static void a_look_up_that_hangs(void **state)
{
    (void)state;
    expect_stop_in_time(SLOW_NAME, 4318);
}

/* ---- the others ---- */

static bool line_comes(int fd, const char *text, int limit_ms)
{
    char line[1024];
    size_t size = 0;
    struct pollfd watched = {.fd = fd, .events = POLLIN};
    while (size + 1 < sizeof line && poll(&watched, 1, limit_ms) == 1 && read(fd, line + size, 1) == 1 &&
           line[size] != '\n')
        size++;
    line[size] = '\0';
    return strstr(line, text) != NULL;
}

/* Lines of the console are read as they come, while the other exporter hangs. */
static int console_at_once(void *argument)
{
    const scene *s = argument;
    int pipes[2], out = dup(STDOUT_FILENO);
    int64_t slowest_emit = 0, slowest_line = 0;
    child_environment("console,otlp", s->endpoint);
    setenv("OTEL_BLRP_SCHEDULE_DELAY", "10", 1);
    setenv("OTEL_LOG_LEVEL", "off", 1);
    if (pipe(pipes) != 0 || dup2(pipes[1], STDOUT_FILENO) < 0 || otel_start(NULL) != OTEL_OK) return WRONG;
    for (int i = 0; i < 100; i++) {
        char text[32];
        snprintf(text, sizeof text, "line-%d-", i);
        int64_t began = child_now_ms();
        OTEL_LOG_INFO(&logger, text);
        int64_t emitted = child_now_ms();
        if (!line_comes(pipes[0], text, 20000)) return dprintf(out, "%s did not come\n", text), WRONG;
        int64_t read_at = child_now_ms();
        if (emitted - began > slowest_emit) slowest_emit = emitted - began;
        if (read_at - emitted > slowest_line) slowest_line = read_at - emitted;
        child_sleep_ms(10);
    }
    int64_t began = child_now_ms();
    otel_stop(STOP_MS);
    int64_t stop = child_now_ms() - began;
    dprintf(out, "emit %lld, line %lld, stop %lld ms\n", (long long)slowest_emit, (long long)slowest_line,
            (long long)stop);
    return slowest_emit > EMIT_MOST_MS || slowest_line > LINE_MOST_MS || stop > STOP_MOST_MS ? LATE : 0;
}

static otel_log_processor *batch_to(const char *endpoint)
{
    otel_log_exporter *exporter = otel_otlp_exporter_new(&(otel_otlp_options){.endpoint = endpoint});
    return otel_batch_log_processor_new(exporter, &(otel_batch_options){.schedule_delay_ms = 10});
}

static bool arrives(http_server *server, size_t count, int64_t limit_ms)
{
    int64_t limit = child_now_ms() + limit_ms;
    while (http_server_count(server) < count && child_now_ms() < limit) child_sleep_ms(1);
    return http_server_count(server) >= count;
}

/* Two OTLP exporters on the one loop: one hangs, the other's records arrive within moments. */
static int others_undelayed(void *argument)
{
    const scene *s = argument;
    char good[64];
    int64_t slowest = 0;
    http_server *server = http_server_start(NULL);
    child_environment(NULL, NULL);
    setenv("OTEL_LOG_LEVEL", "off", 1);
    snprintf(good, sizeof good, "http://127.0.0.1:%u", http_server_port(server));
    otel_log_processor *list[] = {batch_to(s->endpoint), batch_to(good)};
    if (otel_start(&(otel_options){.log_processors = list, .log_processor_count = 2}) != OTEL_OK) return WRONG;
    for (size_t i = 1; i <= 20; i++) {
        int64_t began = child_now_ms();
        OTEL_LOG_INFO(&logger, "to both");
        if (!arrives(server, i, 20000)) return complain("requests arrived", (long long)http_server_count(server));
        int64_t took = child_now_ms() - began;
        if (took > slowest) slowest = took;
        child_sleep_ms(30);
    }
    int64_t began = child_now_ms();
    otel_stop(STOP_MS);
    int64_t stop = child_now_ms() - began;
    printf("arrival %lld, stop %lld ms\n", (long long)slowest, (long long)stop);
    return slowest > 10 + LINE_MOST_MS || stop > STOP_MOST_MS ? LATE : 0;
}

static void the_others_are_not_delayed(void **state)
{
    scene hanging = {.port = peer_silent()}, nameless = {.endpoint = "http://" SLOW_NAME ":4318"};
    (void)state;
    snprintf(hanging.endpoint, sizeof hanging.endpoint, "http://127.0.0.1:%u", hanging.port);
    expect_in_time(console_at_once, &hanging, 50000, "console beside a receiver that hangs");
    expect_in_time(console_at_once, &nameless, 50000, "console beside a look-up that hangs");
    expect_in_time(others_undelayed, &hanging, 50000, "otlp beside a receiver that hangs");
    expect_in_time(others_undelayed, &nameless, 50000, "otlp beside a look-up that hangs");
}

/* ---- no unrest ---- */

/* A flush whose time was over is still open: that is no reason to look a thousand times a second whether it is done. */
static int rest_after_flush(void *argument)
{
    const scene *s = argument;
    struct rusage before, after;
    child_environment("otlp", s->endpoint);
    setenv("OTEL_LOG_LEVEL", "off", 1);
    if (otel_start(NULL) != OTEL_OK) return WRONG;
    OTEL_LOG_INFO(&logger, "not taken");
    if (otel_flush(50) != OTEL_ERR_TIMEOUT) return complain("flush", 0);
    getrusage(RUSAGE_SELF, &before);
    child_sleep_ms(500);
    getrusage(RUSAGE_SELF, &after);
    otel_stop(0);
    long wakes = after.ru_nvcsw - before.ru_nvcsw;
    return wakes > 50 ? complain("wake-ups in half a second", wakes) : 0;
}

static void nobody_spins(void **state)
{
    const unsigned ports[] = {peer_closed(), peer_silent(), peer_full()};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        scene s = {.port = ports[i]};
        snprintf(s.endpoint, sizeof s.endpoint, "http://127.0.0.1:%u", s.port);
        child_expect_good(child_run(rest_after_flush, &s, 50000), "rest while a flush is open");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_peer_that_never_answers),
        cmocka_unit_test(a_closed_port),
        cmocka_unit_test(a_full_backlog),
        cmocka_unit_test(a_look_up_that_hangs),
        cmocka_unit_test(the_others_are_not_delayed),
        cmocka_unit_test(nobody_spins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
