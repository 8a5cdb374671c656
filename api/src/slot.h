/* Thread slots: for each thread that has called us, whether it is inside a provider, and its current context.
 * See DESIGN.md for why there is neither a thread-local structure nor a thread-exit callback. */
#ifndef OTEL__SLOT_H
#define OTEL__SLOT_H
#include <otel/context.h>
#include <stdatomic.h>

typedef struct otel__slot {
    _Atomic uintptr_t thread;    /* the owner's thread pointer; 0: free */
    _Atomic int32_t tid;         /* the owner's, to see whether it still lives */
    uint32_t index;              /* of this slot, and of its mark */
    _Atomic uint32_t inside;     /* the owner is between enter and leave; kept over a fork */
    _Atomic uint32_t suppress;   /* nested otel_suppress_begin */
    uint64_t attached;           /* serial number of the attach that made `context` current; 0: none */
    uint64_t serial;             /* attaches so far */
    uint64_t dead_from, dead_to; /* attaches that were taken off: from the one up to the other */
    otel_context context;
} otel__slot;

/* A mark is odd while its thread is inside. The kernel zeroes all marks in the child of a fork; 0 is never a mark of
 * this process. Each is on a cache line of its own. */
typedef struct otel__mark {
    _Alignas(64) _Atomic uint64_t value;
} otel__mark;

extern _Atomic(otel__mark *) otel__marks; /* NULL until a provider was attached */
extern _Atomic bool otel__marks_fence;    /* no membarrier here: whoever enters must fence by itself */
extern _Thread_local otel__slot *otel__slot_cached __attribute__((tls_model("initial-exec")));
enum { OTEL__CROWD_LINES = 3 }; /* marks in front of those of the slots, for threads without one */

/* The calling thread's slot, claimed on first use; NULL: the table is full of living threads. Signal-safe. */
otel__slot *otel__slot_claim(void);
static inline otel__slot *otel__slot_mine(void)
{
    otel__slot *slot = otel__slot_cached;
    return OTEL_UNLIKELY(!slot) ? otel__slot_claim() : slot;
}

/* Maps the marks; false: out of memory. Caller holds the attachment lock. */
bool otel__marks_ready(void);

/* Enters for a thread that is not inside; the marks must be mapped. What is loaded afterwards (a provider) stays until
 * leave, which takes what enter gave. The odd cases: no slot, no mark yet in this process, no membarrier. */
uint64_t otel__mark_enter_slowly(otel__slot *slot);
void otel__mark_leave_crowd(uint64_t mark);

static inline _Atomic uint64_t *otel__mark_of(const otel__slot *slot)
{
    return &atomic_load_explicit(&otel__marks, memory_order_relaxed)[OTEL__CROWD_LINES + slot->index].value;
}

static inline uint64_t otel__mark_enter(otel__slot *slot)
{
    if (OTEL_UNLIKELY(!slot || atomic_load_explicit(&otel__marks_fence, memory_order_relaxed)))
        return otel__mark_enter_slowly(slot);
    _Atomic uint64_t *mark = otel__mark_of(slot);
    uint64_t m = atomic_load_explicit(mark, memory_order_relaxed);
    if (OTEL_UNLIKELY(m == 0)) return otel__mark_enter_slowly(slot);
    atomic_store_explicit(&slot->inside, 1, memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst); /* a handler that sees the mark sees that we are inside */
    atomic_store_explicit(mark, m + 1, memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst); /* the waiter's membarrier does the rest */
    return m + 2;
}

static inline void otel__mark_leave(otel__slot *slot, uint64_t mark)
{
    if (OTEL_UNLIKELY(!slot)) {
        otel__mark_leave_crowd(mark);
        return;
    }
    atomic_store_explicit(otel__mark_of(slot), mark, memory_order_release);
    atomic_signal_fence(memory_order_seq_cst);
    atomic_store_explicit(&slot->inside, 0, memory_order_relaxed);
}

/* Between the two the thread is still inside for its own signal handlers, but nobody waits for it. pause answers 0 when
 * there was no mark to lift. */
uint64_t otel__mark_pause(otel__slot *slot);
void otel__mark_resume(otel__slot *slot);

/* For a thread that is inside, or on its way in or out: sets the mark for a moment, unless it is set; false: it was. */
bool otel__mark_shield(otel__slot *slot);
void otel__mark_unshield(otel__slot *slot);

/* Waits until every thread that was inside when it was called has left at least once. */
bool otel__marks_wait(int64_t deadline_monotonic_ns);
#endif
