/* A thread of its own for an exporter that may sleep in export_batch, so that the loop never does. */
#ifndef OTEL__LOGS_BLOCKING_EXPORTER_H
#define OTEL__LOGS_BLOCKING_EXPORTER_H
#include "platform/platform.h"
#include <otel/sdk/log_exporter.h>

typedef struct otel__blocking otel__blocking;

otel__blocking *otel__blocking_new(otel_log_exporter *exporter);
/* Hands a batch over; the answer comes through otel_export_done. false: the thread cannot be started. */
bool otel__blocking_start(otel__blocking *blocking, const otel_log_batch *batch, otel_export_call *call);
/* Ends the thread; false: it is still inside export_batch at the deadline, and keeps everything it holds. */
bool otel__blocking_stop(otel__blocking *blocking, int64_t deadline_monotonic_ns);
void otel__blocking_after_fork(otel__blocking *blocking);
void otel__blocking_destroy(otel__blocking *blocking);
#endif
