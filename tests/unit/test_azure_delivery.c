/* Tests of exporters/azure_monitor/src/delivery/delivery.c and outcome.c: what becomes of a batch, answer by answer. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "azure_delivery_fixture.h"

#define ERRORS(entries) "{\"itemsReceived\":4,\"itemsAccepted\":1,\"errors\":[" entries "]}"
#define ITEM(index, status) "{\"index\":" #index ",\"statusCode\":" #status ",\"message\":\"words of " #status "\"}"
#define WRONG(index) "{\"index\":" index ",\"statusCode\":400}"
#define SAMPLED(index) "{\"index\":" #index ",\"statusCode\":206,\"message\":\"Telemetry sampled out.\"}"

static void expect_done(fixture *f, size_t requests, uint32_t rejected)
{
    assert_int_equal(export_batch(f), OTEL_EXPORT_OK);
    assert_int_equal(f->sender.count, requests);
    assert_int_equal(f->call.rejected, rejected);
    assert_int_equal(f->call.settled, f->batch.count);
}

/* ---- taken ---- */

static void a_batch_is_one_request(void **state)
{
    fixture *f = *state;
    expect_done(f, 1, 0);
    assert_string_equal(items(f, 0), "0 1 2 3");
    assert_string_equal(f->sender.seen[0].url, "http://127.0.0.1:9/v2.1/track");
    assert_string_equal(f->sender.seen[0].authorization, "");
    assert_string_equal(said(), "");
    f->batch.count = 0;
    assert_int_equal(export_batch(f), OTEL_EXPORT_OK);
    assert_int_equal(f->sender.count, 1); /* an empty request is for nobody */
}

static void errors_that_are_none_are_none(void **state)
{
    fixture *f = *state;
    static const char *const bodies[] = {"{\"errors\":[]}", "{\"errors\":null,\"appId\":null}", "{}",
                                         "{\"itemsReceived\":4,\"itemsAccepted\":4}"};
    for (size_t i = 0; i < 4; i++) {
        SCRIPT(f, {.status = 200, .body = bodies[i]});
        expect_done(f, 2 * i + 1, 0);
        SCRIPT(f, {.status = 206, .body = bodies[i]});
        expect_done(f, 2 * i + 2, 0);
    }
    assert_string_equal(said(), "");
}

static void a_status_that_says_taken_decides(void **state)
{
    fixture *f = *state;
    SCRIPT(f, {.status = 202});
    expect_done(f, 1, 0);
    SCRIPT(f, {.status = 204});
    expect_done(f, 2, 0);
    SCRIPT(f, {.status = 200, .body = "{\"itemsRec", .fault = OTEL_HTTP_FAULT_CONNECTION});
    expect_done(f, 3, 0);
    assert_string_equal(said(), "");
    SCRIPT(f, {.status = 200, .body = "<html>welcome</html>"});
    expect_done(f, 4, 0);
    said_expect("not the service's");
    said_clear();
    SCRIPT(f, {.status = 200});
    expect_done(f, 5, 0);
    assert_string_equal(said(), ""); /* once */
}

/* However long the answer is. */
static void an_answer_without_end_is_not_parsed(void **state)
{
    fixture *f = *state;
    const size_t size = 3 * 1024 * 1024;
    char *body = malloc(size + 1);
    for (size_t i = 0; i < size; i++) body[i] = i % 2 ? ',' : '0';
    memcpy(body, "{\"errors\":[", 11);
    memcpy(body + size - 3, "0]}", 4);
    static const uint32_t statuses[] = {200, 206, 400, 404, 503};
    for (size_t i = 0; i < 5; i++) {
        SCRIPT(f, {.status = statuses[i], .body = body}, {.status = 200, .body = "{}"});
        f->sender.count = 0;
        assert_int_equal(export_new(f, 0, 4), i == 4 ? OTEL_EXPORT_RETRY : OTEL_EXPORT_OK);
        assert_int_equal(f->call.rejected, statuses[i] == 404 ? 4 : 0);
    }
    free(body);
}

static void requests_are_compressed_above_a_kilobyte(void **state)
{
    fixture *f = *state;
    expect_done(f, 1, 0);
    assert_false(f->sender.seen[0].gzip);
    record_bytes[0] = 2000;
    expect_done(f, 2, 0);
    assert_true(f->sender.seen[1].gzip);
    otel_log_exporter_destroy(f->exporter);
    make_exporter(f, (otel_azure_monitor_options){.compression = "none"});
    expect_done(f, 3, 0);
    assert_false(f->sender.seen[2].gzip);
    assert_true(f->sender.seen[2].bytes > 2000);
}

/* ---- later ---- */

static void what_is_said_to_pass_is_sent_again(void **state)
{
    fixture *f = *state;
    static const uint32_t statuses[] = {401, 403, 408, 429, 500, 502, 503, 504, 0};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        size_t before = f->sender.count;
        SCRIPT(f, {.status = statuses[i]}, {.status = 200, .body = "{}"});
        assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
        assert_int_equal(f->sender.count, before + 1);
        assert_int_equal(f->call.settled, 0);
        expect_within(f->call.retry_after_ms, 1000, 1300);
        char words[32];
        snprintf(words, sizeof words, statuses[i] ? "HTTP %u" : "connection reset", statuses[i]);
        if (!strstr(f->call.message, words)) fail_msg("%u: %s", statuses[i], f->call.message);
        assert_int_equal(export_later(f), OTEL_EXPORT_OK);
        assert_string_equal(items(f, before + 1), "0 1 2 3");
    }
    assert_string_equal(said(), ""); /* the SDK says it */
}

static void backoff_doubles_up_to_a_minute(void **state)
{
    fixture *f = *state;
    SCRIPT(f, {.status = 503});
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    for (int64_t least = 1000; least < 60000; least *= 2) {
        expect_within(f->call.retry_after_ms, least, least + least / 4 + 50);
        assert_int_equal(export_later(f), OTEL_EXPORT_RETRY);
    }
    for (int i = 0; i < 3; i++) {
        expect_within(f->call.retry_after_ms, 45000, 60050);
        assert_int_equal(export_later(f), OTEL_EXPORT_RETRY);
    }
    SCRIPT(f, {.status = 200, .body = "{}"}, {.status = 503});
    assert_int_equal(export_later(f), OTEL_EXPORT_OK);
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    expect_within(f->call.retry_after_ms, 1000, 1300); /* a new row */
}

static void retry_after_is_kept_exactly(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *header;
        int64_t least, most;
    } cases[] = {
        {"Retry-After: 7", 7000, 7020},
        {"Retry-After: 7200", 7200000, 7200020},
        {"Retry-After: 999999", 86400000, 86400020},
        {"Date: Sun, 06 Nov 1994 08:49:37 GMT\nRetry-After: Sun, 06 Nov 1994 08:49:47 GMT", 10000, 10020},
        {"Retry-After: 0", 1000, 1300},
        {"Retry-After: 1.5", 1000, 1300},
        {"Retry-After: soon", 1000, 1300},
        {"Retry-After: Sun, 06 Nov 1994 08:49:37 GMT", 1000, 1300},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SCRIPT(f, {.status = i % 2 ? 429 : 503, .headers = cases[i].header}, {.status = 200, .body = "{}"});
        assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
        expect_within(f->call.retry_after_ms, cases[i].least, cases[i].most);
        assert_int_equal(export_later(f), OTEL_EXPORT_OK);
    }
}

static void nothing_is_sent_before_its_time(void **state)
{
    fixture *f = *state;
    SCRIPT(f, {.status = 429, .headers = "Retry-After: 3600"}, {.status = 200, .body = "{}"});
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    for (int i = 0; i < 50; i++) { /* a stop asks five times a second */
        skipped_ms += 200;
        assert_int_equal(export_within(f, 5000), OTEL_EXPORT_RETRY);
    }
    assert_int_equal(f->sender.count, 1);
    assert_string_equal(f->call.message, "HTTP 429, nothing is sent for 60 minutes: too many requests");
    assert_int_equal(export_new(f, 8, 2), OTEL_EXPORT_RETRY); /* another batch waits too */
    assert_int_equal(f->sender.count, 1);
    assert_int_equal(export_later(f), OTEL_EXPORT_OK);
    assert_string_equal(items(f, 1), "8 9");
}

/* ---- quotas ---- */

static int64_t to_midnight_ms(void)
{
    return (86400 - otel__azure_unix_s() % 86400) * 1000;
}

static void a_quota_closes_the_gate_until_the_next_day(void **state)
{
    fixture *f = *state;
    static const answer quotas[] = {{.status = 402},
                                    {.status = 439},
                                    {.status = 206, .body = ERRORS(ITEM(2, 402))},
                                    {.status = 206, .body = ERRORS(ITEM(0, 439))}};
    for (size_t i = 0; i < 4; i++) {
        size_t before = f->sender.count;
        SCRIPT(f, quotas[i], {.status = 200, .body = "{}"});
        assert_int_equal(export_new(f, 0, 4), OTEL_EXPORT_RETRY);
        int64_t midnight = to_midnight_ms();
        expect_within(f->call.retry_after_ms, midnight - 2000, midnight + 62000);
        skipped_ms += midnight - 5000; /* shortly before */
        assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
        assert_int_equal(f->sender.count, before + 1);
        assert_int_equal(export_later(f), OTEL_EXPORT_OK);
        assert_string_equal(items(f, before + 1), i < 2 ? "0 1 2 3" : i == 2 ? "2" : "0");
    }
}

static void a_quota_may_say_until_when(void **state)
{
    fixture *f = *state;
    SCRIPT(f, {.status = 402, .headers = "Retry-After: 4"}, {.status = 200, .body = "{}"});
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    expect_within(f->call.retry_after_ms, 4000, 4020);
    assert_int_equal(export_later(f), OTEL_EXPORT_OK);
    SCRIPT(f, {.status = 439, .headers = "Retry-After: 400000"});
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    expect_within(f->call.retry_after_ms, 172800000, 172800020);
    assert_int_equal(f->call.firm, 1);
}

/* It may be used again now, says the service. */
static void a_quota_whose_time_has_passed_is_tried_again_soon(void **state)
{
    fixture *f = *state;
    static const char *const headers[] = {"Retry-After: 0", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT"};
    for (size_t i = 0; i < 2; i++) {
        SCRIPT(f, {.status = 402, .headers = headers[i]}, {.status = 402, .headers = headers[i]},
               {.status = 200, .body = "{}"});
        assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
        expect_within(f->call.retry_after_ms, 1000, 1300);
        assert_int_equal(export_later(f), OTEL_EXPORT_RETRY);
        expect_within(f->call.retry_after_ms, 2000, 2600);
        assert_int_equal(export_later(f), OTEL_EXPORT_OK);
    }
}

/* ---- item by item ---- */

static void a_subset_comes_again_in_the_order_of_the_batch(void **state)
{
    fixture *f = *state;
    SCRIPT(f, {.status = 206, .body = ERRORS(ITEM(3, 500) "," ITEM(0, 400) "," ITEM(1, 429))},
           {.status = 200, .body = "{}"});
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    assert_int_equal(f->call.settled, 2);
    assert_int_equal(f->call.rejected, 1);
    expect_within(f->call.retry_after_ms, 1000, 1300);
    assert_string_equal(f->call.message, "HTTP 206: 2 of 4 records have to wait: words of 500");
    said_expect("refused 1 record: HTTP 400: words of 400");
    assert_int_equal(export_later(f), OTEL_EXPORT_OK);
    assert_string_equal(items(f, 1), "1 3");
    assert_int_equal(f->call.settled, 4);
    assert_int_equal(f->call.rejected, 1);
    assert_int_equal(lost(f, OTEL_AZURE_MONITOR_REJECTED, 400), 1);
}

static void a_subset_waits_as_long_as_the_service_wants(void **state)
{
    fixture *f = *state;
    SCRIPT(f, {.status = 206, .headers = "Retry-After: 5", .body = ERRORS(ITEM(1, 503) "," ITEM(3, 429))},
           {.status = 206, .body = ERRORS(ITEM(1, 503))}, {.status = 200, .body = "{}"});
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    expect_within(f->call.retry_after_ms, 5000, 5020);
    assert_int_equal(export_later(f), OTEL_EXPORT_RETRY); /* the index is that of the second request */
    expect_within(f->call.retry_after_ms, 1000, 1300);    /* something was taken */
    assert_string_equal(items(f, 1), "1 3");
    assert_int_equal(export_later(f), OTEL_EXPORT_OK);
    assert_string_equal(items(f, 2), "3");
}

static void items_that_all_have_to_wait_do_so_more_and_more_seldom(void **state)
{
    fixture *f = *state;
    f->batch.count = 2;
    SCRIPT(f, {.status = 206, .body = ERRORS(ITEM(0, 500) "," ITEM(1, 503))});
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    for (int64_t least = 1000; least < 60000; least *= 2) {
        expect_within(f->call.retry_after_ms, least, least + least / 4 + 50);
        assert_int_equal(export_later(f), OTEL_EXPORT_RETRY);
    }
    for (int i = 0; i < 50; i++) assert_int_equal(export_later(f), OTEL_EXPORT_RETRY); /* nothing passes: an outage */
}

/* The others of its batch passed: it is the item. What comes behind it has waited for a minute. */
static void an_item_that_never_passes_is_left_behind(void **state)
{
    fixture *f = *state;
    int64_t begin_ms = skipped_ms;
    SCRIPT(f, {.status = 206, .body = ERRORS(ITEM(0, 500))});
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    said_clear();
    while (f->sender.count < 7) assert_int_equal(export_later(f), OTEL_EXPORT_RETRY);
    assert_int_equal(export_later(f), OTEL_EXPORT_OK);
    expect_within(skipped_ms - begin_ms, 60000, 160000);
    assert_int_equal(f->call.rejected, 1);
    assert_int_equal(lost(f, OTEL_AZURE_MONITOR_REJECTED, 500), 1);
    said_expect("refused 1 record: HTTP 500: words of 500");
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY); /* the next batch, at once */
    assert_string_equal(items(f, f->sender.count - 1), "0 1 2 3");
}

/* Its batch is itself: the next one shows whether it was the record or the service. */
static void one_that_had_no_other_with_it_is_left_behind_once(void **state)
{
    fixture *f = *state;
    SCRIPT(f, {.status = 206, .body = ERRORS(ITEM(0, 500))});
    assert_int_equal(export_new(f, 0, 1), OTEL_EXPORT_RETRY);
    for (int i = 0; i < 5; i++) assert_int_equal(export_later(f), OTEL_EXPORT_RETRY);
    assert_int_equal(export_later(f), OTEL_EXPORT_OK);
    assert_int_equal(f->call.rejected, 1);
    assert_int_equal(export_new(f, 1, 1), OTEL_EXPORT_RETRY);
    for (int i = 0; i < 20; i++) assert_int_equal(export_later(f), OTEL_EXPORT_RETRY);
    SCRIPT(f, {.status = 200, .body = "{}"}, {.status = 206, .body = ERRORS(ITEM(0, 500))});
    assert_int_equal(export_later(f), OTEL_EXPORT_OK);
    assert_int_equal(export_new(f, 2, 1), OTEL_EXPORT_RETRY);
    for (int i = 0; i < 5; i++) assert_int_equal(export_later(f), OTEL_EXPORT_RETRY);
    assert_int_equal(export_later(f), OTEL_EXPORT_OK);
}

static void an_item_that_the_service_puts_off_has_its_minute(void **state)
{
    fixture *f = *state;
    SCRIPT(f, {.status = 206, .headers = "Retry-After: 2", .body = ERRORS(ITEM(0, 503))});
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    while (skipped_ms < 60000) assert_int_equal(export_later(f), OTEL_EXPORT_RETRY);
    assert_int_equal(export_later(f), OTEL_EXPORT_OK);
    SCRIPT(f, {.status = 206, .headers = "Retry-After: 3600", .body = ERRORS(ITEM(0, 503))});
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    for (int i = 0; i < 6; i++) assert_int_equal(export_later(f), OTEL_EXPORT_RETRY);
    assert_int_equal(export_later(f), OTEL_EXPORT_OK);
}

static void an_item_without_quota_is_never_left_behind(void **state)
{
    fixture *f = *state;
    SCRIPT(f, {.status = 206, .body = ERRORS(ITEM(0, 402))});
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    for (int i = 0; i < 20; i++) assert_int_equal(export_later(f), OTEL_EXPORT_RETRY);
}

static void every_code_of_an_item_is_known(void **state)
{
    fixture *f = *state;
    for (int code = 100; code < 600; code++) {
        char body[128];
        bool again = code == 401 || code == 403 || code == 408 || code == 429 || code == 500 || code == 502 ||
                     code == 503 || code == 504 || code == 402 || code == 439;
        snprintf(body, sizeof body, "{\"errors\":[{\"index\":0,\"statusCode\":%d}]}", code);
        f->sender.count = 0;
        SCRIPT(f, {.status = 206, .body = body}, {.status = 200, .body = "{}"});
        otel_export_status status = export_new(f, 0, 1);
        if (status != (again ? OTEL_EXPORT_RETRY : OTEL_EXPORT_OK)) fail_msg("%d: %d", code, status);
        assert_int_equal(f->call.rejected, again || code == 200 ? 0 : 1);
        if (again) assert_int_equal(export_later(f), OTEL_EXPORT_OK);
    }
}

static void sampling_is_no_failure(void **state)
{
    fixture *f = *state;
    SCRIPT(f, {.status = 206, .body = ERRORS(SAMPLED(1) "," SAMPLED(3))});
    expect_done(f, 1, 0);
    assert_string_equal(said(), "");
    assert_int_equal(lost(f, OTEL_AZURE_MONITOR_SAMPLED, 206), 2);
    SCRIPT(f, {.status = 206, .body = ERRORS(SAMPLED(1) "," ITEM(2, 503))}, {.status = 200, .body = "{}"});
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    assert_int_equal(export_later(f), OTEL_EXPORT_OK);
    assert_string_equal(items(f, 2), "2");
}

static void entries_that_mean_nothing_spoil_nothing(void **state)
{
    fixture *f = *state;
    static const char *const bodies[] = {
        "{\"errors\":[{\"index\":7,\"statusCode\":429},{\"index\":2,\"statusCode\":503}]}",
        "{\"errors\":[null,5,\"x\",[],{},{\"index\":2,\"statusCode\":503}]}",
        ERRORS(WRONG("-1") "," WRONG("1e300") "," WRONG("1.5") "," WRONG("\"1\"") "," ITEM(2, 503)),
        "{\"errors\":[{\"index\":2,\"statusCode\":503},{\"index\":2,\"statusCode\":400}]}", /* the first word counts */
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        size_t before = f->sender.count;
        SCRIPT(f, {.status = 206, .body = bodies[i]}, {.status = 200, .body = "{}"});
        assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
        assert_int_equal(f->call.settled, 3);
        assert_int_equal(f->call.rejected, 0);
        assert_int_equal(export_later(f), OTEL_EXPORT_OK);
        assert_string_equal(items(f, before + 1), "2");
    }
}

static void a_part_that_is_not_named_is_not_sent_again(void **state)
{
    fixture *f = *state;
    static const char *const bodies[] = {"", "<html>", "[]", "{\"errors\":\"all\"}", "{\"errors\":[{\"ind"};
    for (size_t i = 0; i < 5; i++) {
        SCRIPT(f, {.status = 206, .body = bodies[i]});
        expect_done(f, i + 1, 0);
    }
    assert_int_equal(lost(f, OTEL_AZURE_MONITOR_UNKNOWN, 206), 20);
    said_expect("part of 4 records and did not say which");
    assert_null(strstr(strstr(said(), "did not say") + 1, "did not say")); /* once */
    SCRIPT(f, {.status = 206, .body = "{\"errors\":[{\"index\":1,\"statusCode\":\"x\"}]}"});
    expect_done(f, 6, 0);
    assert_int_equal(lost(f, OTEL_AZURE_MONITOR_UNKNOWN, 0), 1);
}

/* ---- never ---- */

static void what_is_refused_is_counted_and_said(void **state)
{
    fixture *f = *state;
    static const struct {
        uint32_t status;
        const char *words;
    } cases[] = {{302, "redirect"},     {303, "redirect"}, {404, "whole connection string"},
                 {405, "no telemetry"}, {410, "410"},      {422, "422"},
                 {501, "501"},          {301, "redirect"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        said_clear();
        SCRIPT(f, {.status = cases[i].status}, {.status = 200, .body = "{}"});
        expect_done(f, 2 * i + 1, 4);
        said_expect("refused 4 records");
        said_expect(cases[i].words);
        assert_int_equal(lost(f, OTEL_AZURE_MONITOR_REJECTED, cases[i].status), 4);
        expect_done(f, 2 * i + 2, 0);
        said_expect("accepted again; refused: 4");
    }
}

static void losses_are_told_by_kind(void **state)
{
    fixture *f = *state;
    SCRIPT(f, {.status = 404, .body = "no such\nplace"});
    expect_done(f, 1, 4);
    assert_int_equal(f->loss_count, 2);
    assert_int_equal(f->losses[0].kind, OTEL_AZURE_MONITOR_MESSAGE);
    assert_int_equal(f->losses[0].count, 3);
    assert_int_equal(f->losses[1].kind, OTEL_AZURE_MONITOR_EXCEPTION);
    assert_int_equal(f->losses[1].count, 1);
    assert_int_equal(f->losses[1].status, 404);
    assert_string_equal(f->losses[1].message, "no such place");
    f->exporter->ops->shutdown(f->exporter, otel_deadline_in_ms(0));
    said_expect("not stored by the service: 4 rejected (HTTP 404)");
}

static void a_key_that_is_not_known_is_said_and_tried_seldom(void **state)
{
    fixture *f = *state;
    SCRIPT(f, {.status = 400,
               .body = "{\"errors\":[{\"index\":0,\"statusCode\":400,"
                       "\"message\":\"Invalid instrumentation key\"}]}"});
    expect_done(f, 1, 4);
    said_expect("does not know the instrumentation key");
    said_clear();
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY); /* the next batch waits */
    assert_int_equal(f->sender.count, 1);
    for (int64_t least = 1000; least < 60000; least *= 2) {
        expect_within(f->call.retry_after_ms, least, least + least / 4 + 50);
        assert_int_equal(export_later(f), OTEL_EXPORT_OK);
        assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    }
    assert_int_equal(f->sender.count, 7);
    assert_string_equal(said(), "");
}

/* ---- less at a time ---- */

static void a_request_that_is_too_large_is_halved(void **state)
{
    fixture *f = *state;
    SCRIPT(f, {.status = 413}, {.status = 200, .body = "{}"});
    expect_done(f, 3, 0);
    assert_string_equal(items(f, 0), "0 1 2 3");
    assert_string_equal(items(f, 1), "0 1");
    assert_string_equal(items(f, 2), "2 3");
}

static void one_that_is_too_large_alone_is_refused(void **state)
{
    fixture *f = *state;
    SCRIPT(f, {.status = 413}, {.status = 413}, {.status = 413}, {.status = 200, .body = "{}"});
    expect_done(f, 5, 1);
    assert_string_equal(items(f, 2), "0");
    assert_string_equal(items(f, 3), "1");
    assert_string_equal(items(f, 4), "2 3");
    assert_int_equal(lost(f, OTEL_AZURE_MONITOR_TOO_LARGE, 413), 1);
}

static void what_works_is_remembered_for_a_while(void **state)
{
    fixture *f = *state;
    for (uint32_t i = 0; i < 16; i++) record_bytes[i] = 20000;
    f->batch.count = 16;
    SCRIPT(f, {.status = 413}, {.status = 200, .body = "{}"});
    expect_done(f, 3, 0);
    expect_done(f, 5, 0); /* two requests at once */
    assert_true(f->sender.seen[3].bytes < 200000 || f->sender.seen[3].gzip);
    skipped_ms += 11 * 60 * 1000;
    expect_done(f, 6, 0);
}

static void a_bad_request_is_searched_for_what_is_bad(void **state)
{
    fixture *f = *state;
    SCRIPT(f, {.status = 400, .body = "bad"}, {.status = 200, .body = "{}"}, {.status = 400}, {.status = 400},
           {.status = 200, .body = "{}"});
    expect_done(f, 5, 1);
    assert_string_equal(items(f, 1), "0 1");
    assert_string_equal(items(f, 2), "2 3");
    assert_string_equal(items(f, 3), "2");
    assert_string_equal(items(f, 4), "3");
    assert_int_equal(lost(f, OTEL_AZURE_MONITOR_REJECTED, 400), 1);
}

static void a_bad_request_may_name_what_is_bad(void **state)
{
    fixture *f = *state;
    SCRIPT(f, {.status = 400, .body = ERRORS(ITEM(2, 400))}, {.status = 200, .body = "{}"});
    expect_done(f, 2, 1);
    assert_string_equal(items(f, 1), "0 1 3");
    SCRIPT(f, {.status = 400, .body = ERRORS(ITEM(0, 400) "," ITEM(1, 400) "," ITEM(2, 400) "," ITEM(3, 400))});
    expect_done(f, 3, 4);
    SCRIPT(f, {.status = 400, .body = ERRORS(ITEM(0, 400))});
    assert_int_equal(export_new(f, 0, 1), OTEL_EXPORT_OK);
    assert_int_equal(f->call.rejected, 1);
    assert_int_equal(f->sender.count, 4);
}

/* One bad record in five hundred costs one record. */
static void one_of_many_is_found(void **state)
{
    fixture *f = *state;
    f->batch.count = 500;
    static const answer bad = {.status = 400}, good = {.status = 200, .body = "{}"};
    answer answers[20];
    for (size_t i = 0; i < 20; i++) answers[i] = i < 10 ? bad : good;
    script(f, answers, 20);
    assert_int_equal(export_batch(f), OTEL_EXPORT_OK);
    assert_int_equal(f->call.rejected, 1);
    assert_true(f->sender.count < 20);
}

/* A few of them, wherever they are, cost a few records. */
static void some_of_many_are_found(void **state)
{
    fixture *f = *state;
    static const uint32_t statuses[] = {400, 413}, steps[] = {100, 40, 12};
    otel_log_exporter_destroy(f->exporter);
    make_exporter(f, (otel_azure_monitor_options){.compression = "none"});
    some_spoil = true;
    for (size_t i = 0; i < 6; i++) {
        uint32_t bad = 0;
        memset(record_spoils, 0, sizeof record_spoils);
        for (uint32_t r = 3; r < 500; r += steps[i / 2], bad++) record_spoils[r] = true;
        SCRIPT(f, {.status = statuses[i % 2]}, {.status = 200, .body = "{}"});
        f->sender.count = 0;
        assert_int_equal(export_new(f, 0, 500), OTEL_EXPORT_OK);
        assert_int_equal(f->call.rejected, bad);
        assert_int_equal(f->call.settled, 500);
        assert_true(f->sender.count < 500);
    }
}

/* What is said about one item is about none of a request of four. */
static void a_body_about_other_items_names_none(void **state)
{
    fixture *f = *state;
    SCRIPT(f, {.status = 400, .body = "{\"itemsReceived\":1,\"errors\":[" ITEM(0, 400) "]}"},
           {.status = 200, .body = "{}"});
    expect_done(f, 3, 0);
    assert_string_equal(items(f, 1), "0 1");
    assert_string_equal(items(f, 2), "2 3");
}

static void a_service_that_finds_all_bad_is_not_asked_without_end(void **state)
{
    fixture *f = *state;
    f->batch.count = 500;
    for (uint32_t i = 0; i < 2; i++) {
        SCRIPT(f, {.status = i ? 413 : 400});
        f->sender.count = 0;
        expect_done(f, 33, 500);
        expect_done(f, 34, 500); /* and the next batch at once */
        SCRIPT(f, {.status = 200, .body = "{}"});
        expect_done(f, 35, 0);
    }
}

/* ---- trouble of our own ---- */

static void without_memory_it_is_tried_later(void **state)
{
    fixture *f = *state;
    out_of_memory = true;
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    assert_string_equal(f->call.message, "out of memory");
    out_of_memory = false;
    assert_int_equal(export_later(f), OTEL_EXPORT_OK);
    assert_string_equal(items(f, 0), "0 1 2 3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_EXPORTER(a_batch_is_one_request),
        WITH_EXPORTER(errors_that_are_none_are_none),
        WITH_EXPORTER(a_status_that_says_taken_decides),
        WITH_EXPORTER(an_answer_without_end_is_not_parsed),
        WITH_EXPORTER(requests_are_compressed_above_a_kilobyte),
        WITH_EXPORTER(what_is_said_to_pass_is_sent_again),
        WITH_EXPORTER(backoff_doubles_up_to_a_minute),
        WITH_EXPORTER(retry_after_is_kept_exactly),
        WITH_EXPORTER(nothing_is_sent_before_its_time),
        WITH_EXPORTER(a_quota_closes_the_gate_until_the_next_day),
        WITH_EXPORTER(a_quota_may_say_until_when),
        WITH_EXPORTER(a_quota_whose_time_has_passed_is_tried_again_soon),
        WITH_EXPORTER(a_subset_comes_again_in_the_order_of_the_batch),
        WITH_EXPORTER(a_subset_waits_as_long_as_the_service_wants),
        WITH_EXPORTER(items_that_all_have_to_wait_do_so_more_and_more_seldom),
        WITH_EXPORTER(an_item_that_never_passes_is_left_behind),
        WITH_EXPORTER(one_that_had_no_other_with_it_is_left_behind_once),
        WITH_EXPORTER(an_item_that_the_service_puts_off_has_its_minute),
        WITH_EXPORTER(an_item_without_quota_is_never_left_behind),
        WITH_EXPORTER(every_code_of_an_item_is_known),
        WITH_EXPORTER(sampling_is_no_failure),
        WITH_EXPORTER(entries_that_mean_nothing_spoil_nothing),
        WITH_EXPORTER(a_part_that_is_not_named_is_not_sent_again),
        WITH_EXPORTER(what_is_refused_is_counted_and_said),
        WITH_EXPORTER(losses_are_told_by_kind),
        WITH_EXPORTER(a_key_that_is_not_known_is_said_and_tried_seldom),
        WITH_EXPORTER(a_request_that_is_too_large_is_halved),
        WITH_EXPORTER(one_that_is_too_large_alone_is_refused),
        WITH_EXPORTER(what_works_is_remembered_for_a_while),
        WITH_EXPORTER(a_bad_request_is_searched_for_what_is_bad),
        WITH_EXPORTER(a_bad_request_may_name_what_is_bad),
        WITH_EXPORTER(one_of_many_is_found),
        WITH_EXPORTER(some_of_many_are_found),
        WITH_EXPORTER(a_body_about_other_items_names_none),
        WITH_EXPORTER(a_service_that_finds_all_bad_is_not_asked_without_end),
        WITH_EXPORTER(without_memory_it_is_tried_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
