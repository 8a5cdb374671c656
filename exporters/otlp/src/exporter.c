/* The OTLP exporter of logs. The records are OTLP already: a batch is posted as it lies in the queue. */
#include <otel/sdk/log_exporter.h>
#define OTEL_OTLP_INLINE OTEL_API extern inline
#include <otel/exporters/otlp.h>

#include "reply.h"
#include "settings.h"

#include <otel/sdk/sdk.h>
#include <stdio.h>
#include <string.h>

#define USER_AGENT "OTel-OTLP-Exporter-C/" OTEL_SDK_VERSION

typedef struct otlp_exporter {
    otel_log_exporter base;
    otel__otlp_settings settings;
    otel_http_client *client;
    otel_str *pieces;
    size_t capacity;
    otel_export_call *call; /* NULL: none under way */
    size_t batch_count;
    bool said; /* that the backend is not content; until it is again */
} otlp_exporter;

static otlp_exporter *of(otel_log_exporter *base)
{
    return (otlp_exporter *)base;
}

static void hide_secrets(const otlp_exporter *self, otel_export_call *call)
{
    otel_http_client_hide(self->client, self->settings.url, call->message);
}

/* ---- answers ---- */

static void say_once(otlp_exporter *self, const char *what, uint32_t rejected, const otel_export_call *call)
{
    if (self->said) return;
    self->said = true;
    otel_diag(OTEL_SEVERITY_WARN, "otlp", "%s (%u of %zu records rejected)%s%s", what, rejected, self->batch_count,
              call->message[0] ? ": " : "", call->message);
}

static void accepted(otlp_exporter *self, otel_export_call *call, const otel_http_response *response)
{
    otel__otlp_success success;
    bool readable = response->fault == OTEL_HTTP_FAULT_NONE && otel__otlp_read_success(response->body, &success);
    if (!readable) {
        say_once(self, "the backend took a batch with an answer that cannot be read", 0, call);
        return;
    }
    uint64_t rejected = (uint64_t)success.rejected;
    call->rejected = (uint32_t)(rejected < self->batch_count ? rejected : self->batch_count);
    snprintf(call->message, sizeof call->message, "%s", success.message);
    hide_secrets(self, call);
    if (call->rejected)
        say_once(self, "the backend did not take everything", call->rejected, call);
    else if (call->message[0])
        say_once(self, "the backend warns", 0, call);
    else
        self->said = false;
}

/* "HTTP 503: try later", or why there was no answer. */
static void explain(const otlp_exporter *self, otel_export_call *call, const otel_http_response *response,
                    const char *said)
{
    const char *words = said;
    if (response->status >= 300 && response->status < 400)
        words = "redirects are not followed, check the endpoint";
    else if (!response->status || response->fault != OTEL_HTTP_FAULT_NONE)
        words = response->error;
    char head[32] = "";
    if (response->status) snprintf(head, sizeof head, "HTTP %u%s", response->status, words[0] ? ": " : "");
    size_t length = strlen(head);
    otel_http_clean_text(words, strlen(words), call->message + length, sizeof call->message - length);
    memcpy(call->message, head, length);
    hide_secrets(self, call);
}

static otel_export_status declined(const otlp_exporter *self, otel_export_call *call,
                                   const otel_http_response *response)
{
    otel__otlp_error error = {0};
    otel_http_verdict verdict = otel_http_judge(response);
    if (response->fault == OTEL_HTTP_FAULT_NONE) otel__otlp_read_error(response->body, &error);
    explain(self, call, response, error.message);
    if (response->status == 413 || (response->status == 400 && error.too_large)) return OTEL_EXPORT_TOO_LARGE;
    if (verdict != OTEL_HTTP_RETRY) return OTEL_EXPORT_REFUSED;
    uint32_t header = response->retry_after_ms;
    call->retry_after_ms = header > error.retry_after_ms ? header : error.retry_after_ms;
    return OTEL_EXPORT_RETRY;
}

static void on_done(void *user, const otel_http_response *response)
{
    otlp_exporter *self = user;
    otel_export_call *call = self->call;
    otel_export_status status = OTEL_EXPORT_OK;
    self->call = NULL;
    if (!call) return;
    if (otel_http_judge(response) == OTEL_HTTP_OK)
        accepted(self, call, response);
    else
        status = declined(self, call, response);
    otel_export_done(call, status);
}

/* ---- requests ---- */

static bool make_room(otlp_exporter *self, size_t count)
{
    if (count <= self->capacity) return true;
    otel_str *pieces = otel_reallocate(self->pieces, count * sizeof *pieces);
    if (!pieces) return false;
    self->pieces = pieces;
    self->capacity = count;
    return true;
}

static otel_deadline earlier(otel_deadline a, otel_deadline b)
{
    return a.monotonic_ns < b.monotonic_ns ? a : b;
}

static otel_export_status answer(otel_export_call *call, otel_export_status status, const char *words)
{
    snprintf(call->message, sizeof call->message, "%s", words);
    return status;
}

static otel_result post(otlp_exporter *self, size_t count, const otel_export_call *call)
{
    otel_http_request request = {
        .url = self->settings.url,
        .pieces = self->pieces,
        .piece_count = count,
        .deadline = earlier(call->deadline, otel_deadline_in_ms(self->settings.timeout_ms)),
        .gzip = self->settings.gzip,
        .done = on_done,
        .user = self,
    };
    return otel_http_client_start(self->client, &request);
}

static otel_export_status otlp_export(otel_log_exporter *base, const otel_log_batch *batch, otel_export_call *call)
{
    otlp_exporter *self = of(base);
    self->batch_count = otel_log_batch_count(batch);
    if (self->batch_count == 0) return OTEL_EXPORT_OK; /* an empty request is for nobody */
    if (otel_log_batch_otlp_bytes(batch) > self->settings.max_request_bytes)
        return answer(call, OTEL_EXPORT_TOO_LARGE, "the request would be longer than max_request_bytes");
    size_t count = otel_log_batch_otlp(batch, NULL, 0);
    if (!make_room(self, count)) return answer(call, OTEL_EXPORT_RETRY, "out of memory");
    otel_log_batch_otlp(batch, self->pieces, self->capacity);
    switch (post(self, count, call)) {
    case OTEL_OK:
        self->call = call;
        return OTEL_EXPORT_PENDING;
    case OTEL_ERR_ARGUMENT:
        return answer(call, OTEL_EXPORT_REFUSED, "the request cannot be made");
    case OTEL_ERR_NO_MEMORY:
        return answer(call, OTEL_EXPORT_RETRY, "out of memory");
    default:
        return answer(call, OTEL_EXPORT_RETRY, "nothing can be sent now");
    }
}

static int32_t otlp_poll_fd(otel_log_exporter *base)
{
    return otel_http_client_poll_fd(of(base)->client);
}

static void otlp_poll(otel_log_exporter *base, int64_t *next_monotonic_ns)
{
    otel_http_client_poll(of(base)->client, next_monotonic_ns);
}

static void otlp_cancel(otel_log_exporter *base)
{
    otel_http_client_cancel(of(base)->client);
    of(base)->call = NULL;
}

static otel_result otlp_shutdown(otel_log_exporter *base, otel_deadline deadline)
{
    (void)deadline; /* closing does not wait */
    otel_http_client_close(of(base)->client);
    of(base)->call = NULL;
    return OTEL_OK;
}

static void otlp_destroy(otel_log_exporter *base)
{
    otlp_exporter *self = of(base);
    otel_http_client_destroy(self->client);
    otel__otlp_settings_release(&self->settings);
    otel_release(self->pieces);
}

static void otlp_after_fork(otel_log_exporter *base)
{
    otel_http_client_after_fork(of(base)->client);
    of(base)->call = NULL;
    of(base)->said = false;
}

static const otel_log_exporter_ops otlp_ops = {
    .size = sizeof otlp_ops,
    .name = "otlp",
    .export_batch = otlp_export,
    .poll_fd = otlp_poll_fd,
    .poll = otlp_poll,
    .cancel = otlp_cancel,
    .shutdown = otlp_shutdown,
    .destroy = otlp_destroy,
    .after_fork = otlp_after_fork,
};

/* ---- making one ---- */

static otel_http_client *make_client(const otel__otlp_settings *settings, const otel_otlp_options *options)
{
    otel_http_header headers[OTEL__OTLP_MAX_HEADERS + 1] = {{"Content-Type", "application/x-protobuf"}};
    memcpy(headers + 1, settings->headers.list, settings->headers.count * sizeof *headers);
    otel_http_options http = {
        .user_agent = USER_AGENT,
        .product = options->user_agent,
        .ca_file = settings->certificate,
        .certificate_file = settings->client_certificate,
        .key_file = settings->client_key,
        .headers = headers,
        .header_count = settings->headers.count + 1,
        .sender = options->sender,
        .source = "otlp",
        .max_response_bytes = settings->max_response_bytes,
        .gzip_level = settings->gzip_level,
        .proxy = options->proxy,
        .no_proxy = options->no_proxy,
    };
    return otel_http_client_new(&http);
}

otel_log_exporter *otel_otlp_exporter_new_sized(const otel_otlp_options *given, size_t size)
{
    otel_otlp_options options = {0};
    if (given) memcpy(&options, given, size < sizeof options ? size : sizeof options);
    otlp_exporter *self = otel_log_exporter_new(sizeof *self, &otlp_ops);
    bool usable = self && otel__otlp_settings_read(&self->settings, &options);
    if (usable) {
        self->client = make_client(&self->settings, &options);
        options.sender = NULL; /* the client's now, or destroyed */
    }
    if (self && self->client) return &self->base;
    if (options.sender && options.sender->ops) options.sender->ops->destroy(options.sender);
    if (self) otel_log_exporter_destroy(&self->base);
    return NULL;
}

static otel_log_exporter *create(const struct otel_config *properties)
{
    (void)properties; /* there is no configuration file yet: the environment */
    return otel_otlp_exporter_new(NULL);
}

const otel_log_exporter_factory *otel_otlp_exporter_factory(void)
{
    static const otel_log_exporter_factory factory = {.size = sizeof factory, .name = "otlp", .create = create};
    return &factory;
}
