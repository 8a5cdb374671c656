/* Tests of managed identities against metadata services of our own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "azure_credential_fixture.h"
#include "azure_monitor/src/credentials/arc_key.h"
#include "peers.h"
#include <sys/stat.h>

#define KEYS "arc-tokens"   /* in the directory of the build, which no other has */
#define OTHERS "arc-others" /* as long a name */
const char *const otel__azure_arc_directory = KEYS;

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
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_OK);
    assert_int_equal(call.expires_unix_s, 4102444800);
    assert_string_equal(http_server_at(f->server, 0)->method, "GET");
    assert_string_equal(http_server_at(f->server, 0)->path, "/metadata/identity/oauth2/token");
    assert_string_equal(header(f, 0, "Metadata"), "true");
    assert_non_null(strstr(http_server_at(f->server, 0)->headers, "Metadata: true"));
    destroy(c);
    c = otel_azure_managed_identity_credential_new(&(otel_azure_managed_identity_options){.endpoint = f->url});
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_OK);
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
        assert_int_equal(ask(c, 60000), rows[i].is);
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
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_OK);
    assert_string_equal(http_server_at(f->server, 0)->path, "/msi/token");
    assert_string_equal(header(f, 0, "X-IDENTITY-HEADER"), "canary-header");
    assert_string_equal(header(f, 0, "Metadata"), "");
    script(f, (http_answer){.status = 401, .body = "{\"statusCode\":401,\"message\":\"not canary-header\"}"});
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_REFUSED);
    assert_string_equal(call.message, "HTTP 401: not *************");
    destroy(c);
    unsetenv("IDENTITY_ENDPOINT");
    unsetenv("IDENTITY_HEADER");
    setenv("MSI_ENDPOINT", url, 1);
    setenv("MSI_SECRET", "old-canary", 1);
    c = otel_azure_managed_identity_credential_new(NULL);
    script(f, (http_answer){.body = "{\"access_token\":\"t0ken\",\"expires_on\":\"01/01/2100 00:00:00 +00:00\"}"});
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_OK);
    assert_int_equal(call.expires_unix_s, 4102444800);
    assert_string_equal(header(f, 2, "secret"), "old-canary");
    destroy(c);
}

static void hosts_that_are_not_supported(void **state)
{
    (void)state;
    setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:1", 1);
    assert_null(otel_azure_managed_identity_credential_new(NULL));
    said_expect("IDENTITY_ENDPOINT alone is not supported");
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

/* ---- Azure Arc ---- */

static void write_key(const char *path, const char *text, size_t size)
{
    mkdir(KEYS, 0700);
    mkdir(OTHERS, 0700);
    FILE *file = fopen(path, "w");
    fwrite(text, 1, size, file);
    fclose(file);
}

static otel_azure_credential *of_arc(fixture *f)
{
    char url[128];
    snprintf(url, sizeof url, "%s/metadata/identity/oauth2/token", f->url);
    setenv("IDENTITY_ENDPOINT", url, 1);
    setenv("IMDS_ENDPOINT", "http://127.0.0.1:1", 1);
    return otel_azure_managed_identity_credential_new(&(otel_azure_managed_identity_options){.client_id = ""});
}

static void challenge(fixture *f, const char *realm)
{
    const http_answer both[] = {{.status = 401, .headers = {"WWW-Authenticate", realm}}, {.body = GOOD}};
    http_server_script(f->server, both, 2);
}

static void arc_wants_a_file_to_be_read(void **state)
{
    fixture *f = *state;
    otel_azure_credential *c = of_arc(f);
    write_key(KEYS "/a-1.key", "canary-key\n", 11);
    challenge(f, "Basic realm=" KEYS "/a-1.key");
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_OK);
    assert_string_equal(token, "t0ken");
    assert_string_equal(header(f, 0, "Metadata"), "true");
    assert_string_equal(header(f, 0, "Authorization"), "");
    assert_string_equal(header(f, 1, "Metadata"), "true");
    assert_string_equal(header(f, 1, "Authorization"), "Basic canary-key");
    write_key(KEYS "/a-1.key", "canary-second", 13); /* each time another */
    challenge(f, "basic REALM=\"" KEYS "/a-1.key\"");
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_OK);
    assert_string_equal(header(f, 2, "Authorization"), "");
    assert_string_equal(header(f, 3, "Authorization"), "Basic canary-second");
    const http_answer never = {.status = 401,
                               .headers = {"WWW-Authenticate", "Basic realm=" KEYS "/a-1.key"},
                               .body = "{\"message\":\"not canary-second\"}"};
    http_server_script(f->server, &never, 1);
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_REFUSED);
    assert_string_equal(call.message, "HTTP 401: not *************");
    assert_int_equal(http_server_count(f->server), 6);
    unlink(KEYS "/a-1.key");
    destroy(c);
}

/* Whoever answers there does not choose what we read and send. */
static void no_other_file_is_opened(void **state)
{
    fixture *f = *state;
    otel_azure_credential *c = of_arc(f);
    static char large[4097];
    memset(large, 'a', sizeof large);
    static const char *const made[] = {KEYS "/no-key.txt", KEYS "/.key", KEYS "more.key", OTHERS "/a.key"};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) write_key(made[i], "canary", 6);
    write_key(KEYS "/large.key", large, sizeof large);
    write_key(KEYS "/empty.key", "", 0);
    assert_int_equal(symlink("no-key.txt", KEYS "/link.key"), 0);
    static const char not_understood[] = "Azure Arc's challenge is not understood";
    static const char foreign[] = "Azure Arc's challenge names a file that is none of its own";
    static const struct {
        const char *realm, *words;
    } rows[] = {
        {"Basic", not_understood},
        {"Bearer realm=" KEYS "/large.key", not_understood},
        {"Basic realm=", not_understood},
        {"Basic realm=/etc/passwd", foreign},
        {"Basic realm=" KEYS "/no-key.txt", foreign},
        {"Basic realm=" KEYS "/.key", foreign},
        {"Basic realm=" OTHERS "/a.key", foreign},
        {"Basic realm=" KEYS "/../" OTHERS "/a.key", foreign},
        {"Basic realm=" KEYS "more.key", foreign},
        {"Basic realm=" KEYS "/link.key", "Too many levels of symbolic links"},
        {"Basic realm=" KEYS "/large.key", "it is too long"},
        {"Basic realm=" KEYS "/empty.key", "it is empty"},
        {"Basic realm=" KEYS "/none.key", "No such file or directory"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t before = http_server_count(f->server);
        challenge(f, rows[i].realm);
        assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_REFUSED);
        assert_string_equal(call.message, rows[i].words);
        assert_int_equal(http_server_count(f->server), before + 1);
    }
    script(f, (http_answer){.status = 401});
    assert_int_equal(ask(c, 60000), OTEL_AZURE_TOKEN_REFUSED);
    destroy(c);
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) unlink(made[i]);
    unlink(KEYS "/large.key");
    unlink(KEYS "/empty.key");
    unlink(KEYS "/link.key");
    rmdir(KEYS);
    rmdir(OTHERS);
}

static void arc_has_one_identity(void **state)
{
    fixture *f = *state;
    otel_azure_credential *c = of_arc(f);
    assert_non_null(c);
    destroy(c);
    assert_null(otel_azure_managed_identity_credential_new(&(otel_azure_managed_identity_options){.client_id = "me"}));
    said_expect("a user-assigned identity is not known to Azure Arc");
    setenv("IDENTITY_ENDPOINT", "http://10.0.0.1", 1); /* it is on the machine itself */
    assert_null(otel_azure_managed_identity_credential_new(NULL));
    said_expect("IDENTITY_ENDPOINT cannot be used: it must be https");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_machine_asks_its_metadata_service),
        TEST(metadata_services_have_statuses_of_their_own),
        TEST(an_app_service_asks_with_its_header),
        TEST(hosts_that_are_not_supported),
        TEST(arc_wants_a_file_to_be_read),
        TEST(no_other_file_is_opened),
        TEST(arc_has_one_identity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
