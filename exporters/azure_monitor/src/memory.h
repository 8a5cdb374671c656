/* Memory for one item: handed out piece by piece, taken back all at once, kept for the next. */
#ifndef OTEL__AZURE_MEMORY_H
#define OTEL__AZURE_MEMORY_H
#include <otel/base.h>

typedef struct otel__azure_block otel__azure_block;

typedef struct otel__azure_memory {
    otel__azure_block *first, *now;
    bool failed; /* something could not be had since the last reset */
} otel__azure_memory;

/* Not zeroed, aligned for anything; NULL: out of memory, and failed is set. */
void *otel__azure_take(otel__azure_memory *memory, size_t size);
/* All of it is free again; what was needed once only goes back to the allocator. */
void otel__azure_memory_reset(otel__azure_memory *memory);
void otel__azure_memory_release(otel__azure_memory *memory);
#endif
