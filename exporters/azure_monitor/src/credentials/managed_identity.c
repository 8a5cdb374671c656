/* The identity of the machine, app or container that the program runs on. Whom
 * to ask is in the environment: each kind of host has its own service, its own
 * spelling of the question and its own proof that it comes from within. */
#include <otel/sdk/allocator.h>

#include "arc_key.h"
#include "credential_setting.h"
#include "http_credential.h"
#include "../variables.h"

#include <stdio.h>
#include <string.h>

#define METADATA_HOST "http://169.254.169.254"
#define METADATA_PATH "/metadata/identity/oauth2/token"
#define SCOPE_END "/.default"
#define NAME "the managed identity"
enum { CONNECT_MS = 2000, PROOF_BYTES = 4200 }; /* away from Azure nobody answers there at all */

/* How a host is asked. */
typedef struct dialect {
    const char *version;
    const char *header;    /* that proves where the question comes from */
    const char *client_id; /* as the query calls it */
} dialect;

static const dialect app_service = {"2019-08-01", "X-IDENTITY-HEADER", "client_id"};
static const dialect old_app_service = {"2017-09-01", "secret", "clientid"};
static const dialect arc = {"2020-06-01", "Metadata", NULL};
static const dialect virtual_machine = {"2018-02-01", "Metadata", "client_id"};

typedef struct managed_identity {
    otel__azure_http_credential http; /* its secret is the header's value, or Azure Arc's proof */
    const dialect *dialect;
    char *endpoint;
    char *client_id; /* NULL: the system-assigned identity */
} managed_identity;

static managed_identity *of(otel__azure_http_credential *base)
{
    return (managed_identity *)base;
}

/* Version 1 of the protocol, which they speak, knows resources: the scope
 * without its end. */
static char *resource_of(const char *scope)
{
    size_t size = strlen(scope), end = strlen(SCOPE_END);
    if (size > end && strcmp(scope + size - end, SCOPE_END) == 0) size -= end;
    char *resource = otel_allocate(size + 1);
    if (resource) memcpy(resource, scope, size);
    return resource;
}

static otel_azure_token_status prepare(otel__azure_http_credential *base, otel_azure_token_call *call)
{
    managed_identity *self = of(base);
    otel__azure_buffer *url = &base->url;
    char *resource = resource_of(call->scope);
    bool good =
        resource && otel__azure_buffer_append(url, self->endpoint, strlen(self->endpoint)) &&
        otel__azure_buffer_append(url, "?", 1) && otel__azure_form_add(url, "api-version", self->dialect->version) &&
        otel__azure_form_add(url, "resource", resource) &&
        otel__azure_form_add(url, self->dialect->client_id, self->client_id) && otel__azure_buffer_append(url, "", 1);
    otel_release(resource);
    bool says_true = self->dialect == &virtual_machine || self->dialect == &arc;
    base->header = (otel_http_header){self->dialect->header, says_true ? "true" : base->secret};
    if (good) return OTEL_AZURE_TOKEN_OK;
    snprintf(call->message, sizeof call->message, "out of memory");
    return OTEL_AZURE_TOKEN_RETRY;
}

static otel_azure_token_status challenged(otel__azure_http_credential *base, otel_azure_token_call *call,
                                          otel_str challenge)
{
    const char *fault = otel__azure_arc_answer(challenge, base->secret, PROOF_BYTES);
    if (fault) return otel__azure_http_refuse(call, fault);
    base->proof = (otel_http_header){"Authorization", base->secret};
    return OTEL_AZURE_TOKEN_OK;
}

static void release(otel__azure_http_credential *base)
{
    otel_release(of(base)->endpoint);
    otel_release(of(base)->client_id);
}

static const otel__azure_http_kind plain_kind = {
    .ops = OTEL__AZURE_HTTP_OPS(NAME), .prepare = prepare, .release = release, .metadata = true};
static const otel__azure_http_kind arc_kind = {.ops = OTEL__AZURE_HTTP_OPS(NAME),
                                               .prepare = prepare,
                                               .challenged = challenged,
                                               .release = release,
                                               .metadata = true};

/* ---- whom to ask ---- */

static otel__azure_setting variable(const otel_variable *v)
{
    return otel__azure_setting_of(NULL, NULL, v);
}

static bool set(const otel_variable *v)
{
    return variable(v).text != NULL;
}

/* Hosts that would have to be asked in ways that are not built. */
static const char *unsupported(void)
{
    const otel__azure_variables *e = &otel__azure_env;
    if (set(&e->IDENTITY_SERVER_THUMBPRINT)) return "Service Fabric";
    if (set(&e->IDENTITY_ENDPOINT) && !set(&e->IDENTITY_HEADER) && !set(&e->IMDS_ENDPOINT))
        return "IDENTITY_ENDPOINT alone";
    if (set(&e->MSI_ENDPOINT) && !set(&e->MSI_SECRET) && !set(&e->IDENTITY_ENDPOINT)) return "Cloud Shell";
    return NULL;
}

static bool ask_service(managed_identity *self, const dialect *d, const otel_variable *endpoint,
                        const otel_variable *secret)
{
    self->dialect = d;
    self->endpoint = otel__azure_setting_url(variable(endpoint), NAME, OTEL__AZURE_NEARBY);
    if (self->endpoint) self->http.secret = otel__azure_setting_copy(variable(secret), NAME);
    return self->http.secret != NULL;
}

/* It has one identity. Nothing is sent to IMDS_ENDPOINT: that it is set tells
 * Azure Arc. */
static bool ask_arc(managed_identity *self)
{
    self->dialect = &arc;
    self->http.kind = &arc_kind;
    self->http.base.ops = &arc_kind.ops;
    if (self->client_id) {
        otel__azure_setting_fault(NAME, "a user-assigned identity", "is not known to Azure Arc");
        return false;
    }
    self->endpoint = otel__azure_setting_url(variable(&otel__azure_env.IDENTITY_ENDPOINT), NAME, OTEL__AZURE_LOOPBACK);
    self->http.secret = otel_allocate(PROOF_BYTES);
    return self->endpoint && self->http.secret;
}

static bool ask_machine(managed_identity *self, const char *option)
{
    otel__azure_setting setting =
        otel__azure_setting_of(option, "endpoint", &otel__azure_env.AZURE_POD_IDENTITY_AUTHORITY_HOST);
    if (!setting.text) setting.text = METADATA_HOST;
    char *host = otel__azure_setting_url(setting, NAME, OTEL__AZURE_NEARBY);
    self->dialect = &virtual_machine;
    self->endpoint = host ? otel__azure_endpoint_join(host, METADATA_PATH) : NULL;
    otel_release(host);
    return self->endpoint != NULL;
}

static bool choose(managed_identity *self, const char *endpoint)
{
    const otel__azure_variables *e = &otel__azure_env;
    const char *host = unsupported();
    if (host) {
        otel__azure_setting_fault(NAME, host, "is not supported");
        return false;
    }
    if (set(&e->IDENTITY_ENDPOINT) && !set(&e->IDENTITY_HEADER)) return ask_arc(self);
    if (set(&e->IDENTITY_ENDPOINT)) return ask_service(self, &app_service, &e->IDENTITY_ENDPOINT, &e->IDENTITY_HEADER);
    if (set(&e->MSI_ENDPOINT)) return ask_service(self, &old_app_service, &e->MSI_ENDPOINT, &e->MSI_SECRET);
    return ask_machine(self, endpoint);
}

static bool read_client_id(managed_identity *self, const char *option)
{
    otel__azure_setting setting = {option, "client_id"};
    if (!option) setting = variable(&otel__azure_env.AZURE_CLIENT_ID);
    if (!setting.text || !*setting.text) return true;
    self->client_id = otel__azure_setting_copy(setting, NAME);
    return self->client_id != NULL;
}

otel_azure_credential *
otel_azure_managed_identity_credential_new_sized(const otel_azure_managed_identity_options *given, size_t size)
{
    otel_azure_managed_identity_options o = {0};
    if (given) memcpy(&o, given, size < sizeof o ? size : sizeof o);
    const otel_http_options http = {.proxy = "", .connect_timeout_ms = CONNECT_MS};
    managed_identity *self = otel__azure_http_credential_new(sizeof *self, &plain_kind, &http);
    if (!self) return NULL;
    if (read_client_id(self, o.client_id) && choose(self, o.endpoint)) return &self->http.base;
    otel__azure_http_destroy(&self->http.base);
    return NULL;
}
