/* Credentials that ask Entra ID itself: with a secret of the application, or
 * with a token that somebody else signed. */
#include <otel/sdk/allocator.h>
#define OTEL_AZURE_CREDENTIAL_INLINE OTEL_API extern inline
#include <otel/exporters/azure_credential.h>

#include "credential_setting.h"
#include "http_credential.h"
#include "secret_file.h"
#include "../variables.h"

#include <otel/sdk/diag.h>
#include <stdio.h>
#include <string.h>

#define AUTHORITY "https://login.microsoftonline.com"
#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
enum { FILE_BYTES = 16 * 1024 };

typedef struct entra_credential {
    otel__azure_http_credential http;
    char *token_url;
    char *client_id;
    char *token_file; /* NULL: the secret is http.secret */
} entra_credential;

static entra_credential *of(otel__azure_http_credential *base)
{
    return (entra_credential *)base;
}

/* ---- questions ---- */

static otel_azure_token_status fill(entra_credential *self, otel_azure_token_call *call)
{
    const char *secret = self->http.secret;
    otel__azure_buffer *url = &self->http.url, *form = &self->http.form;
    bool good = otel__azure_buffer_append(url, self->token_url, strlen(self->token_url) + 1) &&
                otel__azure_form_add(form, "grant_type", "client_credentials") &&
                otel__azure_form_add(form, "client_id", self->client_id) &&
                otel__azure_form_add(form, "scope", call->scope) &&
                otel__azure_form_add(form, "client_assertion_type", self->token_file ? ASSERTION_TYPE : NULL) &&
                otel__azure_form_add(form, self->token_file ? "client_assertion" : "client_secret", secret);
    if (good) return OTEL_AZURE_TOKEN_OK;
    snprintf(call->message, sizeof call->message, "out of memory");
    return OTEL_AZURE_TOKEN_RETRY;
}

/* The file is renewed by others: what is wrong with it now may be right soon.
 */
static otel_azure_token_status read_assertion(entra_credential *self, otel_azure_token_call *call)
{
    const char *fault =
        otel__azure_secret_file_read(self->token_file, OTEL__AZURE_ANY_LINK, self->http.secret, FILE_BYTES);
    if (!fault) return OTEL_AZURE_TOKEN_OK;
    snprintf(call->message, sizeof call->message, "%.80s: %s", self->token_file, fault);
    return OTEL_AZURE_TOKEN_RETRY;
}

static otel_azure_token_status prepare(otel__azure_http_credential *base, otel_azure_token_call *call)
{
    entra_credential *self = of(base);
    otel_azure_token_status status = self->token_file ? read_assertion(self, call) : OTEL_AZURE_TOKEN_OK;
    return status == OTEL_AZURE_TOKEN_OK ? fill(self, call) : status;
}

static void release(otel__azure_http_credential *base)
{
    entra_credential *self = of(base);
    otel_release(self->token_url);
    otel_release(self->client_id);
    otel_release(self->token_file);
}

/* ---- making one ---- */

static const otel__azure_http_kind client_secret = {
    .ops = OTEL__AZURE_HTTP_OPS("the client secret"), .prepare = prepare, .release = release};
static const otel__azure_http_kind workload_identity = {
    .ops = OTEL__AZURE_HTTP_OPS("the workload identity"), .prepare = prepare, .release = release};

/* What both are set to. */
typedef struct common {
    const char *tenant_id, *client_id, *authority_host;
    otel_http_options http;
} common;

/* "contoso.onmicrosoft.com" or a UUID: it becomes a part of a path. */
static char *read_tenant(const char *option, const char *credential)
{
    otel__azure_setting setting = otel__azure_setting_of(option, "tenant_id", &otel__azure_env.AZURE_TENANT_ID);
    char *tenant = otel__azure_setting_copy(setting, credential);
    static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
    if (!tenant || strspn(tenant, good) == strlen(tenant)) return tenant;
    otel__azure_setting_fault(credential, setting.name, "has a character that tenants do not have");
    otel_release(tenant);
    return NULL;
}

static char *make_url(const common *options, const char *credential)
{
    char path[4200];
    otel__azure_setting host =
        otel__azure_setting_of(options->authority_host, "authority_host", &otel__azure_env.AZURE_AUTHORITY_HOST);
    if (!host.text) host.text = AUTHORITY;
    char *tenant = read_tenant(options->tenant_id, credential);
    char *authority = tenant ? otel__azure_setting_url(host, credential, OTEL__AZURE_LOOPBACK) : NULL;
    if (authority) snprintf(path, sizeof path, "/%s/oauth2/v2.0/token", tenant);
    char *url = authority ? otel__azure_endpoint_join(authority, path) : NULL;
    otel_release(tenant);
    otel_release(authority);
    return url;
}

static entra_credential *make(const otel__azure_http_kind *kind, const common *options)
{
    const char *name = kind->ops.name;
    entra_credential *self = otel__azure_http_credential_new(sizeof *self, kind, &options->http);
    if (!self) return NULL;
    self->token_url = make_url(options, name);
    if (self->token_url)
        self->client_id = otel__azure_setting_copy(
            otel__azure_setting_of(options->client_id, "client_id", &otel__azure_env.AZURE_CLIENT_ID), name);
    if (self->client_id) return self;
    otel__azure_http_destroy(&self->http.base);
    return NULL;
}

/* Without what was missing it is not made. */
static otel_azure_credential *finish(entra_credential *self, bool whole)
{
    if (whole) return &self->http.base;
    if (self) otel__azure_http_destroy(&self->http.base);
    return NULL;
}

otel_azure_credential *otel_azure_client_secret_credential_new_sized(const otel_azure_client_secret_options *given,
                                                                     size_t size)
{
    otel_azure_client_secret_options o = {0};
    if (given) memcpy(&o, given, size < sizeof o ? size : sizeof o);
    entra_credential *self =
        make(&client_secret, &(common){o.tenant_id,
                                       o.client_id,
                                       o.authority_host,
                                       {.ca_file = o.certificate, .proxy = o.proxy, .no_proxy = o.no_proxy}});
    if (self)
        self->http.secret = otel__azure_setting_copy(
            otel__azure_setting_of(o.client_secret, "client_secret", &otel__azure_env.AZURE_CLIENT_SECRET),
            client_secret.ops.name);
    return finish(self, self && self->http.secret);
}

otel_azure_credential *
otel_azure_workload_identity_credential_new_sized(const otel_azure_workload_identity_options *given, size_t size)
{
    otel_azure_workload_identity_options o = {0};
    if (given) memcpy(&o, given, size < sizeof o ? size : sizeof o);
    entra_credential *self =
        make(&workload_identity, &(common){o.tenant_id,
                                           o.client_id,
                                           o.authority_host,
                                           {.ca_file = o.certificate, .proxy = o.proxy, .no_proxy = o.no_proxy}});
    if (self)
        self->token_file = otel__azure_setting_copy(
            otel__azure_setting_of(o.token_file, "token_file", &otel__azure_env.AZURE_FEDERATED_TOKEN_FILE),
            workload_identity.ops.name);
    if (self && self->token_file) self->http.secret = otel_allocate(FILE_BYTES);
    return finish(self, self && self->http.secret);
}
