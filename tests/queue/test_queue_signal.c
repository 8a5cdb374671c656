/* Two signals that interrupt emits, and each other, and emit themselves, on every thread: all records counted and
 * whole.
 * --long: 10 s. (Without SA_NODEFER: such a storm overflows the stack by signal frames alone, with or without a queue.)
 */
#include "testing.h"
#include <pthread.h>
#include <signal.h>

enum { THREADS = 3 };
static otel__queue queue;
static _Atomic uint64_t accepted, refused, handled, inside;
static uint64_t consumed;
static _Atomic bool done;
static _Thread_local volatile sig_atomic_t busy;

static void emit(uint32_t who, uint64_t number, uint32_t length)
{
    atomic_fetch_add(test_emit(&queue, who, number, length) == OTEL__QUEUE_OK ? &accepted : &refused, 1);
}

static void handler(int signal_number)
{
    uint64_t number = atomic_fetch_add(&handled, 1);
    if (busy) atomic_fetch_add(&inside, 1);
    emit(100 + (uint32_t)signal_number, number, 60);
}

static void *emitter(void *argument)
{
    for (uint64_t i = 1; !atomic_load_explicit(&done, memory_order_relaxed); i++) {
        busy = 1;
        emit((uint32_t)(uintptr_t)argument, i, test_length(test_mix(i), 0));
        busy = 0;
    }
    return NULL;
}

static void *killer(void *argument)
{
    pthread_t *threads = argument;
    while (!atomic_load(&done)) {
        for (int i = 0; i < THREADS; i++) {
            pthread_kill(threads[i], SIGUSR1);
            pthread_kill(threads[i], SIGUSR2);
        }
    }
    return NULL;
}

static void got(void *context, uint32_t stripe, const test_head *head)
{
    (void)context;
    (void)stripe;
    (void)head;
    consumed++;
}

int main(int argc, char **argv)
{
    uint64_t until = test_now_ms() + (test_is_long(argc, argv) ? 10000 : 2000);
    pthread_t threads[THREADS], killing;
    CHECK(otel__queue_open(
        &queue,
        &(otel__queue_options){
            .max_records = 2048, .batch_records = 512, .chunk_bytes = 16384, .chunks = 64, .stripes = 8, .fd = -1}));
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &action, NULL);
    for (uintptr_t i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, emitter, (void *)i);
    pthread_create(&killing, NULL, killer, threads);
    while (test_now_ms() < until || handled <= 100) {
        test_consume(&queue, false, got, NULL);
        usleep(200);
    }
    atomic_store(&done, true);
    pthread_join(killing, NULL);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    test_consume(&queue, true, got, NULL);
    CHECK(consumed == accepted && test_taken(&queue) == accepted && test_drops(&queue) == refused);
    CHECK(otel__queue_used(&queue) == 0 && otel__queue_outside(&queue) == 0);
    CHECK(handled > 100);
    printf("signals: %llu handled, %llu of them inside an emit; %llu accepted, %llu refused, all whole\n",
           (unsigned long long)handled, (unsigned long long)inside, (unsigned long long)accepted,
           (unsigned long long)refused);
    otel__queue_unmap(&queue);
    return 0;
}
