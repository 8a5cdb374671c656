/* From a log record to a row of the portal's tables: the mapping that Azure Monitor's exporters use. */
#ifndef DESK_ROW_H
#define DESK_ROW_H
#include "dimensions.h"
#include "../store/tables.h"

typedef struct desk_cell {
    enum { DESK_CELL_NULL = 0, DESK_CELL_TEXT, DESK_CELL_INTEGER, DESK_CELL_REAL } type;
    union {
        desk_text text;
        int64_t integer;
        double real;
    } as;
} desk_cell;

/* What stands in which column is counted by the enumerators of tables.h. The item's id is the store's to give. */
typedef struct desk_row {
    desk_table table;
    desk_cell cells[DESK_MOST_COLUMNS];
} desk_row;

/* An absent text stays NULL. */
static inline void desk_row_text(desk_row *row, int column, desk_text text)
{
    if (text.at) row->cells[column] = (desk_cell){DESK_CELL_TEXT, {.text = text}};
}

static inline void desk_row_integer(desk_row *row, int column, int64_t value)
{
    row->cells[column] = (desk_cell){DESK_CELL_INTEGER, {.integer = value}};
}

static inline void desk_row_real(desk_row *row, int column, double value)
{
    row->cells[column] = (desk_cell){DESK_CELL_REAL, {.real = value}};
}

/* The memory behind a row, kept from one to the next. Zeroed: ready. */
typedef struct desk_row_writer {
    desk_buffer body, clean, problem, type, details, dimensions, measurements, name, instance, scratch;
    char timestamp[32], operation_id[32], operation_parent_id[16], lineno[24], dropped[24];
} desk_row_writer;

/* The row lives until the next call. False: out of memory. */
bool desk_row_write(desk_row_writer *writer, otel__json_arena *arena, const desk_origin *origin,
                    const desk_record *record, desk_row *row);
void desk_row_writer_trim(desk_row_writer *writer, size_t keep);
#endif
