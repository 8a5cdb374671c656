/* Making and destroying processors, and passing a record from one to the next. */
#include "processor.h"
#include "batch_processor.h"
#include "provider.h"
#include "record.h"
#include "simple_processor.h"

/* A table of an older program ends before the flags. */
static bool complete(const otel_log_processor_ops *ops)
{
    return ops && ops->size >= offsetof(otel_log_processor_ops, flags) && ops->name && ops->emit;
}

uint32_t otel__processor_flags(const otel_log_processor *processor)
{
    const otel_log_processor_ops *ops = processor->ops;
    return ops->size >= offsetof(otel_log_processor_ops, reserved) ? ops->flags : 0;
}

void *otel_log_processor_new(size_t size, const otel_log_processor_ops *ops)
{
    if (!complete(ops) || size < sizeof(otel_log_processor)) return NULL;
    otel_log_processor *p = otel_allocate(size);
    if (p) p->ops = ops;
    return p;
}

void otel_log_processor_destroy(otel_log_processor *processor)
{
    if (!processor) return;
    if (processor->ops->destroy) processor->ops->destroy(processor);
    otel_release(processor);
}

bool otel__processor_exports(const otel_log_processor *processor)
{
    return processor->ops == &otel__batch_processor_ops || processor->ops == &otel__simple_processor_ops;
}

/* What a processor changes is undone when its emit returns: its stack was good enough, and its sibling sees nothing of
 * it. */
void otel__processor_call(otel_log_processor *processor, otel_log_record *record)
{
    if (otel__processor_exports(processor)) {
        processor->ops->emit(processor, record);
        return;
    }
    otel_log_record before = *record;
    otel__record_state *state = record->otel_private;
    uint32_t changes = state ? state->change_count : 0;
    processor->ops->emit(processor, record);
    *record = before;
    if (state) state->change_count = changes;
}

void otel_log_pass(otel_log_processor *self, otel_log_record *record)
{
    if (self && record && self->next) otel__processor_call(self->next, record);
}

void otel_log_processor_emit(otel_log_processor *child, otel_log_record *record)
{
    if (child && record) otel__processor_call(child, record);
}

bool otel_log_processor_enabled(otel_log_processor *child, const otel_scope *scope, otel_severity severity,
                                const otel_context *context)
{
    static const otel_context none;
    if (!context) context = &none;
    for (otel_log_processor *q = child; q; q = q->next) {
        if (!q->ops->enabled || otel__processor_exports(q)) return true;
        if (!q->ops->enabled(q, scope, severity, context)) return false;
        if (otel__processor_flags(q) & OTEL_PROCESSOR_DECIDES) return true;
    }
    return child != NULL;
}

otel_result otel_log_processor_start(otel_log_processor *child, otel_provider *provider)
{
    if (!child || !provider) return OTEL_OK;
    if (otel__processor_exports(child))
        return otel__provider_adopt((otel__provider *)provider, child) ? OTEL_OK : OTEL_ERR_CONFIG;
    const otel_log_processor_ops *ops = child->ops;
    bool has = ops->size >= offsetof(otel_log_processor_ops, start) + sizeof ops->start && ops->start;
    return has ? ops->start(child, provider) : OTEL_OK;
}

otel_result otel_log_processor_flush(otel_log_processor *child, otel_deadline deadline)
{
    return child && child->ops->flush ? child->ops->flush(child, deadline) : OTEL_OK;
}

otel_result otel_log_processor_shutdown(otel_log_processor *child, otel_deadline deadline)
{
    return child && child->ops->shutdown ? child->ops->shutdown(child, deadline) : OTEL_OK;
}

void otel_log_processor_after_fork(otel_log_processor *child)
{
    if (child && child->ops->after_fork) child->ops->after_fork(child);
}
