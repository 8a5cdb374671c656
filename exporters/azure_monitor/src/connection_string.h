/* The connection string of an Application Insights resource. */
#ifndef OTEL__AZURE_CONNECTION_STRING_H
#define OTEL__AZURE_CONNECTION_STRING_H
#include <otel/base.h>

typedef struct otel__azure_connection {
    char *instrumentation_key;
    char *track_url; /* of the ingestion endpoint, path included: ".../v2.1/track" */
    char *audience;  /* of tokens, NULL: the public cloud's */
} otel__azure_connection;

/* NULL: read. Otherwise why not, in static words that repeat nothing of the text; nothing is to be released then. */
const char *otel__azure_connection_read(otel__azure_connection *connection, const char *text);
void otel__azure_connection_release(otel__azure_connection *connection);
#endif
