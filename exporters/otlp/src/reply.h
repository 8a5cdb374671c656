/* What the bodies of answers say. */
#ifndef OTEL__OTLP_REPLY_H
#define OTEL__OTLP_REPLY_H
#include <otel/base.h>

typedef struct otel__otlp_success {
    int64_t rejected;  /* never negative */
    char message[128]; /* cleaned; "" */
} otel__otlp_success;

/* An ExportLogsServiceResponse. false: it is none; *success is then that of an empty one. */
bool otel__otlp_read_success(otel_str body, otel__otlp_success *success);
/* The message of a google.rpc.Status, or plain text when it is that; cleaned, cut to size; "" for anything else. */
void otel__otlp_read_error(otel_str body, char *out, size_t size);
#endif
