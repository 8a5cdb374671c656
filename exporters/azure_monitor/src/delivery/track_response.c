/* The body of the service's answer. It comes from outside: a parsed value takes some thirty times its bytes, so how
 * much is parsed depends on how much there can be to say. */
#include "track_response.h"

#include <cjson/cJSON.h>
#include <otel/exporters/http.h>
#include <string.h>

enum { BASE_BYTES = 16 * 1024, BYTES_AN_ITEM = 1024, MOST_BYTES = 4 * 1024 * 1024, MOST_SHOWN_BYTES = 64 * 1024 };

static size_t most_bytes(uint32_t items)
{
    uint64_t most = BASE_BYTES + (uint64_t)items * BYTES_AN_ITEM;
    return most < MOST_BYTES ? (size_t)most : MOST_BYTES;
}

bool otel__azure_track_response_open(otel__azure_track_response *response, otel_str body, uint32_t items)
{
    *response = (otel__azure_track_response){.items = items};
    if (!body.size || body.size > most_bytes(items)) return false;
    response->root = cJSON_ParseWithLength(body.data, body.size);
    const cJSON *errors = cJSON_GetObjectItemCaseSensitive(response->root, "errors");
    bool understood = cJSON_IsObject(response->root) && (!errors || cJSON_IsNull(errors) || cJSON_IsArray(errors));
    if (!understood) otel__azure_track_response_close(response);
    if (understood && errors) response->next = errors->child;
    const cJSON *received = cJSON_GetObjectItemCaseSensitive(response->root, "itemsReceived");
    response->miscounted = cJSON_IsNumber(received) && received->valuedouble != items;
    return understood;
}

/* A whole number below `limit`. */
static bool read_number(const cJSON *object, const char *name, uint32_t limit, uint32_t *number)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!cJSON_IsNumber(value) || !(value->valuedouble >= 0 && value->valuedouble < limit)) return false;
    *number = (uint32_t)value->valuedouble;
    return (double)*number == value->valuedouble;
}

bool otel__azure_track_response_next(otel__azure_track_response *response, otel__azure_item_error *error)
{
    while (response->next) {
        const cJSON *entry = response->next;
        response->next = entry->next;
        *error = (otel__azure_item_error){.message = ""};
        if (!read_number(entry, "index", response->items, &error->index)) continue;
        if (!read_number(entry, "statusCode", 1000, &error->status) || error->status < 100) error->status = 0;
        const cJSON *message = cJSON_GetObjectItemCaseSensitive(entry, "message");
        if (cJSON_IsString(message)) error->message = message->valuestring;
        return true;
    }
    return false;
}

void otel__azure_track_response_close(otel__azure_track_response *response)
{
    cJSON_Delete(response->root);
    response->root = response->next = NULL;
}

/* Proxies answer in text; a page of HTML helps nobody. */
static bool plain_text(otel_str body)
{
    return body.size && !strchr("<{[\"", body.data[0]) && !memchr(body.data, '\0', body.size);
}

void otel__azure_track_message(otel_str body, char *out, size_t size)
{
    otel__azure_track_response response;
    otel__azure_item_error error = {.message = ""};
    *out = '\0';
    if (body.size > MOST_SHOWN_BYTES) return;
    if (otel__azure_track_response_open(&response, body, UINT32_MAX)) {
        while (!error.message[0] && otel__azure_track_response_next(&response, &error)) {}
        otel_http_clean_text(error.message, strlen(error.message), out, size);
        otel__azure_track_response_close(&response);
    } else if (plain_text(body)) {
        while (body.size && strchr("\r\n\t ", body.data[body.size - 1])) body.size--;
        otel_http_clean_text(body.data, body.size, out, size);
    }
}
