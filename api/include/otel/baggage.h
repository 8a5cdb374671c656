/* Baggage: name/value pairs that travel with a context (Baggage API). The layouts are fixed here; the operations arrive
 * with the propagators. */
#ifndef OTEL_BAGGAGE_H
#define OTEL_BAGGAGE_H
#include <otel/base.h>

/* Entries in memory that the caller gives: names, values and metadata in one buffer, no allocation. Frozen. */
typedef struct otel_baggage {
    char *buffer;
    uint32_t capacity; /* bytes of buffer */
    uint32_t size;     /* bytes in use */
    uint32_t count;    /* entries */
    uint32_t reserved; /* zero */
} otel_baggage;
OTEL_STATIC_ASSERT(sizeof(void *) != 8 || sizeof(otel_baggage) == 24, "frozen");

/* One entry, as views into the buffer. metadata is opaque: the properties behind the first ';' of a member. Frozen. */
typedef struct otel_baggage_entry {
    otel_str name;
    otel_str value;
    otel_str metadata; /* {NULL, 0}: none */
} otel_baggage_entry;
#endif
