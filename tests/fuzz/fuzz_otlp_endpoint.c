/* Endpoint, header and proxy settings: URLs that are accepted, what is made of them, and what is shown of them. */
#include "endpoint.h"
#include "proxy.h"
#include "secrets.h"
#include "settings.h"
#include <otel/sdk/allocator.h>
#include <otel/sdk/diag.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Nothing of the settings may be said: see check_headers. */
void otel_diag(otel_severity severity, const char *source, const char *format, ...)
{
    (void)severity;
    (void)source;
    (void)format;
}

static void check_url(char *url)
{
    char text[64];
    if (!url) abort();
    if (otel_http_url_fault(url)) abort();
    otel_http_url_text(url, text, sizeof text);
    if (strchr(text, '@')) abort();
    otel_release(url);
}

static void check_endpoint(const char *text)
{
    char shown[512];
    size_t length = otel_http_url_text(text, shown, sizeof shown);
    if (length != strlen(shown)) abort();
    if (otel_http_url_fault(text)) return;
    if (strlen(text) > 8000) return; /* what is appended could make it too long */
    check_url(otel__otlp_url_of_base(text));
    check_url(otel__otlp_url_of_logs(text));
}

static void check_headers(const char *text)
{
    otel__otlp_settings settings = {0};
    char message[64] = "\1"; /* no header has that: what comes behind it is found by itself */
    if (!otel__otlp_headers_read(&settings.headers, text, "headers")) abort();
    for (size_t i = 0; i < settings.headers.count; i++) {
        const otel_http_header *header = settings.headers.list + i;
        if (!otel_http_header_ok(header)) abort();
        strncpy(message + 1, header->value, sizeof message - 2);
        otel__hide_value(message, header->value);
        size_t length = strlen(header->value);
        if (length >= 4 && strstr(message, header->value) && strspn(header->value, "*") != length) abort();
    }
    otel__otlp_settings_release(&settings);
}

/* What is a proxy's URL is kept, and its user stays hidden. */
static void check_proxy(const char *text)
{
    otel__proxy proxy;
    char message[128];
    bool good = *text && !otel__proxy_fault(text);
    if (otel__proxy_open(&proxy, text, "", "fuzz") != (good || !*text)) abort();
    if (good && strcmp(otel__proxy_for(&proxy, "https://x"), text) != 0) abort();
    strncpy(message, text, sizeof message - 1);
    message[sizeof message - 1] = '\0';
    size_t length = strlen(message);
    otel__hide_url(message, text);
    if (strlen(message) != length) abort();
    const char *at = good && length < sizeof message - 1 ? strchr(message, '@') : NULL;
    const char *begin = strstr(message, "://") ? strstr(message, "://") + 3 : message;
    if (at && at - begin >= 4 && strspn(begin, "*") < (size_t)(at - begin) && !strpbrk(text, "/?#*")) abort();
    otel__proxy_close(&proxy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    check_endpoint(text);
    check_headers(text);
    check_proxy(text);
    free(text);
    return 0;
}
