/* The writer's slow path: no credit left in the chunk, no room in it, or no chunk; and every drop. */
#include "queue_internal.h"

typedef struct attempt {
    otel__queue *q;
    otel__queue_stripe *stripe;
    uint32_t length;
    uint32_t fresh;   /* a chunk popped and not yet used */
    uint32_t credits; /* bought and not yet used */
    bool jumbo;
    bool first;  /* it opened the stripe's first chunk */
    bool notice; /* `reported` or the chunks in use have risen: the consumer may want to know */
    otel__queue_slot *slot;
} attempt;

typedef enum outcome { AGAIN, TAKEN, IS_FULL, IS_CLOSED } outcome;

static void count_one(_Atomic uint64_t *counter)
{
    atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

static bool buy_credits(attempt *a, uint64_t word)
{
    a->credits = otel__queue_grant(a->q);
    if (a->credits && OTEL__QUEUE_WORD_CHUNK(word)) { /* about as many as were spent since the last grant */
        atomic_fetch_add_explicit(&a->q->control->reported, a->credits, memory_order_seq_cst);
        a->notice = true;
    }
    return a->credits;
}

/* Counted before it is touched, and the word read again after: a stop that closed the stripes and then sees no chunk
 * outside knows that nobody holds one. */
static outcome get_chunk(attempt *a)
{
    atomic_fetch_add_explicit(&a->q->control->outside, 1, memory_order_seq_cst);
    a->fresh = otel__queue_pop(a->q, a->jumbo);
    if (a->fresh) return AGAIN;
    atomic_fetch_sub_explicit(&a->q->control->outside, 1, memory_order_relaxed);
    return IS_FULL;
}

static bool fits(const attempt *a, uint64_t word)
{
    uint64_t end = (uint64_t)a->q->data + OTEL__QUEUE_WORD_OFFSET(word) + a->length;
    return OTEL__QUEUE_WORD_CHUNK(word) && !a->jumbo && OTEL__QUEUE_WORD_COUNT(word) < a->q->descriptors &&
           end <= a->q->chunk_bytes;
}

/* The stripe's open chunk has room: put the new credits in its word and reserve at once. */
static outcome extend(attempt *a, uint64_t word)
{
    uint32_t chunk = OTEL__QUEUE_WORD_CHUNK(word), left = OTEL__QUEUE_WORD_LEFT(word);
    uint32_t count = OTEL__QUEUE_WORD_COUNT(word), offset = OTEL__QUEUE_WORD_OFFSET(word);
    uint32_t room = a->q->descriptors - count - left, add = a->credits < room ? a->credits : room;
    uint64_t want = OTEL__QUEUE_WORD(chunk, left + add, count, offset) + OTEL__QUEUE_ONE + a->length;
    if (!atomic_compare_exchange_weak_explicit(&a->stripe->word, &word, want, memory_order_acq_rel,
                                               memory_order_relaxed))
        return AGAIN;
    a->credits -= add;
    otel__queue_fill_slot(a->q, otel__queue_chunk_at(a->q, chunk), count, offset, a->length, a->slot);
    return TAKEN;
}

static void write_header(attempt *a, uint64_t word)
{
    otel__queue_control *c = a->q->control;
    otel__queue_chunk_header *header = otel__queue_header_at(a->q, a->fresh);
    header->stripe = (uint32_t)(a->stripe - c->stripes);
    header->sequence = atomic_fetch_add_explicit(&c->sequence, 1, memory_order_relaxed) + 1;
    header->previous = word;
    atomic_store_explicit(&header->done, 0, memory_order_relaxed);
    atomic_store_explicit(&header->live, OTEL__QUEUE_LIVE, memory_order_release);
}

static uint32_t first_offset(const attempt *a)
{
#if OTEL__QUEUE_MUTANT == 2 /* the length of the first record is forgotten */
    return a->jumbo ? OTEL__QUEUE_OFFSET_FULL : 0;
#else
    return a->jumbo ? OTEL__QUEUE_OFFSET_FULL : a->length;
#endif
}

/* Put the fresh chunk on top of the stripe, with this record in it. Credits that the old chunk did not use move to the
 * new one: `previous` keeps only what the old chunk holds. */
static outcome replace(attempt *a, uint64_t word)
{
    otel__queue_control *c = a->q->control;
    bool first = !OTEL__QUEUE_WORD_CHUNK(word);
    uint32_t carried = OTEL__QUEUE_WORD_LEFT(word) + a->credits;
    uint32_t keep = carried < a->q->descriptors ? carried : a->q->descriptors;
    write_header(a, word);
    uint64_t want = OTEL__QUEUE_WORD(a->fresh, keep, 0, first_offset(a)) + OTEL__QUEUE_ONE;
    if (first) atomic_fetch_add_explicit(&c->open, 1, memory_order_relaxed); /* before: the taker subtracts */
    if (!atomic_compare_exchange_strong_explicit(&a->stripe->word, &word, want, memory_order_seq_cst,
                                                 memory_order_relaxed)) {
        if (first) atomic_fetch_sub_explicit(&c->open, 1, memory_order_relaxed);
        return AGAIN;
    }
    uint32_t ended = OTEL__QUEUE_WORD_COUNT(word);
    if (ended) atomic_fetch_add_explicit(&a->stripe->ended, ended, memory_order_release);
    otel__queue_fill_slot(a->q, otel__queue_chunk_at(a->q, a->fresh), 0, 0, a->length, a->slot);
    a->credits = carried - keep;
    a->first = first;
    a->notice = true;
    a->fresh = 0;
    return TAKEN;
}

static outcome try_once(attempt *a)
{
    uint64_t word = atomic_load_explicit(&a->stripe->word, memory_order_seq_cst);
    if (word == OTEL__QUEUE_WORD_CLOSED) return IS_CLOSED;
    if (!OTEL__QUEUE_WORD_LEFT(word) && !a->credits && !buy_credits(a, word)) return IS_FULL;
    if (fits(a, word)) return extend(a, word);
    if (!a->fresh) return get_chunk(a);
    return replace(a, word);
}

static void give_back_chunk(attempt *a)
{
    atomic_store_explicit(&otel__queue_header_at(a->q, a->fresh)->live, 0, memory_order_relaxed);
    otel__queue_push(a->q, a->fresh);
    atomic_fetch_sub_explicit(&a->q->control->outside, 1, memory_order_release);
}

static otel__queue_status finish(attempt *a, outcome how)
{
    if (a->fresh) give_back_chunk(a);
    otel__queue_credit(a->q, a->credits);
    if (how == IS_FULL) count_one(&a->stripe->dropped_full);
    if (how == IS_CLOSED) count_one(&a->stripe->dropped_closed);
    if (a->notice || how == IS_FULL) otel__queue_wake_if_due(a->q, a->first, how == IS_FULL);
    return how == TAKEN ? OTEL__QUEUE_OK : how == IS_FULL ? OTEL__QUEUE_FULL : OTEL__QUEUE_CLOSED;
}

otel__queue_status otel__queue_reserve_slow(otel__queue *q, otel__queue_stripe *stripe, uint32_t length,
                                            otel__queue_slot *slot)
{
    bool jumbo = (uint64_t)q->data + length > q->chunk_bytes;
    attempt a = {.q = q, .stripe = stripe, .length = length, .jumbo = jumbo, .slot = slot};
    if (atomic_load_explicit(&stripe->word, memory_order_acquire) == OTEL__QUEUE_WORD_CLOSED)
        return finish(&a, IS_CLOSED);
    if (!otel__queue_ready(q)) {
        count_one(&q->control->fork_child);
        return OTEL__QUEUE_FORK_CHILD;
    }
    if (jumbo && (!q->options.jumbos || (uint64_t)q->data + length > q->options.jumbo_bytes)) {
        count_one(&q->control->too_large);
        return OTEL__QUEUE_TOO_LARGE;
    }
    outcome how;
    do how = try_once(&a);
    while (how == AGAIN);
    return finish(&a, how);
}
