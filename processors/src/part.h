/* What the processors of this directory have in common: counters that give their books, and severities. */
#ifndef OTEL__PROCESSORS_PART_H
#define OTEL__PROCESSORS_PART_H
#include <otel/sdk/processors.h>
#include <pthread.h>
#include <stdatomic.h>

enum {
    OTEL__PASSED,
    OTEL__KEPT, /* goes down again */
    OTEL__UNWANTED,
    OTEL__UNREDACTED,
    OTEL__REPEATED,
    OTEL__EVICTED,
    OTEL__ADDED,
    OTEL__OVER_LIMIT,                                   /* + OTEL_RANGE_... */
    OTEL__SAMPLED_OUT = OTEL__OVER_LIMIT + OTEL_RANGES, /* + OTEL_RANGE_... */
    OTEL__COUNTERS = OTEL__SAMPLED_OUT + OTEL_RANGES
};

/* The first member of each. */
typedef struct otel__part {
    otel_log_processor base;
    _Atomic uint64_t counts[OTEL__COUNTERS];
} otel__part;

static inline void otel__count(otel__part *part, int which)
{
    atomic_fetch_add_explicit(&part->counts[which], 1, memory_order_relaxed);
}

static inline void otel__pass(otel__part *part, otel_log_record *record)
{
    otel__count(part, OTEL__PASSED);
    otel_log_pass(&part->base, record);
}

/* The books of a child of a fork are empty: the after_fork of those that keep nothing else. */
void otel__part_after_fork(otel_log_processor *self);

/* The `enabled` of those that have no say in what is wanted. */
bool otel__part_enabled(otel_log_processor *self, const otel_scope *scope, otel_severity severity,
                        const otel_context *context);

/* A lock that is never held while a record is passed on. What a signal handler logs meanwhile is suppressed: it would
 * wait for the thread that it interrupts. */
void otel__part_lock(pthread_mutex_t *lock);
void otel__part_unlock(pthread_mutex_t *lock);
/* In the child of a fork: true when nobody was inside, so that what the lock protects is whole. The lock is new then in
 * either case. */
bool otel__part_lock_after_fork(pthread_mutex_t *lock);

/* Monotonic nanoseconds. In a file of its own: tests have a clock of theirs. */
int64_t otel__part_now(void);

/* OTEL_RANGE_... of any severity. */
int otel__range_of(otel_severity severity);

/* A bound of 0 is none. */
static inline bool otel__severity_within(otel_severity severity, otel_severity min, otel_severity max)
{
    return severity == OTEL_SEVERITY_UNSPECIFIED || ((!min || severity >= min) && (!max || severity <= max));
}
/* false, and said, when one is no severity, or nothing lies between them. */
bool otel__severity_bounds(const char *who, otel_severity min, otel_severity max);

extern const otel_log_processor_ops otel__filter_ops, otel__attributes_ops, otel__limiter_ops, otel__deduplicator_ops,
    otel__router_ops, otel__last_router_ops, otel__recorder_ops, otel__baggage_ops, otel__sampler_ops;
#endif
