/* A list of request headers of libcurl, as something that a context is written into. */
#include "curl_carrier.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

/* Out of memory, the request goes out without this header. */
static void set(void *carrier, otel_str name, otel_str value)
{
    struct curl_slist **list = carrier;
    size_t size = name.size + value.size + 3;
    char *line = malloc(size);
    if (!line) return;
    snprintf(line, size, "%.*s: %.*s", (int)name.size, name.data, (int)value.size, value.data);
    struct curl_slist *longer = curl_slist_append(*list, line);
    if (longer) *list = longer;
    free(line);
}

const otel_setter curl_setter = {sizeof curl_setter, set};
