/* Grouping records by scope, the pieces of an OTLP request around them, and walking through them. */
#include "log_batch.h"
#include "resource/resource.h"
#include "record.h"
#include <string.h>

enum { HEAD_BYTES = 16 }; /* a tag and the longest length, with room */

bool otel__log_batch_init(otel_log_batch *batch, uint32_t capacity)
{
    *batch = (otel_log_batch){.capacity = capacity};
    batch->runs = otel_allocate(sizeof *batch->runs * capacity);
    batch->sorted = otel_allocate(sizeof *batch->sorted * capacity);
    batch->starts = otel_allocate(sizeof *batch->starts * (OTEL__SCOPES_MAX + 1));
    batch->pieces = otel_allocate(sizeof *batch->pieces * (2 + 4 * (size_t)capacity));
    batch->heads = otel_allocate(HEAD_BYTES * (1 + (size_t)capacity));
    if (batch->runs && batch->sorted && batch->starts && batch->pieces && batch->heads) return true;
    otel__log_batch_finish(batch);
    return false;
}

void otel__log_batch_finish(otel_log_batch *batch)
{
    otel_release(batch->runs);
    otel_release(batch->sorted);
    otel_release(batch->starts);
    otel_release(batch->pieces);
    otel_release(batch->heads);
    *batch = (otel_log_batch){.resource = NULL};
}

void otel__log_batch_open(otel_log_batch *batch, const otel_resource *resource, const otel__scopes *scopes)
{
    batch->resource = resource;
    batch->scopes = scopes;
    batch->count = batch->run_count = batch->piece_count = 0;
    batch->bytes = batch->record_bytes = 0;
}

static bool one_scope(const otel_log_batch *b)
{
    for (uint32_t i = 1; i < b->run_count; i++)
        if (b->runs[i].scope != b->runs[0].scope) return false;
    return true;
}

/* A counting sort: stable, so the order within a scope stays. */
static void group(otel_log_batch *b)
{
    if (one_scope(b)) return;
    memset(b->starts, 0, sizeof *b->starts * (OTEL__SCOPES_MAX + 1));
    for (uint32_t i = 0; i < b->run_count; i++) b->starts[b->runs[i].scope + 1]++;
    for (uint32_t s = 0; s < OTEL__SCOPES_MAX; s++) b->starts[s + 1] += b->starts[s];
    for (uint32_t i = 0; i < b->run_count; i++) b->sorted[b->starts[b->runs[i].scope]++] = b->runs[i];
    otel__record_run *other = b->runs;
    b->runs = b->sorted;
    b->sorted = other;
}

/* Neighbours in memory become one piece. */
static void add_piece(otel_log_batch *b, const uint8_t *bytes, size_t size)
{
    otel_str *last = b->piece_count ? &b->pieces[b->piece_count - 1] : NULL;
    if (!size) return;
    b->bytes += size;
    if (last && last->data + last->size == (const char *)bytes)
        last->size += size;
    else
        b->pieces[b->piece_count++] = (otel_str){(const char *)bytes, size};
}

static uint8_t *add_head(otel_log_batch *b, uint8_t *room, uint8_t tag, uint64_t size)
{
    uint8_t *end = otel__wire_put_head(room, tag, size);
    add_piece(b, room, (size_t)(end - room));
    return room + HEAD_BYTES; /* never a neighbour of the next head */
}

static uint32_t end_of_scope(const otel_log_batch *b, uint32_t first)
{
    uint32_t i = first;
    while (i < b->run_count && b->runs[i].scope == b->runs[first].scope) i++;
    return i;
}

static uint64_t scope_logs_size(const otel_log_batch *b, uint32_t first, uint32_t end)
{
    const otel__scope *s = b->scopes->table[b->runs[first].scope];
    uint64_t size = (uint64_t)s->prefix_size + s->suffix_size;
    for (uint32_t i = first; i < end; i++) size += b->runs[i].size;
    return size;
}

static uint64_t resource_logs_size(const otel_log_batch *b)
{
    uint64_t size = b->resource->size;
    for (uint32_t first = 0, end; first < b->run_count; first = end) {
        end = end_of_scope(b, first);
        size += otel__wire_framed_size(scope_logs_size(b, first, end));
    }
    return size;
}

static uint8_t *add_scope_logs(otel_log_batch *b, uint8_t *room, uint32_t first, uint32_t end)
{
    const otel__scope *s = b->scopes->table[b->runs[first].scope];
    room = add_head(b, room, 0x12, scope_logs_size(b, first, end));
    add_piece(b, s->prefix, s->prefix_size);
    for (uint32_t i = first; i < end; i++) add_piece(b, b->runs[i].bytes, b->runs[i].size);
    add_piece(b, s->suffix, s->suffix_size);
    return room;
}

void otel__log_batch_close(otel_log_batch *b)
{
    group(b);
    uint8_t *room = add_head(b, b->heads, 0x0a, resource_logs_size(b));
    add_piece(b, b->resource->bytes, b->resource->size);
    for (uint32_t first = 0, end; first < b->run_count; first = end) {
        end = end_of_scope(b, first);
        room = add_scope_logs(b, room, first, end);
    }
}

size_t otel_log_batch_count(const otel_log_batch *batch)
{
    return batch ? batch->count : 0;
}

const otel_resource *otel_log_batch_resource(const otel_log_batch *batch)
{
    return batch ? batch->resource : NULL;
}

size_t otel_log_batch_otlp(const otel_log_batch *batch, otel_str *pieces, size_t capacity)
{
    if (!batch) return 0;
    if (pieces && capacity >= batch->piece_count) memcpy(pieces, batch->pieces, sizeof *pieces * batch->piece_count);
    return batch->piece_count;
}

size_t otel_log_batch_otlp_bytes(const otel_log_batch *batch)
{
    return batch ? batch->bytes : 0;
}

void otel_log_cursor_init(otel_log_cursor *cursor, const otel_log_batch *batch, size_t size)
{
    if (!cursor || size < sizeof *cursor) return;
    memset(cursor, 0, size);
    cursor->batch = batch;
    cursor->record.size = (uint32_t)sizeof(otel_log_record);
}

/* The content of the record there, behind tag and length. */
static const uint8_t *content_at(const uint8_t *at, size_t *size)
{
    *size = 0;
    for (unsigned shift = 0;; shift += 7) {
        *size |= (size_t)(*++at & 0x7f) << shift;
        if (!(*at & 0x80)) return at + 1;
    }
}

static void place(otel_log_record *record, const otel_log_batch *batch, uint32_t scope)
{
    static const otel_context none;
    record->context = &none;
    record->scope = &batch->scopes->table[scope]->scope;
    record->resource = batch->resource;
}

bool otel_log_next(otel_log_cursor *cursor)
{
    if (!cursor || !cursor->batch) return false;
    otel__record_state *state = (otel__record_state *)(void *)cursor->otel_private;
    const otel_log_batch *batch = cursor->batch;
    while (state->number < batch->run_count) {
        const otel__record_run *run = &batch->runs[state->number];
        size_t size;
        const uint8_t *content = content_at(run->bytes + state->offset, &size);
        state->offset = (uint32_t)(content + size - run->bytes);
        if (state->offset == run->size) state->number++, state->offset = 0;
        if (!otel__record_decode(content, size, &cursor->record, state)) continue;
        place(&cursor->record, batch, run->scope);
        return true;
    }
    return false;
}
