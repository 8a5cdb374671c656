/* Tests of exporters/azure_monitor/src/delivery/window.c: what goes into a request, and what is settled. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "azure_delivery_fixture.h"

#define ERRORS(entries) "{\"errors\":[" entries "]}"
#define ITEM(index, status) "{\"index\":" #index ",\"statusCode\":" #status ",\"message\":\"words of " #status "\"}"

static void expect_done(fixture *f, size_t requests, uint32_t rejected)
{
    assert_int_equal(export_batch(f), OTEL_EXPORT_OK);
    assert_int_equal(f->sender.count, requests);
    assert_int_equal(f->call.rejected, rejected);
    assert_int_equal(f->call.settled, f->batch.count);
}

static void a_batch_goes_in_windows(void **state)
{
    fixture *f = *state;
    otel_log_exporter_destroy(f->exporter);
    make_exporter(f, (otel_azure_monitor_options){.max_items = 3});
    f->batch.count = 8;
    expect_done(f, 3, 0);
    assert_string_equal(items(f, 0), "0 1 2");
    assert_string_equal(items(f, 1), "3 4 5");
    assert_string_equal(items(f, 2), "6 7");
}

static void windows_are_bounded_to_the_byte(void **state)
{
    fixture *f = *state;
    otel_log_exporter_destroy(f->exporter);
    make_exporter(f, (otel_azure_monitor_options){.max_request_bytes = 65536, .compression = "none"});
    for (uint32_t i = 0; i < 4; i++) record_bytes[i] = 32766; /* [ , ] make 65535 */
    record_bytes[3] = 32767;
    expect_done(f, 2, 0);
    assert_int_equal(f->sender.seen[0].bytes, 65535);
    assert_string_equal(items(f, 0), "0 1");
    assert_int_equal(f->sender.seen[1].bytes, 65536);
    assert_string_equal(items(f, 1), "2 3");
    record_bytes[3] = 32768;
    expect_done(f, 5, 0);
    assert_string_equal(items(f, 3), "2");
    assert_string_equal(items(f, 4), "3");
}

static void what_is_settled_in_windows_stays_so(void **state)
{
    fixture *f = *state;
    otel_log_exporter_destroy(f->exporter);
    make_exporter(f, (otel_azure_monitor_options){.max_items = 2});
    SCRIPT(f, {.status = 200, .body = "{}"}, {.status = 206, .body = ERRORS(ITEM(0, 404) "," ITEM(1, 503))},
           {.status = 503}, {.status = 200, .body = "{}"});
    f->batch.count = 6;
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    assert_int_equal(f->call.settled, 3);
    assert_int_equal(f->call.rejected, 1);
    assert_int_equal(export_later(f), OTEL_EXPORT_RETRY);
    assert_int_equal(f->call.settled, 3);
    assert_int_equal(export_later(f), OTEL_EXPORT_OK);
    assert_string_equal(items(f, 2), "3 4");
    assert_string_equal(items(f, 3), "3 4");
    assert_string_equal(items(f, 4), "5");
    assert_int_equal(f->call.rejected, 1);
}

static void numbers_follow_time_and_stay(void **state)
{
    fixture *f = *state;
    otel_log_exporter_destroy(f->exporter);
    make_exporter(f, (otel_azure_monitor_options){.sequence = 1});
    static const uint64_t times[] = {30, 10, 20, 10};
    memcpy(record_time, times, sizeof times);
    SCRIPT(f, {.status = 503}, {.status = 200, .body = "{}"});
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    assert_int_equal(export_later(f), OTEL_EXPORT_OK);
    assert_string_equal(f->sender.seen[0].numbers, "4 1 3 2");
    assert_string_equal(f->sender.seen[1].numbers, "4 1 3 2");
    assert_int_equal(export_batch(f), OTEL_EXPORT_OK);
    assert_string_equal(f->sender.seen[2].numbers, "8 5 7 6");
}

/* A host's loop is not held up by a batch: some records at a time. */
static void a_body_is_built_in_turns(void **state)
{
    fixture *f = *state;
    int64_t next = 1;
    f->batch.count = 500;
    start_call(f, 5000);
    assert_int_equal(f->exporter->ops->export_batch(f->exporter, &f->batch, &f->call), OTEL_EXPORT_PENDING);
    int turns = 1;
    for (; !f->sender.count; turns++) {
        f->exporter->ops->poll(f->exporter, &next);
        assert_int_equal(next, 0); /* again at once */
    }
    expect_within(turns, 2, 4); /* of 64 KiB */
    while (!done_calls) f->exporter->ops->poll(f->exporter, &next);
    assert_int_equal(done_status, OTEL_EXPORT_OK);
    assert_int_equal(f->sender.seen[0].gzip, true);
}

/* Called back in the middle, the SDK is told what is settled; the batch goes on where it was. */
static void a_call_that_is_cancelled_tells_what_is_settled(void **state)
{
    fixture *f = *state;
    int64_t next;
    otel_log_exporter_destroy(f->exporter);
    make_exporter(f, (otel_azure_monitor_options){.max_items = 2});
    SCRIPT(f, {.status = 206, .body = ERRORS(ITEM(1, 400))}, {.hang = true});
    start_call(f, 5000);
    assert_int_equal(f->exporter->ops->export_batch(f->exporter, &f->batch, &f->call), OTEL_EXPORT_PENDING);
    while (f->sender.count < 2) f->exporter->ops->poll(f->exporter, &next);
    f->exporter->ops->cancel(f->exporter);
    assert_int_equal(f->call.settled, 2);
    assert_int_equal(f->call.rejected, 1);
    f->exporter->ops->poll(f->exporter, &next);
    assert_int_equal(done_calls, 0);
    finish_call(f, OTEL_EXPORT_RETRY);
    SCRIPT(f, {.status = 200, .body = "{}"});
    assert_int_equal(export_batch(f), OTEL_EXPORT_OK);
    assert_string_equal(items(f, 2), "2 3");
    assert_int_equal(f->call.rejected, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_EXPORTER(a_batch_goes_in_windows),
        WITH_EXPORTER(windows_are_bounded_to_the_byte),
        WITH_EXPORTER(what_is_settled_in_windows_stays_so),
        WITH_EXPORTER(numbers_follow_time_and_stay),
        WITH_EXPORTER(a_body_is_built_in_turns),
        WITH_EXPORTER(a_call_that_is_cancelled_tells_what_is_settled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
