/* customMeasurements of a record: the attribute microsoft.custom_measurements, a map or a JSON object as text. */
#ifndef DESK_ROW_MEASUREMENTS_H
#define DESK_ROW_MEASUREMENTS_H
#include "row.h"

/* Its finite numbers; out holds them. It is no dimension any more, unless it holds something else besides. */
void desk_row_measurements(desk_row *row, desk_buffer *out, otel__json_arena *arena, desk_dimensions *dimensions);
#endif
