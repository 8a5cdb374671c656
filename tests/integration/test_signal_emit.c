/* Logging in a signal handler that interrupts logging, a thousand times a second: no deadlock, and exact books. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>

#include <otel/otel.h>

#include "child.h"

enum { THREADS = 4, LIMIT_MS = 110000, MOST_TIME_MS = 50000, WRONG = 3, LEAST_SIGNALS = 100 };

static otel_logger logger = OTEL_LOGGER_INIT("signal", "1");
static otel_logger handler_logger = OTEL_LOGGER_INIT("signal.handler", "1"); /* bound for the first time in a handler */
static _Atomic uint64_t attempts, signals, arrived, from_handlers;
static atomic_bool enough;

static otel_export_status count_batch(otel_log_exporter *self, const otel_log_batch *batch, otel_export_call *call)
{
    otel_log_cursor at = otel_log_batch_begin(batch);
    (void)self;
    (void)call;
    while (otel_log_next(&at)) {
        atomic_fetch_add(&arrived, 1);
        if (at.record.severity == OTEL_SEVERITY_WARN) atomic_fetch_add(&from_handlers, 1);
    }
    return OTEL_EXPORT_OK;
}

static const otel_log_exporter_ops counting_ops = {
    .size = sizeof counting_ops, .name = "counting", .export_batch = count_batch};

static void on_signal(int number)
{
    int kept = errno;
    (void)number;
    atomic_fetch_add(&signals, 1);
    atomic_fetch_add(&attempts, 1);
    OTEL_LOG_WARN(&handler_logger, "from a handler", OTEL_INT("signal", number), OTEL_STR("text", "ü"));
    if (errno != kept) abort();
}

static void *emit(void *argument)
{
    struct timespec pause = {0, 20000};
    for (int i = 0; !atomic_load(&enough); i++) {
        atomic_fetch_add(&attempts, 1);
        OTEL_LOG_INFO(&logger, "from the main line", OTEL_INT("i", i), OTEL_STR("a", "b"), OTEL_DOUBLE("d", 0.5));
        if (i % 64 == 0) nanosleep(&pause, NULL); /* the loop is to have its turn on a small machine */
    }
    return argument;
}

static int complain(const char *what, uint64_t number)
{
    printf("%s: %llu\n", what, (unsigned long long)number);
    return WRONG;
}

static int check(void)
{
    otel_books books;
    otel_pipeline_books p;
    if (otel_stop(50000) != OTEL_OK) return complain("otel_stop", 0);
    if (!otel_provider_books(NULL, &books) || !otel_provider_pipeline_books(NULL, 0, &p)) return complain("books", 0);
    printf("attempts %llu, signals %llu, suppressed %llu, queue full %llu, from handlers %llu\n",
           (unsigned long long)attempts, (unsigned long long)signals, (unsigned long long)books.suppressed,
           (unsigned long long)p.dropped_queue_full, (unsigned long long)from_handlers);
    if (books.accepted != attempts) return complain("accepted", books.accepted);
    if (books.filtered || books.suppressed + books.delivered != attempts) return complain("delivered", books.delivered);
    if (p.taken != books.delivered || p.exported + p.dropped_queue_full != p.taken)
        return complain("exported", p.exported);
    if (arrived != p.exported) return complain("arrived", arrived);
    if (signals < LEAST_SIGNALS || from_handlers == 0) return complain("signals", signals);
    return 0;
}

static void timer(long us)
{
    struct itimerval every = {{0, us}, {0, us}};
    setitimer(ITIMER_PROF, &every, NULL);
}

/* The timer counts time of the processor, and not oftener than the kernel's clock ticks: on a busy machine it takes its
 * time. */
static bool often_enough(void)
{
    return atomic_load(&signals) >= LEAST_SIGNALS && atomic_load(&from_handlers) > 0;
}

static int interrupt_often(void *argument)
{
    pthread_t threads[THREADS];
    (void)argument;
    child_environment(NULL, NULL);
    otel_log_exporter *exporter = otel_log_exporter_new(sizeof *exporter, &counting_ops);
    otel_log_processor *list[] = {
        otel_batch_log_processor_new(exporter, &(otel_batch_options){.schedule_delay_ms = 5, .max_queue_size = 20000})};
    sigaction(SIGPROF, &(struct sigaction){.sa_handler = on_signal, .sa_flags = SA_RESTART}, NULL);
    if (otel_start(&(otel_options){.log_processors = list, .log_processor_count = 1}) != OTEL_OK)
        return complain("start", 0);
    timer(1000);
    int64_t until = child_now_ms() + (child_long() ? 30000 : 1500), limit = child_now_ms() + MOST_TIME_MS;
    for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, emit, NULL);
    for (int i = 0; child_now_ms() < until || (!often_enough() && child_now_ms() < limit); i++) {
        atomic_fetch_add(&attempts, 1);
        OTEL_LOG_INFO(&logger, "main", OTEL_INT("i", i));
        if (i % 64 == 0) child_sleep_ms(1);
    }
    timer(0);
    atomic_store(&enough, true);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    return check();
}

static void handlers_log_while_they_interrupt_logging(void **state)
{
    (void)state;
    child_expect_good(child_run(interrupt_often, NULL, LIMIT_MS), "signals");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(handlers_log_while_they_interrupt_logging)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
