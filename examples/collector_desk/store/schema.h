/* The SQL that makes the tables and fills them. */
#ifndef DESK_SCHEMA_H
#define DESK_SCHEMA_H
#include <sqlite3.h>

#include "tables.h"

/* Makes what is missing: all of a new database, tables and columns of one that an older desk made. An SQLite code;
 * SQLITE_MISMATCH when a newer desk made it. */
int desk_schema_apply(sqlite3 *database);
/* An insert with the parameters ?1, ?2, ... in the order of the enumerators. To be freed with sqlite3_free; NULL: out
 * of memory. */
char *desk_schema_insert(desk_table table);
#endif
