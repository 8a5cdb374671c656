/* What authorities answer. Entra writes numbers as numbers, metadata services write them as text, the oldest of them
 * write a date. */
#include "token_reply.h"

#include "../clock.h"

#include <cjson/cJSON.h>
#include <otel/exporters/http.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NUL "\\u0000"                            /* where a text of cJSON ends */
static const int64_t MOST_UNIX_S = 253402300799; /* the year 9999 */

static cJSON *parse(otel_str body)
{
    if (!body.size || body.size > OTEL__AZURE_REPLY_BYTES) return NULL;
    cJSON *json = cJSON_ParseWithLength(body.data, body.size);
    if (cJSON_IsObject(json)) return json;
    cJSON_Delete(json);
    return NULL;
}

static const char *text_of(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    return text ? text : "";
}

/* ---- times ---- */

static int64_t bounded(int64_t value)
{
    return value > 0 && value <= MOST_UNIX_S ? value : 0;
}

static int64_t days_since_1970(int year, int month, int day)
{
    int64_t y = year - (month <= 2), era = y / 400, of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t otel__azure_reply_date(const char *text)
{
    int month, day, year, hour, minute, second, end = 0;
    if (strlen(text) > 40) return 0;
    if (sscanf(text, "%2d/%2d/%4d %2d:%2d:%2d%n", &month, &day, &year, &hour, &minute, &second, &end) != 6) return 0;
    const char *rest = text + end;
    bool am = strncasecmp(rest, " AM", 3) == 0, pm = strncasecmp(rest, " PM", 3) == 0;
    if (strcmp(rest + (am || pm ? 3 : 0), " +00:00") != 0) return 0;
    if (month < 1 || month > 12 || day < 1 || day > 31 || year < 1970 || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 60)
        return 0;
    if ((am || pm) && hour <= 12) hour = hour % 12 + (pm ? 12 : 0);
    return days_since_1970(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
}

/* 0: absent, or none that makes sense. */
static int64_t seconds_of(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    if (cJSON_IsNumber(item)) {
        double value = cJSON_GetNumberValue(item);
        return value >= 1 && value <= (double)MOST_UNIX_S ? (int64_t)value : 0;
    }
    const char *text = cJSON_GetStringValue(item);
    if (!text || !*text || strlen(text) > 40) return 0;
    if (strspn(text, "0123456789") == strlen(text)) return strlen(text) <= 12 ? bounded(strtoll(text, NULL, 10)) : 0;
    return otel__azure_reply_date(text);
}

static int64_t expiry_of(const cJSON *object)
{
    int64_t at = seconds_of(object, "expires_on");
    int64_t in = at ? 0 : seconds_of(object, "expires_in");
    return in ? bounded(otel__azure_unix_s() + in) : at;
}

/* ---- tokens and reasons ---- */

static bool good_token(const char *text, size_t room)
{
    size_t size = strlen(text);
    for (size_t i = 0; i < size; i++)
        if (text[i] <= ' ' || text[i] >= 0x7f) return false;
    return size > 0 && size < room;
}

bool otel__azure_reply_token(otel_str body, otel_azure_token_call *call)
{
    cJSON *json = parse(body);
    const char *token = text_of(json, "access_token"), *type = text_of(json, "token_type");
    bool good = good_token(token, call->token_size) && (!*type || strcasecmp(type, "Bearer") == 0) &&
                !memmem(body.data, body.size, NUL, sizeof NUL - 1);
    if (good) {
        memcpy(call->token, token, strlen(token) + 1);
        call->expires_unix_s = expiry_of(json);
    }
    char *secret = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "access_token"));
    if (secret) explicit_bzero(secret, strlen(secret));
    cJSON_Delete(json);
    return good;
}

/* What follows in Entra's descriptions is for their logs. */
static size_t sentence(const char *text)
{
    static const char *const ends[] = {" Trace ID:", "\r\nTrace ID:", "\nTrace ID:"};
    size_t size = strlen(text);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const char *end = strstr(text, ends[i]);
        if (end && (size_t)(end - text) < size) size = (size_t)(end - text);
    }
    while (size && strchr(" \r\n", text[size - 1])) size--;
    return size;
}

static const char *first_of(const cJSON *object, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (*text_of(object, names[i])) return text_of(object, names[i]);
    return "";
}

bool otel__azure_reply_error(otel_str body, char *out, size_t size)
{
    static const char *const names[] = {"error_description", "message", "Message", "error", "code"};
    cJSON *json = parse(body);
    const cJSON *inner = cJSON_GetObjectItemCaseSensitive(json, "error");
    const char *words = first_of(cJSON_IsObject(inner) ? inner : json, names, sizeof names / sizeof *names);
    otel_http_clean_text(words, sentence(words), out, size);
    bool soon = strcmp(text_of(json, "error"), "temporarily_unavailable") == 0;
    cJSON_Delete(json);
    return soon;
}
