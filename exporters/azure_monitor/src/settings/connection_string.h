/* The connection string of an Application Insights resource: "InstrumentationKey=...;IngestionEndpoint=https://...". */
#ifndef OTEL__AZURE_CONNECTION_STRING_H
#define OTEL__AZURE_CONNECTION_STRING_H
#include <otel/base.h>

enum { OTEL__AZURE_KEY_BYTES = 40, OTEL__AZURE_CONNECTION_BYTES = 4096 };

typedef struct otel__azure_connection {
    char *instrumentation_key; /* as given */
    char *track_url;           /* of the ingestion endpoint, path included: ".../v2.1/track" */
    char *audience;            /* of tokens, NULL: the public cloud's */
    bool other_scheme;         /* Authorization names another scheme than ikey, which is the only one */
} otel__azure_connection;

/* Why a text cannot be used, in static words that repeat nothing of it. */
typedef struct otel__azure_fault {
    const char *part; /* "IngestionEndpoint: "; "": the whole text */
    const char *what; /* "it names no host"; NULL: no fault */
} otel__azure_fault;

/* With a fault nothing is to be released. */
otel__azure_fault otel__azure_connection_read(otel__azure_connection *connection, const char *text);
/* The same of a key alone, at the public cloud's default endpoint. */
otel__azure_fault otel__azure_connection_of_key(otel__azure_connection *connection, const char *key);
void otel__azure_connection_release(otel__azure_connection *connection);

/* 8-4-4-4-12 hexadecimal digits in any case, which every real key is. */
bool otel__azure_is_uuid(const char *text);
#endif
