/* What the built-in credentials share. */
#include "http_credential.h"

#include <stdio.h>
#include <string.h>

#include "../user_agent.h"
#include "token_reply.h"

enum { TIMEOUT_MS = 20000, GONE_MS = 70000 }; /* 410: the metadata service is renewed, for at most 70 seconds */

static otel__azure_http_credential *of(otel_azure_credential *base)
{
    return (otel__azure_http_credential *)base;
}

otel_azure_token_status otel__azure_http_refuse(otel_azure_token_call *call, const char *words)
{
    snprintf(call->message, sizeof call->message, "%s", words);
    return OTEL_AZURE_TOKEN_REFUSED;
}

/* ---- answers ---- */

static otel_azure_token_status judge(const otel__azure_http_credential *self, uint32_t status)
{
    if (status == 408 || status == 429 || status >= 500) return OTEL_AZURE_TOKEN_RETRY;
    bool later = self->kind->metadata && (status == 404 || status == 410);
    return later ? OTEL_AZURE_TOKEN_RETRY : OTEL_AZURE_TOKEN_REFUSED;
}

/* As it is, and as the form has it. */
static void hide(const otel__azure_http_credential *self, char *text)
{
    otel__azure_buffer coded = {0};
    if (!self->secret) return;
    otel_http_hide(text, self->secret);
    if (otel__azure_form_add(&coded, "", self->secret) && otel__azure_buffer_append(&coded, "", 1))
        otel_http_hide(text, coded.data + 1);
    otel__azure_form_release(&coded);
}

static otel_azure_token_status no_answer(otel_azure_token_call *call, const otel_http_response *response)
{
    otel_http_clean_text(response->error, strlen(response->error), call->message, sizeof call->message);
    return response->fault == OTEL_HTTP_FAULT_REQUEST ? OTEL_AZURE_TOKEN_REFUSED : OTEL_AZURE_TOKEN_RETRY;
}

/* "HTTP 401: AADSTS7000215: Invalid client secret provided." */
static otel_azure_token_status declined(const otel__azure_http_credential *self, otel_azure_token_call *call,
                                        const otel_http_response *response)
{
    char words[sizeof call->message];
    bool soon = otel__azure_reply_error(response->body, words, sizeof words);
    bool elsewhere = response->status >= 300 && response->status < 400;
    if (elsewhere) snprintf(words, sizeof words, "redirects are not followed");
    hide(self, words);
    snprintf(call->message, sizeof call->message, "HTTP %u%s%.110s", response->status, *words ? ": " : "", words);
    call->retry_after_ms = response->retry_after_ms;
    if (response->status == 410 && call->retry_after_ms < GONE_MS) call->retry_after_ms = GONE_MS;
    return soon ? OTEL_AZURE_TOKEN_RETRY : judge(self, response->status);
}

static otel_azure_token_status answer(const otel__azure_http_credential *self, otel_azure_token_call *call,
                                      const otel_http_response *response)
{
    if (!response->status || response->fault != OTEL_HTTP_FAULT_NONE) return no_answer(call, response);
    if (response->status != 200) return declined(self, call, response);
    if (otel__azure_reply_token(response->body, call)) return OTEL_AZURE_TOKEN_OK;
    snprintf(call->message, sizeof call->message, "HTTP 200 without a token");
    return OTEL_AZURE_TOKEN_RETRY;
}

/* ---- questions ---- */

static void on_done(void *user, const otel_http_response *response);

static otel_result send_question(otel__azure_http_credential *self)
{
    static const otel_http_header form = {"Content-Type", "application/x-www-form-urlencoded"};
    const otel_http_header *const given[] = {&self->header, &self->proof, self->form.size ? &form : NULL};
    otel_http_header headers[3];
    otel_http_request request = {
        .url = self->url.data,
        .pieces = &self->piece,
        .piece_count = self->form.size ? 1 : 0,
        .headers = headers,
        .deadline = self->deadline,
        .method = self->form.size ? OTEL_HTTP_POST : OTEL_HTTP_GET,
        .done = on_done,
        .user = self,
    };
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        if (given[i] && given[i]->name) headers[request.header_count++] = *given[i];
    self->piece = (otel_str){self->form.data, self->form.size};
    return otel_http_client_start(self->client, &request);
}

/* OK: it is under way. */
static otel_azure_token_status begin(otel__azure_http_credential *self, otel_azure_token_call *call)
{
    otel_result result = send_question(self);
    if (result == OTEL_OK) return OTEL_AZURE_TOKEN_OK;
    if (result == OTEL_ERR_ARGUMENT) return otel__azure_http_refuse(call, "the request cannot be made");
    snprintf(call->message, sizeof call->message, "nothing can be sent now");
    return OTEL_AZURE_TOKEN_RETRY;
}

static void settle(otel__azure_http_credential *self)
{
    self->call = NULL;
    self->form.size = 0;
    if (self->form.data) explicit_bzero(self->form.data, self->form.capacity);
}

static void on_done(void *user, const otel_http_response *response)
{
    otel__azure_http_credential *self = user;
    otel_azure_token_call *call = self->call;
    otel_azure_token_status status;
    if (response->status == 401 && self->kind->challenged && !self->proof.name) {
        status = self->kind->challenged(self, call, response->challenge);
        if (status == OTEL_AZURE_TOKEN_OK) status = begin(self, call);
        if (status == OTEL_AZURE_TOKEN_OK) return;
    } else {
        status = answer(self, call, response);
    }
    settle(self);
    otel_azure_token_done(call, status);
}

otel_azure_token_status otel__azure_http_get_token(otel_azure_credential *base, otel_azure_token_call *call)
{
    otel__azure_http_credential *self = of(base);
    otel_deadline most = otel_deadline_in_ms(TIMEOUT_MS), deadline = call->deadline;
    self->url.size = self->form.size = 0;
    self->proof = (otel_http_header){0};
    self->deadline = deadline.monotonic_ns < most.monotonic_ns ? deadline : most;
    otel_azure_token_status status = self->kind->prepare(self, call);
    if (status == OTEL_AZURE_TOKEN_OK) status = begin(self, call);
    if (status == OTEL_AZURE_TOKEN_OK) {
        self->call = call;
        return OTEL_AZURE_TOKEN_PENDING;
    }
    settle(self);
    return status;
}

/* ---- the loop ---- */

int32_t otel__azure_http_poll_fd(otel_azure_credential *base)
{
    return otel_http_client_poll_fd(of(base)->client);
}

void otel__azure_http_poll(otel_azure_credential *base, int64_t *next_monotonic_ns)
{
    otel_http_client_poll(of(base)->client, next_monotonic_ns);
}

void otel__azure_http_cancel(otel_azure_credential *base)
{
    otel_http_client_cancel(of(base)->client);
    settle(of(base));
}

void otel__azure_http_after_fork(otel_azure_credential *base)
{
    otel_http_client_after_fork(of(base)->client);
    settle(of(base));
}

void otel__azure_http_destroy(otel_azure_credential *base)
{
    otel__azure_http_credential *self = of(base);
    otel_http_client_destroy(self->client);
    if (self->kind->release) self->kind->release(self);
    otel__azure_form_release(&self->form);
    otel__azure_form_release(&self->url);
    if (self->secret) explicit_bzero(self->secret, strlen(self->secret));
    otel_release(self->secret);
    otel_release(self);
}

void *otel__azure_http_credential_new(size_t size, const otel__azure_http_kind *kind, const otel_http_options *given)
{
    static const otel_http_header accept = {"Accept", "application/json"};
    otel_http_options http = *given;
    http.user_agent = OTEL__AZURE_USER_AGENT;
    http.headers = &accept;
    http.header_count = 1;
    http.source = "azure_monitor";
    http.max_response_bytes = OTEL__AZURE_REPLY_BYTES;
    otel__azure_http_credential *self = otel_allocate(size);
    if (!self) return NULL;
    self->base.ops = &kind->ops;
    self->kind = kind;
    self->client = otel_http_client_new(&http);
    if (self->client) return self;
    otel_release(self);
    return NULL;
}
