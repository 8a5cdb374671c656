/* kill -9 at random moments. A child emits from 3 threads into a mapped file and exports in a fourth; after each
 * accepted emit it stores the number in a shared page: the acknowledgement. The parent kills it, recovers from the file
 * alone, and checks: every acknowledged record was exported or is recovered, every recovered one is whole, order per
 * thread, nothing that was never emitted.   [--long: 2 000 kills, else 3 s] [seed] [directory for the file, else a
 * memfd] */
#include "testing.h"
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum { THREADS = 3, MOST = 1 << 20 };
typedef struct progress {
    _Atomic uint64_t started, acknowledged[THREADS];
    _Atomic uint8_t exported[THREADS][MOST];
} progress;

static progress *shared;
static otel__queue queue;
static otel__queue_options options = {.max_records = 2048,
                                      .batch_records = 512,
                                      .chunk_bytes = 16384,
                                      .chunks = 32,
                                      .jumbo_bytes = 73728,
                                      .jumbos = 2,
                                      .fd = -1};

/* -- the child ------------------------------------------------------------------------------------------------- */

static void *emitter(void *argument)
{
    uint32_t who = (uint32_t)(uintptr_t)argument;
    for (uint64_t i = 1; i < MOST;) {
        uint32_t length = test_length(test_mix(i * 31 + who), 60000);
        if (test_emit(&queue, who, i, length) == OTEL__QUEUE_OK)
            atomic_store_explicit(&shared->acknowledged[who], i++, memory_order_release);
        else
            sched_yield();
    }
    return argument;
}

static void exported(void *context, uint32_t stripe, const test_head *head)
{
    (void)context;
    (void)stripe;
    atomic_store(&shared->exported[head->who][head->number], 1);
}

static _Noreturn void victim(void)
{
    pthread_t thread;
    CHECK(otel__queue_open(&queue, &options));
    for (uintptr_t i = 0; i < THREADS; i++) pthread_create(&thread, NULL, emitter, (void *)i);
    atomic_store(&shared->started, 1);
    for (uint64_t n = 0;; n++) {
        test_consume(&queue, false, exported, NULL);
        if (n % 3 == 0) usleep(500);
    }
}

/* -- the parent ------------------------------------------------------------------------------------------------ */

typedef struct tally {
    uint64_t kills, acknowledged, recovered, twice, lost, torn_accepted, torn_seen, bad;
    uint64_t last[THREADS];
} tally;
static uint8_t *recovered[THREADS];
static tally t;

static void found(void *context, const otel__queue_found *record)
{
    (void)context;
    test_head head;
    if (!test_valid(record->bytes, record->length, &head) || head.who >= THREADS || record->scope != (head.who & 7)) {
        t.torn_accepted++;
        return;
    }
    if (head.number <= t.last[head.who] || head.number > shared->acknowledged[head.who] + 1) t.bad++;
    t.last[head.who] = head.number;
    recovered[head.who][head.number] = 1;
    t.twice += shared->exported[head.who][head.number];
}

static int new_file(const char *directory)
{
    char path[256];
    if (!directory) return memfd_create("queue_kill9", MFD_CLOEXEC);
    snprintf(path, sizeof path, "%s/kill9-XXXXXX", directory);
    int fd = mkstemp(path);
    unlink(path);
    return fd;
}

static void forget(void)
{
    for (int i = 0; i < THREADS; i++) {
        size_t most = (size_t)shared->acknowledged[i] + 2;
        memset((void *)(uintptr_t)shared->exported[i], 0, most);
        memset(recovered[i], 0, most);
        shared->acknowledged[i] = 0;
        t.last[i] = 0;
    }
    atomic_store(&shared->started, 0);
}

static void start_and_kill(uint64_t random)
{
    int status;
    pid_t child = fork();
    CHECK(child >= 0);
    if (!child) victim();
    while (!atomic_load(&shared->started)) {
        CHECK(waitpid(child, &status, WNOHANG) == 0);
        usleep(50);
    }
    struct timespec moment = {0, (long)(random % 4000000)};
    nanosleep(&moment, NULL);
    kill(child, SIGKILL);
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL); /* a failed check in the child is no kill of ours */
}

static void recover_and_compare(void)
{
    otel__queue_recovery recovery;
    size_t bytes = (size_t)options.chunks * options.chunk_bytes + (size_t)options.jumbos * options.jumbo_bytes;
    uint8_t *map = mmap(NULL, bytes, PROT_READ, MAP_SHARED, options.fd, 0);
    CHECK(map != MAP_FAILED);
    CHECK(otel__queue_recover(&options, map, bytes, found, NULL, &recovery));
    t.recovered += recovery.records;
    t.torn_seen += recovery.torn;
    t.bad += recovery.bad;
    for (int i = 0; i < THREADS; i++) {
        t.acknowledged += shared->acknowledged[i];
        for (uint64_t k = 1; k <= shared->acknowledged[i]; k++) t.lost += !recovered[i][k] && !shared->exported[i][k];
    }
    munmap(map, bytes);
}

int main(int argc, char **argv)
{
    bool is_long = test_is_long(argc, argv);
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1, until = test_now_ms() + 3000;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(shared != MAP_FAILED);
    for (int i = 0; i < THREADS; i++) CHECK((recovered[i] = calloc(1, MOST)) != NULL);
    for (; is_long ? t.kills < 2000 : test_now_ms() < until; t.kills++) {
        options.fd = new_file(argc > 3 ? argv[3] : NULL);
        options.stripes = t.kills & 1 ? 1 : 8; /* one stripe: writers share chunks, torn ones leave gaps */
        CHECK(options.fd >= 0);
        forget();
        start_and_kill(test_mix(seed + t.kills * 7919));
        recover_and_compare();
        close(options.fd);
    }
    printf("kill9: %llu kills, %llu acknowledged, %llu recovered (%llu also exported), lost %llu; torn: %llu skipped, "
           "%llu accepted; bad %llu\n",
           (unsigned long long)t.kills, (unsigned long long)t.acknowledged, (unsigned long long)t.recovered,
           (unsigned long long)t.twice, (unsigned long long)t.lost, (unsigned long long)t.torn_seen,
           (unsigned long long)t.torn_accepted, (unsigned long long)t.bad);
    for (int i = 0; i < THREADS; i++) free(recovered[i]);
    munmap(shared, sizeof *shared);
    return t.lost || t.torn_accepted || t.bad || !t.acknowledged;
}
