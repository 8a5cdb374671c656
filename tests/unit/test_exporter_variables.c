/* Every variable that the console, the OTLP and the Azure Monitor exporter and HTTP below them read has an effect: a
 * row each, none may be missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "azure_monitor/src/credentials/credential_choice.h"
#include "azure_monitor/src/credentials/http_credential.h"
#include "azure_monitor/src/settings/settings.h"
#include "common/environment.h"
#include "console_fixture.h"
#include "proxy.h"
#include "settings.h"
#include "variables_fixture.h"
#include <otel/log.h>
#include <otel/otel.h>

/* The console. -------------------------------------------------------------------------------------------------- */

static otel_logger logger = OTEL_LOGGER_INIT("test.variables", NULL);

static const char *console_line(void)
{
    otel_start(&(otel_options){.logs_exporter = "console", .environment = variables_environment});
    OTEL_LOG_INFO(&logger, "hello");
    return console_output();
}

static void see_stream(void)
{
    console_redirect_to_pipe(STDOUT_FILENO);
    seen("%s", strstr(console_line(), "hello") ? "standard output" : "elsewhere");
}

static void see_format(void)
{
    console_redirect_to_pipe(STDOUT_FILENO);
    seen("%s", console_line()[0] == '{' ? "JSON" : "text");
}

static void see_colour(void)
{
    console_redirect_to_terminal(STDOUT_FILENO);
    seen("%s", strchr(console_line(), '\x1b') ? "colours" : "none");
}

/* What otel_start reads itself. --------------------------------------------------------------------------------- */

static void see_baggage(void)
{
    char room[64];
    otel_baggage baggage;
    otel_context_token token;
    otel_baggage_init(&baggage, room, sizeof room);
    otel_baggage_set(&baggage, "run.id", "seven");
    otel_context_attach(&(otel_context){.baggage = &baggage}, &token);
    console_redirect_to_pipe(STDOUT_FILENO);
    seen("%s", strstr(console_line(), "run.id=seven") ? "attribute" : "none");
}

/* OTLP. --------------------------------------------------------------------------------------------------------- */

static unsigned complaints;
static void count_complaints(otel_severity severity, const char *text, void *user)
{
    (void)user;
    if (severity >= OTEL_SEVERITY_WARN) complaints++;
    fprintf(stderr, "%s\n", text);
}

static const otel__otlp_settings *settings(void)
{
    static otel__otlp_settings s;
    otel__env_reading reading;
    otel_diag_set_handler(count_complaints, NULL);
    otel__env_begin(&reading, variables_environment == OTEL_ENV_IGNORED);
    assert_true(otel__otlp_settings_read(&s, &(otel_otlp_options){0}));
    otel__env_end(&reading);
    return &s;
}

static void see_url(void)
{
    seen("%s", settings()->url);
}

static void see_headers(void)
{
    const otel__otlp_settings *s = settings();
    seen("%zu %s", s->headers.count, s->headers.count ? s->headers.list[0].value : "");
}

static void see_compression(void)
{
    seen("%s", settings()->gzip ? "gzip" : "none");
}

static void see_level(void)
{
    seen("level %u", settings()->gzip_level);
}

static void see_timeout(void)
{
    seen("%u", settings()->timeout_ms);
}

static void see_protocol(void)
{
    settings();
    seen("%s", complaints ? "another was wished for" : "http/protobuf");
}

static const char *or_none(const char *text)
{
    return text ? text : "none";
}

static void see_certificate(void)
{
    seen("%s", or_none(settings()->certificate));
}

static void see_client_certificate(void)
{
    seen("%s", or_none(settings()->client_certificate));
}

static void see_client_key(void)
{
    seen("%s", or_none(settings()->client_key));
}

static void see_proxy(void)
{
    otel__proxy proxy;
    otel__env_reading reading;
    otel_diag_set_handler(count_complaints, NULL);
    otel__env_begin(&reading, variables_environment == OTEL_ENV_IGNORED);
    assert_true(otel__proxy_open(&proxy, NULL, NULL, "test"));
    otel__env_end(&reading);
    seen("%s, %s, not %s", or_none(otel__proxy_for(&proxy, "http://x")), or_none(otel__proxy_for(&proxy, "https://x")),
         or_none(proxy.not_for));
    otel__proxy_close(&proxy);
}

/* Azure Monitor. ------------------------------------------------------------------------------------------------- */

#define KEY "931024c2-3720-11ea-b247-c49deda841c1"
#define AZURE_STRING "InstrumentationKey=" KEY ";IngestionEndpoint=https://h"

/* NULL: refused. */
static const otel__azure_settings *azure_settings(const char *connection_string)
{
    static otel__azure_settings s;
    otel__env_reading reading;
    otel_diag_set_handler(count_complaints, NULL);
    otel__env_begin(&reading, variables_environment == OTEL_ENV_IGNORED);
    bool good = otel__azure_settings_read(&s, &(otel_azure_monitor_options){.connection_string = connection_string});
    otel__env_end(&reading);
    return good ? &s : NULL;
}

static void see_azure_url(void)
{
    const otel__azure_settings *s = azure_settings(NULL);
    seen("%s", s ? s->connection.track_url : "refused");
}

static void see_azure_properties(void)
{
    seen("%s", azure_settings(AZURE_STRING)->mapping.lean ? "lean" : "full");
}

static void see_azure_compression(void)
{
    seen("%s", azure_settings(AZURE_STRING)->gzip ? "gzip" : "none");
}

static void see_azure_timeout(void)
{
    seen("%u", azure_settings(AZURE_STRING)->timeout_ms);
}

static void see_azure_flatten(void)
{
    seen("%s", azure_settings(AZURE_STRING)->mapping.flatten ? "flat" : "nested");
}

static void see_azure_sequence(void)
{
    seen("%s", azure_settings(AZURE_STRING)->sequence ? "numbered" : "not");
}

/* Credentials of Azure Monitor: what they would ask, without asking. ----------------------------------------------- */

static otel__env_reading azure_reading;

static void begin_azure(void)
{
    otel_diag_set_handler(count_complaints, NULL);
    otel__env_begin(&azure_reading, variables_environment == OTEL_ENV_IGNORED);
}

/* NULL: it was refused. */
static const otel__azure_http_credential *prepared(otel_azure_credential *made)
{
    otel_azure_token_call call = {.scope = "https://a/.default"};
    otel__azure_http_credential *self = (otel__azure_http_credential *)made;
    otel__env_end(&azure_reading);
    if (self) self->kind->prepare(self, &call);
    return self;
}

static void see_azure_choice(void)
{
    otel_azure_credential *made;
    begin_azure();
    bool good = otel__azure_credential_choose(&(otel_azure_monitor_options){0}, &made);
    seen("%s", !good ? "refused" : made ? made->ops->name : "none");
}

static const otel__azure_http_credential *with_secret(otel_azure_client_secret_options options)
{
    begin_azure();
    return prepared(otel_azure_client_secret_credential_new(&options));
}

static void see_azure_tenant(void)
{
    const otel__azure_http_credential *c = with_secret(
        (otel_azure_client_secret_options){.client_id = "c", .client_secret = "s", .authority_host = "https://h"});
    seen("%s", c ? c->url.data : "refused");
}

static void see_azure_authority(void)
{
    const otel__azure_http_credential *c =
        with_secret((otel_azure_client_secret_options){.tenant_id = "t", .client_id = "c", .client_secret = "s"});
    seen("%s", c ? c->url.data : "refused");
}

static void see_azure_secret(void)
{
    const otel__azure_http_credential *c =
        with_secret((otel_azure_client_secret_options){.tenant_id = "t", .client_id = "c"});
    static const char sent[] = "client_secret=s3";
    bool is_sent = c && memmem(c->form.data, c->form.size, sent, sizeof sent - 1);
    seen("%s", !c ? "refused" : is_sent ? "sent" : "another");
}

static void see_azure_token_file(void)
{
    begin_azure();
    const otel__azure_http_credential *c = prepared(otel_azure_workload_identity_credential_new(
        &(otel_azure_workload_identity_options){.tenant_id = "t", .client_id = "c"}));
    seen("%s", c ? "made" : "refused");
}

static const otel__azure_http_credential *managed(void)
{
    begin_azure();
    return prepared(otel_azure_managed_identity_credential_new(NULL));
}

static void see_azure_machine(void)
{
    const otel__azure_http_credential *c = managed();
    seen("%s", c ? c->url.data : "refused");
}

static void see_azure_endpoint(void)
{
    setenv("IDENTITY_HEADER", "h", 1);
    see_azure_machine();
}

static void see_azure_header(void)
{
    setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:1/msi", 1);
    const otel__azure_http_credential *c = managed();
    seen("%s", c && strcmp(c->header.name, "X-IDENTITY-HEADER") == 0 ? c->header.value : "not asked");
}

static void see_azure_arc(void)
{
    setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:9/msi", 1);
    const otel__azure_http_credential *c = managed();
    seen("%s", c && strstr(c->url.data, "2020-06-01") ? "asked" : "not asked");
}

static void see_azure_old_endpoint(void)
{
    setenv("MSI_SECRET", "h", 1);
    see_azure_machine();
}

static void see_azure_old_secret(void)
{
    setenv("MSI_ENDPOINT", "http://127.0.0.1:1/msi", 1);
    const otel__azure_http_credential *c = managed();
    seen("%s", c && strcmp(c->header.name, "secret") == 0 ? c->header.value : "not asked");
}

#define IMDS(host) host "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fa"
#define OTLP(x) "OTEL_EXPORTER_OTLP_" x
#define LOGS(x) "OTEL_EXPORTER_OTLP_LOGS_" x
#define SAME(of, ...)                                                                                                  \
    {OTLP(of), __VA_ARGS__},                                                                                           \
    {                                                                                                                  \
        LOGS(of), __VA_ARGS__                                                                                          \
    }

static const variables_row rows[] = {
    {"OTEL_C_CONSOLE_STREAM", "STDERR", "standard output", "elsewhere", "printer", NULL, NULL, see_stream},
    {"OTEL_C_CONSOLE_FORMAT", "Json", "text", "JSON", "xml", NULL, NULL, see_format},
    {"OTEL_C_BAGGAGE_ATTRIBUTES", "x, run.*", "none", "attribute", "a*b", NULL, NULL, see_baggage},
    {"NO_COLOR", "1", "colours", "none", NULL, NULL, NULL, see_colour},
    {OTLP("ENDPOINT"), "http://h:1/p", "http://localhost:4318/v1/logs", "http://h:1/p/v1/logs", "h:1", NULL, NULL,
     see_url},
    {LOGS("ENDPOINT"), "http://h:1/p", "http://localhost:4318/v1/logs", "http://h:1/p", "ftp://h", NULL, NULL, see_url},
    SAME("HEADERS", "a=b%20c", "0 ", "1 b c", "a", NULL, NULL, see_headers),
    SAME("COMPRESSION", "GZip", "none", "gzip", "zip", NULL, NULL, see_compression),
    {"OTEL_C_OTLP_COMPRESSION_LEVEL", "9", "level 1", "level 9", "0", NULL, NULL, see_level},
    SAME("TIMEOUT", "77", "10000", "77", "-1", NULL, NULL, see_timeout),
    SAME("CERTIFICATE", "/ca.pem", "none", "/ca.pem", NULL, NULL, NULL, see_certificate),
    SAME("CLIENT_CERTIFICATE", "/me.pem", "none", "/me.pem", NULL, NULL, NULL, see_client_certificate),
    SAME("CLIENT_KEY", "/me.key", "none", "/me.key", NULL, NULL, NULL, see_client_key),
    {"http_proxy", "p:1", "none, none, not none", "p:1, none, not none", "ftp://p", NULL, NULL, see_proxy},
    {"https_proxy", "p:1", "none, none, not none", "none, p:1, not none", "ftp://p", NULL, NULL, see_proxy},
    {"HTTPS_PROXY", "p:1", "none, none, not none", "none, p:1, not none", "ftp://p", NULL, NULL, see_proxy},
    {"all_proxy", "p:1", "none, none, not none", "p:1, p:1, not none", "ftp://p", NULL, NULL, see_proxy},
    {"ALL_PROXY", "p:1", "none, none, not none", "p:1, p:1, not none", "ftp://p", NULL, NULL, see_proxy},
    {"no_proxy", "x,y", "none, none, not none", "none, none, not x,y", NULL, NULL, NULL, see_proxy},
    {"NO_PROXY", "x,y", "none, none, not none", "none, none, not x,y", NULL, NULL, NULL, see_proxy},
    /* Without one nothing is sent, which is said too. */
    {"APPLICATIONINSIGHTS_CONNECTION_STRING", AZURE_STRING, "refused", "https://h/v2.1/track",
     "InstrumentationKey=k;IngestionEndpoint=h", "IngestionEndpoint: it", NULL, see_azure_url},
    {"APPINSIGHTS_INSTRUMENTATIONKEY", KEY, "refused", "https://dc.services.visualstudio.com/v2.1/track", "a b",
     "APPINSIGHTS_INSTRUMENTATIONKEY cannot be used", NULL, see_azure_url},
    {"OTEL_C_AZURE_PROPERTIES", "Lean", "full", "lean", "fat", NULL, NULL, see_azure_properties},
    {"OTEL_C_AZURE_COMPRESSION", "None", "gzip", "none", "zip", NULL, NULL, see_azure_compression},
    {"OTEL_C_AZURE_TIMEOUT", "77", "10000", "77", "-1", NULL, NULL, see_azure_timeout},
    {"OTEL_C_AZURE_FLATTEN", "true", "nested", "flat", "yes", NULL, NULL, see_azure_flatten},
    {"OTEL_C_AZURE_SEQUENCE", "true", "not", "numbered", "1", NULL, NULL, see_azure_sequence},
    {"OTEL_C_AZURE_CREDENTIAL", "Managed_Identity", "none", "the managed identity", "x", NULL, NULL, see_azure_choice},
    {"APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "Authorization=AAD;ClientId=" KEY, "none", "the managed identity",
     "Authorization=x", NULL, "refused", see_azure_choice},
    {"AZURE_TENANT_ID", "x.example", "refused", "https://h/x.example/oauth2/v2.0/token", "a/b", "tenants do not have",
     NULL, see_azure_tenant},
    {"AZURE_AUTHORITY_HOST", "login.microsoftonline.us", "https://login.microsoftonline.com/t/oauth2/v2.0/token",
     "https://login.microsoftonline.us/t/oauth2/v2.0/token", "http://h", NULL, "refused", see_azure_authority},
    {"AZURE_CLIENT_SECRET", "s3", "refused", "sent", "a b", "AZURE_CLIENT_SECRET has", NULL, see_azure_secret},
    {"AZURE_FEDERATED_TOKEN_FILE", "/nowhere/token", "refused", "made", "a b", "AZURE_FEDERATED_TOKEN_FILE has", NULL,
     see_azure_token_file},
    {"AZURE_CLIENT_ID", "c1", IMDS("http://169.254.169.254"), IMDS("http://169.254.169.254") "&client_id=c1", "a b",
     NULL, "refused", see_azure_machine},
    {"AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:9/", IMDS("http://169.254.169.254"),
     IMDS("http://127.0.0.1:9"), "http://8.8.8.8", NULL, "refused", see_azure_machine},
    {"IDENTITY_ENDPOINT", "http://127.0.0.1:9/msi", IMDS("http://169.254.169.254"),
     "http://127.0.0.1:9/msi?api-version=2019-08-01&resource=https%3A%2F%2Fa", "ftp://x", NULL, "refused",
     see_azure_endpoint},
    {"IDENTITY_HEADER", "proof", "not asked", "proof", "a b", "IDENTITY_HEADER has", NULL, see_azure_header},
    {"IMDS_ENDPOINT", "http://127.0.0.1:8", "not asked", "asked", NULL, NULL, NULL, see_azure_arc},
    {"IDENTITY_SERVER_THUMBPRINT", "x", IMDS("http://169.254.169.254"), "refused", NULL, NULL, NULL, see_azure_machine},
    {"MSI_ENDPOINT", "http://127.0.0.1:9/msi", IMDS("http://169.254.169.254"),
     "http://127.0.0.1:9/msi?api-version=2017-09-01&resource=https%3A%2F%2Fa", "ftp://x", NULL, "refused",
     see_azure_old_endpoint},
    {"MSI_SECRET", "proof", "not asked", "proof", "a b", "MSI_SECRET has", NULL, see_azure_old_secret},
    /* There is one protocol: any other is said, and that is its effect. */
    {OTLP("PROTOCOL"), "HTTP/Protobuf", "http/protobuf", "http/protobuf", "grpc", NULL, "another was wished for",
     see_protocol},
    {LOGS("PROTOCOL"), "HTTP/Protobuf", "http/protobuf", "http/protobuf", "grpc", NULL, "another was wished for",
     see_protocol},
};

static const char *const listed[] = {
#define OTEL_VARIABLE(name, kind, meaning) #name,
#include "azure_monitor/src/variables.def"
#include "builtin/src/variables.def"
#include "console/src/variables.def"
#include "http/src/variables.def"
#include "otlp/src/variables.def"
#undef OTEL_VARIABLE
};

int main(void)
{
    return variables_run(rows, sizeof rows / sizeof *rows, listed, sizeof listed / sizeof *listed);
}
