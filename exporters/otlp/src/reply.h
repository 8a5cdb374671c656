/* What the bodies of answers say. */
#ifndef OTEL__OTLP_REPLY_H
#define OTEL__OTLP_REPLY_H
#include <otel/base.h>

typedef struct otel__otlp_success {
    int64_t rejected;  /* never negative */
    char message[128]; /* cleaned; "" */
} otel__otlp_success;

typedef struct otel__otlp_error {
    char message[128];       /* cleaned; "" */
    uint32_t retry_after_ms; /* of a google.rpc.RetryInfo, at most 5 minutes; 0: none */
    bool too_large; /* it says that the request is, in the words of Go's servers: the Collector's status is 400 */
} otel__otlp_error;

/* An ExportLogsServiceResponse. false: it is none; *success is then that of an empty one. */
bool otel__otlp_read_success(otel_str body, otel__otlp_success *success);
/* A google.rpc.Status, or plain text when it is that; nothing of anything else. */
void otel__otlp_read_error(otel_str body, otel__otlp_error *error);
#endif
