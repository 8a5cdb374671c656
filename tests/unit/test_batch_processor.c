/* The batch processor's emitting side: options and their bounds, the full queue, waiting for room, books. */
#include "logs/batch_processor.h"
#include "sdk_fixture.h"
#include "tries.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.batch", NULL);

static otel_batch_options resolved(const otel_batch_options *options)
{
    scripted_log log = {0};
    otel_log_processor *p = otel_batch_log_processor_new(SCRIPTED_OK(&log), options);
    assert_non_null(p);
    otel_batch_options r = ((otel__batch *)p)->options;
    otel_log_processor_destroy(p);
    assert_int_equal(log.destroys, 1);
    return r;
}

static void defaults_are_the_specifications(void **unused)
{
    (void)unused;
    otel_batch_options r = resolved(NULL);
    assert_int_equal(r.schedule_delay_ms, 1000);
    assert_int_equal(r.export_timeout_ms, 30000);
    assert_int_equal(r.max_queue_size, 2048);
    assert_int_equal(r.max_export_batch_size, 512);
    assert_int_equal(r.max_record_bytes, 1 << 20);
    assert_int_equal(r.wait_for_room_ms, 0);
    assert_int_equal(r.retry_max_ms, 0);
}

static void the_environment_fills_what_is_left_open(void **unused)
{
    (void)unused;
    setenv("OTEL_BLRP_SCHEDULE_DELAY", "0", 1);
    setenv("OTEL_BLRP_EXPORT_TIMEOUT", "0", 1);
    setenv("OTEL_BLRP_MAX_QUEUE_SIZE", "100", 1);
    setenv("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "10", 1);
    otel_batch_options r = resolved(NULL);
    assert_int_equal(r.schedule_delay_ms, 0);
    assert_true(r.export_timeout_ms == OTEL_UNLIMITED); /* a timeout of 0 is none */
    assert_int_equal(r.max_queue_size, 100);
    assert_int_equal(r.max_export_batch_size, 10);
    r = resolved(&(otel_batch_options){
        .schedule_delay_ms = 7, .export_timeout_ms = 8, .max_queue_size = 9, .max_export_batch_size = 3});
    assert_int_equal(r.schedule_delay_ms, 7);
    assert_int_equal(r.export_timeout_ms, 8);
    assert_int_equal(r.max_queue_size, 9);
    assert_int_equal(r.max_export_batch_size, 3);
    clean_environment();
    assert_int_equal(resolved(&(otel_batch_options){.schedule_delay_ms = OTEL_ZERO}).schedule_delay_ms, 0);
}

static void wrong_numbers_are_said_and_the_default_is_used(void **unused)
{
    (void)unused;
    static const char *const bad[] = {"-1", "abc", "1.5", "99999999999999999999"};
    for (size_t i = 0; i < 4; i++) {
        said_begin();
        setenv("OTEL_BLRP_MAX_QUEUE_SIZE", bad[i], 1);
        assert_int_equal(resolved(NULL).max_queue_size, 2048);
        assert_true(said("OTEL_BLRP_MAX_QUEUE_SIZE"));
    }
    setenv("OTEL_BLRP_MAX_QUEUE_SIZE", "0", 1);
    said_begin();
    assert_int_equal(resolved(NULL).max_queue_size, 2048);
    assert_true(said("OTEL_BLRP_MAX_QUEUE_SIZE"));
    setenv("OTEL_BLRP_MAX_QUEUE_SIZE", "50", 1);
    setenv("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "60", 1);
    said_begin();
    assert_int_equal(resolved(NULL).max_export_batch_size, 50);
    assert_true(said("max export batch size"));
    unsetenv("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE");
    said_begin();
    assert_int_equal(resolved(NULL).max_export_batch_size, 50); /* nobody asked for 512: nothing to say */
    assert_false(said("max export batch size"));
    said_end();
    clean_environment();
}

static void a_failed_exporter_gives_nothing(void **unused)
{
    (void)unused;
    assert_null(otel_batch_log_processor_new(NULL, NULL));
    assert_null(otel_simple_log_processor_new(NULL));
}

static otel_pipeline_books books_of(otel_provider *p)
{
    otel_pipeline_books b;
    assert_true(otel_provider_pipeline_books(p, 0, &b));
    return b;
}

static bool drop_exactly_the_rest(void *logs)
{
    scripted_log *log = next_log(logs);
    static const scripted_step retry = {.status = OTEL_EXPORT_RETRY, .retry_after_ms = 60000};
    otel_log_processor *list[] = {
        otel_batch_log_processor_new(scripted_new(SCRIPTED_SYNC, &retry, 1, log),
                                     &(otel_batch_options){.max_queue_size = 100, .schedule_delay_ms = 60000})};
    otel_provider *p = provider_of(list, 1);
    otel_provider_set_global(p);
    said_begin();
    for (int i = 0; i < 250; i++) OTEL_LOG_INFO(&logger, "x", OTEL_INT("i", i));
    otel_pipeline_books b = books_of(p);
    assert_int_equal(b.taken, 250);
    assert_int_equal(b.queued, 100);
    assert_int_equal(b.dropped_queue_full, 150);
    assert_string_equal(b.exporter, "scripted");
    assert_books(p);
    assert_int_equal(otel_provider_flush(p, 50), OTEL_ERR_TIMEOUT);
    bool in_time = stops_in_time(p, 100, log);
    said_end();
    return in_time && said("the queue of 100 records is full") && said("150 records were dropped");
}

static void a_full_queue_drops_exactly_the_rest(void **unused)
{
    static scripted_log logs[4]; /* one that was kept may still write there */
    (void)unused;
    assert_true(in_three_tries(drop_exactly_the_rest, logs));
}

static otel_result stop_of(const scripted_step *steps, size_t count, uint32_t ms, int64_t *took_ms)
{
    scripted_log log = {.hold = false};
    otel_log_processor *list[] = {otel_batch_log_processor_new(scripted_new(SCRIPTED_SYNC, steps, count, &log), NULL)};
    otel_provider *p = provider_of(list, 1);
    otel_provider_set_global(p);
    OTEL_LOG_INFO(&logger, "x");
    *took_ms = now_ms();
    otel_result result = otel_provider_stop(p, ms);
    *took_ms = now_ms() - *took_ms;
    return result;
}

static void a_stop_does_not_wait_for_what_comes_after_it(void **unused)
{
    (void)unused;
    static const scripted_step hour = {.status = OTEL_EXPORT_RETRY, .retry_after_ms = 3600000, .firm = 1};
    static const scripted_step soon_enough[] = {{.status = OTEL_EXPORT_RETRY, .retry_after_ms = 50, .firm = 1},
                                                {.status = OTEL_EXPORT_OK}};
    int64_t took_ms;
    said_begin();
    assert_int_equal(stop_of(&hour, 1, 60000, &took_ms), OTEL_ERR_TIMEOUT);
    said_end();
    assert_true(said("stopped before 1 records"));
    assert_true(took_ms < 30000);
    assert_int_equal(stop_of(soon_enough, 2, 60000, &took_ms), OTEL_OK);
}

static bool never_answer(void *logs)
{
    static const scripted_step never = {.status = OTEL_EXPORT_PENDING, .later = OTEL_EXPORT_PENDING};
    otel_log_processor *list[] = {
        otel_batch_log_processor_new(scripted_new(SCRIPTED_ASYNC, &never, 1, next_log(logs)), NULL)};
    otel_provider *p = provider_of(list, 1);
    otel_provider_set_global(p);
    OTEL_LOG_INFO(&logger, "x");
    said_begin();
    assert_int_equal(otel_provider_stop(p, 100), OTEL_ERR_TIMEOUT);
    said_end();
    return said("could be exported: no answer in time");
}

static void what_never_answers_is_named(void **unused)
{
    static scripted_log logs[4];
    (void)unused;
    assert_true(in_three_tries(never_answer, logs));
}

static void a_record_too_large_is_dropped_not_cut(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    otel_log_processor *list[] = {
        otel_batch_log_processor_new(SCRIPTED_OK(&log), &(otel_batch_options){.max_record_bytes = 1000})};
    otel_provider *p = provider_of(list, 1);
    otel_provider_set_global(p);
    static char text[3000];
    memset(text, 'x', sizeof text - 1);
    OTEL_LOG_INFO(&logger, text);
    OTEL_LOG_INFO(&logger, "small");
    assert_int_equal(otel_provider_flush(p, 60000), OTEL_OK);
    otel_pipeline_books b = books_of(p);
    assert_int_equal(b.dropped_too_large, 1);
    assert_int_equal(b.exported, 1);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

/* Waiting for room. */
static _Atomic uint32_t emitted;

static void *emit_two_hundred(void *unused)
{
    (void)unused;
    for (int i = 0; i < 200; i++) {
        OTEL_LOG_INFO(&logger, "x");
        atomic_fetch_add(&emitted, 1);
    }
    return NULL;
}

/* The most that the books ever say, looking for so long. */
static uint64_t most_dropped(otel_provider *p, int64_t ms)
{
    uint64_t most = 0;
    for (int64_t end = now_ms() + ms; now_ms() < end;) {
        uint64_t dropped = books_of(p).dropped_queue_full;
        if (dropped > most) most = dropped;
    }
    return most;
}

static void waiting_for_room_loses_nothing(void **unused)
{
    (void)unused;
    scripted_log log = {.hold = true};
    otel_log_processor *list[] = {otel_batch_log_processor_new(
        SCRIPTED_OK(&log),
        &(otel_batch_options){.max_queue_size = 20, .schedule_delay_ms = 1, .wait_for_room_ms = OTEL_UNLIMITED})};
    otel_provider *p = provider_of(list, 1);
    otel_provider_set_global(p);
    pthread_t threads[8];
    emitted = 0;
    for (int i = 0; i < 8; i++) pthread_create(&threads[i], NULL, emit_two_hundred, NULL);
    assert_true(soon(&emitted, 20));
    assert_int_equal(most_dropped(p, 200), 0);
    assert_in_range(emitted, 20, 40); /* they wait */
    assert_books(p);
    atomic_store(&log.hold, false);
    for (int i = 0; i < 8; i++) pthread_join(threads[i], NULL);
    assert_int_equal(otel_provider_flush(p, 60000), OTEL_OK);
    assert_int_equal(books_of(p).exported, 1600);
    assert_int_equal(books_of(p).dropped_queue_full, 0);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static bool wake_who_waits(void *logs)
{
    scripted_log *log = next_log(logs);
    static const scripted_step retry = {.status = OTEL_EXPORT_RETRY};
    otel_log_processor *list[] = {
        otel_batch_log_processor_new(scripted_new(SCRIPTED_SYNC, &retry, 1, log),
                                     &(otel_batch_options){.max_queue_size = 20, .wait_for_room_ms = OTEL_UNLIMITED})};
    otel_provider *p = provider_of(list, 1);
    otel_provider_set_global(p);
    pthread_t thread;
    emitted = 0;
    said_begin();
    pthread_create(&thread, NULL, emit_two_hundred, NULL);
    assert_true(soon(&emitted, 20));
    sleep_ms(20);
    bool in_time = stops_in_time(p, 300, log); /* nobody is inside any more: the memory is gone */
    pthread_join(thread, NULL);
    said_end();
    assert_int_equal(emitted, 200);
    return in_time;
}

static void stop_wakes_who_waits(void **unused)
{
    static scripted_log logs[4];
    (void)unused;
    assert_true(in_three_tries(wake_who_waits, logs));
}

static void waiting_ends_after_its_time(void **unused)
{
    (void)unused;
    static scripted_log log; /* its thread may still be there behind the stop */
    static const scripted_step retry = {.status = OTEL_EXPORT_RETRY};
    otel_log_processor *list[] = {
        otel_batch_log_processor_new(scripted_new(SCRIPTED_SYNC, &retry, 1, &log),
                                     &(otel_batch_options){.max_queue_size = 5, .wait_for_room_ms = 60})};
    otel_provider *p = provider_of(list, 1);
    otel_provider_set_global(p);
    said_begin();
    for (int i = 0; i < 5; i++) OTEL_LOG_INFO(&logger, "x");
    int64_t start = now_ms();
    OTEL_LOG_INFO(&logger, "the sixth");
    assert_in_range(now_ms() - start, 50, 30000);
    assert_int_equal(books_of(p).dropped_queue_full, 1);
    assert_books(p);
    otel_provider_stop(p, 10);
    said_end();
}

static void in_host_mode_nobody_waits(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    otel_log_processor *list[] = {otel_batch_log_processor_new(
        SCRIPTED_OK(&log), &(otel_batch_options){.max_queue_size = 5, .wait_for_room_ms = 60000})};
    said_begin();
    otel_provider *p = provider_with(list, 1, (otel_options){.run = OTEL_RUN_HOST});
    if (p) {
        otel_provider_set_global(p);
        int64_t start = now_ms();
        for (int i = 0; i < 6; i++) OTEL_LOG_INFO(&logger, "x");
        assert_true(now_ms() - start < 30000); /* who should make room is who would wait */
        assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    }
    said_end();
    assert_true(said("room"));
    assert_int_equal(log.destroys, 1);
}

/* Books at any moment, eight threads. */
enum { THREADS = 8, EACH = 20000 };

static void *emit_each(void *argument)
{
    for (int i = 0; i < EACH; i++) OTEL_LOG_INFO(&logger, "steady", OTEL_INT("i", i), OTEL_STR("s", argument));
    return NULL;
}

static _Atomic bool watching;

static void *watch(void *provider)
{
    while (atomic_load(&watching)) assert_books(provider);
    return NULL;
}

static void eight_threads_and_exact_books(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    otel_log_processor *list[] = {otel_batch_log_processor_new(
        SCRIPTED_OK(&log), &(otel_batch_options){.max_queue_size = 4096, .schedule_delay_ms = 5})};
    otel_provider *p = provider_of(list, 1);
    otel_provider_set_global(p);
    pthread_t threads[THREADS], watcher;
    atomic_store(&watching, true);
    said_begin();
    pthread_create(&watcher, NULL, watch, p);
    for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, emit_each, "text");
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    atomic_store(&watching, false);
    pthread_join(watcher, NULL);
    assert_int_equal(otel_provider_flush(p, 60000), OTEL_OK);
    said_end();
    otel_books books;
    otel_pipeline_books b = books_of(p);
    assert_true(otel_provider_books(p, &books));
    assert_int_equal(books.accepted, THREADS * EACH);
    assert_int_equal(books.delivered, THREADS * EACH);
    assert_int_equal(b.taken, THREADS * EACH);
    assert_int_equal(b.exported + b.dropped_queue_full, THREADS * EACH);
    assert_int_equal(b.exported, log.records);
    assert_int_equal(log.overlaps, 0);
    assert_int_equal(b.queued, 0);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static void bytes_cap_the_queue(void **unused)
{
    (void)unused;
    scripted_log log = {.hold = true};
    static char text[4000];
    memset(text, 'x', sizeof text - 1);
    otel_batch_options capped = {.max_queue_size = 100000, .max_queue_bytes = 1 << 20, .schedule_delay_ms = 60000};
    otel_log_processor *list[] = {otel_batch_log_processor_new(SCRIPTED_OK(&log), &capped)};
    otel_provider *p = provider_of(list, 1);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    for (int i = 0; i < 1000; i++) OTEL_LOG_INFO(&logger, text);
    otel_pipeline_books b = books_of(p);
    assert_in_range(b.queued, 100, 262); /* about four KiB each */
    assert_int_equal(b.dropped_queue_full, 1000 - b.queued);
    atomic_store(&log.hold, false);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    assert_int_equal(log.records, b.queued);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(defaults_are_the_specifications),
                                       cmocka_unit_test(the_environment_fills_what_is_left_open),
                                       cmocka_unit_test(wrong_numbers_are_said_and_the_default_is_used),
                                       cmocka_unit_test(a_failed_exporter_gives_nothing),
                                       cmocka_unit_test(a_full_queue_drops_exactly_the_rest),
                                       cmocka_unit_test(a_stop_does_not_wait_for_what_comes_after_it),
                                       cmocka_unit_test(what_never_answers_is_named),
                                       cmocka_unit_test(a_record_too_large_is_dropped_not_cut),
                                       cmocka_unit_test(waiting_for_room_loses_nothing),
                                       cmocka_unit_test(stop_wakes_who_waits),
                                       cmocka_unit_test(waiting_ends_after_its_time),
                                       cmocka_unit_test(in_host_mode_nobody_waits),
                                       cmocka_unit_test(bytes_cap_the_queue),
                                       cmocka_unit_test(eight_threads_and_exact_books)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
