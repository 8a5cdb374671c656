/* The limiter: so many records a second of each range of severities. What is left out is counted, said, and told by the
 * next record that passes. */
#include "part.h"
#include <string.h>

enum { DEFAULT_LIMIT = 1000 };
static const char *const names[OTEL_RANGES] = {"unspecified", "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};

/* All of a range, on a cache line of its own. */
typedef struct range {
    _Alignas(64) _Atomic uint64_t window; /* the second (upper half), and how many have passed in it */
    _Atomic uint64_t left_out;            /* not told yet */
    _Atomic uint64_t said;                /* of those left out, how many were said */
    _Atomic uint32_t last_loss;           /* the second */
    _Atomic bool losing;
} range;

typedef struct limiter {
    otel__part part;
    uint32_t limits[OTEL_RANGES];
    range *ranges; /* OTEL_RANGES of them */
    void *memory;  /* the same, before it was aligned */
} limiter;

static bool has_room(range *r, uint32_t limit, uint32_t second)
{
    uint64_t now = (uint64_t)second << 32, seen = atomic_load_explicit(&r->window, memory_order_relaxed), next;
    do {
        bool same_second = seen >= now; /* a thread that read the clock earlier counts in the later window */
        if (same_second && (uint32_t)seen >= limit) return false;
        if (!same_second && limit == 0) return false;
        next = same_second ? seen + 1 : now | 1;
    } while (
        !atomic_compare_exchange_weak_explicit(&r->window, &seen, next, memory_order_relaxed, memory_order_relaxed));
    return true;
}

static void leave_out(limiter *l, int which, uint32_t second)
{
    range *r = &l->ranges[which];
    otel__count(&l->part, OTEL__OVER_LIMIT + which);
    atomic_fetch_add_explicit(&r->left_out, 1, memory_order_relaxed);
    atomic_store_explicit(&r->last_loss, second, memory_order_relaxed);
    if (!atomic_exchange(&r->losing, true))
        otel_diag(OTEL_SEVERITY_WARN, "limiter", "%s: more than %u records a second, the others are left out",
                  names[which], l->limits[which]);
}

static void say_the_end(limiter *l, int which)
{
    range *r = &l->ranges[which];
    if (!atomic_exchange(&r->losing, false)) return;
    uint64_t all = atomic_load(&l->part.counts[OTEL__OVER_LIMIT + which]);
    otel_diag(OTEL_SEVERITY_INFO, "limiter", "%s: %llu records were left out", names[which],
              (unsigned long long)(all - atomic_exchange(&r->said, all)));
}

/* Over when a whole second has passed without. */
static bool is_over(range *r, uint32_t second)
{
    return atomic_load_explicit(&r->losing, memory_order_relaxed) &&
           atomic_load_explicit(&r->last_loss, memory_order_relaxed) + 1 < second;
}

static void pass_and_tell(limiter *l, int which, otel_log_record *record)
{
    uint64_t left_out = 0;
    if (atomic_load_explicit(&l->ranges[which].left_out, memory_order_relaxed))
        left_out = atomic_exchange(&l->ranges[which].left_out, 0);
    if (left_out && !otel_log_record_set(record, OTEL_INT("log.limiter.left_out", left_out)))
        atomic_fetch_add(&l->ranges[which].left_out, left_out); /* the next one, then */
    otel__pass(&l->part, record);
}

static void limiter_emit(otel_log_processor *self, otel_log_record *record)
{
    limiter *l = (limiter *)self;
    int which = otel__range_of(record->severity);
    if (l->limits[which] == OTEL_UNLIMITED) {
        otel__pass(&l->part, record);
        return;
    }
    uint32_t second = (uint32_t)(otel__part_now() / 1000000000);
    if (is_over(&l->ranges[which], second)) say_the_end(l, which);
    if (has_room(&l->ranges[which], l->limits[which], second))
        pass_and_tell(l, which, record);
    else
        leave_out(l, which, second);
}

static otel_result limiter_shutdown(otel_log_processor *self, otel_deadline deadline)
{
    (void)deadline;
    for (int i = 0; i < OTEL_RANGES; i++) say_the_end((limiter *)self, i);
    return OTEL_OK;
}

static void limiter_after_fork(otel_log_processor *self)
{
    otel__part_after_fork(self);
    memset(((limiter *)self)->ranges, 0, OTEL_RANGES * sizeof(range));
}

static void limiter_destroy(otel_log_processor *self)
{
    otel_release(((limiter *)self)->memory);
}

/* Not the limit decides here: what is left out has to be counted. */
const otel_log_processor_ops otel__limiter_ops = {.size = sizeof(otel_log_processor_ops),
                                                  .name = "limiter",
                                                  .emit = limiter_emit,
                                                  .enabled = otel__part_enabled,
                                                  .shutdown = limiter_shutdown,
                                                  .destroy = limiter_destroy,
                                                  .after_fork = limiter_after_fork};

static uint32_t resolved(uint32_t given, uint32_t fallback)
{
    return given == OTEL_ZERO ? 0 : given ? given : fallback;
}

static bool make(limiter *l, const otel_limiter_options *o)
{
    const uint32_t limits[OTEL_RANGES] = {resolved(o->unspecified, OTEL_UNLIMITED), resolved(o->trace, DEFAULT_LIMIT),
                                          resolved(o->debug, DEFAULT_LIMIT),        resolved(o->info, DEFAULT_LIMIT),
                                          resolved(o->warn, DEFAULT_LIMIT),         resolved(o->error, OTEL_UNLIMITED),
                                          resolved(o->fatal, OTEL_UNLIMITED)};
    memcpy(l->limits, limits, sizeof limits);
    l->memory = otel_allocate((OTEL_RANGES + 1) * sizeof(range));
    l->ranges = (range *)(((uintptr_t)l->memory + 63) & ~(uintptr_t)63);
    return l->memory != NULL;
}

otel_log_processor *otel_limiter_log_processor_new_sized(const otel_limiter_options *options, size_t size)
{
    otel_limiter_options o = {0};
    if (options) memcpy(&o, options, size < sizeof o ? size : sizeof o);
    limiter *l = otel_log_processor_new(sizeof *l, &otel__limiter_ops);
    if (!l) return NULL;
    if (make(l, &o)) return &l->part.base;
    otel_log_processor_destroy(&l->part.base);
    return NULL;
}
