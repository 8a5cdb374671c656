/* The syslog exporter: register it before otel_start, then OTEL_LOGS_EXPORTER=syslog finds it. */
#ifndef SYSLOG_EXPORTER_H
#define SYSLOG_EXPORTER_H
#include <otel/sdk/log_exporter.h>

extern const otel_log_exporter_factory syslog_exporter;
#endif
