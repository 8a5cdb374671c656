/* What a batch processor loses, in words: once when it starts, and once, with the number, when it is over. */
#include "batch_processor.h"

enum { LOSS_OVER_MS = 1000 };
static const int64_t MS = 1000000;

static void report_too_large(otel__batch *b, uint64_t now)
{
    if (now != b->too_large_seen)
        otel_diag(OTEL_SEVERITY_WARN, b->exporter->ops->name, "%llu records were dropped: larger than %u bytes",
                  (unsigned long long)(now - b->too_large_seen), b->options.max_record_bytes);
    b->too_large_seen = now;
}

/* When emits wait for room, each of their looks is a refusal that the queue counts. */
uint64_t otel__batch_lost(const otel__batch *b, const otel__queue_totals *counts)
{
    return b->options.wait_for_room_ms ? atomic_load(&b->life->gave_up) : counts->queue_full;
}

/* Loss in words: when it starts, and when it is over. */
int64_t otel__batch_report_loss(otel__batch *b, int64_t now)
{
    otel__queue_totals c;
    otel__queue_counts(&b->queue, &c);
    report_too_large(b, atomic_load(&b->life->too_large) + c.too_large);
    uint64_t losses = otel__batch_lost(b, &c);
    if (losses > b->losses_seen) {
        if (!b->losing)
            otel_diag(OTEL_SEVERITY_WARN, b->exporter->ops->name,
                      "the queue of %u records is full: records are being dropped", b->options.max_queue_size);
        if (!b->losing) b->losses_before = b->losses_seen;
        b->losing = true;
        b->losses_seen = losses;
        b->last_loss_ns = now;
    }
    if (!b->losing) return OTEL_DEADLINE_NEVER;
    if (!b->shut_down && (b->failing || now - b->last_loss_ns < LOSS_OVER_MS * MS))
        return b->failing ? OTEL_DEADLINE_NEVER : b->last_loss_ns + LOSS_OVER_MS * MS;
    otel_diag(OTEL_SEVERITY_WARN, b->exporter->ops->name, "%llu records were dropped while the queue was full",
              (unsigned long long)(b->losses_seen - b->losses_before));
    b->losing = false;
    return OTEL_DEADLINE_NEVER;
}
