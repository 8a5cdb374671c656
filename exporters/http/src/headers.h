/* Header fields as the lines that are sent. */
#ifndef OTEL__HEADERS_H
#define OTEL__HEADERS_H
#include <otel/exporters/http.h>

/* Lines one after the other in one piece of memory, and an array of where they begin. */
typedef struct otel__header_lines {
    const char **lines;
    size_t count;
} otel__header_lines;

bool otel__headers_ok(const otel_http_header *headers, size_t count);
/* The lines of `first` (borrowed; NULL: none), then `headers` and the line `last` (NULL: none), both copied. What is
 * given is ok. false: out of memory. */
bool otel__headers_make(otel__header_lines *made, const otel__header_lines *first, const otel_http_header *headers,
                        size_t count, const char *last);
void otel__headers_release(otel__header_lines *made);
#endif
