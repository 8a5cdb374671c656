/* A question in SQL, for the reader's connection. */
#ifndef DESK_ASK_SQL_H
#define DESK_ASK_SQL_H
#include <sqlite3.h>

#include "../desk.h"

/* What is wrong with a question, for its author. */
typedef struct desk_mistake {
    int line, column; /* from 1; 0: not known */
    char message[256];
    char expected[256]; /* "": nothing to say */
} desk_mistake;

/* SELECT, WITH and VALUES begin SQL, everything else is the query language. */
bool desk_is_sql(desk_text text);
/* One statement that only reads; *code is SQLite's. NULL: *mistake, or, with a code that is the database's fault, not.
 */
sqlite3_stmt *desk_prepare_sql(sqlite3 *database, desk_text text, int *code, desk_mistake *mistake);
#endif
