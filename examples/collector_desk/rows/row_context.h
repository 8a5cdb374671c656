/* The columns that say on whose behalf and for which operation, as far as an OTLP record knows them. */
#ifndef DESK_ROW_CONTEXT_H
#define DESK_ROW_CONTEXT_H
#include "row.h"

/* False: out of memory. */
bool desk_row_context(desk_row *row, otel__json_arena *arena, const desk_origin *origin,
                      const desk_dimensions *dimensions);
/* The text itself when it is UTF-8, else a copy with U+FFFD in the arena. {NULL, 0} of a text that is there: out of
 * memory. */
desk_text desk_clean_text(otel__json_arena *arena, desk_text text);
/* How many items one stands for when so many percent were kept; 1 when the rate makes no sense. */
int64_t desk_item_count(double sample_rate);
desk_text desk_item_type(desk_table table);
#endif
