/* Forks of a process that logs, with a real receiver: the child's records arrive, the parent's once, nobody hangs, and
 * the parent's connection is not broken. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <otel/otel.h>

#include "child.h"
#include "desk.h"
#include "http_server.h"

/* AddressSanitizer's allocator, unlike the C library's, may be locked for ever in the child of a fork: less is asked of
 * it. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* A child abandons what libcurl has for its parent: that is no leak to AddressSanitizer's mind either. */
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
    return 1;
}

enum { THREADS = 8, CHILD_RECORDS = 5, CHILD_LIMIT_MS = 80000, LIMIT_MS = 100000, BETWEEN_FORKS = 20, WRONG = 3 };

static otel_logger logger = OTEL_LOGGER_INIT("fork", "1");

static int complain(const char *what, long long number)
{
    printf("%s: %lld\n", what, number);
    fflush(stdout);
    return WRONG;
}

static bool begin(const char *url, const char *delay)
{
    child_environment("otlp", url);
    setenv("OTEL_BLRP_SCHEDULE_DELAY", delay, 1);
    setenv("OTEL_BLRP_MAX_QUEUE_SIZE", "60000", 1);
    return otel_start(NULL) == OTEL_OK;
}

/* What a child does: its own records, its own books. */
static int log_as_child(const char *name)
{
    otel_pipeline_books books;
    char text[64];
    for (int i = 0; i < CHILD_RECORDS; i++) {
        snprintf(text, sizeof text, "%s-%d", name, i);
        OTEL_LOG_INFO(&logger, text);
    }
    if (otel_stop(60000) != OTEL_OK) return complain(name, -1);
    if (!otel_provider_pipeline_books(NULL, 0, &books) || books.taken != CHILD_RECORDS ||
        books.exported != CHILD_RECORDS)
        return complain("exported by the child", (long long)books.exported);
    return 0;
}

static int join_child(int pid, const char *what)
{
    int status = 0;
    if (!child_wait(pid, CHILD_LIMIT_MS, &status)) return complain("the child hung", pid);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : complain(what, status);
}

/* ---- forks while threads emit ---- */

static atomic_bool enough;
static _Atomic long long emitted;

static void *emit_steadily(void *argument)
{
    char text[32];
    int thread = (int)(intptr_t)argument;
    for (int i = 0; !atomic_load(&enough); i++) {
        snprintf(text, sizeof text, "p-%d-%d", thread, i);
        OTEL_LOG_INFO(&logger, text, OTEL_INT("thread", thread));
        atomic_fetch_add(&emitted, 1);
        child_sleep_ms(2);
    }
    return NULL;
}

static bool more_were_emitted(void)
{
    long long wanted = atomic_load(&emitted) + BETWEEN_FORKS;
    int64_t limit = child_now_ms() + CHILD_LIMIT_MS;
    while (atomic_load(&emitted) < wanted && child_now_ms() < limit) child_sleep_ms(1);
    return atomic_load(&emitted) >= wanted;
}

static int fork_often(int forks)
{
    for (int i = 0; i < forks; i++) {
        char name[16];
        snprintf(name, sizeof name, "c-%d", i);
        fflush(NULL);
        int pid = fork();
        if (pid == 0) {
            int code = log_as_child(name);
            if (i & 1) exit(code);
            _exit(code);
        }
        if (join_child(pid, "status of a child") != 0) return WRONG;
        if (!more_were_emitted()) return complain("the threads are stuck", emitted);
    }
    return 0;
}

static int close_books(void)
{
    otel_pipeline_books books;
    if (otel_stop(60000) != OTEL_OK) return complain("otel_stop", 0);
    if (!otel_provider_pipeline_books(NULL, 0, &books)) return complain("no books", 0);
    if (books.taken != (uint64_t)emitted || books.exported != books.taken)
        return complain("exported by the parent", (long long)books.exported);
    printf("emitted=%lld\n", (long long)emitted);
    return 0;
}

static int fork_count(void)
{
    if (SANITIZED) return 5;
    return child_long() ? 500 : 50;
}

static int fork_among_threads(void *argument)
{
    const desk_process *desk = argument;
    pthread_t threads[THREADS];
    if (!begin(desk->url, "20")) return complain("not started", 0);
    if (SANITIZED && otel_flush(60000) != OTEL_OK) return complain("first flush", 0);
    for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, emit_steadily, (void *)(intptr_t)i);
    int code = fork_often(fork_count());
    atomic_store(&enough, true);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    return code ? code : close_books();
}

static void children_and_parent_log(void **state)
{
    desk_process desk = {0};
    (void)state;
    desk_start(&desk, NULL);
    child_end end = child_run(fork_among_threads, &desk, LIMIT_MS);
    const char *said = strstr(end.text, "emitted=");
    long long parents = said ? strtoll(said + 8, NULL, 10) : -1, children = fork_count() * CHILD_RECORDS;
    child_expect_good(end, "forks while eight threads log");
    assert_true(parents >= BETWEEN_FORKS * fork_count());
    assert_int_equal(desk_number(&desk, "SELECT count(DISTINCT message) FROM traces WHERE message LIKE 'p-%%'"),
                     parents);
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM traces WHERE message LIKE 'p-%%'"), parents);
    assert_int_equal(desk_number(&desk, "SELECT count(DISTINCT message) FROM traces WHERE message LIKE 'c-%%'"),
                     children);
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM traces"), parents + children);
    desk_remove(&desk);
}

/* ---- forks in the first moments, when libraries set themselves up in our thread ---- */

typedef struct moment {
    const desk_process *desk;
    unsigned wait_us;
} moment;

static int fork_at(void *argument)
{
    const moment *m = argument;
    char name[32];
    if (!begin(m->desk->url, "0")) return complain("not started", 0);
    OTEL_LOG_INFO(&logger, "of the parent");
    nanosleep(&(struct timespec){0, (long)m->wait_us * 1000}, NULL);
    snprintf(name, sizeof name, "m-%u", m->wait_us);
    int pid = fork();
    if (pid == 0) _exit(log_as_child(name));
    if (join_child(pid, "status of the child") != 0) return WRONG;
    return otel_stop(60000) == OTEL_OK ? 0 : complain("otel_stop", 0);
}

static void forks_in_the_first_moments(void **state)
{
    desk_process desk = {0};
    unsigned moments = SANITIZED ? 1 : child_long() ? 400 : 40;
    (void)state;
    desk_start(&desk, NULL);
    for (unsigned i = 0; i < moments; i++) {
        moment m = {&desk, SANITIZED ? 500000 : i * 4000 / moments + i};
        child_expect_good(child_run(fork_at, &m, LIMIT_MS), "a fork soon after the start");
    }
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM traces WHERE message = 'of the parent'"), moments);
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM traces"), moments * (1 + CHILD_RECORDS));
    desk_remove(&desk);
}

/* ---- a grandchild, and exec ---- */

static int have_grandchild(void)
{
    OTEL_LOG_INFO(&logger, "first of the child");
    int pid = fork();
    if (pid == 0) _exit(log_as_child("grandchild"));
    if (join_child(pid, "status of the grandchild") != 0) return WRONG;
    return otel_stop(60000) == OTEL_OK ? 0 : WRONG;
}

static int family(void *argument)
{
    const desk_process *desk = argument;
    if (!begin(desk->url, "20")) return complain("not started", 0);
    OTEL_LOG_INFO(&logger, "first of the parent");
    int pid = fork();
    if (pid == 0) _exit(have_grandchild());
    if (join_child(pid, "status of the child") != 0) return WRONG;
    pid = fork(); /* a child that says nothing, and forks one that does */
    if (pid == 0) {
        pid = fork();
        if (pid == 0) _exit(log_as_child("orphan"));
        _exit(join_child(pid, "status of the orphan"));
    }
    if (join_child(pid, "status of the silent child") != 0) return WRONG;
    OTEL_LOG_INFO(&logger, "last of the parent");
    return otel_stop(60000) == OTEL_OK ? 0 : WRONG;
}

static void grandchildren_log(void **state)
{
    desk_process desk = {0};
    (void)state;
    desk_start(&desk, NULL);
    child_expect_good(child_run(family, &desk, LIMIT_MS), "a grandchild");
    assert_int_equal(desk_number(&desk,
                                 "SELECT count(DISTINCT message) FROM traces WHERE message LIKE 'grandchild-%%' OR "
                                 "message LIKE 'orphan-%%' OR message LIKE '%% of the %%'"),
                     2 * CHILD_RECORDS + 3);
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM traces"), 2 * CHILD_RECORDS + 3);
    desk_remove(&desk);
}

/* The program that takes the child's place, which is this one with an argument: it finds no descriptor of ours, nor the
 * pair of sockets that libcurl 7.88 opens for its own wake-ups and does not mark. */
static int look_for_descriptors(void)
{
    for (int fd = 3; fd < 256; fd++) {
        char link[64], target[64] = "";
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        if (readlink(link, target, sizeof target - 1) <= 0) continue;
        if (strncmp(target, "socket", 6) == 0 || strncmp(target, "anon_inode", 10) == 0) return complain(target, fd);
    }
    return 0;
}

static int fork_and_exec(void *argument)
{
    const desk_process *desk = argument;
    if (!begin(desk->url, "20")) return complain("not started", 0);
    OTEL_LOG_INFO(&logger, "before");
    if (otel_flush(60000) != OTEL_OK) return complain("flush", 0);
    for (int i = 0; i < 10; i++) {
        int pid = fork();
        if (pid == 0) {
            if (i & 1) OTEL_LOG_INFO(&logger, "gone with exec, or sent, but once");
            execl("/proc/self/exe", "test_fork", "descriptors", (char *)NULL);
            _exit(127);
        }
        if (join_child(pid, "status of the other program") != 0) return WRONG;
    }
    OTEL_LOG_INFO(&logger, "after");
    return otel_stop(60000) == OTEL_OK ? 0 : WRONG;
}

static void exec_harms_nobody(void **state)
{
    desk_process desk = {0};
    (void)state;
    desk_start(&desk, NULL);
    child_expect_good(child_run(fork_and_exec, &desk, LIMIT_MS), "fork, then exec");
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM traces WHERE message IN ('before', 'after')"), 2);
    assert_true(desk_number(&desk, "SELECT count(*) FROM traces WHERE message LIKE 'gone%%'") <= 5);
    desk_remove(&desk);
}

/* ---- a transfer in flight ---- */

static bool seen(http_server *server, size_t count)
{
    int64_t limit = child_now_ms() + 30000;
    while (http_server_count(server) < count && child_now_ms() < limit) child_sleep_ms(2);
    return http_server_count(server) >= count;
}

static int fork_in_flight(http_server *server)
{
    for (size_t i = 0; i < 3; i++) {
        size_t before = http_server_count(server);
        OTEL_LOG_INFO(&logger, "on its way while we fork");
        if (!seen(server, before + 1))
            return complain("requests before the fork", (long long)http_server_count(server));
        int pid = fork();
        if (pid == 0) _exit(log_as_child("beside"));
        if (join_child(pid, "status of the child") != 0) return WRONG;
        if (otel_flush(60000) != OTEL_OK) return complain("flush of the parent", 0);
        if (!seen(server, before + 2)) return complain("requests after the fork", (long long)http_server_count(server));
    }
    return 0;
}

/* The server lives in this process too: its answers come late, so that the child comes and goes during one. */
static int transfers(void *argument)
{
    static const http_answer late = {.delay_ms = 300};
    char url[64];
    (void)argument;
    http_server *server = http_server_start(NULL);
    http_server_script(server, &late, 1);
    snprintf(url, sizeof url, "http://127.0.0.1:%u", http_server_port(server));
    if (!begin(url, "20")) return complain("not started", 0);
    int code = fork_in_flight(server);
    if (code == 0 && otel_stop(60000) != OTEL_OK) code = complain("otel_stop", 0);
    unsigned connections = http_server_connections(server); /* one of each child, one of the parent */
    if (code == 0 && connections != 4) code = complain("connections", connections);
    _exit(fflush(stdout) == 0 ? code : WRONG);
}

static void the_transfer_goes_on(void **state)
{
    (void)state;
    child_expect_good(child_run(transfers, NULL, LIMIT_MS), "a fork with a transfer in flight");
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "descriptors") == 0) return look_for_descriptors();
    for (int fd = 3; fd < 256; fd++) close(fd); /* what was inherited would be found too */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(children_and_parent_log), cmocka_unit_test(forks_in_the_first_moments),
        cmocka_unit_test(grandchildren_log),       cmocka_unit_test(exec_harms_nobody),
        cmocka_unit_test(the_transfer_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
