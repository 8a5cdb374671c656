/* Tests of exporters/azure_monitor/src/delivery/delivery.c with a credential: which requests carry a token, what
 * happens when it is refused, and that it appears nowhere else. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "azure_delivery_fixture.h"
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#define CANARY "canary"
static const answer good = {.status = 200, .body = "{}"};

/* Gives canary-1, canary-2, ...; `late`: not at once. */
typedef struct test_credential {
    otel_azure_credential base;
    otel_azure_token_call *call; /* to be answered later */
    otel_azure_token_status status;
    bool late;
    int given, cancels, destroys, after_forks, pipes[2];
} test_credential;

static otel_azure_token_status give(test_credential *self, otel_azure_token_call *call)
{
    snprintf(call->message, sizeof call->message, "no token today");
    if (self->status == OTEL_AZURE_TOKEN_OK) snprintf(call->token, call->token_size, CANARY "-%d", ++self->given);
    call->expires_unix_s = otel__azure_unix_s() + 3600;
    return self->status;
}

static otel_azure_token_status get_token(otel_azure_credential *base, otel_azure_token_call *call)
{
    test_credential *self = (test_credential *)base;
    if (!self->late) return give(self, call);
    self->call = call;
    return OTEL_AZURE_TOKEN_PENDING;
}

static int32_t credential_fd(otel_azure_credential *base)
{
    return ((test_credential *)base)->pipes[0];
}

static void credential_poll(otel_azure_credential *base, int64_t *next)
{
    test_credential *self = (test_credential *)base;
    char c;
    *next = OTEL_DEADLINE_NEVER;
    if (!self->call || read(self->pipes[0], &c, 1) != 1) return;
    otel_azure_token_call *call = self->call;
    self->call = NULL;
    otel_azure_token_done(call, give(self, call));
}

static void credential_cancel(otel_azure_credential *base)
{
    ((test_credential *)base)->cancels++;
    ((test_credential *)base)->call = NULL;
}

static void credential_destroy(otel_azure_credential *base)
{
    ((test_credential *)base)->destroys++;
}

static void credential_after_fork(otel_azure_credential *base)
{
    ((test_credential *)base)->after_forks++;
}

static const otel_azure_credential_ops late_ops = {.size = sizeof late_ops,
                                                   .name = "test",
                                                   .get_token = get_token,
                                                   .poll_fd = credential_fd,
                                                   .poll = credential_poll,
                                                   .cancel = credential_cancel,
                                                   .destroy = credential_destroy,
                                                   .after_fork = credential_after_fork};
static const otel_azure_credential_ops blocking_ops = {.size = sizeof blocking_ops,
                                                       .name = "test",
                                                       .flags = OTEL_AZURE_CREDENTIAL_BLOCKS,
                                                       .get_token = get_token,
                                                       .destroy = credential_destroy};

static test_credential credential;

static void sign_with(fixture *f, const otel_azure_credential_ops *ops, const char *endpoint)
{
    char text[256];
    otel_log_exporter_destroy(f->exporter);
    credential = (test_credential){.base.ops = ops, .late = ops == &late_ops};
    assert_int_equal(pipe2(credential.pipes, O_NONBLOCK), 0);
    snprintf(text, sizeof text, "InstrumentationKey=" KEY ";IngestionEndpoint=%s", endpoint);
    make_exporter(f, (otel_azure_monitor_options){.credential = &credential.base, .connection_string = text});
}

static int set_up_signed(void **state)
{
    set_up(state);
    sign_with(*state, &late_ops, "https://127.0.0.1:9/");
    credential.late = false;
    return 0;
}

static int tear_down_signed(void **state)
{
    fixture *f = *state;
    otel_log_exporter_destroy(f->exporter);
    f->exporter = NULL;
    assert_int_equal(credential.destroys, 1);
    assert_null(strstr(said(), CANARY));
    assert_null(strstr(said(), KEY));
    close(credential.pipes[0]);
    close(credential.pipes[1]);
    return tear_down(state);
}

static const char *authorization(const fixture *f, size_t nth)
{
    return nth < f->sender.count ? f->sender.seen[nth].authorization : "(no such request)";
}

static void a_token_is_kept(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(export_batch(f), OTEL_EXPORT_OK);
        assert_string_equal(authorization(f, i), "Bearer canary-1");
    }
}

static void replaced_once(fixture *f, uint32_t status)
{
    SCRIPT(f, {.status = status}, good);
    assert_int_equal(export_batch(f), OTEL_EXPORT_OK);
    assert_int_equal(f->sender.count, 2);
    assert_string_equal(authorization(f, 0), "Bearer canary-1");
    assert_string_equal(authorization(f, 1), "Bearer canary-2");
    assert_string_equal(items(f, 1), "0 1 2 3");
    assert_string_equal(said(), "");
}

static void a_token_that_is_refused_is_replaced(void **state)
{
    replaced_once(*state, 401);
}

static void a_token_without_the_role_is_replaced(void **state)
{
    replaced_once(*state, 403);
}

static void refused_again_it_waits(void **state)
{
    fixture *f = *state;
    SCRIPT(f, {.status = 403});
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    assert_int_equal(f->sender.count, 2);
    expect_within(f->call.retry_after_ms, 1000, 1300);
    assert_non_null(strstr(f->call.message, "Monitoring Metrics Publisher"));
    for (int i = 0; i < 6; i++) {
        size_t before = f->sender.count;
        assert_int_equal(export_later(f), OTEL_EXPORT_RETRY);
        assert_true(f->sender.count <= before + 1); /* one a time, or none while there is no token */
    }
    SCRIPT(f, good);
    while (export_later(f) == OTEL_EXPORT_RETRY) {}
    assert_int_equal(f->call.rejected, 0);
}

static void without_a_token_nothing_is_sent(void **state)
{
    fixture *f = *state;
    for (otel_azure_token_status s = OTEL_AZURE_TOKEN_RETRY; s <= OTEL_AZURE_TOKEN_REFUSED; s++) {
        credential.status = s;
        assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
        assert_int_equal(f->sender.count, 0);
        assert_string_equal(strstr(f->call.message, "no token"), "no token today");
        assert_int_equal(f->call.firm, 1); /* the credential has its patience, a stop or not */
        assert_true((s == OTEL_AZURE_TOKEN_REFUSED) == (f->call.retry_after_ms > 100000));
        f->attempt = 0;
        skipped_ms += 600000;
    }
    credential.status = OTEL_AZURE_TOKEN_OK;
    assert_int_equal(export_batch(f), OTEL_EXPORT_OK);
}

static void a_token_may_come_later(void **state)
{
    fixture *f = *state;
    int64_t next;
    credential.late = true;
    start_call(f, 5000);
    assert_int_equal(f->exporter->ops->export_batch(f->exporter, &f->batch, &f->call), OTEL_EXPORT_PENDING);
    for (int i = 0; i < 5; i++) f->exporter->ops->poll(f->exporter, &next);
    assert_int_equal(f->sender.count, 0);
    struct pollfd both = {.fd = f->exporter->ops->poll_fd(f->exporter), .events = POLLIN};
    assert_int_equal(poll(&both, 1, 0), 0);
    assert_int_equal(write(credential.pipes[1], "x", 1), 1);
    assert_int_equal(poll(&both, 1, 1000), 1); /* the one descriptor shows it */
    while (!done_calls) f->exporter->ops->poll(f->exporter, &next);
    assert_int_equal(done_status, OTEL_EXPORT_OK);
    assert_string_equal(authorization(f, 0), "Bearer canary-1");
}

static void a_token_that_never_comes_ends_with_the_call(void **state)
{
    fixture *f = *state;
    credential.late = true;
    assert_int_equal(export_within(f, 20), OTEL_EXPORT_RETRY);
    assert_int_equal(credential.cancels, 1);
    assert_int_equal(f->sender.count, 0);
    assert_string_equal(f->call.message, "the time for it is up");
    start_call(f, 5000);
    skipped_ms += 60000;
    assert_int_equal(f->exporter->ops->export_batch(f->exporter, &f->batch, &f->call), OTEL_EXPORT_PENDING);
    f->exporter->ops->cancel(f->exporter);
    assert_int_equal(credential.cancels, 2);
    assert_int_equal(done_calls, 0);
}

static void tokens_go_to_nobody_else(void **state)
{
    fixture *f = *state;
    static const char *const strangers[] = {
        "Location: https://evil.example/v2.1/track", "Location: https://127.0.0.1:10/v2.1/track",
        "Location: http://127.0.0.1:9/v2.1/track", "Location: https://dc.services.visualstudio.com/v2.1/track"};
    for (size_t i = 0; i < 4; i++) {
        SCRIPT(f, {.status = 307, .headers = strangers[i]}, good);
        assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
        assert_int_equal(export_later(f), OTEL_EXPORT_OK);
    }
    for (size_t i = 0; i < f->sender.count; i++)
        assert_string_equal(f->sender.seen[i].url, "https://127.0.0.1:9/v2.1/track");
    SCRIPT(f, {.status = 307, .headers = "Location: /elsewhere"}, good);
    assert_int_equal(export_batch(f), OTEL_EXPORT_OK);
    assert_string_equal(authorization(f, f->sender.count - 1), "Bearer canary-1");
}

static void what_a_server_repeats_is_hidden(void **state)
{
    fixture *f = *state;
    static const char words[] = "Bearer canary-1 for 11111111-2222-3333-4444-5555DEADBEEF is wrong";
    SCRIPT(f, {.status = 503, .body = words},
           {.status = 206, .body = "{\"errors\":[{\"index\":0,\"statusCode\":400,\"message\":\"canary-1 " KEY "\"}]}"});
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    assert_string_equal(f->call.message, "HTTP 503: Bearer ******** for ************************************ is wrong");
    assert_int_equal(export_later(f), OTEL_EXPORT_OK);
    said_expect("HTTP 400: ******** ************************************");
    assert_null(strstr(f->losses[0].message, CANARY));
    assert_null(strstr(f->losses[0].message, KEY));
    SCRIPT(f, {.status = 503,
               .body = "this text is so long that the key stands at its very end, where it is cut, so "
                       "that of the key 11111111-2222-3333-4444-5555deadbeef half is left"});
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    assert_null(strstr(f->call.message, "11111111"));
}

static void a_credential_that_sleeps_has_the_exporter_sleep(void **state)
{
    fixture *f = *state;
    close(credential.pipes[0]);
    close(credential.pipes[1]);
    sign_with(f, &blocking_ops, "https://127.0.0.1:9/");
    assert_int_equal(f->exporter->ops->flags, OTEL_EXPORTER_BLOCKS);
    assert_null(f->exporter->ops->poll);
    assert_null(f->exporter->ops->poll_fd);
    assert_null(f->exporter->ops->cancel);
    SCRIPT(f, {.status = 401}, good);
    start_call(f, 5000);
    assert_int_equal(f->exporter->ops->export_batch(f->exporter, &f->batch, &f->call), OTEL_EXPORT_OK);
    assert_int_equal(f->sender.count, 2);
    SCRIPT(f, {.hang = true});
    start_call(f, 50);
    assert_int_equal(f->exporter->ops->export_batch(f->exporter, &f->batch, &f->call), OTEL_EXPORT_RETRY);
    assert_int_equal(done_calls, 0);
}

static void the_child_of_a_fork_begins_anew(void **state)
{
    fixture *f = *state;
    SCRIPT(f, {.status = 206, .body = "{\"errors\":[{\"index\":0,\"statusCode\":404}]}"},
           {.status = 429, .headers = "Retry-After: 60"}, {.hang = true}, good);
    assert_int_equal(export_batch(f), OTEL_EXPORT_OK);
    assert_int_equal(f->exporter->ops->losses(f->exporter, NULL, 0), 1);
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY);
    f->exporter->ops->after_fork(f->exporter);
    f->attempt = 0;
    assert_int_equal(f->sender.after_forks, 1);
    assert_int_equal(credential.after_forks, 1);
    assert_int_equal(f->exporter->ops->losses(f->exporter, NULL, 0), 0);
    assert_int_equal(export_batch(f), OTEL_EXPORT_RETRY); /* what the service asked for holds */
    assert_int_equal(f->sender.count, 2);
    skipped_ms += 60000;
    start_call(f, 5000);
    int64_t next;
    assert_int_equal(f->exporter->ops->export_batch(f->exporter, &f->batch, &f->call), OTEL_EXPORT_PENDING);
    f->exporter->ops->poll(f->exporter, &next);
    f->exporter->ops->after_fork(f->exporter); /* in the middle of a request */
    f->sender.next++;
    assert_int_equal(export_batch(f), OTEL_EXPORT_OK);
    assert_string_equal(items(f, f->sender.count - 1), "0 1 2 3");
    assert_int_equal(done_calls, 1);
}

#define SIGNED(test) cmocka_unit_test_setup_teardown(test, set_up_signed, tear_down_signed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SIGNED(a_token_is_kept),
        SIGNED(a_token_that_is_refused_is_replaced),
        SIGNED(a_token_without_the_role_is_replaced),
        SIGNED(refused_again_it_waits),
        SIGNED(without_a_token_nothing_is_sent),
        SIGNED(a_token_may_come_later),
        SIGNED(a_token_that_never_comes_ends_with_the_call),
        SIGNED(tokens_go_to_nobody_else),
        SIGNED(what_a_server_repeats_is_hidden),
        SIGNED(a_credential_that_sleeps_has_the_exporter_sleep),
        SIGNED(the_child_of_a_fork_begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
