/* What the bodies of answers say. protobuf-c decodes them: they are rare and small. */
#include "reply.h"

#include "logs_service.pb-c.h"
#include "status.pb-c.h"

#include <otel/exporters/http.h>
#include <otel/sdk/allocator.h>
#include <string.h>

enum {
    MOST_BYTES = 64 * 1024, /* a decoded message takes many times its bytes */
    MOST_DETAILS = 16,
    MOST_RETRY_MS = 5 * 60 * 1000
};

static void *take(void *unused, size_t size)
{
    (void)unused;
    return otel_allocate(size);
}

static void give(void *unused, void *p)
{
    (void)unused;
    otel_release(p);
}

static ProtobufCAllocator memory = {.alloc = take, .free = give};

static void clean(const char *text, char *out, size_t size)
{
    otel_http_clean_text(text, text ? strlen(text) : 0, out, size);
}

bool otel__otlp_read_success(otel_str body, otel__otlp_success *success)
{
    *success = (otel__otlp_success){0};
    if (body.size > MOST_BYTES) return false;
    Otel__Wire__ExportLogsServiceResponse *response =
        otel__wire__export_logs_service_response__unpack(&memory, body.size, (const uint8_t *)body.data);
    if (!response) return false;
    if (response->partial_success) {
        int64_t rejected = response->partial_success->rejected_log_records;
        success->rejected = rejected > 0 ? rejected : 0;
        clean(response->partial_success->error_message, success->message, sizeof success->message);
    }
    otel__wire__export_logs_service_response__free_unpacked(response, &memory);
    return true;
}

/* Proxies and old servers answer in text; a page of HTML helps nobody. */
static bool plain_text(otel_str body)
{
    if (!body.size || body.data[0] == '<') return false;
    for (size_t i = 0; i < body.size && i < 256; i++) {
        unsigned char c = (unsigned char)body.data[i];
        if (c < 0x20 && c != '\n' && c != '\r' && c != '\t') return false;
    }
    return true;
}

static uint32_t milliseconds(const Otel__Wire__Duration *d)
{
    if (!d || d->seconds < 0 || d->nanos < 0) return 0;
    if (d->seconds >= MOST_RETRY_MS / 1000) return MOST_RETRY_MS;
    uint32_t ms = (uint32_t)d->seconds * 1000 + ((uint32_t)d->nanos + 999999) / 1000000; /* never sooner than asked */
    return ms < MOST_RETRY_MS ? ms : MOST_RETRY_MS;
}

static uint32_t retry_delay(const Otel__Wire__Any *any)
{
    static const char name[] = "/google.rpc.RetryInfo";
    size_t size = strlen(any->type_url);
    if (size < sizeof name - 1 || strcmp(any->type_url + size - (sizeof name - 1), name) != 0) return 0;
    Otel__Wire__RetryInfo *info = otel__wire__retry_info__unpack(&memory, any->value.len, any->value.data);
    if (!info) return 0;
    uint32_t ms = milliseconds(info->retry_delay);
    otel__wire__retry_info__free_unpacked(info, &memory);
    return ms;
}

static void read_status(const Otel__Wire__Status *status, otel__otlp_error *error)
{
    clean(status->message, error->message, sizeof error->message);
    for (size_t i = 0; i < status->n_details && i < MOST_DETAILS; i++) {
        uint32_t ms = retry_delay(status->details[i]);
        if (ms > error->retry_after_ms) error->retry_after_ms = ms;
    }
}

void otel__otlp_read_error(otel_str body, otel__otlp_error *error)
{
    *error = (otel__otlp_error){0};
    if (body.size > MOST_BYTES) return;
    Otel__Wire__Status *status = otel__wire__status__unpack(&memory, body.size, (const uint8_t *)body.data);
    if (status) {
        read_status(status, error);
        otel__wire__status__free_unpacked(status, &memory);
    } else if (plain_text(body)) {
        while (body.size && strchr("\r\n\t ", body.data[body.size - 1])) body.size--;
        otel_http_clean_text(body.data, body.size, error->message, sizeof error->message);
    }
    error->too_large = strstr(error->message, "request body too large") != NULL;
}
