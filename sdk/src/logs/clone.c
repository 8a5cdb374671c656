/* Clones: a record's own bytes on the heap, and a view of them. */
#include "provider.h"
#include "record.h"
#include <otel/sdk/allocator.h>

/* The bytes follow. */
typedef struct clone {
    otel_log_record record;
    otel__record_state state;
    otel__change changes[OTEL__CHANGES_MAX];
    uint8_t bytes[];
} clone;

static clone *view(clone *c, const otel_log_record *of, uint32_t size)
{
    const uint8_t *content = c->bytes + 1;
    while (*content++ & 0x80) {}
    const otel__record_state *s = of->otel_private;
    c->record.size = sizeof c->record;
    if (!otel__record_decode(content, size - (size_t)(content - c->bytes), &c->record, &c->state)) return NULL;
    static const otel_context none;
    c->record.context = &none; /* the ids are in the record; the rest belongs to the caller of emit */
    c->record.scope = of->scope;
    c->record.resource = of->resource;
    c->state.provider = s->provider;
    c->state.number = s->number;
    c->state.changes = c->changes;
    return c;
}

otel_log_record *otel_log_record_clone(const otel_log_record *record)
{
    otel__room room;
    otel__record_plan plan;
    if (!record || !record->otel_private) return NULL;
    otel__record_input input = otel__record_input_of(record, &room);
    uint32_t size = otel__record_size(&input, &plan);
    clone *c = size < OTEL__RECORD_TOO_LARGE ? otel_allocate(sizeof *c + size) : NULL;
    if (c) otel__record_write(c->bytes, &input, &plan);
    otel__room_close(&room);
    if (!c) return NULL;
    if (view(c, record, size)) return &c->record;
    otel_release(c);
    return NULL;
}

void otel_log_record_destroy(otel_log_record *record)
{
    otel_release(record); /* the first member of its clone */
}
