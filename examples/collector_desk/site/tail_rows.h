/* The rows behind a place in the tables, as events. */
#ifndef DESK_TAIL_ROWS_H
#define DESK_TAIL_ROWS_H
#include <sqlite3.h>

#include "../buffer.h"

enum { DESK_TAIL_TABLES = 2, DESK_TAIL_ROWS_AT_A_TIME = 64 };

/* For each table the last row that was seen: rows are numbered as they come. */
typedef struct desk_place {
    int64_t row[DESK_TAIL_TABLES];
} desk_place;

/* The end of the tables. False: the database cannot be read now. */
bool desk_tail_newest(sqlite3 *database, desk_place *newest);
/* Moves a place that is further behind than so many rows of a table, or that is beyond the end of a database made anew;
 * how many rows it misses. */
int64_t desk_tail_catch_up(desk_place *place, const desk_place *newest, int most);
/* Appends up to so many rows a table as events, in the order of their times, and moves the place; rows that cannot be
 * read in time are skipped. False: the database cannot be read now. */
bool desk_tail_put_rows(desk_buffer *out, sqlite3 *database, desk_place *place, const desk_place *newest);
/* An event with a number. */
void desk_tail_put_skipped(desk_buffer *out, int64_t count);

/* "12.3", an event's id; false for anything else. */
bool desk_tail_read_place(const char *text, desk_place *place);
#endif
