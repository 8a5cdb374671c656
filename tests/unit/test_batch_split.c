/* Tests of batches that are more than the backend takes at a time, and of what an exporter is told about a flush. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sdk_fixture.h"
#include <otel/sdk/log_exporter.h>
#include <string.h>

enum { SEEN = 4096 };

/* An exporter that takes so much at a time. */
static struct {
    size_t most_bytes, most_records; /* 0: any */
    bool nothing;                    /* not even a single record */
    uint32_t calls, refusals, batches, records, largest;
    int64_t seen[SEEN]; /* attribute i of every record taken, in order */
    int64_t flush_left_ms;
} taker;

static void take(const otel_log_batch *batch)
{
    taker.batches++;
    for (otel_log_cursor c = otel_log_batch_begin(batch); otel_log_next(&c);) {
        otel_value v;
        if (taker.records < SEEN && otel_log_record_get(&c.record, "i", &v)) taker.seen[taker.records] = v.u.integer;
        taker.records++;
    }
}

static otel_export_status limited_export(otel_log_exporter *self, const otel_log_batch *batch, otel_export_call *call)
{
    size_t count = otel_log_batch_count(batch), bytes = otel_log_batch_otlp_bytes(batch);
    (void)self;
    taker.calls++;
    if (count > taker.largest) taker.largest = (uint32_t)count;
    bool much = (taker.most_bytes && bytes > taker.most_bytes) || (taker.most_records && count > taker.most_records);
    if (much || taker.nothing) {
        taker.refusals++;
        strcpy(call->message, "too much for me");
        return OTEL_EXPORT_TOO_LARGE;
    }
    take(batch);
    return OTEL_EXPORT_OK;
}

static otel_result limited_flush(otel_log_exporter *self, otel_deadline deadline)
{
    (void)self;
    taker.flush_left_ms = otel_deadline_left_ms(deadline);
    return OTEL_OK;
}

static const otel_log_exporter_ops limited_ops = {
    .size = sizeof limited_ops, .name = "limited", .export_batch = limited_export, .flush = limited_flush};

static otel_logger logger = OTEL_LOGGER_INIT("split", "1");
static const otel_batch_options patient = {.schedule_delay_ms = 60000, .max_queue_size = 2048};

static otel_provider *provider;

/* Records of one size, wherever this file lies. */
static otel_provider *of(otel_log_processor *const *list, size_t count)
{
    return provider_with(list, count, (otel_options){.service_name = "test", .code_location_off = 1});
}

static int begin(void **state)
{
    (void)state;
    memset(&taker, 0, sizeof taker);
    clean_environment();
    otel_log_exporter *exporter = otel_log_exporter_new(sizeof *exporter, &limited_ops);
    otel_log_processor *list[] = {otel_batch_log_processor_new(exporter, &patient)};
    provider = of(list, 1);
    logger = (otel_logger)OTEL_LOGGER_INIT("split", "1");
    logger.provider = provider;
    otel_provider_attach(provider);
    return 0;
}

static int end(void **state)
{
    (void)state;
    otel_provider_stop(provider, 1000);
    return 0;
}

static void emit(int64_t from, int64_t count, const char *body)
{
    for (int64_t i = from; i < from + count; i++) OTEL_LOG_INFO(&logger, body, OTEL_INT("i", i));
}

static otel_pipeline_books books(void)
{
    otel_pipeline_books b;
    otel_provider_pipeline_books(provider, 0, &b);
    return b;
}

/* Every record once, in order. */
static void expect_all(uint32_t count)
{
    assert_int_equal(taker.records, count);
    for (uint32_t i = 0; i < count; i++) assert_int_equal(taker.seen[i], i);
    assert_int_equal(books().exported, count);
    assert_int_equal(books().rejected, 0);
    assert_books(provider);
}

static void a_large_batch_goes_in_several(void **state)
{
    (void)state;
    taker.most_bytes = 5000;
    said_begin();
    emit(0, 500, "x");
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
    said_end();
    expect_all(500);
    assert_true(taker.batches > 1);
    assert_int_equal(said_times("too many for one request"), 1);
    assert_true(said("too much for me"));
}

static void what_was_learned_holds(void **state)
{
    (void)state;
    taker.most_bytes = 200000;
    const char *body =
        "a body of some length, so that some hundred records make the bytes that are too many for the other "
        "side, as a proxy would have it that was set up for web pages and not for logs of this kind, which "
        "come in batches of some hundred kilobytes when a program says much in a short time, as some do. "
        "They are worth more together than each alone, so nobody wants to send them one by one, or throw "
        "them away because they are many: that would be a poor reason to lose what somebody looks for.";
    said_begin();
    emit(0, 512, body);
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
    uint32_t refusals = taker.refusals;
    assert_true(refusals > 0);
    emit(512, 512, body);
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
    said_end();
    assert_int_equal(taker.refusals, refusals);
    expect_all(1024);
}

static bool all_offered_was_taken(void)
{
    return taker.largest > taker.most_records && books().exported >= taker.largest;
}

static void the_rest_does_not_wait_for_the_schedule(void **state)
{
    (void)state;
    taker.most_records = 100;
    said_begin();
    emit(0, 640, "x"); /* more than a batch, so that one goes by itself; nobody flushes */
    for (int64_t until = now_ms() + 30000; now_ms() < until && !all_offered_was_taken();) sleep_ms(10);
    said_end();
    assert_true(all_offered_was_taken());
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
    expect_all(640);
}

static void one_record_that_is_too_large_is_rejected(void **state)
{
    (void)state;
    char body[30000];
    memset(body, 'b', sizeof body - 1);
    body[sizeof body - 1] = '\0';
    taker.most_bytes = 20000;
    said_begin();
    emit(0, 20, "x");
    emit(1000, 1, body);
    emit(20, 20, "x");
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
    said_end();
    assert_int_equal(taker.records, 40);
    for (int i = 0; i < 40; i++) assert_int_equal(taker.seen[i], i);
    assert_int_equal(books().exported, 40);
    assert_int_equal(books().rejected, 1);
    assert_true(said("1 records were refused: too much for me"));
    assert_books(provider);
}

/* A backend that finds everything too large takes nothing: some tries show it, and then all is refused, said once. */
static void one_that_takes_nothing_is_not_asked_for_each(void **state)
{
    (void)state;
    taker.nothing = true;
    said_begin();
    emit(0, 500, "x");
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
    said_end();
    assert_int_equal(books().rejected, 500);
    assert_in_range(taker.calls, 1, 10);
    assert_in_range(said_times("were refused"), 1, 2);
    taker.nothing = false;
    emit(0, 500, "x");
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
    assert_int_equal(taker.records, 500);
    assert_in_range(taker.batches, 1, 3); /* no longer in parts of 4 KiB */
    assert_books(provider);
}

/* One that means less than 64 KiB for a while: batches are larger again afterwards. */
static void small_batches_grow_again(void **state)
{
    (void)state;
    taker.most_bytes = 6000;
    said_begin();
    emit(0, 100, "x");
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
    assert_int_equal(taker.records, 100);
    taker.records = 0;
    taker.most_bytes = 0;
    emit(0, 2000, "x");
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
    said_end();
    assert_int_equal(taker.records, 2000);
    taker.largest = 0;
    emit(2000, 512, "x");
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
    assert_true(taker.largest > 400); /* 64 KiB at least */
    assert_int_equal(books().exported, 2612);
    assert_books(provider);
}

static void order_is_kept_all_the_way(void **state)
{
    (void)state;
    taker.most_records = 7;
    said_begin();
    char body[2000];
    memset(body, 'b', sizeof body - 1);
    body[sizeof body - 1] = '\0';
    for (int round = 0; round < 20; round++) {
        emit(round * 50, 50, body);
        if (round % 3 == 0) assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
    }
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
    said_end();
    expect_all(1000);
}

/* An exporter that answers later, and one behind the simple processor. */
static void others_may_say_so_too(void **state)
{
    (void)state;
    static const scripted_step steps[] = {{.status = OTEL_EXPORT_PENDING, .later = OTEL_EXPORT_TOO_LARGE},
                                          {.status = OTEL_EXPORT_PENDING, .later = OTEL_EXPORT_OK}};
    static const scripted_step always[] = {{.status = OTEL_EXPORT_TOO_LARGE}};
    scripted_log later = {0}, simple = {0};
    otel_log_processor *list[] = {
        otel_batch_log_processor_new(scripted_new(SCRIPTED_ASYNC, steps, 2, &later), &patient),
        otel_simple_log_processor_new(scripted_new(SCRIPTED_SYNC, always, 1, &simple)),
    };
    otel_provider *other = of(list, 2);
    otel_logger own = OTEL_LOGGER_INIT("own", "1");
    own.provider = other;
    otel_provider_attach(other);
    said_begin();
    char body[1000];
    memset(body, 'b', sizeof body - 1);
    body[sizeof body - 1] = '\0';
    for (int i = 0; i < 10; i++) OTEL_LOG_INFO(&own, body);
    assert_int_equal(otel_provider_flush(other, 60000), OTEL_OK);
    said_end();
    otel_pipeline_books b;
    otel_provider_pipeline_books(other, 0, &b);
    assert_int_equal(b.exported, 10);
    assert_int_equal(later.calls, 3);
    otel_provider_pipeline_books(other, 1, &b);
    assert_int_equal(b.rejected, 10);
    assert_int_equal(simple.calls, 10);
    assert_int_equal(otel_provider_stop(other, 60000), OTEL_OK);
}

static void a_flush_hands_its_deadline_on(void **state)
{
    (void)state;
    emit(0, 1, "x");
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
    assert_in_range(taker.flush_left_ms, 30000, 60000);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_large_batch_goes_in_several),
        TEST(what_was_learned_holds),
        TEST(the_rest_does_not_wait_for_the_schedule),
        TEST(one_record_that_is_too_large_is_rejected),
        TEST(one_that_takes_nothing_is_not_asked_for_each),
        TEST(small_batches_grow_again),
        TEST(order_is_kept_all_the_way),
        TEST(others_may_say_so_too),
        TEST(a_flush_hands_its_deadline_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
