/* Answers of a backend: bodies, status, header lines, and the texts made of them. */
#include "reply.h"
#include <otel/exporters/http.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct fuzz_sender {
    otel_http_sender base;
    const uint8_t *data;
    size_t size;
    otel_http_exchange *exchange;
} fuzz_sender;

static otel_result start(otel_http_sender *base, otel_http_exchange *exchange)
{
    ((fuzz_sender *)base)->exchange = exchange;
    return OTEL_OK;
}

static int32_t poll_fd(otel_http_sender *base)
{
    (void)base;
    return -1;
}

/* The first byte gives the status, the lines up to an empty one are the head, what follows is the body. */
static void poll(otel_http_sender *base, int64_t *next)
{
    fuzz_sender *self = (fuzz_sender *)base;
    const char *at = (const char *)self->data, *end = at + self->size;
    *next = OTEL_DEADLINE_NEVER;
    if (!self->exchange) return;
    while (at < end && *at != '\n') {
        const char *line = memchr(at, '\n', (size_t)(end - at));
        size_t length = line ? (size_t)(line + 1 - at) : (size_t)(end - at);
        otel_http_exchange_header(self->exchange, at, length);
        at += length;
    }
    bool whole = otel_http_exchange_body(self->exchange, at, (size_t)(end - at));
    uint32_t status = self->size > 1 ? self->data[0] * 4u : 0;
    otel_http_exchange_done(self->exchange, status, whole ? OTEL_HTTP_FAULT_NONE : OTEL_HTTP_FAULT_TOO_LARGE, "error");
    self->exchange = NULL;
}

static void cancel(otel_http_sender *base)
{
    ((fuzz_sender *)base)->exchange = NULL;
}

static void destroy(otel_http_sender *base)
{
    (void)base;
}

static const otel_http_sender_ops ops = {.size = sizeof ops,
                                         .name = "fuzz",
                                         .start = start,
                                         .poll_fd = poll_fd,
                                         .poll = poll,
                                         .cancel = cancel,
                                         .destroy = destroy};

static void check_text(const char *text, size_t size)
{
    if (strlen(text) >= size) abort();
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f) abort();
}

static void on_done(void *user, const otel_http_response *response)
{
    otel__otlp_error error;
    otel__otlp_success success;
    ++*(int *)user;
    if (response->retry_after_ms > 300000) abort();
    if (response->body.size > 1000) abort();
    otel_http_verdict verdict = otel_http_judge(response);
    if (verdict < OTEL_HTTP_OK || verdict > OTEL_HTTP_REFUSED) abort();
    otel__otlp_read_success(response->body, &success);
    if (success.rejected < 0) abort();
    check_text(success.message, sizeof success.message);
    otel__otlp_read_error(response->body, &error);
    check_text(error.message, sizeof error.message);
    if (error.retry_after_ms > 300000) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int done = 0;
    int64_t next;
    fuzz_sender sender = {.base.ops = &ops, .data = data, .size = size};
    otel_http_client *client =
        otel_http_client_new(&(otel_http_options){.sender = &sender.base, .max_response_bytes = 1000});
    otel_http_request request = {
        .url = "http://host/", .deadline = {OTEL_DEADLINE_NEVER}, .done = on_done, .user = &done};
    if (otel_http_client_start(client, &request) != OTEL_OK) abort();
    otel_http_client_poll(client, &next);
    if (done != 1) abort();
    otel_http_client_destroy(client);
    if (otel_http_retry_after_ms((const char *)data, size, 784111777, 5000) > 5000) abort();
    return 0;
}
