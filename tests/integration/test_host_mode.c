/* A program with an event loop of its own and no thread of ours: whatever the receiver does, no call of ours holds the
 * loop up, nothing wakes it without need, and what it logs arrives. Every scene is a process of its own with one
 * thread; the receivers live in another. What takes too long three times in a row has failed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <otel/exporters/otlp.h>
#include <otel/otel.h>

#include "child.h"
#include "host_loop.h"
#include "http_server.h"
#include "peers.h"

enum { CALL_MOST_US = 5000, STOP_MS = 300, STOP_MOST_MS = 400, LOOK_UP_MS = 3000, LATE = 3, WRONG = 4 };
#define SLOW_NAME "slow.invalid"

static otel_logger logger = OTEL_LOGGER_INIT("host", "1");
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

/* ---- receivers ---- */

static struct {
    unsigned silent, closed, full, good, dribbling, endless, slow;
} ports;

static unsigned server_that(http_answer answer)
{
    http_server *server = http_server_start(NULL);
    http_server_script(server, &answer, 1);
    return http_server_port(server);
}

/* In a process of their own: theirs are the threads that are not ours. */
static void start_receivers(void)
{
    int pipes[2];
    pid_t parent = getpid();
    if (pipe(pipes) != 0) abort();
    if (fork() == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(1);
        ports.silent = peer_silent();
        ports.closed = peer_closed();
        ports.full = peer_full();
        ports.good = server_that((http_answer){.status = 200});
        ports.dribbling = server_that((http_answer){.drip = true});
        ports.endless = server_that((http_answer){.endless = true});
        ports.slow = peer_slow_relay(ports.good);
        if (write(pipes[1], &ports, sizeof ports) != sizeof ports) _exit(1);
        for (;;) pause();
    }
    if (read(pipes[0], &ports, sizeof ports) != sizeof ports) abort();
    close(pipes[0]);
    close(pipes[1]);
}

/* ---- a scene ---- */

typedef struct scene {
    const char *name, *host; /* host NULL: 127.0.0.1 */
    const unsigned *port;
    unsigned turns, records_a_turn, record_bytes;
    const char *queue, *batch; /* records; NULL: as ever */
    bool gzip, arrives;
} scene;

static int complain(const char *what, long long number)
{
    printf("%s: %lld\n", what, number);
    return WRONG;
}

static void set_environment(const scene *s)
{
    char endpoint[64];
    snprintf(endpoint, sizeof endpoint, "http://%s:%u", s->host ? s->host : "127.0.0.1", *s->port);
    child_environment("otlp", endpoint);
    setenv("OTEL_BLRP_SCHEDULE_DELAY", "5", 1);
    setenv("OTEL_EXPORTER_OTLP_TIMEOUT", s->arrives ? "10000" : "150", 1); /* many attempts begin and end */
    setenv("OTEL_LOG_LEVEL", "off", 1);
    if (s->gzip) setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip", 1);
    if (s->queue) setenv("OTEL_BLRP_MAX_QUEUE_SIZE", s->queue, 1);
    if (s->batch) setenv("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", s->batch, 1);
}

static bool start_hosted(void)
{
    return otel_start(&(otel_options){.service_name = "host", .run = OTEL_RUN_HOST}) == OTEL_OK;
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

static void log_one(void *text)
{
    OTEL_LOG_INFO(&logger, text, OTEL_INT("number", 7));
}

static int judge(const scene *s, const host_loop *loop)
{
    printf("%s: longest call: %lld us of processor, %lld us with a sleep in it, %lld us in all; %u polls, %d threads\n",
           s->name, (long long)loop->most_cpu_us, (long long)loop->most_waiting_us, (long long)loop->most_wall_us,
           loop->polls, loop->most_threads);
    if (loop->most_threads > 1 + looked_up) return complain("threads", loop->most_threads); /* libcurl's look-ups */
    return loop->most_cpu_us > CALL_MOST_US || loop->most_waiting_us > CALL_MOST_US ? LATE : 0;
}

/* Stopping ends in time; what was taken is exported, or accounted as left. */
static int end(const scene *s)
{
    otel_pipeline_books books;
    int64_t began = child_now_ms();
    otel_result result = otel_stop(s->arrives ? 20000 : STOP_MS);
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
    while (loop.turns < s->turns) {
        for (unsigned i = 0; i < s->records_a_turn; i++) host_loop_measure(&loop, log_one, text);
        host_loop_turn(&loop, 100);
    }
    int code = judge(s, &loop);
    free(text);
    int ended = end(s);
    return code ? code : ended;
}

static void expect_in_time(int (*body)(void *), scene *s)
{
    for (int attempt = 0;; attempt++) {
        child_end end = child_run(body, s, 60000);
        fputs(end.text, stdout);
        if (end.code != LATE || attempt == 2) {
            child_expect_good(end, s->name);
            return;
        }
        free(end.text);
    }
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

/* ---- at rest ---- */

static unsigned turns_within(host_loop *loop, int64_t ms)
{
    unsigned before = loop->turns;
    for (int64_t end = child_now_ms() + ms, now; (now = child_now_ms()) < end;)
        host_loop_turn(loop, (end - now) * 1000);
    return loop->turns - before;
}

/* What was logged before is exported, or waits for its next attempt: hardly any reason to be awake. */
static int rest(void *argument)
{
    const scene *s = argument;
    host_loop loop = {.count = 1};
    set_environment(s);
    setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "10000", 1);
    if (!start_hosted()) return complain("not started", 0);
    loop.providers[0] = otel_provider_global();
    log_one("one");
    turns_within(&loop, 300);
    unsigned turns = turns_within(&loop, 1000);
    printf("%s: %u turns in a second of rest\n", s->name, turns);
    otel_stop(0);
    return turns > s->turns ? LATE : 0;
}

static void nothing_wakes_a_host_at_rest(void **state)
{
    scene scenes[] = {
        {.name = "all exported", .port = &ports.good, .turns = 2, .arrives = true},
        {.name = "a receiver that hangs", .port = &ports.silent, .turns = 10},
        {.name = "a full backlog", .port = &ports.full, .turns = 10},
        {.name = "nobody listens", .port = &ports.closed, .turns = 20},
    };
    (void)state;
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) expect_in_time(rest, &scenes[i]);
}

static bool readable(int fd, int wait_ms)
{
    struct pollfd watched = {.fd = fd, .events = POLLIN};
    return poll(&watched, 1, wait_ms) == 1;
}

static uint64_t exported(void)
{
    otel_pipeline_books books;
    return otel_provider_pipeline_books(NULL, 0, &books) ? books.exported : 0;
}

static bool comes_to(host_loop *loop, uint64_t count)
{
    for (int64_t limit = child_now_ms() + 5000; exported() < count && child_now_ms() < limit;)
        host_loop_turn(loop, 100000);
    turns_within(loop, 50);
    return exported() == count;
}

/* The descriptor is silent when nothing is to do, speaks when something is logged, and so again after a flush. */
static int wake(void *argument)
{
    host_loop loop = {.count = 1};
    set_environment(argument);
    if (!start_hosted()) return complain("not started", 0);
    otel_provider *p = loop.providers[0] = otel_provider_global();
    log_one("first");
    if (!comes_to(&loop, 1)) return complain("exported first", (long long)exported());
    for (uint64_t i = 1; i <= 20; i++) {
        int fd = otel_poll_fd(p);
        if (otel_poll_timeout_ms(p) != -1) return complain("timeout at rest", otel_poll_timeout_ms(p));
        if (readable(fd, 0)) return complain("readable at rest, round", (long long)i);
        if (i % 2) {
            log_one("flushed");
            if (otel_flush(5000) != OTEL_OK || exported() != 2 * i) return complain("flush", (long long)exported());
        } else {
            log_one("polled");
            if (!readable(fd, 1000)) return complain("not readable though logged, round", (long long)i);
            if (!comes_to(&loop, 2 * i)) return complain("exported", (long long)exported());
        }
        turns_within(&loop, 20); /* what a flush leaves to be looked at */
        log_one("after the flush or the poll");
        if (!readable(fd, 1000)) return complain("asleep, round", (long long)i);
        if (!comes_to(&loop, 2 * i + 1)) return complain("exported later", (long long)exported());
    }
    return otel_stop(5000) == OTEL_OK ? 0 : complain("stop", 0);
}

static void a_record_wakes_the_host(void **state)
{
    scene s = {.name = "wake", .port = &ports.good, .arrives = true};
    (void)state;
    child_expect_good(child_run(wake, &s, 60000), "a record wakes the host");
}

/* ---- several providers ---- */

static otel_provider *hosted_to(unsigned port)
{
    char endpoint[64];
    snprintf(endpoint, sizeof endpoint, "http://127.0.0.1:%u", port);
    otel_log_exporter *exporter = otel_otlp_exporter_new(&(otel_otlp_options){.endpoint = endpoint});
    otel_log_processor *list[] = {
        otel_batch_log_processor_new(exporter, &(otel_batch_options){.schedule_delay_ms = 5})};
    otel_provider *p =
        otel_provider_new(&(otel_options){.log_processors = list, .log_processor_count = 1, .run = OTEL_RUN_HOST});
    if (p) otel_provider_attach(p);
    return p;
}

static int several(void *argument)
{
    const scene *s = argument;
    host_loop loop = {.count = 3};
    otel_logger loggers[3];
    otel_pipeline_books books;
    child_environment(NULL, NULL);
    setenv("OTEL_LOG_LEVEL", "off", 1);
    for (size_t i = 0; i < 3; i++) {
        loop.providers[i] = hosted_to(i == 1 ? ports.silent : ports.good);
        if (!loop.providers[i]) return complain("no provider", (long long)i);
        loggers[i] = (otel_logger)OTEL_LOGGER_INIT("several", "1");
        loggers[i].provider = loop.providers[i];
    }
    for (int n = 0; n < 100; n++) {
        for (size_t i = 0; i < 3; i++) OTEL_LOG_INFO(&loggers[i], "to each its own", OTEL_INT("n", n));
        host_loop_turn(&loop, 5000);
    }
    turns_within(&loop, 300);
    for (size_t i = 0; i < 3; i++) {
        otel_provider_pipeline_books(loop.providers[i], 0, &books);
        if (books.taken != 100) return complain("taken", (long long)books.taken);
        if (books.exported != (i == 1 ? 0 : 100)) return complain("exported", (long long)books.exported);
    }
    int code = judge(s, &loop);
    for (size_t i = 0; i < 3; i++)
        if (otel_provider_stop(loop.providers[i], 200) != (i == 1 ? OTEL_ERR_TIMEOUT : OTEL_OK))
            return complain("stop", (long long)i);
    return code;
}

static void several_providers_in_one_loop(void **state)
{
    scene s = {.name = "several providers"};
    (void)state;
    expect_in_time(several, &s);
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

/* ---- exporters that block ---- */

static otel_export_status sleep_a_while(otel_log_exporter *self, const otel_log_batch *batch, otel_export_call *call)
{
    (void)self;
    (void)batch;
    (void)call;
    child_sleep_ms(100);
    return OTEL_EXPORT_OK;
}
static const otel_log_exporter_ops sleeper_ops = {
    .size = sizeof sleeper_ops, .name = "sleeper", .flags = OTEL_EXPORTER_BLOCKS, .export_batch = sleep_a_while};

static otel_log_exporter *make_sleeper(const struct otel_config *properties)
{
    (void)properties;
    return otel_log_exporter_new(sizeof(otel_log_exporter), &sleeper_ops);
}

static int name_a_blocking_one(void *argument)
{
    static const otel_log_exporter_factory factory = {
        .size = sizeof factory, .name = "sleeper", .create = make_sleeper};
    (void)argument;
    child_environment("sleeper", NULL);
    otel_log_exporter_register(&factory);
    if (start_hosted()) return complain("started with an exporter that blocks", 0);
    if (otel_provider_global() || otel_log_gate[0] != OTEL_GATE_CLOSED) return complain("half started", 0);
    return host_loop_threads() == 1 ? 0 : complain("threads", host_loop_threads());
}

static void one_that_blocks_is_refused_in_words(void **state)
{
    (void)state;
    child_end end = child_run(name_a_blocking_one, NULL, 10000);
    assert_non_null(strstr(end.text, "exporter sleeper blocks"));
    child_expect_good(end, "an exporter that blocks");
}

/* ---- a fork ---- */

static int as_child(otel_provider *p)
{
    host_loop loop = {.providers = {p}, .count = 1};
    log_one("of the child");
    if (!comes_to(&loop, 1)) return complain("exported by the child", (long long)exported());
    if (host_loop_threads() != 1) return complain("threads of the child", host_loop_threads());
    return otel_stop(5000) == OTEL_OK ? 0 : complain("stop of the child", 0);
}

static int fork_hosted(void *argument)
{
    host_loop loop = {.count = 1};
    int status = 0;
    set_environment(argument);
    setenv("OTEL_BLRP_SCHEDULE_DELAY", "200", 1);
    if (!start_hosted()) return complain("not started", 0);
    otel_provider *p = loop.providers[0] = otel_provider_global();
    log_one("of the parent, before");
    if (!comes_to(&loop, 1)) return complain("exported", (long long)exported());
    log_one("of the parent, queued while it forks");
    pid_t pid = fork();
    if (pid == 0) {
        int code = as_child(p);
        fflush(stdout);
        _exit(code);
    }
    if (!child_wait(pid, 15000, &status) || status != 0) return complain("status of the child", status);
    if (!comes_to(&loop, 2)) return complain("exported after the fork", (long long)exported());
    return otel_stop(5000) == OTEL_OK ? 0 : complain("stop", 0);
}

static void a_child_turns_a_loop_of_its_own(void **state)
{
    scene s = {.name = "fork", .port = &ports.good, .arrives = true};
    (void)state;
    child_expect_good(child_run(fork_hosted, &s, 30000), "a fork in host mode");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_call_takes_long),
        cmocka_unit_test(nothing_wakes_a_host_at_rest),
        cmocka_unit_test(a_record_wakes_the_host),
        cmocka_unit_test(several_providers_in_one_loop),
        cmocka_unit_test(flush_and_stop_end_in_time),
        cmocka_unit_test(one_that_blocks_is_refused_in_words),
        cmocka_unit_test(a_child_turns_a_loop_of_its_own),
    };
    start_receivers();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
