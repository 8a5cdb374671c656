/* The calls of <otel/bridges/syslog.h>. Libc is told too, so that it knows when a line must go there. */
#include <otel/bridges/syslog.h>
#include "syslog_record.h"
#include <errno.h>
#include <otel/provider.h>
#undef openlog
#undef closelog
#undef setlogmask
#undef syslog
#undef vsyslog

void otel_openlog(const char *ident, int option, int facility)
{
    int saved = errno;
    otel__syslog_settings_open(ident, option, facility);
    openlog(ident, option, facility);
    errno = saved;
}

void otel_closelog(void)
{
    int saved = errno;
    otel__syslog_settings_close();
    closelog();
    errno = saved;
}

int otel_setlogmask(int mask)
{
    setlogmask(mask);
    return otel__syslog_mask_set(mask);
}

static void record(const otel_log_site *site, int priority, const char *format, va_list arguments)
{
    otel__text text;
    otel__syslog_settings settings = otel__syslog_settings_now();
    if (!otel__syslog_mask_lets(priority)) return;
    otel__text_format(&text, format, arguments);
    otel__syslog_record(site, &settings, priority, &text);
    if (settings.option & LOG_PERROR) otel__syslog_perror(&settings, &text);
}

void otel_vsyslog(const char *file, int line, const char *function, int priority, const char *format, va_list arguments)
{
    int saved = errno;
    otel_log_site site = otel_bridge_site(file, line, function);
    if (!format) return;
    if (otel_provider_global())
        record(&site, priority, format, arguments);
    else
        vsyslog(priority, format, arguments);
    errno = saved;
}

void otel_syslog(const char *file, int line, const char *function, int priority, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    otel_vsyslog(file, line, function, priority, format, arguments);
    va_end(arguments);
}
