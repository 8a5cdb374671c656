/* What the built-in credentials share: one question over HTTP with a client of
 * their own, and what its answer means. */
#ifndef OTEL__AZURE_HTTP_CREDENTIAL_H
#define OTEL__AZURE_HTTP_CREDENTIAL_H
#include "form.h"
#include <otel/exporters/azure_credential.h>
#include <otel/exporters/http.h>

typedef struct otel__azure_http_credential otel__azure_http_credential;

/* A static table. */
typedef struct otel__azure_http_kind {
    otel_azure_credential_ops ops; /* as otel__azure_http_ops() fills them */
    /* Fills url, and form or header. OK; or the answer at once, call->message
     * says why. */
    otel_azure_token_status (*prepare)(otel__azure_http_credential *self, otel_azure_token_call *call);
    /* To a 401, once in a question: changes the headers and answers OK, and it is
     * asked again; NULL: it is an answer like others. */
    otel_azure_token_status (*challenged)(otel__azure_http_credential *self, otel_azure_token_call *call,
                                          otel_str challenge);
    void (*release)(otel__azure_http_credential *self); /* what the kind itself keeps */
    bool metadata;                                      /* a metadata service: it has statuses of its own */
} otel__azure_http_kind;

/* The first member of each kind. */
struct otel__azure_http_credential {
    otel_azure_credential base;
    const otel__azure_http_kind *kind;
    otel_http_client *client;
    otel_azure_token_call *call; /* NULL: none under way */
    otel__azure_buffer url;      /* NUL-terminated */
    otel__azure_buffer form;     /* of a POST; empty: a GET */
    otel_http_header header;     /* name NULL: none */
    otel_http_header proof;      /* one more, after a challenge */
    char *secret;                /* to be hidden in what the authority says; NULL: none. Owned */
    otel_deadline deadline;      /* of the question */
    otel_str piece;
};

#define OTEL__AZURE_HTTP_OPS(words)                                                                                    \
    {                                                                                                                  \
        .size = sizeof(otel_azure_credential_ops), .name = words, .get_token = otel__azure_http_get_token,             \
        .poll_fd = otel__azure_http_poll_fd, .poll = otel__azure_http_poll, .cancel = otel__azure_http_cancel,         \
        .destroy = otel__azure_http_destroy, .after_fork = otel__azure_http_after_fork                                 \
    }
otel_azure_token_status otel__azure_http_get_token(otel_azure_credential *base, otel_azure_token_call *call);
int32_t otel__azure_http_poll_fd(otel_azure_credential *base);
void otel__azure_http_poll(otel_azure_credential *base, int64_t *next_monotonic_ns);
void otel__azure_http_cancel(otel_azure_credential *base);
void otel__azure_http_destroy(otel_azure_credential *base);
void otel__azure_http_after_fork(otel_azure_credential *base);

/* Zeroed memory of `size` bytes, with a client. NULL: not possible, said. */
void *otel__azure_http_credential_new(size_t size, const otel__azure_http_kind *kind, const otel_http_options *http);
/* As a refusal in get_token: the words go into call->message. */
otel_azure_token_status otel__azure_http_refuse(otel_azure_token_call *call, const char *words);
#endif
