/* Memory for one item: handed out piece by piece, taken back all at once, kept for the next. */
#ifndef OTEL__AZURE_MEMORY_H
#define OTEL__AZURE_MEMORY_H
#include <otel/base.h>

enum { OTEL__AZURE_ALIGNMENT = 16 };

typedef struct otel__azure_block {
    struct otel__azure_block *next;
    size_t size, used;
    _Alignas(OTEL__AZURE_ALIGNMENT) char bytes[];
} otel__azure_block;

typedef struct otel__azure_memory {
    otel__azure_block *first, *now;
    bool failed; /* something could not be had since the last reset */
} otel__azure_memory;

/* From the next block, or a new one. */
void *otel__azure_take_elsewhere(otel__azure_memory *memory, size_t size);

/* Not zeroed, aligned for anything; NULL: out of memory, and failed is set. */
static inline void *otel__azure_take(otel__azure_memory *memory, size_t size)
{
    otel__azure_block *block = memory->now;
    size_t whole = (size + OTEL__AZURE_ALIGNMENT - 1) & ~(size_t)(OTEL__AZURE_ALIGNMENT - 1);
    if (!block || size > block->size || block->size - block->used < whole)
        return otel__azure_take_elsewhere(memory, size);
    char *at = block->bytes + block->used;
    block->used += whole;
    return at;
}
/* All of it is free again; what was needed once only goes back to the allocator. */
void otel__azure_memory_reset(otel__azure_memory *memory);
void otel__azure_memory_release(otel__azure_memory *memory);
#endif
