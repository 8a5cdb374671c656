/* What the library does to the process it lives in, and what a process does to the library: threads, signals,
 * descriptors; closed standard streams, a new root directory, no descriptors left. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <locale.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <otel/otel.h>

#include "child.h"
#include "desk.h"
#include "http_server.h"

enum { LIMIT_MS = 100000, PATIENCE_MS = 30000, WRONG = 3, SIGNALS = 65 };

static otel_logger logger = OTEL_LOGGER_INIT("process", "1");

static int complain(const char *what, long long number)
{
    printf("%s: %lld\n", what, number);
    fflush(stdout);
    return WRONG;
}

static int count_entries(const char *path)
{
    int count = 0;
    DIR *directory = opendir(path);
    if (!directory) return -1;
    while (readdir(directory)) count++;
    closedir(directory);
    return count;
}

/* A thread that was joined stands in the list for a moment still. */
static int count_threads(int expected)
{
    int count;
    for (int64_t limit = child_now_ms() + PATIENCE_MS; (count = count_entries("/proc/self/task")) != expected;
         child_sleep_ms(1))
        if (child_now_ms() > limit) break;
    return count;
}

/* ---- the state of a process ---- */

typedef struct process_state {
    int threads, descriptors, variables;
    mode_t mask;
    sigset_t blocked;
    struct sigaction actions[SIGNALS];
    char locale[128];
} process_state;

extern char **environ;

static process_state look(void)
{
    process_state s;
    memset(&s, 0, sizeof s);
    s.threads = count_entries("/proc/self/task");
    s.descriptors = count_entries("/proc/self/fd");
    while (environ[s.variables]) s.variables++;
    s.mask = umask(0);
    umask(s.mask);
    pthread_sigmask(SIG_BLOCK, NULL, &s.blocked);
    for (int i = 1; i < SIGNALS; i++) sigaction(i, NULL, &s.actions[i]);
    snprintf(s.locale, sizeof s.locale, "%s", setlocale(LC_ALL, NULL));
    return s;
}

static int compare(const process_state *before, int threads_more, int descriptors_more)
{
    int threads = count_threads(before->threads + threads_more);
    process_state now = look();
    if (threads != before->threads + threads_more) return complain("threads", threads - before->threads);
    if (descriptors_more >= 0 && now.descriptors != before->descriptors + descriptors_more)
        return complain("descriptors", now.descriptors - before->descriptors);
    if (now.variables != before->variables) return complain("variables", now.variables);
    if (now.mask != before->mask) return complain("umask", now.mask);
    if (memcmp(&now.blocked, &before->blocked, sizeof now.blocked) != 0) return complain("signal mask", 0);
    if (strcmp(now.locale, before->locale) != 0) return complain("locale", 0);
    for (int i = 1; i < SIGNALS; i++)
        if (now.actions[i].sa_handler != before->actions[i].sa_handler) return complain("handler of signal", i);
    return 0;
}

static void log_some(void)
{
    for (int i = 0; i < 10; i++) OTEL_LOG_INFO(&logger, "hello", OTEL_INT("i", i));
}

static int nothing_started(void *argument)
{
    (void)argument;
    process_state before = look();
    if (before.threads != 2 + 1) return complain("entries for one thread", before.threads); /* with . and .. */
    log_some();
    if (otel_logger_enabled(&logger, OTEL_SEVERITY_FATAL)) return complain("somebody listens", 0);
    if (otel_flush(100) != OTEL_OK || otel_stop(100) != OTEL_OK) return complain("nothing to stop", 0);
    if (compare(&before, 0, 0)) return WRONG;
    child_environment("otlp", "http://127.0.0.1:9");
    setenv("OTEL_SDK_DISABLED", "true", 1);
    before = look();
    if (otel_start(NULL) != OTEL_OK) return complain("disabled", 0);
    log_some();
    return compare(&before, 0, 0);
}

static int started_and_stopped(void *argument)
{
    const char *exporters = argument;
    char url[64];
    http_server *server = http_server_start(NULL);
    snprintf(url, sizeof url, "http://127.0.0.1:%u", http_server_port(server));
    child_environment(exporters, url);
    log_some();
    int threads = count_entries("/proc/self/task");
    if (otel_start(NULL) != OTEL_OK || otel_stop(60000) != OTEL_OK)
        return complain("start and stop", 0); /* libcurl's own */
    if (count_threads(threads) != threads) return complain("threads behind the first stop", count_threads(threads));
    process_state before = look();
    if (otel_start(NULL) != OTEL_OK) return complain("start", 0);
    if (compare(&before, strstr(exporters, "otlp") ? 1 : 0, -1)) return WRONG;
    log_some();
    if (otel_flush(60000) != OTEL_OK || otel_stop(60000) != OTEL_OK) return complain("stop", 0);
    http_server_stop(server);
    if (count_threads(2 + 1) != 2 + 1) return complain("threads left", count_threads(2 + 1));
    process_state now = look();
    if (now.descriptors > before.descriptors) return complain("descriptors left", now.descriptors - before.descriptors);
    now = before;
    now.threads = look().threads, now.descriptors = look().descriptors; /* those of the server are gone */
    return compare(&now, 0, 0);
}

static void the_process_is_left_alone(void **state)
{
    static char console[] = "console", otlp[] = "otlp", both[] = "console,otlp", none[] = "none";
    (void)state;
    child_expect_good(child_run(nothing_started, NULL, LIMIT_MS), "nothing is started");
    child_expect_good(child_run(started_and_stopped, console, LIMIT_MS), "console");
    child_expect_good(child_run(started_and_stopped, otlp, LIMIT_MS), "otlp");
    child_expect_good(child_run(started_and_stopped, both, LIMIT_MS), "console,otlp");
    child_expect_good(child_run(started_and_stopped, none, LIMIT_MS), "none");
}

/* ---- standard streams that are closed ---- */

/* Descriptors of ours must not become standard streams: what is written there would go to the receiver, or ring our
 * bell. */
static int without_streams(void *argument)
{
    int out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 100), standard = 0;
    child_environment("otlp", argument);
    setenv("OTEL_LOG_LEVEL", "trace", 1);
    for (int fd = 0; fd <= 2; fd++) close(fd);
    otel_result started = otel_start(NULL);
    for (int i = 0; i < 20; i++) {
        log_some();
        otel_diag(OTEL_SEVERITY_ERROR, "test", "a line for standard error %d", i);
        otel_flush(PATIENCE_MS);
    }
    for (int fd = 0; fd <= 2; fd++) standard += fcntl(fd, F_GETFD) >= 0;
    otel_result stopped = otel_stop(60000);
    dprintf(out, "start %d, stop %d, streams that are ours now %d\n", started, stopped, standard);
    _exit(started == OTEL_OK && stopped == OTEL_OK && standard == 0 ? 0 : WRONG);
}

static void closed_streams_stay_closed(void **state)
{
    desk_process desk = {0};
    (void)state;
    desk_start(&desk, NULL);
    child_expect_good(child_run(without_streams, desk.url, LIMIT_MS), "standard streams closed");
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM traces WHERE message = 'hello'"), 200);
    desk_remove(&desk);
}

/* ---- another root directory ---- */

static bool enter_empty_root(void)
{
    char directory[] = "/tmp/root-XXXXXX";
    if (!mkdtemp(directory)) return false;
    return chdir(directory) == 0 && rmdir(directory) == 0 && chroot(".") == 0 && access("/proc", F_OK) != 0;
}

static int in_another_root(void *argument)
{
    char url[64];
    bool late = argument != NULL; /* started in there, or before */
    if (geteuid() != 0 && unshare(CLONE_NEWUSER) != 0) {
        printf("nobody may be root here: no other root directory\n");
        return 0;
    }
    http_server *server = http_server_start(NULL);
    snprintf(url, sizeof url, "http://127.0.0.1:%u", http_server_port(server));
    child_environment("otlp", url);
    if (!late && otel_start(NULL) != OTEL_OK) return complain("start", 0);
    log_some();
    if (!enter_empty_root()) return complain("no other root", 0);
    if (late && otel_start(NULL) != OTEL_OK) return complain("start in there", 0);
    log_some();
    otel_result stopped = otel_stop(60000);
    int code = stopped == OTEL_OK && http_server_count(server) >= 1 ? 0 : complain("stop", stopped);
    _exit(fflush(stdout) == 0 ? code : WRONG); /* without /proc nobody can look for leaks */
}

static void another_root_changes_nothing(void **state)
{
    static char late[] = "late";
    (void)state;
    child_expect_good(child_run(in_another_root, NULL, LIMIT_MS), "chroot while it runs");
    child_expect_good(child_run(in_another_root, late, LIMIT_MS), "start in an empty root");
}

/* ---- no descriptors left ---- */

static char heard[4096];

static void hear(otel_severity severity, const char *text, void *user)
{
    size_t used = strlen(heard);
    (void)severity;
    (void)user;
    snprintf(heard + used, sizeof heard - used, "%s\n", text);
}

static void limit_descriptors(rlim_t most)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = most;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static rlim_t next_free(void)
{
    int fd = dup(STDIN_FILENO);
    close(fd);
    return (rlim_t)fd;
}

/* With 0, 1, 2, ... descriptors to spare: a start that is refused says why; one that is not stops as ever. */
static int start_with(int spare)
{
    struct rlimit before;
    getrlimit(RLIMIT_NOFILE, &before);
    int descriptors = count_entries("/proc/self/fd");
    heard[0] = '\0';
    limit_descriptors(next_free() + (rlim_t)spare);
    otel_result result = otel_start(NULL);
    log_some();
    if (result == OTEL_OK) otel_flush(100);
    limit_descriptors(before.rlim_cur);
    bool said = strstr(heard, "descriptor") || strstr(heard, "epoll") || strstr(heard, "open files");
    if (result != OTEL_OK && !said) return printf("%d spare: refused, and said only: %s\n", spare, heard), WRONG;
    if (result != OTEL_OK && count_entries("/proc/self/fd") != descriptors) return complain("left open, spare", spare);
    if (result == OTEL_OK && otel_stop(60000) != OTEL_OK) return printf("%d spare: stop\n%s\n", spare, heard), WRONG;
    return result == OTEL_OK ? 0 : 1;
}

static int few_descriptors(void *argument)
{
    char url[64];
    int refused = 0;
    (void)argument;
    http_server *server = http_server_start(NULL);
    snprintf(url, sizeof url, "http://127.0.0.1:%u", http_server_port(server));
    child_environment("otlp", url);
    otel_diag_set_handler(hear, NULL);
    for (int spare = 0; spare <= 10; spare++) {
        int code = start_with(spare);
        if (code == WRONG) return WRONG;
        refused += code;
    }
    http_server_stop(server);
    return refused >= 1 && refused < 10 ? 0 : complain("starts refused", refused);
}

/* They run out while records wait, and come back: the records arrive. */
static int descriptors_come_back(void *argument)
{
    char url[64];
    otel_pipeline_books books = {.taken = 0};
    struct rlimit before;
    (void)argument;
    http_server *server = http_server_start(NULL);
    snprintf(url, sizeof url, "http://127.0.0.1:%u", http_server_port(server));
    child_environment("otlp", url);
    otel_diag_set_handler(hear, NULL);
    if (otel_start(NULL) != OTEL_OK) return complain("start", 0);
    getrlimit(RLIMIT_NOFILE, &before);
    limit_descriptors(next_free());
    log_some();
    otel_result starved = otel_flush(300);
    for (int64_t limit = child_now_ms() + PATIENCE_MS; !strstr(heard, "cannot export") && child_now_ms() < limit;)
        child_sleep_ms(10);
    limit_descriptors(before.rlim_cur);
    if (starved == OTEL_OK || http_server_count(server) != 0) return complain("it had descriptors", 0);
    if (!strstr(heard, "cannot export")) return complain("it did not say so", 0);
    if (otel_stop(60000) != OTEL_OK) return printf("stop\n%s", heard), WRONG;
    otel_provider_pipeline_books(NULL, 0, &books);
    return books.exported == 10 && http_server_count(server) == 1 ? 0 : complain("exported", (long long)books.exported);
}

static void no_descriptors_is_no_disaster(void **state)
{
    (void)state;
    child_expect_good(child_run(few_descriptors, NULL, LIMIT_MS), "few descriptors at start");
    child_expect_good(child_run(descriptors_come_back, NULL, LIMIT_MS), "no descriptors for a while");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_process_is_left_alone),
        cmocka_unit_test(closed_streams_stay_closed),
        cmocka_unit_test(another_root_changes_nothing),
        cmocka_unit_test(no_descriptors_is_no_disaster),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
