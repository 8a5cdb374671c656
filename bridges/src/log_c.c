/* What <otel/bridges/log_c.h> needs besides the log.h of its user. */
#include <stdarg.h>
typedef struct log_Event { /* as far as the header looks into it */
    va_list ap;
    const char *fmt, *file;
    void *udata;
    int line, level;
} log_Event;
#include <otel/bridges/log_c.h>

static otel_logger logger = OTEL_LOGGER_INIT("log.c", NULL);

otel_logger *otel_bridge_log_c_logger(void)
{
    return &logger;
}

otel_severity otel_bridge_log_c_severity(int level)
{
    static const otel_severity severities[] = {OTEL_SEVERITY_TRACE, OTEL_SEVERITY_DEBUG, OTEL_SEVERITY_INFO,
                                               OTEL_SEVERITY_WARN,  OTEL_SEVERITY_ERROR, OTEL_SEVERITY_FATAL};
    return severities[level < 0 ? 0 : level > 5 ? 5 : level];
}
