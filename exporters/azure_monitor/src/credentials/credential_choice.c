/* The credential that the environment asks for: by our variable, else by the one that Azure's own distributions read.
 */
#include "credential_choice.h"

#include "../settings/pairs.h"
#include "../variables.h"

#include <stdio.h>

enum { NONE = 0, MANAGED_IDENTITY = 1, CLIENT_SECRET = 2 }; /* else workload identity */

const char *otel__azure_authentication_read(const char *text, char *client_id, size_t size)
{
    bool entra = false;
    otel_str name, value;
    int found;
    client_id[0] = '\0';
    while ((found = otel__azure_pair_next(&text, &name, &value)) == 1) {
        if (otel__azure_same(name, "Authorization")) entra = otel__azure_same(value, "AAD");
        if (!otel__azure_same(name, "ClientId")) continue;
        if (value.size == 0) return "its ClientId is empty";
        if (value.size >= size) return "its ClientId is too long";
        snprintf(client_id, size, "%.*s", (int)value.size, value.data);
    }
    if (found < 0) return "a part of it has no '='";
    return entra ? NULL : "it does not say Authorization=AAD";
}

static otel_azure_credential *make(uint64_t kind, const char *client_id, const otel_azure_monitor_options *o)
{
    if (kind == MANAGED_IDENTITY)
        return otel_azure_managed_identity_credential_new(
            &(otel_azure_managed_identity_options){.client_id = client_id});
    if (kind == CLIENT_SECRET)
        return otel_azure_client_secret_credential_new(&(otel_azure_client_secret_options){
            .certificate = o->certificate, .proxy = o->proxy, .no_proxy = o->no_proxy});
    return otel_azure_workload_identity_credential_new(&(otel_azure_workload_identity_options){
        .certificate = o->certificate, .proxy = o->proxy, .no_proxy = o->no_proxy});
}

bool otel__azure_credential_choose(const otel_azure_monitor_options *options, otel_azure_credential **credential)
{
    const char *name = otel__azure_env.APPLICATIONINSIGHTS_AUTHENTICATION_STRING.name;
    const char *text = otel_env_text(name);
    char client_id[64];
    uint64_t kind = NONE;
    bool ours = otel_env_read(&otel__azure_env.OTEL_C_AZURE_CREDENTIAL, &kind);
    const char *fault = text ? otel__azure_authentication_read(text, client_id, sizeof client_id) : NULL;
    *credential = NULL;
    if (fault && !(ours && kind != MANAGED_IDENTITY)) {
        otel_diag(OTEL_SEVERITY_ERROR, "azure_monitor", "%s cannot be used, nothing is sent: %s", name, fault);
        return false;
    }
    if (!ours && text) kind = MANAGED_IDENTITY;
    if (kind == NONE) return true;
    *credential = make(kind, text ? client_id : NULL, options);
    return *credential != NULL;
}
