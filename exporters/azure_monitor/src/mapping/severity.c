/* Severities: the service's five levels, and the names that opencensus gave them. */
#include "severity.h"

#include <string.h>
#include <strings.h>

static const struct {
    const char *name, *other; /* also said so */
    int level;
} groups[] = {{"TRACE", "TRACE", 0},  {"DEBUG", "DEBUG", 0}, {"INFO", "INFO", 1},
              {"WARNING", "WARN", 2}, {"ERROR", "ERROR", 3}, {"CRITICAL", "FATAL", 4}};

/* Four numbers a group; a number above all is the last. */
static int group_of(otel_severity severity)
{
    if (severity <= 0) return -1;
    return severity > OTEL_SEVERITY_FATAL4 ? 5 : (severity - 1) / 4;
}

int otel__azure_severity_level(otel_severity severity)
{
    int group = group_of(severity);
    return group < 0 ? -1 : groups[group].level;
}

const char *otel__azure_severity_name(otel_severity severity)
{
    int group = group_of(severity);
    return group < 0 ? NULL : groups[group].name;
}

static bool same(otel_str text, const char *name)
{
    return text.size == strlen(name) && strncasecmp(text.data, name, text.size) == 0;
}

bool otel__azure_severity_says(otel_severity severity, otel_str text)
{
    int group = group_of(severity);
    if (group < 0 || !text.data || text.size == 0) return true;
    return same(text, groups[group].name) || same(text, groups[group].other);
}
