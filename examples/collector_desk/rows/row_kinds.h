/* Records that are more than a log: custom events and the results of availability tests, by their attributes. */
#ifndef DESK_ROW_KINDS_H
#define DESK_ROW_KINDS_H
#include "row.h"

/* True: the row is one, and what made it one is no dimension any more. The body is UTF-8; if it says anything else, it
 * becomes the dimension `message`. *failed: out of memory. */
bool desk_row_is_event(desk_row *row, otel__json_arena *arena, desk_dimensions *dimensions, desk_text body,
                       bool *failed);
bool desk_row_is_availability(desk_row *row, otel__json_arena *arena, desk_dimensions *dimensions, desk_text body,
                              bool *failed);
#endif
