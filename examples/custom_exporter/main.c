/* A program that brings an exporter of its own: OTEL_LOGS_EXPORTER=syslog works beside console and otlp. */
#include "syslog_exporter.h"

#include <otel/otel.h>

static otel_logger logger = OTEL_LOGGER_INIT("backup.daemon", "2.0.0");

int main(void)
{
    otel_log_exporter_register(&syslog_exporter);
    otel_start(&(otel_options){.service_name = "backup", .logs_exporter = "syslog"});
    OTEL_LOG_INFO(&logger, "backup started", OTEL_STR("volume", "home"));
    OTEL_LOG_WARN(&logger, "disk nearly full", OTEL_INT("free.percent", 4));
    return otel_stop(5000) != OTEL_OK;
}
