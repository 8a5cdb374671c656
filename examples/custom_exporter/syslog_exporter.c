/* An exporter of your own: records go to syslog. Keeping, waiting, retrying and counting them is the SDK's work. */
#include "syslog_exporter.h"

#include <otel/sdk/log_exporter.h>
#include <stdio.h>
#include <syslog.h>

/* EMERG is left out on purpose: it shouts at every terminal. No severity counts as INFO. */
static int level_of(otel_severity severity)
{
    if (severity >= OTEL_SEVERITY_ERROR2) return LOG_CRIT;
    if (severity >= OTEL_SEVERITY_ERROR) return LOG_ERR;
    if (severity >= OTEL_SEVERITY_WARN) return LOG_WARNING;
    if (severity >= OTEL_SEVERITY_INFO2) return LOG_NOTICE;
    return severity >= OTEL_SEVERITY_INFO || severity <= 0 ? LOG_INFO : LOG_DEBUG;
}

/* "body key=value key=value", cut at the end of `text`. */
static void print_record(const otel_log_record *record, char *text, size_t size)
{
    char value[256];
    size_t used = otel_value_text(&record->body, text, size);
    otel_attr attribute;

    for (otel_iter it = otel_log_record_attrs(record); used < size && otel_attr_next(&it, &attribute);) {
        otel_value_text(&attribute.value, value, sizeof value);
        used += (size_t)snprintf(text + used, size - used, " %.*s=%s", (int)attribute.key_size, attribute.key, value);
    }
}

static otel_export_status syslog_export(otel_log_exporter *self, const otel_log_batch *batch, otel_export_call *call)
{
    char text[1024];

    (void)self;
    (void)call;
    for (otel_log_cursor cursor = otel_log_batch_begin(batch); otel_log_next(&cursor);) {
        print_record(&cursor.record, text, sizeof text);
        syslog(level_of(cursor.record.severity), "%s: %s", cursor.record.scope->name, text);
    }
    return OTEL_EXPORT_OK;
}

static const otel_log_exporter_ops syslog_ops = {.size = sizeof syslog_ops,
                                                 .name = "syslog",
                                                 .flags = OTEL_EXPORTER_BLOCKS, /* syslog() waits for its daemon */
                                                 .export_batch = syslog_export};

static otel_log_exporter *syslog_exporter_new(const struct otel_config *properties)
{
    (void)properties;
    openlog(NULL, LOG_PID | LOG_PERROR, LOG_USER); /* LOG_PERROR: also on standard error: there may be no daemon */
    return otel_log_exporter_new(sizeof(otel_log_exporter), &syslog_ops);
}

const otel_log_exporter_factory syslog_exporter = {sizeof syslog_exporter, "syslog", syslog_exporter_new};
