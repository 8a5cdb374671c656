/* What an OTLP exporter is set to (OTLP Exporter, "Configuration Options"). */
#include "settings.h"

#include "endpoint.h"

#include <otel/sdk/allocator.h>
#include <otel/sdk/diag.h>
#include <otel/sdk/environment.h>
#include <otel/sdk/log_processor.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define DEFAULT_ENDPOINT "http://localhost:4318"
enum { DEFAULT_TIMEOUT_MS = 10000, DEFAULT_REQUEST_BYTES = 64 * 1024 * 1024, NAME_SIZE = 64 };

/* A setting as text, and where it came from, for messages. */
typedef struct setting {
    const char *text; /* NULL: not set */
    char name[NAME_SIZE];
} setting;

static setting find(const char *option, const char *option_name, const char *suffix)
{
    static const char *const prefixes[] = {"OTEL_EXPORTER_OTLP_LOGS_", "OTEL_EXPORTER_OTLP_"};
    setting found = {.text = option && *option ? option : NULL};
    snprintf(found.name, sizeof found.name, "%s", option_name);
    for (size_t i = 0; i < 2 && !found.text; i++) {
        snprintf(found.name, sizeof found.name, "%s%s", prefixes[i], suffix);
        found.text = otel_env_text(found.name);
    }
    return found;
}

/* The text is not repeated: a URL that is not one may be a secret that went astray. */
static bool usable(const char *url, const char *name, otel_severity severity)
{
    const char *fault = otel_http_url_fault(url);
    if (fault) otel_diag(severity, "otlp", "%s is not a URL that can be used: %s", name, fault);
    return !fault;
}

static char *url_of_environment(void)
{
    static const char logs_name[] = "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", base_name[] = "OTEL_EXPORTER_OTLP_ENDPOINT";
    const char *logs = otel_env_text(logs_name);
    if (logs && usable(logs, logs_name, OTEL_SEVERITY_WARN)) return otel__otlp_url_of_logs(logs);
    const char *base = otel_env_text(base_name);
    if (base && usable(base, base_name, OTEL_SEVERITY_WARN)) return otel__otlp_url_of_base(base);
    if (logs || base) otel_diag(OTEL_SEVERITY_WARN, "otlp", "the endpoint is the default, " DEFAULT_ENDPOINT);
    return otel__otlp_url_of_base(DEFAULT_ENDPOINT);
}

static bool read_url(otel__otlp_settings *settings, const otel_otlp_options *options)
{
    const char *logs = options->logs_endpoint, *base = options->endpoint;
    if (logs && *logs) {
        if (!usable(logs, "logs_endpoint", OTEL_SEVERITY_ERROR)) return false;
        settings->url = otel__otlp_url_of_logs(logs);
    } else if (base && *base) {
        if (!usable(base, "endpoint", OTEL_SEVERITY_ERROR)) return false;
        settings->url = otel__otlp_url_of_base(base);
    } else {
        settings->url = url_of_environment();
    }
    return settings->url != NULL;
}

static void read_compression(otel__otlp_settings *settings, const otel_otlp_options *options)
{
    setting found = find(options->compression, "compression", "COMPRESSION");
    settings->gzip = found.text && strcasecmp(found.text, "gzip") == 0;
    if (found.text && !settings->gzip && strcasecmp(found.text, "none") != 0)
        otel_diag(OTEL_SEVERITY_WARN, "otlp", "%s is neither gzip nor none, none is used: \"%.64s\"", found.name,
                  found.text);
}

static void read_protocol(const otel_otlp_options *options)
{
    setting found = find(options->protocol, "protocol", "PROTOCOL");
    if (found.text && strcasecmp(found.text, "http/protobuf") != 0)
        otel_diag(OTEL_SEVERITY_WARN, "otlp",
                  "%s is a protocol that this build does not have, http/protobuf is used: \"%.64s\"", found.name,
                  found.text);
}

/* OTEL_ZERO is a timeout of 0, and that means no limit. */
static void read_timeout(otel__otlp_settings *settings, const otel_otlp_options *options)
{
    uint64_t ms = DEFAULT_TIMEOUT_MS;
    if (options->timeout_ms) {
        ms = options->timeout_ms == OTEL_ZERO ? 0 : options->timeout_ms;
    } else if (!otel_env_number("OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", INT32_MAX, &ms)) {
        otel_env_number("OTEL_EXPORTER_OTLP_TIMEOUT", INT32_MAX, &ms);
    }
    settings->timeout_ms = ms ? (uint32_t)ms : UINT32_MAX;
}

bool otel__otlp_settings_read(otel__otlp_settings *settings, const otel_otlp_options *options)
{
    *settings = (otel__otlp_settings){0};
    if (!read_url(settings, options)) return false;
    setting headers = find(options->headers, "headers", "HEADERS");
    if (headers.text && !otel__otlp_headers_read(&settings->headers, headers.text, headers.name)) return false;
    read_protocol(options);
    read_compression(settings, options);
    read_timeout(settings, options);
    settings->certificate = find(options->certificate, "certificate", "CERTIFICATE").text;
    settings->client_certificate = find(options->client_certificate, "client_certificate", "CLIENT_CERTIFICATE").text;
    settings->client_key = find(options->client_key, "client_key", "CLIENT_KEY").text;
    settings->max_request_bytes = options->max_request_bytes ? options->max_request_bytes : DEFAULT_REQUEST_BYTES;
    settings->max_response_bytes = options->max_response_bytes;
    return true;
}

void otel__otlp_settings_release(otel__otlp_settings *settings)
{
    if (settings->url) explicit_bzero(settings->url, strlen(settings->url)); /* it may hold a password */
    otel_release(settings->url);
    settings->url = NULL;
    otel__otlp_headers_release(&settings->headers);
}
