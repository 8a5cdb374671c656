/* Exporters that sleep in export_batch: a thread of their own, and stopping while they are stuck. */
#include "sdk_fixture.h"
#include "tries.h"
#include <setjmp.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.blocking", NULL);
static const otel_batch_options quick = {.schedule_delay_ms = 1};

static otel_provider *start(const scripted_step *steps, size_t count, scripted_log *log)
{
    otel_log_processor *list[] = {
        otel_batch_log_processor_new(scripted_new(SCRIPTED_BLOCKS, steps, count, log), &quick)};
    otel_provider *p = provider_of(list, 1);
    assert_non_null(p);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    return p;
}

static void it_exports_from_its_own_thread(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    otel_provider *p = start(scripted_ok, 1, &log);
    for (uint32_t i = 1; i <= 50; i++) {
        OTEL_LOG_INFO(&logger, "x");
        if (i % 10 == 0) assert_int_equal(otel_provider_flush(p, 60000), OTEL_OK);
    }
    assert_int_equal(log.records, 50);
    assert_int_equal(log.overlaps, 0);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    assert_int_equal(log.shutdowns, 1);
    assert_int_equal(log.destroys, 1);
}

/* The deadline passes while its thread has nothing to do: that thread must be gone before its memory is. */
static void stopping_between_two_tries_is_clean(void **unused)
{
    (void)unused;
    static const scripted_step retry = {.status = OTEL_EXPORT_RETRY, .retry_after_ms = 60000};
    static scripted_log logs[20]; /* one that was kept may still write there */
    uint32_t ended = 0;
    said_begin();
    for (int i = 0; i < 20; i++) {
        scripted_log *one = &logs[i];
        otel_provider *p = start(&retry, 1, one);
        OTEL_LOG_INFO(&logger, "x");
        assert_true(soon(&one->calls, 1));
        assert_int_equal(otel_provider_stop(p, 50), OTEL_ERR_TIMEOUT);
        assert_true(one->destroys <= one->shutdowns); /* a machine that is too busy to end it in time keeps all of it */
        ended += one->destroys;
    }
    assert_true(ended > 0);
    said_end();
}

static void host_mode_refuses_it(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    otel_log_processor *list[] = {
        otel_batch_log_processor_new(scripted_new(SCRIPTED_BLOCKS, scripted_ok, 1, &log), &quick)};
    said_begin();
    assert_null(provider_with(list, 1, (otel_options){.run = OTEL_RUN_HOST}));
    said_end();
    assert_true(said("blocks"));
    assert_int_equal(log.destroys, 1);
}

/* In a child that exits in the middle: what is stuck keeps its memory on purpose, and that is no leak. */
enum { LATE = 3 };

static int stopped_while_stuck(void)
{
    static scripted_log stuck;
    otel_pipeline_books b;
    atomic_store(&stuck.hold, true);
    otel_provider *p = start(scripted_ok, 1, &stuck);
    said_begin();
    OTEL_LOG_INFO(&logger, "x");
    if (!soon(&stuck.calls, 1)) return 1;
    int64_t begin = now_ms();
    if (otel_provider_stop(p, 200) != OTEL_ERR_TIMEOUT) return 2;
    if (now_ms() - begin > 400) return LATE;
    if (stuck.destroys || stuck.shutdowns) return 4;
    if (!otel_provider_pipeline_books(p, 0, &b) || b.dropped_after_stop != 1 || b.taken != 1)
        return 5;                     /* still there */
    atomic_store(&stuck.hold, false); /* it comes back, and finds everything where it was */
    for (int64_t until = now_ms() + 30000; stuck.inside && now_ms() < until;) sleep_ms(1);
    sleep_ms(50);
    return stuck.inside == 0 ? 0 : 6;
}

static bool stop_a_stuck_one(void *unused)
{
    (void)unused;
    int status;
    pid_t child = fork();
    if (child == 0) _exit(stopped_while_stuck());
    waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == LATE) return false;
    assert_int_equal(status, 0);
    return true;
}

static void stop_does_not_wait_for_one_that_is_stuck(void **unused)
{
    (void)unused;
    assert_true(in_three_tries(stop_a_stuck_one, NULL));
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_exports_from_its_own_thread), cmocka_unit_test(stopping_between_two_tries_is_clean),
        cmocka_unit_test(host_mode_refuses_it), cmocka_unit_test(stop_does_not_wait_for_one_that_is_stuck)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
