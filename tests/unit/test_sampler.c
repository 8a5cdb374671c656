/* The sampler, by a clock of our own: which records it keeps, and how many each says that it stands for. */
#include "part.h"
#include "processor_fixture.h"
#include "sampling.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { MANY = 20000, TOLERATED = 500 /* seven standard deviations */ };
static const char rate_key[] = "microsoft.sample_rate";
static otel_logger logger = OTEL_LOGGER_INIT("test.sampler", NULL);
static _Atomic int64_t now_ns;

/* In the place of the library's. */
int64_t otel__part_now(void)
{
    return atomic_load(&now_ns);
}

/* Trace ids that look random, the same ones every time. */
static otel_context nth_trace(uint64_t n)
{
    otel_context context = {.span_context = {.span_id = {1}}};
    for (int i = 0; i < 16; i++) {
        n = (n + 0x9e3779b97f4a7c15u) * 0xbf58476d1ce4e5b9u;
        context.span_context.trace_id[i] = (uint8_t)(n >> 56);
    }
    return context;
}

static void log_in_trace(otel_severity severity, uint64_t n)
{
    otel_context context = nth_trace(n);
    const otel_attr attributes[] = {OTEL_INT("n", n), OTEL_WITH_CONTEXT(&context)};
    otel_logger_log(&logger, NULL, severity, otel_string("x"), attributes, 2);
}

static void log_plain(otel_severity severity, int count)
{
    for (int i = 0; i < count; i++) otel_logger_log(&logger, NULL, severity, otel_string("x"), NULL, 0);
}

static double rate_of(const otel_log_record *record, const char *key)
{
    otel_value v;
    return otel_log_record_get(record, key, &v) && v.type == OTEL_TYPE_DOUBLE ? v.u.number : 100;
}

/* What an analyst adds up: itemCount. */
static double total(const bench *b)
{
    double sum = 0;
    for (size_t i = 0; i < arrived(b); i++) sum += 100 / rate_of(nth(b, i), rate_key);
    return sum;
}

static bool about(double value, double expected, double tolerated)
{
    return value > expected - tolerated && value < expected + tolerated;
}

static int64_t number_of(const otel_log_record *record)
{
    otel_value v;
    assert_true(otel_log_record_get(record, "n", &v));
    return v.u.integer;
}

static void everything_unless_asked(void **unused)
{
    (void)unused;
    bench b = bench_of(otel_sampler_log_processor_new(NULL));
    for (otel_severity s = 0; s <= 24; s++) log_plain(s, 1);
    assert_int_equal(arrived(&b), 25);
    for (size_t i = 0; i < 25; i++) assert_false(has(nth(&b, i), rate_key));
    bench_stop(&b);
}

/* The examples of the hash, and that a record says its rate. */
static void by_the_hash_of_the_trace_in_either_case(void **unused)
{
    (void)unused;
    static const struct {
        const char *id;
        double lower, upper;
    } known[] = {{"0af7651916cd43dd8448eb211c80319c", 52.788928, 10.773867},
                 {"4bf92f3577b34da6a3ce929d0e0e4736", 33.461354, 61.975094},
                 {"00000000000000000000000000000001", 2.339351, 2.339351},
                 {"ffffffffffffffffffffffffffffffff", 99.961355, 86.587212},
                 {"0123456789abcdef0123456789abcdef", 25.728465, 76.096409}};
    for (uint32_t round = 0; round < 10; round++) {
        double percent = 10. + 20 * (round / 2);
        size_t kept = 0;
        bench b = bench_of(otel_sampler_log_processor_new(
            &(otel_sampler_options){.percent = percent, .upper_case_ids = round % 2, .any_percent = 1}));
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
            otel_context context = {.span_context = {.span_id = {1}}};
            assert_true(otel_trace_id_parse(known[i].id, 32, context.span_context.trace_id));
            OTEL_LOG_INFO(&logger, "x", OTEL_WITH_CONTEXT(&context));
            if ((round % 2 ? known[i].upper : known[i].lower) < percent) kept++;
            assert_int_equal(arrived(&b), kept);
        }
        for (size_t i = 0; i < kept; i++) assert_float_equal(rate_of(nth(&b, i), rate_key), percent, 0);
        assert_int_equal(books_of(b.processor).dropped_sampled_out, sizeof known / sizeof *known - kept);
        bench_stop(&b);
    }
}

static void counts_stay_right_in_traces_and_without(void **unused)
{
    (void)unused;
    static const double percents[] = {50, 25, 10, 100. / 3, 1};
    for (size_t i = 0; i < sizeof percents / sizeof *percents; i++) {
        bench b = bench_of(otel_sampler_log_processor_new(&(otel_sampler_options){.percent = percents[i]}));
        for (int n = 0; n < MANY; n++) log_in_trace(OTEL_SEVERITY_INFO, (uint64_t)n);
        size_t in_traces = arrived(&b);
        assert_true(about((double)in_traces, MANY * percents[i] / 100, TOLERATED));
        log_plain(OTEL_SEVERITY_INFO, MANY);
        assert_true(about((double)(arrived(&b) - in_traces), MANY * percents[i] / 100, TOLERATED));
        assert_true(about(total(&b), (double)arrived(&b) * 100 / percents[i], 1e-3));
        otel_processor_books books = books_of(b.processor);
        assert_int_equal(books.sampled_out[OTEL_RANGE_INFO], 2 * MANY - arrived(&b));
        assert_int_equal(books.taken, 2 * MANY);
        bench_stop(&b);
    }
}

/* All of a trace or none of it, and what is kept at a low rate is kept at a higher one. */
static void records_of_a_trace_are_kept_together(void **unused)
{
    (void)unused;
    bool kept_of[3][1000] = {{false}};
    bench b = bench_of(otel_sampler_log_processor_new(&(otel_sampler_options){.debug = 10, .info = 25, .warn = 50}));
    for (int again = 0; again < 3; again++)
        for (uint64_t n = 0; n < 1000; n++) {
            log_in_trace(OTEL_SEVERITY_DEBUG, n);
            log_in_trace(OTEL_SEVERITY_INFO4, n);
            log_in_trace(OTEL_SEVERITY_WARN, n);
        }
    size_t distinct = 0;
    for (size_t i = 0; i < arrived(&b); i++) {
        bool *kept = &kept_of[otel__range_of(nth(&b, i)->severity) - OTEL_RANGE_DEBUG][number_of(nth(&b, i))];
        if (!*kept) distinct++;
        *kept = true;
    }
    assert_int_equal(arrived(&b), 3 * distinct);
    for (int n = 0; n < 1000; n++) {
        assert_true(!kept_of[0][n] || kept_of[1][n]);
        assert_true(!kept_of[1][n] || kept_of[2][n]);
    }
    bench_stop(&b);
}

static void each_range_has_its_rate(void **unused)
{
    (void)unused;
    bench b = bench_of(otel_sampler_log_processor_new(
        &(otel_sampler_options){.percent = OTEL_ZERO, .debug = 1, .warn = 50, .error = 100, .unspecified = 100}));
    int evaluated = 0;
    OTEL_LOG_TRACE(&logger, "none", OTEL_INT("n", ++evaluated));
    assert_int_equal(evaluated, 1); /* nothing is kept of these, but they are counted */
    for (int i = 0; i < 1000; i++)
        for (otel_severity s = 0; s <= 24; s++) log_plain(s, 1);
    otel_processor_books books = books_of(b.processor);
    const uint64_t *out = books.sampled_out;
    assert_true(out[OTEL_RANGE_UNSPECIFIED] == 0 && out[OTEL_RANGE_ERROR] == 0);
    assert_true(out[OTEL_RANGE_TRACE] == 4001 && out[OTEL_RANGE_INFO] == 4000 && out[OTEL_RANGE_FATAL] == 4000);
    assert_true(about((double)out[OTEL_RANGE_WARN], 2000, 250));
    assert_in_range(out[OTEL_RANGE_DEBUG], 3900, 3999); /* of the 40 that are to be kept: one at least, not 100 */
    for (size_t i = 0; i < arrived(&b); i++)
        assert_true(has(nth(&b, i), rate_key) == (otel__range_of(nth(&b, i)->severity) == OTEL_RANGE_WARN ||
                                                  otel__range_of(nth(&b, i)->severity) == OTEL_RANGE_DEBUG));
    bench_stop(&b);
}

/* Two in a row keep as many as their rates say, and so do one here and one before it, whatever that one decided by. */
static void rates_multiply(void **unused)
{
    (void)unused;
    otel_log_exporter *memory;
    otel_log_processor *list[] = {otel_sampler_log_processor_new(&(otel_sampler_options){.percent = 50}),
                                  otel_sampler_log_processor_new(&(otel_sampler_options){.percent = 20}),
                                  remembering(&memory)};
    bench b = {.processor = list[1], .memory = memory, .provider = provider_of(list, 3)};
    assert_int_equal(otel_provider_set_global(b.provider), OTEL_OK);
    for (uint64_t n = 0; n < MANY; n++) log_in_trace(OTEL_SEVERITY_INFO, n);
    assert_true(about((double)arrived(&b), MANY / 10., TOLERATED));
    log_plain(OTEL_SEVERITY_INFO, MANY);
    assert_true(about((double)arrived(&b), MANY / 5., TOLERATED));
    for (size_t i = 0; i < arrived(&b); i++) assert_float_equal(rate_of(nth(&b, i), rate_key), 10, 1e-12);
    bench_stop(&b);
}

static void log_with(otel_attr attribute, uint64_t n)
{
    otel_context context = nth_trace(n);
    const otel_attr attributes[] = {attribute, OTEL_WITH_CONTEXT(&context)};
    otel_logger_log(&logger, NULL, OTEL_SEVERITY_INFO, otel_string("x"), attributes, 2);
}

static void a_rate_that_a_record_brings(void **unused)
{
    (void)unused;
    const otel_attr brought[] = {OTEL_INT(rate_key, 25), OTEL_DOUBLE(rate_key, 25.0),
                                 OTEL_DOUBLE("_MS.sampleRate", 25.0)};
    const otel_attr nonsense[] = {OTEL_STR(rate_key, "25"), OTEL_INT(rate_key, 0), OTEL_INT(rate_key, 100),
                                  OTEL_INT(rate_key, -5), OTEL_DOUBLE(rate_key, 1e9)};
    for (size_t i = 0; i < 8; i++) {
        bench b = bench_of(otel_sampler_log_processor_new(&(otel_sampler_options){.info = 50}));
        for (uint64_t n = 0; n < MANY / 4; n++) log_with(i < 3 ? brought[i] : nonsense[i - 3], n);
        assert_true(about((double)arrived(&b), MANY / 8., TOLERATED)); /* chosen by somebody else: half of them */
        for (size_t k = 0; k < arrived(&b); k++) {
            assert_float_equal(rate_of(nth(&b, k), rate_key), i < 3 ? 12.5 : 50, 1e-12);
            assert_false(has(nth(&b, k), "_MS.sampleRate"));
        }
        bench_stop(&b);
    }
    bench b = bench_of(otel_sampler_log_processor_new(NULL)); /* one that passes all leaves it as it is */
    log_with(brought[2], 1);
    assert_float_equal(rate_of(nth(&b, 0), "_MS.sampleRate"), 25, 0);
    bench_stop(&b);
}

static void so_many_a_second(void **unused)
{
    (void)unused;
    bench b = bench_of(
        otel_sampler_log_processor_new(&(otel_sampler_options){.per_second = 100, .error = 100, .debug = OTEL_ZERO}));
    for (int i = 0; i < MANY; i++) { /* ten seconds */
        atomic_fetch_add(&now_ns, 500000);
        log_plain(OTEL_SEVERITY_INFO, 1);
    }
    assert_true(about((double)arrived(&b), 1000, 250));
    assert_true(about(total(&b), MANY, 5000));
    size_t before = arrived(&b);
    log_plain(OTEL_SEVERITY_ERROR, 500);
    log_plain(OTEL_SEVERITY_DEBUG, 500);
    assert_int_equal(arrived(&b), before + 500);
    for (size_t i = before; i < before + 500; i++) assert_false(has(nth(&b, i), rate_key));
    for (int i = 0; i < 50; i++) { /* few: all of them, once the many are forgotten */
        atomic_fetch_add(&now_ns, 1000000000);
        log_plain(OTEL_SEVERITY_INFO, 1);
    }
    assert_int_equal(arrived(&b), before + 550);
    bench_stop(&b);
}

static void rates_are_made_exact_and_that_is_said(void **unused)
{
    (void)unused;
    said_begin();
    otel_log_processor_destroy(otel_sampler_log_processor_new(
        &(otel_sampler_options){.percent = 25, .debug = 33.33, .warn = 30, .error = 70}));
    assert_int_equal(said_times("sampler"), 2);
    assert_true(said("warn: 30 % is not 100 / N, it becomes 33.3333 %"));
    assert_true(said("error: 70 % is not 100 / N, it becomes 50 %"));
    bench b = bench_of(otel_sampler_log_processor_new(&(otel_sampler_options){.percent = 70, .any_percent = 1}));
    for (uint64_t n = 0; n < 100; n++) log_in_trace(OTEL_SEVERITY_INFO, n);
    assert_float_equal(rate_of(nth(&b, 0), rate_key), 70, 0);
    assert_int_equal(said_times("sampler"), 2);
    bench_stop(&b);
    said_end();
}

static void nonsense_is_refused_in_words(void **unused)
{
    (void)unused;
    volatile double zero = 0;
    said_begin();
    assert_null(otel_sampler_log_processor_new(&(otel_sampler_options){.percent = 100.1}));
    assert_true(said("percent: 100.1 is no percentage"));
    assert_null(otel_sampler_log_processor_new(&(otel_sampler_options){.fatal = -1}));
    assert_true(said("fatal: -1 is no percentage"));
    assert_null(otel_sampler_log_processor_new(&(otel_sampler_options){.info = zero / zero}));
    assert_null(otel_sampler_log_processor_new(&(otel_sampler_options){.info = OTEL_UNLIMITED}));
    assert_null(otel_sampler_log_processor_new(&(otel_sampler_options){.per_second = -1}));
    assert_null(otel_sampler_log_processor_new(&(otel_sampler_options){.per_second = zero / zero}));
    assert_true(said("is not between 0 and 1e9"));
    assert_null(otel_sampler_log_processor_new(&(otel_sampler_options){.per_second = 5, .percent = 5}));
    assert_true(said("one or the other"));
    said_end();
}

/* Uses up all changes that a record may have. */
static void fill_emit(otel_log_processor *self, otel_log_record *record)
{
    while (otel_log_record_set(record, OTEL_INT("k", 1))) {}
    otel_log_pass(self, record);
}

static void a_record_that_cannot_tell_passes(void **unused)
{
    (void)unused;
    static const otel_log_processor_ops fill_ops = {.size = sizeof fill_ops, .name = "fill", .emit = fill_emit};
    otel_log_exporter *memory;
    otel_log_processor *list[] = {otel_log_processor_new(sizeof(otel_log_processor), &fill_ops),
                                  otel_sampler_log_processor_new(&(otel_sampler_options){.percent = 50}),
                                  remembering(&memory)};
    said_begin();
    bench b = {.processor = list[1], .memory = memory, .provider = provider_of(list, 3)};
    assert_int_equal(otel_provider_set_global(b.provider), OTEL_OK);
    log_plain(OTEL_SEVERITY_INFO, 100);
    assert_in_range(arrived(&b), 1, 99);
    assert_false(has(nth(&b, 0), rate_key));
    bench_stop(&b);
    said_end();
}

enum { THREADS = 4 };

static void *log_each(void *unused)
{
    log_plain(OTEL_SEVERITY_WARN, MANY / THREADS / 2);
    for (uint64_t n = 0; n < MANY / THREADS / 2; n++) log_in_trace(OTEL_SEVERITY_INFO, n);
    return unused;
}

static void by_several_threads(void **unused)
{
    (void)unused;
    pthread_t threads[THREADS];
    bench b = bench_of(otel_sampler_log_processor_new(&(otel_sampler_options){.per_second = 1e6, .warn = 50}));
    for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_create(&threads[i], NULL, log_each, NULL), 0);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    otel_processor_books books = books_of(b.processor);
    assert_int_equal(books.taken, MANY);
    assert_true(about((double)books.sampled_out[OTEL_RANGE_WARN], MANY / 4., TOLERATED));
    bench_stop(&b);
}

static uint64_t choices(otel_log_processor *processor)
{
    uint64_t chosen = 0;
    for (int i = 0; i < 64; i++) {
        uint64_t before = books_of(processor).passed;
        log_plain(OTEL_SEVERITY_INFO, 1);
        chosen = chosen << 1 | (books_of(processor).passed - before);
    }
    return chosen;
}

typedef struct line {
    otel_log_processor *processor;
    int pipe[2];
} line;

static bool child_tells_its_choices(void *argument)
{
    const line *l = argument;
    otel_processor_books books;
    log_plain(OTEL_SEVERITY_INFO, 1);
    bool anew = otel_log_processor_books(l->processor, &books) && books.taken == 1;
    uint64_t chosen = choices(l->processor);
    return anew && write(l->pipe[1], &chosen, sizeof chosen) == sizeof chosen;
}

/* Both go on from what was the same at the fork. */
static void a_child_has_chances_of_its_own(void **unused)
{
    (void)unused;
    bench b = bench_of(otel_sampler_log_processor_new(&(otel_sampler_options){.percent = 50}));
    line l = {.processor = b.processor};
    uint64_t childs;
    assert_int_equal(pipe(l.pipe), 0);
    log_plain(OTEL_SEVERITY_INFO, 3);
    assert_true(in_child(child_tells_its_choices, &l));
    log_plain(OTEL_SEVERITY_INFO, 1);
    assert_int_equal(read(l.pipe[0], &childs, sizeof childs), sizeof childs);
    assert_int_not_equal(childs, choices(b.processor));
    close(l.pipe[0]);
    close(l.pipe[1]);
    bench_stop(&b);
}

static void options_of_other_versions(void **unused)
{
    (void)unused;
    struct {
        otel_sampler_options known;
        uint64_t unknown;
    } newer = {.known = {.percent = 50}, .unknown = 1};
    otel_sampler_options older = {.percent = 50, .trace = -1};
    otel_log_processor *p = otel_sampler_log_processor_new_sized(&older, sizeof older.percent);
    assert_non_null(p);
    otel_log_processor_destroy(p);
    p = otel_sampler_log_processor_new_sized(&newer.known, sizeof newer);
    assert_non_null(p);
    otel_log_processor_destroy(p);
    memory_fails_at(0);
    assert_null(otel_sampler_log_processor_new(NULL));
    memory_is_back();
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(everything_unless_asked),
                                       cmocka_unit_test(by_the_hash_of_the_trace_in_either_case),
                                       cmocka_unit_test(counts_stay_right_in_traces_and_without),
                                       cmocka_unit_test(records_of_a_trace_are_kept_together),
                                       cmocka_unit_test(each_range_has_its_rate),
                                       cmocka_unit_test(rates_multiply),
                                       cmocka_unit_test(a_rate_that_a_record_brings),
                                       cmocka_unit_test(so_many_a_second),
                                       cmocka_unit_test(rates_are_made_exact_and_that_is_said),
                                       cmocka_unit_test(nonsense_is_refused_in_words),
                                       cmocka_unit_test(a_record_that_cannot_tell_passes),
                                       cmocka_unit_test(by_several_threads),
                                       cmocka_unit_test(a_child_has_chances_of_its_own),
                                       cmocka_unit_test(options_of_other_versions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
