/* The router: hands each record to the routes that it matches. Routes own lists of processors. */
#include "part.h"
#include "pattern.h"
#include <string.h>

typedef struct route {
    otel_severity min_severity, max_severity;
    char *scope, *event_name, *key, *text; /* patterns; the attribute's key, and its value when that is a string */
    otel_value value;
    otel_log_processor *first; /* NULL: what comes here is dropped */
} route;

typedef struct router {
    otel__part part;
    route *routes;
    size_t count;
    otel_log_processor *otherwise; /* NULL: the next of the list */
    bool all, pass_on;
} router;

/* Matching. ---------------------------------------------------------------------------------------------------------
 */

/* What can be said before there is a record. */
static bool may_match(const route *r, const otel_scope *scope, otel_severity severity)
{
    const char *name = scope && scope->name ? scope->name : "";
    bool bounded = r->min_severity || r->max_severity;
    if (bounded && severity == OTEL_SEVERITY_UNSPECIFIED) return false;
    return otel__severity_within(severity, r->min_severity, r->max_severity) &&
           (!r->scope || otel__pattern_matches(r->scope, name, strlen(name)));
}

static bool conditional(const route *r)
{
    return r->event_name || r->key;
}

static bool same(const otel_value *a, const otel_value *b)
{
    if (a->type != b->type) return false;
    switch (a->type) {
    case OTEL_TYPE_STRING:
        return a->size == b->size && (!a->size || memcmp(a->u.string, b->u.string, a->size) == 0);
    case OTEL_TYPE_BOOL:
        return a->u.boolean == b->u.boolean;
    case OTEL_TYPE_INT:
        return a->u.integer == b->u.integer;
    default:
        return a->u.number >= b->u.number && a->u.number <= b->u.number;
    }
}

static bool matches(const route *r, const otel_log_record *record)
{
    otel_value value;
    if (!may_match(r, record->scope, record->severity)) return false;
    if (r->event_name && !otel__pattern_matches(r->event_name, record->event_name.data, record->event_name.size))
        return false;
    return !r->key || (otel_log_record_get(record, r->key, &value) && same(&value, &r->value));
}

/* Emitting. ---------------------------------------------------------------------------------------------------------
 */

/* Into the routes; *arrived: there was somebody. */
static bool follow_routes(const router *r, otel_log_record *record, bool *arrived)
{
    bool taken = false;
    for (size_t i = 0; i < r->count && (r->all || !taken); i++) {
        if (!matches(&r->routes[i], record)) continue;
        taken = true;
        if (r->routes[i].first) *arrived = true;
        otel_log_processor_emit(r->routes[i].first, record);
    }
    return taken;
}

static void router_emit(otel_log_processor *self, otel_log_record *record)
{
    router *r = (router *)self;
    bool arrived = false, taken = follow_routes(r, record, &arrived);
    if (!taken && r->otherwise) {
        arrived = true;
        otel_log_processor_emit(r->otherwise, record);
    }
    if (self->next && (r->pass_on || (!taken && !r->otherwise))) {
        arrived = true;
        otel_log_pass(self, record);
    }
    otel__count(&r->part, arrived ? OTEL__PASSED : OTEL__UNWANTED);
}

/* A route that depends on more than scope and severity may match or not: then both ways count. */
static bool router_enabled(otel_log_processor *self, const otel_scope *scope, otel_severity severity,
                           const otel_context *context)
{
    const router *r = (router *)self;
    bool taken = false;
    for (size_t i = 0; i < r->count && (r->all || !taken); i++) {
        if (!may_match(&r->routes[i], scope, severity)) continue;
        if (otel_log_processor_enabled(r->routes[i].first, scope, severity, context)) return true;
        if (!conditional(&r->routes[i])) taken = true;
    }
    if (!taken && otel_log_processor_enabled(r->otherwise, scope, severity, context)) return true;
    return (r->pass_on || (!taken && !r->otherwise)) &&
           otel_log_processor_enabled(self->next, scope, severity, context);
}

/* What is done to all children. -------------------------------------------------------------------------------------
 */

static otel_log_processor *list_at(const router *r, size_t i)
{
    return i < r->count ? r->routes[i].first : r->otherwise;
}

static otel_result router_start(otel_log_processor *self, struct otel_provider *provider)
{
    const router *r = (router *)self;
    otel_result result = OTEL_OK;
    for (size_t i = 0; i <= r->count && result == OTEL_OK; i++)
        for (otel_log_processor *q = list_at(r, i); q && result == OTEL_OK; q = q->next)
            result = otel_log_processor_start(q, provider);
    return result;
}

static otel_result router_flush(otel_log_processor *self, otel_deadline deadline)
{
    const router *r = (router *)self;
    otel_result result = OTEL_OK;
    for (size_t i = 0; i <= r->count; i++)
        for (otel_log_processor *q = list_at(r, i); q; q = q->next)
            if (otel_log_processor_flush(q, deadline) != OTEL_OK) result = OTEL_ERR_TIMEOUT;
    return result;
}

static otel_result router_shutdown(otel_log_processor *self, otel_deadline deadline)
{
    const router *r = (router *)self;
    otel_result result = OTEL_OK;
    for (size_t i = 0; i <= r->count; i++)
        for (otel_log_processor *q = list_at(r, i); q; q = q->next)
            if (otel_log_processor_shutdown(q, deadline) != OTEL_OK) result = OTEL_ERR_TIMEOUT;
    return result;
}

static void router_after_fork(otel_log_processor *self)
{
    const router *r = (router *)self;
    otel__part_after_fork(self);
    for (size_t i = 0; i <= r->count; i++)
        for (otel_log_processor *q = list_at(r, i); q; q = q->next) otel_log_processor_after_fork(q);
}

static void router_destroy(otel_log_processor *self)
{
    router *r = (router *)self;
    for (size_t i = 0; i <= r->count; i++)
        for (otel_log_processor *q = list_at(r, i), *next; q; q = next) {
            next = q->next;
            otel_log_processor_destroy(q);
        }
    for (size_t i = 0; i < r->count; i++) {
        otel_release(r->routes[i].scope);
        otel_release(r->routes[i].event_name);
        otel_release(r->routes[i].key);
        otel_release(r->routes[i].text);
    }
    otel_release(r->routes);
}

#define ROUTER_OPS                                                                                                     \
    .size = sizeof(otel_log_processor_ops), .name = "router", .emit = router_emit, .enabled = router_enabled,          \
    .start = router_start, .flush = router_flush, .shutdown = router_shutdown, .destroy = router_destroy,              \
    .after_fork = router_after_fork
const otel_log_processor_ops otel__router_ops = {ROUTER_OPS, .flags = OTEL_PROCESSOR_DECIDES};
const otel_log_processor_ops otel__last_router_ops = {ROUTER_OPS,
                                                      .flags = OTEL_PROCESSOR_DECIDES | OTEL_PROCESSOR_EXPORTS};

/* Making. -----------------------------------------------------------------------------------------------------------
 */

/* The options as they were given, by a program that may know less or more of a route. */
typedef struct given {
    otel_router_options options;
    size_t route_size;
} given;

static otel_route route_at(const given *g, size_t i)
{
    otel_route o = {0};
    size_t size = g->route_size < sizeof o ? g->route_size : sizeof o;
    if (i < g->options.route_count)
        memcpy(&o, (const char *)g->options.routes + i * g->route_size, size);
    else
        o = (otel_route){.processors = g->options.otherwise, .processor_count = g->options.otherwise_count};
    return o;
}

/* Where a processor stands in all of the lists: before (list, place). */
static bool stands_before(const given *g, const otel_log_processor *p, size_t list, size_t place)
{
    for (size_t i = 0; i <= list; i++) {
        otel_route o = route_at(g, i);
        size_t end = i < list ? o.processor_count : place;
        for (size_t j = 0; j < end && o.processors; j++)
            if (o.processors[j] == p) return true;
    }
    return false;
}

static void destroy_given(const given *g)
{
    for (size_t i = 0; i <= g->options.route_count; i++) {
        otel_route o = route_at(g, i);
        for (size_t j = 0; j < o.processor_count && o.processors; j++)
            if (!stands_before(g, o.processors[j], i, j)) otel_log_processor_destroy(o.processors[j]);
    }
}

static const char *fault_of(const given *g, size_t i)
{
    otel_route o = route_at(g, i);
    if (o.processor_count && !o.processors) return "its processors are missing";
    for (size_t j = 0; j < o.processor_count; j++) {
        if (!o.processors[j]) return "a processor is missing";
        if (stands_before(g, o.processors[j], i, j)) return "a processor stands in two places";
    }
    uint8_t type = o.attribute.value.type;
    if (o.attribute.key && (type < OTEL_TYPE_STRING || type > OTEL_TYPE_DOUBLE))
        return "its attribute is neither text nor number nor true or false";
    return NULL;
}

static bool complete(const given *g)
{
    if (g->options.mode > OTEL_ROUTE_ALL) {
        otel_diag(OTEL_SEVERITY_ERROR, "router", "there is no mode %u", g->options.mode);
        return false;
    }
    for (size_t i = 0; i <= g->options.route_count; i++) {
        const char *fault = fault_of(g, i);
        if (!fault) continue;
        otel_diag(OTEL_SEVERITY_ERROR, "router", "route %zu: %s", i, fault);
        return false;
    }
    return true;
}

static bool copy_key(char **copy, const otel_attr *attribute)
{
    if (!attribute->key) return true;
    *copy = otel_allocate((size_t)attribute->key_size + 1);
    if (*copy) memcpy(*copy, attribute->key, attribute->key_size);
    return *copy != NULL;
}

static bool copy_value(route *to, const otel_value *value)
{
    to->value = *value;
    if (value->type != OTEL_TYPE_STRING) return true;
    to->text = otel_allocate((size_t)value->size + 1);
    if (!to->text) return false;
    if (value->size) memcpy(to->text, value->u.string, value->size);
    to->value.u.string = to->text;
    return true;
}

static bool copy_conditions(route *to, const otel_route *from)
{
    to->min_severity = from->min_severity;
    to->max_severity = from->max_severity;
    return otel__severity_bounds("router", from->min_severity, from->max_severity) &&
           otel__pattern_copy(&to->scope, from->scope, "router") &&
           otel__pattern_copy(&to->event_name, from->event_name, "router") && copy_key(&to->key, &from->attribute) &&
           copy_value(to, &from->attribute.value);
}

static otel_log_processor *link_list(otel_log_processor *const *list, size_t count)
{
    for (size_t i = 0; i + 1 < count; i++) list[i]->next = list[i + 1];
    return count ? list[0] : NULL;
}

/* Conditions first: until the lists are linked, a failure leaves all processors with `given`. */
static bool take_routes(router *r, const given *g)
{
    size_t count = g->options.route_count;
    r->routes = otel_allocate(sizeof *r->routes * (count ? count : 1));
    if (!r->routes) return false;
    for (r->count = 0; r->count < count; r->count++) {
        otel_route o = route_at(g, r->count);
        if (copy_conditions(&r->routes[r->count], &o)) continue;
        r->count++;
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        otel_route o = route_at(g, i);
        r->routes[i].first = link_list(o.processors, o.processor_count);
    }
    r->otherwise = link_list(g->options.otherwise, g->options.otherwise_count);
    return true;
}

static bool takes_everything(const otel_route *o)
{
    return !o->min_severity && !o->max_severity && !o->scope && !o->event_name && !o->attribute.key;
}

/* Nothing gets past it. */
static bool is_last(const given *g)
{
    bool last = g->options.otherwise_count != 0;
    for (size_t i = 0; i < g->options.route_count; i++) {
        otel_route o = route_at(g, i);
        if (takes_everything(&o)) last = true;
    }
    return last && !g->options.pass_on;
}

otel_log_processor *otel_router_log_processor_new_sized(const otel_router_options *options, size_t size,
                                                        size_t route_size)
{
    given g = {.route_size = route_size};
    if (options) memcpy(&g.options, options, size < sizeof g.options ? size : sizeof g.options);
    bool missing = !g.options.routes && g.options.route_count;
    if (missing) {
        otel_diag(OTEL_SEVERITY_ERROR, "router", "its %zu routes are missing", g.options.route_count);
        g.options.route_count = 0; /* the rest has been given to us all the same */
    }
    router *r = !missing && complete(&g)
                    ? otel_log_processor_new(sizeof *r, is_last(&g) ? &otel__last_router_ops : &otel__router_ops)
                    : NULL;
    if (r && take_routes(r, &g)) {
        r->all = g.options.mode == OTEL_ROUTE_ALL;
        r->pass_on = g.options.pass_on != 0;
        return &r->part.base;
    }
    if (r) otel_log_processor_destroy(&r->part.base);
    destroy_given(&g);
    return NULL;
}
