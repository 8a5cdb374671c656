/* The batch processor, emitting side: options, the queue, waiting for room, books. */
#include "batch_processor.h"
#include "common/variables.h"
#include "processor.h"
#include "provider.h"
#include "record.h"
#include <string.h>

enum {
    CHUNK_BYTES = 32768,
    JUMBOS = 32, /* records that fit no ordinary chunk, at one time; address space until used */
    LEAST_CHUNKS = 256,
    MOST_CHUNKS = 60000,
    CAPPED_LEAST_BYTES = 16 * CHUNK_BYTES,
    ROOM_LOOK_NS = 200000
};

/* Options. ----------------------------------------------------------------------------------------------------------
 */

/* The object made in code is final; what it leaves open comes from the environment, then from the specification. */
static uint32_t resolve(uint32_t given, const otel_variable *variable)
{
    uint64_t value = variable->fallback;
    if (given == OTEL_ZERO) return 0;
    if (given) return given;
    otel_env_read(variable, &value);
    return (uint32_t)value;
}

static uint32_t at_most(uint32_t value, const char *name, uint32_t most)
{
    if (value <= most) return value;
    otel_diag(OTEL_SEVERITY_WARN, "batch", "%s is %u, %u is used", name, value, most);
    return most;
}

static uint32_t at_least(uint32_t value, const char *name, uint32_t least)
{
    if (value >= least) return value;
    otel_diag(OTEL_SEVERITY_WARN, "batch", "%s is %u, %u is used", name, value, least);
    return least;
}

/* For what must be more than 0 and has a bound. */
static uint32_t resolve_size(uint32_t given, const otel_variable *variable, const char *name)
{
    uint32_t value = resolve(given, variable);
    if (value) return at_most(value, name, variable->most);
    otel_diag(OTEL_SEVERITY_WARN, "batch", "%s is 0, %u is used", name, variable->fallback);
    return variable->fallback;
}

/* A timeout of 0 means none (Environment Variable Specification, "Timeout"). */
static uint32_t resolve_timeout(uint32_t given)
{
    uint32_t ms = resolve(given, &otel__env.OTEL_BLRP_EXPORT_TIMEOUT);
    return ms ? ms : OTEL_UNLIMITED;
}

static otel_batch_options resolved(const otel_batch_options *o)
{
    const otel_variable *batch_size = &otel__env.OTEL_BLRP_MAX_EXPORT_BATCH_SIZE;
    otel_batch_options r = {
        .schedule_delay_ms = resolve(o->schedule_delay_ms, &otel__env.OTEL_BLRP_SCHEDULE_DELAY),
        .export_timeout_ms = resolve_timeout(o->export_timeout_ms),
        .max_queue_size = resolve_size(o->max_queue_size, &otel__env.OTEL_BLRP_MAX_QUEUE_SIZE, "max queue size"),
        .max_export_batch_size = resolve_size(o->max_export_batch_size, batch_size, "max export batch size"),
        .max_record_bytes = resolve_size(o->max_record_bytes, &otel__env.OTEL_C_MAX_RECORD_BYTES, "max record bytes"),
        .wait_for_room_ms = resolve(o->wait_for_room_ms, &otel__env.OTEL_C_BLRP_WAIT_MS),
        .retry_max_ms = resolve(o->retry_max_ms, &otel__env.OTEL_C_RETRY_MAX_MS),
        .max_queue_bytes = resolve(o->max_queue_bytes, &otel__env.OTEL_C_BLRP_MAX_QUEUE_BYTES)};
    if (r.max_queue_bytes) r.max_queue_bytes = at_least(r.max_queue_bytes, "max queue bytes", CAPPED_LEAST_BYTES);
    if (r.max_export_batch_size == batch_size->fallback && r.max_queue_size < r.max_export_batch_size)
        r.max_export_batch_size = r.max_queue_size;
    r.max_export_batch_size = at_most(r.max_export_batch_size, "max export batch size", r.max_queue_size);
    return r;
}

/* Making. -----------------------------------------------------------------------------------------------------------
 */

static void ring(void *context)
{
    otel__batch *b = context;
    if (atomic_load_explicit(&b->provider, memory_order_acquire)) otel__loop_ring(b->loop);
}

static uint32_t power_of_two_below(uint32_t n)
{
    uint32_t p = 1;
    while (p * 2 <= n) p *= 2;
    return p;
}

/* A KiB a record is room for most; whoever caps it gets what fits, but no fewer than work side by side. */
static uint32_t chunk_count(const otel_batch_options *o)
{
    uint64_t chunks = (uint64_t)o->max_queue_size * 1024 / CHUNK_BYTES;
    if (chunks < LEAST_CHUNKS) chunks = LEAST_CHUNKS;
    if (chunks > MOST_CHUNKS) chunks = MOST_CHUNKS;
    uint64_t cap = o->max_queue_bytes / CHUNK_BYTES;
    if (o->max_queue_bytes && chunks > cap) chunks = cap;
    return (uint32_t)chunks;
}

static bool open_queue(otel__batch *b)
{
    uint32_t chunks = chunk_count(&b->options);
    uint32_t stripes = power_of_two_below(chunks / 4 < 256 ? chunks / 4 : 256);
    otel__queue_options o = {.max_records = b->options.max_queue_size,
                             .batch_records = b->options.max_export_batch_size,
                             .chunk_bytes = CHUNK_BYTES,
                             .chunks = chunks,
                             .jumbo_bytes = otel__queue_jumbo_bytes(CHUNK_BYTES, b->options.max_record_bytes),
                             .jumbos = JUMBOS,
                             .stripes = stripes,
                             .fd = -1,
                             .wake = ring,
                             .wake_context = b};
    b->pending_room = chunks + JUMBOS;
    return otel__queue_open(&b->queue, &o);
}

static bool make(otel__batch *b)
{
    b->life = otel__wiped_map(sizeof *b->life);
    if (!b->life || !open_queue(b)) return false;
    b->pending = otel_allocate(sizeof *b->pending * b->pending_room);
    b->pending_ids = otel_allocate(sizeof *b->pending_ids * b->pending_room);
    b->portions = otel_allocate(sizeof *b->portions * b->pending_room);
    if (b->exporter->ops->flags & OTEL_EXPORTER_BLOCKS) b->blocking = otel__blocking_new(b->exporter);
    if ((b->exporter->ops->flags & OTEL_EXPORTER_BLOCKS) && !b->blocking) return false;
    return b->pending && b->pending_ids && b->portions &&
           otel__log_batch_init(&b->batch, b->options.max_export_batch_size);
}

static void batch_destroy(otel_log_processor *self)
{
    otel__batch *b = (otel__batch *)self;
    otel__blocking_destroy(b->blocking);
    otel_log_exporter_destroy(b->exporter);
    otel__log_batch_finish(&b->batch);
    otel_release(b->pending);
    otel_release(b->pending_ids);
    otel_release(b->portions);
    if (b->queue.control) otel__queue_unmap(&b->queue);
    otel__wiped_unmap(b->life, sizeof *b->life);
}

otel_log_processor *otel_batch_log_processor_new_sized(otel_log_exporter *exporter, const otel_batch_options *options,
                                                       size_t size)
{
    otel_batch_options o = {0};
    if (options) memcpy(&o, options, size < sizeof o ? size : sizeof o);
    otel__batch *b = exporter ? otel_log_processor_new(sizeof *b, &otel__batch_processor_ops) : NULL;
    if (!b) {
        otel_log_exporter_destroy(exporter);
        return NULL;
    }
    b->exporter = exporter;
    b->options = resolved(&o);
    if (make(b)) return &b->base;
    otel_diag(OTEL_SEVERITY_ERROR, "batch", "there is no memory for the queue of exporter %s", exporter->ops->name);
    otel_log_processor_destroy(&b->base);
    return NULL;
}

bool otel__batch_adopt(otel__batch *b, otel__provider *provider)
{
    if (atomic_load_explicit(&b->provider, memory_order_acquire)) return true;
    return otel__provider_adopt(provider, &b->base);
}

/* Emitting. ---------------------------------------------------------------------------------------------------------
 */

static bool may_wait(const otel__batch *b, int64_t deadline)
{
    return !atomic_load(&b->life->closing) && otel__monotonic_ns() < deadline;
}

static bool write_if_there_is_room(otel__batch *b, const otel__record_input *input, const otel__record_plan *plan,
                                   uint32_t scope)
{
    otel__queue_slot slot;
    otel__queue_status status = otel__queue_reserve(&b->queue, plan->total, &slot);
    if (status == OTEL__QUEUE_FULL) return false;
    if (status != OTEL__QUEUE_OK) return true;
    otel__record_write(slot.at, input, plan);
    otel__queue_commit(&slot, scope, plan->total);
    return true;
}

/* Not inside while it waits: nobody who takes a provider away has to wait for us; the counter keeps the memory. */
static void wait_and_write(otel__batch *b, const otel__record_input *input, const otel__record_plan *plan,
                           uint32_t scope)
{
    otel__provider *provider = atomic_load(&b->provider);
    int64_t deadline = otel_deadline_in_ms(b->options.wait_for_room_ms).monotonic_ns;
    atomic_fetch_add(&provider->life->waiters, 1);
    uint64_t mark = otel_provider_step_out();
    bool settled = false;
    while (!settled && may_wait(b, deadline)) {
        otel__sleep_ns(ROOM_LOOK_NS);
        settled = write_if_there_is_room(b, input, plan, scope);
    }
    if (!settled) atomic_fetch_add(atomic_load(&b->life->closing) ? &b->life->late : &b->life->gave_up, 1);
    otel_provider_step_in(mark);
    atomic_fetch_sub(&provider->life->waiters, 1);
}

void otel__batch_take(otel__batch *b, const otel__record_input *input, uint32_t scope)
{
    otel__record_plan plan;
    if (OTEL_UNLIKELY(otel__record_size(input, &plan) > b->options.max_record_bytes)) {
        otel__batch_too_large(b);
        return;
    }
    if (!write_if_there_is_room(b, input, &plan, scope) && b->options.wait_for_room_ms)
        wait_and_write(b, input, &plan, scope);
}

void otel__batch_wait(otel__batch *b, const otel__record_input *input, uint32_t scope)
{
    otel__record_plan plan;
    otel__record_size(input, &plan);
    wait_and_write(b, input, &plan, scope);
}

static void take_as_is(void *batch, const otel__record_input *input, uint32_t scope)
{
    otel__batch_take(batch, input, scope);
}

static void batch_emit(otel_log_processor *self, otel_log_record *record)
{
    otel__batch *b = (otel__batch *)self;
    otel__record_state *state = record->otel_private;
    bool ours = state && state->provider && otel__batch_adopt(b, state->provider) &&
                atomic_load(&b->provider) == state->provider;
    if (ours) { /* not the copy of an exporter's record, nor a clone of another provider: their scopes are not ours */
        state->offered = true;
        otel__record_hand_over(record, take_as_is, b);
    }
    if (self->next) otel_log_pass(self, record);
}

/* Requests. ---------------------------------------------------------------------------------------------------------
 */

uint32_t otel__batch_want_flush(otel__batch *b, int64_t deadline_ns)
{
    int64_t seen = atomic_load(&b->life->flush_until_ns);
    while (seen < deadline_ns && !atomic_compare_exchange_weak(&b->life->flush_until_ns, &seen, deadline_ns)) continue;
    return atomic_fetch_add(&b->life->flush_wanted, 1) + 1;
}

bool otel__batch_flushed(const otel__batch *b, uint32_t request)
{
    return (int32_t)(atomic_load(&b->life->flush_done) - request) >= 0 || otel__batch_stopped(b);
}

/* Its owner may have asked already; the deadline is the loop's from then on. */
void otel__batch_want_stop(otel__batch *b, otel_deadline deadline)
{
    if (atomic_load(&b->life->stop_wanted)) return;
    b->stop_deadline_ns = deadline.monotonic_ns;
    atomic_store(&b->life->closing, 1);
    atomic_store(&b->life->stop_wanted, 1);
}

bool otel__batch_stopped(const otel__batch *b)
{
    return atomic_load(&b->life->stopped) != 0;
}

/* Of a router's child, both: the provider waits for all of its pipelines together. */
static otel_result batch_flush(otel_log_processor *self, otel_deadline deadline)
{
    otel__batch *b = (otel__batch *)self;
    if (!atomic_load(&b->provider)) return OTEL_OK;
    otel__batch_want_flush(b, deadline.monotonic_ns);
    otel__loop_ring(b->loop);
    return OTEL_OK;
}

static otel_result batch_shutdown(otel_log_processor *self, otel_deadline deadline)
{
    otel__batch *b = (otel__batch *)self;
    if (!atomic_load(&b->provider)) return OTEL_OK;
    otel__batch_want_stop(b, deadline);
    otel__loop_ring(b->loop);
    return OTEL_OK;
}

/* A router's child that has had no record: the provider does not know of its exporter, and remakes the others. */
static void batch_after_fork(otel_log_processor *self)
{
    const otel__batch *b = (const otel__batch *)self;
    if (!atomic_load(&b->parent) && b->exporter->ops->after_fork) b->exporter->ops->after_fork(b->exporter);
}

/* Books. ------------------------------------------------------------------------------------------------------------
 */

uint64_t otel__batch_taken(const otel__batch *b)
{
    otel__queue_totals c;
    otel__queue_counts((otel__queue *)(uintptr_t)&b->queue, &c);
    uint64_t refused = otel__batch_lost(b, &c) + c.too_large + c.closed + c.fork_child;
    return c.taken_by_queue + refused + atomic_load(&b->life->too_large) + atomic_load(&b->life->late);
}

static uint64_t minus(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

/* Settled first, taken last: what moves on in between is seen as queued, never as negative. */
void otel__batch_books(const otel__batch *b, otel_pipeline_books *books)
{
    otel__queue_totals c;
    books->exported = atomic_load(&b->life->exported);
    books->rejected = atomic_load(&b->life->rejected);
    books->dropped_retry_exhausted = atomic_load(&b->life->retry_exhausted);
    uint64_t left = atomic_load(&b->life->left_at_stop);
    uint64_t settled = books->exported + books->rejected + books->dropped_retry_exhausted + left;
    books->dropped_too_large = atomic_load(&b->life->too_large);
    otel__queue_counts((otel__queue *)(uintptr_t)&b->queue, &c);
    books->dropped_queue_full = otel__batch_lost(b, &c);
    books->dropped_too_large += c.too_large;
    uint64_t closed = c.closed + atomic_load(&b->life->late);
    books->dropped_after_stop = left + closed;
    books->dropped_fork_child = c.fork_child;
    books->queued = minus(c.taken_by_queue, settled);
    books->taken =
        settled + books->queued + books->dropped_queue_full + books->dropped_too_large + closed + c.fork_child;
    strncpy(books->exporter, b->exporter->ops->name, sizeof books->exporter - 1);
}

bool otel__batch_can_be_freed(const otel__batch *b)
{
    if (!atomic_load(&b->provider)) return true;
    for (int look = 0; atomic_load(&b->life->answering); look++) {
        if (look == 100) return false;
        otel__sleep_ns(100000);
    }
    return !b->in_flight && otel__queue_outside(&b->queue) == 0;
}

const otel_log_processor_ops otel__batch_processor_ops = {.size = sizeof(otel_log_processor_ops),
                                                          .name = "batch",
                                                          .emit = batch_emit,
                                                          .flush = batch_flush,
                                                          .shutdown = batch_shutdown,
                                                          .destroy = batch_destroy,
                                                          .after_fork = batch_after_fork};
