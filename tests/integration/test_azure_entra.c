/* Programs that send to Azure Monitor with tokens of Entra ID: an authority and a service of our own, every kind of
 * credential, what happens when one of the two says no, and that no secret appears in any output. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <otel/exporters/azure_monitor.h>
#include <otel/otel.h>

#include "child.h"
#include "host_loop.h"
#include "http_server.h"
#include "peers.h"

enum { LIMIT_MS = 100000, PATIENCE_MS = 40000, WRONG = 3, NOT_SENT = 4 };
#define KEY "931024c2-3720-11ea-b247-c49deda841c1"
#define SECRET "canary-secret+77"
#define CODED "canary-secret%2B77"
#define IDENTITY "canary-identity-header"
#define ASSERTION "canary.federated.token"
#define FIRST "canary-token-1"
#define SECOND "canary-token-2"
#define TOKEN(name) "{\"access_token\":\"" name "\",\"expires_in\":\"3599\",\"token_type\":\"Bearer\"}"
#define TAKEN "{\"itemsReceived\":1,\"itemsAccepted\":1,\"errors\":[]}"

static otel_logger logger = OTEL_LOGGER_INIT("entra", "1");

/* ---- a world with an authority and a service ---- */

typedef struct world {
    http_server *authority, *service;
    char authority_url[64], token_file[64];
} world;

static void open_world(world *w, const http_answer *authority, size_t answers, const http_answer *service, size_t more)
{
    char text[256];
    child_environment(NULL, NULL);
    w->authority = http_server_start(NULL);
    w->service = http_server_start(NULL);
    http_server_script(w->authority, authority, answers);
    http_server_script(w->service, service, more);
    snprintf(w->authority_url, sizeof w->authority_url, "http://127.0.0.1:%u", http_server_port(w->authority));
    snprintf(text, sizeof text, "InstrumentationKey=" KEY ";IngestionEndpoint=http://127.0.0.1:%u/",
             http_server_port(w->service));
    setenv("APPLICATIONINSIGHTS_CONNECTION_STRING", text, 1);
    setenv("OTEL_LOG_LEVEL", "trace", 1);
    setenv("OTEL_BLRP_SCHEDULE_DELAY", "10", 1);
    setenv("OTEL_C_AZURE_COMPRESSION", "none", 1);
}

static void close_world(world *w)
{
    http_server_stop(w->authority);
    http_server_stop(w->service);
    if (w->token_file[0]) unlink(w->token_file);
}

static bool signed_with(world *w, size_t nth, const char *token)
{
    char value[128], expected[128];
    snprintf(expected, sizeof expected, "Bearer %s", token);
    if (http_server_count(w->service) <= nth) return false;
    return strcmp(http_seen_header(http_server_at(w->service, nth), "Authorization", value, sizeof value), expected) ==
           0;
}

/* ---- credentials from the environment ---- */

static void client_secret(world *w)
{
    setenv("OTEL_C_AZURE_CREDENTIAL", "client_secret", 1);
    setenv("AZURE_TENANT_ID", "contoso.example", 1);
    setenv("AZURE_CLIENT_ID", "client-1", 1);
    setenv("AZURE_CLIENT_SECRET", SECRET, 1);
    setenv("AZURE_AUTHORITY_HOST", w->authority_url, 1);
}

static void workload_identity(world *w)
{
    snprintf(w->token_file, sizeof w->token_file, "/tmp/otel-test-entra-%d", (int)getpid());
    FILE *file = fopen(w->token_file, "w");
    fputs(ASSERTION "\n", file);
    fclose(file);
    setenv("OTEL_C_AZURE_CREDENTIAL", "workload_identity", 1);
    setenv("AZURE_TENANT_ID", "contoso.example", 1);
    setenv("AZURE_CLIENT_ID", "client-1", 1);
    setenv("AZURE_FEDERATED_TOKEN_FILE", w->token_file, 1);
    setenv("AZURE_AUTHORITY_HOST", w->authority_url, 1);
}

static void app_service(world *w)
{
    setenv("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "Authorization=AAD", 1);
    setenv("IDENTITY_ENDPOINT", w->authority_url, 1);
    setenv("IDENTITY_HEADER", IDENTITY, 1);
}

static void machine(world *w)
{
    setenv("OTEL_C_AZURE_CREDENTIAL", "managed_identity", 1);
    setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", w->authority_url, 1);
}

/* ---- scenes: each a process ---- */

typedef struct scene {
    const char *what;
    void (*credential)(world *w);
    http_answer authority[2], service[3]; /* the last one is repeated */
    size_t answers, more;
    unsigned asked;        /* how often the authority is asked */
    const char *tokens[3]; /* of the service's requests; NULL: there is none more */
    bool lost;             /* the record is not delivered */
} scene;

/* The first things of what shall happen. */
static bool has_begun(const scene *s, const world *w)
{
    size_t sent = 0;
    while (sent < 3 && s->tokens[sent]) sent++;
    return http_server_count(w->authority) >= 1 && http_server_count(w->service) >= sent;
}

static int live_through(void *argument)
{
    const scene *s = argument;
    world w = {0};
    open_world(&w, s->authority, s->answers, s->service, s->more);
    s->credential(&w);
    otel_start(&(otel_options){.logs_exporter = "console,azure_monitor"});
    OTEL_LOG_INFO(&logger, "nothing secret in here");
    int64_t began = child_now_ms();
    while (s->lost && !has_begun(s, &w) && child_now_ms() - began < PATIENCE_MS) child_sleep_ms(5);
    bool flushed = otel_flush(s->lost ? 700 : PATIENCE_MS) == OTEL_OK;
    otel_stop(300);
    unsigned asked = (unsigned)http_server_count(w.authority);
    unsigned most = s->asked + (unsigned)(child_now_ms() - began) / 1000; /* not more than about once a second */
    bool good = flushed == !s->lost && (s->lost ? asked >= 1 && asked <= most : asked == s->asked);
    for (size_t i = 0; i < 3 && s->tokens[i]; i++) good = good && signed_with(&w, i, s->tokens[i]);
    if (!good) printf("asked %u, sent %zu, flushed %d\n", asked, http_server_count(w.service), flushed);
    close_world(&w);
    return good ? 0 : WRONG;
}

static void expect_no_secret(const child_end *end, const char *what)
{
    static const char *const secrets[] = {"canary", SECRET, CODED, IDENTITY, ASSERTION, FIRST, KEY};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        if (strstr(end->text, secrets[i])) fail_msg("%s: '%s' is in the output:\n%s", what, secrets[i], end->text);
}

static void expect_scene(const scene *s)
{
    child_end end = child_run(live_through, (void *)(uintptr_t)s, LIMIT_MS);
    if (!strstr(end.text, "nothing secret in here")) fail_msg("%s: no output was caught:\n%s", s->what, end.text);
    expect_no_secret(&end, s->what);
    child_expect_good(end, s->what);
}

#define ECHO(status_, text)                                                                                            \
    {                                                                                                                  \
        .status = status_, .body = "{\"message\":\"" text "\"}"                                                        \
    }
#define SERVICE_ECHO(status_, token)                                                                                   \
    {                                                                                                                  \
        .status = status_,                                                                                             \
        .body = "{\"itemsReceived\":1,\"itemsAccepted\":0,\"errors\":[{\"index\":0,\"statusCode\":" #status_           \
                ",\"message\":\"you sent " token "\"}]}"                                                               \
    }

static void every_credential_signs(void **state)
{
    (void)state;
    void (*const kinds[])(world *) = {client_secret, workload_identity, app_service, machine};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        scene s = {.what = "signed",
                   .credential = kinds[i],
                   .authority = {{.body = TOKEN(FIRST)}},
                   .answers = 1,
                   .service = {{.body = TAKEN}},
                   .more = 1,
                   .asked = 1,
                   .tokens = {FIRST}};
        expect_scene(&s);
    }
}

static void a_token_that_is_not_accepted_is_replaced(void **state)
{
    (void)state;
    void (*const kinds[])(world *) = {client_secret, machine};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        scene s = {.what = "replaced",
                   .credential = kinds[i],
                   .authority = {{.body = TOKEN(FIRST)}, {.body = TOKEN(SECOND)}},
                   .answers = 2,
                   .service = {SERVICE_ECHO(401, FIRST), {.body = TAKEN}},
                   .more = 2,
                   .asked = 2,
                   .tokens = {FIRST, SECOND}};
        expect_scene(&s);
    }
}

/* The authority refuses, or is not there, or repeats what it should not: nothing is sent without a token, the console
 * is not disturbed, and the authority is not stormed. */
static void without_a_token_nothing_is_sent(void **state)
{
    (void)state;
    const http_answer refusals[] = {
        ECHO(400, SECRET " " CODED), ECHO(401, ASSERTION), ECHO(503, IDENTITY), {.body = SECRET}, {.drop = true}};
    void (*const kinds[])(world *) = {client_secret, workload_identity, app_service, client_secret, machine};
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        scene s = {.what = "no token",
                   .credential = kinds[i],
                   .authority = {refusals[i]},
                   .answers = 1,
                   .service = {{.body = TAKEN}},
                   .more = 1,
                   .asked = 3,
                   .lost = true};
        expect_scene(&s);
    }
}

static void a_service_that_never_accepts_is_not_stormed(void **state)
{
    (void)state;
    scene s = {.what = "never accepted",
               .credential = client_secret,
               .authority = {{.body = TOKEN(FIRST)}, {.body = TOKEN(SECOND)}},
               .answers = 2,
               .service = {SERVICE_ECHO(401, FIRST), SERVICE_ECHO(401, SECOND)},
               .more = 2,
               .asked = 4,
               .tokens = {FIRST, SECOND},
               .lost = true};
    expect_scene(&s);
}

/* ---- in code ---- */

static otel_azure_token_status sleepy(void *user, otel_azure_token_call *call)
{
    child_sleep_ms(50);
    snprintf(call->token, call->token_size, "%s", (const char *)user);
    return OTEL_AZURE_TOKEN_OK;
}

static int log_with_callback(void *run)
{
    char token[] = FIRST;
    world w = {0};
    const http_answer taken = {.body = TAKEN};
    open_world(&w, &taken, 1, &taken, 1);
    otel_log_exporter *azure = otel_azure_monitor_exporter_new(&(otel_azure_monitor_options){
        .credential = otel_azure_callback_credential_new(sleepy, token, OTEL_AZURE_CREDENTIAL_BLOCKS)});
    otel_log_processor *list[] = {otel_batch_log_processor_new(azure, NULL)};
    otel_result started =
        otel_start(&(otel_options){.log_processors = list, .log_processor_count = 1, .run = *(uint32_t *)run});
    OTEL_LOG_INFO(&logger, "from the callback");
    bool good = started == OTEL_OK && otel_flush(PATIENCE_MS) == OTEL_OK;
    otel_stop(1000);
    good = good && signed_with(&w, 0, FIRST) && http_server_count(w.authority) == 0;
    if (!good) printf("started %d, sent %zu\n", started, http_server_count(w.service));
    close_world(&w);
    return good ? 0 : started == OTEL_OK ? WRONG : NOT_SENT;
}

static void a_callback_that_blocks(void **state)
{
    (void)state;
    uint32_t thread = OTEL_RUN_THREAD, host = OTEL_RUN_HOST;
    child_end end = child_run(log_with_callback, &thread, LIMIT_MS);
    expect_no_secret(&end, "a callback");
    child_expect_good(end, "a callback");
    end = child_run(log_with_callback, &host, LIMIT_MS); /* it would block the host: refused */
    assert_int_not_equal(end.code, 0);
    assert_false(end.hung);
    free(end.text);
}

/* A host without threads turns the loop that asks, sends and is refused. */
static int turn_by_hand(void *unused)
{
    (void)unused;
    world w = {0};
    const http_answer authority[] = {{.body = TOKEN(FIRST), .delay_ms = 30}, {.body = TOKEN(SECOND)}};
    const http_answer service[] = {SERVICE_ECHO(401, FIRST), {.body = TAKEN, .delay_ms = 30}};
    open_world(&w, authority, 2, service, 2);
    client_secret(&w);
    otel_log_exporter_register(otel_azure_monitor_exporter_factory());
    otel_provider *p = otel_provider_new(&(otel_options){.logs_exporter = "azure_monitor", .run = OTEL_RUN_HOST});
    otel_provider_set_global(p);
    host_loop loop = {.providers = {p}, .count = 1};
    OTEL_LOG_INFO(&logger, "by hand");
    int64_t until = child_now_ms() + PATIENCE_MS;
    while (http_server_count(w.service) < 2 && child_now_ms() < until) host_loop_turn(&loop, 100000);
    bool good =
        signed_with(&w, 0, FIRST) && signed_with(&w, 1, SECOND) && otel_provider_stop(p, PATIENCE_MS) == OTEL_OK;
    if (!good) printf("asked %zu, sent %zu\n", http_server_count(w.authority), http_server_count(w.service));
    close_world(&w);
    return good ? 0 : WRONG;
}

static void a_host_without_threads(void **state)
{
    (void)state;
    child_end end = child_run(turn_by_hand, NULL, LIMIT_MS);
    expect_no_secret(&end, "by hand");
    child_expect_good(end, "by hand");
}

/* The child of a fork goes on with the token that its parent has, over connections of its own. */
static int fork_between(void *unused)
{
    (void)unused;
    world w = {0};
    const http_answer authority = {.body = TOKEN(FIRST)}, taken = {.body = TAKEN};
    open_world(&w, &authority, 1, &taken, 1);
    client_secret(&w);
    otel_start(&(otel_options){.logs_exporter = "azure_monitor"});
    OTEL_LOG_INFO(&logger, "from the parent");
    bool good = otel_flush(PATIENCE_MS) == OTEL_OK;
    pid_t child = fork();
    if (child == 0) {
        OTEL_LOG_INFO(&logger, "from the child");
        _exit(otel_flush(PATIENCE_MS) == OTEL_OK ? 0 : WRONG);
    }
    int status = -1;
    good = good && child_wait(child, LIMIT_MS / 2, &status) && status == 0;
    otel_stop(1000);
    good = good && signed_with(&w, 0, FIRST) && signed_with(&w, 1, FIRST) && http_server_count(w.authority) == 1;
    if (!good)
        printf("child %d, asked %zu, sent %zu\n", status, http_server_count(w.authority), http_server_count(w.service));
    close_world(&w);
    return good ? 0 : WRONG;
}

static void a_fork(void **state)
{
    (void)state;
    child_end end = child_run(fork_between, NULL, LIMIT_MS);
    expect_no_secret(&end, "a fork");
    child_expect_good(end, "a fork");
}

/* An authority that never answers holds up nobody: not the console, not stop. */
static int ask_the_silent(void *unused)
{
    (void)unused;
    char url[64];
    world w = {0};
    const http_answer taken = {.body = TAKEN};
    open_world(&w, &taken, 1, &taken, 1);
    client_secret(&w);
    snprintf(url, sizeof url, "http://127.0.0.1:%u", peer_silent());
    setenv("AZURE_AUTHORITY_HOST", url, 1);
    otel_start(&(otel_options){.logs_exporter = "azure_monitor"});
    OTEL_LOG_INFO(&logger, "nothing secret in here");
    int64_t begin = child_now_ms();
    otel_stop(300);
    int64_t took = child_now_ms() - begin;
    bool good = http_server_count(w.service) == 0;
    close_world(&w);
    if (took > 1500) printf("stop took %lld ms\n", (long long)took);
    return good ? took > 1500 ? NOT_SENT : 0 : WRONG;
}

static void an_authority_that_is_silent(void **state)
{
    (void)state;
    child_end end = {0};
    for (int i = 0; i < 3; i++) {
        free(end.text);
        end = child_run(ask_the_silent, NULL, LIMIT_MS);
        if (end.code != NOT_SENT) break; /* a deadline only counts when three in a row are over */
    }
    child_expect_good(end, "silent");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_credential_signs),
        cmocka_unit_test(a_token_that_is_not_accepted_is_replaced),
        cmocka_unit_test(without_a_token_nothing_is_sent),
        cmocka_unit_test(a_service_that_never_accepts_is_not_stormed),
        cmocka_unit_test(a_callback_that_blocks),
        cmocka_unit_test(a_host_without_threads),
        cmocka_unit_test(a_fork),
        cmocka_unit_test(an_authority_that_is_silent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
