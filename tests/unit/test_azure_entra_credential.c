/* Tests of the credentials that ask Entra ID itself, and of callbacks, against an authority of our own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "azure_credential_fixture.h"
#include "certificates.h"
#include "peers.h"
#include <fcntl.h>
#include <sys/stat.h>

#define SECRET "s3cret~canary+/=&1"
#define CODED "s3cret~canary%2B%2F%3D%261"

static otel_azure_credential *client_secret(const char *authority)
{
    return otel_azure_client_secret_credential_new(&(otel_azure_client_secret_options){
        .tenant_id = "contoso.example", .client_id = "client-1", .client_secret = SECRET, .authority_host = authority});
}

/* ---- client secret ---- */

static void a_secret_is_posted(void **state)
{
    fixture *f = *state;
    otel_azure_credential *c = client_secret(f->url);
    script(f, (http_answer){.body = GOOD});
    assert_int_equal(http_server_count(f->server), 0); /* nobody has asked */
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_OK);
    assert_string_equal(token, "t0ken");
    assert_in_range(life(), 3000, 3599);
    const http_seen *seen = http_server_at(f->server, 0);
    assert_string_equal(seen->method, "POST");
    assert_string_equal(seen->path, "/contoso.example/oauth2/v2.0/token");
    assert_string_equal(seen->body, "grant_type=client_credentials&client_id=client-1"
                                    "&scope=https%3A%2F%2Fmonitor.azure.com%2F%2F.default&client_secret=" CODED);
    assert_string_equal(header(f, 0, "Content-Type"), "application/x-www-form-urlencoded");
    assert_string_equal(header(f, 0, "Accept"), "application/json");
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_OK);
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
        assert_int_equal(ask(c, 60000), rows[i].status);
        assert_string_equal(call.message, rows[i].words);
        assert_int_equal(call.retry_after_ms, rows[i].retry_after_ms);
    }
    script(f, (http_answer){.drop = true});
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_RETRY);
    assert_true(call.message[0]);
    script(f, (http_answer){.endless = true});
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_RETRY);
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
    assert_int_equal(begin(c, 60000), OTEL_AZURE_TOKEN_PENDING);
    c->ops->cancel(c);
    script(f, (http_answer){.body = GOOD});
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_OK);
    c->ops->after_fork(c);
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_OK);
    destroy(c);
    snprintf(url, sizeof url, "http://127.0.0.1:%u", peer_closed());
    c = client_secret(url);
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_RETRY);
    assert_non_null(strstr(call.message, "127.0.0.1"));
    destroy(c);
}

/* The authority's certificate is checked, against authorities of one's own when there are any. */
static void over_tls(void **state)
{
    (void)state;
    char url[64];
    char *certificate = certificates_text("server.pem"), *key = certificates_text("server.key");
    http_server *server = http_server_start(&(http_server_options){.certificate = certificate, .key = key});
    http_server_script(server, &(http_answer){.body = GOOD}, 1);
    snprintf(url, sizeof url, "https://localhost:%u", http_server_port(server));
    otel_azure_client_secret_options options = {
        .tenant_id = "t", .client_id = "c", .client_secret = SECRET, .authority_host = url};
    otel_azure_credential *c = otel_azure_client_secret_credential_new(&options);
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_RETRY);
    assert_int_equal(http_server_count(server), 0);
    destroy(c);
    options.certificate = certificates_path("ca.pem");
    c = otel_azure_client_secret_credential_new(&options);
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_OK);
    destroy(c);
    http_server_stop(server);
    free(certificate);
    free(key);
}

/* However the authority repeats it. */
static void the_secret_is_hidden(void **state)
{
    fixture *f = *state;
    otel_azure_credential *c = client_secret(f->url);
    script(f, (http_answer){.status = 401, .body = "{\"message\":\"you sent " SECRET " as client_secret=" CODED "\"}"});
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_REFUSED);
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
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_RETRY); /* not there yet */
    assert_non_null(strstr(call.message, "No such file"));
    write_file(f->file, "jwt.one\n");
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_OK);
    assert_string_equal(http_server_at(f->server, 0)->path, "/t/oauth2/v2.0/token");
    assert_string_equal(http_server_at(f->server, 0)->body,
                        "grant_type=client_credentials&client_id=c"
                        "&scope=https%3A%2F%2Fmonitor.azure.com%2F%2F.default&client_assertion_type="
                        "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=jwt.one");
    write_file(f->file, "jwt.second-canary");
    script(f, (http_answer){.status = 400, .body = "{\"message\":\"bad jwt.second-canary\"}"});
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_REFUSED);
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
    } rows[] = {{"", "it is empty"}, {" \n", "it is empty"}, {"a b", "it holds no token"}, {large, "it is too long"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_file(f->file, rows[i].text);
        assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_RETRY);
        assert_non_null(strstr(call.message, rows[i].words));
    }
    unlink(f->file);
    assert_int_equal(mkfifo(f->file, 0600), 0); /* nobody writes: it must not wait */
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_RETRY);
    destroy(c);
    assert_int_equal(http_server_count(f->server), 0);
    free(large);
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
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_OK);
    assert_string_equal(token, "t0ken");
    assert_int_equal(c->ops->flags, 0);
    destroy(c);
    c = otel_azure_callback_credential_new(give, mine, OTEL_AZURE_CREDENTIAL_BLOCKS);
    assert_int_equal(c->ops->flags, OTEL_AZURE_CREDENTIAL_BLOCKS);
    destroy(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_secret_is_posted),
        TEST(what_statuses_mean),
        TEST(nobody_answers),
        TEST(over_tls),
        TEST(the_secret_is_hidden),
        TEST(what_is_missing_or_wrong_is_said),
        TEST(a_signed_token_is_read_each_time),
        TEST(files_that_hold_no_token),
        TEST(a_function_of_the_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
