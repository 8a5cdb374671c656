/* A bounded, lock-free, many-writer queue of encoded records, in chunks. DESIGN.md beside this file is its map.
 *
 * Writers are spread over stripes. A stripe is ONE 64-bit word that names its open chunk, how many records and bytes
 * are reserved in it, and how many more records it may take; one compare-and-swap on that word reserves room, and the
 * same compare-and-swap replaces a full chunk by a fresh one. A full chunk hangs below the fresh one (its header's
 * `previous` holds the word as it was), so a stripe is a stack of chunks and the consumer takes all of it by swapping
 * the word for 0. Everything a writer needs is in the word, so a recycled chunk cannot fool a stale writer (no ABA).
 *
 * All-zero memory is an empty queue. The control block is private memory that the kernel wipes in the child of a fork.
 * Chunks live in anonymous memory (wiped likewise) or in a mapped file, where only committed records count. */
#ifndef OTEL__QUEUE_H
#define OTEL__QUEUE_H
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "the queue needs lock-free 64-bit atomics");

#ifndef OTEL__QUEUE_MUTANT
#define OTEL__QUEUE_MUTANT 0 /* 1, 2, 3: seeded faults, built by tests/queue/mutants.sh to see the tests fail */
#endif

enum {
    OTEL__QUEUE_STRIPES_MAX = 256,
    OTEL__QUEUE_CHUNKS_MAX = 65534,        /* jumbos included: 0 is no chunk, 0xffff is closed */
    OTEL__QUEUE_CHUNK_BYTES_MAX = 1 << 24, /* offsets and lengths have 24 bits */
    OTEL__QUEUE_DESCRIPTORS_MAX = 0xfff,
    OTEL__QUEUE_HEADER = 64, /* otel__queue_chunk_header, before the descriptors */
    OTEL__QUEUE_LINE = 128,  /* two cache lines: the adjacent-line prefetcher pairs them */
    OTEL__QUEUE_LIVE = 0x4556494c
};

/* Stripe word:  chunk : 16 | left : 12 | count : 12 | offset : 24.  Chunks are numbered from 1; 0 = no chunk.
 * left: record credits not yet spent; count + left never passes the number of descriptors. */
#define OTEL__QUEUE_WORD_OFFSET(w) ((uint32_t)((w)&0xffffffu))
#define OTEL__QUEUE_WORD_COUNT(w) ((uint32_t)((w) >> 24) & 0xfffu)
#define OTEL__QUEUE_WORD_LEFT(w) ((uint32_t)((w) >> 36) & 0xfffu)
#define OTEL__QUEUE_WORD_CHUNK(w) ((uint32_t)((w) >> 48))
#define OTEL__QUEUE_WORD(chunk, left, count, offset)                                                                   \
    ((uint64_t)(chunk) << 48 | (uint64_t)(left) << 36 | (uint64_t)(count) << 24 | (uint64_t)(offset))
#define OTEL__QUEUE_ONE ((UINT64_C(1) << 24) - (UINT64_C(1) << 36)) /* added: one record more, one credit less */
#define OTEL__QUEUE_WORD_CLOSED (UINT64_C(0xffff) << 48)            /* stopped: nothing can be reserved any more */
#define OTEL__QUEUE_OFFSET_FULL 0xffffffu                           /* a jumbo chunk: one record, no room behind it */

/* Record descriptor, written last, with release: that commits the record.
 * 1 : 1 | scope : 15 | length : 24 | offset : 24.  0 = not committed. */
#define OTEL__QUEUE_DESCRIPTOR(scope, length, offset)                                                                  \
    (UINT64_C(1) << 63 | (uint64_t)(scope) << 48 | (uint64_t)(length) << 24 | (uint64_t)(offset))
#define OTEL__QUEUE_COMMITTED(d) ((d) >> 63 != 0)
#define OTEL__QUEUE_OFFSET(d) ((uint32_t)((d)&0xffffffu))
#define OTEL__QUEUE_LENGTH(d) ((uint32_t)((d) >> 24) & 0xffffffu)
#define OTEL__QUEUE_SCOPE(d) ((uint32_t)((d) >> 48) & 0x7fffu)
#define OTEL__QUEUE_SCOPE_MAX 0x7fffu

/* A chunk: this header, a fixed array of descriptors, data. (Descriptors growing towards the data would meet stale
 * bytes of an earlier use there, which could pass for a commit.) */
typedef struct otel__queue_chunk_header {
    _Atomic uint32_t live; /* OTEL__QUEUE_LIVE while it may hold records that nobody has exported */
    uint32_t stripe;
    uint64_t sequence;     /* the order in which chunks were opened: recovery sorts by it */
    uint64_t previous;     /* the stripe word that this chunk replaced: the chunk below, with its final count */
    _Atomic uint32_t done; /* records already exported, for recovery */
    uint32_t padding[9];
} otel__queue_chunk_header;
_Static_assert(sizeof(otel__queue_chunk_header) == OTEL__QUEUE_HEADER, "the header is one cache line");

typedef struct otel__queue_stripe {
    _Alignas(OTEL__QUEUE_LINE) _Atomic uint64_t word;
    _Atomic uint64_t ended; /* records in chunks that were the top of this stripe once, and no longer are */
    _Atomic uint64_t dropped_full, dropped_closed;
} otel__queue_stripe;

/* What writers and consumer share besides chunks: private, wiped on fork, all zero = empty. */
typedef struct otel__queue_control {
    _Alignas(OTEL__QUEUE_LINE) _Atomic uint32_t state;     /* 0: this is the child of a fork; 1: ready */
    _Alignas(OTEL__QUEUE_LINE) _Atomic uint32_t used;      /* credits granted to stripes or held by queued records */
    _Atomic uint32_t dry;                                  /* used is at the bound, no stripe has unspent credits */
    _Atomic uint32_t open;                                 /* stripes that have a chunk: guides the size of a grant */
    _Atomic uint32_t reported;                             /* records since the last take, in steps of a grant */
    _Alignas(OTEL__QUEUE_LINE) _Atomic uint64_t free_list; /* tag : 32 | chunk : 32 */
    _Atomic uint32_t fresh;                                /* chunks never handed out yet begin here */
    _Atomic uint32_t outside;                              /* chunks not on a free list: stripes, consumer, writers */
    _Atomic uint32_t held;                                 /* of those, the consumer's */
    _Alignas(OTEL__QUEUE_LINE) _Atomic uint64_t jumbo_free_list;
    _Atomic uint32_t jumbo_fresh;
    _Alignas(OTEL__QUEUE_LINE) _Atomic uint64_t sequence;
    _Alignas(OTEL__QUEUE_LINE) _Atomic uint32_t sleep; /* what the consumer announced: otel__queue_sleep */
    _Atomic uint32_t hurry;
    _Atomic uint64_t too_large, fork_child;
    _Atomic uint64_t taken;          /* records that otel__queue_take_all has handed out */
    _Atomic uint64_t reported_taken; /* the highest taken_by_queue ever answered: it never goes back */
    otel__queue_stripe stripes[OTEL__QUEUE_STRIPES_MAX];
    _Atomic uint32_t next[]; /* links of the free lists; chunks, then jumbos */
} otel__queue_control;

typedef struct otel__queue_options {
    uint32_t max_records;         /* the exact bound */
    uint32_t batch_records;       /* a sleeping consumer is woken for so many */
    uint32_t chunk_bytes, chunks; /* chunk_bytes: a multiple of 4096, at most 16 MiB */
    uint32_t jumbo_bytes, jumbos; /* for records that fit no ordinary chunk: otel__queue_jumbo_bytes; 0 jumbos = none */
    uint32_t stripes;             /* a power of two, at most OTEL__QUEUE_STRIPES_MAX; best about chunks / 4 */
    int fd;                       /* -1: anonymous memory; else a file, grown, cleared and mapped by open */
    uint64_t file_offset;         /* a multiple of the page size */
    bool inert_child;             /* the child of a fork counts its records and drops them */
    void (*wake)(void *context);  /* ends the consumer's sleep; called by writers, in signal handlers too */
    void *wake_context;
} otel__queue_options;

typedef struct otel__queue { /* immutable after open, except map (set anew in the child of a fork) */
    otel__queue_control *control;
    uint8_t *_Atomic map;
    uint32_t stripe_mask, chunk_bytes, data, descriptors; /* where data begins in a chunk; descriptors in each */
    uint8_t *spare; /* with a file: anonymous chunks for the child of a fork, untouched until then */
    size_t map_bytes, control_bytes;
    bool wiped_on_fork; /* the kernel empties it in the child; if not, see otel__queue_forked */
    otel__queue_options options;
} otel__queue;

/* False with errno: EINVAL when an option makes no sense, else what the system refused. Nothing is held then. What the
 * file held in that range is erased (recover first); blocks are allocated now, so that no store meets a full disk. */
bool otel__queue_open(otel__queue *q, const otel__queue_options *options);
/* Nobody may be inside or come in. NULL or unopened: nothing. Allowed in the child of a fork. */
void otel__queue_unmap(otel__queue *q);
/* The bytes a chunk must have to hold a record of record_bytes beside ordinary chunks of chunk_bytes; 0: impossible. */
uint32_t otel__queue_jumbo_bytes(uint32_t chunk_bytes, uint32_t record_bytes);
/* In the child of a fork, by its first thread, before any use: empties a queue that the kernel does not (an old kernel,
 * a sandbox: wiped_on_fork is false). Does nothing otherwise. */
void otel__queue_forked(otel__queue *q);

/* -- writers: any thread, any signal handler ------------------------------------------------------------- */

typedef struct otel__queue_slot {
    uint8_t *at;
    _Atomic uint64_t *descriptor;
    uint32_t offset;
} otel__queue_slot;

typedef enum otel__queue_status {
    OTEL__QUEUE_OK,
    OTEL__QUEUE_FULL,
    OTEL__QUEUE_TOO_LARGE,
    OTEL__QUEUE_CLOSED,
    OTEL__QUEUE_FORK_CHILD
} otel__queue_status;

otel__queue_status otel__queue_reserve_slow(otel__queue *q, otel__queue_stripe *stripe, uint32_t length,
                                            otel__queue_slot *slot);

static inline void *otel__queue_thread_pointer(void)
{
#if defined(__x86_64__) && !defined(__ILP32__) /* clang 14 has no __builtin_thread_pointer there */
    void *pointer;
    __asm__("mov %%fs:0, %0" : "=r"(pointer));
    return pointer;
#elif defined(__i386__)
    void *pointer;
    __asm__("mov %%gs:0, %0" : "=r"(pointer));
    return pointer;
#else
    return __builtin_thread_pointer();
#endif
}

/* No thread-local variable and no thread-exit callback: the thread pointer itself, hashed, picks the stripe. Two
 * rounds, because one multiplication alone clusters on the regular strides of thread stacks. */
static inline otel__queue_stripe *otel__queue_own_stripe(const otel__queue *q)
{
    uint64_t hash = (uint64_t)(uintptr_t)otel__queue_thread_pointer() * UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ hash >> 32) * UINT64_C(0xd6e8feb86659fd93);
    return &q->control->stripes[hash >> 56 & q->stripe_mask];
}

static inline uint8_t *otel__queue_chunk_at(const otel__queue *q, uint32_t chunk)
{
    size_t index = chunk - 1;
    uint8_t *map = atomic_load_explicit(&q->map, memory_order_relaxed);
    if (index < q->options.chunks) return map + index * q->chunk_bytes;
    return map + (size_t)q->options.chunks * q->chunk_bytes + (index - q->options.chunks) * q->options.jumbo_bytes;
}

static inline otel__queue_chunk_header *otel__queue_header_at(const otel__queue *q, uint32_t chunk)
{
    return (otel__queue_chunk_header *)(void *)otel__queue_chunk_at(q, chunk);
}

static inline _Atomic uint64_t *otel__queue_descriptor_at(uint8_t *chunk, uint32_t i)
{
    return (_Atomic uint64_t *)(void *)(chunk + OTEL__QUEUE_HEADER) + i;
}

static inline void otel__queue_fill_slot(const otel__queue *q, uint8_t *chunk, uint32_t number, uint32_t offset,
                                         uint32_t length, otel__queue_slot *slot)
{
    *slot = (otel__queue_slot){chunk + q->data + offset, otel__queue_descriptor_at(chunk, number), offset};
    (void)length;
#if OTEL__QUEUE_MUTANT == 1 /* committed before its bytes are there */
    atomic_store_explicit(slot->descriptor, OTEL__QUEUE_DESCRIPTOR(1, length, offset), memory_order_release);
#endif
}

/* Reserves length contiguous bytes. On OTEL__QUEUE_OK write exactly so many at slot->at, then otel__queue_commit; every
 * other answer has been counted. Never blocks; may be called from a signal handler, also from one that interrupted
 * reserve, the writing or commit. */
static inline otel__queue_status otel__queue_reserve(otel__queue *q, uint32_t length, otel__queue_slot *slot)
{
    otel__queue_stripe *stripe = otel__queue_own_stripe(q);
    uint64_t word = atomic_load_explicit(&stripe->word, memory_order_acquire);
    while (OTEL__QUEUE_WORD_LEFT(word)) {
        uint32_t offset = OTEL__QUEUE_WORD_OFFSET(word);
        if ((uint64_t)q->data + offset + length > q->chunk_bytes) break;
        if (atomic_compare_exchange_weak_explicit(&stripe->word, &word, word + OTEL__QUEUE_ONE + length,
                                                  memory_order_acquire, memory_order_acquire)) {
            uint8_t *map = atomic_load_explicit(&q->map, memory_order_relaxed);
            uint8_t *chunk = map + (size_t)(OTEL__QUEUE_WORD_CHUNK(word) - 1) * q->chunk_bytes;
            otel__queue_fill_slot(q, chunk, OTEL__QUEUE_WORD_COUNT(word), offset, length, slot);
            return OTEL__QUEUE_OK;
        }
    }
    otel__queue_slot slow = {NULL, NULL, 0}; /* one whose address nobody takes can stay in registers */
    otel__queue_status status = otel__queue_reserve_slow(q, stripe, length, &slow);
    *slot = slow;
    return status;
}

/* scope: at most OTEL__QUEUE_SCOPE_MAX; length: as reserved. When this returns, the record survives the process. */
static inline void otel__queue_commit(const otel__queue_slot *slot, uint32_t scope, uint32_t length)
{
    atomic_store_explicit(slot->descriptor, OTEL__QUEUE_DESCRIPTOR(scope, length, slot->offset), memory_order_release);
}

/* -- the consumer: one thread at a time ------------------------------------------------------------------ */

typedef struct otel__queue_chunk { /* a chunk that left its stripe */
    uint32_t chunk, count;
    uint32_t next; /* the first record that is not settled: the consumer's to advance */
} otel__queue_chunk;

/* Takes every chunk of every stripe, oldest first within a stripe; answers how many were put in out. Every record whose
 * reserve returned before the call is among them, if out has room for options.chunks + options.jumbos; a stripe that
 * does not fit in what is left of room is left where it is. close: nothing can be reserved any more in stripes taken or
 * empty. */
uint32_t otel__queue_take_all(otel__queue *q, otel__queue_chunk *out, uint32_t room, bool close);
/* Gives back a chunk whose records are all settled. Their credits are given back apart, with otel__queue_credit. */
void otel__queue_release(otel__queue *q, const otel__queue_chunk *taken);
/* Makes room for as many new records: call it for records that are settled. */
void otel__queue_credit(otel__queue *q, uint32_t records);
/* Publishes taken->next in the chunk, so that recovery does not find what is settled. */
void otel__queue_progress(otel__queue *q, const otel__queue_chunk *taken);

/* The descriptor of record i of a taken chunk; 0: its writer is in mid-record. */
static inline uint64_t otel__queue_descriptor(const otel__queue *q, uint32_t chunk, uint32_t i)
{
    return atomic_load_explicit(otel__queue_descriptor_at(otel__queue_chunk_at(q, chunk), i), memory_order_acquire);
}
static inline const uint8_t *otel__queue_bytes(const otel__queue *q, uint32_t chunk, uint64_t descriptor)
{
    return otel__queue_chunk_at(q, chunk) + q->data + OTEL__QUEUE_OFFSET(descriptor);
}
static inline uint32_t otel__queue_stripe_of(const otel__queue *q, uint32_t chunk)
{
    return otel__queue_header_at(q, chunk)->stripe;
}

/* How the consumer sleeps, on whatever it likes, until options.wake is called or its own timer ends:
 *     if (otel__queue_may_sleep(q, mode)) { wait; otel__queue_awake(q); }
 *     look at flush and stop requests, then otel__queue_take_all
 * Whoever wants its attention makes its request visible, then calls otel__queue_hurry. */
typedef enum otel__queue_sleep {
    OTEL__QUEUE_RUNNING, /* not a mode to ask for */
    OTEL__QUEUE_NAP, /* a whole batch was just exported, look again in a millisecond: woken only when it gets crowded */
    OTEL__QUEUE_WAITING, /* something is queued and the schedule delay runs: woken for a batch */
    OTEL__QUEUE_IDLE,    /* nothing is queued, no timer: woken by the first record */
    OTEL__QUEUE_BACKOFF  /* it waits for a backend and would take nothing: woken by a hurry alone */
} otel__queue_sleep;

/* Announces the sleep; true: there is nothing to do for that mode. False: the announcement is withdrawn, don't sleep. A
 * hurry is used up by the first false answer, or by awake. */
bool otel__queue_may_sleep(otel__queue *q, otel__queue_sleep mode);
void otel__queue_awake(otel__queue *q);
/* Any thread: ends the consumer's sleep, or denies its next one. */
void otel__queue_hurry(otel__queue *q);

/* -- counts: any thread, any moment ---------------------------------------------------------------------- */

uint32_t otel__queue_used(const otel__queue *q);    /* records queued plus unspent credits: what is bounded */
uint32_t otel__queue_queued(const otel__queue *q);  /* records queued, those taken but not credited included */
uint32_t otel__queue_outside(const otel__queue *q); /* chunks not on the free lists; 0 = nobody holds one */

/* Everything that was offered to reserve is in exactly one of these. */
typedef struct otel__queue_totals {
    uint64_t taken_by_queue; /* at no time too high or falling, and never below what take_all handed out */
    uint64_t queue_full, too_large, closed, fork_child;
} otel__queue_totals;
void otel__queue_counts(otel__queue *q, otel__queue_totals *totals); /* all 0 when the queue is unmapped */

/* -- recovery -------------------------------------------------------------------------------------------- */

typedef struct otel__queue_recovery {
    uint64_t records; /* handed to found */
    uint64_t torn;    /* gaps left by records that were never committed */
    uint64_t bad;     /* descriptors and chunk headers that no queue writes */
} otel__queue_recovery;

typedef struct otel__queue_found {
    uint32_t stripe, scope, length;
    uint64_t sequence; /* of its chunk */
    const uint8_t *bytes;
} otel__queue_found;

/* Reads the chunks in the mapped file of a dead process (map: where they begin, page aligned or at least to 8 bytes);
 * calls found for every committed, unsettled record, in order of writing within a stripe. Trusts nothing: every offset
 * and length is checked; the content of records and the scope are the caller's to check. False with errno: the geometry
 * makes no sense, map_bytes are too few, or no memory. */
bool otel__queue_recover(const otel__queue_options *options, const uint8_t *map, size_t map_bytes,
                         void (*found)(void *context, const otel__queue_found *record), void *context,
                         otel__queue_recovery *recovery);
#endif
