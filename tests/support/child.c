/* Processes of tests: see child.h. */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

int64_t child_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void child_sleep_ms(unsigned ms)
{
    struct timespec left = {ms / 1000, (long)(ms % 1000) * 1000000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) continue;
}

bool child_wait(int pid, unsigned limit_ms, int *status)
{
    int64_t limit = child_now_ms() + limit_ms;
    while (waitpid(pid, status, WNOHANG) == 0) {
        if (child_now_ms() >= limit) {
            kill(pid, SIGKILL);
            waitpid(pid, status, 0);
            return false;
        }
        child_sleep_ms(1);
    }
    return true;
}

/* Reads until the pipe ends or the time is over; a grandchild may hold it open longer than the child lives. */
static char *read_all(int fd, pid_t pid, int64_t limit)
{
    size_t size = 0, room = 1 << 16;
    char *text = malloc(room);
    struct pollfd watched = {.fd = fd, .events = POLLIN};
    while (child_now_ms() < limit) {
        siginfo_t state = {0};
        int ready = poll(&watched, 1, 20);
        if (ready == 0 && waitid(P_PID, (id_t)pid, &state, WEXITED | WNOHANG | WNOWAIT) == 0 && state.si_pid == pid)
            break;
        if (ready <= 0) continue;
        if (room - size < 4096) text = realloc(text, room *= 2);
        ssize_t n = read(fd, text + size, room - size - 1);
        if (n <= 0) break;
        size += (size_t)n;
    }
    text[size] = '\0';
    return text;
}

child_end child_run(int (*body)(void *argument), void *argument, unsigned limit_ms)
{
    child_end end = {.code = -1};
    int pipes[2], status = 0;
    int64_t began = child_now_ms();
    fflush(NULL);
    if (pipe2(pipes, O_CLOEXEC) != 0) abort();
    pid_t parent = getpid(), pid = fork();
    if (pid < 0) abort();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(99);
        dup2(pipes[1], STDOUT_FILENO);
        dup2(pipes[1], STDERR_FILENO);
        close(pipes[0]);
        close(pipes[1]);
        exit(body(argument));
    }
    close(pipes[1]);
    end.text = read_all(pipes[0], pid, began + limit_ms);
    int64_t left = began + limit_ms - child_now_ms();
    end.hung = !child_wait(pid, left > 0 ? (unsigned)left : 0, &status);
    close(pipes[0]);
    end.ms = child_now_ms() - began;
    if (WIFEXITED(status))
        end.code = WEXITSTATUS(status);
    else
        end.number = WTERMSIG(status);
    return end;
}

void child_expect_good(child_end end, const char *what)
{
    bool good = end.code == 0 && !end.hung;
    if (!good)
        fprintf(stderr, "%s: %s, exit status %d, signal %d, after %lld ms\n%s\n", what, end.hung ? "hung" : "ended",
                end.code, end.number, (long long)end.ms, end.text);
    free(end.text);
    if (!good) exit(1);
}

static void forget_variables(void)
{
    for (size_t i = 0; environ[i];) {
        char name[256];
        size_t size = strcspn(environ[i], "=");
        bool ours = strncmp(environ[i], "OTEL_", 5) == 0 && strncmp(environ[i], "OTEL_LOG=", 9) != 0 &&
                    strncmp(environ[i], "OTEL_TEST_", 10) != 0 && size < sizeof name;
        if (!ours) {
            i++;
            continue;
        }
        memcpy(name, environ[i], size);
        name[size] = '\0';
        unsetenv(name);
    }
}

void child_environment(const char *exporters, const char *endpoint)
{
    static const char *const proxies[] = {"http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY",
                                          "ALL_PROXY",  "no_proxy",    "NO_PROXY"};
    forget_variables();
    for (size_t i = 0; i < sizeof proxies / sizeof *proxies; i++) unsetenv(proxies[i]);
    if (exporters) setenv("OTEL_LOGS_EXPORTER", exporters, 1);
    if (endpoint) setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint, 1);
}

bool child_long(void)
{
    const char *text = getenv("OTEL_TEST_LONG");
    return text && *text && strcmp(text, "0") != 0;
}
