/* Prefixes of at most three digits. */
#include "priority.h"

#include <string.h>
#include <strings.h>

enum { MOST_DIGITS = 3, MOST_PRIORITY = 191, LEVELS = 8 };

const otel__level *otel__syslog_level(unsigned number)
{
    static const otel__level levels[] = {
        {OTEL_SEVERITY_FATAL, "emerg"}, {OTEL_SEVERITY_ERROR3, "alert"}, {OTEL_SEVERITY_ERROR2, "crit"},
        {OTEL_SEVERITY_ERROR, "err"},   {OTEL_SEVERITY_WARN, "warning"}, {OTEL_SEVERITY_INFO2, "notice"},
        {OTEL_SEVERITY_INFO, "info"},   {OTEL_SEVERITY_DEBUG, "debug"},
    };
    return &levels[number & 7u];
}

bool otel__level_parse(const char *name, size_t size, otel_severity *severity)
{
    static const otel__level others[] = {{OTEL_SEVERITY_FATAL, "critical"},
                                         {OTEL_SEVERITY_FATAL, "panic"},
                                         {OTEL_SEVERITY_INFO, "information"},
                                         {OTEL_SEVERITY_TRACE, "verbose"}};
    for (unsigned i = 0; i < LEVELS + sizeof others / sizeof *others; i++) {
        const otel__level *level = i < LEVELS ? otel__syslog_level(i) : &others[i - LEVELS];
        if (strlen(level->name) != size || strncasecmp(level->name, name, size) != 0) continue;
        *severity = level->severity;
        return true;
    }
    return false;
}

bool otel__priority_read(const char *line, size_t size, otel__priority *priority)
{
    unsigned number = 0;
    size_t at = 1;
    if (size == 0 || *line != '<') return false;
    for (; at < size && at <= MOST_DIGITS && line[at] >= '0' && line[at] <= '9'; at++)
        number = number * 10u + (unsigned)(line[at] - '0');
    if (at == 1 || at == size || line[at] != '>' || number > MOST_PRIORITY) return false;
    *priority =
        (otel__priority){.level = otel__syslog_level(number & 7u), .facility = (int)(number >> 3), .size = at + 1};
    return true;
}
