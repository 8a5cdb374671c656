/* The rows of a statement as JSON: as many as fit. */
#ifndef DESK_JSON_ROWS_H
#define DESK_JSON_ROWS_H
#include <sqlite3.h>

#include "../buffer.h"

enum { DESK_MAX_ROWS = 10000, DESK_MAX_COLUMNS = 256 };
#define DESK_MAX_ROWS_BYTES ((size_t)32 * 1024 * 1024)

/* Zeroed: ready. */
typedef struct desk_json_rows {
    desk_buffer text; /* the rows without what is around them */
    int count;
    const char *truncated; /* by what: rows, bytes, time; NULL: these are all */
    int columns;
    const char *types[DESK_MAX_COLUMNS];
    desk_buffer names; /* JSON strings, with commas */
    size_t name_ends[DESK_MAX_COLUMNS];
} desk_json_rows;

/* Reads on to the end or to a limit. SQLITE_DONE, or SQLite's code; what was read until then is kept. */
int desk_json_rows_read(desk_json_rows *rows, sqlite3_stmt *statement);
/* {"columns":[{"name":..,"type":..}],"rows":[[..]],"truncated":.. without the closing brace. */
void desk_json_rows_write(const desk_json_rows *rows, desk_buffer *out);
void desk_json_rows_release(desk_json_rows *rows);
#endif
