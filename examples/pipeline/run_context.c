/* The context of a process of the pipeline. */
#include "run_context.h"

void run_context_begin(run_context *self, const char *run_id)
{
    self->memory = (otel_extract_memory){.buffer = self->extracted, .capacity = sizeof self->extracted};
    otel_context context = otel_extract(NULL, &otel_env_getter, NULL, &self->memory);

    context.span_context = otel_span_context_child(&context.span_context);
    if (run_id) {
        otel_baggage_init(&self->baggage, self->room, sizeof self->room);
        otel_baggage_copy(&self->baggage, context.baggage);
        otel_baggage_set(&self->baggage, "parent_run_id", run_id);
        context.baggage = &self->baggage;
    }
    otel_context_attach(&context, &self->token);
}

void run_context_end(run_context *self)
{
    otel_context_detach(&self->token);
}
