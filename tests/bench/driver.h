/* The modes of a bench program: arguments, timed loops and the line it prints. Included once, by the file that defines
 * the subject below and main(). Others that keep the same contract run beside it: the form of the line is fixed. */
#ifndef OTEL_BENCH_DRIVER_H
#define OTEL_BENCH_DRIVER_H
#include "clocks.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

/* The subject: what is measured. Static, so that the compiler may inline the emit. */
typedef struct bench_settings {
    long queue, batch, delay_ms; /* of the batch processor */
} bench_settings;

static bool bench_subject_noop(void);                                           /* a logger without an SDK */
static bool bench_subject_disabled(void);                                       /* an SDK that does not want INFO */
static bool bench_subject_start(const char *exporter, const bench_settings *s); /* null, stuck, otlp, console */
static bool bench_subject_start_from_environment(void);                         /* no exporter named in code */
static void bench_subject_emit(int64_t sequence);                               /* one record of the contract's shape */
static bool bench_subject_flush(long ms);
static bool bench_subject_shutdown(long ms);  /* true: complete */
static uint64_t bench_subject_exported(void); /* records that the null exporter has seen */
static long bench_subject_dropped(void);      /* by the subject's own books */
static double bench_subject_wire_bytes(void); /* of a record that the stuck exporter holds */

enum { BENCH_WARM_UP = 1000, BENCH_WARM_UP_FROM = 15000000, BENCH_THREADS_MAX = 64, BENCH_PACE = 100 };

/* What the emit loops took, over all loops and threads. */
typedef struct bench_sum {
    double wall, cpu, sleep_cpu; /* cpu: the sleeping between paced records included */
    uint64_t heap;
} bench_sum;

typedef struct bench_part {
    pthread_t thread;
    long n, from, rate;
    int threads;
    bench_sum sum;
} bench_part;

/* Of the allocation counter, when it is preloaded (allocs.c). */
static uint64_t (*bench_counter_thread)(void), (*bench_counter_all)(void);

static void bench_find_counters(void)
{
    *(void **)&bench_counter_thread = dlsym(RTLD_DEFAULT, "bench_allocs_thread");
    *(void **)&bench_counter_all = dlsym(RTLD_DEFAULT, "bench_allocs_all");
}

static uint64_t bench_heap_thread(void)
{
    return bench_counter_thread ? bench_counter_thread() : 0;
}

static uint64_t bench_heap_all(void)
{
    return bench_counter_all ? bench_counter_all() : 0;
}

/* Sleeps until a record is due again; that is no emit time, and the CPU time of it is the bench's own. */
static double bench_pace(bench_part *p, long emitted, double started)
{
    double now = bench_now(), ahead = (double)emitted * p->threads / (double)p->rate - (now - started);
    if (ahead <= 0) return 0;
    double cpu = bench_thread_cpu();
    bench_sleep(ahead);
    p->sum.sleep_cpu += bench_thread_cpu() - cpu;
    return bench_now() - now;
}

static void *bench_part_run(void *argument)
{
    bench_part *p = argument;
    uint64_t heap = bench_heap_thread();
    double slept = 0, cpu = bench_thread_cpu(), started = bench_now();
    if (!p->rate) {
        for (long i = 0; i < p->n; i++) bench_subject_emit(p->from + i);
    } else {
        for (long i = 0; i < p->n; i++) {
            bench_subject_emit(p->from + i);
            if ((i + 1) % BENCH_PACE == 0) slept += bench_pace(p, i + 1, started);
        }
    }
    p->sum.wall = bench_now() - started - slept;
    p->sum.cpu = bench_thread_cpu() - cpu;
    p->sum.heap = bench_heap_thread() - heap;
    return NULL;
}

static void bench_run_threads(bench_part *parts, int threads)
{
    for (int t = 0; t < threads; t++) {
        if (pthread_create(&parts[t].thread, NULL, bench_part_run, &parts[t]) == 0) continue;
        fprintf(stderr, "bench: no thread\n");
        exit(2);
    }
    for (int t = 0; t < threads; t++) pthread_join(parts[t].thread, NULL);
}

/* Emits n records, spread over the threads, and adds what that took. */
static void bench_emit(long n, int threads, long from, bench_sum *sum)
{
    bench_part parts[BENCH_THREADS_MAX];
    for (int t = 0; t < threads; t++) {
        long mine = n / threads + (t < n % threads);
        parts[t] = (bench_part){.n = mine, .from = from, .rate = bench_number("rate", 0), .threads = threads};
        from += mine;
    }
    if (threads == 1)
        bench_part_run(&parts[0]);
    else
        bench_run_threads(parts, threads);
    for (int t = 0; t < threads; t++) {
        sum->wall += parts[t].sum.wall;
        sum->cpu += parts[t].sum.cpu;
        sum->sleep_cpu += parts[t].sum.sleep_cpu;
        sum->heap += parts[t].sum.heap;
    }
}

static bool bench_start(const char *exporter)
{
    bench_settings settings = {.queue = bench_number("queue", 2048),
                               .batch = bench_number("batch", 512),
                               .delay_ms = bench_number("delay_ms", 1000)};
    return bench_subject_start(exporter, &settings);
}

typedef struct bench_measure {
    const char *mode, *exporter;
    long n, burst;
    int threads;
    bool noop, disabled, drop; /* drop: into a queue that is full and stays so */
    uint64_t exported_before;
    long dropped_before, dropped;
    bench_sum emit, all;
} bench_measure;

static bool bench_begin(const bench_measure *m)
{
    if (m->noop) return bench_subject_noop();
    if (m->disabled) return bench_subject_disabled();
    return bench_start(m->exporter);
}

/* First-use costs stay outside, those of a connection too. */
static void bench_warm_up(bench_measure *m)
{
    bench_sum ignored = {.heap = 0};
    bool exports = !m->noop && !m->disabled && !m->drop;
    bench_emit(BENCH_WARM_UP + (m->drop ? bench_number("queue", 2048) : 0), 1, BENCH_WARM_UP_FROM, &ignored);
    if (exports && strcmp(m->exporter, "null") == 0)
        while (bench_subject_exported() < BENCH_WARM_UP) bench_sleep(0.001);
    else if (exports)
        bench_subject_flush(10000);
    m->exported_before = bench_subject_exported();
    m->dropped_before = m->drop ? bench_subject_dropped() : 0;
}

static long bench_settled(const bench_measure *m)
{
    return (long)(bench_subject_exported() - m->exported_before) + bench_subject_dropped();
}

/* In bursts, each waited for, untimed, until the exporter has seen what was not dropped. */
static void bench_bursts(bench_measure *m)
{
    for (long done = 0; done < m->n;) {
        long burst = m->n - done < m->burst ? m->n - done : m->burst;
        bench_emit(burst, m->threads, done, &m->emit);
        done += burst;
        while (bench_settled(m) < done) bench_sleep(0.0002);
    }
}

static void bench_timed_part(bench_measure *m)
{
    double started = bench_now(), cpu = bench_process_cpu();
    uint64_t heap = bench_heap_all();
    if (m->burst)
        bench_bursts(m);
    else
        bench_emit(m->n, m->threads, 0, &m->emit);
    if (m->drop) m->dropped = bench_subject_dropped() - m->dropped_before;
    if (!m->noop) bench_subject_shutdown(m->drop ? 1 : 120000);
    if (!m->drop) m->dropped = bench_subject_dropped();
    m->all.wall = bench_now() - started;
    m->all.cpu = bench_process_cpu() - cpu;
    m->all.heap = bench_heap_all() - heap;
}

static void bench_print(const char *name, const bench_measure *m)
{
    double n = (double)m->n, ns = 1e9 / n;
    printf("bench rival=%s mode=%s exporter=%s n=%ld threads=%d burst=%ld rate=%ld queue=%ld batch=%ld", name, m->mode,
           m->noop ? "none" : m->exporter, m->n, m->threads, m->burst, bench_number("rate", 0),
           bench_number("queue", 2048), bench_number("batch", 512));
    printf(" emit_ns=%.1f emit_cpu_ns=%.1f wall_ns=%.1f cpu_ns=%.1f", m->emit.wall * ns, m->emit.cpu * ns,
           m->all.wall * ns, m->all.cpu * ns);
    printf(" allocs_emit=%.2f allocs_all=%.2f rss_kib=%ld exported=%llu dropped=%ld", (double)m->emit.heap / n,
           (double)m->all.heap / n, bench_peak_kib(),
           (unsigned long long)(bench_subject_exported() - m->exported_before), m->dropped);
    printf(" heap_emit=%llu heap_all=%llu", (unsigned long long)m->emit.heap, (unsigned long long)m->all.heap);
    printf(" sleep_cpu_ns=%.1f work_cpu_ns=%.1f\n", m->emit.sleep_cpu * ns, (m->all.cpu - m->emit.sleep_cpu) * ns);
}

static int bench_measured(const char *name, const char *mode)
{
    bench_measure m = {.mode = mode,
                       .exporter = strcmp(mode, "drop") == 0 ? "stuck" : bench_text("exporter", "null"),
                       .n = bench_number("n", 1000000),
                       .burst = bench_number("burst", 0),
                       .threads = (int)bench_number("threads", 1),
                       .noop = strcmp(mode, "noop") == 0,
                       .disabled = strcmp(mode, "disabled") == 0,
                       .drop = strcmp(mode, "drop") == 0};
    if (m.n < 1 || m.burst < 0 || m.threads < 1 || m.threads > BENCH_THREADS_MAX) {
        fprintf(stderr, "bench: n at least 1, burst at least 0, threads 1 to %d\n", BENCH_THREADS_MAX);
        return 2;
    }
    if (!bench_begin(&m)) {
        printf("bench rival=%s mode=%s unsupported\n", name, mode);
        return 3;
    }
    bench_warm_up(&m);
    bench_timed_part(&m);
    bench_print(name, &m);
    return 0;
}

/* What a record takes in the queue: resident memory, with an exporter that never answers, beside its bytes on the wire.
 */
static int bench_queued(const char *name)
{
    long n = bench_number("n", 400000);
    bench_settings settings = {.queue = n + BENCH_WARM_UP, .batch = bench_number("batch", 512), .delay_ms = 10};
    bench_sum ignored = {.heap = 0};
    if (n < 1 || !bench_subject_start("stuck", &settings)) return 3;
    bench_emit(BENCH_WARM_UP, 1, BENCH_WARM_UP_FROM, &ignored);
    while (bench_subject_wire_bytes() == 0) bench_sleep(0.001);
    double before = bench_resident_bytes();
    bench_emit(n, 1, 0, &ignored);
    printf("queued rival=%s n=%ld memory=%.1f wire=%.1f dropped=%ld\n", name, n,
           (bench_resident_bytes() - before) / (double)n, bench_subject_wire_bytes(), bench_subject_dropped());
    bench_subject_shutdown(1);
    return 0;
}
#endif
