/* The Azure Monitor exporter of logs. */
#include <otel/sdk/log_exporter.h>
#define OTEL_AZURE_MONITOR_INLINE OTEL_API extern inline
#include <otel/exporters/azure_monitor.h>

#include "settings.h"

#include <otel/sdk/sdk.h>
#include <stdio.h>
#include <string.h>

#define USER_AGENT "OTel-Azure-Monitor-Exporter-C/" OTEL_SDK_VERSION

typedef struct azure_exporter {
    otel_log_exporter base;
    otel__azure_settings settings;
    otel__azure_writer *writer;
    otel_http_client *client;
    otel__azure_buffer body;
    otel_str piece;
    otel_export_call *call; /* NULL: none under way */
} azure_exporter;

static azure_exporter *of(otel_log_exporter *base)
{
    return (azure_exporter *)base;
}

static void on_done(void *user, const otel_http_response *response)
{
    azure_exporter *self = user;
    otel_export_call *call = self->call;
    self->call = NULL;
    snprintf(call->message, sizeof call->message, "HTTP %u", response->status);
    otel_export_done(call, otel_http_judge(response));
}

static bool write_body(azure_exporter *self, const otel_log_batch *batch)
{
    otel_azure_monitor_kind kind;
    self->body.size = 0;
    for (otel_log_cursor cursor = otel_log_batch_begin(batch); otel_log_next(&cursor);)
        if (!otel__azure_buffer_append(&self->body, self->body.size ? "," : "[", 1) ||
            !otel__azure_write(self->writer, &cursor.record, 0, &self->body, &kind))
            return false;
    return otel__azure_buffer_append(&self->body, "]", 1);
}

static otel_export_status azure_export(otel_log_exporter *base, const otel_log_batch *batch, otel_export_call *call)
{
    azure_exporter *self = of(base);
    if (!write_body(self, batch)) return OTEL_EXPORT_RETRY;
    self->piece = (otel_str){self->body.data, (uint32_t)self->body.size};
    otel_http_request request = {
        .url = self->settings.connection.track_url,
        .pieces = &self->piece,
        .piece_count = 1,
        .deadline = call->deadline,
        .gzip = self->settings.gzip,
        .done = on_done,
        .user = self,
    };
    if (otel_http_client_start(self->client, &request) != OTEL_OK) return OTEL_EXPORT_RETRY;
    self->call = call;
    return OTEL_EXPORT_PENDING;
}

static int32_t azure_poll_fd(otel_log_exporter *base)
{
    return otel_http_client_poll_fd(of(base)->client);
}

static void azure_poll(otel_log_exporter *base, int64_t *next_monotonic_ns)
{
    otel_http_client_poll(of(base)->client, next_monotonic_ns);
}

static void azure_cancel(otel_log_exporter *base)
{
    otel_http_client_cancel(of(base)->client);
    of(base)->call = NULL;
}

static otel_result azure_shutdown(otel_log_exporter *base, otel_deadline deadline)
{
    (void)deadline; /* closing does not wait */
    otel_http_client_close(of(base)->client);
    return OTEL_OK;
}

static void azure_destroy(otel_log_exporter *base)
{
    azure_exporter *self = of(base);
    otel_http_client_destroy(self->client);
    otel__azure_writer_destroy(self->writer);
    otel__azure_buffer_release(&self->body);
    otel__azure_settings_release(&self->settings);
}

static void azure_after_fork(otel_log_exporter *base)
{
    otel_http_client_after_fork(of(base)->client);
    otel__azure_writer_forget(of(base)->writer);
    of(base)->call = NULL;
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
};

/* ---- making one ---- */

static void write_agent(char *out, size_t size, const char *product)
{
    otel_http_header header = {"User-Agent", product};
    bool given = product && *product;
    bool good = given && otel_http_header_ok(&header) && strlen(product) + sizeof USER_AGENT < size;
    if (given && !good)
        otel_diag(OTEL_SEVERITY_WARN, "azure_monitor", "user_agent is too long or no header's value: left out");
    snprintf(out, size, "%s%s" USER_AGENT, good ? product : "", good ? " " : "");
}

static otel_http_client *make_client(const otel_azure_monitor_options *options)
{
    static const otel_http_header headers[] = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
    char agent[256];
    write_agent(agent, sizeof agent, options->user_agent);
    otel_http_options http = {
        .user_agent = agent,
        .ca_file = options->certificate,
        .headers = headers,
        .header_count = sizeof headers / sizeof *headers,
        .sender = options->sender,
        .source = "azure_monitor",
        .proxy = options->proxy,
        .no_proxy = options->no_proxy,
    };
    return otel_http_client_new(&http);
}

otel_log_exporter *otel_azure_monitor_exporter_new_sized(const otel_azure_monitor_options *given, size_t size)
{
    otel_azure_monitor_options options = {0};
    if (given) memcpy(&options, given, size < sizeof options ? size : sizeof options);
    azure_exporter *self = otel_log_exporter_new(sizeof *self, &azure_ops);
    if (self && otel__azure_settings_read(&self->settings, &options)) {
        self->writer = otel__azure_writer_new(&self->settings.mapping);
        self->client = make_client(&options);
        options.sender = NULL; /* the client's now, or destroyed */
    }
    if (self && self->client && self->writer) return &self->base;
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
