/* Scopes of a provider, interned by content: an index, a copy, and the bytes that stand in front of its records. */
#ifndef OTEL__SCOPE_H
#define OTEL__SCOPE_H
#include "arena.h"
#include "platform/platform.h"
#include <otel/log.h>

enum { OTEL__SCOPES_MAX = 4096 };

typedef struct otel__scope {
    otel_scope scope;      /* a copy; strings NUL-terminated, attributes views into prefix */
    const uint8_t *prefix; /* field 1 of ScopeLogs (scope), with tag and length */
    uint32_t prefix_size;
    const uint8_t *suffix; /* field 3 of ScopeLogs (schema_url), or nothing */
    uint32_t suffix_size;
    uint32_t index;
    bool trace_based;            /* records of a trace that is not sampled are dropped */
    _Atomic int32_t lowest_rank; /* of severity: what the levels say for this name; changes with them */
} otel__scope;

typedef struct otel__scopes {
    const struct otel__levels *levels; /* NULL: everything */
    const char *trace_based;           /* patterns; NULL: none */
    otel__arena arena;
    _Atomic uint32_t count;
    otel__scope *table[OTEL__SCOPES_MAX];
} otel__scopes;

/* The index of a scope with this content, added when it is new. Lock held by the caller. Index 0 is the
 * empty scope, which stands for all that find the table full; it exists from otel__scopes_init on. */
uint32_t otel__scope_intern(otel__scopes *scopes, const otel_scope *scope);
bool otel__scopes_init(otel__scopes *scopes);
/* After the levels have changed: what they say for each. Lock held by the caller. */
void otel__scopes_relevel(otel__scopes *scopes);
#endif
