/* Recovery: finds the committed records in the mapped chunks of a dead process, and trusts nothing it reads there. */
#include "queue_internal.h"
#include <errno.h>
#include <otel/sdk/allocator.h>
#include <stdlib.h>

typedef struct live_chunk {
    uint64_t sequence;
    uint32_t chunk;
} live_chunk;

typedef struct reader {
    otel__queue q; /* geometry only */
    void (*found)(void *context, const otel__queue_found *record);
    void *context;
    otel__queue_recovery *recovery;
} reader;

static int by_sequence(const void *a, const void *b)
{
    const live_chunk *x = a, *y = b;
    if (x->sequence != y->sequence) return x->sequence < y->sequence ? -1 : 1;
    return x->chunk < y->chunk ? -1 : x->chunk > y->chunk; /* only in a damaged file; keeps the order defined */
}

static uint32_t find_live(reader *r, live_chunk *list)
{
    uint32_t n = 0, total = r->q.options.chunks + r->q.options.jumbos;
    for (uint32_t chunk = 1; chunk <= total; chunk++) {
        otel__queue_chunk_header *header = otel__queue_header_at(&r->q, chunk);
        uint32_t live = atomic_load_explicit(&header->live, memory_order_acquire);
        if (live == OTEL__QUEUE_LIVE && header->stripe < r->q.options.stripes)
            list[n++] = (live_chunk){header->sequence, chunk};
        else if (live)
            r->recovery->bad++;
    }
    return n;
}

/* Checks record i of a chunk, and answers where it ends; before it when there is none. */
static uint32_t read_record(reader *r, uint32_t chunk, uint32_t i, uint32_t end, otel__queue_found *record)
{
    uint64_t d = otel__queue_descriptor(&r->q, chunk, i);
    if (!OTEL__QUEUE_COMMITTED(d)) { /* 0: never reserved, or reserved and torn */
        if (d) r->recovery->bad++;
        return end;
    }
    uint32_t size = chunk <= r->q.options.chunks ? r->q.options.chunk_bytes : r->q.options.jumbo_bytes;
    uint32_t offset = OTEL__QUEUE_OFFSET(d), length = OTEL__QUEUE_LENGTH(d);
    if (offset < end || (uint64_t)r->q.data + offset + length > size) {
        r->recovery->bad++;
        return end;
    }
    if (offset > end) r->recovery->torn++;
    record->scope = OTEL__QUEUE_SCOPE(d);
    record->length = length;
    record->bytes = otel__queue_bytes(&r->q, chunk, d);
    return offset + length;
}

static void read_chunk(reader *r, const live_chunk *live)
{
    otel__queue_chunk_header *header = otel__queue_header_at(&r->q, live->chunk);
    uint32_t end = 0, done = atomic_load_explicit(&header->done, memory_order_relaxed);
    for (uint32_t i = 0; i < r->q.descriptors; i++) {
        otel__queue_found record = {.stripe = header->stripe, .sequence = live->sequence};
        end = read_record(r, live->chunk, i, end, &record);
        if (!record.bytes || i < done) continue;
        r->recovery->records++;
        r->found(r->context, &record);
    }
}

bool otel__queue_recover(const otel__queue_options *options, const uint8_t *map, size_t map_bytes,
                         void (*found)(void *context, const otel__queue_found *record), void *context,
                         otel__queue_recovery *recovery)
{
    *recovery = (otel__queue_recovery){.records = 0};
    reader r = {.found = found, .context = context, .recovery = recovery};
    if (!otel__queue_geometry(&r.q, options)) return false;
    if (!map || (uintptr_t)map % 8 != 0 || map_bytes < r.q.map_bytes) {
        errno = EINVAL;
        return false;
    }
    atomic_store_explicit(&r.q.map, (uint8_t *)(uintptr_t)map, memory_order_relaxed); /* only read */
    live_chunk *list = otel_allocate(sizeof *list * ((size_t)options->chunks + options->jumbos));
    if (!list) {
        errno = ENOMEM;
        return false;
    }
    uint32_t n = find_live(&r, list);
    qsort(list, n, sizeof *list, by_sequence);
    for (uint32_t i = 0; i < n; i++) read_chunk(&r, &list[i]);
    otel_release(list);
    return true;
}
