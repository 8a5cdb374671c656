/* Thread slots: for each thread that has called us, whether it is inside a provider, and its current context.
 * See DESIGN.md for why there is neither a thread-local structure nor a thread-exit callback. */
#ifndef OTEL__SLOT_H
#define OTEL__SLOT_H
#include <otel/context.h>
#include <stdatomic.h>

typedef struct otel__slot {
    _Atomic uintptr_t thread;  /* the owner's thread pointer; 0: free */
    _Atomic int32_t tid;       /* the owner's, to see whether it still lives */
    uint32_t index;            /* of this slot, and of its mark */
    _Atomic uint32_t inside;   /* the owner is between enter and leave; kept over a fork */
    _Atomic uint32_t suppress; /* nested otel_suppress_begin */
    uint64_t attached;         /* serial number of the attach that made `context` current; 0: none */
    uint64_t serial;           /* attaches so far */
    otel_context context;
} otel__slot;

/* A mark is odd while its thread is inside. The kernel zeroes all marks in the child of a fork; 0 is never a mark of this
 * process. Each is on a cache line of its own. */
typedef struct otel__mark {
    _Alignas(64) _Atomic uint64_t value;
} otel__mark;

extern _Atomic(otel__mark *) otel__marks; /* NULL until a provider was attached */
extern _Atomic bool otel__marks_fence;    /* no membarrier here: whoever enters must fence by itself */

/* The calling thread's slot, claimed on first use; NULL: the table is full of living threads. Signal-safe. */
otel__slot *otel__slot_mine(void);

/* Maps the marks; false: out of memory. Caller holds the attachment lock. */
bool otel__marks_ready(void);

/* Enters for a thread that is not inside. What is loaded afterwards (a provider) stays until leave. */
uint64_t otel__mark_enter(otel__slot *slot);
void otel__mark_leave(otel__slot *slot, uint64_t mark);

/* Between the two the thread is still inside for its own signal handlers, but nobody waits for it. pause answers 0 when there
 * was no mark to lift. */
uint64_t otel__mark_pause(otel__slot *slot);
void otel__mark_resume(otel__slot *slot);

/* Waits until every thread that was inside when it was called has left at least once. */
bool otel__marks_wait(int64_t deadline_monotonic_ns);
#endif
