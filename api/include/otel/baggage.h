/* Baggage: name/value pairs that travel with a context (Baggage API). In memory that the caller gives, without
 * allocation; works with no SDK. Everything here is signal-safe; one baggage, one thread at a time, unless all only
 * read it. */
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

/* What an entry takes in the buffer besides its bytes. */
enum { OTEL_BAGGAGE_ENTRY_OVERHEAD = 12 };

OTEL_EXTERN_C_BEGIN

/* An empty baggage in `buffer`, which is yours and must live as long as it and every context that names it. */
OTEL_API void otel_baggage_init(otel_baggage *baggage, void *buffer, size_t capacity);

/* Adds an entry, or replaces the one of that name, value and metadata together. Names: any UTF-8 but the empty text;
 * values: any UTF-8 (those of names that are no HTTP tokens are not sent on). What `entry` points to may lie in this
 * baggage. false: an empty name, or no room; the baggage is as it was then. (Baggage API, "Set Value") */
OTEL_API bool otel_baggage_set_entry(otel_baggage *baggage, const otel_baggage_entry *entry);
/* The same for texts that end with a NUL, without metadata. */
OTEL_API bool otel_baggage_set(otel_baggage *baggage, const char *name, const char *value);

/* The entry of that name; false: there is none. (Baggage API, "Get Value") */
OTEL_API bool otel_baggage_get(const otel_baggage *baggage, const char *name, otel_baggage_entry *entry);

/* true also when there was none. (Baggage API, "Remove Value") */
OTEL_API bool otel_baggage_remove(otel_baggage *baggage, const char *name);
OTEL_API void otel_baggage_clear(otel_baggage *baggage);

/* The next entry, oldest first; *cursor begins with 0. Changing the baggage ends the walk. (Baggage API, "Get All") */
OTEL_API bool otel_baggage_next(const otel_baggage *baggage, uint32_t *cursor, otel_baggage_entry *entry);

/* All entries of `from` (NULL: none) into `to`, which is emptied first; false: not all found room. */
OTEL_API bool otel_baggage_copy(otel_baggage *to, const otel_baggage *from);

OTEL_EXTERN_C_END
#endif
