/* Connection strings: what is accepted is a key and a URL that can be used as they are. */
#include "azure_monitor/src/settings/connection_string.h"
#include "azure_monitor/src/settings/endpoint.h"
#include <otel/exporters/http.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_url(const char *url)
{
    static const char path[] = "/v2.1/track";
    size_t size = strlen(url), least = sizeof path - 1;
    if (otel_http_url_fault(url) || strpbrk(url, "@?#")) abort();
    if (size < least || strcmp(url + size - least, path) != 0) abort();
    if (strstr(strstr(url, "://") + 3, "//")) abort();
    if (size > OTEL__AZURE_CONNECTION_BYTES + 64) abort();
    otel__azure_endpoint_reach(url);
}

static void check_key(const char *key)
{
    size_t size = strlen(key);
    if (!size || size > OTEL__AZURE_KEY_BYTES) abort();
    for (size_t i = 0; i < size; i++)
        if (key[i] <= ' ' || key[i] >= 0x7f || strchr("\"\\;=", key[i])) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    otel__azure_connection connection;
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    if (otel__azure_connection_read(&connection, text).what) {
        if (connection.track_url || connection.instrumentation_key || connection.audience) abort();
    } else {
        check_url(connection.track_url);
        check_key(connection.instrumentation_key);
        if (!strstr(text, connection.instrumentation_key)) abort();
        otel__azure_connection_release(&connection);
    }
    otel__azure_is_uuid(text);
    if (!otel__azure_connection_of_key(&connection, text).what) {
        check_url(connection.track_url);
        check_key(connection.instrumentation_key);
        otel__azure_connection_release(&connection);
    }
    free(text);
    return 0;
}
