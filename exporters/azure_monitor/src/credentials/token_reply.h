/* What authorities answer: a token, or why there is none. */
#ifndef OTEL__AZURE_TOKEN_REPLY_H
#define OTEL__AZURE_TOKEN_REPLY_H
#include <otel/exporters/azure_credential.h>

enum { OTEL__AZURE_REPLY_BYTES = 64 * 1024 };

/* Into call->token and call->expires_unix_s. false: it holds no token that can be used. */
bool otel__azure_reply_token(otel_str body, otel_azure_token_call *call);
/* The reason in words that can be shown, "" when there is none; secrets are the caller's business. true: the authority
 * itself says that it may be otherwise soon. */
bool otel__azure_reply_error(otel_str body, char *out, size_t size);
/* "01/31/2026 11:59:01 PM +00:00", with or without AM and PM, as seconds since 1970; 0: it is no such date. */
int64_t otel__azure_reply_date(const char *text);
#endif
