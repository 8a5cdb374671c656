/* The batch processor, exporting side: one turn of the loop takes records, hands a batch to the exporter, and settles
 * what was answered. Never waits. */
#include "batch_export.h"
#include <string.h>

enum {
    BATCHES_A_TURN = 8, /* then the others have their turn */
    NAP_MS = 1,         /* until the next look at what is not ready */
    GRACE_MS = 100,     /* for an exporter to notice its deadline by itself */
    HOME_MS = 40        /* for the idle thread of a blocking exporter to end */
};

static const char NO_ANSWER[] = "no answer in time";

static bool flush_open(const otel__batch *b)
{
    return atomic_load(&b->life->flush_wanted) != atomic_load(&b->life->flush_done);
}

/* Asked without the intention to sleep. */
static bool queue_says(otel__batch *b, otel__queue_sleep mode)
{
    bool nothing = otel__queue_may_sleep(&b->queue, mode);
    otel__queue_awake(&b->queue);
    return nothing;
}

/* Whether a batch is due; when not, *due_ns is when to look again. */
static bool due(otel__batch *b, int64_t now, int64_t *due_ns)
{
    *due_ns = OTEL_DEADLINE_NEVER;
    if (otel__batch_stopping(b) || flush_open(b) || b->split) return true;
    if (b->nap_ns > now && queue_says(b, OTEL__QUEUE_NAP)) {
        *due_ns = b->nap_ns;
        return false;
    }
    b->nap_ns = 0;
    if (b->pending_records >= b->options.max_export_batch_size) return true;
    if (!b->noticed_ns && !b->pending_records && queue_says(b, OTEL__QUEUE_IDLE)) return false;
    if (!b->noticed_ns) b->noticed_ns = now;
    *due_ns = b->noticed_ns + (int64_t)b->options.schedule_delay_ms * OTEL__BATCH_MS;
    return now >= *due_ns || !queue_says(b, OTEL__QUEUE_WAITING);
}

/* False: not yet, its thread is at it. On the loop itself an exporter does not wait, but may begin something. */
static bool exporter_flushed(otel__batch *b)
{
    if (!b->blocking) {
        otel_deadline deadline = {atomic_load(&b->life->flush_until_ns)};
        if (b->exporter->ops->flush) b->exporter->ops->flush(b->exporter, deadline);
        return true;
    }
    if (!b->flushing) b->flushing = otel__blocking_flush(b->blocking);
    b->flushing = b->flushing && otel__blocking_busy(b->blocking);
    return !b->flushing;
}

static void complete_flush(otel__batch *b)
{
    if (b->flush_taken == atomic_load(&b->life->flush_done)) return;
    if (b->in_flight || (b->pending_count && b->pending_ids[0] < b->flush_id)) return;
    if (!exporter_flushed(b)) return;
    atomic_store(&b->life->flush_done, b->flush_taken);
    otel__loop_announce(b->loop);
}

/* The processor that this thread asks for its answer right now: it looks by itself when the exporter is back. */
static _Thread_local const otel__batch *asked;

void otel_export_done(otel_export_call *call, otel_export_status status)
{
    if (!call || status == OTEL_EXPORT_PENDING) return;
    otel__batch *b = call->otel_private; /* NULL: not one that could be left pending */
    if (!b) return;
    atomic_fetch_add(&b->life->answering, 1); /* who frees waits for those who ring */
    atomic_store_explicit(&b->answer, status, memory_order_release);
    if (asked != b) otel__loop_ring(b->loop);
    atomic_fetch_sub(&b->life->answering, 1);
}

/* Exporting. --------------------------------------------------------------------------------------------------------
 */

static otel_export_status hand_over(otel__batch *b)
{
    if (!b->blocking) return b->exporter->ops->export_batch(b->exporter, &b->batch, &b->call);
    if (otel__blocking_start(b->blocking, &b->batch, &b->call)) return OTEL_EXPORT_PENDING;
    strcpy(b->call.message, "its thread cannot be started");
    return OTEL_EXPORT_RETRY;
}

static otel_deadline attempt_deadline(const otel__batch *b)
{
    otel_deadline deadline = otel_deadline_in_ms(b->options.export_timeout_ms);
    if (otel__batch_stopping(b) && b->stop_deadline_ns < deadline.monotonic_ns)
        deadline.monotonic_ns = b->stop_deadline_ns;
    return deadline;
}

static void start(otel__batch *b, int64_t now)
{
    if (!b->first_try_ns) b->first_try_ns = now;
    b->retry_ns = 0;
    b->call = (otel_export_call){.size = sizeof b->call,
                                 .attempt = b->attempt,
                                 .deadline = attempt_deadline(b),
                                 .otel_private = b,
                                 .rejected = b->settled_rejected,
                                 .settled = b->settled};
    atomic_store(&b->answer, OTEL_EXPORT_PENDING);
    b->in_flight = true;
    otel_export_status status = hand_over(b);
    if (status != OTEL_EXPORT_PENDING) otel__batch_answered(b, status, now);
}

/* False: it cannot be called back, so batch and call stay. */
static bool cancel(otel__batch *b)
{
    if (b->blocking || !b->exporter->ops->cancel) return false;
    b->exporter->ops->cancel(b->exporter);
    return true;
}

/* The exporter in its own time; true: the call was answered. */
static bool look(otel__batch *b, int64_t now, int64_t *next)
{
    *next = OTEL_DEADLINE_NEVER;
    asked = b;
    if (b->exporter->ops->poll) b->exporter->ops->poll(b->exporter, next);
    asked = NULL;
    if (!b->in_flight) return false;
    otel_export_status status = atomic_load_explicit(&b->answer, memory_order_acquire);
    if (status == OTEL_EXPORT_PENDING && b->exporter->ops->cancel && !b->blocking &&
        now - GRACE_MS * OTEL__BATCH_MS > b->call.deadline.monotonic_ns) {
        cancel(b);
        strcpy(b->call.message, NO_ANSWER);
        status = OTEL_EXPORT_RETRY;
    }
    if (status == OTEL_EXPORT_PENDING) {
        int64_t limit = b->call.deadline.monotonic_ns;
        bool can_cancel = !b->blocking && b->exporter->ops->cancel;
        if (can_cancel && limit < OTEL_DEADLINE_NEVER - 2 * GRACE_MS * OTEL__BATCH_MS &&
            limit + 2 * GRACE_MS * OTEL__BATCH_MS < *next)
            *next = limit + 2 * GRACE_MS * OTEL__BATCH_MS;
        return false;
    }
    otel__batch_answered(b, status, now);
    return true;
}

/* Stopping. ---------------------------------------------------------------------------------------------------------
 */

static void count_left(otel__batch *b)
{
    uint64_t left = b->pending_records - b->settled;
    otel__batch_count(&b->life->exported, b->settled - b->settled_rejected);
    otel__batch_count(&b->life->rejected, b->settled_rejected);
    if (!left) return;
    otel_diag(OTEL_SEVERITY_ERROR, otel__batch_name(b), "stopped before %llu records could be exported: %s",
              (unsigned long long)left, otel__batch_reason(b));
    otel__batch_count(&b->life->left_at_stop, left);
}

/* The exporter shut down; a blocking one by its own thread, which may need a while. */
static bool gone_home(otel__batch *b, int64_t patience)
{
    otel_deadline deadline = {b->stop_deadline_ns};
    if (b->blocking) {
        otel__blocking_want_end(b->blocking, deadline);
        return otel__blocking_ended(b->blocking, patience);
    }
    if (b->exporter->ops->shutdown) b->exporter->ops->shutdown(b->exporter, deadline);
    return true;
}

static void finish(otel__batch *b, int64_t now)
{
    b->shut_down = true;
    otel__batch_report_loss(b, now);
    if (!gone_home(b, b->in_flight ? 0 : HOME_MS * OTEL__BATCH_MS))
        b->in_flight = true; /* its thread is still there: so is the memory */
    atomic_store(&b->life->flush_done, atomic_load(&b->life->flush_wanted));
    atomic_store(&b->life->stopped, 1);
    otel__loop_announce(b->loop);
}

/* Past the deadline: the batch in flight is called back, the rest counted. Its memory is not touched any more: a writer
 * or a blocked exporter may still be there. */
static void abandon(otel__batch *b, int64_t now)
{
    if (b->in_flight && cancel(b)) {
        b->in_flight = false;
        if (!b->call.message[0]) strcpy(b->call.message, NO_ANSWER);
        otel__batch_remember(b);
    }
    otel__batch_collect(b);
    count_left(b);
    if (!b->in_flight) {
        for (uint32_t k = 0; k < b->pending_count; k++) {
            otel__queue_credit(&b->queue, b->pending[k].count - b->pending[k].next);
            b->pending[k].next = b->pending[k].count;
        }
        otel__batch_compact(b);
    }
    b->pending_records = 0;
    finish(b, now);
}

static bool drained(otel__batch *b)
{
    if (b->in_flight || b->pending_records) return false;
    otel__batch_collect(b);
    return b->pending_records == 0;
}

static bool stopped(otel__batch *b, int64_t now)
{
    if (b->shut_down) return true;
    if (!otel__batch_stopping(b)) return false;
    if (now >= b->stop_deadline_ns)
        abandon(b, now);
    else if (drained(b)) {
        b->ending = b->blocking && !gone_home(b, 0);
        if (!b->ending) finish(b, now);
    }
    return b->shut_down;
}

/* A turn. -----------------------------------------------------------------------------------------------------------
 */

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t limit_by_stop(const otel__batch *b, int64_t next)
{
    return otel__batch_stopping(b) ? earlier(next, b->stop_deadline_ns) : next;
}

/* Starts what can be started; false: nothing now, *next says when to look again. */
static bool advance(otel__batch *b, int64_t now, int64_t *next)
{
    if (b->ending || b->flushing) {
        *next = earlier(*next, now + NAP_MS * OTEL__BATCH_MS);
        return false;
    }
    if (b->retry_ns) {
        if (otel__batch_stopping(b))
            b->retry_ns = earlier(b->retry_ns, now + OTEL__BATCH_BACKOFF_STOPPING_MS * OTEL__BATCH_MS);
        *next = earlier(*next, b->retry_ns);
        if (now < b->retry_ns) return false;
        start(b, now);
        return true;
    }
    int64_t due_ns;
    if (!due(b, now, &due_ns)) {
        *next = earlier(*next, due_ns);
        return false;
    }
    if (b->pending_records < b->options.max_export_batch_size) otel__batch_collect(b);
    otel__batch_fill(b, b->batch.capacity);
    if (!b->batch.count && b->pending_records >= b->options.max_export_batch_size) { /* all behind one stuck writer */
        otel__batch_collect(b);
        otel__batch_fill(b, b->batch.capacity);
    }
    if (b->batch.count) {
        start(b, now);
        return true;
    }
    if (b->pending_records) *next = earlier(*next, now + NAP_MS * OTEL__BATCH_MS); /* all of them in mid-record */
    return false;
}

/* A host is asked to come again after each: it wants its thread back. */
static int batches_a_turn(const otel__batch *b)
{
    return b->loop->host ? 1 : BATCHES_A_TURN;
}

int64_t otel__batch_turn(otel__batch *b, int64_t now)
{
    int64_t next, loss = otel__batch_report_loss(b, now);
    if (b->shut_down) return OTEL_DEADLINE_NEVER;
    look(b, now, &next);
    for (int i = 0; i < batches_a_turn(b) && !b->in_flight && !stopped(b, now); i++) {
        bool more = advance(b, now, &next);
        complete_flush(b);
        if (b->in_flight) look(b, now, &next);
        if (!more && (!flush_open(b) || b->retry_ns)) return limit_by_stop(b, earlier(next, loss));
        if (!more) return limit_by_stop(b, earlier(next, now + NAP_MS * OTEL__BATCH_MS));
    }
    if (b->shut_down) return OTEL_DEADLINE_NEVER;
    if (b->in_flight && stopped(b, now)) return OTEL_DEADLINE_NEVER;
    complete_flush(b);
    return limit_by_stop(b, b->in_flight ? earlier(next, loss) : now);
}

bool otel__batch_may_sleep(otel__batch *b)
{
    if (b->shut_down || b->in_flight || b->retry_ns || otel__batch_stopping(b)) return true;
    if (b->nap_ns) return otel__queue_may_sleep(&b->queue, OTEL__QUEUE_NAP);
    if (b->noticed_ns || b->pending_records) return otel__queue_may_sleep(&b->queue, OTEL__QUEUE_WAITING);
    return otel__queue_may_sleep(&b->queue, OTEL__QUEUE_IDLE);
}

/* What was taken or in flight is the parent's; queue and counters were wiped already. */
void otel__batch_after_fork(otel__batch *b)
{
    b->pending_count = b->portion_count = 0;
    b->pending_records = b->too_large_seen = b->losses_seen = b->losses_before = 0;
    b->in_flight = b->ending = b->flushing = b->failing = b->losing = b->shut_down = false;
    b->attempt = 0;
    b->retry_ns = b->first_try_ns = b->noticed_ns = b->nap_ns = 0;
    b->flush_taken = b->split = b->settled = b->settled_rejected = 0;
    b->batch.count = 0;
    otel__blocking_after_fork(b->blocking);
    if (b->exporter->ops->after_fork) b->exporter->ops->after_fork(b->exporter);
    if (b->exporter->ops->poll_fd) otel__sleeper_watch(&b->loop->sleeper, b->exporter->ops->poll_fd(b->exporter));
}
