/* Memory that only grows, in mapped pages: signal handlers may take from it, one caller at a time. */
#ifndef OTEL__ARENA_H
#define OTEL__ARENA_H
#include <stddef.h>

typedef struct otel__arena {
    struct otel__arena_block *block;
} otel__arena;

/* Zeroed, aligned for anything; NULL: out of memory. */
void *otel__arena_take(otel__arena *arena, size_t size);
/* Gives back everything taken since `here` was called. */
typedef struct otel__arena_mark {
    struct otel__arena_block *block;
    size_t used;
} otel__arena_mark;
otel__arena_mark otel__arena_here(const otel__arena *arena);
void otel__arena_rewind(otel__arena *arena, otel__arena_mark mark);
void otel__arena_free(otel__arena *arena);
#endif
