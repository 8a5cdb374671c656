/* The token that requests are signed with: one question at a time, an answer kept until it is nearly over, patience
 * with those who have none. */
#include "token.h"

#include "../clock.h"

#include <otel/exporters/http.h>
#include <otel/sdk/random.h>
#include <stdio.h>
#include <string.h>

#define PREFIX "Bearer "
#define PUBLIC_AUDIENCE "https://monitor.azure.com/"
#define SCOPE_END "/.default"
enum {
    PREFIX_BYTES = sizeof PREFIX - 1,
    TOKEN_BYTES = 16 * 1024,
    DEADLINE_MS = 30000,
    SECOND_MS = 1000,
    MOST_BACKOFF_MS = 60 * SECOND_MS,
    REFUSED_MS = 5 * 60 * SECOND_MS,
    MOST_RETRY_AFTER_MS = 60 * 60 * SECOND_MS,
    UNKNOWN_LIFE_S = 5 * 60, /* of a token that does not say */
    IN_USE_S = 60,           /* after so long it was accepted for a while */
    EXPIRED_LIFE_S = 60,     /* of one that arrives expired: clocks differ, and the service decides */
    MOST_LIFE_S = 7 * 24 * 3600,
    MARGIN_S = 5 * 60 /* asked for a new one so long before the end */
};
static const int64_t SECOND_NS = 1000000000;

struct otel__azure_token {
    otel_azure_credential *credential;
    char *scope;
    char *authorization; /* "Bearer ..."; NULL: none yet */
    bool rejected;       /* it is kept to be hidden, not to be used */
    int64_t taken_ns, refresh_ns, expiry_ns;
    char *asked; /* where the answer goes that is awaited; NULL: none is */
    otel_azure_token_call call;
    int64_t next_ns; /* not asked before */
    uint32_t failures, rejections;
    otel_azure_token_status status; /* of the last failure */
    bool said;
    char message[128];
};

static void forget(char **text)
{
    if (*text) explicit_bzero(*text, PREFIX_BYTES + TOKEN_BYTES);
    otel_release(*text);
    *text = NULL;
}

/* ---- failures ---- */

/* Half to the whole of the time, so that many programs do not ask in step. */
static int64_t backoff_ns(const otel__azure_token *token, uint32_t retry_after_ms)
{
    uint32_t doublings = token->failures > 1 ? token->failures - 1 : 0;
    int64_t ms = doublings < 6 ? SECOND_MS << doublings : MOST_BACKOFF_MS;
    if (token->status == OTEL_AZURE_TOKEN_REFUSED) ms = REFUSED_MS;
    ms = ms / 2 + (int64_t)(otel_random() % (uint64_t)(ms / 2 + 1));
    if (retry_after_ms > MOST_RETRY_AFTER_MS) retry_after_ms = MOST_RETRY_AFTER_MS;
    return (ms < retry_after_ms ? retry_after_ms : ms) * (SECOND_NS / 1000);
}

static void fail(otel__azure_token *token, otel_azure_token_status status, const char *words)
{
    bool worse = status == OTEL_AZURE_TOKEN_REFUSED && token->status != OTEL_AZURE_TOKEN_REFUSED;
    token->status = status == OTEL_AZURE_TOKEN_REFUSED ? status : OTEL_AZURE_TOKEN_RETRY;
    token->failures++;
    token->next_ns = otel__azure_monotonic_ns() + backoff_ns(token, token->call.retry_after_ms);
    otel_http_clean_text(words, strlen(words), token->message, sizeof token->message);
    otel__azure_token_hide(token, token->message);
    if (token->asked) otel_http_hide(token->message, token->call.token);
    forget(&token->asked);
    if (!token->said || worse)
        otel_diag(worse ? OTEL_SEVERITY_ERROR : OTEL_SEVERITY_WARN, "azure_monitor", "no token from %s: %s",
                  token->credential->ops->name, token->message);
    token->said = true;
}

/* ---- answers ---- */

static const char *token_fault(const char *text)
{
    if (!*text) return "the answer holds no token";
    for (; *text; text++)
        if (*text <= ' ' || *text >= 0x7f) return "the token has a character that headers do not have";
    return NULL;
}

static int64_t life_s(int64_t expires_unix_s)
{
    if (expires_unix_s <= 0) return UNKNOWN_LIFE_S;
    int64_t left = expires_unix_s < INT64_MAX / 2 ? expires_unix_s - otel__azure_unix_s() : MOST_LIFE_S;
    if (left <= 0) return EXPIRED_LIFE_S;
    return left < MOST_LIFE_S ? left : MOST_LIFE_S;
}

static void take(otel__azure_token *token)
{
    int64_t life = life_s(token->call.expires_unix_s), margin = life / 2 < MARGIN_S ? life / 2 : MARGIN_S;
    int64_t now = otel__azure_monotonic_ns();
    forget(&token->authorization);
    token->authorization = token->asked;
    token->asked = NULL;
    token->rejected = false;
    token->taken_ns = now;
    token->expiry_ns = now + life * SECOND_NS;
    token->refresh_ns = token->expiry_ns - margin * SECOND_NS;
    token->failures = 0;
    token->next_ns = 0;
    token->status = OTEL_AZURE_TOKEN_OK;
    if (token->said) otel_diag(OTEL_SEVERITY_INFO, "azure_monitor", "a token from %s", token->credential->ops->name);
    token->said = false;
}

static void settle(otel__azure_token *token, otel_azure_token_status status)
{
    if (!token->asked) return;
    token->call.token[TOKEN_BYTES - 1] = '\0';
    token->call.message[sizeof token->call.message - 1] = '\0';
    const char *fault = status == OTEL_AZURE_TOKEN_OK ? token_fault(token->call.token) : NULL;
    if (fault)
        fail(token, OTEL_AZURE_TOKEN_REFUSED, fault);
    else if (status == OTEL_AZURE_TOKEN_OK)
        take(token);
    else
        fail(token, status, token->call.message[0] ? token->call.message : "it gives no reason");
}

void otel_azure_token_done(otel_azure_token_call *call, otel_azure_token_status status)
{
    if (call && call->otel_private) settle(call->otel_private, status);
}

/* ---- questions ---- */

static otel_deadline earlier(otel_deadline a, otel_deadline b)
{
    return a.monotonic_ns < b.monotonic_ns ? a : b;
}

static void ask(otel__azure_token *token, otel_deadline deadline)
{
    otel_azure_credential *credential = token->credential;
    token->asked = otel_allocate(PREFIX_BYTES + TOKEN_BYTES);
    token->call = (otel_azure_token_call){
        .size = sizeof token->call,
        .token_size = TOKEN_BYTES,
        .scope = token->scope,
        .deadline = earlier(deadline, otel_deadline_in_ms(DEADLINE_MS)),
        .otel_private = token,
    };
    if (!token->asked) {
        fail(token, OTEL_AZURE_TOKEN_RETRY, "out of memory");
        return;
    }
    memcpy(token->asked, PREFIX, PREFIX_BYTES);
    token->call.token = token->asked + PREFIX_BYTES;
    otel_azure_token_status status = credential->ops->get_token(credential, &token->call);
    if (status != OTEL_AZURE_TOKEN_PENDING)
        settle(token, status);
    else if (token->asked && !credential->ops->poll)
        fail(token, OTEL_AZURE_TOKEN_REFUSED, "it answers later and has no poll");
}

static bool usable_until(const otel__azure_token *token, int64_t end_ns)
{
    return token->authorization && !token->rejected && otel__azure_monotonic_ns() < end_ns;
}

otel_azure_token_status otel__azure_token_get(otel__azure_token *token, otel_deadline deadline,
                                              const char **authorization, char *message, size_t size)
{
    *authorization = NULL;
    message[0] = '\0';
    bool fresh = usable_until(token, token->refresh_ns);
    if (!fresh && !token->asked && otel__azure_monotonic_ns() >= token->next_ns) ask(token, deadline);
    if (!fresh && token->asked) return OTEL_AZURE_TOKEN_PENDING;
    if (usable_until(token, token->expiry_ns)) {
        *authorization = token->authorization;
        return OTEL_AZURE_TOKEN_OK;
    }
    snprintf(message, size, "%s", token->message);
    return token->status;
}

uint32_t otel__azure_token_wait_ms(const otel__azure_token *token)
{
    int64_t ns = token->next_ns - otel__azure_monotonic_ns();
    return ns > 0 ? (uint32_t)(ns / (SECOND_NS / 1000)) + 1 : 0;
}

/* A second one that is not accepted either soon after it came: more of the kind would not be. */
void otel__azure_token_reject(otel__azure_token *token)
{
    if (!token->authorization || token->rejected) return;
    int64_t now = otel__azure_monotonic_ns();
    token->rejected = true;
    token->rejections = now - token->taken_ns > IN_USE_S * SECOND_NS ? 1 : token->rejections + 1;
    if (token->rejections < 2) return;
    token->status = OTEL_AZURE_TOKEN_RETRY;
    token->failures = token->rejections - 1;
    token->next_ns = now + backoff_ns(token, 0);
    snprintf(token->message, sizeof token->message, "the service does not accept the tokens of %s",
             token->credential->ops->name);
}

/* ---- the loop ---- */

int32_t otel__azure_token_poll_fd(otel__azure_token *token)
{
    otel_azure_credential *credential = token->credential;
    return credential->ops->poll_fd ? credential->ops->poll_fd(credential) : -1;
}

void otel__azure_token_poll(otel__azure_token *token, int64_t *next_monotonic_ns)
{
    otel_azure_credential *credential = token->credential;
    bool asked = token->asked != NULL;
    *next_monotonic_ns = OTEL_DEADLINE_NEVER;
    if (credential->ops->poll) credential->ops->poll(credential, next_monotonic_ns);
    if (asked && !token->asked) *next_monotonic_ns = 0; /* there is an answer */
    if (!token->asked) return;
    int64_t deadline = token->call.deadline.monotonic_ns;
    if (otel_deadline_left_ms(token->call.deadline) == 0) {
        credential->ops->cancel(credential);
        fail(token, OTEL_AZURE_TOKEN_RETRY, "no answer in time");
        *next_monotonic_ns = 0;
    } else if (deadline < *next_monotonic_ns) {
        *next_monotonic_ns = deadline;
    }
}

void otel__azure_token_cancel(otel__azure_token *token)
{
    if (!token->asked) return;
    token->credential->ops->cancel(token->credential);
    forget(&token->asked);
}

void otel__azure_token_after_fork(otel__azure_token *token)
{
    if (token->credential->ops->after_fork) token->credential->ops->after_fork(token->credential);
    forget(&token->asked);
}

bool otel__azure_token_blocks(const otel__azure_token *token)
{
    return token->credential->ops->flags & OTEL_AZURE_CREDENTIAL_BLOCKS;
}

void otel__azure_token_hide(const otel__azure_token *token, char *text)
{
    if (token->authorization) otel_http_hide(text, token->authorization + PREFIX_BYTES);
}

/* ---- beginning and end ---- */

static bool complete(const otel_azure_credential *credential)
{
    const otel_azure_credential_ops *ops = credential->ops;
    if (!ops || ops->size < sizeof *ops || !ops->name || !ops->get_token || !ops->destroy) return false;
    return ops->poll ? ops->poll_fd && ops->cancel : !ops->poll_fd && !ops->cancel;
}

static char *scope_of(const char *audience)
{
    if (!audience) audience = PUBLIC_AUDIENCE;
    size_t size = strlen(audience), end = strlen(SCOPE_END);
    bool whole = size >= end && strcmp(audience + size - end, SCOPE_END) == 0;
    char *scope = otel_allocate(size + end + 1);
    if (scope) snprintf(scope, size + end + 1, "%s%s", audience, whole ? "" : SCOPE_END);
    return scope;
}

void otel__azure_credential_destroy(otel_azure_credential *credential)
{
    if (credential && credential->ops && credential->ops->destroy) credential->ops->destroy(credential);
}

otel__azure_token *otel__azure_token_new(otel_azure_credential *credential, const char *audience)
{
    bool good = complete(credential);
    otel__azure_token *token = good ? otel_allocate(sizeof *token) : NULL;
    char *scope = token ? scope_of(audience) : NULL;
    if (scope) {
        *token = (otel__azure_token){.credential = credential, .scope = scope};
        return token;
    }
    otel_diag(OTEL_SEVERITY_ERROR, "azure_monitor", "%s",
              good ? "out of memory" : "the credential's table of operations is not complete");
    otel_release(token);
    otel__azure_credential_destroy(credential);
    return NULL;
}

void otel__azure_token_destroy(otel__azure_token *token)
{
    if (!token) return;
    otel__azure_token_cancel(token);
    token->credential->ops->destroy(token->credential);
    forget(&token->asked);
    forget(&token->authorization);
    otel_release(token->scope);
    otel_release(token);
}
