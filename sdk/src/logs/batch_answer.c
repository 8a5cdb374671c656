/* The batch processor, exporting side: what an exporter answers, and what follows: counted, kept and tried again later,
 * cut in halves, given up. */
#include "batch_export.h"
#include <otel/sdk/random.h>

enum {
    NAP_MS = 1,
    BACKOFF_FIRST_MS = 500,
    BACKOFF_MOST_MS = 5000,
    SPLIT_BYTES_LEAST = 64 << 10, /* no backend means less for long: a smaller bound grows again */
    HOPELESS_BYTES = 4 << 10      /* one that finds so little too large takes nothing */
};

const char *otel__batch_reason(const otel__batch *b)
{
    return b->call.message[0] ? b->call.message : "no reason given";
}

void otel__batch_remember(otel__batch *b)
{
    uint32_t settled = b->call.settled, rejected = b->call.rejected;
    b->settled = settled < b->batch.count ? settled : b->batch.count;
    b->settled_rejected = rejected < b->settled ? rejected : b->settled;
}

/* The end of a batch that was not exported as a whole: what became of the rest. */
static void end_batch(otel__batch *b, _Atomic uint64_t *rest)
{
    otel__batch_count(&b->life->exported, b->settled - b->settled_rejected);
    otel__batch_count(&b->life->rejected, b->settled_rejected);
    otel__batch_count(rest, b->batch.count - b->settled);
    otel__batch_settle(b);
}

/* Writers who fill batches as fast as this would wake us for each; for slower ones a nap is only a wake-up more. */
static void nap(otel__batch *b, int64_t begun)
{
    bool soon = begun - b->filled_ns < 2 * NAP_MS * OTEL__BATCH_MS;
    b->filled_ns = otel__monotonic_ns();
    if (soon && b->pending_records < b->options.max_export_batch_size)
        b->nap_ns = b->filled_ns + NAP_MS * OTEL__BATCH_MS;
}

static void exported(otel__batch *b)
{
    uint64_t rejected = b->call.rejected < b->batch.count ? b->call.rejected : b->batch.count;
    if (b->failing) otel_diag(OTEL_SEVERITY_INFO, otel__batch_name(b), "exporting again (attempt %u)", b->attempt + 1);
    b->failing = false;
    if (b->bytes_most < SPLIT_BYTES_LEAST) b->bytes_most *= 2;
    bool full = b->batch.count == b->batch.capacity;
    int64_t begun = b->first_try_ns;
    otel__batch_count(&b->life->rejected, rejected);
    otel__batch_count(&b->life->exported, b->batch.count - rejected);
    otel__batch_settle(b);
    if (full) nap(b, begun);
}

static void refused(otel__batch *b)
{
    otel_diag(OTEL_SEVERITY_ERROR, otel__batch_name(b), "%u records were refused: %s", b->batch.count - b->settled,
              otel__batch_reason(b));
    end_batch(b, &b->life->rejected);
}

/* What is left of a batch that was split, at once. */
static void refuse_all(otel__batch *b)
{
    b->bytes_most = OTEL__BATCH_BYTES_MOST;
    if (b->split > b->batch.count) otel__batch_fill(b, b->split);
    refused(b);
}

/* The same records at once, about half of them at a time; what was learned holds for later batches. */
static void halve(otel__batch *b, int64_t now)
{
    if (b->bytes_most == OTEL__BATCH_BYTES_MOST)
        otel_diag(OTEL_SEVERITY_WARN, otel__batch_name(b),
                  "%u records are too many for one request, they go in several: %s", b->batch.count,
                  otel__batch_reason(b));
    if (!b->split) b->split = b->batch.count;
    b->bytes_most = b->batch.record_bytes / 2;
    otel__batch_fill(b, b->batch.capacity);
    b->retry_ns = now;
}

static void too_large(otel__batch *b, int64_t now)
{
    if (b->batch.record_bytes <= HOPELESS_BYTES)
        refuse_all(b);
    else if (b->batch.count == 1)
        refused(b);
    else
        halve(b, now);
}

static int64_t backoff_ms(const otel__batch *b)
{
    uint32_t doublings = b->attempt < 8 ? b->attempt : 8;
    int64_t ms = (int64_t)BACKOFF_FIRST_MS << doublings;
    if (ms > BACKOFF_MOST_MS) ms = BACKOFF_MOST_MS;
    ms = ms / 2 + (int64_t)(otel_random() % (uint64_t)(ms / 2 + 1));
    if (ms < b->call.retry_after_ms) ms = b->call.retry_after_ms;
    return ms;
}

static void give_up(otel__batch *b)
{
    otel_diag(OTEL_SEVERITY_ERROR, otel__batch_name(b), "%u records are given up after %u attempts: %s",
              b->batch.count - b->settled, b->attempt + 1, otel__batch_reason(b));
    end_batch(b, &b->life->retry_exhausted);
}

/* Nothing would be sent for as long as the stop waits. */
static bool in_vain(const otel__batch *b, int64_t now)
{
    return otel__batch_stopping(b) && b->call.firm &&
           now + b->call.retry_after_ms * OTEL__BATCH_MS >= b->stop_deadline_ns;
}

static void retry(otel__batch *b, int64_t now)
{
    if (!b->failing)
        otel_diag(OTEL_SEVERITY_WARN, otel__batch_name(b), "cannot export, trying again: %s", otel__batch_reason(b));
    b->failing = true;
    otel__batch_remember(b);
    if (b->options.retry_max_ms && now - b->first_try_ns >= (int64_t)b->options.retry_max_ms * OTEL__BATCH_MS) {
        give_up(b);
        return;
    }
    if (in_vain(b, now)) b->stop_deadline_ns = now;
    int64_t wait = backoff_ms(b);
    if (otel__batch_stopping(b) && wait > OTEL__BATCH_BACKOFF_STOPPING_MS) wait = OTEL__BATCH_BACKOFF_STOPPING_MS;
    b->retry_ns = now + wait * OTEL__BATCH_MS;
    b->attempt++;
}

void otel__batch_answered(otel__batch *b, otel_export_status status, int64_t now)
{
    b->in_flight = false;
    b->call.message[sizeof b->call.message - 1] = '\0';
    if (status == OTEL_EXPORT_OK)
        exported(b);
    else if (status == OTEL_EXPORT_RETRY)
        retry(b, now);
    else if (status == OTEL_EXPORT_TOO_LARGE)
        too_large(b, now);
    else
        refused(b);
}
