/* The query language of Application Insights, as far as the desk speaks it, made into one SQL statement.
 *
 * The text may come from anybody: it is bounded in size and depth, its strings and numbers are bound parameters, its
 * names are looked up among the columns that the database has. README.md says which part of the language is known. */
#ifndef DESK_KQL_H
#define DESK_KQL_H
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DESK_KQL_MAX_BYTES = 256 * 1024 }; /* of a query; a longer one is an error */

/* Where a query is wrong. Both texts are UTF-8, NUL-terminated, without control characters. */
typedef struct desk_kql_error {
    unsigned line;      /* from 1 */
    unsigned column;    /* from 1, in characters */
    char message[200];  /* what was found: `found "wher"` */
    char expected[200]; /* what could stand there; "" when there is nothing to propose */
} desk_kql_error;

/* Makes a query into a statement that is ready to be stepped: read-only, everything bound, finalized by the caller. The
 * functions that it calls are added to the connection and stay there; the text is not needed afterwards. `now_unix_ns`
 * is what now() and ago() mean. False: *error says why, and *statement is NULL.
 *
 * Columns: numbers are integers and floating-point numbers; all else is text. A time is 2026-01-02T03:04:05.6789012Z, a
 * timespan 1.02:03:04.5000000, a bool true or false, a dynamic value text or JSON. A missing value is NULL. */
bool desk_kql_prepare(sqlite3 *db, const char *text, size_t size, int64_t now_unix_ns, sqlite3_stmt **statement,
                      desk_kql_error *error);

typedef enum desk_kql_type {
    DESK_KQL_UNKNOWN, /* a statement of SQL */
    DESK_KQL_BOOL,
    DESK_KQL_LONG,
    DESK_KQL_REAL,
    DESK_KQL_STRING,
    DESK_KQL_DATETIME,
    DESK_KQL_TIMESPAN,
    DESK_KQL_DYNAMIC
} desk_kql_type;

/* The type of a column (from 0) of a statement that desk_kql_prepare made. */
desk_kql_type desk_kql_column_type(sqlite3_stmt *statement, int column);
#endif
