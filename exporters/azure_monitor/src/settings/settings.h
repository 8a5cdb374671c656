/* What the exporter is set to: by its options, else by the environment. */
#ifndef OTEL__AZURE_SETTINGS_H
#define OTEL__AZURE_SETTINGS_H
#include "connection_string.h"
#include "../mapping/envelope.h"
#include "../credentials/token.h"

typedef struct otel__azure_settings {
    otel__azure_connection connection;
    otel__azure_mapping mapping; /* its key is the connection's */
    otel__azure_token *token;    /* NULL: requests carry none */
    uint32_t gzip, timeout_ms, max_items, max_request_bytes, sequence;
} otel__azure_settings;

/* false: refused, said through diag; nothing is to be released then. The credential of the options is taken in any
 * case.
 */
bool otel__azure_settings_read(otel__azure_settings *settings, const otel_azure_monitor_options *options);
void otel__azure_settings_release(otel__azure_settings *settings);
#endif
