/* The memory of values that were read. */
#ifndef OTEL__JSON_ARENA_H
#define OTEL__JSON_ARENA_H
#include <stddef.h>

/* Memory in blocks that grow up to a limit; reset makes it empty and keeps one block, so that reading line after line
 * allocates nothing. Zeroed by otel__json_arena_init. */
typedef struct otel__json_arena {
    struct otel__json_block *first; /* kept over resets */
    struct otel__json_block *current;
    size_t total; /* bytes in all blocks */
    size_t limit;
} otel__json_arena;

void otel__json_arena_init(otel__json_arena *arena, size_t limit_bytes);
void otel__json_arena_reset(otel__json_arena *arena);
void otel__json_arena_release(otel__json_arena *arena);
/* Aligned for anything, not zeroed; lives until reset. NULL: the limit, or out of memory. */
void *otel__json_allocate(otel__json_arena *arena, size_t size);
#endif
