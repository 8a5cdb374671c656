/* The host's event loop of tests: see host_loop.h. */
#include "host_loop.h"

#include <dirent.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static int64_t clock_us(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static long sleeps(void)
{
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_nvcsw;
}

static void keep_most(int64_t *most, int64_t value)
{
    if (value > *most) *most = value;
}

void host_loop_measure(host_loop *loop, void (*call)(void *argument), void *argument)
{
    long slept = sleeps();
    int64_t wall = clock_us(CLOCK_MONOTONIC), cpu = clock_us(CLOCK_THREAD_CPUTIME_ID);
    call(argument);
    cpu = clock_us(CLOCK_THREAD_CPUTIME_ID) - cpu;
    wall = clock_us(CLOCK_MONOTONIC) - wall;
    keep_most(&loop->most_cpu_us, cpu);
    keep_most(&loop->most_wall_us, wall);
    if (sleeps() != slept) keep_most(&loop->most_waiting_us, wall);
}

int host_loop_threads(void)
{
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    if (!tasks) abort();
    for (struct dirent *entry; (entry = readdir(tasks));) count += entry->d_name[0] != '.';
    closedir(tasks);
    return count;
}

typedef struct question {
    otel_provider *provider;
    int32_t fd, timeout_ms;
} question;

static void ask(void *argument)
{
    question *q = argument;
    q->fd = otel_poll_fd(q->provider);
    q->timeout_ms = otel_poll_timeout_ms(q->provider);
}

static void turn(void *provider)
{
    otel_poll(provider);
}

void host_loop_turn(host_loop *loop, int64_t most_us)
{
    struct pollfd watched[8];
    question questions[8];
    for (size_t i = 0; i < loop->count; i++) {
        questions[i].provider = loop->providers[i];
        host_loop_measure(loop, ask, &questions[i]);
        watched[i] = (struct pollfd){.fd = questions[i].fd, .events = POLLIN};
        int64_t us = (int64_t)questions[i].timeout_ms * 1000;
        if (us >= 0 && us < most_us) most_us = us;
    }
    struct timespec wait = {most_us / 1000000, most_us % 1000000 * 1000};
    ppoll(watched, loop->count, &wait, NULL);
    for (size_t i = 0; i < loop->count; i++) {
        bool due = watched[i].revents || otel_poll_timeout_ms(loop->providers[i]) == 0;
        if (!due && !loop->restless) continue;
        host_loop_measure(loop, turn, loop->providers[i]);
        loop->polls++;
    }
    loop->turns++;
    if (loop->turns % 16 == 0) {
        int threads = host_loop_threads();
        if (threads > loop->most_threads) loop->most_threads = threads;
    }
}
