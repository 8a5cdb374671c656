/* The database of the desk: rows go in by transactions, and nothing is called stored before SQLite has it on disk. */
#ifndef DESK_STORE_H
#define DESK_STORE_H
#include <sqlite3.h>

#include "../rows/row.h"

typedef struct desk_store desk_store;

/* path must live as long as the store. keep_bytes, if not 0, is what the rows are to take at most: the write-ahead log
 * beside them takes a quarter of that. A database that is only locked is opened later. NULL: *failure says why. */
desk_store *desk_store_new(const char *path, uint64_t keep_bytes, desk_failure *failure);
void desk_store_destroy(desk_store *store);

/* All false: *failure has status 503 (try again: damaged, full, locked) or 413 (this row never fits); then the
 * transaction is to be ended by desk_store_rollback. */
bool desk_store_begin(desk_store *store, desk_failure *failure);
bool desk_store_insert(desk_store *store, desk_row *row, desk_failure *failure); /* gives the row its itemId */
bool desk_store_commit(desk_store *store, desk_failure *failure);
void desk_store_rollback(desk_store *store);

/* For what is done inside a transaction besides; NULL: not open now. What fails there with a code of SQLite's is told
 * to desk_store_fail, which is always false. */
sqlite3 *desk_store_database(const desk_store *store);
bool desk_store_fail(desk_store *store, int code, desk_failure *failure);
#endif
