/* The context of a process of the pipeline: the trace that its environment names, or a new one. */
#ifndef RUN_CONTEXT_H
#define RUN_CONTEXT_H
#include <otel/propagation.h>

typedef struct run_context {
    otel_extract_memory memory;
    otel_baggage baggage;
    otel_context_token token;
    char extracted[OTEL_EXTRACT_BYTES], room[1024];
} run_context;

/* For all that this thread logs and starts until the end. The run's id (NULL: what came) goes along as baggage. */
void run_context_begin(run_context *context, const char *run_id);
void run_context_end(run_context *context);
#endif
