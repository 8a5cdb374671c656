/* Tests of the built-in credentials of exporters/azure_monitor against a token endpoint of our own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "http_server.h"
#include "peers.h"
#include "said.h"
#include <fcntl.h>
#include <otel/exporters/azure_credential.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SECRET "s3cret~canary+/=&1"
#define CODED "s3cret~canary%2B%2F%3D%261"
#define SCOPE "https://monitor.azure.com//.default"
#define GOOD "{\"access_token\":\"t0ken\",\"expires_in\":3599}"

static const char *const names[] = {"AZURE_TENANT_ID",
                                    "AZURE_CLIENT_ID",
                                    "AZURE_CLIENT_SECRET",
                                    "AZURE_FEDERATED_TOKEN_FILE",
                                    "AZURE_AUTHORITY_HOST",
                                    "AZURE_POD_IDENTITY_AUTHORITY_HOST",
                                    "IDENTITY_ENDPOINT",
                                    "IDENTITY_HEADER",
                                    "IDENTITY_SERVER_THUMBPRINT",
                                    "MSI_ENDPOINT",
                                    "MSI_SECRET",
                                    "http_proxy",
                                    "all_proxy"};

/* ---- one question ---- */

static otel_azure_token_call call;
static otel_azure_token_status answered;
static int answers;
static char token[64];

void otel_azure_token_done(otel_azure_token_call *done, otel_azure_token_status status)
{
    assert_ptr_equal(done, &call);
    answers++;
    answered = status;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static otel_azure_token_status begin(otel_azure_credential *c, uint32_t ms)
{
    memset(token, 0, sizeof token);
    call = (otel_azure_token_call){.size = sizeof call,
                                   .token_size = sizeof token,
                                   .scope = SCOPE,
                                   .deadline = otel_deadline_in_ms(ms),
                                   .token = token};
    answers = 0;
    return c->ops->get_token(c, &call);
}

static otel_azure_token_status ask(otel_azure_credential *c, uint32_t ms)
{
    int64_t next, until = now_ms() + ms + 3000;
    otel_azure_token_status status = begin(c, ms);
    if (status != OTEL_AZURE_TOKEN_PENDING) return status;
    for (c->ops->poll(c, &next); !answers && now_ms() < until; c->ops->poll(c, &next)) {
        struct pollfd fd = {.fd = c->ops->poll_fd(c), .events = POLLIN};
        int64_t left = next == OTEL_DEADLINE_NEVER ? 1000 : next / 1000000 - now_ms() + 1;
        poll(&fd, 1, left < 0 ? 0 : left > 1000 ? 1000 : (int)left);
    }
    assert_int_equal(answers, 1);
    return answered;
}

/* ---- a server, and who asks it ---- */

typedef struct fixture {
    http_server *server;
    char url[64], file[64];
} fixture;

static int set_up(void **state)
{
    static fixture f;
    f = (fixture){.server = http_server_start(NULL)};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) unsetenv(names[i]);
    said_clear();
    *state = &f;
    if (!f.server) return -1;
    snprintf(f.url, sizeof f.url, "http://127.0.0.1:%u", http_server_port(f.server));
    snprintf(f.file, sizeof f.file, "/tmp/otel-test-token-%d", (int)getpid());
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    http_server_stop(f->server);
    unlink(f->file);
    return 0;
}

static otel_azure_credential *client_secret(const char *authority)
{
    return otel_azure_client_secret_credential_new(&(otel_azure_client_secret_options){
        .tenant_id = "contoso.example", .client_id = "client-1", .client_secret = SECRET, .authority_host = authority});
}

static void destroy(otel_azure_credential *c)
{
    c->ops->destroy(c);
}

static void script(fixture *f, http_answer answer)
{
    http_server_script(f->server, &answer, 1);
}

static const char *header(fixture *f, size_t nth, const char *name)
{
    static char text[256];
    return http_seen_header(http_server_at(f->server, nth), name, text, sizeof text);
}

static int64_t life(void)
{
    return call.expires_unix_s - (int64_t)time(NULL);
}

/* ---- client secret ---- */

static void a_secret_is_posted(void **state)
{
    fixture *f = *state;
    otel_azure_credential *c = client_secret(f->url);
    script(f, (http_answer){.body = GOOD});
    assert_int_equal(http_server_count(f->server), 0); /* nobody has asked */
    assert_int_equal(ask(c, 5000), OTEL_AZURE_TOKEN_OK);
    assert_string_equal(token, "t0ken");
    assert_in_range(life(), 3590, 3599);
    const http_seen *seen = http_server_at(f->server, 0);
    assert_string_equal(seen->method, "POST");
    assert_string_equal(seen->path, "/contoso.example/oauth2/v2.0/token");
    assert_string_equal(seen->body, "grant_type=client_credentials&client_id=client-1"
                                    "&scope=https%3A%2F%2Fmonitor.azure.com%2F%2F.default&client_secret=" CODED);
    assert_string_equal(header(f, 0, "Content-Type"), "application/x-www-form-urlencoded");
    assert_string_equal(header(f, 0, "Accept"), "application/json");
    assert_int_equal(ask(c, 5000), OTEL_AZURE_TOKEN_OK);
    assert_string_equal(http_server_at(f->server, 1)->body, seen->body);
    assert_int_equal(http_server_connections(f->server), 1);
    destroy(c);
    assert_string_equal(said_text, "");
}

static void what_statuses_mean(void **state)
{
    fixture *f = *state;
    otel_azure_credential *c = client_secret(f->url);
    static const struct {
        http_answer answer;
        otel_azure_token_status status;
        const char *words;
        uint32_t retry_after_ms;
    } rows[] = {
        {{.status = 400, .body = "{\"error\":\"invalid_request\"}"},
         OTEL_AZURE_TOKEN_REFUSED,
         "HTTP 400: invalid_request",
         0},
        {{.status = 401, .body = "{\"error_description\":\"AADSTS1: no Trace ID: 2\"}"},
         OTEL_AZURE_TOKEN_REFUSED,
         "HTTP 401: AADSTS1: no",
         0},
        {{.status = 400, .body = "{\"error\":\"temporarily_unavailable\"}"},
         OTEL_AZURE_TOKEN_RETRY,
         "HTTP 400: temporarily_unavailable",
         0},
        {{.status = 404, .body = "x"}, OTEL_AZURE_TOKEN_REFUSED, "HTTP 404", 0},
        {{.status = 302, .headers = {"Location", "http://127.0.0.1:1/"}},
         OTEL_AZURE_TOKEN_REFUSED,
         "HTTP 302: redirects are not followed",
         0},
        {{.status = 429, .headers = {"Retry-After", "7"}}, OTEL_AZURE_TOKEN_RETRY, "HTTP 429", 7000},
        {{.status = 500}, OTEL_AZURE_TOKEN_RETRY, "HTTP 500", 0},
        {{.status = 503, .body = "{\"error\":7}"}, OTEL_AZURE_TOKEN_RETRY, "HTTP 503", 0},
        {{.body = "<html>sign in</html>"}, OTEL_AZURE_TOKEN_RETRY, "HTTP 200 without a token", 0},
        {{.status = 204}, OTEL_AZURE_TOKEN_REFUSED, "HTTP 204", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        script(f, rows[i].answer);
        assert_int_equal(ask(c, 5000), rows[i].status);
        assert_string_equal(call.message, rows[i].words);
        assert_int_equal(call.retry_after_ms, rows[i].retry_after_ms);
    }
    script(f, (http_answer){.drop = true});
    assert_int_equal(ask(c, 5000), OTEL_AZURE_TOKEN_RETRY);
    assert_true(call.message[0]);
    script(f, (http_answer){.endless = true});
    assert_int_equal(ask(c, 5000), OTEL_AZURE_TOKEN_RETRY);
    assert_string_equal(call.message, "the answer is longer than allowed");
    destroy(c);
}

static void nobody_answers(void **state)
{
    fixture *f = *state;
    char url[64];
    otel_azure_credential *c = client_secret(f->url);
    script(f, (http_answer){.hang = true});
    assert_int_equal(ask(c, 100), OTEL_AZURE_TOKEN_RETRY);
    assert_non_null(strstr(call.message, "in time"));
    assert_int_equal(begin(c, 5000), OTEL_AZURE_TOKEN_PENDING);
    c->ops->cancel(c);
    script(f, (http_answer){.body = GOOD});
    assert_int_equal(ask(c, 5000), OTEL_AZURE_TOKEN_OK);
    c->ops->after_fork(c);
    assert_int_equal(ask(c, 5000), OTEL_AZURE_TOKEN_OK);
    destroy(c);
    snprintf(url, sizeof url, "http://127.0.0.1:%u", peer_closed());
    c = client_secret(url);
    assert_int_equal(ask(c, 5000), OTEL_AZURE_TOKEN_RETRY);
    assert_non_null(strstr(call.message, "127.0.0.1"));
    destroy(c);
}

/* However the authority repeats it. */
static void the_secret_is_hidden(void **state)
{
    fixture *f = *state;
    otel_azure_credential *c = client_secret(f->url);
    script(f, (http_answer){.status = 401, .body = "{\"message\":\"you sent " SECRET " as client_secret=" CODED "\"}"});
    assert_int_equal(ask(c, 5000), OTEL_AZURE_TOKEN_REFUSED);
    assert_null(strstr(call.message, "canary"));
    assert_non_null(strstr(call.message, "HTTP 401: you sent ****"));
    destroy(c);
}

static void what_is_missing_or_wrong_is_said(void **state)
{
    (void)state;
    static const struct {
        otel_azure_client_secret_options options;
        const char *words;
    } rows[] = {
        {{.client_id = "c", .client_secret = SECRET}, "the client secret: AZURE_TENANT_ID is not set"},
        {{.tenant_id = "t/../u", .client_id = "c", .client_secret = SECRET},
         "tenant_id has a character that tenants do not have"},
        {{.tenant_id = "t", .client_secret = SECRET}, "AZURE_CLIENT_ID is not set"},
        {{.tenant_id = "t", .client_id = "c"}, "AZURE_CLIENT_SECRET is not set"},
        {{.tenant_id = "t", .client_id = "c", .client_secret = SECRET "\n"}, "client_secret has a blank"},
        {{.tenant_id = "t", .client_id = "c", .client_secret = SECRET, .authority_host = "http://8.8.8.8"},
         "authority_host cannot be used: it must be https"},
        {{.tenant_id = "t", .client_id = "c", .client_secret = SECRET, .authority_host = "http://10.0.0.1"},
         "authority_host cannot be used: it must be https"},
        {{.tenant_id = "t", .client_id = "c", .client_secret = SECRET, .authority_host = "https://u:canary@h"},
         "authority_host cannot be used: it has user information"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        said_clear();
        assert_null(otel_azure_client_secret_credential_new(&rows[i].options));
        said_expect(rows[i].words);
        assert_null(strstr(said_text, "canary"));
        assert_null(strchr(strchr(said_text, '\n') + 1, '\n')); /* one line */
    }
    said_clear();
    assert_null(otel_azure_workload_identity_credential_new(
        &(otel_azure_workload_identity_options){.tenant_id = "t", .client_id = "c"}));
    said_expect("the workload identity: AZURE_FEDERATED_TOKEN_FILE is not set");
    assert_null(otel_azure_callback_credential_new(NULL, NULL, 0));
    said_expect("no callback");
}

/* ---- workload identity ---- */

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
}

static void a_signed_token_is_read_each_time(void **state)
{
    fixture *f = *state;
    setenv("AZURE_TENANT_ID", "t", 1);
    setenv("AZURE_CLIENT_ID", "c", 1);
    setenv("AZURE_AUTHORITY_HOST", f->url, 1);
    setenv("AZURE_FEDERATED_TOKEN_FILE", f->file, 1);
    otel_azure_credential *c = otel_azure_workload_identity_credential_new(NULL);
    script(f, (http_answer){.body = GOOD});
    assert_int_equal(ask(c, 5000), OTEL_AZURE_TOKEN_RETRY); /* not there yet */
    assert_non_null(strstr(call.message, "No such file"));
    write_file(f->file, "jwt.one\n");
    assert_int_equal(ask(c, 5000), OTEL_AZURE_TOKEN_OK);
    assert_string_equal(http_server_at(f->server, 0)->path, "/t/oauth2/v2.0/token");
    assert_string_equal(http_server_at(f->server, 0)->body,
                        "grant_type=client_credentials&client_id=c"
                        "&scope=https%3A%2F%2Fmonitor.azure.com%2F%2F.default&client_assertion_type="
                        "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=jwt.one");
    write_file(f->file, "jwt.second-canary");
    script(f, (http_answer){.status = 400, .body = "{\"message\":\"bad jwt.second-canary\"}"});
    assert_int_equal(ask(c, 5000), OTEL_AZURE_TOKEN_REFUSED);
    assert_string_equal(call.message, "HTTP 400: bad *****************");
    assert_non_null(strstr(http_server_at(f->server, 1)->body, "client_assertion=jwt.second-canary"));
    destroy(c);
}

static void files_that_hold_no_token(void **state)
{
    fixture *f = *state;
    char *large = malloc(16 * 1024 + 1);
    memset(large, 'a', 16 * 1024);
    large[16 * 1024] = '\0';
    otel_azure_credential *c = otel_azure_workload_identity_credential_new(&(otel_azure_workload_identity_options){
        .tenant_id = "t", .client_id = "c", .token_file = f->file, .authority_host = f->url});
    const struct {
        const char *text, *words;
    } rows[] = {
        {"", "it is empty"}, {" \n", "it is empty"}, {"a b", "it holds no token"}, {large, "it is longer than 16 KiB"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_file(f->file, rows[i].text);
        assert_int_equal(ask(c, 5000), OTEL_AZURE_TOKEN_RETRY);
        assert_non_null(strstr(call.message, rows[i].words));
    }
    unlink(f->file);
    assert_int_equal(mkfifo(f->file, 0600), 0); /* nobody writes: it must not wait */
    assert_int_equal(ask(c, 5000), OTEL_AZURE_TOKEN_RETRY);
    destroy(c);
    assert_int_equal(http_server_count(f->server), 0);
    free(large);
}

/* ---- managed identity ---- */

static void a_machine_asks_its_metadata_service(void **state)
{
    fixture *f = *state;
    char closed[64];
    snprintf(closed, sizeof closed, "http://127.0.0.1:%u", peer_closed());
    setenv("http_proxy", closed, 1); /* never through a proxy */
    setenv("all_proxy", closed, 1);
    setenv("AZURE_CLIENT_ID", "from-the-environment", 1);
    otel_azure_credential *c = otel_azure_managed_identity_credential_new(
        &(otel_azure_managed_identity_options){.endpoint = f->url, .client_id = ""});
    script(f,
           (http_answer){.body = "{\"access_token\":\"t0ken\",\"expires_in\":\"3599\",\"expires_on\":\"4102444800\"}"});
    assert_int_equal(ask(c, 5000), OTEL_AZURE_TOKEN_OK);
    assert_int_equal(call.expires_unix_s, 4102444800);
    assert_string_equal(http_server_at(f->server, 0)->method, "GET");
    assert_string_equal(http_server_at(f->server, 0)->path, "/metadata/identity/oauth2/token");
    assert_string_equal(header(f, 0, "Metadata"), "true");
    assert_non_null(strstr(http_server_at(f->server, 0)->headers, "Metadata: true"));
    destroy(c);
    c = otel_azure_managed_identity_credential_new(&(otel_azure_managed_identity_options){.endpoint = f->url});
    assert_int_equal(ask(c, 5000), OTEL_AZURE_TOKEN_OK);
    destroy(c);
}

static void metadata_services_have_statuses_of_their_own(void **state)
{
    fixture *f = *state;
    static const struct {
        unsigned status;
        otel_azure_token_status is;
        uint32_t retry_after_ms;
    } rows[] = {{400, OTEL_AZURE_TOKEN_REFUSED, 0}, {403, OTEL_AZURE_TOKEN_REFUSED, 0},
                {404, OTEL_AZURE_TOKEN_RETRY, 0},   {410, OTEL_AZURE_TOKEN_RETRY, 70000},
                {429, OTEL_AZURE_TOKEN_RETRY, 0},   {500, OTEL_AZURE_TOKEN_RETRY, 0}};
    otel_azure_credential *c =
        otel_azure_managed_identity_credential_new(&(otel_azure_managed_identity_options){.endpoint = f->url});
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        script(f,
               (http_answer){.status = rows[i].status,
                             .body = "{\"error\":\"invalid_request\",\"error_description\":\"Identity not found\"}"});
        assert_int_equal(ask(c, 5000), rows[i].is);
        assert_non_null(strstr(call.message, "Identity not found"));
        assert_int_equal(call.retry_after_ms, rows[i].retry_after_ms);
    }
    destroy(c);
}

static void an_app_service_asks_with_its_header(void **state)
{
    fixture *f = *state;
    char url[80];
    snprintf(url, sizeof url, "%s/msi/token", f->url);
    setenv("IDENTITY_ENDPOINT", url, 1);
    setenv("IDENTITY_HEADER", "canary-header", 1);
    setenv("MSI_ENDPOINT", "http://127.0.0.1:1", 1);
    setenv("MSI_SECRET", "x", 1);
    otel_azure_credential *c =
        otel_azure_managed_identity_credential_new(&(otel_azure_managed_identity_options){.client_id = "me"});
    script(f, (http_answer){.body = "{\"access_token\":\"t0ken\",\"expires_on\":\"4102444800\",\"client_id\":\"me\"}"});
    assert_int_equal(ask(c, 5000), OTEL_AZURE_TOKEN_OK);
    assert_string_equal(http_server_at(f->server, 0)->path, "/msi/token");
    assert_string_equal(header(f, 0, "X-IDENTITY-HEADER"), "canary-header");
    assert_string_equal(header(f, 0, "Metadata"), "");
    script(f, (http_answer){.status = 401, .body = "{\"statusCode\":401,\"message\":\"not canary-header\"}"});
    assert_int_equal(ask(c, 5000), OTEL_AZURE_TOKEN_REFUSED);
    assert_string_equal(call.message, "HTTP 401: not *************");
    destroy(c);
    unsetenv("IDENTITY_ENDPOINT");
    unsetenv("IDENTITY_HEADER");
    setenv("MSI_ENDPOINT", url, 1);
    setenv("MSI_SECRET", "old-canary", 1);
    c = otel_azure_managed_identity_credential_new(NULL);
    script(f, (http_answer){.body = "{\"access_token\":\"t0ken\",\"expires_on\":\"01/01/2100 00:00:00 +00:00\"}"});
    assert_int_equal(ask(c, 5000), OTEL_AZURE_TOKEN_OK);
    assert_int_equal(call.expires_unix_s, 4102444800);
    assert_string_equal(header(f, 2, "secret"), "old-canary");
    destroy(c);
}

static void hosts_that_are_not_supported(void **state)
{
    (void)state;
    setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:1", 1);
    assert_null(otel_azure_managed_identity_credential_new(NULL));
    said_expect("Azure Arc is not supported");
    setenv("IDENTITY_HEADER", "canary", 1);
    setenv("IDENTITY_SERVER_THUMBPRINT", "x", 1);
    assert_null(otel_azure_managed_identity_credential_new(NULL));
    said_expect("Service Fabric is not supported");
    unsetenv("IDENTITY_SERVER_THUMBPRINT");
    setenv("IDENTITY_ENDPOINT", "http://8.8.8.8", 1);
    assert_null(otel_azure_managed_identity_credential_new(NULL));
    said_expect("IDENTITY_ENDPOINT cannot be used: it must be https");
    unsetenv("IDENTITY_ENDPOINT");
    unsetenv("IDENTITY_HEADER");
    setenv("MSI_ENDPOINT", "http://127.0.0.1:1", 1);
    assert_null(otel_azure_managed_identity_credential_new(NULL));
    said_expect("Cloud Shell is not supported");
    assert_null(strstr(said_text, "canary"));
}

/* ---- callback ---- */

static otel_azure_token_status give(void *user, otel_azure_token_call *asked)
{
    snprintf(asked->token, asked->token_size, "%s", (const char *)user);
    return OTEL_AZURE_TOKEN_OK;
}

static void a_function_of_the_program(void **state)
{
    char mine[] = "t0ken";
    (void)state;
    otel_azure_credential *c = otel_azure_callback_credential_new(give, mine, 0);
    assert_int_equal(ask(c, 5000), OTEL_AZURE_TOKEN_OK);
    assert_string_equal(token, "t0ken");
    assert_int_equal(c->ops->flags, 0);
    destroy(c);
    c = otel_azure_callback_credential_new(give, mine, OTEL_AZURE_CREDENTIAL_BLOCKS);
    assert_int_equal(c->ops->flags, OTEL_AZURE_CREDENTIAL_BLOCKS);
    destroy(c);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_secret_is_posted),
        TEST(what_statuses_mean),
        TEST(nobody_answers),
        TEST(the_secret_is_hidden),
        TEST(what_is_missing_or_wrong_is_said),
        TEST(a_signed_token_is_read_each_time),
        TEST(files_that_hold_no_token),
        TEST(a_machine_asks_its_metadata_service),
        TEST(metadata_services_have_statuses_of_their_own),
        TEST(an_app_service_asks_with_its_header),
        TEST(hosts_that_are_not_supported),
        TEST(a_function_of_the_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
