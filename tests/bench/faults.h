/* The modes in which something goes wrong: a collector that hangs, a fork, a kill, an outage. What arrived is counted
 * by the collector (sink.c with ids=1), never by the subject. */
#ifndef OTEL_BENCH_FAULTS_H
#define OTEL_BENCH_FAULTS_H
#include "driver.h"
#include <signal.h>
#include <sys/wait.h>

static void bench_emit_untimed(long n, long from)
{
    bench_sum ignored = {.heap = 0};
    bench_emit(n, 1, from, &ignored);
}

static void bench_timed_shutdown(long ms, const char *who)
{
    double started = bench_now();
    bool complete = bench_subject_shutdown(ms);
    printf("%s shutdown_timeout_ms=%ld returned=%s after_ms=%.0f dropped=%ld\n", who, ms, complete ? "true" : "false",
           (bench_now() - started) * 1e3, bench_subject_dropped());
    fflush(stdout);
}

static void bench_fault_shutdown(void)
{
    bench_emit_untimed(bench_number("n", 1000), 0);
    bench_timed_shutdown(bench_number("timeout_ms", 500), "shutdown");
}

/* The parent queues 0 to 99 and forks; the child emits 1000 to 1099, the parent 100 to 199. */
static void bench_fault_fork(void)
{
    bench_emit_untimed(100, 0);
    fflush(stdout);
    pid_t child = fork();
    const char *who = child ? "parent" : "child";
    bench_emit_untimed(100, child ? 100 : 1000);
    double started = bench_now();
    bool complete = bench_subject_flush(2000);
    printf("%s flush returned=%d after_ms=%.0f\n", who, complete, (bench_now() - started) * 1e3);
    bench_timed_shutdown(2000, who);
    if (!child) _exit(0);
    int status = 0;
    waitpid(child, &status, 0);
    printf("parent child_status=%d\n", status);
}

static void bench_fault_kill(void)
{
    bench_emit_untimed(bench_number("n", 10000), 0);
    bench_sleep(0.5);
    kill(getpid(), SIGKILL);
}

/* Emits nothing: what an earlier life left behind should arrive. */
static void bench_fault_recover(void)
{
    bench_sleep(3);
    bench_subject_flush(5000);
    bench_subject_shutdown(5000);
}

/* To be run with rate=1000 and a collector that comes up after ten seconds. */
static void bench_fault_outage(void)
{
    bench_emit_untimed(bench_number("n", 20000), 0);
    bench_timed_shutdown(30000, "outage");
}

/* OTEL_LOGS_EXPORTER alone says where ten records go. */
static int bench_environment(void)
{
    const char *chosen = getenv("OTEL_LOGS_EXPORTER");
    bool started = bench_subject_start_from_environment();
    printf("env OTEL_LOGS_EXPORTER=%s start=%s\n", chosen ? chosen : "", started ? "ok" : "failed");
    fflush(stdout);
    if (!started) return 3;
    bench_emit_untimed(10, 0);
    bench_subject_shutdown(5000);
    return 0;
}

/* -1: no mode of this file. */
static int bench_fault(const char *mode)
{
    static const struct {
        const char *mode;
        void (*run)(void);
    } faults[] = {{"shutdown", bench_fault_shutdown},
                  {"fork", bench_fault_fork},
                  {"kill", bench_fault_kill},
                  {"recover", bench_fault_recover},
                  {"outage", bench_fault_outage}};
    if (strcmp(mode, "env") == 0) return bench_environment();
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        if (strcmp(mode, faults[i].mode) != 0) continue;
        if (!bench_start("otlp")) {
            printf("start failed\n");
            return 3;
        }
        faults[i].run();
        return 0;
    }
    return -1;
}
#endif
