/* Memory for one item: handed out piece by piece, taken back all at once, kept for the next. */
#include "memory.h"

#include <otel/sdk/allocator.h>

enum { BLOCK_BYTES = 32768, KEPT_BLOCKS = 8 };

static otel__azure_block *add_block(otel__azure_memory *memory, size_t least)
{
    size_t size = least < BLOCK_BYTES ? BLOCK_BYTES : least;
    otel__azure_block *block = otel_reallocate(NULL, sizeof *block + size);
    if (!block) {
        memory->failed = true;
        return NULL;
    }
    *block = (otel__azure_block){.next = memory->now ? memory->now->next : NULL, .size = size};
    *(memory->now ? &memory->now->next : &memory->first) = block;
    return memory->now = block;
}

void *otel__azure_take_elsewhere(otel__azure_memory *memory, size_t size)
{
    const size_t most = SIZE_MAX - OTEL__AZURE_ALIGNMENT - sizeof(otel__azure_block);
    if (size > most) {
        memory->failed = true;
        return NULL;
    }
    size_t whole = (size + OTEL__AZURE_ALIGNMENT - 1) & ~(size_t)(OTEL__AZURE_ALIGNMENT - 1);
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
