/* Tests of exporters/azure_monitor/src/delivery/route.c: redirects that are followed, remembered, forgotten. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "azure_delivery_fixture.h"

#define HOME "http://127.0.0.1:9/v2.1/track"
#define AWAY "http://127.0.0.1:10/v2.1/track"
#define THERE "Location: " AWAY
static const answer good = {.status = 200, .body = "{}"};

static const char *url(const fixture *f, size_t nth)
{
    return nth < f->sender.count ? f->sender.seen[nth].url : "(no such request)";
}

static void for_good_or_for_this_batch(void **state)
{
    fixture *f = *state;
    static const struct {
        uint32_t status;
        const char *headers, *next_batch;
    } cases[] = {
        {307, THERE, HOME},
        {307, THERE "\nCache-Control: no-store, max-age=600", HOME},
        {307, THERE "\nCache-Control: public, max-age=600", AWAY},
        {308, THERE, AWAY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        f->sender.count = 0;
        SCRIPT(f, {.status = cases[i].status, .headers = cases[i].headers}, good);
        assert_int_equal(export_batch(f), OTEL_EXPORT_OK);
        assert_int_equal(f->sender.count, 2);
        assert_string_equal(url(f, 0), HOME);
        assert_string_equal(url(f, 1), AWAY);
        assert_string_equal(items(f, 1), "0 1 2 3");
        assert_int_equal(export_batch(f), OTEL_EXPORT_OK);
        assert_string_equal(url(f, 2), cases[i].next_batch);
        skipped_ms += 601000;
        assert_int_equal(export_batch(f), OTEL_EXPORT_OK);
        assert_string_equal(url(f, 3), cases[i].status == 308 ? AWAY : HOME);
    }
    assert_string_equal(said(), "");
}

static void back_after_a_failure_there(void **state)
{
    fixture *f = *state;
    static const answer failures[] = {{.status = 0}, {.status = 503}, {.status = 500}, {.status = 401}};
    for (size_t i = 0; i < 4; i++) {
        f->sender.count = 0;
        SCRIPT(f, {.status = 308, .headers = THERE}, good, failures[i], good);
        assert_int_equal(export_batch(f), OTEL_EXPORT_OK);
        assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
        assert_string_equal(url(f, 2), AWAY);
        assert_int_equal(export_later(f), OTEL_EXPORT_OK);
        assert_string_equal(url(f, 3), HOME);
    }
}

static void a_place_that_is_gone_is_asked_for_again(void **state)
{
    fixture *f = *state;
    SCRIPT(f, {.status = 308, .headers = THERE}, good, {.status = 404}, good);
    assert_int_equal(export_batch(f), OTEL_EXPORT_OK);
    assert_int_equal(export_batch(f), OTEL_EXPORT_OK);
    assert_int_equal(f->call.rejected, 0);
    assert_string_equal(url(f, 2), AWAY);
    assert_string_equal(url(f, 3), HOME);
    SCRIPT(f, {.status = 308, .headers = THERE}, {.status = 404}); /* it was just sent there */
    assert_int_equal(export_batch(f), OTEL_EXPORT_OK);
    assert_int_equal(f->call.rejected, 4);
    assert_int_equal(f->sender.count, 6);
}

static void throttling_is_no_failure_of_a_place(void **state)
{
    fixture *f = *state;
    SCRIPT(f, {.status = 308, .headers = THERE}, {.status = 429, .headers = "Retry-After: 3"}, good);
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    expect_within(f->call.retry_after_ms, 3000, 3020);
    assert_int_equal(export_later(f), OTEL_EXPORT_OK);
    assert_string_equal(url(f, 2), AWAY);
}

static void strangers_get_nothing(void **state)
{
    fixture *f = *state;
    static const char *const strangers[] = {"Location: http://evil.example/v2.1/track",
                                            "Location: https://127.0.0.1:9/v2.1/track", "Location: //evil.example/x",
                                            "Location: http://u:p@127.0.0.1:9/x"};
    for (size_t i = 0; i < 4; i++) {
        SCRIPT(f, {.status = i % 2 ? 308 : 307, .headers = strangers[i]}, good);
        assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
        assert_non_null(strstr(f->call.message, "not trusted"));
        assert_null(strstr(f->call.message, "u:p"));
        expect_within(f->call.retry_after_ms, 1000, 1300);
        assert_int_equal(export_later(f), OTEL_EXPORT_OK);
    }
    for (size_t i = 0; i < f->sender.count; i++) assert_string_equal(url(f, i), HOME);
}

static void nowhere_is_a_failure_of_the_server(void **state)
{
    fixture *f = *state;
    SCRIPT(f, {.status = 307}, {.status = 308, .headers = "Location: ftp://x/"}, good);
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    assert_string_equal(f->call.message, "HTTP 307: a redirect to nowhere");
    assert_int_equal(export_later(f), OTEL_EXPORT_RETRY);
    expect_within(f->call.retry_after_ms, 2000, 2600);
    assert_int_equal(export_later(f), OTEL_EXPORT_OK);
}

static void circles_end(void **state)
{
    fixture *f = *state;
    for (uint32_t status = 307; status <= 308; status++) {
        f->sender.count = 0;
        SCRIPT(f, {.status = status, .headers = "Location: /v2.1/track"});
        assert_int_equal(export_new(f, 0, 4), OTEL_EXPORT_RETRY);
        assert_int_equal(f->sender.count, 10);
        expect_within(f->call.retry_after_ms, 1000, 1300);
        assert_int_equal(export_later(f), OTEL_EXPORT_RETRY);
        expect_within(f->call.retry_after_ms, 2000, 2600);
        assert_int_equal(f->sender.count, 13); /* not all of it again */
        SCRIPT(f, {.status = status, .headers = THERE}, good);
        assert_int_equal(export_later(f), OTEL_EXPORT_OK); /* it is well again */
        assert_string_equal(url(f, 14), AWAY);
        SCRIPT(f, {.status = 503}, {.status = status, .headers = "Location: /v2.1/track"});
        assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
        f->sender.count = 0;
        assert_int_equal(export_later(f), OTEL_EXPORT_RETRY);
        assert_int_equal(f->sender.count, 10); /* as many as at first */
        SCRIPT(f, good);
        assert_int_equal(export_later(f), OTEL_EXPORT_OK);
    }
}

static void azure_is_one_family(void **state)
{
    fixture *f = *state;
    otel_log_exporter_destroy(f->exporter);
    make_exporter(f, (otel_azure_monitor_options){.connection_string = "InstrumentationKey=" KEY
                                                                       ";IngestionEndpoint=https://westus2-0.in."
                                                                       "applicationinsights.azure.com/"});
    SCRIPT(f, {.status = 308, .headers = "Location: https://westus2-1.in.applicationinsights.azure.com/v2.1/track"},
           good);
    assert_int_equal(export_batch(f), OTEL_EXPORT_OK);
    assert_string_equal(url(f, 1), "https://westus2-1.in.applicationinsights.azure.com/v2.1/track");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_EXPORTER(for_good_or_for_this_batch),
        WITH_EXPORTER(back_after_a_failure_there),
        WITH_EXPORTER(a_place_that_is_gone_is_asked_for_again),
        WITH_EXPORTER(throttling_is_no_failure_of_a_place),
        WITH_EXPORTER(strangers_get_nothing),
        WITH_EXPORTER(nowhere_is_a_failure_of_the_server),
        WITH_EXPORTER(circles_end),
        WITH_EXPORTER(azure_is_one_family),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
