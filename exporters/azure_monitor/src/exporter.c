/* The Azure Monitor exporter of logs. */
#include <otel/sdk/log_exporter.h>
#define OTEL_AZURE_MONITOR_INLINE OTEL_API extern inline
#include <otel/exporters/azure_monitor.h>

#include "delivery/delivery.h"
#include "descriptors.h"
#include "user_agent.h"

#include <string.h>

enum { UNWATCHED_MS = 100 };

typedef struct azure_exporter {
    otel_log_exporter base;
    otel__azure_settings settings;
    otel__azure_writer *writer;
    otel_http_client *client;
    otel__azure_delivery delivery;
    otel_log_exporter_ops blocking_ops;
    int32_t both; /* the client's descriptor and the credential's in one; -1: the client's is all there is */
} azure_exporter;

static azure_exporter *of(otel_log_exporter *base)
{
    return (azure_exporter *)base;
}

static otel_export_status azure_export(otel_log_exporter *base, const otel_log_batch *batch, otel_export_call *call)
{
    return otel__azure_delivery_begin(&of(base)->delivery, batch, call);
}

static int32_t azure_poll_fd(otel_log_exporter *base)
{
    return of(base)->both >= 0 ? of(base)->both : otel_http_client_poll_fd(of(base)->client);
}

/* Nobody watches the credential's descriptor when the two could not be joined. */
static void look_soon(const azure_exporter *self, int64_t *next)
{
    int64_t soon = otel_deadline_in_ms(UNWATCHED_MS).monotonic_ns;
    bool unwatched = self->settings.token && self->both < 0 && otel__azure_token_poll_fd(self->settings.token) >= 0;
    if (unwatched && soon < *next) *next = soon;
}

static void azure_poll(otel_log_exporter *base, int64_t *next_monotonic_ns)
{
    azure_exporter *self = of(base);
    otel_export_call *call = self->delivery.call;
    otel_export_status status = otel__azure_delivery_poll(&self->delivery, next_monotonic_ns);
    if (status != OTEL_EXPORT_PENDING) otel_export_done(call, status);
    if (self->delivery.call) look_soon(self, next_monotonic_ns);
}

static void azure_cancel(otel_log_exporter *base)
{
    otel__azure_delivery_cancel(&of(base)->delivery);
}

/* With a credential that sleeps, on a thread of its own. */
static otel_export_status azure_export_blocking(otel_log_exporter *base, const otel_log_batch *batch,
                                                otel_export_call *call)
{
    azure_exporter *self = of(base);
    int64_t next = 0;
    otel_export_status status = otel__azure_delivery_begin(&self->delivery, batch, call);
    while (status == OTEL_EXPORT_PENDING) {
        otel__azure_descriptor_wait(otel_http_client_poll_fd(self->client), next);
        status = otel__azure_delivery_poll(&self->delivery, &next);
    }
    return status;
}

static void say_losses(const azure_exporter *self)
{
    char text[512];
    bool bad = otel__azure_losses_text(&self->delivery.losses, text, sizeof text);
    if (!text[0]) return;
    otel_diag(bad ? OTEL_SEVERITY_WARN : OTEL_SEVERITY_INFO, "azure_monitor", "not stored by the service: %s", text);
}

static otel_result azure_shutdown(otel_log_exporter *base, otel_deadline deadline)
{
    (void)deadline; /* closing does not wait */
    azure_cancel(base);
    otel_http_client_close(of(base)->client);
    say_losses(of(base));
    return OTEL_OK;
}

static void azure_destroy(otel_log_exporter *base)
{
    azure_exporter *self = of(base);
    otel__azure_descriptor_close(self->both);
    otel_http_client_destroy(self->client);
    otel__azure_delivery_release(&self->delivery);
    otel__azure_writer_destroy(self->writer);
    otel__azure_settings_release(&self->settings);
}

static int32_t join_descriptors(const azure_exporter *self)
{
    int32_t token = self->settings.token ? otel__azure_token_poll_fd(self->settings.token) : -1;
    return token < 0 ? -1 : otel__azure_descriptor_join(otel_http_client_poll_fd(self->client), token);
}

static void azure_after_fork(otel_log_exporter *base)
{
    azure_exporter *self = of(base);
    otel__azure_descriptor_close(self->both);
    otel__azure_delivery_after_fork(&self->delivery);
    otel__azure_writer_forget(self->writer);
    self->both = join_descriptors(self);
}

static size_t azure_losses(const otel_log_exporter *base, otel_export_loss *losses, size_t capacity)
{
    return otel__azure_losses_read(&((const azure_exporter *)base)->delivery.losses, losses, capacity);
}

static const otel_log_exporter_ops azure_ops = {
    .size = sizeof azure_ops,
    .name = "azure_monitor",
    .export_batch = azure_export,
    .poll_fd = azure_poll_fd,
    .poll = azure_poll,
    .cancel = azure_cancel,
    .shutdown = azure_shutdown,
    .destroy = azure_destroy,
    .after_fork = azure_after_fork,
    .losses = azure_losses,
};

/* The same for a credential that sleeps. */
static void choose_operations(azure_exporter *self)
{
    if (!self->settings.token || !otel__azure_token_blocks(self->settings.token)) return;
    self->blocking_ops = azure_ops;
    self->blocking_ops.flags = OTEL_EXPORTER_BLOCKS;
    self->blocking_ops.export_batch = azure_export_blocking;
    self->blocking_ops.poll_fd = NULL;
    self->blocking_ops.poll = NULL;
    self->blocking_ops.cancel = NULL;
    self->base.ops = &self->blocking_ops;
}

/* ---- making one ---- */

static otel_http_client *make_client(const otel_azure_monitor_options *options)
{
    static const otel_http_header headers[] = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
    otel_http_options http = {
        .user_agent = OTEL__AZURE_USER_AGENT,
        .product = options->user_agent,
        .ca_file = options->certificate,
        .headers = headers,
        .header_count = sizeof headers / sizeof *headers,
        .sender = options->sender,
        .source = "azure_monitor",
        .max_retry_after_ms = 2 * 24 * 3600 * 1000, /* of a quota; the rest is a day at most */
        .proxy = options->proxy,
        .no_proxy = options->no_proxy,
    };
    return otel_http_client_new(&http);
}

static bool make(azure_exporter *self, otel_azure_monitor_options *options)
{
    self->both = -1;
    if (!otel__azure_settings_read(&self->settings, options)) return false;
    self->writer = otel__azure_writer_new(&self->settings.mapping);
    self->client = make_client(options);
    options->sender = NULL; /* the client's now, or destroyed */
    if (!self->writer || !self->client) return false;
    otel__azure_delivery_init(&self->delivery, &self->settings, self->client, self->writer);
    self->delivery.losses.on_loss = options->on_loss;
    self->delivery.losses.user = options->user;
    self->both = join_descriptors(self);
    choose_operations(self);
    return true;
}

otel_log_exporter *otel_azure_monitor_exporter_new_sized(const otel_azure_monitor_options *given, size_t size)
{
    otel_azure_monitor_options options = {0};
    if (given) memcpy(&options, given, size < sizeof options ? size : sizeof options);
    azure_exporter *self = otel_log_exporter_new(sizeof *self, &azure_ops);
    if (self && make(self, &options)) return &self->base;
    if (!self) otel__azure_credential_destroy(options.credential);
    if (options.sender && options.sender->ops) options.sender->ops->destroy(options.sender);
    if (self) otel_log_exporter_destroy(&self->base);
    return NULL;
}

static otel_log_exporter *create(const struct otel_config *properties)
{
    (void)properties; /* there is no configuration file yet: the environment */
    return otel_azure_monitor_exporter_new(NULL);
}

const otel_log_exporter_factory *otel_azure_monitor_exporter_factory(void)
{
    static const otel_log_exporter_factory factory = {
        .size = sizeof factory, .name = "azure_monitor", .create = create};
    return &factory;
}
