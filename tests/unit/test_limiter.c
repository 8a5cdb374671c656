/* The limiter, by a clock of our own. */
#include "part.h"
#include "processor_fixture.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.limiter", NULL);
static _Atomic int64_t now_ns;

/* In the place of the library's. */
int64_t otel__part_now(void)
{
    return atomic_load(&now_ns);
}

static void second(int64_t n)
{
    atomic_store(&now_ns, n * 1000000000);
}

static void log_many(otel_severity severity, int count)
{
    for (int i = 0; i < count; i++) otel_logger_log(&logger, NULL, severity, otel_string("x"), NULL, 0);
}

static void so_many_a_second_and_the_next_one_tells(void **unused)
{
    (void)unused;
    said_begin();
    bench b = bench_of(otel_limiter_log_processor_new(&(otel_limiter_options){.info = 5}));
    second(100);
    log_many(OTEL_SEVERITY_INFO, 8);
    assert_int_equal(arrived(&b), 5);
    assert_int_equal(said_times("INFO: more than 5 records a second"), 1);
    second(101);
    log_many(OTEL_SEVERITY_INFO2, 6); /* another severity of the same range */
    assert_int_equal(arrived(&b), 10);
    for (size_t i = 0; i < 10; i++) assert_true(has(nth(&b, i), "log.limiter.left_out") == (i == 5));
    assert_true(int_is(nth(&b, 5), "log.limiter.left_out", 3));
    assert_int_equal(said_times("INFO:"), 1); /* it is not over yet */
    second(103);
    log_many(OTEL_SEVERITY_INFO, 1);
    assert_int_equal(said_times("INFO: 4 records were left out"), 1);
    assert_true(int_is(nth(&b, 10), "log.limiter.left_out", 1));
    otel_processor_books books = books_of(b.processor);
    assert_int_equal(books.taken, 15);
    assert_int_equal(books.passed, 11);
    assert_int_equal(books.dropped_over_limit, 4);
    assert_int_equal(books.over_limit[OTEL_RANGE_INFO], 4);
    log_many(OTEL_SEVERITY_INFO, 5);
    bench_stop(&b);
    assert_int_equal(said_times("INFO: 1 records were left out"), 1); /* the end is said at stop, too */
    said_end();
}

static void errors_are_not_limited_unless_asked(void **unused)
{
    (void)unused;
    said_begin();
    bench b = bench_of(otel_limiter_log_processor_new(
        &(otel_limiter_options){.debug = OTEL_ZERO, .info = OTEL_UNLIMITED, .warn = 1, .fatal = 2}));
    second(200);
    log_many(OTEL_SEVERITY_TRACE, 1001);
    log_many(OTEL_SEVERITY_DEBUG, 3);
    log_many(OTEL_SEVERITY_INFO, 1500);
    log_many(OTEL_SEVERITY_WARN4, 3);
    log_many(OTEL_SEVERITY_ERROR, 1500);
    log_many(OTEL_SEVERITY_FATAL4, 3);
    log_many(OTEL_SEVERITY_UNSPECIFIED, 1500);
    const uint64_t left_out[OTEL_RANGES] = {0, 1, 3, 0, 2, 0, 1};
    otel_processor_books books = books_of(b.processor);
    assert_memory_equal(books.over_limit, left_out, sizeof left_out);
    assert_int_equal(books.dropped_over_limit, 7);
    second(201);
    log_many(OTEL_SEVERITY_DEBUG, 1); /* none is none in every second */
    assert_int_equal(books_of(b.processor).over_limit[OTEL_RANGE_DEBUG], 4);
    bench_stop(&b);
    said_end();
}

/* Uses up all changes that a record may have, of those that say so. */
static void fill_emit(otel_log_processor *self, otel_log_record *record)
{
    if (text_is(&record->body, "full"))
        while (otel_log_record_set(record, OTEL_INT("k", 1))) {}
    otel_log_pass(self, record);
}

/* A change too many cannot be made: the record passes without it, and the next one tells. */
static void a_record_that_cannot_tell_leaves_it_to_the_next(void **unused)
{
    (void)unused;
    static const otel_log_processor_ops fill_ops = {.size = sizeof fill_ops, .name = "fill", .emit = fill_emit};
    otel_log_exporter *memory;
    otel_log_processor *list[] = {otel_log_processor_new(sizeof(otel_log_processor), &fill_ops),
                                  otel_limiter_log_processor_new(&(otel_limiter_options){.info = 1}),
                                  remembering(&memory)};
    said_begin();
    otel_provider *p = provider_of(list, 3);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    second(300);
    log_many(OTEL_SEVERITY_INFO, 3);
    second(301);
    OTEL_LOG_INFO(&logger, "full");
    second(302);
    log_many(OTEL_SEVERITY_INFO, 1);
    assert_int_equal(otel_memory_exporter_count(memory), 3);
    assert_false(has(otel_memory_exporter_at(memory, 1), "log.limiter.left_out"));
    assert_true(int_is(otel_memory_exporter_at(memory, 2), "log.limiter.left_out", 2));
    assert_int_equal(books_of(list[1]).dropped_over_limit, 2);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    said_end();
}

enum { THREADS = 4, EACH = 5000, LIMIT = 777 };

static void *log_each(void *unused)
{
    log_many(OTEL_SEVERITY_WARN, EACH);
    return unused;
}

static void threads_share_one_limit(void **unused)
{
    (void)unused;
    pthread_t threads[THREADS];
    said_begin();
    bench b = bench_of(otel_limiter_log_processor_new(&(otel_limiter_options){.warn = LIMIT}));
    second(400);
    for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_create(&threads[i], NULL, log_each, NULL), 0);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    assert_int_equal(arrived(&b), LIMIT);
    assert_int_equal(books_of(b.processor).over_limit[OTEL_RANGE_WARN], THREADS * EACH - LIMIT);
    second(401);
    log_many(OTEL_SEVERITY_WARN, 1);
    assert_true(int_is(nth(&b, LIMIT), "log.limiter.left_out", THREADS * EACH - LIMIT));
    bench_stop(&b);
    said_end();
}

static bool child_counts_anew(void *argument)
{
    otel_processor_books books;
    log_many(OTEL_SEVERITY_INFO, 3);
    return otel_log_processor_books(argument, &books) && books.passed == 2 && books.dropped_over_limit == 1;
}

static void a_child_has_its_own(void **unused)
{
    (void)unused;
    said_begin();
    bench b = bench_of(otel_limiter_log_processor_new(&(otel_limiter_options){.info = 2}));
    second(500);
    log_many(OTEL_SEVERITY_INFO, 3);
    assert_true(in_child(child_counts_anew, b.processor));
    bench_stop(&b);
    said_end();
}

static void without_memory_there_is_none(void **unused)
{
    (void)unused;
    for (uint32_t n = 0; n < 2; n++) {
        memory_fails_at(n);
        assert_null(otel_limiter_log_processor_new(NULL));
        memory_is_back();
    }
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(so_many_a_second_and_the_next_one_tells),
                                       cmocka_unit_test(errors_are_not_limited_unless_asked),
                                       cmocka_unit_test(a_record_that_cannot_tell_leaves_it_to_the_next),
                                       cmocka_unit_test(threads_share_one_limit),
                                       cmocka_unit_test(a_child_has_its_own),
                                       cmocka_unit_test(without_memory_there_is_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
