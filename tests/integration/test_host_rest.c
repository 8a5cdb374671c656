/* A host's loop over time: nothing wakes it without need, everything that is logged does, several providers share it,
 * exporters that block are refused, and the child of a fork turns a loop of its own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <otel/exporters/otlp.h>
#include <otel/otel.h>

#include "child.h"
#include "host_scene.h"

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

static bool comes_to(host_loop *loop, uint64_t count)
{
    for (int64_t limit = child_now_ms() + 30000; exported() < count && child_now_ms() < limit;)
        host_loop_turn(loop, 100000);
    turns_within(loop, 50);
    return exported() == count;
}

/* What a transfer or a flush leaves to be looked at is looked at soon; then there is nothing to do. */
static bool comes_to_rest(host_loop *loop, otel_provider *p)
{
    bool rests = false;
    for (int64_t limit = child_now_ms() + 30000; !rests && child_now_ms() < limit;) {
        turns_within(loop, 20);
        rests = otel_poll_timeout_ms(p) == -1 && !readable(otel_poll_fd(p), 0);
    }
    return rests;
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
        if (!comes_to_rest(&loop, p)) return complain("no rest, round", (long long)i);
        if (i % 2) {
            log_one("flushed");
            if (otel_flush(30000) != OTEL_OK || exported() != 2 * i) return complain("flush", (long long)exported());
        } else {
            log_one("polled");
            if (!readable(fd, 10000)) return complain("not readable though logged, round", (long long)i);
            if (!comes_to(&loop, 2 * i)) return complain("exported", (long long)exported());
        }
        if (!comes_to_rest(&loop, p)) return complain("no rest behind the flush or the poll, round", (long long)i);
        log_one("after the flush or the poll");
        if (!readable(fd, 10000)) return complain("asleep, round", (long long)i);
        if (!comes_to(&loop, 2 * i + 1)) return complain("exported later", (long long)exported());
    }
    return otel_stop(30000) == OTEL_OK ? 0 : complain("stop", 0);
}

static void a_record_wakes_the_host(void **state)
{
    scene s = {.name = "wake", .port = &ports.good, .arrives = true};
    (void)state;
    child_expect_good(child_run(wake, &s, 100000), "a record wakes the host");
}

/* ---- several exporters, several providers ---- */

static otel_log_processor *batch_to(unsigned port)
{
    char endpoint[64];
    snprintf(endpoint, sizeof endpoint, "http://127.0.0.1:%u", port);
    otel_log_exporter *exporter = otel_otlp_exporter_new(&(otel_otlp_options){.endpoint = endpoint});
    return otel_batch_log_processor_new(exporter, &(otel_batch_options){.schedule_delay_ms = 5});
}

static otel_provider *hosted(otel_log_processor *const *list, size_t count)
{
    otel_provider *p =
        otel_provider_new(&(otel_options){.log_processors = list, .log_processor_count = count, .run = OTEL_RUN_HOST});
    if (p) otel_provider_attach(p);
    return p;
}

static otel_provider *hosted_to(unsigned port)
{
    otel_log_processor *list[] = {batch_to(port)};
    return hosted(list, 1);
}

/* One hangs, one fails, one drips, one works: in one loop, and the one that works is not held up. */
static int exporters(void *argument)
{
    const scene *s = argument;
    host_loop loop = {.count = 1};
    otel_logger several = OTEL_LOGGER_INIT("several", "1");
    otel_pipeline_books books;
    child_environment(NULL, NULL);
    setenv("OTEL_LOG_LEVEL", "off", 1);
    otel_log_processor *list[] = {batch_to(ports.silent), batch_to(ports.closed), batch_to(ports.dribbling),
                                  batch_to(ports.good)};
    several.provider = loop.providers[0] = hosted(list, 4);
    if (!several.provider) return complain("no provider", 0);
    int64_t began = child_now_ms();
    for (uint64_t n = 1; n <= 30; n++) {
        OTEL_LOG_INFO(&several, "to all of them");
        do {
            host_loop_turn(&loop, 5000);
            otel_provider_pipeline_books(several.provider, 3, &books);
        } while (books.exported < n && child_now_ms() - began < 50000);
    }
    int64_t took = child_now_ms() - began;
    if (books.exported != 30) return complain("exported", (long long)books.exported);
    for (size_t i = 0; i < 3; i++) {
        otel_provider_pipeline_books(several.provider, i, &books);
        if (books.queued != 30) return complain("queued", (long long)books.queued);
    }
    int code = judge(s, &loop, 0);
    if (otel_provider_stop(several.provider, 100) != OTEL_ERR_TIMEOUT) return complain("stop", 0);
    printf("thirty records, one after the other: %lld ms\n", (long long)took);
    return took > 1500 ? LATE : code;
}

static void several_exporters_in_one_loop(void **state)
{
    scene s = {.name = "several exporters"};
    (void)state;
    expect_in_time(exporters, &s);
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
    for (size_t i = 0; i < 3; i += 2) {
        int64_t limit = child_now_ms() + 30000;
        do turns_within(&loop, 50);
        while (otel_provider_pipeline_books(loop.providers[i], 0, &books) && books.exported < 100 &&
               child_now_ms() < limit);
    }
    for (size_t i = 0; i < 3; i++) {
        otel_provider_pipeline_books(loop.providers[i], 0, &books);
        if (books.taken != 100) return complain("taken", (long long)books.taken);
        if (books.exported != (i == 1 ? 0 : 100)) return complain("exported", (long long)books.exported);
    }
    int code = judge(s, &loop, 0);
    for (size_t i = 0; i < 3; i++)
        if (otel_provider_stop(loop.providers[i], i == 1 ? 200 : 30000) != (i == 1 ? OTEL_ERR_TIMEOUT : OTEL_OK))
            return complain("stop", (long long)i);
    return code;
}

static void several_providers_in_one_loop(void **state)
{
    scene s = {.name = "several providers"};
    (void)state;
    expect_in_time(several, &s);
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
    child_end end = child_run(name_a_blocking_one, NULL, 60000);
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
    return otel_stop(30000) == OTEL_OK ? 0 : complain("stop of the child", 0);
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
    if (!child_wait(pid, 80000, &status) || status != 0) return complain("status of the child", status);
    if (!comes_to(&loop, 2)) return complain("exported after the fork", (long long)exported());
    return otel_stop(30000) == OTEL_OK ? 0 : complain("stop", 0);
}

static void a_child_turns_a_loop_of_its_own(void **state)
{
    scene s = {.name = "fork", .port = &ports.good, .arrives = true};
    (void)state;
    child_expect_good(child_run(fork_hosted, &s, 100000), "a fork in host mode");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_wakes_a_host_at_rest),        cmocka_unit_test(a_record_wakes_the_host),
        cmocka_unit_test(several_exporters_in_one_loop),       cmocka_unit_test(several_providers_in_one_loop),
        cmocka_unit_test(one_that_blocks_is_refused_in_words), cmocka_unit_test(a_child_turns_a_loop_of_its_own),
    };
    start_receivers();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
