/* Memory in blocks: what one text needs is given back at once, and one block is kept for the next. */
#include "json_arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

enum { FIRST_BLOCK_BYTES = 64 * 1024, MAX_GROWTH_BYTES = 4 * 1024 * 1024 };

typedef struct otel__json_block {
    struct otel__json_block *next;
    size_t size; /* of bytes */
    size_t used;
    size_t reserved; /* keeps bytes aligned for anything */
    char bytes[];
} otel__json_block;

void otel__json_arena_init(otel__json_arena *arena, size_t limit_bytes)
{
    *arena = (otel__json_arena){.limit = limit_bytes};
}

static void free_chain(otel__json_block *block)
{
    while (block) {
        otel__json_block *next = block->next;
        free(block);
        block = next;
    }
}

void otel__json_arena_reset(otel__json_arena *arena)
{
    if (!arena->first) return;
    free_chain(arena->first->next);
    arena->first->next = NULL;
    arena->first->used = 0;
    arena->current = arena->first;
    arena->total = arena->first->size;
}

void otel__json_arena_release(otel__json_arena *arena)
{
    free_chain(arena->first);
    otel__json_arena_init(arena, arena->limit);
}

static size_t block_size(const otel__json_arena *arena, size_t need)
{
    size_t size = arena->current ? arena->current->size * 2 : FIRST_BLOCK_BYTES;
    if (size > MAX_GROWTH_BYTES) size = MAX_GROWTH_BYTES;
    size_t left = arena->limit - arena->total;
    if (size > left) size = left;
    return size < need ? need : size;
}

static bool add_block(otel__json_arena *arena, size_t need)
{
    if (need > arena->limit - arena->total) return false;
    size_t size = block_size(arena, need);
    otel__json_block *block = malloc(sizeof *block + size);
    if (!block) return false;
    *block = (otel__json_block){.size = size};
    if (arena->current)
        arena->current->next = block;
    else
        arena->first = block;
    arena->current = block;
    arena->total += size;
    return true;
}

void *otel__json_allocate(otel__json_arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2) return NULL;
    size_t rounded = (size + 15u) & ~(size_t)15u;
    otel__json_block *block = arena->current;
    if (!block || rounded > block->size - block->used) {
        if (!add_block(arena, rounded)) return NULL;
        block = arena->current;
    }
    void *at = block->bytes + block->used;
    block->used += rounded;
    return at;
}
