/* What the processors have in common: books, locks, severities. */
#define OTEL_PROCESSORS_INLINE OTEL_API extern inline /* the one real copy of each inline function of the header */
#include "part.h"
#include <otel/provider.h>
#include <string.h>

static const otel_log_processor_ops *const ours[] = {
    &otel__filter_ops,      &otel__attributes_ops, &otel__limiter_ops, &otel__deduplicator_ops, &otel__router_ops,
    &otel__last_router_ops, &otel__recorder_ops,   &otel__baggage_ops, &otel__sampler_ops};

static otel__part *part_of(otel_log_processor *processor)
{
    for (size_t i = 0; processor && i < sizeof ours / sizeof *ours; i++)
        if (processor->ops == ours[i]) return (otel__part *)processor;
    return NULL;
}

static uint64_t read_count(otel__part *part, int which)
{
    return atomic_load_explicit(&part->counts[which], memory_order_relaxed);
}

bool otel_log_processor_books_sized(otel_log_processor *processor, otel_processor_books *books, size_t size)
{
    otel__part *p = part_of(processor);
    if (!p || !books) return false;
    otel_processor_books b = {.passed = read_count(p, OTEL__PASSED),
                              .kept = read_count(p, OTEL__KEPT),
                              .dropped_unwanted = read_count(p, OTEL__UNWANTED),
                              .dropped_unredacted = read_count(p, OTEL__UNREDACTED),
                              .dropped_repeated = read_count(p, OTEL__REPEATED),
                              .dropped_evicted = read_count(p, OTEL__EVICTED),
                              .added = read_count(p, OTEL__ADDED)};
    for (int i = 0; i < OTEL_RANGES; i++) {
        b.over_limit[i] = read_count(p, OTEL__OVER_LIMIT + i);
        b.dropped_over_limit += b.over_limit[i];
        b.sampled_out[i] = read_count(p, OTEL__SAMPLED_OUT + i);
        b.dropped_sampled_out += b.sampled_out[i];
    }
    b.taken = b.passed + b.kept + b.dropped_unwanted + b.dropped_unredacted + b.dropped_over_limit +
              b.dropped_repeated + b.dropped_evicted + b.dropped_sampled_out;
    memcpy(books, &b, size < sizeof b ? size : sizeof b);
    return true;
}

void otel__part_after_fork(otel_log_processor *self)
{
    otel__part *p = (otel__part *)self;
    for (int i = 0; i < OTEL__COUNTERS; i++) atomic_store(&p->counts[i], 0);
}

bool otel__part_enabled(otel_log_processor *self, const otel_scope *scope, otel_severity severity,
                        const otel_context *context)
{
    (void)self, (void)scope, (void)severity, (void)context;
    return true;
}

void otel__part_lock(pthread_mutex_t *lock)
{
    otel_suppress_begin();
    pthread_mutex_lock(lock);
}

void otel__part_unlock(pthread_mutex_t *lock)
{
    pthread_mutex_unlock(lock);
    otel_suppress_end();
}

bool otel__part_lock_after_fork(pthread_mutex_t *lock)
{
    bool nobody_inside = pthread_mutex_trylock(lock) == 0;
    pthread_mutex_init(lock, NULL);
    return nobody_inside;
}

int otel__range_of(otel_severity severity)
{
    if (severity <= OTEL_SEVERITY_UNSPECIFIED) return OTEL_RANGE_UNSPECIFIED;
    return severity < OTEL_SEVERITY_FATAL ? (severity - 1) / 4 + 1 : OTEL_RANGE_FATAL;
}

static bool is_severity(otel_severity severity)
{
    return severity >= OTEL_SEVERITY_UNSPECIFIED && severity <= OTEL_SEVERITY_FATAL4;
}

bool otel__severity_bounds(const char *who, otel_severity min, otel_severity max)
{
    if (is_severity(min) && is_severity(max) && (!max || min <= max)) return true;
    otel_diag(OTEL_SEVERITY_ERROR, who, "there is no severity between %d and %d", (int)min, (int)max);
    return false;
}
