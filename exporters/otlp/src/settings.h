/* What an OTLP exporter is set to: options, then variables, then defaults. */
#ifndef OTEL__OTLP_SETTINGS_H
#define OTEL__OTLP_SETTINGS_H
#include "header_list.h"

#include <otel/exporters/otlp.h>

typedef struct otel__otlp_settings {
    char *url;
    otel__otlp_headers headers;
    const char *certificate, *client_certificate, *client_key; /* borrowed from options or environment */
    uint32_t timeout_ms;                                       /* UINT32_MAX: none */
    uint32_t max_request_bytes, max_response_bytes;
    uint32_t gzip_level; /* 1 to 9 */
    bool gzip;
} otel__otlp_settings;

/* false: refused, said. Release the settings either way. */
bool otel__otlp_settings_read(otel__otlp_settings *settings, const otel_otlp_options *options);
void otel__otlp_settings_release(otel__otlp_settings *settings);
#endif
