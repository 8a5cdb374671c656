/* The deduplicator, by a clock of our own. */
#include "part.h"
#include "processor_fixture.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.dedup", NULL), other = OTEL_LOGGER_INIT("test.other", NULL);
static _Atomic int64_t now_ns;

/* In the place of the library's. */
int64_t otel__part_now(void)
{
    return atomic_load(&now_ns);
}

static void at_ms(int64_t ms)
{
    atomic_store(&now_ns, ms * 1000000);
}

static void say(const char *body, int64_t id)
{
    OTEL_LOG_WARN(&logger, body, OTEL_INT("id", id));
}

static void say_at(uint64_t time, const char *body)
{
    otel_logger_emit(&logger, &(otel_log_record){.size = sizeof(otel_log_record),
                                                 .severity = OTEL_SEVERITY_WARN,
                                                 .time_unix_nano = time,
                                                 .observed_time_unix_nano = time + 5,
                                                 .body = otel_string(body)});
}

static otel_log_processor *of_window(uint32_t ms)
{
    return otel_deduplicator_log_processor_new(&(otel_deduplicator_options){.window_ms = ms});
}

static void the_first_passes_and_the_others_as_one(void **unused)
{
    (void)unused;
    at_ms(1000);
    bench b = bench_of(of_window(100));
    for (uint64_t i = 0; i < 5; i++) say_at(1000 + i, "again");
    assert_int_equal(arrived(&b), 1);
    assert_int_equal(nth(&b, 0)->time_unix_nano, 1000);
    assert_false(has(nth(&b, 0), "log.dedup.count"));
    at_ms(1099);
    say_at(1098, "again");
    assert_int_equal(arrived(&b), 1);
    at_ms(1100);
    say_at(2000, "something else"); /* notices the end of the window */
    assert_int_equal(arrived(&b), 3);
    const otel_log_record *sum = nth(&b, 1);
    assert_true(body_is(&b, 1, "again") && body_is(&b, 2, "something else"));
    assert_true(int_is(sum, "log.dedup.count", 5));
    assert_true(int_is(sum, "log.dedup.first_unix_nano", 1001));
    assert_true(int_is(sum, "log.dedup.last_unix_nano", 1098));
    assert_int_equal(sum->time_unix_nano, 1098);
    assert_int_equal(sum->observed_time_unix_nano, 1103);
    assert_int_equal(sum->severity, OTEL_SEVERITY_WARN);
    assert_string_equal(sum->scope->name, "test.dedup");
    say_at(3000, "again"); /* a new window */
    assert_int_equal(arrived(&b), 4);
    otel_processor_books books = books_of(b.processor);
    assert_int_equal(books.taken, 8);
    assert_int_equal(books.passed, 3);
    assert_int_equal(books.dropped_repeated, 5);
    assert_int_equal(books.added, 1);
    bench_stop(&b);
}

static void the_provider_counts_repeats_as_filtered(void **unused)
{
    (void)unused;
    otel_books books;
    otel_pipeline_books pipeline;
    at_ms(0);
    bench b = bench_of(of_window(100));
    for (int i = 0; i < 4; i++) say("x", 1);
    assert_int_equal(otel_provider_flush(b.provider, 60000), OTEL_OK);
    assert_true(otel_provider_books(b.provider, &books) && otel_provider_pipeline_books(b.provider, 0, &pipeline));
    assert_int_equal(books.accepted, 4);
    assert_int_equal(books.delivered, 1);
    assert_int_equal(books.filtered, 3);
    assert_int_equal(pipeline.taken, 2); /* the sum is a record of our own making */
    bench_stop(&b);
}

/* Each differs from the first in one thing. */
static void only_what_is_the_same_is_a_repeat(void **unused)
{
    (void)unused;
    at_ms(0);
    bench b = bench_of(of_window(100));
    otel_attr a[] = {OTEL_INT("n", 1), OTEL_STR("s", "v"), OTEL_MAP("m", OTEL_DOUBLE("d", 0.5))};
    otel_attr n[] = {OTEL_INT("n", 2), a[1], a[2]}, s[] = {a[0], OTEL_STR("s", "w"), a[2]};
    otel_attr type[] = {OTEL_DOUBLE("n", 1), a[1], a[2]}, key[] = {a[0], OTEL_STR("t", "v"), a[2]};
    otel_attr map[] = {a[0], a[1], OTEL_MAP("m", OTEL_DOUBLE("d", 0.25))};
    otel_attr deeper[] = {a[0], a[1], OTEL_MAP("m", OTEL_MAP("d", OTEL_DOUBLE("d", 0.5)))};
    const otel_attr *const lists[] = {a, n, s, type, key, map, deeper};
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < 7; i++) otel_logger_log(&logger, NULL, 9, otel_string("x"), lists[i], 3);
        otel_logger_log(&logger, NULL, 9, otel_string("x"), a, 2);
        otel_logger_log(&logger, NULL, 9, otel_string("y"), a, 3);
        otel_logger_log(&logger, NULL, 10, otel_string("x"), a, 3);
        otel_logger_log(&other, NULL, 9, otel_string("x"), a, 3);
        otel_logger_emit(&logger, &(otel_log_record){.size = sizeof(otel_log_record),
                                                     .severity = 9,
                                                     .event_name = {"e", 1},
                                                     .body = otel_string("x"),
                                                     .attributes = a,
                                                     .attribute_count = 3});
        OTEL_LOG_INFO(&logger, "x", a[0], a[1], a[2]); /* from a place in the code */
    }
    assert_int_equal(arrived(&b), 13);
    assert_int_equal(books_of(b.processor).dropped_repeated, 13);
    bench_stop(&b);
}

static void ids_and_times_are_not_compared(void **unused)
{
    (void)unused;
    at_ms(0);
    bench b = bench_of(of_window(100));
    for (uint8_t i = 1; i < 4; i++) {
        otel_span_context span = {.trace_id = {i}, .span_id = {i}};
        OTEL_LOG_INFO(&logger, "x", OTEL_WITH_SPAN_CONTEXT(&span), OTEL_WITH_TIME(i));
    }
    assert_int_equal(arrived(&b), 1);
    bench_stop(&b);
}

static void flush_tells_and_the_window_goes_on(void **unused)
{
    (void)unused;
    at_ms(0);
    bench b = bench_of(of_window(100));
    for (int i = 0; i < 3; i++) say("a", 1), say("b", 2);
    assert_int_equal(otel_provider_flush(b.provider, 60000), OTEL_OK);
    assert_int_equal(arrived(&b), 4);
    assert_true(int_is(nth(&b, 2), "log.dedup.count", 2) && int_is(nth(&b, 3), "log.dedup.count", 2));
    say("a", 1);
    assert_int_equal(otel_provider_flush(b.provider, 60000), OTEL_OK);
    assert_int_equal(arrived(&b), 5);
    assert_true(int_is(nth(&b, 4), "log.dedup.count", 1));
    assert_int_equal(otel_provider_flush(b.provider, 60000), OTEL_OK);
    assert_int_equal(arrived(&b), 5);
    bench_stop(&b);
}

static void stop_tells_what_is_pending(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    otel_log_processor *list[] = {of_window(100000), otel_batch_log_processor_new(SCRIPTED_OK(&log), NULL)};
    otel_provider *p = provider_of(list, 2);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    at_ms(0);
    for (int i = 0; i < 3; i++) say("a", 1);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    assert_int_equal(log.records, 2);
}

static void a_full_table_lets_pass_and_forgets_with_time(void **unused)
{
    (void)unused;
    at_ms(0);
    bench b =
        bench_of(otel_deduplicator_log_processor_new(&(otel_deduplicator_options){.window_ms = 100, .max_records = 8}));
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 10; i++) say("x", i);
    assert_int_equal(arrived(&b), 12); /* two of the ten are not remembered */
    at_ms(100);
    for (int round = 0; round < 2; round++)
        for (int i = 8; i < 12; i++) say("x", i);
    assert_int_equal(arrived(&b), 12 + 8 + 4); /* eight sums, four new ones */
    bench_stop(&b);
}

static void long_ones_always_pass(void **unused)
{
    (void)unused;
    char text[5000];
    memset(text, 'x', sizeof text);
    at_ms(0);
    bench b = bench_of(of_window(100));
    for (int i = 0; i < 3; i++) OTEL_LOG_INFO(&logger, "long", OTEL_STRN("text", text, sizeof text));
    assert_int_equal(arrived(&b), 3);
    bench_stop(&b);
}

/* Whatever allocation fails: nothing is lost. */
static void without_memory_records_pass(void **unused)
{
    (void)unused;
    at_ms(0);
    bench b = bench_of(of_window(100));
    memory_fails_at(0); /* the key of the first */
    say("a", 1);
    assert_true(memory_failed());
    memory_is_back();
    say("a", 1);
    assert_int_equal(arrived(&b), 2);
    memory_fails_at(0); /* the copy that stands for its repeats */
    say("a", 1);
    memory_is_back();
    assert_int_equal(arrived(&b), 3);
    say("a", 1);
    assert_int_equal(arrived(&b), 3);
    bench_stop(&b);
    for (uint32_t n = 0; n < 3; n++) {
        memory_fails_at(n);
        assert_null(otel_deduplicator_log_processor_new(NULL));
        memory_is_back();
    }
}

static void too_many_records_are_said(void **unused)
{
    (void)unused;
    said_begin();
    otel_log_processor *p = otel_deduplicator_log_processor_new(&(otel_deduplicator_options){.max_records = 1000000});
    assert_non_null(p);
    assert_true(said("1000000 records are too many"));
    otel_log_processor_destroy(p);
    said_end();
}

enum { THREADS = 4, EACH = 3000, KINDS = 7 };

static void *log_each(void *unused)
{
    for (int i = 0; i < EACH; i++) {
        say("x", i % KINDS);
        if (i % 100 == 0) atomic_fetch_add(&now_ns, 1000000);
    }
    return unused;
}

/* All that were logged are there: by themselves or in a count. */
static void threads_lose_nothing(void **unused)
{
    (void)unused;
    pthread_t threads[THREADS];
    at_ms(0);
    bench b = bench_of(of_window(7));
    for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_create(&threads[i], NULL, log_each, NULL), 0);
    for (int i = 0; i < 20; i++) assert_int_equal(otel_provider_flush(b.provider, 60000), OTEL_OK);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    assert_int_equal(otel_provider_flush(b.provider, 60000), OTEL_OK);
    int64_t total = 0;
    for (size_t i = 0; i < arrived(&b); i++) {
        otel_value count;
        total += otel_log_record_get(nth(&b, i), "log.dedup.count", &count) ? count.u.integer : 1;
    }
    assert_int_equal(total, THREADS * EACH);
    otel_processor_books books = books_of(b.processor);
    assert_int_equal(books.taken, THREADS * EACH);
    assert_int_equal(books.passed + books.added, arrived(&b));
    bench_stop(&b);
}

static bool child_begins_anew(void *argument)
{
    const bench *b = argument;
    otel_processor_books books;
    say("a", 1);
    say("a", 1);
    if (otel_provider_flush(b->provider, 60000) != OTEL_OK) return false;
    return otel_log_processor_books(b->processor, &books) && books.passed == 1 && books.dropped_repeated == 1 &&
           books.added == 1;
}

static void a_child_forgets_what_is_its_parents(void **unused)
{
    (void)unused;
    at_ms(0);
    bench b = bench_of(of_window(100));
    for (int i = 0; i < 3; i++) say("a", 1);
    assert_true(in_child(child_begins_anew, &b));
    bench_stop(&b);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_first_passes_and_the_others_as_one),
                                       cmocka_unit_test(the_provider_counts_repeats_as_filtered),
                                       cmocka_unit_test(only_what_is_the_same_is_a_repeat),
                                       cmocka_unit_test(ids_and_times_are_not_compared),
                                       cmocka_unit_test(flush_tells_and_the_window_goes_on),
                                       cmocka_unit_test(stop_tells_what_is_pending),
                                       cmocka_unit_test(a_full_table_lets_pass_and_forgets_with_time),
                                       cmocka_unit_test(long_ones_always_pass),
                                       cmocka_unit_test(without_memory_records_pass),
                                       cmocka_unit_test(too_many_records_are_said),
                                       cmocka_unit_test(threads_lose_nothing),
                                       cmocka_unit_test(a_child_forgets_what_is_its_parents)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
