/* The token that requests are signed with: asked of the credential, kept until shortly before it expires. */
#ifndef OTEL__AZURE_TOKEN_H
#define OTEL__AZURE_TOKEN_H
#include <otel/exporters/azure_credential.h>

typedef struct otel__azure_token otel__azure_token;

/* For a credential that no token has taken; NULL is fine, and so is one without operations. */
void otel__azure_credential_destroy(otel_azure_credential *credential);

/* Owns the credential from the call on. audience NULL: the public cloud's. NULL: refused, said through diag. */
otel__azure_token *otel__azure_token_new(otel_azure_credential *credential, const char *audience);
void otel__azure_token_destroy(otel__azure_token *token);

/* OK: *authorization is "Bearer ...", valid until the next call of any of these. PENDING: poll at once, which says when
 * to poll again; then ask again. Otherwise message says why there is none. */
otel_azure_token_status otel__azure_token_get(otel__azure_token *token, otel_deadline deadline,
                                              const char **authorization, char *message, size_t size);
/* How long the credential will not be asked again; 0: it may be. */
uint32_t otel__azure_token_wait_ms(const otel__azure_token *token);
/* The service did not accept it: it is not used again. Another is asked for at once, and after that with patience. */
void otel__azure_token_reject(otel__azure_token *token);
/* As the credential's; poll_fd -1: none. After poll *next_monotonic_ns is 0 when the answer has come. */
int32_t otel__azure_token_poll_fd(otel__azure_token *token);
void otel__azure_token_poll(otel__azure_token *token, int64_t *next_monotonic_ns);
void otel__azure_token_cancel(otel__azure_token *token);
void otel__azure_token_after_fork(otel__azure_token *token);
bool otel__azure_token_blocks(const otel__azure_token *token);
/* Overwrites the token with '*' wherever text, NUL-terminated, repeats it. */
void otel__azure_token_hide(const otel__azure_token *token, char *text);
#endif
