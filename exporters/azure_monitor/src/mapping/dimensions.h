/* Custom dimensions: keys and texts, each key once. */
#ifndef OTEL__AZURE_DIMENSIONS_H
#define OTEL__AZURE_DIMENSIONS_H
#include "memory.h"
#include "text.h"

enum {
    OTEL__AZURE_KEY_UNITS = 150,
    OTEL__AZURE_DIMENSIONS_MAX = 10240, /* more than an item has room for, with keys of one character and no values */
    OTEL__AZURE_DIMENSIONS_OURS = 16    /* offered beyond that: the record's do not leave us without a place */
};

typedef struct otel__azure_dimension {
    const char *key; /* NUL-terminated, within the limit */
    uint32_t key_size, hash;
    otel__azure_text value;
} otel__azure_dimension;

/* In the order in which they came: the last are the least important. */
typedef struct otel__azure_dimensions {
    otel__azure_dimension *at;
    uint32_t count, capacity;
    uint32_t lost; /* for which there was no room */
    uint16_t *slots;
    uint32_t slot_count;
} otel__azure_dimensions;

void otel__azure_dimensions_clear(otel__azure_dimensions *dimensions);
void otel__azure_dimensions_release(otel__azure_dimensions *dimensions);

/* A key as it is sent: cut, mended, without U+0000; hashed. */
otel__azure_dimension otel__azure_dimension_make(otel__azure_memory *memory, const char *key, size_t size);
/* A key of ours, which needs none of that; borrowed. */
otel__azure_dimension otel__azure_dimension_named(const char *key);
otel__azure_dimension *otel__azure_dimension_find(const otel__azure_dimensions *dimensions,
                                                  const otel__azure_dimension *wanted);
/* Of two with one key (cut keys, flattened maps) the later has it; the earlier goes by another, key~2. */
void otel__azure_dimension_put(otel__azure_dimensions *dimensions, otel__azure_memory *memory,
                               const otel__azure_dimension *dimension);
/* The same, but whoever has the key keeps it. */
void otel__azure_dimension_yield(otel__azure_dimensions *dimensions, otel__azure_memory *memory,
                                 const otel__azure_dimension *dimension);
/* Only when nobody has the key. */
bool otel__azure_dimension_offer(otel__azure_dimensions *dimensions, otel__azure_memory *memory,
                                 const otel__azure_dimension *dimension);
/* Makes those from the first to before the end, OTEL__AZURE_DIMENSIONS_OURS at most, the most important. */
void otel__azure_dimensions_to_front(otel__azure_dimensions *dimensions, uint32_t first, uint32_t end);
#endif
