/* The three calls of host mode: which provider they mean, callers in the wrong moment, and many providers. */
#include "sdk_fixture.h"
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.host", NULL);
static otel_provider *provider;
static const otel_options hosted = {.run = OTEL_RUN_HOST};
static const otel_batch_options quick = {.schedule_delay_ms = 1};

static otel_provider *host_of(scripted_log *log)
{
    otel_log_processor *list[] = {otel_batch_log_processor_new(SCRIPTED_OK(log), &quick)};
    return provider_with(list, 1, hosted);
}

static void start(scripted_log *log)
{
    provider = host_of(log);
    assert_non_null(provider);
    assert_int_equal(otel_provider_set_global(provider), OTEL_OK);
}

static bool polled_until(otel_provider *p, const _Atomic uint32_t *counter, uint32_t least)
{
    for (int64_t limit = now_ms() + 30000; *counter < least && now_ms() < limit; sleep_ms(1)) otel_poll(p);
    return *counter >= least;
}

static void expect_nothing(otel_provider *p)
{
    assert_int_equal(otel_poll_fd(p), -1);
    assert_int_equal(otel_poll_timeout_ms(p), -1);
    otel_poll(p);
}

static void null_is_the_one_that_was_started(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    expect_nothing(NULL);
    otel_log_processor *list[] = {otel_batch_log_processor_new(SCRIPTED_OK(&log), &quick)};
    otel_options o = {.run = OTEL_RUN_HOST, .log_processors = list, .log_processor_count = 1};
    assert_int_equal(otel_sdk_start(&o), OTEL_OK);
    assert_true(otel_poll_fd(NULL) >= 0);
    assert_int_equal(otel_poll_fd(NULL), otel_poll_fd(otel_provider_global()));
    OTEL_LOG_INFO(&logger, "x");
    assert_true(polled_until(NULL, &log.records, 1));
    assert_int_equal(otel_stop(60000), OTEL_OK);
    expect_nothing(NULL);
}

static void one_that_was_stopped_is_nobody(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    start(&log);
    assert_int_equal(otel_provider_stop(provider, 60000), OTEL_OK);
    expect_nothing(provider);
}

static void one_with_a_thread_needs_nobody(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    otel_log_processor *list[] = {otel_batch_log_processor_new(SCRIPTED_OK(&log), &quick)};
    otel_provider *p = provider_of(list, 1);
    expect_nothing(p);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static void errno_is_kept(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    start(&log);
    errno = 77;
    expect_nothing(NULL);
    otel_poll_fd(provider);
    otel_poll(provider);
    otel_poll_timeout_ms(provider);
    assert_int_equal(errno, 77);
    assert_int_equal(otel_provider_stop(provider, 60000), OTEL_OK);
}

/* A flush turns the loop, sleeps in it, and leaves; the host has to hear of what is logged afterwards. */
static void the_descriptor_speaks_after_a_flush_too(void **unused)
{
    (void)unused;
    static const scripted_step steps[] = {{.status = OTEL_EXPORT_RETRY}, {.status = OTEL_EXPORT_OK}};
    scripted_log log = {0};
    otel_log_processor *list[] = {otel_batch_log_processor_new(scripted_new(SCRIPTED_SYNC, steps, 2, &log), &quick)};
    provider = provider_with(list, 1, hosted);
    assert_int_equal(otel_provider_set_global(provider), OTEL_OK);
    said_begin();
    OTEL_LOG_INFO(&logger, "x");
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
    said_end();
    struct pollfd p = {.fd = otel_poll_fd(provider), .events = POLLIN};
    for (int turn = 0; turn < 3; turn++)
        if (poll(&p, 1, 1) == 1) otel_poll(provider);
    assert_int_equal(poll(&p, 1, 0), 0);
    OTEL_LOG_INFO(&logger, "x");
    assert_int_equal(poll(&p, 1, 30000), 1);
    assert_true(polled_until(provider, &log.records, 2));
    assert_int_equal(otel_provider_stop(provider, 60000), OTEL_OK);
}

/* ---- from inside ---- */

static _Atomic int64_t inside_ms;
static _Atomic int32_t inside_result;

static void call_again(void)
{
    int64_t begin = now_ms();
    otel_poll(provider);
    otel_poll_fd(provider);
    otel_poll_timeout_ms(provider);
    atomic_store(&inside_result, otel_provider_flush(provider, 60000));
    atomic_store(&inside_ms, now_ms() - begin);
}

static void a_callback_that_calls_again_waits_for_nothing(void **unused)
{
    (void)unused;
    scripted_log log = {.during = call_again};
    start(&log);
    OTEL_LOG_INFO(&logger, "x");
    assert_true(polled_until(provider, &log.records, 1));
    assert_int_equal(inside_result, OTEL_ERR_TIMEOUT); /* it would wait for itself */
    assert_true(inside_ms < 30000);
    OTEL_LOG_INFO(&logger, "x");
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
    assert_int_equal(log.records, 2);
    assert_int_equal(log.overlaps, 0);
    log.during = NULL;
    assert_int_equal(otel_provider_stop(provider, 60000), OTEL_OK);
}

static void stop_inside(void)
{
    int64_t begin = now_ms();
    atomic_store(&inside_result, otel_provider_stop(provider, 60000));
    atomic_store(&inside_ms, now_ms() - begin);
}

/* A mistake that must not crash: the memory stays. In a process of its own, because it does. */
static void a_callback_that_stops_its_own_loop_is_survived(void **unused)
{
    (void)unused;
    int status;
    pid_t child = fork();
    if (child == 0) {
        scripted_log log = {.during = stop_inside};
        start(&log);
        OTEL_LOG_INFO(&logger, "x");
        bool came = polled_until(provider, &log.calls, 1);
        expect_nothing(provider);
        _exit(came && inside_result == OTEL_ERR_TIMEOUT && inside_ms < 30000 ? 0 : 1);
    }
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
}

/* ---- other threads ---- */

static _Atomic bool enough;

static void *poll_steadily(void *unused)
{
    (void)unused;
    while (!atomic_load(&enough)) {
        struct pollfd p = {.fd = otel_poll_fd(provider), .events = POLLIN};
        poll(&p, 1, otel_poll_timeout_ms(provider) == 0 ? 0 : 1);
        otel_poll(provider);
    }
    return NULL;
}

static void threads_take_turns(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    pthread_t threads[3];
    start(&log);
    atomic_store(&enough, false);
    for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, poll_steadily, NULL);
    for (uint32_t i = 1; i <= 200; i++) {
        OTEL_LOG_INFO(&logger, "x");
        if (i % 10 == 0) assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
        if (i % 10 == 0) assert_int_equal(log.records, i);
    }
    int64_t begin = now_ms();
    assert_int_equal(otel_provider_stop(provider, 60000), OTEL_OK); /* while they poll */
    assert_true(now_ms() - begin < 30000);
    sleep_ms(20);
    atomic_store(&enough, true);
    for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    assert_int_equal(log.overlaps, 0);
    assert_int_equal(log.records, 200);
    assert_int_equal(log.destroys, 1);
}

/* ---- many ---- */

static void there_is_room_for_sixty_four(void **unused)
{
    (void)unused;
    static scripted_log logs[65];
    otel_provider *many[65];
    for (int i = 0; i < 64; i++) assert_non_null(many[i] = host_of(&logs[i]));
    said_begin();
    assert_null(host_of(&logs[64]));
    said_end();
    assert_true(said("64 providers in host mode already"));
    assert_int_equal(logs[64].destroys, 1);
    assert_int_equal(otel_provider_stop(many[7], 60000), OTEL_OK);
    assert_non_null(many[7] = host_of(&logs[64]));
    otel_logger one = OTEL_LOGGER_INIT("one", NULL);
    for (int i = 0; i < 64; i += 9) {
        assert_int_equal(otel_provider_attach(many[i]), OTEL_OK);
        one.provider = many[i];
        OTEL_LOG_INFO(&one, "x");
        assert_true(polled_until(many[i], &logs[i].records, 1));
    }
    for (int i = 0; i < 64; i++) assert_int_equal(otel_provider_stop(many[i], 60000), OTEL_OK);
    for (int i = 0; i < 64; i++) assert_int_equal(logs[i].records, i % 9 == 0);
}

/* ---- a turn has an end ---- */

static void busy(void)
{
    for (int64_t until = now_ms() + 3; now_ms() < until;) continue;
}

/* Four exporters that each take three milliseconds, with more than one batch: one batch of one exporter a poll, and
 * everybody's turn comes. */
static void a_long_turn_is_cut_short(void **unused)
{
    (void)unused;
    scripted_log logs[4] = {{.during = busy}, {.during = busy}, {.during = busy}, {.during = busy}};
    otel_log_processor *list[4];
    const otel_batch_options small = {.schedule_delay_ms = 1, .max_export_batch_size = 2};
    for (int i = 0; i < 4; i++) list[i] = otel_batch_log_processor_new(SCRIPTED_OK(&logs[i]), &small);
    provider = provider_with(list, 4, hosted);
    assert_int_equal(otel_provider_set_global(provider), OTEL_OK);
    for (int i = 0; i < 10; i++) OTEL_LOG_INFO(&logger, "x");
    uint32_t before = 0;
    for (int poll = 0; before < 20 && poll < 2000; poll++) {
        otel_poll(provider);
        uint32_t calls = logs[0].calls + logs[1].calls + logs[2].calls + logs[3].calls;
        assert_true(calls - before <= 1);
        if (calls == 5) assert_true(logs[3].calls > 0); /* the first has not had its five before the last had one */
        if (calls > before && calls < 20) assert_int_equal(otel_poll_timeout_ms(provider), 0);
        before = calls;
    }
    assert_int_equal(before, 20);
    assert_int_equal(otel_provider_stop(provider, 60000), OTEL_OK);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(null_is_the_one_that_was_started),
                                       cmocka_unit_test(one_that_was_stopped_is_nobody),
                                       cmocka_unit_test(one_with_a_thread_needs_nobody),
                                       cmocka_unit_test(errno_is_kept),
                                       cmocka_unit_test(the_descriptor_speaks_after_a_flush_too),
                                       cmocka_unit_test(a_callback_that_calls_again_waits_for_nothing),
                                       cmocka_unit_test(a_callback_that_stops_its_own_loop_is_survived),
                                       cmocka_unit_test(threads_take_turns),
                                       cmocka_unit_test(there_is_room_for_sixty_four),
                                       cmocka_unit_test(a_long_turn_is_cut_short)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
