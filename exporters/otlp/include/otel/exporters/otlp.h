/* The OTLP exporter: logs as protobuf over HTTP, to an OpenTelemetry Collector or any backend that speaks OTLP. */
#ifndef OTEL_EXPORTERS_OTLP_H
#define OTEL_EXPORTERS_OTLP_H
#include <otel/exporters/http.h>
#include <otel/sdk/log_exporter.h>

#ifndef OTEL_OTLP_INLINE
#define OTEL_OTLP_INLINE inline
#endif

/* {0} means defaults. What is set here is final; what is left open is taken from OTEL_EXPORTER_OTLP_LOGS_..., then from
 * OTEL_EXPORTER_OTLP_..., then the default. Everything is copied. Grows at the end only. */
typedef struct otel_otlp_options {
    const char *endpoint;           /* base URL, v1/logs is appended; default http://localhost:4318 */
    const char *logs_endpoint;      /* the whole URL, used as it is; wins over endpoint */
    const char *headers;            /* "name=value,name=value", values percent-encoded */
    const char *compression;        /* "none", which is the default, or "gzip" */
    const char *protocol;           /* "http/protobuf", the only one there is */
    const char *certificate;        /* PEM file: authorities to trust instead of the system's */
    const char *client_certificate; /* PEM file: shown to the server */
    const char *client_key;         /* PEM file, not encrypted */
    const char *user_agent;         /* put in front of our own: "MyDistro/1.0" */
    otel_http_sender *sender;       /* instead of libcurl; owned from the call on, failure included */
    uint32_t timeout_ms;            /* of one attempt; 0: 10000; OTEL_UNLIMITED: as long as the export call may take */
    uint32_t max_request_bytes;     /* before compression; 0: 64 MiB. A larger batch is sent in several requests */
    uint32_t max_response_bytes;    /* decompressed; 0: 4 MiB. A longer answer counts as a refusal */
    uint32_t compression_level;     /* of gzip, 1 (fast) to 9 (small); 0: OTEL_C_OTLP_COMPRESSION_LEVEL, else 1 */
    const char *proxy;              /* see otel_http_options; NULL: http_proxy, https_proxy, all_proxy; "": none */
    const char *no_proxy;           /* hosts and networks reached without; NULL: the variable */
} otel_otlp_options;

OTEL_EXTERN_C_BEGIN
/* For a batch processor: it works asynchronously. NULL: refused, said through diag: a URL in the options that is not
 * one, or libcurl cannot be used. A wrong variable is said, and taken as unset. (OTLP Exporter, "Configuration
 * Options") */
OTEL_API otel_log_exporter *otel_otlp_exporter_new_sized(const otel_otlp_options *options, size_t size);
OTEL_OTLP_INLINE otel_log_exporter *otel_otlp_exporter_new(const otel_otlp_options *options)
{
    return otel_otlp_exporter_new_sized(options, sizeof(otel_otlp_options));
}
/* "otlp", for otel_log_exporter_register. Static. */
OTEL_API const otel_log_exporter_factory *otel_otlp_exporter_factory(void);
OTEL_EXTERN_C_END
#endif
