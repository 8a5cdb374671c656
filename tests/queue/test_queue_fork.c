/* A fork storm: 6 threads emit without pause while the main thread forks. Each child emits from two threads of its own
 * and drains: it must finish, see its own records only and all of them; then a grandchild does the same. The parent's
 * books must balance at the end. In memory, then in a file. --long: 2 000 forks each, else 1.5 s each.
 * The sanitizers cannot follow a fork beside running threads: built with them, the threads rest while it forks. */
#include "testing.h"
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum { THREADS = 6, CHILD_RECORDS = 300 };
static otel__queue queue;
static test_sleeper sleeper;
static _Atomic uint64_t accepted, refused;
static _Atomic bool done;
static uint64_t consumed;
static uint32_t generation = 1000; /* records of this process have who = generation + thread */
static pthread_t threads[THREADS], consuming;

static void got(void *context, uint32_t stripe, const test_head *head)
{
    (void)stripe;
    CHECK(head->who - generation < (uint32_t)(uintptr_t)context);
    consumed++;
}

/* -- the child ------------------------------------------------------------------------------------------------- */

static void *child_emitter(void *argument)
{
    uint32_t who = generation + (uint32_t)(uintptr_t)argument;
    for (uint64_t i = 1; i <= CHILD_RECORDS; i++) {
        CHECK(test_emit(&queue, who, i, 100 + (uint32_t)(i % 200)) == OTEL__QUEUE_OK);
        atomic_fetch_add(&accepted, 1);
    }
    return NULL;
}

static void emit_as_child(uint32_t depth)
{
    pthread_t two[2];
    alarm(60);
    generation = 1000 * (depth + 2);
    consumed = 0;
    atomic_store(&accepted, 0);
    for (uintptr_t i = 0; i < 2; i++) CHECK(!pthread_create(&two[i], NULL, child_emitter, (void *)i));
    for (int i = 0; i < 2; i++) pthread_join(two[i], NULL);
}

static _Noreturn void drain_as_child(void)
{
    test_consume(&queue, false, got, (void *)2);
    CHECK(consumed == 2 * CHILD_RECORDS && test_taken(&queue) == consumed && test_drops(&queue) == 0);
    CHECK(otel__queue_used(&queue) == 0 && otel__queue_outside(&queue) == 0);
    otel__queue_unmap(&queue);
    _exit(0);
}

static _Noreturn void child(void)
{
    int status;
    emit_as_child(0);
    pid_t grandchild = fork(); /* with the child's records in the queue */
    if (!grandchild) {
        emit_as_child(1);
        drain_as_child();
    }
    CHECK(waitpid(grandchild, &status, 0) == grandchild && status == 0);
    drain_as_child();
}

/* -- the parent ------------------------------------------------------------------------------------------------ */

static void *emitter(void *argument)
{
    uint32_t who = (uint32_t)(uintptr_t)argument;
    for (uint64_t i = 1; !atomic_load(&done) && (!TEST_SANITIZED || i < 500); i++) {
        bool ok = test_emit(&queue, who, i, test_length(test_mix(i), 60000)) == OTEL__QUEUE_OK;
        atomic_fetch_add(ok ? &accepted : &refused, 1);
        if (!ok) sched_yield();
    }
    return NULL;
}

static void *consumer(void *unused)
{
    for (;;) {
        bool last = atomic_load(&done);
        test_consume(&queue, false, got, (void *)(uintptr_t)THREADS);
        if (last) return unused;
        test_sleep(&queue, &sleeper, OTEL__QUEUE_NAP, 1);
    }
}

static void start_threads(void)
{
    atomic_store(&done, false);
    CHECK(!pthread_create(&consuming, NULL, consumer, NULL));
    for (uint32_t i = 0; i < THREADS; i++)
        CHECK(!pthread_create(&threads[i], NULL, emitter, (void *)(uintptr_t)(generation + i)));
}

static void join_threads(void)
{
    if (!TEST_SANITIZED) atomic_store(&done, true);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    atomic_store(&done, true);
    otel__queue_hurry(&queue);
    pthread_join(consuming, NULL);
}

static void fork_once(void)
{
    int status;
    if (TEST_SANITIZED) { /* leave something queued in the parent, then fork alone */
        start_threads();
        join_threads();
        for (uint64_t i = 1; i <= 100; i++)
            if (test_emit(&queue, generation, i, 100) == OTEL__QUEUE_OK) atomic_fetch_add(&accepted, 1);
    }
    pid_t p = fork();
    if (!p) child();
    CHECK(p > 0 && waitpid(p, &status, 0) == p);
    CHECK(status == 0);
}

static void storm(const char *where, int fd, bool is_long)
{
    otel__queue_options options = {.max_records = 4096,
                                   .batch_records = 512,
                                   .chunk_bytes = 16384,
                                   .chunks = 128,
                                   .jumbo_bytes = 73728,
                                   .jumbos = 4,
                                   .stripes = 16,
                                   .fd = fd,
                                   .wake = test_wake,
                                   .wake_context = &sleeper};
    CHECK(otel__queue_open(&queue, &options));
    uint64_t forks = 0, worst = 0, until = test_now_ms() + 1500;
    consumed = 0;
    atomic_store(&accepted, 0);
    atomic_store(&refused, 0);
    if (!TEST_SANITIZED) start_threads();
    for (; is_long ? forks < 2000 : test_now_ms() < until; forks++) {
        uint64_t before = test_now_ms();
        fork_once();
        uint64_t took = test_now_ms() - before;
        worst = took > worst ? took : worst;
    }
    if (!TEST_SANITIZED) join_threads();
    test_consume(&queue, true, got, (void *)(uintptr_t)THREADS);
    CHECK(consumed == accepted && test_taken(&queue) == accepted && test_drops(&queue) == refused);
    CHECK(otel__queue_used(&queue) == 0 && otel__queue_outside(&queue) == 0);
    printf("fork, %s: %llu forks and as many grandchildren, worst %llu ms; parent: %llu accepted, %llu refused\n",
           where, (unsigned long long)forks, (unsigned long long)worst, (unsigned long long)accepted,
           (unsigned long long)refused);
    fflush(stdout);
    otel__queue_unmap(&queue);
}

int main(int argc, char **argv)
{
    bool is_long = test_is_long(argc, argv);
    sleeper.event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    storm("memory", -1, is_long);
    int fd = memfd_create("queue_fork", MFD_CLOEXEC);
    storm("file", fd, is_long);
    close(fd);
    close(sleeper.event);
    return 0;
}
