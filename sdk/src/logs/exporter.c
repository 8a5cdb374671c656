/* Making and destroying exporters. */
#include <otel/sdk/log_exporter.h>
#include <stddef.h>

enum { FIRST_VERSION = offsetof(otel_log_exporter_ops, losses) }; /* the least that a table holds */

static bool complete(const otel_log_exporter_ops *ops)
{
    return ops && ops->size >= FIRST_VERSION && ops->name && ops->export_batch;
}

void *otel_log_exporter_new(size_t size, const otel_log_exporter_ops *ops)
{
    if (!complete(ops) || size < sizeof(otel_log_exporter)) return NULL;
    otel_log_exporter *e = otel_allocate(size);
    if (e) e->ops = ops;
    return e;
}

void otel_log_exporter_destroy(otel_log_exporter *exporter)
{
    if (!exporter) return;
    if (exporter->ops->destroy) exporter->ops->destroy(exporter);
    otel_release(exporter);
}
