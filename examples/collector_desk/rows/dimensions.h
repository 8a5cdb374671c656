/* customDimensions: a set of keys with values, each key once, written as one JSON object of strings. */
#ifndef DESK_DIMENSIONS_H
#define DESK_DIMENSIONS_H
#include "../../../tools/json_reader/json_reader.h"
#include "../buffer.h"
#include "../otlp/model.h"

typedef struct desk_dimensions {
    desk_attribute *at;
    size_t count;
    uint32_t *slots; /* by the key's hash; index + 1, 0: free */
    size_t mask;
} desk_dimensions;

/* Room for so many keys. False: out of memory. */
bool desk_dimensions_open(desk_dimensions *dimensions, otel__json_arena *arena, size_t room);
/* Replaces what stands under that key. Empty keys are left out. */
void desk_dimensions_set(desk_dimensions *dimensions, const desk_attribute *attribute);
/* Only when the key is not taken. */
void desk_dimensions_add(desk_dimensions *dimensions, const desk_attribute *attribute);
void desk_dimensions_add_text(desk_dimensions *dimensions, desk_text key, desk_text text);
/* NULL: no such key. */
const desk_value *desk_dimensions_get(const desk_dimensions *dimensions, desk_text key);
/* A text with at least one byte; {NULL, 0} otherwise. */
desk_text desk_dimensions_get_text(const desk_dimensions *dimensions, desk_text key);
/* Takes the key out again. */
void desk_dimensions_remove(desk_dimensions *dimensions, desk_text key);
/* Appends the object; scratch is overwritten. */
void desk_dimensions_write(const desk_dimensions *dimensions, desk_buffer *buffer, desk_buffer *scratch);
#endif
