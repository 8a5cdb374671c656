/* What every bench program needs: arguments of the form key=value, clocks in seconds, and memory figures. */
#ifndef OTEL_BENCH_CLOCKS_H
#define OTEL_BENCH_CLOCKS_H
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static char **bench_arguments;

/* The last one counts. */
static inline const char *bench_text(const char *key, const char *otherwise)
{
    size_t n = strlen(key);
    for (char **a = bench_arguments; *a; a++)
        if (strncmp(*a, key, n) == 0 && (*a)[n] == '=') otherwise = *a + n + 1;
    return otherwise;
}

static inline long bench_number(const char *key, long otherwise)
{
    const char *text = bench_text(key, NULL);
    return text ? strtol(text, NULL, 10) : otherwise;
}

static inline double bench_seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline double bench_now(void)
{
    return bench_seconds(CLOCK_MONOTONIC);
}

static inline double bench_thread_cpu(void)
{
    return bench_seconds(CLOCK_THREAD_CPUTIME_ID);
}

/* User and system time of the process. */
static inline double bench_process_cpu(void)
{
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) + (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}

/* Peak resident KiB of this program alone: getrusage would report that of a larger parent from before exec. */
static inline long bench_peak_kib(void)
{
    char line[256];
    long kib = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, "VmHWM:", 6) == 0) kib = strtol(line + 6, NULL, 10);
    if (status) fclose(status);
    return kib;
}

static inline double bench_resident_bytes(void)
{
    long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "r");
    if (statm && fscanf(statm, "%*d %ld", &pages) != 1) pages = 0;
    if (statm) fclose(statm);
    return (double)pages * 4096;
}

static inline void bench_sleep(double seconds)
{
    struct timespec t = {.tv_sec = (time_t)seconds, .tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&t, NULL);
}
#endif
