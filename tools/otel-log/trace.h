/* The context that everything is sent in: what the environment says, or the options. */
#ifndef OTEL__LOG_TRACE_H
#define OTEL__LOG_TRACE_H
#include <otel/propagation.h>

#include "options.h"

typedef struct otel__trace {
    otel_context context;
    otel_context_token token;
    otel_extract_memory memory, given;
    char room[OTEL_EXTRACT_BYTES], given_room[OTEL_EXTRACT_BYTES];
} otel__trace;

/* After the SDK was started, for this thread. Both in the caller's memory, until end. */
void otel__trace_begin(otel__trace *trace, const otel__options *options);
/* Goes on in a new span of the same trace, or of a new one. */
void otel__trace_descend(otel__trace *trace);
void otel__trace_end(otel__trace *trace);

/* Whether the text would be understood. */
bool otel__trace_is_traceparent(const char *text);
bool otel__trace_is_baggage(const char *text);
#endif
