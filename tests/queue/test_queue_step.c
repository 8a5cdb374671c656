/* kill -9 between every two instructions. A child runs a script (emits that open, fill and replace chunks, a jumbo, the
 * consumer taking, settling and releasing) one instruction at a time; after each one the parent reads the shared file
 * as recovery would after a kill there: all acknowledged records that were not yet exported must be there, whole. After
 * 10 s the rest of the script runs at full speed and is checked once; --long steps through a longer one to its end. */
#include "testing.h"
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

enum { RECORDS_MAX = 1024, JUMBO = 12288 };
typedef struct progress {
    _Atomic uint64_t acknowledged;
    _Atomic uint8_t exported[RECORDS_MAX];
    _Atomic uint32_t finished;
} progress;

static progress *shared;
static otel__queue queue;
static otel__queue_options options = {.max_records = 64,
                                      .batch_records = 16,
                                      .chunk_bytes = 4096,
                                      .chunks = 8,
                                      .jumbo_bytes = JUMBO,
                                      .jumbos = 2,
                                      .stripes = 2,
                                      .fd = -1};

/* -- the child ------------------------------------------------------------------------------------------------- */

static void mark(void *context, uint32_t stripe, const test_head *head)
{
    (void)context;
    (void)stripe;
    atomic_store(&shared->exported[head->number], 1);
}

static void emit(uint64_t *number, uint32_t length)
{
    if (test_emit(&queue, 1, *number, length) == OTEL__QUEUE_OK) atomic_store(&shared->acknowledged, (*number)++);
}

static _Noreturn void script(int rounds)
{
    uint64_t number = 1;
    CHECK(otel__queue_open(&queue, &options));
    CHECK(ptrace(PTRACE_TRACEME, 0, 0, 0) == 0);
    raise(SIGSTOP);
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < 9; i++) emit(&number, 40);
        for (int i = 0; i < 6; i++) emit(&number, 900); /* fills and replaces chunks */
        emit(&number, 5000);                            /* a jumbo */
        emit(&number, 40);
        test_consume(&queue, false, mark, NULL);
        emit(&number, 60);
    }
    atomic_store(&shared->finished, 1);
    _exit(0);
}

/* -- the parent ------------------------------------------------------------------------------------------------ */

typedef struct tally {
    uint64_t stops, most, lost, torn, gaps, bad;
    uint64_t last;
    uint8_t seen[RECORDS_MAX];
} tally;

static void found(void *context, const otel__queue_found *record)
{
    tally *t = context;
    test_head head;
    if (!test_valid(record->bytes, record->length, &head) || head.number >= RECORDS_MAX) {
        t->torn++;
        return;
    }
    if (head.number <= t->last || head.number > atomic_load(&shared->acknowledged) + 1) t->bad++;
    t->last = head.number;
    t->seen[head.number] = 1;
}

static void check_as_after_a_kill(tally *t, const uint8_t *map, size_t bytes)
{
    otel__queue_recovery recovery;
    memset(t->seen, 0, sizeof t->seen);
    t->last = 0;
    t->stops++;
    CHECK(otel__queue_recover(&options, map, bytes, found, t, &recovery));
    if (recovery.records > t->most) t->most = recovery.records;
    t->bad += recovery.bad;
    t->gaps += recovery.torn;
    uint64_t acknowledged = atomic_load(&shared->acknowledged);
    for (uint64_t i = 1; i <= acknowledged; i++) t->lost += !t->seen[i] && !atomic_load(&shared->exported[i]);
}

static bool step(pid_t child)
{
    int status;
    return ptrace(PTRACE_SINGLESTEP, child, 0, 0) == 0 && waitpid(child, &status, 0) == child && WIFSTOPPED(status) &&
           WSTOPSIG(status) == SIGTRAP;
}

int main(int argc, char **argv)
{
    bool is_long = test_is_long(argc, argv);
    static tally t;
    int status;
    size_t bytes = (size_t)options.chunks * options.chunk_bytes + (size_t)options.jumbos * options.jumbo_bytes;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(shared != MAP_FAILED);
    options.fd = memfd_create("queue_step", MFD_CLOEXEC);
    pid_t child = fork();
    if (child == 0) script(is_long ? 30 : 3);
    CHECK(child > 0 && waitpid(child, &status, 0) == child && WIFSTOPPED(status));
    ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_EXITKILL);
    const uint8_t *map = mmap(NULL, bytes, PROT_READ, MAP_SHARED, options.fd, 0);
    CHECK(map != MAP_FAILED);
    uint64_t until = is_long ? UINT64_MAX : test_now_ms() + 10000;
    bool stepping = true;
    while (test_now_ms() < until && (stepping = step(child))) check_as_after_a_kill(&t, map, bytes);
    if (stepping) CHECK(ptrace(PTRACE_DETACH, child, 0, 0) == 0 && waitpid(child, &status, 0) == child);
    check_as_after_a_kill(&t, map, bytes);
    printf("step: %llu stops%s, %llu emitted, up to %llu recovered at once, lost %llu, torn accepted %llu, bad %llu\n",
           (unsigned long long)t.stops, stepping ? " (then the time was up)" : ", the whole script",
           (unsigned long long)shared->acknowledged, (unsigned long long)t.most, (unsigned long long)t.lost,
           (unsigned long long)t.torn, (unsigned long long)t.bad);
    return t.lost || t.torn || t.bad || t.gaps || !shared->finished || t.stops < 1000;
}
