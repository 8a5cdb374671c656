/* Clones handed on by a thread of a processor's own (the one of examples/async_processor): books, order, stop, forks.
 */
#include "async_processor/background.h"
#include "processor_fixture.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.async", NULL);
static _Atomic bool hold;
static _Atomic uint32_t worked;

static void note(otel_log_record *record)
{
    while (atomic_load(&hold)) sleep_ms(1);
    static char text[32];
    snprintf(text, sizeof text, "no. %u", atomic_fetch_add(&worked, 1));
    otel_log_record_set(record, OTEL_STR("worked", text));
    record->severity = OTEL_SEVERITY_WARN;
}

typedef struct line {
    otel_provider *provider;
    otel_log_exporter *memory;
} line;

static line line_of(background_work *work)
{
    line l = {.memory = otel_memory_exporter_new()};
    otel_log_processor *list[] = {background_new(work), otel_batch_log_processor_new(l.memory, NULL)};
    l.provider = provider_of(list, 2);
    assert_int_equal(otel_provider_set_global(l.provider), OTEL_OK);
    atomic_store(&worked, 0);
    return l;
}

static void log_from_a_stack_that_goes(int64_t n)
{
    char text[] = "short-lived";
    OTEL_LOG_INFO(&logger, text, OTEL_INT("n", n), OTEL_STR("k", text));
    memset(text, 'x', sizeof text - 1);
}

static void they_arrive_in_order_and_changed(void **unused)
{
    (void)unused;
    otel_books books;
    otel_pipeline_books pipeline;
    line l = line_of(note);
    atomic_store(&hold, true); /* nothing is passed on while its emit runs */
    for (int i = 0; i < 100; i++) log_from_a_stack_that_goes(i);
    assert_true(otel_provider_books(l.provider, &books));
    assert_int_equal(books.accepted, 100);
    assert_int_equal(books.filtered, 100); /* settled when emit returned */
    atomic_store(&hold, false);
    assert_int_equal(otel_provider_flush(l.provider, 60000), OTEL_OK);
    assert_int_equal(otel_memory_exporter_count(l.memory), 100);
    for (size_t i = 0; i < 100; i++) {
        const otel_log_record *r = otel_memory_exporter_at(l.memory, i);
        char worked_as[32];
        snprintf(worked_as, sizeof worked_as, "no. %zu", i);
        assert_true(int_is(r, "n", (int64_t)i) && attr_is(r, "worked", worked_as) && attr_is(r, "k", "short-lived"));
        assert_true(text_is(&r->body, "short-lived") && r->severity == OTEL_SEVERITY_WARN);
        assert_string_equal(r->scope->name, "test.async");
    }
    assert_true(otel_provider_pipeline_books(l.provider, 0, &pipeline));
    assert_int_equal(pipeline.taken, 100);
    assert_int_equal(pipeline.exported, 100);
    assert_books(l.provider);
    assert_int_equal(otel_provider_stop(l.provider, 60000), OTEL_OK);
}

static void stop_passes_on_what_is_queued(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    otel_log_processor *list[] = {background_new(note), otel_batch_log_processor_new(SCRIPTED_OK(&log), NULL)};
    otel_provider *p = provider_of(list, 2);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    for (int i = 0; i < 500; i++) log_from_a_stack_that_goes(i);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    assert_int_equal(log.records, 500);
}

/* Work that takes longer than there is time: clones are destroyed, not leaked (LeakSanitizer), and nobody hangs. */
static void nap(otel_log_record *record)
{
    (void)record;
    sleep_ms(20);
}

static void stop_keeps_its_deadline(void **unused)
{
    (void)unused;
    said_begin();
    line l = line_of(nap);
    for (int i = 0; i < 500; i++) log_from_a_stack_that_goes(i);
    assert_int_equal(otel_provider_stop(l.provider, 100), OTEL_ERR_TIMEOUT);
    assert_true(said("records were dropped"));
    said_end();
}

enum { THREADS = 4, EACH = 200 };

static void *log_each(void *unused)
{
    for (int i = 0; i < EACH; i++) log_from_a_stack_that_goes(i);
    return unused;
}

static void many_threads_hand_over(void **unused)
{
    (void)unused;
    pthread_t threads[THREADS];
    line l = line_of(note);
    for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_create(&threads[i], NULL, log_each, NULL), 0);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    assert_int_equal(otel_provider_flush(l.provider, 60000), OTEL_OK);
    assert_int_equal(otel_memory_exporter_count(l.memory), THREADS * EACH);
    assert_books(l.provider);
    assert_int_equal(otel_provider_stop(l.provider, 60000), OTEL_OK);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_arrive_in_order_and_changed), cmocka_unit_test(stop_passes_on_what_is_queued),
        cmocka_unit_test(stop_keeps_its_deadline), cmocka_unit_test(many_threads_hand_over)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
