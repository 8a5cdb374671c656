/* The baggage processor: copies entries of the context's baggage into attributes, unless the record has them. */
#include "part.h"
#include "pattern.h"
#include <string.h>

typedef struct copier {
    otel__part part;
    otel__patterns names;
} copier;

static bool chosen(const copier *c, otel_str name)
{
    for (size_t i = 0; i < c->names.count; i++)
        if (otel__pattern_matches(c->names.list[i], name.data, name.size)) return true;
    return false;
}

static bool has(const otel_log_record *record, otel_str name)
{
    otel_attr attr;
    for (otel_iter it = otel_log_record_attrs(record); otel_attr_next(&it, &attr);)
        if (attr.key_size == name.size && memcmp(attr.key, name.data, name.size) == 0) return true;
    return false;
}

/* The views live as long as the context, which is longer than this emit. */
static void copier_emit(otel_log_processor *self, otel_log_record *record)
{
    copier *c = (copier *)self;
    uint32_t cursor = 0;
    otel_baggage_entry e;
    while (record->context && otel_baggage_next(record->context->baggage, &cursor, &e))
        if (chosen(c, e.name) && !has(record, e.name))
            otel_log_record_set(
                record, otel_attrn(e.name.data, (uint32_t)e.name.size, otel_stringn(e.value.data, e.value.size)));
    otel__pass(&c->part, record);
}

static void copier_destroy(otel_log_processor *self)
{
    otel__patterns_free(&((copier *)self)->names);
}

const otel_log_processor_ops otel__baggage_ops = {.size = sizeof(otel_log_processor_ops),
                                                  .name = "baggage",
                                                  .emit = copier_emit,
                                                  .enabled = otel__part_enabled,
                                                  .destroy = copier_destroy,
                                                  .after_fork = otel__part_after_fork};

otel_log_processor *otel_baggage_log_processor_new(const char *const *names, size_t count)
{
    copier *c = otel_log_processor_new(sizeof *c, &otel__baggage_ops);
    if (!c) return NULL;
    if (otel__patterns_copy(&c->names, names, count, "baggage")) return &c->part.base;
    otel_log_processor_destroy(&c->part.base);
    return NULL;
}
