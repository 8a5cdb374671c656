/* Prefixes of at most three digits. */
#include "priority.h"

enum { MOST_DIGITS = 3, MOST_PRIORITY = 191 };

otel_severity otel__severity_of_level(unsigned level)
{
    static const otel_severity severities[] = {OTEL_SEVERITY_FATAL, OTEL_SEVERITY_ERROR3, OTEL_SEVERITY_ERROR2,
                                               OTEL_SEVERITY_ERROR, OTEL_SEVERITY_WARN,   OTEL_SEVERITY_INFO2,
                                               OTEL_SEVERITY_INFO,  OTEL_SEVERITY_DEBUG};
    return severities[level & 7u];
}

bool otel__priority_read(const char *line, size_t size, otel__priority *priority)
{
    unsigned number = 0;
    size_t at = 1;
    if (size == 0 || *line != '<') return false;
    for (; at < size && at <= MOST_DIGITS && line[at] >= '0' && line[at] <= '9'; at++)
        number = number * 10u + (unsigned)(line[at] - '0');
    if (at == 1 || at == size || line[at] != '>' || number > MOST_PRIORITY) return false;
    *priority = (otel__priority){
        .severity = otel__severity_of_level(number & 7u), .facility = (int)(number >> 3), .size = at + 1};
    return true;
}
