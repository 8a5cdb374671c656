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
enum { DEFAULT_REQUEST_BYTES = 64 * 1024 * 1024 };

static const struct {
#define OTEL_VARIABLE(name, kind, meaning) otel_variable name;
#include "variables.def"
#undef OTEL_VARIABLE
} variables = {
#define OTEL_VARIABLE(name, kind, meaning) {#name, OTEL_P_VARIABLE_##kind},
#include "variables.def"
#undef OTEL_VARIABLE
};
/* The variable of the signal, which wins, and the general one. */
#define BOTH(x) &variables.OTEL_EXPORTER_OTLP_LOGS_##x, &variables.OTEL_EXPORTER_OTLP_##x

/* A setting as text, and where it came from, for messages. */
typedef struct setting {
    const char *text; /* NULL: not set */
    const char *name;
} setting;

static setting find(const char *option, const char *option_name, const otel_variable *logs,
                    const otel_variable *general)
{
    if (option && *option) return (setting){option, option_name};
    const char *text = otel_env_text(logs->name);
    return text ? (setting){text, logs->name} : (setting){otel_env_text(general->name), general->name};
}

/* A wrong one is as good as unset: the general one is asked then. */
static uint64_t number(const otel_variable *logs, const otel_variable *general)
{
    uint64_t value = general->fallback;
    if (!otel_env_read(logs, &value)) otel_env_read(general, &value);
    return value;
}

/* An option that names one of the variable's choices, in any case; else the variables decide. */
static uint64_t choice(const char *option, const char *option_name, const otel_variable *logs,
                       const otel_variable *general)
{
    uint64_t nth = general->fallback;
    if (!option || !*option) return number(logs, general);
    otel_env_parse(general, option_name, option, &nth);
    return nth;
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
    const char *logs_name = variables.OTEL_EXPORTER_OTLP_LOGS_ENDPOINT.name;
    const char *base_name = variables.OTEL_EXPORTER_OTLP_ENDPOINT.name;
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

/* OTEL_ZERO is a timeout of 0, and that means no limit. */
static void read_timeout(otel__otlp_settings *settings, const otel_otlp_options *options)
{
    uint64_t ms = options->timeout_ms == OTEL_ZERO ? 0 : options->timeout_ms;
    if (!options->timeout_ms) ms = number(BOTH(TIMEOUT));
    settings->timeout_ms = ms ? (uint32_t)ms : UINT32_MAX;
}

static void read_level(otel__otlp_settings *settings, const otel_otlp_options *options)
{
    const otel_variable *variable = &variables.OTEL_C_OTLP_COMPRESSION_LEVEL;
    uint64_t level = options->compression_level;
    if (level > variable->most)
        otel_diag(OTEL_SEVERITY_WARN, "otlp", "compression_level is %u, %u is used", options->compression_level,
                  variable->fallback);
    if (level < variable->least || level > variable->most) level = variable->fallback;
    if (!options->compression_level) otel_env_read(variable, &level);
    settings->gzip_level = (uint32_t)level;
}

static void read_files(otel__otlp_settings *settings, const otel_otlp_options *options)
{
    settings->certificate = find(options->certificate, NULL, BOTH(CERTIFICATE)).text;
    settings->client_certificate = find(options->client_certificate, NULL, BOTH(CLIENT_CERTIFICATE)).text;
    settings->client_key = find(options->client_key, NULL, BOTH(CLIENT_KEY)).text;
    if (settings->client_key && !settings->client_certificate)
        otel_diag(OTEL_SEVERITY_WARN, "otlp", "a client key without a client certificate is not used");
}

bool otel__otlp_settings_read(otel__otlp_settings *settings, const otel_otlp_options *options)
{
    *settings = (otel__otlp_settings){0};
    if (!read_url(settings, options)) return false;
    setting headers = find(options->headers, "headers", BOTH(HEADERS));
    if (headers.text && !otel__otlp_headers_read(&settings->headers, headers.text, headers.name)) return false;
    choice(options->protocol, "protocol", BOTH(PROTOCOL)); /* there is one: only a wrong wish is said */
    settings->gzip = choice(options->compression, "compression", BOTH(COMPRESSION)) == 1;
    read_timeout(settings, options);
    read_level(settings, options);
    read_files(settings, options);
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
