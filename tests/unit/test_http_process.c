/* Tests of exporters/http in processes that fork, exit, and get signals. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "http_fixture.h"
#include "tries.h"
#include "exit_lock.h"
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

static int child_status(pid_t child)
{
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static int post_in_child(fixture *f)
{
    result r;
    otel_http_client_after_fork(f->client);
    if (connected(f->server) != 0) return 4; /* the inherited one is closed */
    otel_http_request request = request_to(f->url, NULL, 0, &r);
    if (otel_http_client_start(f->client, &request) != OTEL_OK) return 2;
    run(f->client, &r, 60000);
    otel_http_client_destroy(f->client);
    return r.status == 200 ? 0 : 3;
}

static void forks_do_not_share_connections(void **state)
{
    fixture *f = *state;
    assert_int_equal(post(f->client, f->url, "x").status, 200);
    for (int told = 0; told < 2; told++) {
        result r;
        script(f, (http_answer){.delay_ms = 300});
        otel_http_request request = request_to(f->url, NULL, 0, &r);
        assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
        run(f->client, &r, 100); /* the parent is waiting for its answer */
        pid_t child = fork();
        if (child == 0 && told) _exit(post_in_child(f));
        if (child == 0) {
            otel_http_client_destroy(f->client); /* nobody told it of the fork */
            _exit(0);
        }
        assert_int_equal(child_status(child), 0);
        run(f->client, &r, 60000);
        assert_int_equal(r.status, 200);
        script(f, (http_answer){0});
        assert_int_equal(post(f->client, f->url, "x").status, 200);
    }
    assert_int_equal(http_server_connections(f->server), 2); /* the parent's, and one of the child that sent */
}

enum { AT_ONCE = 42, LATE = 43 }; /* exit statuses */

static otel_http_client *exiting_client;
static const char *exiting_url;
static int64_t exit_began;

/* Registered before the client's handler, so it runs after it. */
static void after_the_exit_handler(void)
{
    if (exit_began) _exit(now_ms() - exit_began < 50 ? AT_ONCE : LATE);
    if (!exiting_client) return;
    result r;
    int64_t next, begin = now_ms();
    otel_http_request request = request_to(exiting_url, NULL, 0, &r);
    bool refused = otel_http_client_start(exiting_client, &request) == OTEL_ERR_SYSTEM;
    otel_http_client_poll(exiting_client, &next);
    otel_http_client_cancel(exiting_client);
    otel_http_client_destroy(exiting_client);
    if (!refused || next != OTEL_DEADLINE_NEVER) _exit(1);
    _exit(now_ms() - begin < 50 ? AT_ONCE : LATE);
}

/* This program again, in a process that has not met libcurl: argv[1] says what to do there. */
static pid_t run_self(const char *what, const char *url)
{
    const char *authority = certificates_path("ca.pem"); /* made here: this process removes them */
    pid_t child = fork();
    if (child != 0) return child;
    setenv("LSAN_OPTIONS", "detect_leaks=0", 1); /* what is under way at exit is left as it is */
    execl("/proc/self/exe", "test_http_process", what, url, authority, (char *)NULL);
    _exit(127);
}

static bool start_while_exiting(void *state)
{
    const fixture *f = state;
    int status = child_status(run_self("late", f->url));
    if (status != LATE) assert_int_equal(status, AT_ONCE);
    return status == AT_ONCE;
}

static void nothing_starts_while_exiting(void **state)
{
    assert_true(in_three_tries(start_while_exiting, *state));
}

static int exit_and_start(const char *url)
{
    exiting_client = otel_http_client_new(NULL);
    exiting_url = url;
    if (post(exiting_client, url, "x").status != 200) return 1;
    exit(0);
}

/* Threads start to shake hands when the process has its libcurl: an exit while that is made is another matter. */
static void *shake_hands(void *user)
{
    char **arguments = user;
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    for (;;) {
        result r;
        otel_http_client *client = otel_http_client_new(&(otel_http_options){.ca_file = arguments[3]});
        otel_http_request request = request_to(arguments[2], NULL, 0, &r);
        if (otel_http_client_start(client, &request) == OTEL_OK) run(client, &r, 60000);
        otel_http_client_destroy(client);
    }
    return NULL;
}

static int exit_in_handshake(char **arguments)
{
    pthread_t threads[2];
    otel_http_client_destroy(otel_http_client_new(NULL));
    for (size_t i = 0; i < 2; i++) pthread_create(&threads[i], NULL, shake_hands, arguments);
    struct timespec pause = {.tv_nsec = 20000000 + (long)(getpid() % 97) * 100000};
    nanosleep(&pause, NULL);
    exit(0);
}

static void exit_in_a_handshake_is_no_crash(void **state)
{
    (void)state;
    http_server *server = tls_server("server", false);
    const char *url = url_of(server, "https", "127.0.0.1");
    for (int i = 0; i < 20; i++) assert_int_equal(child_status(run_self("handshake", url)), 0);
    http_server_stop(server);
}

static bool only_exit(void *unused)
{
    (void)unused;
    otel__network guard;
    assert_true(otel__network_enter(&guard)); /* held at the moment of the fork, and never freed in the child */
    pid_t child = fork();
    if (child == 0) {
        exit_began = now_ms();
        exit(0);
    }
    int status = child_status(child);
    otel__network_leave(&guard);
    if (status != LATE) assert_int_equal(status, AT_ONCE);
    return status == AT_ONCE;
}

static void a_child_that_only_exits_does_not_wait(void **state)
{
    (void)state;
    assert_true(in_three_tries(only_exit, NULL));
}

static void a_child_takes_a_lock_that_was_held(void **state)
{
    fixture *f = *state;
    otel__network guard;
    assert_true(otel__network_enter(&guard));
    pid_t child = fork();
    if (child == 0) {
        alarm(100);
        _exit(post_in_child(f));
    }
    otel__network_leave(&guard);
    assert_int_equal(child_status(child), 0);
}

static void sigpipe_stays_inside(void **state)
{
    (void)state;
    otel__network guard;
    sigset_t waiting;
    assert_true(otel__network_enter(&guard));
    raise(SIGPIPE); /* would end the program */
    otel__network_leave(&guard);
    sigpending(&waiting);
    assert_false(sigismember(&waiting, SIGPIPE));
}

int main(int count, char **arguments)
{
    atexit(after_the_exit_handler);
    if (count == 4 && strcmp(arguments[1], "late") == 0) return exit_and_start(arguments[2]);
    if (count == 4 && strcmp(arguments[1], "handshake") == 0) return exit_in_handshake(arguments);
    const struct CMUnitTest tests[] = {
        WITH_SERVER(forks_do_not_share_connections),       WITH_SERVER(nothing_starts_while_exiting),
        cmocka_unit_test(exit_in_a_handshake_is_no_crash), cmocka_unit_test(a_child_that_only_exits_does_not_wait),
        WITH_SERVER(a_child_takes_a_lock_that_was_held),   cmocka_unit_test(sigpipe_stays_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
