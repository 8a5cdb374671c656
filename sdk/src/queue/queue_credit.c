/* Record credits: what makes the bound on records exact without a shared counter on every emit.
 *
 * A stripe buys credits in blocks, the smaller the less is left and the more stripes share it. When all are sold, what
 * other stripes have not spent is taken back: a drop means that the queue really is full. */
#include "queue_internal.h"

static uint32_t steal_from(_Atomic uint64_t *stripe_word)
{
    uint64_t word = OTEL__QUEUE_LOAD(stripe_word);
    while (word != OTEL__QUEUE_WORD_CLOSED && OTEL__QUEUE_WORD_LEFT(word)) {
        uint64_t without = word - ((uint64_t)OTEL__QUEUE_WORD_LEFT(word) << 36);
        if (atomic_compare_exchange_weak_explicit(stripe_word, &word, without, memory_order_relaxed,
                                                  memory_order_relaxed))
            return OTEL__QUEUE_WORD_LEFT(word);
    }
    return 0;
}

static uint32_t steal(otel__queue *q)
{
    uint32_t credits = 0;
    for (uint32_t i = 0; i < q->options.stripes && !credits; i++) credits = steal_from(&q->control->stripes[i].word);
    return credits;
}

/* About a quarter of what is left, shared by the stripes in use. Below a batch, because reports lag by one grant.
 * Shifts instead of a division: `open` may be anything while writers come and go. */
static uint32_t block(const otel__queue *q, uint32_t left)
{
    uint32_t open = OTEL__QUEUE_LOAD(&q->control->open);
    uint32_t width = open ? 32 - (uint32_t)__builtin_clz(open) : 0;
    uint32_t credits = width < 30 ? left >> (2 + width) : 0;
    if (credits > q->options.batch_records / 4) credits = q->options.batch_records / 4;
    if (credits > q->descriptors) credits = q->descriptors;
    return credits ? credits : 1;
}

/* `dry` spares the drops that follow a fruitless search the same search. It is set, then `used` is looked at again,
 * because credits may have come back in between: whoever returns them looks at `dry` after. */
uint32_t otel__queue_grant(otel__queue *q)
{
    otel__queue_control *c = q->control;
    uint32_t used = OTEL__QUEUE_LOAD(&c->used), credits;
    for (;;) {
        if (used < q->options.max_records) {
            credits = block(q, q->options.max_records - used);
            if (atomic_compare_exchange_weak_explicit(&c->used, &used, used + credits, memory_order_seq_cst,
                                                      memory_order_relaxed))
                return credits;
            continue;
        }
        if (OTEL__QUEUE_LOAD(&c->dry)) return 0;
        credits = steal(q);
        if (credits) return credits;
        atomic_store_explicit(&c->dry, 1, memory_order_seq_cst);
        used = atomic_load_explicit(&c->used, memory_order_seq_cst);
        if (used >= q->options.max_records) return 0;
        atomic_store_explicit(&c->dry, 0, memory_order_seq_cst);
    }
}

void otel__queue_credit(otel__queue *q, uint32_t records)
{
    if (!records) return;
    otel__queue_control *c = q->control;
    atomic_fetch_sub_explicit(&c->used, records, memory_order_seq_cst);
    if (atomic_load_explicit(&c->dry, memory_order_seq_cst)) atomic_store_explicit(&c->dry, 0, memory_order_seq_cst);
}

uint32_t otel__queue_used(const otel__queue *q)
{
    return OTEL__QUEUE_LOAD(&q->control->used);
}

uint32_t otel__queue_queued(const otel__queue *q)
{
    int64_t records = OTEL__QUEUE_LOAD(&q->control->used);
    for (uint32_t i = 0; i < q->options.stripes; i++) {
        uint64_t word = OTEL__QUEUE_LOAD(&q->control->stripes[i].word);
        if (word != OTEL__QUEUE_WORD_CLOSED) records -= OTEL__QUEUE_WORD_LEFT(word);
    }
    return records < 0 ? 0 : (uint32_t)records;
}
