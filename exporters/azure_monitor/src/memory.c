/* Memory for one item: handed out piece by piece, taken back all at once, kept for the next. */
#include "memory.h"

#include <otel/sdk/allocator.h>
#include <stdalign.h>

enum { BLOCK_BYTES = 32768, KEPT_BLOCKS = 8 };

struct otel__azure_block {
    otel__azure_block *next;
    size_t size, used;
    alignas(max_align_t) char bytes[];
};

static otel__azure_block *add_block(otel__azure_memory *memory, size_t least)
{
    size_t size = least < BLOCK_BYTES ? BLOCK_BYTES : least;
    otel__azure_block *block = size < SIZE_MAX - sizeof *block ? otel_reallocate(NULL, sizeof *block + size) : NULL;
    if (!block) {
        memory->failed = true;
        return NULL;
    }
    *block = (otel__azure_block){.next = memory->now ? memory->now->next : NULL, .size = size};
    *(memory->now ? &memory->now->next : &memory->first) = block;
    return memory->now = block;
}

void *otel__azure_take(otel__azure_memory *memory, size_t size)
{
    const size_t unit = alignof(max_align_t);
    if (size > SIZE_MAX - unit) size = SIZE_MAX - unit;
    size_t whole = (size + unit - 1) / unit * unit;
    otel__azure_block *block = memory->now;
    while (block && block->size - block->used < whole && block->next) block = memory->now = block->next;
    if (!block || block->size - block->used < whole) block = add_block(memory, whole);
    if (!block) return NULL;
    char *at = block->bytes + block->used;
    block->used += whole;
    return at;
}

void otel__azure_memory_reset(otel__azure_memory *memory)
{
    size_t kept = 0;
    for (otel__azure_block **at = &memory->first, *block; (block = *at) != NULL;) {
        block->used = 0;
        if (block->size == BLOCK_BYTES && kept++ < KEPT_BLOCKS) {
            at = &block->next;
            continue;
        }
        *at = block->next;
        otel_release(block);
    }
    memory->now = memory->first;
    memory->failed = false;
}

void otel__azure_memory_release(otel__azure_memory *memory)
{
    for (otel__azure_block *block = memory->first, *next; block; block = next) {
        next = block->next;
        otel_release(block);
    }
    *memory = (otel__azure_memory){0};
}
