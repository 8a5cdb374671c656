/* A credential that is a function of the program. */
#include <otel/exporters/azure_credential.h>

typedef struct callback_credential {
    otel_azure_credential base;
    otel_azure_get_token_fn get_token;
    void *user;
} callback_credential;

static otel_azure_token_status get_token(otel_azure_credential *base, otel_azure_token_call *call)
{
    const callback_credential *self = (const callback_credential *)base;
    return self->get_token(self->user, call);
}

static void destroy(otel_azure_credential *base)
{
    otel_release(base);
}

#define OPS(how)                                                                                                       \
    {                                                                                                                  \
        .size = sizeof(otel_azure_credential_ops), .name = "the callback", .flags = how, .get_token = get_token,       \
        .destroy = destroy                                                                                             \
    }

otel_azure_credential *otel_azure_callback_credential_new(otel_azure_get_token_fn get, void *user, uint32_t flags)
{
    static const otel_azure_credential_ops quick = OPS(0), slow = OPS(OTEL_AZURE_CREDENTIAL_BLOCKS);
    callback_credential *self = get ? otel_allocate(sizeof *self) : NULL;
    if (!self) {
        otel_diag(OTEL_SEVERITY_ERROR, "azure_monitor", "no credential: %s", get ? "out of memory" : "no callback");
        return NULL;
    }
    *self = (callback_credential){{flags & OTEL_AZURE_CREDENTIAL_BLOCKS ? &slow : &quick}, get, user};
    return &self->base;
}
