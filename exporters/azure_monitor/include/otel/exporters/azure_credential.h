/* Credentials: where the Azure Monitor exporter gets its tokens from when the resource wants Entra ID (its local
 * authentication is switched off). Write your own in the shape of otel_azure_credential_ops, or take a built-in one. */
#ifndef OTEL_EXPORTERS_AZURE_CREDENTIAL_H
#define OTEL_EXPORTERS_AZURE_CREDENTIAL_H
#include <otel/sdk/allocator.h>
#include <otel/sdk/deadline.h>
#include <otel/sdk/diag.h>

#ifndef OTEL_AZURE_CREDENTIAL_INLINE
#define OTEL_AZURE_CREDENTIAL_INLINE inline
#endif

typedef struct otel_azure_credential otel_azure_credential;

typedef int32_t otel_azure_token_status;
enum {
    OTEL_AZURE_TOKEN_OK = 0,
    OTEL_AZURE_TOKEN_RETRY = 1,   /* not now: asked again after a second, later up to a minute */
    OTEL_AZURE_TOKEN_REFUSED = 2, /* never with these settings: said once, asked again every five minutes */
    OTEL_AZURE_TOKEN_PENDING = 3  /* the answer follows through otel_azure_token_done() */
};

/* One question for a token. It stays valid until it is answered or cancelled. Grows at the end only. */
typedef struct otel_azure_token_call {
    uint32_t size;       /* sizeof(otel_azure_token_call) */
    uint32_t token_size; /* room in `token`, the NUL included */
    const char *scope;   /* "https://monitor.azure.com//.default" */
    otel_deadline deadline;
    char *token;             /* out: the access token, NUL-terminated */
    int64_t expires_unix_s;  /* out: seconds since 1970; 0: not known, taken as five minutes from now */
    char message[128];       /* out: why there is none, in words, without secrets; "" */
    void *otel_private;      /* the exporter's own; leave it alone */
    uint32_t retry_after_ms; /* out: how long the authority asks to wait, at most an hour; 0: it did not say */
    uint32_t reserved;
} otel_azure_token_call;

enum {
    OTEL_AZURE_CREDENTIAL_BLOCKS = 1 /* get_token may sleep, until the deadline: the exporter gets a thread of its own,
                                      * and is refused in host mode */
};

/* A static table. Appended to, never changed; operations beyond `size` do not exist. One call at a time. */
typedef struct otel_azure_credential_ops {
    size_t size;      /* sizeof(otel_azure_credential_ops) */
    const char *name; /* "managed identity" */
    uint32_t flags;   /* OTEL_AZURE_CREDENTIAL_... */
    uint32_t reserved;
    /* Required. */
    otel_azure_token_status (*get_token)(otel_azure_credential *self, otel_azure_token_call *call);
    /* The next three only for those that answer PENDING, all of them then; as in otel_log_exporter_ops. The answer is
     * given from get_token or poll. */
    int32_t (*poll_fd)(otel_azure_credential *self);
    void (*poll)(otel_azure_credential *self, int64_t *next_monotonic_ns);
    void (*cancel)(otel_azure_credential *self);
    void (*destroy)(otel_azure_credential *self);    /* required; releases self too */
    void (*after_fork)(otel_azure_credential *self); /* NULL: nothing to do */
} otel_azure_credential_ops;
#define OTEL_AZURE_CREDENTIAL_OPS OTEL_CAST(size_t, sizeof(otel_azure_credential_ops))

/* The first member of yours. Frozen. */
struct otel_azure_credential {
    const otel_azure_credential_ops *ops;
};

/* ---- built-in credentials ----
 * An option that is NULL is taken from the environment. Everything is copied; the structures grow at the end only. They
 * ask when the first token is needed, never before, and never wait: they work in host mode too. */

/* A secret of an application: POST <authority>/<tenant>/oauth2/v2.0/token. */
typedef struct otel_azure_client_secret_options {
    const char *tenant_id;      /* the directory's UUID or domain; NULL: AZURE_TENANT_ID */
    const char *client_id;      /* NULL: AZURE_CLIENT_ID */
    const char *client_secret;  /* NULL: AZURE_CLIENT_SECRET */
    const char *authority_host; /* https, or http within this machine; NULL: AZURE_AUTHORITY_HOST, else
                                 * "https://login.microsoftonline.com" */
    const char *certificate;    /* PEM file: authorities to trust instead of the system's */
    const char *proxy;          /* as in otel_http_options, both */
    const char *no_proxy;
} otel_azure_client_secret_options;

/* A token that somebody else signed, in a file: of a Kubernetes service account for instance. The file is read each
 * time, for it is renewed. */
typedef struct otel_azure_workload_identity_options {
    const char *tenant_id;  /* NULL: AZURE_TENANT_ID */
    const char *client_id;  /* NULL: AZURE_CLIENT_ID */
    const char *token_file; /* NULL: AZURE_FEDERATED_TOKEN_FILE */
    const char *authority_host;
    const char *certificate;
    const char *proxy;
    const char *no_proxy;
} otel_azure_workload_identity_options;

/* The identity of the machine, app or container this runs on. The environment decides whom to ask: IDENTITY_ENDPOINT
 * with IDENTITY_HEADER (App Service, Functions, Container Apps) or with IMDS_ENDPOINT (Azure Arc), MSI_ENDPOINT with
 * MSI_SECRET, else the metadata service of virtual machines. Never through a proxy. Service Fabric and Cloud Shell are
 * refused. */
typedef struct otel_azure_managed_identity_options {
    const char *client_id; /* of a user-assigned identity; "": the system-assigned one; NULL: AZURE_CLIENT_ID */
    const char *endpoint;  /* of the metadata service; NULL: AZURE_POD_IDENTITY_AUTHORITY_HOST, else
                            * "http://169.254.169.254" */
} otel_azure_managed_identity_options;

/* Fills call->token and call->expires_unix_s and answers OK, or says in call->message why not. With
 * OTEL_AZURE_CREDENTIAL_BLOCKS it may take until call->deadline. Never PENDING. */
typedef otel_azure_token_status (*otel_azure_get_token_fn)(void *user, otel_azure_token_call *call);

OTEL_EXTERN_C_BEGIN
/* The answer to a call that was left PENDING, once, on the thread that called get_token or poll. */
OTEL_API void otel_azure_token_done(otel_azure_token_call *call, otel_azure_token_status status);

/* Any thread. NULL: refused, said once through diag without any secret. Give it to an exporter, which owns it then. */
OTEL_API otel_azure_credential *
otel_azure_client_secret_credential_new_sized(const otel_azure_client_secret_options *options, size_t size);
OTEL_AZURE_CREDENTIAL_INLINE otel_azure_credential *
otel_azure_client_secret_credential_new(const otel_azure_client_secret_options *options)
{
    return otel_azure_client_secret_credential_new_sized(options, sizeof(otel_azure_client_secret_options));
}
OTEL_API otel_azure_credential *
otel_azure_workload_identity_credential_new_sized(const otel_azure_workload_identity_options *options, size_t size);
OTEL_AZURE_CREDENTIAL_INLINE otel_azure_credential *
otel_azure_workload_identity_credential_new(const otel_azure_workload_identity_options *options)
{
    return otel_azure_workload_identity_credential_new_sized(options, sizeof(otel_azure_workload_identity_options));
}
OTEL_API otel_azure_credential *
otel_azure_managed_identity_credential_new_sized(const otel_azure_managed_identity_options *options, size_t size);
OTEL_AZURE_CREDENTIAL_INLINE otel_azure_credential *
otel_azure_managed_identity_credential_new(const otel_azure_managed_identity_options *options)
{
    return otel_azure_managed_identity_credential_new_sized(options, sizeof(otel_azure_managed_identity_options));
}
/* A function of yours. `user` is yours and must live as long as the exporter. flags: OTEL_AZURE_CREDENTIAL_BLOCKS, or 0
 * when it never waits. */
OTEL_API otel_azure_credential *otel_azure_callback_credential_new(otel_azure_get_token_fn get_token, void *user,
                                                                   uint32_t flags);
OTEL_EXTERN_C_END
#endif
