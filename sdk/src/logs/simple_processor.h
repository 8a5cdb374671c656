/* The simple processor: each record is exported on the emitting thread, one at a time. */
#ifndef OTEL__LOGS_SIMPLE_PROCESSOR_H
#define OTEL__LOGS_SIMPLE_PROCESSOR_H
#include <otel/sdk/sdk.h>

struct otel__provider;
extern const otel_log_processor_ops otel__simple_processor_ops;

const otel_log_exporter *otel__simple_exporter(const otel_log_processor *processor);
uint64_t otel__simple_taken(const otel_log_processor *processor);
void otel__simple_books(const otel_log_processor *processor, otel_pipeline_books *books);
void otel__simple_after_fork(otel_log_processor *processor, bool inert);
bool otel__simple_adopt(otel_log_processor *processor, struct otel__provider *provider);
void otel__simple_own(otel_log_processor *processor, struct otel__provider *provider);
#endif
