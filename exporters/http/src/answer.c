/* An answer while it arrives, and what it means. */
#include "answer.h"

#include "retry_after.h"
#include "text.h"

#include <otel/sdk/allocator.h>
#include <string.h>
#include <time.h>

enum { KEPT_BYTES = 64 * 1024 };

static void forget_headers(otel__answer *answer)
{
    answer->retry_after[0] = answer->date[0] = answer->location[0] = answer->challenge[0] = '\0';
    answer->max_age_s = 0;
}

void otel__answer_begin(otel__answer *answer)
{
    forget_headers(answer);
    answer->size = 0;
    answer->status = 0;
    answer->fault = OTEL_HTTP_FAULT_NONE;
    answer->too_large = answer->finished = false;
    answer->error[0] = '\0';
}

static void keep(char *field, size_t room, const char *value, size_t size)
{
    while (size && (*value == ' ' || *value == '\t')) value++, size--;
    while (size && (value[size - 1] == ' ' || value[size - 1] == '\t')) size--;
    if (size >= room || memchr(value, '\0', size)) size = 0;
    memcpy(field, value, size);
    field[size] = '\0';
}

/* "public, max-age=600"; what forbids to keep it wins. */
static uint32_t max_age(const char *value, size_t size)
{
    uint64_t age = 0;
    for (size_t i = 0, part; i < size; i += part + 1) {
        while (i < size && (value[i] == ' ' || value[i] == '\t')) i++;
        for (part = 0; i + part < size && value[i + part] != ',';) part++;
        if (otel__same_word(value + i, part, "no-store") || otel__same_word(value + i, part, "no-cache")) return 0;
        if (part < 9 || !otel__same_word(value + i, 8, "max-age=")) continue;
        age = 0;
        for (size_t k = 8; k < part && otel__digit(value[i + k]) && age < INT32_MAX; k++)
            age = age * 10 + (uint64_t)(value[i + k] - '0');
    }
    return age < INT32_MAX ? (uint32_t)age : INT32_MAX;
}

/* "HTTP/1.1 200 OK": what came before was an interim answer's. */
static void begin_head(otel__answer *answer, const char *line, size_t size)
{
    const char *space = memchr(line, ' ', size);
    uint32_t status = 0;
    for (size_t i = 1; space && i <= 3 && space + i < line + size && otel__digit(space[i]); i++)
        status = status * 10 + (uint32_t)(space[i] - '0');
    forget_headers(answer);
    answer->status = status;
}

void otel__answer_header(otel__answer *answer, const char *line, size_t size)
{
    while (size && (line[size - 1] == '\r' || line[size - 1] == '\n')) size--;
    if (size >= 5 && memcmp(line, "HTTP/", 5) == 0) begin_head(answer, line, size);
    const char *colon = size ? memchr(line, ':', size) : NULL;
    if (!colon) return;
    size_t name = (size_t)(colon - line);
    const char *value = colon + 1;
    size_t left = size - name - 1;
    if (otel__same_word(line, name, "retry-after")) keep(answer->retry_after, sizeof answer->retry_after, value, left);
    if (otel__same_word(line, name, "date")) keep(answer->date, sizeof answer->date, value, left);
    if (otel__same_word(line, name, "location")) keep(answer->location, sizeof answer->location, value, left);
    if (otel__same_word(line, name, "www-authenticate")) keep(answer->challenge, sizeof answer->challenge, value, left);
    if (otel__same_word(line, name, "cache-control")) answer->max_age_s = max_age(value, left);
}

static bool make_room(otel__answer *answer, size_t needed)
{
    if (needed <= answer->capacity) return true;
    size_t capacity = answer->capacity ? answer->capacity : 1024;
    while (capacity < needed) capacity *= 4; /* seldom: moving megabytes takes milliseconds */
    char *body = otel_reallocate(answer->body, capacity);
    if (!body) return false;
    answer->body = body;
    answer->capacity = capacity;
    return true;
}

bool otel__answer_body(otel__answer *answer, const void *data, size_t size)
{
    if (answer->too_large || size > answer->most - answer->size || !make_room(answer, answer->size + size)) {
        answer->too_large = true;
        return false;
    }
    if (size) memcpy(answer->body + answer->size, data, size);
    answer->size += size;
    return true;
}

void otel__answer_end(otel__answer *answer, uint32_t status, otel_http_fault fault, const char *error)
{
    if (answer->finished) return;
    answer->finished = true;
    answer->status = status < 200 ? 0 : status; /* an interim status is no answer */
    answer->fault = answer->too_large ? OTEL_HTTP_FAULT_TOO_LARGE : fault;
    if (answer->fault == OTEL_HTTP_FAULT_NONE && !answer->status) answer->fault = OTEL_HTTP_FAULT_CONNECTION;
    if (answer->fault != OTEL_HTTP_FAULT_NONE && !error) error = "no answer";
    otel_http_clean_text(error, error ? strlen(error) : 0, answer->error, sizeof answer->error);
}

static void tell_retry_after(const otel__answer *answer, otel_http_response *response)
{
    size_t size = strlen(answer->retry_after);
    int64_t now = (int64_t)time(NULL), seconds;
    otel__http_date(answer->date, strlen(answer->date), now, &now); /* the server's own clock, when it tells */
    response->retry_after_ms = otel_http_retry_after_ms(answer->retry_after, size, now, answer->most_retry_ms);
    response->retry_after_past =
        !response->retry_after_ms && otel__retry_after(answer->retry_after, size, now, &seconds);
}

otel_http_response otel__answer_response(const otel__answer *answer)
{
    size_t location = strlen(answer->location), challenge = strlen(answer->challenge);
    otel_http_response response = {
        .size = sizeof(otel_http_response),
        .status = answer->status,
        .fault = answer->fault,
        .body = {answer->size ? answer->body : NULL, answer->size},
        .location = {location ? answer->location : NULL, location},
        .max_age_s = answer->max_age_s,
        .error = answer->error,
        .challenge = {challenge ? answer->challenge : NULL, challenge},
    };
    tell_retry_after(answer, &response);
    return response;
}

void otel__answer_trim(otel__answer *answer)
{
    if (answer->capacity <= KEPT_BYTES) return;
    otel_release(answer->body);
    answer->body = NULL;
    answer->size = answer->capacity = 0;
}

otel_http_verdict otel_http_classify(uint32_t status)
{
    if (status >= 200 && status < 300) return OTEL_HTTP_OK;
    bool again = status == 429 || (status >= 502 && status <= 504);
    return again ? OTEL_HTTP_RETRY : OTEL_HTTP_REFUSED;
}

otel_http_verdict otel_http_judge(const otel_http_response *response)
{
    if (!response) return OTEL_HTTP_RETRY;
    if (!response->status) return response->fault == OTEL_HTTP_FAULT_REQUEST ? OTEL_HTTP_REFUSED : OTEL_HTTP_RETRY;
    otel_http_verdict verdict = otel_http_classify(response->status);
    bool lost = verdict == OTEL_HTTP_OK && response->fault == OTEL_HTTP_FAULT_TOO_LARGE;
    return lost ? OTEL_HTTP_REFUSED : verdict;
}
