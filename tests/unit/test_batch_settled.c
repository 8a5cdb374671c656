/* Tests of batches that a backend takes in part: the books are right however such a batch ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sdk_fixture.h"
#include "tries.h"
#include <otel/sdk/log_exporter.h>
#include <stdio.h>
#include <string.h>

/* What an exporter says at each attempt; the last for ever. */
typedef struct answer {
    otel_export_status status; /* PENDING: never answered, `settled` is said when the call is cancelled */
    uint32_t settled, rejected;
} answer;

static struct {
    const answer *answers;
    uint32_t count;
    _Atomic uint32_t calls;
    uint32_t seen_settled, seen_rejected; /* what the latest call said on entry */
    otel_export_call *call;
} partial;

static const answer *next_answer(void)
{
    uint32_t last = partial.count - 1, nth = partial.calls < last ? partial.calls : last;
    return &partial.answers[nth];
}

static void say(otel_export_call *call, const answer *a)
{
    call->settled = a->settled;
    call->rejected = a->rejected;
    call->retry_after_ms = 1;
}

static otel_export_status partial_export(otel_log_exporter *self, const otel_log_batch *batch, otel_export_call *call)
{
    const answer *a = next_answer();
    (void)self;
    (void)batch;
    partial.calls++;
    partial.seen_settled = call->settled;
    partial.seen_rejected = call->rejected;
    partial.call = call;
    if (a->status != OTEL_EXPORT_PENDING) say(call, a);
    return a->status;
}

static void partial_cancel(otel_log_exporter *self)
{
    (void)self;
    say(partial.call, &partial.answers[partial.count - 1]);
}

static char name[32]; /* another each time: what one source says is limited */
static const otel_log_exporter_ops partial_ops = {
    .size = sizeof partial_ops, .name = name, .export_batch = partial_export, .cancel = partial_cancel};

static otel_logger logger = OTEL_LOGGER_INIT("settled", "1");
static otel_provider *provider;
static otel_pipeline_books books;
static const char *body = "x";

/* Ten records in one batch, these answers, and what stands in the books after a stop. */
static void run(const answer *answers, uint32_t count, uint32_t retry_max_ms, uint32_t stop_ms, otel_result expected)
{
    const otel_batch_options options = {.schedule_delay_ms = 60000, .retry_max_ms = retry_max_ms};
    static int runs;
    clean_environment();
    snprintf(name, sizeof name, "partial%d", ++runs);
    memset(&partial, 0, sizeof partial);
    partial.answers = answers;
    partial.count = count;
    otel_log_processor *list[] = {
        otel_batch_log_processor_new(otel_log_exporter_new(sizeof(otel_log_exporter), &partial_ops), &options)};
    provider = provider_with(list, 1, (otel_options){.service_name = "test"});
    logger = (otel_logger)OTEL_LOGGER_INIT("settled", "1");
    logger.provider = provider;
    otel_provider_attach(provider);
    said_begin();
    for (int i = 0; i < 10; i++) OTEL_LOG_INFO(&logger, body);
    assert_int_equal(otel_provider_flush(provider, expected == OTEL_OK ? 60000 : 1), expected);
    if (expected != OTEL_OK) assert_true(soon(&partial.calls, answers->status == OTEL_EXPORT_PENDING ? 1 : 2));
    assert_books(provider);
    if (expected == OTEL_OK) otel_provider_pipeline_books(provider, 0, &books);
    assert_int_equal(otel_provider_stop(provider, stop_ms), expected);
    said_end();
}

static void what_was_settled_is_counted_once(void **unused)
{
    static const answer answers[] = {{OTEL_EXPORT_RETRY, 4, 1}, {OTEL_EXPORT_RETRY, 7, 2}, {OTEL_EXPORT_OK, 0, 3}};
    (void)unused;
    run(answers, 3, 0, 1000, OTEL_OK);
    assert_int_equal(partial.seen_settled, 7);
    assert_int_equal(partial.seen_rejected, 2);
    assert_int_equal(books.exported, 7);
    assert_int_equal(books.rejected, 3);
}

static void of_a_batch_that_is_given_up_the_rest_is_lost(void **unused)
{
    static const answer answers[] = {{OTEL_EXPORT_RETRY, 6, 2}};
    (void)unused;
    run(answers, 1, 1, 1000, OTEL_OK);
    assert_int_equal(books.exported, 4);
    assert_int_equal(books.rejected, 2);
    assert_int_equal(books.dropped_retry_exhausted, 4);
    assert_true(said("4 records are given up"));
}

static void of_a_batch_that_is_refused_the_rest_is_rejected(void **unused)
{
    static const answer answers[] = {{OTEL_EXPORT_RETRY, 6, 2}, {OTEL_EXPORT_REFUSED, 0, 0}};
    (void)unused;
    run(answers, 2, 0, 1000, OTEL_OK);
    assert_int_equal(books.exported, 4);
    assert_int_equal(books.rejected, 6);
    assert_true(said("4 records were refused"));
}

static void more_than_there_is_counts_as_all(void **unused)
{
    static const answer answers[] = {{OTEL_EXPORT_RETRY, 4000000000, 4000000000}, {OTEL_EXPORT_REFUSED, 0, 0}};
    (void)unused;
    run(answers, 2, 0, 1000, OTEL_OK);
    assert_int_equal(books.exported, 0);
    assert_int_equal(books.rejected, 10);
}

/* Halves are other batches: nothing of them is settled, and each record is counted once. */
static void what_is_cut_in_halves_begins_anew(void **unused)
{
    static const answer answers[] = {
        {OTEL_EXPORT_RETRY, 8, 1}, {OTEL_EXPORT_TOO_LARGE, 0, 0}, {OTEL_EXPORT_REFUSED, 0, 0}};
    static char long_body[2000];
    (void)unused;
    memset(long_body, 'b', sizeof long_body - 1);
    body = long_body;
    run(answers, 3, 0, 1000, OTEL_OK);
    body = "x";
    assert_true(partial.calls > 3);
    assert_int_equal(partial.seen_settled, 0);
    assert_int_equal(books.exported, 0);
    assert_int_equal(books.rejected, 10);
}

/* What is left is said by the thread that exports, if it comes to that before the stop is over. */
static bool leave_the_rest(void *unused)
{
    static const answer answers[] = {{OTEL_EXPORT_RETRY, 6, 2}};
    (void)unused;
    run(answers, 1, 0, 50, OTEL_ERR_TIMEOUT);
    return said("stopped before 4 records");
}

static void a_stop_leaves_only_the_rest(void **unused)
{
    (void)unused;
    assert_true(in_three_tries(leave_the_rest, NULL));
}

static bool cancel_a_call(void *unused)
{
    static const answer answers[] = {{OTEL_EXPORT_PENDING, 9, 1}};
    (void)unused;
    run(answers, 1, 0, 50, OTEL_ERR_TIMEOUT);
    return said("stopped before 1 records");
}

static void a_call_that_is_cancelled_says_it_too(void **unused)
{
    (void)unused;
    assert_true(in_three_tries(cancel_a_call, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_settled_is_counted_once),
        cmocka_unit_test(of_a_batch_that_is_given_up_the_rest_is_lost),
        cmocka_unit_test(of_a_batch_that_is_refused_the_rest_is_rejected),
        cmocka_unit_test(more_than_there_is_counts_as_all),
        cmocka_unit_test(what_is_cut_in_halves_begins_anew),
        cmocka_unit_test(a_stop_leaves_only_the_rest),
        cmocka_unit_test(a_call_that_is_cancelled_says_it_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
