/* Names that OTEL_LOGS_EXPORTER may hold. */
#ifndef OTEL__REGISTRY_H
#define OTEL__REGISTRY_H
#include <otel/sdk/log_exporter.h>

/* Makes an exporter by the first `size` characters of name; *known: there is such a name. */
otel_log_exporter *otel__registry_create(const char *name, size_t size, bool *known);
bool otel__registry_has(const char *name);
/* The names, "console, none, otlp"; for messages. */
void otel__registry_names(char *out, size_t size);
#endif
