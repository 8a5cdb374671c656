/* Carriers: how a context crosses a process boundary (Propagators API). The two tables that an application writes for
 * its carrier are fixed here; the propagators themselves are not part of this version. */
#ifndef OTEL_PROPAGATION_H
#define OTEL_PROPAGATION_H
#include <otel/context.h>

/* Both tables are stateless constants; `carrier` is yours. Appended to, never changed; operations beyond `size` do not
 * exist. */
typedef struct otel_setter {
    size_t size;                                               /* sizeof(otel_setter) */
    void (*set)(void *carrier, otel_str name, otel_str value); /* replaces; value is also NUL-terminated */
} otel_setter;
typedef struct otel_getter {
    size_t size; /* sizeof(otel_getter) */
    /* The nth value of that name, 0 first; false when there are fewer. HTTP carriers ignore the case of names. */
    bool (*get)(const void *carrier, const char *name, size_t nth, otel_str *value);
    /* The nth name that the carrier holds; false when there are fewer. NULL: this carrier cannot list its names. */
    bool (*keys)(const void *carrier, size_t nth, otel_str *name);
} otel_getter;
#endif
