/* What every part of the translator shares: memory that ends with the query, places in the text, and the first error.
 */
#ifndef KQL_CONTEXT_H
#define KQL_CONTEXT_H
#include "../../../tools/json_reader/json_arena.h"
#include "../desk.h"
#include "kql.h"

typedef desk_kql_type kql_type;

/* From 1; columns are characters. */
typedef struct kql_place {
    unsigned line;
    unsigned column;
} kql_place;

typedef struct kql_context {
    otel__json_arena arena;
    desk_kql_error *error;
    bool failed;
    const struct kql_let *lets; /* the last one first */
    unsigned height;            /* of the highest expression, and where it is */
    kql_place highest;
} kql_context;

/* Notes the first error; later ones are its consequences. Always false. `expected` may be NULL. Text of the query goes
 * into the words through kql_show only. */
__attribute__((format(printf, 4, 5))) bool kql_fail(kql_context *context, kql_place place, const char *expected,
                                                    const char *format, ...);

/* A piece of the query for an error: cut where it is long, without control characters. */
typedef struct kql_shown {
    char text[64];
} kql_shown;
kql_shown kql_show(desk_text text);

/* Zeroed memory; NULL, and an error at that place, when the query needs too much. */
void *kql_allocate(kql_context *context, kql_place place, size_t size);

/* "a string", for errors. */
const char *kql_type_words(kql_type type);
#endif
