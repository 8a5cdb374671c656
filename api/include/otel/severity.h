/* Severities of log records, 1 to 24 (Logs Data Model, "Field: SeverityNumber"). */
#ifndef OTEL_SEVERITY_H
#define OTEL_SEVERITY_H
#include <otel/base.h>

typedef int32_t otel_severity;
enum {
    OTEL_SEVERITY_UNSPECIFIED = 0,
    OTEL_SEVERITY_TRACE = 1,
    OTEL_SEVERITY_TRACE2,
    OTEL_SEVERITY_TRACE3,
    OTEL_SEVERITY_TRACE4,
    OTEL_SEVERITY_DEBUG = 5,
    OTEL_SEVERITY_DEBUG2,
    OTEL_SEVERITY_DEBUG3,
    OTEL_SEVERITY_DEBUG4,
    OTEL_SEVERITY_INFO = 9,
    OTEL_SEVERITY_INFO2,
    OTEL_SEVERITY_INFO3,
    OTEL_SEVERITY_INFO4,
    OTEL_SEVERITY_WARN = 13,
    OTEL_SEVERITY_WARN2,
    OTEL_SEVERITY_WARN3,
    OTEL_SEVERITY_WARN4,
    OTEL_SEVERITY_ERROR = 17,
    OTEL_SEVERITY_ERROR2,
    OTEL_SEVERITY_ERROR3,
    OTEL_SEVERITY_ERROR4,
    OTEL_SEVERITY_FATAL = 21,
    OTEL_SEVERITY_FATAL2,
    OTEL_SEVERITY_FATAL3,
    OTEL_SEVERITY_FATAL4
};

/* A record without a severity passes every minimum (Logs SDK, "LoggerConfig"): it ranks above FATAL4. */
#define OTEL_SEVERITY_RANK(severity) ((severity) == 0 ? 25 : (severity))
/* The rank that no record reaches: the gate of a process in which nobody listens. */
#define OTEL_GATE_CLOSED 26

OTEL_EXTERN_C_BEGIN

/* The short name: "INFO", "INFO2", ... "" for 0 and for what is out of range; never NULL, static. Signal-safe. */
OTEL_API const char *otel_severity_name(otel_severity severity);

/* Reads a name as above, in any case ("warn", "ERROR3"), or a number from 0 to 24; false for anything else, *severity
 * is then left alone. Signal-safe. */
OTEL_API bool otel_severity_parse(const char *text, size_t size, otel_severity *severity);

OTEL_EXTERN_C_END
#endif
