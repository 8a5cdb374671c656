/* The recorder: keeps the last records of low severity, and lets them through when an error comes. */
#include "part.h"
#include "record_key.h"
#include <string.h>

enum {
    RECORDS_DEFAULT = 512,
    RECORDS_MOST = 65536,
    BYTES_DEFAULT = 1 << 20,
    COPY_BYTES = 2048 /* what a clone takes besides its content, about */
};

typedef struct kept {
    otel_log_record *copy; /* NULL: it has gone already */
    size_t bytes;
} kept;

typedef struct recorder {
    otel__part part;
    otel_recorder_options options; /* resolved */
    pthread_mutex_t lock;
    kept *ring;          /* place of the nth record ever kept: n % max_records */
    uint64_t first, end; /* those from first to end - 1 are there */
    size_t bytes;
} recorder;

/* Keeping. ----------------------------------------------------------------------------------------------------------
 */

static kept *place_of(const recorder *r, uint64_t n)
{
    return &r->ring[n % r->options.max_records];
}

/* Out of the ring; the oldest places that are empty then go with it. */
static otel_log_record *take_out(recorder *r, uint64_t n)
{
    kept *k = place_of(r, n);
    otel_log_record *copy = k->copy;
    r->bytes -= k->bytes;
    *k = (kept){0};
    while (r->first < r->end && !place_of(r, r->first)->copy) r->first++;
    if (copy) atomic_fetch_sub_explicit(&r->part.counts[OTEL__KEPT], 1, memory_order_relaxed);
    return copy;
}

static void evict_oldest(recorder *r)
{
    otel__count(&r->part, OTEL__EVICTED);
    otel_log_record_destroy(take_out(r, r->first));
}

static bool has_room(const recorder *r, size_t bytes)
{
    return r->end - r->first < r->options.max_records && r->bytes + bytes <= r->options.max_bytes;
}

static void put_in(recorder *r, otel_log_record *copy, size_t bytes)
{
    otel__part_lock(&r->lock);
    while (!has_room(r, bytes)) evict_oldest(r);
    *place_of(r, r->end++) = (kept){copy, bytes};
    r->bytes += bytes;
    otel__count(&r->part, OTEL__KEPT);
    otel__part_unlock(&r->lock);
}

static void keep(recorder *r, const otel_log_record *record)
{
    size_t bytes = otel__record_key(record, NULL, 0);
    bool fits = bytes != SIZE_MAX && bytes + COPY_BYTES <= r->options.max_bytes;
    otel_log_record *copy = fits ? otel_log_record_clone(record) : NULL;
    if (copy)
        put_in(r, copy, bytes + COPY_BYTES);
    else
        otel__count(&r->part, OTEL__EVICTED);
}

/* Letting through. --------------------------------------------------------------------------------------------------
 */

static bool same_trace(const otel_log_record *a, const otel_log_record *b)
{
    bool valid = otel_span_context_valid(&a->span_context);
    if (valid != otel_span_context_valid(&b->span_context)) return false;
    return !valid || memcmp(a->span_context.trace_id, b->span_context.trace_id, 16) == 0;
}

/* The first one at *n or after it that goes with the trigger; NULL: no more. */
static otel_log_record *next_for(recorder *r, uint64_t *n, uint64_t end, const otel_log_record *trigger)
{
    otel_log_record *found = NULL;
    otel__part_lock(&r->lock);
    if (*n < r->first) *n = r->first;
    for (; !found && *n < end && *n < r->end; ++*n) {
        const otel_log_record *copy = place_of(r, *n)->copy;
        if (copy && (!r->options.by_trace || same_trace(copy, trigger))) found = take_out(r, *n);
    }
    otel__part_unlock(&r->lock);
    return found;
}

static uint64_t end_of(recorder *r)
{
    otel__part_lock(&r->lock);
    uint64_t end = r->end;
    otel__part_unlock(&r->lock);
    return end;
}

/* Not those that other threads keep meanwhile: that might never end. */
static void let_through(recorder *r, const otel_log_record *trigger)
{
    uint64_t n = 0, end = end_of(r);
    for (otel_log_record *copy; (copy = next_for(r, &n, end, trigger)) != NULL;) {
        otel__pass(&r->part, copy);
        otel_log_record_destroy(copy);
    }
}

/* A processor. ------------------------------------------------------------------------------------------------------
 */

static bool is_kept(const recorder *r, otel_severity severity)
{
    return severity != OTEL_SEVERITY_UNSPECIFIED && severity < r->options.pass_severity;
}

static void recorder_emit(otel_log_processor *self, otel_log_record *record)
{
    recorder *r = (recorder *)self;
    if (is_kept(r, record->severity)) {
        keep(r, record);
        return;
    }
    if (record->severity >= r->options.trigger_severity) let_through(r, record);
    otel__pass(&r->part, record);
}

static bool recorder_enabled(otel_log_processor *self, const otel_scope *scope, otel_severity severity,
                             const otel_context *context)
{
    const recorder *r = (recorder *)self;
    if (is_kept(r, severity) || severity >= r->options.trigger_severity) return true;
    return otel_log_processor_enabled(self->next, scope, severity, context);
}

/* What no error has asked for by then is not worth sending. */
static otel_result recorder_shutdown(otel_log_processor *self, otel_deadline deadline)
{
    recorder *r = (recorder *)self;
    (void)deadline;
    otel__part_lock(&r->lock);
    while (r->first < r->end) evict_oldest(r);
    otel__part_unlock(&r->lock);
    return OTEL_OK;
}

static void recorder_after_fork(otel_log_processor *self)
{
    recorder *r = (recorder *)self;
    if (otel__part_lock_after_fork(&r->lock)) recorder_shutdown(self, (otel_deadline){0});
    memset(r->ring, 0, r->options.max_records * sizeof *r->ring); /* else: abandoned as it was */
    r->first = r->end = r->bytes = 0;
    otel__part_after_fork(self);
}

static void recorder_destroy(otel_log_processor *self)
{
    recorder *r = (recorder *)self;
    if (r->ring) recorder_shutdown(self, (otel_deadline){0});
    otel_release(r->ring);
    pthread_mutex_destroy(&r->lock);
}

const otel_log_processor_ops otel__recorder_ops = {.size = sizeof(otel_log_processor_ops),
                                                   .name = "recorder",
                                                   .emit = recorder_emit,
                                                   .enabled = recorder_enabled,
                                                   .shutdown = recorder_shutdown,
                                                   .destroy = recorder_destroy,
                                                   .after_fork = recorder_after_fork,
                                                   .flags = OTEL_PROCESSOR_DECIDES};

static bool take_options(recorder *r, const otel_recorder_options *o)
{
    r->options = *o;
    if (!o->max_records) r->options.max_records = RECORDS_DEFAULT;
    if (!o->max_bytes) r->options.max_bytes = BYTES_DEFAULT;
    if (!o->pass_severity) r->options.pass_severity = OTEL_SEVERITY_INFO;
    if (!o->trigger_severity) r->options.trigger_severity = OTEL_SEVERITY_ERROR;
    if (o->max_records > RECORDS_MOST) {
        otel_diag(OTEL_SEVERITY_WARN, "recorder", "%u records are too many, %u are kept", o->max_records, RECORDS_MOST);
        r->options.max_records = RECORDS_MOST;
    }
    return otel__severity_bounds("recorder", r->options.pass_severity, r->options.trigger_severity);
}

otel_log_processor *otel_recorder_log_processor_new_sized(const otel_recorder_options *options, size_t size)
{
    otel_recorder_options o = {0};
    if (options) memcpy(&o, options, size < sizeof o ? size : sizeof o);
    recorder *r = otel_log_processor_new(sizeof *r, &otel__recorder_ops);
    if (!r) return NULL;
    pthread_mutex_init(&r->lock, NULL);
    bool good = take_options(r, &o);
    if (good) r->ring = otel_allocate(r->options.max_records * sizeof *r->ring);
    if (good && r->ring) return &r->part.base;
    otel_log_processor_destroy(&r->part.base);
    return NULL;
}
