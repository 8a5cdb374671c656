/* A line of syslog(3) as a record, for the header's calls and for the library that is preloaded. */
#ifndef OTEL__BRIDGE_SYSLOG_RECORD_H
#define OTEL__BRIDGE_SYSLOG_RECORD_H
#include "syslog_settings.h"
#include "bridge_text.h"

/* site NULL: the place of the call is not known. What setlogmask keeps out is not emitted. */
void otel__syslog_record(const otel_log_site *site, const otel__syslog_settings *settings, int priority,
                         const otel__text *text);
/* LOG_PERROR: the line on standard error, as libc writes it. */
void otel__syslog_perror(const otel__syslog_settings *settings, const otel__text *text);
/* openlog's ident, else the program's name. */
const char *otel__syslog_name(const otel__syslog_settings *settings);
#endif
