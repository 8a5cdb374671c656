/* Severities: the service's five levels, and the names that opencensus gave them. */
#ifndef OTEL__AZURE_SEVERITY_H
#define OTEL__AZURE_SEVERITY_H
#include <otel/severity.h>

/* 0 to 4; -1: there is none. */
int otel__azure_severity_level(otel_severity severity);
/* "TRACE" to "CRITICAL"; NULL: there is none. */
const char *otel__azure_severity_name(otel_severity severity);
/* Whether a text says what the number says, or nothing. */
bool otel__azure_severity_says(otel_severity severity, otel_str text);
#endif
