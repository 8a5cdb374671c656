/* The consumer's side: taking and releasing chunks, sleeping and being woken, and the counts. */
#include "queue_internal.h"
#include <errno.h>

/* -- taking ---------------------------------------------------------------------------------------------- */

/* Lists the chunks of a stripe, newest first, without taking them: only this thread takes, so they stay what they are.
 * Answers room + 1 when they are more. */
static uint32_t list_stack(const otel__queue *q, uint64_t word, otel__queue_chunk *out, uint32_t room)
{
    uint32_t n = 0;
    while (OTEL__QUEUE_WORD_CHUNK(word)) {
        if (n == room) return room + 1;
        uint32_t chunk = OTEL__QUEUE_WORD_CHUNK(word);
        out[n++] = (otel__queue_chunk){chunk, OTEL__QUEUE_WORD_COUNT(word), 0};
        word = otel__queue_header_at(q, chunk)->previous;
    }
    return n;
}

static void reverse(otel__queue_chunk *list, uint32_t n)
{
    for (uint32_t i = 0; i + 1 < n; i++) {
        otel__queue_chunk chunk = list[i];
        list[i] = list[--n];
        list[n] = chunk;
    }
}

/* After a stripe was taken. Only the top chunk has credits that nobody used. */
static void settle_stripe(otel__queue *q, otel__queue_stripe *stripe, uint64_t word)
{
    atomic_fetch_add_explicit(&stripe->ended, OTEL__QUEUE_WORD_COUNT(word), memory_order_release);
    atomic_fetch_sub_explicit(&q->control->open, 1, memory_order_relaxed);
    otel__queue_credit(q, OTEL__QUEUE_WORD_LEFT(word));
}

static uint32_t take_stripe(otel__queue *q, otel__queue_stripe *stripe, otel__queue_chunk *out, uint32_t room,
                            bool close)
{
    uint64_t word = atomic_load_explicit(&stripe->word, memory_order_acquire);
    uint64_t to = close ? OTEL__QUEUE_WORD_CLOSED : 0;
    uint32_t n;
    do {
        if (word == to || word == OTEL__QUEUE_WORD_CLOSED) return 0;
        n = list_stack(q, word, out, room);
        if (n > room) return 0;
    } while (
        !atomic_compare_exchange_weak_explicit(&stripe->word, &word, to, memory_order_seq_cst, memory_order_acquire));
    if (n) settle_stripe(q, stripe, word);
    reverse(out, n);
    return n;
}

uint32_t otel__queue_take_all(otel__queue *q, otel__queue_chunk *out, uint32_t room, bool close)
{
    uint32_t n = 0;
    uint64_t records = 0;
    atomic_store_explicit(&q->control->reported, 0, memory_order_seq_cst);
    for (uint32_t i = 0; i < q->options.stripes; i++)
        n += take_stripe(q, &q->control->stripes[i], out + n, room - n, close);
    for (uint32_t i = 0; i < n; i++) records += out[i].count;
    if (n) atomic_fetch_add_explicit(&q->control->held, n, memory_order_relaxed);
    if (records) atomic_fetch_add_explicit(&q->control->taken, records, memory_order_seq_cst);
    return n;
}

/* Whatever order a crash catches these stores in: only records already settled are concerned. */
void otel__queue_release(otel__queue *q, const otel__queue_chunk *taken)
{
    atomic_store_explicit(&otel__queue_header_at(q, taken->chunk)->live, 0, memory_order_relaxed);
#if OTEL__QUEUE_MUTANT != 3 /* descriptors are not zeroed */
    uint8_t *chunk = otel__queue_chunk_at(q, taken->chunk);
    for (uint32_t i = 0; i < taken->count; i++)
        atomic_store_explicit(otel__queue_descriptor_at(chunk, i), 0, memory_order_relaxed);
#endif
    otel__queue_push(q, taken->chunk);
    atomic_fetch_sub_explicit(&q->control->held, 1, memory_order_relaxed);
    atomic_fetch_sub_explicit(&q->control->outside, 1, memory_order_release);
}

void otel__queue_progress(otel__queue *q, const otel__queue_chunk *taken)
{
    atomic_store_explicit(&otel__queue_header_at(q, taken->chunk)->done, taken->next, memory_order_release);
}

/* -- sleeping and waking --------------------------------------------------------------------------------- */

static bool is_empty(const otel__queue *q)
{
    for (uint32_t i = 0; i < q->options.stripes; i++) {
        uint64_t word = atomic_load_explicit(&q->control->stripes[i].word, memory_order_seq_cst);
        if (word && word != OTEL__QUEUE_WORD_CLOSED) return false;
    }
    return true;
}

static uint32_t reported(const otel__queue *q)
{
    return atomic_load_explicit(&q->control->reported, memory_order_seq_cst);
}

/* Chunks that the consumer could take. Those that it holds already are no reason to wake it. */
static uint32_t takeable(const otel__queue *q)
{
    uint32_t held = OTEL__QUEUE_LOAD(&q->control->held), outside = otel__queue_outside(q);
    return outside > held ? outside - held : 0;
}

static bool is_crowded(const otel__queue *q)
{
    if (reported(q) >= q->options.max_records / 2) return true;
    uint64_t mine = takeable(q), held = OTEL__QUEUE_LOAD(&q->control->held);
    return mine && mine * 4 + held * 3 >= (uint64_t)q->options.chunks * 3;
}

static bool has_batch(const otel__queue *q)
{
    return reported(q) >= q->options.batch_records || is_crowded(q);
}

static void wake(otel__queue *q)
{
    uint32_t was = atomic_exchange_explicit(&q->control->sleep, OTEL__QUEUE_RUNNING, memory_order_seq_cst);
    if (was == OTEL__QUEUE_RUNNING || !q->options.wake) return;
    int saved = errno;
    q->options.wake(q->options.wake_context);
    errno = saved;
}

/* Two-sided handshake: the sleeper announces itself, then looks for work; a writer makes its work visible, then looks
 * at the announcement. All four accesses are seq_cst, so at least one side sees the other. */
void otel__queue_wake_if_due(otel__queue *q, bool first_chunk, bool dropped)
{
    uint32_t mode = atomic_load_explicit(&q->control->sleep, memory_order_seq_cst);
    if (mode == OTEL__QUEUE_RUNNING || mode == OTEL__QUEUE_BACKOFF) return;
    bool due = mode == OTEL__QUEUE_IDLE ? first_chunk : mode == OTEL__QUEUE_WAITING ? has_batch(q) : is_crowded(q);
    if (due || (dropped && takeable(q))) wake(q);
}

static bool has_work(const otel__queue *q, otel__queue_sleep mode)
{
    if (mode == OTEL__QUEUE_BACKOFF) return false;
    if (mode == OTEL__QUEUE_IDLE) return !is_empty(q);
    return mode == OTEL__QUEUE_WAITING ? has_batch(q) : is_crowded(q);
}

bool otel__queue_may_sleep(otel__queue *q, otel__queue_sleep mode)
{
    otel__queue_control *c = q->control;
    atomic_store_explicit(&c->sleep, mode, memory_order_seq_cst);
    bool hurry = atomic_load_explicit(&c->hurry, memory_order_seq_cst);
    if (!hurry && !has_work(q, mode)) return true;
    otel__queue_awake(q);
    return false;
}

void otel__queue_awake(otel__queue *q)
{
    atomic_store_explicit(&q->control->sleep, OTEL__QUEUE_RUNNING, memory_order_seq_cst);
    atomic_store_explicit(&q->control->hurry, 0, memory_order_seq_cst);
}

void otel__queue_hurry(otel__queue *q)
{
    atomic_store_explicit(&q->control->hurry, 1, memory_order_seq_cst);
    wake(q);
}

/* -- counts ---------------------------------------------------------------------------------------------- */

uint32_t otel__queue_outside(const otel__queue *q)
{
    return atomic_load_explicit(&q->control->outside, memory_order_seq_cst);
}

static uint64_t raise_to(_Atomic uint64_t *highest, uint64_t value)
{
    uint64_t was = atomic_load_explicit(highest, memory_order_relaxed);
    while (was < value)
        if (atomic_compare_exchange_weak_explicit(highest, &was, value, memory_order_relaxed, memory_order_relaxed))
            return value;
    return was;
}

/* `ended` is read before the word, so a chunk that is replaced meanwhile is missed rather than counted twice; what the
 * consumer already has is known exactly. Hence never too high, and too low only while a writer stands between replacing
 * a chunk and counting it. */
void otel__queue_counts(otel__queue *q, otel__queue_totals *totals)
{
    otel__queue_control *c = q->control;
    *totals = (otel__queue_totals){.taken_by_queue = 0};
    if (!c) return;
    totals->too_large = OTEL__QUEUE_LOAD(&c->too_large);
    totals->fork_child = OTEL__QUEUE_LOAD(&c->fork_child);
    uint64_t taken = 0;
    for (uint32_t i = 0; i < q->options.stripes; i++) {
        otel__queue_stripe *stripe = &c->stripes[i];
        taken += atomic_load_explicit(&stripe->ended, memory_order_acquire);
        taken += OTEL__QUEUE_WORD_COUNT(atomic_load_explicit(&stripe->word, memory_order_acquire));
        totals->queue_full += OTEL__QUEUE_LOAD(&stripe->dropped_full);
        totals->closed += OTEL__QUEUE_LOAD(&stripe->dropped_closed);
    }
    uint64_t consumed = atomic_load_explicit(&c->taken, memory_order_seq_cst);
    totals->taken_by_queue = raise_to(&c->reported_taken, taken > consumed ? taken : consumed);
}
