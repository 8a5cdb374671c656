/* The headers variable: "name=value,name=value". */
#ifndef OTEL__OTLP_HEADER_LIST_H
#define OTEL__OTLP_HEADER_LIST_H
#include <otel/exporters/http.h>

enum { OTEL__OTLP_MAX_HEADERS = 64 };

typedef struct otel__otlp_headers {
    char *text; /* what the headers point into; secret */
    size_t text_size;
    size_t count;
    otel_http_header list[OTEL__OTLP_MAX_HEADERS];
} otel__otlp_headers;

/* Reads a copy of `text`; what is malformed is said, by its number alone, and left out. `name` of the setting.
 * false: out of memory. */
bool otel__otlp_headers_read(otel__otlp_headers *headers, const char *text, const char *name);
void otel__otlp_headers_release(otel__otlp_headers *headers);
#endif
