/* The parts of the exporting side, called by the loop alone: records in (batch_fill.c), what became of them
 * (batch_answer.c), and the turn that drives both (batch_export.c). */
#ifndef OTEL__LOGS_BATCH_EXPORT_H
#define OTEL__LOGS_BATCH_EXPORT_H
#include "batch_processor.h"
#include <otel/sdk/diag.h>

/* Takes what the queue has. */
void otel__batch_collect(otel__batch *batch);
/* Fills the batch with the oldest records that were taken: at most so many, and no more bytes than a request may have.
 */
void otel__batch_fill(otel__batch *batch, uint32_t most);
/* The records of the batch are done with: their room in the queue is free again. */
void otel__batch_settle(otel__batch *batch);
/* Gives back the chunks that are done. */
void otel__batch_compact(otel__batch *batch);

/* What the exporter said of the batch: settled, or to be tried again, and when. */
void otel__batch_answered(otel__batch *batch, otel_export_status status, int64_t now_ns);
/* Takes note of what an attempt settled that was not the last. */
void otel__batch_remember(otel__batch *batch);
const char *otel__batch_reason(const otel__batch *batch);

enum {
    OTEL__BATCH_BYTES_MOST = 8 << 20, /* of one request, until a backend says that it is too much */
    OTEL__BATCH_BACKOFF_STOPPING_MS = 200
};
static const int64_t OTEL__BATCH_MS = 1000000; /* nanoseconds */

static inline const char *otel__batch_name(const otel__batch *batch)
{
    return batch->exporter->ops->name;
}

static inline bool otel__batch_stopping(const otel__batch *batch)
{
    return atomic_load(&batch->life->stop_wanted) != 0;
}

static inline void otel__batch_count(_Atomic uint64_t *counter, uint64_t n)
{
    atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}
#endif
