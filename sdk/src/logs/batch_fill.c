/* The batch processor, exporting side: records out of the queue and into a batch, and their room back. */
#include "batch_export.h"
#include "provider.h"

void otel__batch_collect(otel__batch *b)
{
    uint32_t request = atomic_load(&b->life->flush_wanted);
    uint32_t n = otel__queue_take_all(&b->queue, b->pending + b->pending_count, b->pending_room - b->pending_count,
                                      otel__batch_stopping(b));
    for (uint32_t i = 0; i < n; i++) {
        b->pending_records += b->pending[b->pending_count].count;
        b->pending_ids[b->pending_count++] = b->next_id++;
    }
    if (b->flush_taken ==
        atomic_load(&b->life->flush_done)) { /* one at a time: under load a later one would never end */
        b->flush_taken = request;
        b->flush_id = b->next_id;
    }
    b->noticed_ns = 0;
}

static bool room_for(const otel__batch *b, uint64_t descriptor)
{
    return !b->batch.count || b->batch.record_bytes + OTEL__QUEUE_LENGTH(descriptor) <= b->bytes_most;
}

/* Adds records of one chunk, until the batch has `most`. *full: it is; false: a writer is in mid-record there, so the
 * rest of its stripe has to wait. */
static bool add_chunk(otel__batch *b, uint32_t nth, uint32_t most, bool *full)
{
    const otel__queue_chunk c = b->pending[nth];
    uint8_t *chunk = otel__queue_chunk_at(&b->queue, c.chunk);
    uint32_t room = most - b->batch.count, end = c.count - c.next < room ? c.count : c.next + room, i = c.next;
    uint64_t d = 1;
    for (; i < end; i++) {
        d = atomic_load_explicit(otel__queue_descriptor_at(chunk, i), memory_order_acquire);
        if (!d || !room_for(b, d)) break;
        const uint8_t *bytes = chunk + b->queue.data + OTEL__QUEUE_OFFSET(d);
        otel__log_batch_add(&b->batch, bytes, OTEL__QUEUE_LENGTH(d), OTEL__QUEUE_SCOPE(d));
    }
    *full = b->batch.count == most || (d && i < end);
    if (i > c.next) b->portions[b->portion_count++] = (otel__portion){nth, i - c.next};
    return d != 0;
}

void otel__batch_fill(otel__batch *b, uint32_t most)
{
    bool blocked[256] = {false}, full = false;
    otel__provider *provider = atomic_load(&b->parent);
    otel__log_batch_open(&b->batch, provider->resource, &provider->scopes);
    b->portion_count = b->settled = b->settled_rejected = 0;
    if (!b->bytes_most) b->bytes_most = OTEL__BATCH_BYTES_MOST;
    for (uint32_t k = 0; k < b->pending_count && !full; k++) {
        uint32_t stripe = otel__queue_stripe_of(&b->queue, b->pending[k].chunk) & 255;
        if (!blocked[stripe]) blocked[stripe] = !add_chunk(b, k, most, &full);
    }
    if (b->batch.count) otel__log_batch_close(&b->batch);
}

/* Chunks that are done go back; the order of the others stays. */
void otel__batch_compact(otel__batch *b)
{
    uint32_t kept = 0;
    for (uint32_t k = 0; k < b->pending_count; k++) {
        if (b->pending[k].next == b->pending[k].count) {
            otel__queue_release(&b->queue, &b->pending[k]);
            continue;
        }
        b->pending[kept] = b->pending[k];
        b->pending_ids[kept++] = b->pending_ids[k];
    }
    b->pending_count = kept;
}

void otel__batch_settle(otel__batch *b)
{
    for (uint32_t i = 0; i < b->portion_count; i++) {
        otel__queue_chunk *c = &b->pending[b->portions[i].pending];
        c->next += b->portions[i].records;
        otel__queue_progress(&b->queue, c);
    }
    otel__batch_compact(b);
    otel__queue_credit(&b->queue, b->batch.count);
    b->pending_records -= b->batch.count;
    b->split -= b->split < b->batch.count ? b->split : b->batch.count;
    b->batch.count = b->portion_count = 0;
    b->attempt = b->settled = b->settled_rejected = 0;
    b->retry_ns = b->first_try_ns = 0;
}
