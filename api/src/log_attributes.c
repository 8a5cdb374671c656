/* Attributes bound to a context, and to a thread for a while. */
#include <otel/log.h>

otel_context otel_context_with_log_attributes(const otel_context *context, otel_log_attributes *entry,
                                              const otel_attr *attributes, size_t count)
{
    otel_context with = {.span = {NULL, 0}};
    if (context) with = *context;
    if (!entry) return with;
    *entry = (otel_log_attributes){with.log_attributes, attributes, attributes ? count : 0};
    with.log_attributes = entry;
    return with;
}

void otel_log_bind(otel_log_binding *binding, const otel_attr *attributes, size_t count)
{
    if (!binding) return;
    otel_context current = otel_context_current();
    otel_context with = otel_context_with_log_attributes(&current, &binding->entry, attributes, count);
    otel_context_attach(&with, &binding->token);
}

bool otel_log_unbind(const otel_log_binding *binding)
{
    return binding && otel_context_detach(&binding->token);
}
