/* The global propagators, propagators by name, and calling several in order. */
#include "parts.h"
#include <stdatomic.h>
#include <string.h>

enum { GLOBAL_MAX = 16, REGISTERED_MAX = 16 };

static const otel_propagator *const builtin[] = {&otel_propagator_tracecontext, &otel_propagator_baggage,
                                                 &otel_propagator_b3, &otel_propagator_b3multi,
                                                 &otel_propagator_jaeger};
static _Atomic(const otel_propagator *) registered[REGISTERED_MAX];
static _Atomic(const otel_propagator *) global[GLOBAL_MAX];
static _Atomic size_t global_count;

static bool complete(const otel_propagator *p)
{
    return p && p->size >= sizeof *p && p->name && p->inject && p->extract && p->fields;
}

bool otel_propagators_set(const otel_propagator *const *list, size_t count)
{
    if (count > GLOBAL_MAX || (count && !list)) return false;
    for (size_t i = 0; i < count; i++)
        if (!complete(list[i])) return false;
    atomic_store(&global_count, 0);
    for (size_t i = 0; i < count; i++) atomic_store(&global[i], list[i]);
    atomic_store(&global_count, count);
    return true;
}

bool otel_propagator_register(const otel_propagator *propagator)
{
    if (!complete(propagator)) return false;
    for (size_t i = 0; i < REGISTERED_MAX; i++) {
        const otel_propagator *nobody = NULL;
        if (atomic_compare_exchange_strong(&registered[i], &nobody, propagator)) return true;
        if (strcmp(nobody->name, propagator->name) == 0) {
            atomic_store(&registered[i], propagator);
            return true;
        }
    }
    return false;
}

/* Values of environment variables that are choices: in any case. */
static bool is(const char *name, otel_str text)
{
    if (strlen(name) != text.size) return false;
    for (size_t i = 0; i < text.size; i++)
        if (otel__lower(text.data[i]) != otel__lower(name[i])) return false;
    return true;
}

/* A program's own beats one that comes along. */
static const otel_propagator *find(otel_str name)
{
    for (size_t i = 0; i < REGISTERED_MAX; i++) {
        const otel_propagator *p = atomic_load(&registered[i]);
        if (p && is(p->name, name)) return p;
    }
    for (size_t i = 0; i < sizeof builtin / sizeof *builtin; i++)
        if (is(builtin[i]->name, name)) return builtin[i];
    return NULL;
}

static bool contains(const otel_propagator *const *list, size_t count, const otel_propagator *p)
{
    while (count && list[count - 1] != p) count--;
    return count != 0;
}

static bool next_name(const char **at, otel_str *name)
{
    *at += strspn(*at, ", \t");
    name->data = *at;
    name->size = strcspn(*at, ",");
    *at += name->size;
    while (name->size && strchr(" \t", name->data[name->size - 1])) name->size--;
    return name->size != 0;
}

bool otel_propagators_set_names(const char *names, otel_str *unknown)
{
    const otel_propagator *list[GLOBAL_MAX];
    size_t count = 0;
    bool all = true;
    otel_str name;
    if (!names) names = "";
    while (next_name(&names, &name)) {
        const otel_propagator *p = find(name);
        if (p ? contains(list, count, p) : is("none", name)) continue;
        if (p && count < GLOBAL_MAX) {
            list[count++] = p;
            continue;
        }
        if (all && unknown) *unknown = name;
        all = false;
    }
    otel_propagators_set(list, count);
    return all;
}

const char *otel_propagators_field(size_t nth)
{
    size_t count = atomic_load(&global_count);
    for (size_t i = 0; i < count; i++)
        for (const char *const *field = atomic_load(&global[i])->fields; *field; field++)
            if (nth-- == 0) return *field;
    return NULL;
}

void otel_inject_by(const otel_propagator *const *list, size_t count, const otel_context *context,
                    const otel_setter *setter, void *carrier)
{
    otel_context current;
    if (!setter || !setter->set || !list) return;
    if (!context) current = otel_context_current();
    for (size_t i = 0; i < count; i++)
        if (complete(list[i])) list[i]->inject(list[i], context ? context : &current, setter, carrier);
}

otel_context otel_extract_by(const otel_propagator *const *list, size_t count, const otel_context *parent,
                             const otel_getter *getter, const void *carrier, otel_extract_memory *memory)
{
    otel_context context = {.span = {NULL, 0}};
    if (parent) context = *parent;
    if (!getter || !getter->get || !list) return context;
    for (size_t i = 0; i < count; i++)
        if (complete(list[i])) context = list[i]->extract(list[i], &context, getter, carrier, memory);
    return context;
}

static size_t copy_global(const otel_propagator *list[GLOBAL_MAX])
{
    size_t count = atomic_load(&global_count);
    for (size_t i = 0; i < count; i++) list[i] = atomic_load(&global[i]);
    return count;
}

void otel_inject(const otel_context *context, const otel_setter *setter, void *carrier)
{
    const otel_propagator *list[GLOBAL_MAX];
    otel_inject_by(list, copy_global(list), context, setter, carrier);
}

otel_context otel_extract(const otel_context *parent, const otel_getter *getter, const void *carrier,
                          otel_extract_memory *memory)
{
    const otel_propagator *list[GLOBAL_MAX];
    return otel_extract_by(list, copy_global(list), parent, getter, carrier, memory);
}
