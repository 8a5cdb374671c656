/* The filter: lets through records within the severities, of the scopes that are wanted. */
#include "part.h"
#include "pattern.h"
#include <string.h>

typedef struct filter {
    otel__part part;
    otel_severity min_severity, max_severity;
    otel__patterns scopes, dropped_scopes;
} filter;

static bool wants(const filter *f, const otel_scope *scope, otel_severity severity)
{
    const char *name = scope && scope->name ? scope->name : "";
    return otel__severity_within(severity, f->min_severity, f->max_severity) &&
           (!f->scopes.count || otel__patterns_match(&f->scopes, name)) &&
           !otel__patterns_match(&f->dropped_scopes, name);
}

static void filter_emit(otel_log_processor *self, otel_log_record *record)
{
    filter *f = (filter *)self;
    if (wants(f, record->scope, record->severity))
        otel__pass(&f->part, record);
    else
        otel__count(&f->part, OTEL__UNWANTED);
}

static bool filter_enabled(otel_log_processor *self, const otel_scope *scope, otel_severity severity,
                           const otel_context *context)
{
    (void)context;
    return wants((filter *)self, scope, severity);
}

static void filter_destroy(otel_log_processor *self)
{
    filter *f = (filter *)self;
    otel__patterns_free(&f->scopes);
    otel__patterns_free(&f->dropped_scopes);
}

const otel_log_processor_ops otel__filter_ops = {.size = sizeof(otel_log_processor_ops),
                                                 .name = "filter",
                                                 .emit = filter_emit,
                                                 .enabled = filter_enabled,
                                                 .destroy = filter_destroy,
                                                 .after_fork = otel__part_after_fork};

static bool take_options(filter *f, const otel_filter_options *o)
{
    f->min_severity = o->min_severity;
    f->max_severity = o->max_severity;
    return otel__severity_bounds("filter", o->min_severity, o->max_severity) &&
           otel__patterns_copy(&f->scopes, o->scopes, o->scope_count, "filter") &&
           otel__patterns_copy(&f->dropped_scopes, o->dropped_scopes, o->dropped_scope_count, "filter");
}

otel_log_processor *otel_filter_log_processor_new_sized(const otel_filter_options *options, size_t size)
{
    otel_filter_options o = {0};
    if (options) memcpy(&o, options, size < sizeof o ? size : sizeof o);
    filter *f = otel_log_processor_new(sizeof *f, &otel__filter_ops);
    if (!f) return NULL;
    if (take_options(f, &o)) return &f->part.base;
    otel_log_processor_destroy(&f->part.base);
    return NULL;
}
