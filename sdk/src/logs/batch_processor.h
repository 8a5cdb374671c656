/* The batch processor: its emitting side (any thread) and its exporting side (the loop). */
#ifndef OTEL__LOGS_BATCH_PROCESSOR_H
#define OTEL__LOGS_BATCH_PROCESSOR_H
#include "blocking_exporter.h"
#include "export_loop.h"
#include "log_batch.h"
#include "queue/queue.h"
#include "wire/record_writer.h"
#include <otel/sdk/sdk.h>

extern const otel_log_processor_ops otel__batch_processor_ops;

/* Counters and requests; zero again in the child of a fork, which thereby starts with empty books. */
typedef struct otel__batch_life {
    _Alignas(64) _Atomic uint64_t too_large;
    _Atomic uint64_t gave_up; /* emits that waited for room in vain */
    _Atomic uint64_t late;    /* those that were still waiting when the processor was stopped */
    _Alignas(64) _Atomic uint64_t exported, rejected, retry_exhausted, left_at_stop; /* written by the loop */
    _Atomic uint32_t flush_wanted, flush_done;
    _Atomic int64_t flush_until_ns; /* the latest deadline of those who wait for a flush */
    _Atomic uint32_t stop_wanted, stopped, closing;
    _Atomic uint32_t answering; /* threads inside otel_export_done */
} otel__batch_life;

/* How many records of which pending chunk are in the batch. */
typedef struct otel__portion {
    uint32_t pending, records;
} otel__portion;

typedef struct otel__batch {
    otel_log_processor base;
    otel_log_exporter *exporter;
    otel_batch_options options; /* resolved */
    otel__queue queue;
    otel__batch_life *life;
    _Atomic(struct otel__provider *) provider; /* NULL until the first record or the provider's start */
    _Atomic(struct otel__provider *) parent;   /* the same, for the loop, which may be first */
    otel__loop *loop;
    otel__blocking *blocking; /* NULL: the exporter does not block */

    /* The loop's alone, from here on. */
    otel_log_batch batch;
    otel__queue_chunk *pending; /* chunks taken from the queue, oldest first */
    uint64_t *pending_ids;      /* they count up, so that a flush knows when all before it are done */
    uint32_t pending_count, pending_room;
    otel__portion *portions;
    uint32_t portion_count;
    uint64_t next_id;         /* of the next chunk taken */
    uint64_t pending_records; /* taken, not settled */
    uint64_t bytes_most;      /* of the records in a batch; less when the backend wants less at a time */
    uint32_t split;           /* records of a batch that was too large, not settled yet */
    otel_export_call call;
    _Atomic int32_t answer;             /* OTEL_EXPORT_PENDING until otel_export_done */
    uint32_t settled, settled_rejected; /* of the batch in hand, when an attempt was not the last */
    bool in_flight, failing, losing, ending, flushing, shut_down;
    uint32_t attempt;
    int64_t first_try_ns, retry_ns; /* 0: nothing to retry */
    int64_t noticed_ns;             /* when the first waiting record was seen; 0: none */
    int64_t filled_ns;              /* when the last full batch was answered */
    int64_t nap_ns;                 /* rest until then after a full batch; 0: no */
    uint32_t flush_taken;           /* the request that the last take covers */
    uint64_t flush_id;              /* chunks with smaller ids belong to it */
    int64_t stop_deadline_ns;
    uint64_t losses_seen, losses_before, too_large_seen;
    int64_t last_loss_ns;
} otel__batch;

/* NULL: it is another kind of processor. */
static inline otel__batch *otel__as_batch(otel_log_processor *processor)
{
    return processor->ops == &otel__batch_processor_ops ? (otel__batch *)processor : NULL;
}

/* Emitting side. */
void otel__batch_take(otel__batch *batch, const otel__record_input *input, uint32_t scope);
/* The same when the queue was full and the processor may wait for room. */
void otel__batch_wait(otel__batch *batch, const otel__record_input *input, uint32_t scope);
static inline void otel__batch_too_large(otel__batch *batch)
{
    atomic_fetch_add_explicit(&batch->life->too_large, 1, memory_order_relaxed);
}
/* Gives the processor its provider and loop; by the provider's start, or at a child's first record. */
bool otel__batch_adopt(otel__batch *batch, struct otel__provider *provider);

/* Exporting side, called by the loop alone. */
int64_t otel__batch_turn(otel__batch *batch, int64_t now_ns);
bool otel__batch_may_sleep(otel__batch *batch);
void otel__batch_after_fork(otel__batch *batch);
/* Compares the counters with what was said; when to look again at the latest. */
int64_t otel__batch_report_loss(otel__batch *batch, int64_t now_ns);

/* Requests, any thread. */
uint32_t otel__batch_want_flush(otel__batch *batch, int64_t deadline_ns);
bool otel__batch_flushed(const otel__batch *batch, uint32_t request);
void otel__batch_want_stop(otel__batch *batch, otel_deadline deadline);
bool otel__batch_stopped(const otel__batch *batch);
/* Lost because the queue was full, of what the queue counts. */
uint64_t otel__batch_lost(const otel__batch *batch, const otel__queue_totals *counts);
uint64_t otel__batch_taken(const otel__batch *batch);
void otel__batch_books(const otel__batch *batch, otel_pipeline_books *books);
/* Nobody can still be inside its memory. */
bool otel__batch_can_be_freed(const otel__batch *batch);
#endif
