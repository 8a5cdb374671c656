/* From a log record to a row of the portal's tables: the mapping that Azure Monitor's exporters use. */
#ifndef DESK_ROW_H
#define DESK_ROW_H
#include "dimensions.h"

/* Texts of a row may be absent: {NULL, 0} becomes NULL. */
typedef struct desk_row {
    bool is_exception; /* to `exceptions`, else to `traces` */
    int severity_level;
    desk_text timestamp;
    desk_text message;                   /* of an exception: outerMessage */
    desk_text problem_id, type, details; /* of exceptions alone */
    desk_text custom_dimensions;
    desk_text operation_id, operation_parent_id;
    desk_text role_name, role_instance;
} desk_row;

/* The memory behind a row, kept from one to the next. Zeroed: ready. */
typedef struct desk_row_writer {
    desk_buffer body, clean, problem, type, details, dimensions, name, instance, scratch;
    char timestamp[32], operation_id[32], operation_parent_id[16], lineno[24], dropped[24];
} desk_row_writer;

/* The row lives until the next call. False: out of memory. */
bool desk_row_write(desk_row_writer *writer, otel__json_arena *arena, const desk_origin *origin,
                    const desk_record *record, desk_row *row);
void desk_row_writer_trim(desk_row_writer *writer, size_t keep);
#endif
