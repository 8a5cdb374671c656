/* Memory that only grows, in mapped pages. */
#include "arena.h"
#include "platform/platform.h"
#include <string.h>

enum { BLOCK_BYTES = 65536, ALIGNMENT = 16 };

typedef struct otel__arena_block {
    struct otel__arena_block *next;
    size_t bytes, used;
    size_t pad;
} otel__arena_block;

static otel__arena_block *add_block(otel__arena *arena, size_t size)
{
    size_t bytes = size + sizeof(otel__arena_block);
    bytes = bytes < BLOCK_BYTES ? BLOCK_BYTES : (bytes + 4095) & ~(size_t)4095;
    otel__arena_block *block = otel__pages_map(bytes);
    if (!block) return NULL;
    *block = (otel__arena_block){arena->block, bytes, sizeof *block, 0};
    arena->block = block;
    return block;
}

void *otel__arena_take(otel__arena *arena, size_t size)
{
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    otel__arena_block *block = arena->block;
    if (!block || block->bytes - block->used < size) block = add_block(arena, size);
    if (!block) return NULL;
    void *p = (char *)block + block->used;
    block->used += size;
    return p;
}

otel__arena_mark otel__arena_here(const otel__arena *arena)
{
    return (otel__arena_mark){arena->block, arena->block ? arena->block->used : 0};
}

static void drop_block(otel__arena *arena)
{
    otel__arena_block *block = arena->block;
    arena->block = block->next;
    otel__pages_unmap(block, block->bytes);
}

void otel__arena_rewind(otel__arena *arena, otel__arena_mark mark)
{
    while (arena->block != mark.block) drop_block(arena);
    if (!mark.block) return;
    memset((char *)mark.block + mark.used, 0, mark.block->used - mark.used);
    mark.block->used = mark.used;
}

void otel__arena_free(otel__arena *arena)
{
    while (arena->block) drop_block(arena);
}
