/* The in-memory exporter: keeps a copy of every record, for tests. */
#include "platform/platform.h"
#include <otel/sdk/log_exporter.h>

typedef struct memory {
    otel_log_exporter base;
    otel__lock lock;
    otel_log_record **records;
    size_t count, room;
} memory;

static bool grow(memory *m)
{
    if (m->count < m->room) return true;
    size_t room = m->room ? m->room * 2 : 64;
    otel_log_record **more = otel_reallocate(m->records, sizeof *more * room);
    if (!more) return false;
    m->records = more;
    m->room = room;
    return true;
}

static otel_export_status memory_export(otel_log_exporter *self, const otel_log_batch *batch, otel_export_call *call)
{
    memory *m = (memory *)self;
    otel__lock_take(&m->lock);
    for (otel_log_cursor c = otel_log_batch_begin(batch); otel_log_next(&c);) {
        otel_log_record *copy = grow(m) ? otel_log_record_clone(&c.record) : NULL;
        if (copy)
            m->records[m->count++] = copy;
        else
            call->rejected++;
    }
    otel__lock_give(&m->lock);
    return OTEL_EXPORT_OK;
}

static void clear(memory *m)
{
    for (size_t i = 0; i < m->count; i++) otel_log_record_destroy(m->records[i]);
    m->count = 0;
}

static void memory_destroy(otel_log_exporter *self)
{
    memory *m = (memory *)self;
    clear(m);
    otel_release(m->records);
}

/* What the parent has is the parent's; its copies are only given up. */
static void memory_after_fork(otel_log_exporter *self)
{
    memory *m = (memory *)self;
    m->lock = (otel__lock){0};
    clear(m);
}

static const otel_log_exporter_ops memory_ops = {.size = sizeof(otel_log_exporter_ops),
                                                 .name = "memory",
                                                 .export_batch = memory_export,
                                                 .destroy = memory_destroy,
                                                 .after_fork = memory_after_fork};

otel_log_exporter *otel_memory_exporter_new(void)
{
    return otel_log_exporter_new(sizeof(memory), &memory_ops);
}

static const memory *of(const otel_log_exporter *exporter)
{
    return exporter && exporter->ops == &memory_ops ? (const memory *)exporter : NULL;
}

size_t otel_memory_exporter_count(const otel_log_exporter *exporter)
{
    memory *m = (memory *)(uintptr_t)of(exporter);
    if (!m) return 0;
    otel__lock_take(&m->lock);
    size_t count = m->count;
    otel__lock_give(&m->lock);
    return count;
}

const otel_log_record *otel_memory_exporter_at(const otel_log_exporter *exporter, size_t nth)
{
    memory *m = (memory *)(uintptr_t)of(exporter);
    if (!m) return NULL;
    otel__lock_take(&m->lock);
    const otel_log_record *record = nth < m->count ? m->records[nth] : NULL;
    otel__lock_give(&m->lock);
    return record;
}

void otel_memory_exporter_clear(otel_log_exporter *exporter)
{
    memory *m = (memory *)(uintptr_t)of(exporter);
    if (!m) return;
    otel__lock_take(&m->lock);
    clear(m);
    otel__lock_give(&m->lock);
}
