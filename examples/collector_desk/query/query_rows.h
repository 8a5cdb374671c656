/* The rows of a statement on standard output. False: said on stderr why they are not all there. */
#ifndef DESK_QUERY_ROWS_H
#define DESK_QUERY_ROWS_H
#include <sqlite3.h>
#include <stdbool.h>

/* With `(N rows)` behind. The statement runs twice: inside a transaction. */
bool desk_print_table(sqlite3_stmt *statement);
/* An array of objects; a dynamic column is an object in them. */
bool desk_print_json(sqlite3_stmt *statement);
/* RFC 4180 with a header; NULL is nothing. */
bool desk_print_csv(sqlite3_stmt *statement);

/* "collector_desk: <words>" on stderr. Always false. */
bool desk_query_complain(const char *words);
#endif
