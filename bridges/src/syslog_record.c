/* Priorities, facilities and options of syslog(3), and what becomes of them. (Logs Data Model, "Appendix A") */
#include "syslog_record.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <syslog.h>
#include <unistd.h>

static otel_logger logger = OTEL_LOGGER_INIT("syslog", NULL);

static const struct {
    otel_severity severity;
    const char *name;
} priorities[8] = {
    {OTEL_SEVERITY_FATAL, "emerg"}, {OTEL_SEVERITY_ERROR3, "alert"}, {OTEL_SEVERITY_ERROR2, "crit"},
    {OTEL_SEVERITY_ERROR, "err"},   {OTEL_SEVERITY_WARN, "warning"}, {OTEL_SEVERITY_INFO2, "notice"},
    {OTEL_SEVERITY_INFO, "info"},   {OTEL_SEVERITY_DEBUG, "debug"},
};

/* By number, as the journal and the Collector have it. */
static int facility_of(int priority, int otherwise)
{
    return (priority & LOG_FACMASK ? priority & LOG_FACMASK : otherwise ? otherwise : LOG_USER) >> 3;
}

const char *otel__syslog_name(const otel__syslog_settings *settings)
{
    return *settings->ident ? settings->ident : program_invocation_short_name;
}

void otel__syslog_record(const otel_log_site *site, const otel__syslog_settings *settings, int priority,
                         const otel__text *text)
{
    char process[16];
    otel_severity severity = priorities[LOG_PRI(priority)].severity;
    if (!otel__syslog_mask_lets(priority) || !otel_log_wanted(&logger, severity)) return;
    snprintf(process, sizeof process, "%ld", (long)getpid());
    const otel_attr attributes[] = {
        OTEL_INT("syslog.facility", facility_of(priority, settings->facility)),
        otel_attr_optional("syslog.appname", otel__syslog_name(settings)),
        otel_attr_optional("syslog.procid", settings->option & LOG_PID ? process : NULL),
        OTEL_WITH_SEVERITY_TEXT(priorities[LOG_PRI(priority)].name),
    };
    otel_logger_log(&logger, site, severity, otel_stringn(text->data, text->size), attributes,
                    sizeof attributes / sizeof *attributes);
}

void otel__syslog_perror(const otel__syslog_settings *settings, const otel__text *text)
{
    char head[OTEL__IDENT_MAX + 32];
    int n = settings->option & LOG_PID
                ? snprintf(head, sizeof head, "%.63s[%ld]: ", otel__syslog_name(settings), (long)getpid())
                : snprintf(head, sizeof head, "%.63s: ", otel__syslog_name(settings));
    struct iovec pieces[] = {{head, (size_t)n}, {(void *)(uintptr_t)text->data, text->size}, {(char[]){'\n'}, 1}};
    if (writev(STDERR_FILENO, pieces, 3) < 0) return; /* nowhere to say so */
}
