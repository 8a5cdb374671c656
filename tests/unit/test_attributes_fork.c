/* The attributes processor in children of a process whose other threads are in the middle of its expressions. */
#include "processor_fixture.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.attributes", NULL);

static bool child_redacts(void *argument)
{
    const bench *b = argument;
    OTEL_LOG_INFO(&logger, "x", OTEL_STR("k", "canary"));
    return arrived(b) == 1 && attr_is(otel_memory_exporter_at(b->memory, 0), "k", "***");
}

static _Atomic bool ending;

/* A long text: the thread is in the expression nearly all of the time. */
static void *log_on(void *unused)
{
    static char text[300000];
    memset(text, 'c', sizeof text);
    while (!atomic_load(&ending)) OTEL_LOG_INFO(&logger, "x", OTEL_STRN("k", text, sizeof text));
    return unused;
}

/* Forks in the middle of another thread's expression. */
static void children_of_a_busy_process_redact(void **unused)
{
    (void)unused;
    pthread_t busy;
    const otel_attribute_rule rule = {.action = OTEL_RULE_REDACT, .text_pattern = "c.n.r."};
    bench b = bench_of(otel_attributes_log_processor_new(&rule, 1));
    atomic_store(&ending, false);
    assert_int_equal(pthread_create(&busy, NULL, log_on, NULL), 0);
    for (int i = 0; i < 10; i++) {
        sleep_ms(2);
        assert_true(in_child(child_redacts, &b));
        otel_memory_exporter_clear(b.memory);
    }
    atomic_store(&ending, true);
    pthread_join(busy, NULL);
    bench_stop(&b);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(children_of_a_busy_process_redact)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
