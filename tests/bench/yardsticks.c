/* What this machine charges for the things that log calls are made of, and for other ways to make the same record, to
 * read the other figures by. Keys: n. */
#include "clocks.h"
#include "protobuf_c.h"
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { RING = 4 << 20, RECORD = 176 }; /* the bench's record as OTLP */

static volatile uint64_t result;
static unsigned char *ring;

static void read_clock(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    result = (uint64_t)t.tv_nsec;
}

static void realtime(long n)
{
    for (long i = 0; i < n; i++) read_clock(CLOCK_REALTIME);
}

static void coarse(long n)
{
    for (long i = 0; i < n; i++) read_clock(CLOCK_REALTIME_COARSE);
}

static void atomic_add(long n)
{
    static _Atomic uint64_t counter;
    for (long i = 0; i < n; i++) atomic_fetch_add(&counter, 1);
}

static void mutex_pair(long n)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    for (long i = 0; i < n; i++) {
        pthread_mutex_lock(&mutex);
        pthread_mutex_unlock(&mutex);
    }
}

static void malloc_free(long n)
{
    for (long i = 0; i < n; i++) {
        void *volatile memory = malloc(RECORD);
        free(memory);
    }
}

/* Into memory that is larger than the caches next to the core, as a queue is. */
static void copy_record(long n)
{
    static unsigned char from[RECORD];
    for (long i = 0; i < n; i++) {
        from[0] = (unsigned char)i;
        memcpy(ring + i * RECORD % (RING - RECORD), from, RECORD);
        atomic_signal_fence(memory_order_seq_cst);
    }
}

/* The same record as a line of text, without the time. */
static void format_line(long n)
{
    static char line[512];
    static const char *volatile route = "/api/v1/orders/x", *volatile user = "alice.wonderland";
    for (long i = 0; i < n; i++)
        result = (uint64_t)snprintf(line, sizeof line, "%s %s http.route=%s user.name=%s seq=%ld http.ok=%s\n", "INFO",
                                    "GET /api/v1/orders/12345 finished without errors", route, user, i, "true");
}

static void write_null(long n)
{
    static const unsigned char record[RECORD];
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    for (long i = 0; i < n; i++) result = (uint64_t)write(null, record, RECORD);
    close(null);
}

static void measure(const char *name, void (*run)(long), long n)
{
    run(n / 100);
    double cpu = bench_thread_cpu();
    run(n);
    printf("yardstick name=%s ns=%.2f\n", name, (bench_thread_cpu() - cpu) / (double)n * 1e9);
}

int main(int argc, char **argv)
{
    bench_arguments = argv + (argc > 0);
    long n = bench_number("n", 5000000);
    ring = calloc(1, RING);
    if (!ring || n < 1000) {
        fprintf(stderr, "yardsticks: %s\n", ring ? "n at least 1000" : "no memory");
        return 2;
    }
    measure("clock_gettime", realtime, n);
    measure("clock_gettime_coarse", coarse, n);
    measure("atomic_fetch_add", atomic_add, n);
    measure("mutex_lock_unlock", mutex_pair, n);
    measure("malloc_free", malloc_free, n);
    measure("memcpy_176", copy_record, n);
    measure("snprintf", format_line, n / 10);
    measure("write_dev_null", write_null, n / 10);
    measure("protobuf_c", bench_protobuf_c, n / 10);
    free(ring);
    return 0;
}
