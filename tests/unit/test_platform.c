/* What the SDK needs of the operating system. */
#include "platform/platform.h"
#include "sdk_fixture.h"
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void wiped_memory_is_zero_in_a_child(void **unused)
{
    (void)unused;
    unsigned char *wiped = otel__wiped_map(10000), *kept = otel__pages_map(10000);
    assert_non_null(wiped);
    assert_non_null(kept);
    wiped[9999] = kept[9999] = 5;
    pid_t child = fork();
    if (child == 0) _exit(wiped[9999] == 0 && kept[9999] == 5 ? 0 : 1);
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    assert_int_equal(wiped[9999], 5);
    otel__wiped_unmap(wiped, 10000);
    otel__pages_unmap(kept, 10000);
    otel__wiped_unmap(NULL, 1);
    otel__pages_unmap(NULL, 1);
}

static otel__lock lock;
static unsigned shared;

static void *count_up(void *unused)
{
    (void)unused;
    for (int i = 0; i < 20000; i++) {
        otel__lock_take(&lock);
        shared++;
        otel__lock_give(&lock);
    }
    return NULL;
}

static void a_lock_excludes(void **unused)
{
    (void)unused;
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, count_up, NULL);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    assert_int_equal(shared, 80000);
    assert_int_equal(lock.word, 0);
}

static sigset_t blocked;
static char thread_name[32];

static void *look_around(void *argument)
{
    pthread_sigmask(SIG_BLOCK, NULL, &blocked);
    for (int64_t until = now_ms() + 30000; now_ms() < until; sleep_ms(1)) { /* the name is given after the start */
        pthread_getname_np(pthread_self(), thread_name, sizeof thread_name);
        if (strcmp(thread_name, "otel-test") == 0) break;
    }
    return argument;
}

static void a_thread_has_a_name_and_no_signals(void **unused)
{
    (void)unused;
    otel__thread thread = {0, false};
    sigset_t before, after;
    pthread_sigmask(SIG_BLOCK, NULL, &before);
    assert_true(otel__thread_start(&thread, "otel-test", look_around, NULL));
    assert_true(thread.running);
    otel__thread_join(&thread);
    assert_false(thread.running);
    otel__thread_join(&thread);
    assert_string_equal(thread_name, "otel-test");
    assert_true(sigismember(&blocked, SIGTERM) && sigismember(&blocked, SIGPROF));
    pthread_sigmask(SIG_BLOCK, NULL, &after);
    assert_int_equal(sigismember(&before, SIGTERM), sigismember(&after, SIGTERM));
}

static otel__sleeper sleeper;

static void *ring_later(void *unused)
{
    (void)unused;
    sleep_ms(30);
    otel__sleeper_ring(&sleeper);
    return NULL;
}

static void a_sleeper_hears_its_bell(void **unused)
{
    (void)unused;
    pthread_t thread;
    assert_true(otel__sleeper_open(&sleeper));
    otel__sleeper_ring(&sleeper);
    otel__sleeper_ring(&sleeper);
    otel__sleeper_sleep(&sleeper, INT64_MAX); /* returns at once */
    int64_t start = now_ms();
    otel__sleeper_sleep(&sleeper, otel__monotonic_ns() + 50000000); /* both rings were one */
    assert_in_range(now_ms() - start, 45, 30000);
    otel__sleeper_sleep(&sleeper, 0);
    pthread_create(&thread, NULL, ring_later, NULL);
    otel__sleeper_sleep(&sleeper, INT64_MAX);
    pthread_join(thread, NULL);
    int pipe_ends[2];
    assert_int_equal(pipe(pipe_ends), 0);
    assert_true(otel__sleeper_watch(&sleeper, pipe_ends[0]));
    assert_true(otel__sleeper_watch(&sleeper, pipe_ends[0])); /* twice is once */
    assert_false(otel__sleeper_watch(&sleeper, -1));
    assert_int_equal(write(pipe_ends[1], "x", 1), 1);
    otel__sleeper_sleep(&sleeper, INT64_MAX);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    otel__sleeper_close(&sleeper);
    otel__sleeper_close(&sleeper);
}

static void waiting_ends_by_value_deadline_or_waking(void **unused)
{
    (void)unused;
    _Atomic uint32_t word = 1;
    otel__wait_on(&word, 2, INT64_MAX); /* not the expected value: returns */
    int64_t start = now_ms();
    otel__wait_on(&word, 1, otel__monotonic_ns() + 20000000);
    assert_in_range(now_ms() - start, 15, 30000);
    otel__wait_on(&word, 1, 0);
}

static void the_process_is_known(void **unused)
{
    (void)unused;
    char name[64], tiny[3];
    assert_true(otel__executable_name(name, sizeof name));
    assert_string_equal(name, "test_platform");
    assert_false(otel__executable_name(tiny, sizeof tiny));
    assert_int_equal(otel__process_id(), getpid());
    uint64_t a = 0, b = 0;
    assert_true(otel__system_random(&a, sizeof a) && otel__system_random(&b, sizeof b));
    assert_true(a != b);
    assert_true(otel__realtime_ns() > UINT64_C(1600000000000000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wiped_memory_is_zero_in_a_child),          cmocka_unit_test(a_lock_excludes),
        cmocka_unit_test(a_thread_has_a_name_and_no_signals),       cmocka_unit_test(a_sleeper_hears_its_bell),
        cmocka_unit_test(waiting_ends_by_value_deadline_or_waking), cmocka_unit_test(the_process_is_known)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
