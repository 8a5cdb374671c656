/* Children of a process whose other threads are in the middle of a processor: in an expression, under a lock. */
#include "processor_fixture.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.forks", NULL);
static _Atomic bool ending;

/* A long text: the thread is in the expression nearly all of the time. */
static void *log_long(void *unused)
{
    static char text[300000];
    memset(text, 'c', sizeof text);
    while (!atomic_load(&ending)) OTEL_LOG_INFO(&logger, "x", OTEL_STRN("k", text, sizeof text));
    return unused;
}

static bool child_redacts(void *argument)
{
    const bench *b = argument;
    OTEL_LOG_INFO(&logger, "x", OTEL_STR("k", "canary"));
    return arrived(b) == 1 && attr_is(otel_memory_exporter_at(b->memory, 0), "k", "***");
}

static void expressions_work_in_the_child(void **unused)
{
    (void)unused;
    pthread_t busy;
    const otel_attribute_rule rule = {.action = OTEL_RULE_REDACT, .text_pattern = "c.n.r."};
    bench b = bench_of(otel_attributes_log_processor_new(&rule, 1));
    atomic_store(&ending, false);
    assert_int_equal(pthread_create(&busy, NULL, log_long, NULL), 0);
    for (int i = 0; i < 10; i++) {
        sleep_ms(2);
        assert_true(in_child(child_redacts, &b));
        otel_memory_exporter_clear(b.memory);
    }
    atomic_store(&ending, true);
    pthread_join(busy, NULL);
    bench_stop(&b);
}

enum { THREADS = 3, RECORDER = 0, DEDUPLICATOR, FORKS = 40 };

static void *log_debug(void *unused)
{
    for (int64_t i = 0; !atomic_load(&ending); i++) {
        OTEL_LOG_DEBUG(&logger, "kept", OTEL_INT("i", i % 5));
        OTEL_LOG_INFO(&logger, "repeated", OTEL_INT("i", i % 300));
    }
    return unused;
}

typedef struct line {
    otel_log_processor *list[3];
    otel_provider *provider;
    otel_log_exporter *memory;
} line;

/* Of its parent's nothing; of its own everything. */
static bool child_begins_anew(void *argument)
{
    const line *l = argument;
    OTEL_LOG_DEBUG(&logger, "child");
    for (int i = 0; i < 3; i++) OTEL_LOG_INFO(&logger, "child's repeated");
    OTEL_LOG_ERROR(&logger, "child's error");
    otel_result flushed = otel_provider_flush(l->provider, 60000);
    otel_processor_books recorder, deduplicator;
    otel_log_processor_books(l->list[RECORDER], &recorder);
    otel_log_processor_books(l->list[DEDUPLICATOR], &deduplicator);
    return flushed == OTEL_OK && otel_memory_exporter_count(l->memory) == 4 && recorder.taken == 5 &&
           recorder.passed == 5 && deduplicator.dropped_repeated == 2 && deduplicator.added == 1;
}

static void locks_are_free_in_the_child(void **unused)
{
    (void)unused;
    pthread_t busy[THREADS];
    line l = {.list = {otel_recorder_log_processor_new(&(otel_recorder_options){.max_records = 20}),
                       otel_deduplicator_log_processor_new(&(otel_deduplicator_options){.window_ms = 100000})}};
    l.list[2] = remembering(&l.memory);
    l.provider = provider_of(l.list, 3);
    assert_int_equal(otel_provider_set_global(l.provider), OTEL_OK);
    atomic_store(&ending, false);
    for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_create(&busy[i], NULL, log_debug, NULL), 0);
    for (int i = 0; i < FORKS; i++) assert_true(in_child(child_begins_anew, &l));
    atomic_store(&ending, true);
    for (int i = 0; i < THREADS; i++) pthread_join(busy[i], NULL);
    assert_books(l.provider);
    assert_int_equal(otel_provider_stop(l.provider, 60000), OTEL_OK);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(expressions_work_in_the_child),
                                       cmocka_unit_test(locks_are_free_in_the_child)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
