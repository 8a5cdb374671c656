/* The current context kept by a host, and what tokens that are no longer good do to anybody's. */
#include "sdk_fixture.h"
#include <otel/context.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* A fiber of a host: it may run on any thread. */
typedef struct fiber {
    bool any;
    otel_context context;
    size_t gets, sets;
} fiber;

static _Thread_local fiber *running;
static fiber fibers[2];

static const otel_context *fiber_get(void *user)
{
    assert_ptr_equal(user, fibers);
    running->gets++;
    return running->any ? &running->context : NULL;
}

static void fiber_set(void *user, const otel_context *context)
{
    assert_ptr_equal(user, fibers);
    running->sets++;
    running->any = context != NULL;
    if (context) running->context = *context;
}

static const otel_context_storage storage = {sizeof storage, fiber_get, fiber_set, fibers};

static int use_fibers(void **unused)
{
    (void)unused;
    memset(fibers, 0, sizeof fibers);
    running = &fibers[0];
    return !otel_context_set_storage(&storage);
}

static int use_threads(void **unused)
{
    (void)unused;
    return !otel_context_set_storage(NULL);
}

static otel_context context_of(uint8_t id)
{
    otel_context c = {.span_context = {.flags = 1}};
    memset(c.span_context.trace_id, id, 16);
    memset(c.span_context.span_id, id, 8);
    return c;
}

static otel_context_token attach(uint8_t id)
{
    otel_context c = context_of(id);
    otel_context_token token;
    otel_context_attach(&c, &token);
    return token;
}

static uint8_t current_id(void)
{
    return otel_context_current().span_context.trace_id[0];
}

static void each_fiber_has_its_own(void **unused)
{
    (void)unused;
    otel_context_token one = attach(1), two = attach(2);
    running = &fibers[1];
    assert_int_equal(current_id(), 0);
    otel_context_token three = attach(3);
    running = &fibers[0];
    assert_int_equal(current_id(), 2);
    assert_true(otel_context_detach(&two));
    running = &fibers[1];
    assert_int_equal(current_id(), 3);
    assert_true(otel_context_detach(&three));
    assert_false(fibers[1].any);
    running = &fibers[0];
    assert_true(otel_context_detach(&one));
    assert_false(fibers[0].any);
}

static void *detach_elsewhere(void *token)
{
    running = &fibers[0];
    bool good = current_id() == 1 && otel_context_detach(token) && current_id() == 0;
    return good ? token : NULL;
}

static void a_fiber_may_change_its_thread(void **unused)
{
    (void)unused;
    otel_context_token token = attach(1);
    pthread_t thread;
    void *good;
    assert_int_equal(pthread_create(&thread, NULL, detach_elsewhere, &token), 0);
    pthread_join(thread, &good);
    assert_non_null(good);
    assert_false(fibers[0].any);
}

static void what_the_host_put_there_itself_comes_back(void **unused)
{
    (void)unused;
    otel_context own = context_of(9), current;
    fiber_set(fibers, &own);
    otel_context_token token = attach(1);
    assert_int_equal(current_id(), 1);
    assert_true(otel_context_detach(&token));
    current = otel_context_current();
    assert_memory_equal(&current, &own, sizeof own);
}

/* What is private in a current context is not handed out: an attach of a copy is an attach like any other. */
static void copies_of_the_current_one_are_clean(void **unused)
{
    (void)unused;
    otel_context_token one = attach(1), again;
    otel_context current = otel_context_current();
    assert_int_equal(current.otel_private[0] | current.otel_private[1], 0);
    otel_context_attach(&current, &again);
    assert_true(otel_context_detach(&again));
    assert_true(otel_context_detach(&one));
}

/* The same for fibers and threads. */
static void bad_tokens_do_no_harm(void **unused)
{
    (void)unused;
    uint64_t errors = otel_context_detach_errors();
    otel_context_token a = attach(1), b = attach(2), c = attach(3);
    assert_false(otel_context_detach(&b)); /* restores what b's attach found */
    assert_int_equal(current_id(), 1);
    assert_false(otel_context_detach(&c));
    assert_int_equal(current_id(), 1);
    assert_int_equal(otel_context_detach_errors(), errors + 2);
    otel_context_token d = attach(4); /* newer ones do not make the old ones good */
    assert_false(otel_context_detach(&c));
    assert_false(otel_context_detach(&b));
    assert_int_equal(current_id(), 4);
    assert_true(otel_context_detach(&d));
    otel_context_token e = attach(5);
    assert_false(otel_context_detach(&d)); /* twice */
    assert_false(otel_context_detach(&c));
    assert_int_equal(current_id(), 5);
    assert_true(otel_context_detach(&e));
    assert_int_equal(current_id(), 1);
    assert_true(otel_context_detach(&a));
    assert_false(otel_context_detach(&a));
    assert_int_equal(current_id(), 0);
    assert_int_equal(otel_context_detach_errors(), errors + 7);
    assert_false(otel_context_detach(NULL)); /* no token is no error of order */
    assert_int_equal(otel_context_detach_errors(), errors + 7);
}

static void the_outermost_may_go_first(void **unused)
{
    (void)unused;
    otel_context_token a = attach(1), b = attach(2), c = attach(3), d = attach(4);
    assert_false(otel_context_detach(&a));
    assert_int_equal(current_id(), 0);
    assert_false(otel_context_detach(&d));
    assert_false(otel_context_detach(&c));
    assert_false(otel_context_detach(&b));
    assert_int_equal(current_id(), 0);
}

static otel_logger logger = OTEL_LOGGER_INIT("test.context_storage", NULL);

static void logs_are_made_in_the_hosts_context(void **unused)
{
    (void)unused;
    otel_log_exporter *memory;
    otel_log_processor *list[] = {remembering(&memory)};
    otel_provider *p = provider_of(list, 1);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    otel_context_token token = attach(7);
    size_t sets = fibers[0].sets;
    OTEL_LOG_INFO(&logger, "x");
    running = &fibers[1];
    OTEL_LOG_INFO(&logger, "x");
    running = &fibers[0];
    assert_int_equal(fibers[0].sets, sets);
    assert_true(otel_context_detach(&token));
    assert_int_equal(otel_memory_exporter_count(memory), 2);
    assert_int_equal(otel_memory_exporter_at(memory, 0)->span_context.trace_id[15], 7);
    assert_int_equal(otel_memory_exporter_at(memory, 0)->span_context.flags, 1);
    assert_int_equal(otel_memory_exporter_at(memory, 1)->span_context.trace_id[15], 0);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static void incomplete_storage_is_refused(void **unused)
{
    (void)unused;
    const otel_context_storage no_get = {sizeof no_get, NULL, fiber_set, NULL},
                               no_set = {sizeof no_set, fiber_get, NULL, NULL},
                               small = {sizeof small - 1, fiber_get, fiber_set, NULL};
    assert_false(otel_context_set_storage(&no_get));
    assert_false(otel_context_set_storage(&no_set));
    assert_false(otel_context_set_storage(&small));
    assert_int_equal(current_id(), 0);
}

static void keys_are_different_and_end(void **unused)
{
    (void)unused;
    const void *first = otel_context_key_create("same"), *second = otel_context_key_create("same"), *last = second;
    otel_context_entry a, b;
    int one = 1, two = 2;
    assert_non_null(first);
    assert_ptr_not_equal(first, second);
    otel_context c = otel_context_with_entry(NULL, &a, first, &one);
    c = otel_context_with_entry(&c, &b, second, &two);
    assert_ptr_equal(otel_context_value(&c, first), &one);
    assert_ptr_equal(otel_context_value(&c, second), &two);
    size_t count = 2;
    for (const void *key; (key = otel_context_key_create(NULL)) != NULL; last = key, count++)
        assert_ptr_not_equal(key, last);
    assert_int_equal(count, 4096);
    assert_null(otel_context_key_create("one more"));
}

static volatile sig_atomic_t handled;

static void on_signal(int number)
{
    (void)number;
    uint8_t before = current_id();
    otel_context_token token = attach(8);
    handled += before == 1 && current_id() == 8 && otel_context_detach(&token) && current_id() == 1;
}

static void a_handler_leaves_the_context_as_it_was(void **unused)
{
    (void)unused;
    struct sigaction act = {.sa_handler = on_signal}, old;
    otel_context_token token = attach(1);
    sigaction(SIGUSR1, &act, &old);
    for (int i = 1; i <= 100; i++) {
        raise(SIGUSR1);
        assert_int_equal(handled, i);
    }
    sigaction(SIGUSR1, &old, NULL);
    assert_true(otel_context_detach(&token));
}

static void a_fork_keeps_it(void **unused)
{
    (void)unused;
    int status;
    otel_context_token token = attach(1);
    pid_t pid = fork();
    if (pid == 0) {
        bool good = current_id() == 1;
        otel_context_token own = attach(2);
        good = good && current_id() == 2 && otel_context_detach(&own) && otel_context_detach(&token);
        _exit(good && current_id() == 0 ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(current_id(), 1);
    assert_true(otel_context_detach(&token));
}

static pthread_key_t at_exit_of_thread;
static _Atomic int seen_at_exit;

static void look_at_exit(void *unused)
{
    (void)unused;
    seen_at_exit = current_id();
    otel_context_token token = attach(3);
    if (!otel_context_detach(&token)) seen_at_exit = -1;
}

static void *leave_attached(void *unused)
{
    pthread_setspecific(at_exit_of_thread, &at_exit_of_thread);
    attach(2);
    return unused;
}

/* Destructors of a thread still see it; the next thread does not. */
static void it_ends_with_its_thread(void **unused)
{
    (void)unused;
    pthread_t thread;
    assert_int_equal(pthread_key_create(&at_exit_of_thread, look_at_exit), 0);
    for (int i = 0; i < 3; i++) {
        seen_at_exit = 0;
        assert_int_equal(pthread_create(&thread, NULL, leave_attached, NULL), 0);
        pthread_join(thread, NULL);
        assert_int_equal(seen_at_exit, 2);
    }
    pthread_key_delete(at_exit_of_thread);
    assert_int_equal(current_id(), 0);
}

#define OF_FIBERS(test) cmocka_unit_test_setup_teardown(test, use_fibers, use_threads)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OF_FIBERS(each_fiber_has_its_own),
        OF_FIBERS(a_fiber_may_change_its_thread),
        OF_FIBERS(what_the_host_put_there_itself_comes_back),
        OF_FIBERS(copies_of_the_current_one_are_clean),
        OF_FIBERS(bad_tokens_do_no_harm),
        OF_FIBERS(the_outermost_may_go_first),
        OF_FIBERS(logs_are_made_in_the_hosts_context),
        cmocka_unit_test(bad_tokens_do_no_harm),
        cmocka_unit_test(the_outermost_may_go_first),
        cmocka_unit_test(incomplete_storage_is_refused),
        cmocka_unit_test(keys_are_different_and_end),
        cmocka_unit_test(a_handler_leaves_the_context_as_it_was),
        cmocka_unit_test(a_fork_keeps_it),
        cmocka_unit_test(it_ends_with_its_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
