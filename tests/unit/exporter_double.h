/* Exporters without an SDK: what a test stands in for when its exporter is linked alone. */
#ifndef OTEL_TEST_EXPORTER_DOUBLE_H
#define OTEL_TEST_EXPORTER_DOUBLE_H
#include <otel/sdk/allocator.h>
#include <otel/sdk/log_exporter.h>

void *otel_log_exporter_new(size_t size, const otel_log_exporter_ops *ops)
{
    otel_log_exporter *exporter = otel_allocate(size);
    if (exporter) exporter->ops = ops;
    return exporter;
}

void otel_log_exporter_destroy(otel_log_exporter *exporter)
{
    if (!exporter) return;
    exporter->ops->destroy(exporter);
    otel_release(exporter);
}
#endif
