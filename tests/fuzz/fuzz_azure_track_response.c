/* Bodies of the service's answers: entries that name items of the request, and words for people. */
#include "azure_monitor/src/delivery/status.h"
#include "azure_monitor/src/delivery/track_response.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_entries(otel_str body, uint32_t items)
{
    otel__azure_track_response response;
    otel__azure_item_error error;
    if (!otel__azure_track_response_open(&response, body, items)) return;
    while (otel__azure_track_response_next(&response, &error)) {
        if (error.index >= items || error.status >= 1000 || (error.status && error.status < 100)) abort();
        otel__azure_action action = otel__azure_item_action(error.status, error.message);
        if (action == OTEL__AZURE_PARTIAL || action > OTEL__AZURE_UNCLEAR) abort();
    }
    otel__azure_track_response_close(&response);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char words[100];
    otel_str body = {(const char *)data, size};
    read_entries(body, 1);
    read_entries(body, 4);
    read_entries(body, 64000);
    otel__azure_track_message(body, words, sizeof words);
    if (strlen(words) >= sizeof words) abort();
    for (const char *at = words; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f) abort();
    otel__azure_unknown_key(body);
    return 0;
}
