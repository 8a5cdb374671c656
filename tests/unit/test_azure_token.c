/* Tests of exporters/azure_monitor/src/credentials/token.c, with a credential that does what it is told and a clock
 * that is moved.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "azure_monitor/src/clock.h"
#include "azure_monitor/src/credentials/token.h"
#include "said.h"
#include <stdlib.h>

static int64_t clock_ns = 1000000000000, unix_s = 1800000000;

int64_t otel__azure_monotonic_ns(void)
{
    return clock_ns;
}

int64_t otel__azure_unix_s(void)
{
    return unix_s;
}

static void pass(int64_t seconds)
{
    clock_ns += seconds * 1000000000;
    unix_s += seconds;
}

/* ---- a credential ---- */

typedef struct scripted {
    otel_azure_credential base;
    unsigned asked, cancels, destroys, forks;
    otel_azure_token_call *call;
    char scope[128];
    otel_azure_token_status answers; /* PENDING: until settle() */
    int64_t life_s;                  /* 0: not said */
    uint32_t retry_after_ms;
    const char *token; /* NULL: "token-<n>" */
    const char *words;
} scripted;

static scripted script;

static otel_azure_token_status answer(otel_azure_token_call *call)
{
    if (script.token)
        snprintf(call->token, call->token_size, "%s", script.token);
    else
        snprintf(call->token, call->token_size, "token-%u", script.asked);
    if (script.life_s) call->expires_unix_s = unix_s + script.life_s;
    if (script.words) snprintf(call->message, sizeof call->message, "%s", script.words);
    call->retry_after_ms = script.retry_after_ms;
    return script.answers;
}

static otel_azure_token_status get_token(otel_azure_credential *base, otel_azure_token_call *call)
{
    assert_ptr_equal(base, &script.base);
    script.asked++;
    script.call = call;
    snprintf(script.scope, sizeof script.scope, "%s", call->scope);
    return script.answers == OTEL_AZURE_TOKEN_PENDING ? OTEL_AZURE_TOKEN_PENDING : answer(call);
}

static int32_t poll_fd(otel_azure_credential *base)
{
    (void)base;
    return 77;
}

static void poll_it(otel_azure_credential *base, int64_t *next)
{
    (void)base;
    *next = OTEL_DEADLINE_NEVER;
    if (script.answers != OTEL_AZURE_TOKEN_PENDING && script.call) {
        otel_azure_token_call *call = script.call;
        script.call = NULL;
        otel_azure_token_done(call, answer(call));
    }
}

static void cancel(otel_azure_credential *base)
{
    (void)base;
    script.cancels++;
    script.call = NULL;
}

static void destroy(otel_azure_credential *base)
{
    (void)base;
    script.destroys++;
}

static void after_fork(otel_azure_credential *base)
{
    (void)base;
    script.forks++;
    script.call = NULL;
}

static const otel_azure_credential_ops ops = {.size = sizeof ops,
                                              .name = "the script",
                                              .get_token = get_token,
                                              .poll_fd = poll_fd,
                                              .poll = poll_it,
                                              .cancel = cancel,
                                              .destroy = destroy,
                                              .after_fork = after_fork};
static const otel_azure_credential_ops simple_ops = {.size = sizeof ops,
                                                     .name = "the simple script",
                                                     .flags = OTEL_AZURE_CREDENTIAL_BLOCKS,
                                                     .get_token = get_token,
                                                     .destroy = destroy};

static int set_up(void **state)
{
    script = (scripted){.base = {&ops}, .life_s = 3600};
    said_clear();
    *state = otel__azure_token_new(&script.base, NULL);
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    otel__azure_token_destroy(*state);
    assert_int_equal(script.destroys, 1);
    return 0;
}

static char message[128];

/* "Bearer ...", or NULL with the status. */
static const char *get(otel__azure_token *token, otel_azure_token_status expected)
{
    const char *authorization;
    otel_azure_token_status status =
        otel__azure_token_get(token, otel_deadline_in_ms(5000), &authorization, message, sizeof message);
    assert_int_equal(status, expected);
    assert_int_equal(authorization != NULL, status == OTEL_AZURE_TOKEN_OK);
    return authorization;
}

#define OK(token) get(token, OTEL_AZURE_TOKEN_OK)
#define RETRY(token) get(token, OTEL_AZURE_TOKEN_RETRY)
#define PENDING(token) get(token, OTEL_AZURE_TOKEN_PENDING)

/* ---- tests ---- */

static void it_is_asked_once_and_kept(void **state)
{
    assert_int_equal(script.asked, 0); /* nobody wants one yet */
    assert_string_equal(OK(*state), "Bearer token-1");
    assert_string_equal(script.scope, "https://monitor.azure.com//.default");
    pass(3600 - 301);
    assert_string_equal(OK(*state), "Bearer token-1");
    pass(1);
    assert_string_equal(OK(*state), "Bearer token-2");
    assert_string_equal(said_text, "");
}

static void short_lives_are_used_for_half(void **state)
{
    script.life_s = 100;
    assert_string_equal(OK(*state), "Bearer token-1");
    pass(49);
    assert_string_equal(OK(*state), "Bearer token-1");
    pass(1);
    assert_string_equal(OK(*state), "Bearer token-2");
}

/* Not a second longer than it says. */
static void very_short_lives_too(void **state)
{
    script.life_s = 6;
    assert_string_equal(OK(*state), "Bearer token-1");
    pass(2);
    assert_string_equal(OK(*state), "Bearer token-1");
    pass(1);
    assert_string_equal(OK(*state), "Bearer token-2");
    script.life_s = 1;
    pass(3);
    for (int i = 3; i < 6; i++, pass(1)) {
        char expected[32];
        snprintf(expected, sizeof expected, "Bearer token-%d", i);
        assert_string_equal(OK(*state), expected);
        assert_string_equal(OK(*state), expected);
    }
}

/* The clocks of two machines differ: not a question with each request. */
static void one_that_arrives_expired_is_tried_for_a_while(void **state)
{
    script.life_s = -5000;
    for (int i = 0; i < 29; i++, pass(1)) assert_string_equal(OK(*state), "Bearer token-1");
    pass(1);
    assert_string_equal(OK(*state), "Bearer token-2");
}

static void unknown_and_endless_lives(void **state)
{
    script.life_s = 0;
    assert_string_equal(OK(*state), "Bearer token-1");
    pass(149);
    assert_string_equal(OK(*state), "Bearer token-1");
    pass(1);
    script.life_s = INT64_MAX / 2 - unix_s - 1;
    assert_string_equal(OK(*state), "Bearer token-2");
    pass(6 * 24 * 3600);
    assert_string_equal(OK(*state), "Bearer token-2");
    pass(24 * 3600);
    assert_string_equal(OK(*state), "Bearer token-3");
}

static void it_may_come_later(void **state)
{
    int64_t next;
    script.answers = OTEL_AZURE_TOKEN_PENDING;
    PENDING(*state);
    PENDING(*state);
    assert_int_equal(script.asked, 1);
    assert_int_equal(otel__azure_token_poll_fd(*state), 77);
    otel__azure_token_poll(*state, &next);
    assert_true(next < OTEL_DEADLINE_NEVER); /* its deadline */
    PENDING(*state);
    script.answers = OTEL_AZURE_TOKEN_OK;
    otel__azure_token_poll(*state, &next);
    assert_int_equal(next, 0);
    assert_string_equal(OK(*state), "Bearer token-1");
    assert_int_equal(script.asked, 1);
    otel__azure_token_poll(*state, &next);
    assert_true(next == OTEL_DEADLINE_NEVER);
}

static void an_answer_that_does_not_come_in_time(void **state)
{
    int64_t next;
    const char *authorization;
    script.answers = OTEL_AZURE_TOKEN_PENDING;
    assert_int_equal(otel__azure_token_get(*state, otel_deadline_in_ms(0), &authorization, message, sizeof message),
                     OTEL_AZURE_TOKEN_PENDING);
    otel__azure_token_poll(*state, &next);
    assert_int_equal(script.cancels, 1);
    RETRY(*state);
    assert_string_equal(message, "no answer in time");
    assert_int_equal(script.asked, 1);
}

static void failures_are_asked_again_with_patience(void **state)
{
    script.answers = OTEL_AZURE_TOKEN_RETRY;
    script.words = "HTTP 503";
    unsigned in_a_minute = 0, in_an_hour = 0;
    for (int i = 0; i < 36000; i++) {
        RETRY(*state);
        clock_ns += 100000000;
        if (i == 600) in_a_minute = script.asked;
    }
    in_an_hour = script.asked;
    assert_in_range(in_a_minute, 5, 9);
    assert_in_range(in_an_hour, 60, 130); /* half a minute to a minute apart */
    assert_string_equal(message, "HTTP 503");
    assert_string_equal(said_text, "azure_monitor: no token from the script: HTTP 503\n"); /* once */
    script.answers = OTEL_AZURE_TOKEN_OK;
    pass(61);
    OK(*state);
    said_expect("a token from the script");
}

static void what_is_refused_is_asked_seldom(void **state)
{
    script.answers = OTEL_AZURE_TOKEN_REFUSED;
    script.words = "there is no such identity";
    for (int i = 0; i < 3600; i++, pass(1)) get(*state, OTEL_AZURE_TOKEN_REFUSED);
    assert_in_range(script.asked, 12, 25);
    assert_string_equal(said_text, "azure_monitor: no token from the script: there is no such identity\n");
}

static void the_authority_may_ask_to_wait(void **state)
{
    script.answers = OTEL_AZURE_TOKEN_RETRY;
    script.retry_after_ms = 70000;
    RETRY(*state);
    assert_string_equal(message, "it gives no reason");
    pass(69);
    RETRY(*state);
    assert_int_equal(script.asked, 1);
    pass(1);
    RETRY(*state);
    assert_int_equal(script.asked, 2);
}

/* An outage of the authority that is shorter than the margin is not noticed. */
static void the_old_one_serves_while_there_is_no_new_one(void **state)
{
    assert_string_equal(OK(*state), "Bearer token-1");
    script.answers = OTEL_AZURE_TOKEN_RETRY;
    pass(3600 - 300);
    assert_string_equal(OK(*state), "Bearer token-1");
    assert_int_equal(script.asked, 2);
    pass(299);
    assert_string_equal(OK(*state), "Bearer token-1");
    pass(1);
    RETRY(*state);
}

static void a_rejected_one_is_replaced_at_once(void **state)
{
    assert_string_equal(OK(*state), "Bearer token-1");
    otel__azure_token_reject(*state);
    otel__azure_token_reject(*state);
    assert_string_equal(OK(*state), "Bearer token-2");
    assert_int_equal(script.asked, 2);
}

/* With a wrong role or audience each new one is as bad. */
static void rejections_in_a_row_are_asked_with_patience(void **state)
{
    for (int i = 0; i < 36000; i++, clock_ns += 100000000) {
        const char *authorization;
        if (otel__azure_token_get(*state, otel_deadline_in_ms(5000), &authorization, message, sizeof message) == 0)
            otel__azure_token_reject(*state);
        else
            assert_string_equal(message, "the service does not accept the tokens of the script");
    }
    assert_in_range(script.asked, 60, 130);
    pass(60);
    OK(*state);
    pass(61); /* this one was in use for a while */
    otel__azure_token_reject(*state);
    OK(*state);
}

static void what_is_no_token_is_refused(void **state)
{
    static const char *const wrong[] = {"", "a b", "a\nX-Evil: 1", "\xc3\xa4", "a\x7f"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        script.token = wrong[i];
        get(*state, OTEL_AZURE_TOKEN_REFUSED);
        assert_string_equal(message,
                            i ? "the token has a character that headers do not have" : "the answer holds no token");
        pass(301);
    }
}

static void cancel_and_fork_forget_the_question(void **state)
{
    script.answers = OTEL_AZURE_TOKEN_PENDING;
    PENDING(*state);
    otel__azure_token_cancel(*state);
    otel__azure_token_cancel(*state);
    assert_int_equal(script.cancels, 1);
    PENDING(*state);
    assert_int_equal(script.asked, 2);
    otel__azure_token_after_fork(*state);
    assert_int_equal(script.forks, 1);
    script.answers = OTEL_AZURE_TOKEN_OK;
    assert_string_equal(OK(*state), "Bearer token-3");
    otel__azure_token_after_fork(*state);
    assert_string_equal(OK(*state), "Bearer token-3");
}

static void it_stays_hidden(void **state)
{
    char text[64] = "you sent token-1 and token";
    OK(*state);
    otel__azure_token_hide(*state, text);
    assert_string_equal(text, "you sent ******* and *****");
    otel__azure_token_reject(*state);
    snprintf(text, sizeof text, "token-1 is not accepted");
    otel__azure_token_hide(*state, text);
    assert_string_equal(text, "******* is not accepted");
    script.answers = OTEL_AZURE_TOKEN_RETRY;
    script.words = "after token-1 came token-2\n";
    RETRY(*state);
    assert_string_equal(message, "after ******* came ******* ");
    said_expect("after ******* came *******");
}

static void audiences_are_scopes(void **state)
{
    static const char *const rows[][2] = {
        {"https://monitor.azure.us/", "https://monitor.azure.us//.default"},
        {"https://monitor.azure.cn", "https://monitor.azure.cn/.default"},
        {"https://monitor.azure.us/.default", "https://monitor.azure.us/.default"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        script = (scripted){.base = {&simple_ops}, .life_s = 1000};
        otel__azure_token *token = otel__azure_token_new(&script.base, rows[i][0]);
        OK(token);
        assert_string_equal(script.scope, rows[i][1]);
        assert_true(otel__azure_token_blocks(token));
        assert_int_equal(otel__azure_token_poll_fd(token), -1);
        otel__azure_token_destroy(token);
        assert_int_equal(script.destroys, 1);
    }
}

static void tables_that_are_not_complete(void **state)
{
    otel_azure_credential_ops wrong = {.size = sizeof wrong, .name = "x", .destroy = destroy};
    int64_t next;
    (void)state;
    script = (scripted){.base = {&wrong}};
    assert_null(otel__azure_token_new(&script.base, NULL));
    assert_int_equal(script.destroys, 1);
    wrong.get_token = get_token;
    wrong.poll = poll_it;
    assert_null(otel__azure_token_new(&script.base, NULL));
    assert_int_equal(script.destroys, 2);
    wrong = simple_ops; /* it answers later, and cannot */
    otel__azure_token *token = otel__azure_token_new(&script.base, NULL);
    script.answers = OTEL_AZURE_TOKEN_PENDING;
    get(token, OTEL_AZURE_TOKEN_REFUSED);
    otel__azure_token_poll(token, &next);
    assert_true(next == OTEL_DEADLINE_NEVER);
    otel__azure_token_cancel(token);
    otel__azure_token_after_fork(token);
    otel__azure_token_destroy(token);
    otel__azure_credential_destroy(NULL);
    otel__azure_credential_destroy(&(otel_azure_credential){0});
}

#define TOKEN(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOKEN(it_is_asked_once_and_kept),
        TOKEN(short_lives_are_used_for_half),
        TOKEN(very_short_lives_too),
        TOKEN(one_that_arrives_expired_is_tried_for_a_while),
        TOKEN(unknown_and_endless_lives),
        TOKEN(it_may_come_later),
        TOKEN(an_answer_that_does_not_come_in_time),
        TOKEN(failures_are_asked_again_with_patience),
        TOKEN(what_is_refused_is_asked_seldom),
        TOKEN(the_authority_may_ask_to_wait),
        TOKEN(the_old_one_serves_while_there_is_no_new_one),
        TOKEN(a_rejected_one_is_replaced_at_once),
        TOKEN(rejections_in_a_row_are_asked_with_patience),
        TOKEN(what_is_no_token_is_refused),
        TOKEN(cancel_and_fork_forget_the_question),
        TOKEN(it_stays_hidden),
        cmocka_unit_test(audiences_are_scopes),
        cmocka_unit_test(tables_that_are_not_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
