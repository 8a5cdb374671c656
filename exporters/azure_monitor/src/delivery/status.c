/* What the service's answers mean: one table. */
#include "status.h"

#include <string.h>
#include <strings.h>

enum { MOST_BYTES = 64 * 1024 }; /* of an answer that are searched */

static const struct {
    uint16_t status;
    uint8_t action;
} rows[] = {
    {200, OTEL__AZURE_DONE},  {206, OTEL__AZURE_PARTIAL}, {307, OTEL__AZURE_REDIRECT},  {308, OTEL__AZURE_REDIRECT},
    {400, OTEL__AZURE_BAD},   {401, OTEL__AZURE_SIGN},    {402, OTEL__AZURE_QUOTA},     {403, OTEL__AZURE_SIGN},
    {407, OTEL__AZURE_LATER}, {408, OTEL__AZURE_LATER},   {413, OTEL__AZURE_TOO_LARGE}, {429, OTEL__AZURE_LATER},
    {439, OTEL__AZURE_QUOTA}, {501, OTEL__AZURE_REJECT},  {505, OTEL__AZURE_REJECT},
};

otel__azure_action otel__azure_action_of(uint32_t status)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].status == status) return (otel__azure_action)rows[i].action;
    if (status >= 200 && status < 300) return OTEL__AZURE_DONE;
    return !status || (status >= 500 && status < 600) ? OTEL__AZURE_LATER : OTEL__AZURE_REJECT;
}

const char *otel__azure_status_advice(uint32_t status)
{
    switch (status) {
    case 401:
        return "the resource wants a token of Entra ID that it accepts";
    case 402:
    case 439:
        return "the quota is used up";
    case 403:
        return "the identity needs the role Monitoring Metrics Publisher on the resource";
    case 404:
        return "the resource is not there: use its whole connection string";
    case 405:
        return "this address takes no telemetry: use the resource's whole connection string";
    case 407:
        return "the proxy wants a user and a password";
    case 413:
        return "too much, even alone";
    case 429:
        return "too many requests";
    default:
        return status >= 300 && status < 400
                   ? "a redirect of this kind is not followed: use the resource's whole connection string"
                   : "";
    }
}

otel__azure_action otel__azure_item_action(uint32_t status, const char *message)
{
    if (strcasecmp(message, "Telemetry sampled out.") == 0) return OTEL__AZURE_SAMPLED;
    switch (status) {
    case 0:
        return OTEL__AZURE_UNCLEAR;
    case 200:
        return OTEL__AZURE_DONE;
    case 401:
    case 403:
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
        return OTEL__AZURE_LATER;
    case 402:
    case 439:
        return OTEL__AZURE_QUOTA;
    default:
        return OTEL__AZURE_REJECT;
    }
}

static bool starts_like(const char *text, const char *words, size_t size)
{
    return strncasecmp(text, words, size) == 0;
}

bool otel__azure_unknown_key(otel_str text)
{
    static const char words[] = "invalid instrumentation key";
    const size_t size = sizeof words - 1, end = text.size < MOST_BYTES ? text.size : MOST_BYTES;
    for (size_t i = 0; i + size <= end; i++)
        if (starts_like(text.data + i, words, size)) return true;
    return false;
}
