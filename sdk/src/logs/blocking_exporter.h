/* A thread of its own for an exporter that may sleep in export_batch, so that the loop never does. */
#ifndef OTEL__LOGS_BLOCKING_EXPORTER_H
#define OTEL__LOGS_BLOCKING_EXPORTER_H
#include "platform/platform.h"
#include <otel/sdk/log_exporter.h>

typedef struct otel__blocking otel__blocking;

otel__blocking *otel__blocking_new(otel_log_exporter *exporter);
/* Hands a batch over; the answer comes through otel_export_done. false: the thread cannot be started. */
bool otel__blocking_start(otel__blocking *blocking, const otel_log_batch *batch, otel_export_call *call);
/* Has the thread flush the exporter, between two batches; false: there is nothing to flush. */
bool otel__blocking_flush(otel__blocking *blocking);
/* The thread is at work on what it was asked. */
bool otel__blocking_busy(const otel__blocking *blocking);
/* Asks the thread to shut the exporter down and to end; does not wait. Once asked, the deadline stays. */
void otel__blocking_want_end(otel__blocking *blocking, otel_deadline deadline);
/* True when it has ended, within `patience_ns`; false: it is still inside the exporter, and keeps everything it holds.
 */
bool otel__blocking_ended(otel__blocking *blocking, int64_t patience_ns);
void otel__blocking_after_fork(otel__blocking *blocking);
void otel__blocking_destroy(otel__blocking *blocking);
#endif
