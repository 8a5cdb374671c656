/* Credentials: where the Azure Monitor exporter gets its tokens from when the resource wants Entra ID (its local
 * authentication is switched off). Write your own in the shape of otel_azure_credential_ops, or take a built-in one. */
#ifndef OTEL_EXPORTERS_AZURE_CREDENTIAL_H
#define OTEL_EXPORTERS_AZURE_CREDENTIAL_H
#include <otel/sdk/allocator.h>
#include <otel/sdk/deadline.h>
#include <otel/sdk/diag.h>

typedef struct otel_azure_credential otel_azure_credential;

typedef int32_t otel_azure_token_status;
enum {
    OTEL_AZURE_TOKEN_OK = 0,
    OTEL_AZURE_TOKEN_RETRY = 1,   /* not now: asked again after a while */
    OTEL_AZURE_TOKEN_REFUSED = 2, /* never with these settings: said once, asked again seldom */
    OTEL_AZURE_TOKEN_PENDING = 3  /* the answer follows through otel_azure_token_done() */
};

/* One question for a token. It stays valid until it is answered or cancelled. Grows at the end only. */
typedef struct otel_azure_token_call {
    uint32_t size;       /* sizeof(otel_azure_token_call) */
    uint32_t token_size; /* room in `token`, the NUL included */
    const char *scope;   /* "https://monitor.azure.com//.default" */
    otel_deadline deadline;
    char *token;            /* out: the access token, NUL-terminated */
    int64_t expires_unix_s; /* out: seconds since 1970; 0: not known, taken as five minutes from now */
    char message[128];      /* out: why there is none, in words, without secrets; "" */
    void *otel_private;     /* the exporter's own; leave it alone */
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
    /* The next three only for those that answer PENDING; as in otel_log_exporter_ops. */
    int32_t (*poll_fd)(otel_azure_credential *self);
    void (*poll)(otel_azure_credential *self, int64_t *next_monotonic_ns);
    void (*cancel)(otel_azure_credential *self);
    void (*destroy)(otel_azure_credential *self);    /* releases self too */
    void (*after_fork)(otel_azure_credential *self); /* NULL: nothing to do */
} otel_azure_credential_ops;
#define OTEL_AZURE_CREDENTIAL_OPS OTEL_CAST(size_t, sizeof(otel_azure_credential_ops))

/* The first member of yours. Frozen. */
struct otel_azure_credential {
    const otel_azure_credential_ops *ops;
};
#endif
