/* The connection string of an Application Insights resource. */
#include "connection_string.h"

#include <otel/sdk/allocator.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define DEFAULT_ENDPOINT "https://dc.services.visualstudio.com"

static char *copy(const char *text, size_t size)
{
    char *out = otel_allocate(size + 1);
    if (out) memcpy(out, text, size);
    return out;
}

static char *value_of(const char *text, const char *key)
{
    size_t length = strlen(key);
    for (const char *at = text; *at;) {
        size_t size = strcspn(at, ";");
        if (size > length && at[length] == '=' && strncasecmp(at, key, length) == 0)
            return copy(at + length + 1, size - length - 1);
        at += size + (at[size] == ';');
    }
    return NULL;
}

const char *otel__azure_connection_read(otel__azure_connection *connection, const char *text)
{
    *connection = (otel__azure_connection){.instrumentation_key = value_of(text, "InstrumentationKey")};
    if (!connection->instrumentation_key) return "it has no InstrumentationKey";
    char *endpoint = value_of(text, "IngestionEndpoint"), url[4200];
    const char *base = endpoint ? endpoint : DEFAULT_ENDPOINT;
    size_t size = strlen(base);
    while (size && base[size - 1] == '/') size--;
    snprintf(url, sizeof url, "%.*s/v2.1/track", (int)size, base);
    connection->track_url = copy(url, strlen(url));
    otel_release(endpoint);
    return NULL;
}

void otel__azure_connection_release(otel__azure_connection *connection)
{
    otel_release(connection->instrumentation_key);
    otel_release(connection->track_url);
    otel_release(connection->audience);
    *connection = (otel__azure_connection){0};
}
