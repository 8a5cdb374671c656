/* The context that everything is sent in. Options are read as the headers that they stand for. */
#include "trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One header by one propagator; the parent when the text says nothing. */
static otel_context extract(const otel_propagator *by, const char *name, const char *text, const otel_context *parent,
                            otel_extract_memory *memory)
{
    size_t size = strlen(name) + strlen(text) + 3;
    char *line = malloc(size);
    if (!line) return *parent;
    snprintf(line, size, "%s: %s", name, text);
    const otel_header_lines lines = {(const char *const[]){line}, 1};
    otel_context context = otel_extract_by(&by, 1, parent, &otel_header_lines_getter, &lines, memory);
    free(line);
    return context;
}

static otel_context with_traceparent(const char *text, const otel_context *parent)
{
    return extract(&otel_propagator_tracecontext, "traceparent", text, parent, NULL);
}

static otel_context with_baggage(const char *text, const otel_context *parent, otel_extract_memory *memory)
{
    return extract(&otel_propagator_baggage, "baggage", text, parent, memory);
}

bool otel__trace_is_traceparent(const char *text)
{
    const otel_context none = {.span = {NULL, 0}};
    otel_context context = with_traceparent(text, &none);
    return otel_span_context_valid(&context.span_context);
}

bool otel__trace_is_baggage(const char *text)
{
    const otel_context none = {.span = {NULL, 0}};
    char room[OTEL_EXTRACT_BYTES];
    otel_extract_memory memory = {.buffer = room, .capacity = sizeof room};
    return with_baggage(text, &none, &memory).baggage != NULL;
}

void otel__trace_begin(otel__trace *t, const otel__options *options)
{
    t->memory = (otel_extract_memory){.buffer = t->room, .capacity = sizeof t->room};
    t->given = (otel_extract_memory){.buffer = t->given_room, .capacity = sizeof t->given_room};
    t->context = otel_extract(NULL, &otel_env_getter, NULL, &t->memory);
    if (options->traceparent) t->context = with_traceparent(options->traceparent, &t->context);
    if (options->baggage) t->context = with_baggage(options->baggage, &t->context, &t->given);
    otel_context_attach(&t->context, &t->token);
}

void otel__trace_descend(otel__trace *t)
{
    otel_context_detach(&t->token);
    t->context.span_context = otel_span_context_child(&t->context.span_context);
    otel_context_attach(&t->context, &t->token);
}

void otel__trace_end(otel__trace *t)
{
    otel_context_detach(&t->token);
}
