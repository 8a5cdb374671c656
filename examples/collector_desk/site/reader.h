/* The database for questions: a connection of their own that can change nothing, reach no other file, and whose
 * statements end in time. */
#ifndef DESK_READER_H
#define DESK_READER_H
#include <sqlite3.h>

#include "../desk.h"

typedef struct desk_reader {
    sqlite3 *database; /* NULL: not open */
    uint64_t deadline_ms;
} desk_reader;

/* Opens for statements that end at `deadline_ms` (desk_now_ms), with SQLITE_INTERRUPT. The reader must not move while
 * it is open. Returns SQLite's code; closing is to be done in any case. */
int desk_reader_open(desk_reader *reader, const char *path, uint64_t deadline_ms);
void desk_reader_close(desk_reader *reader);

/* From now on statements can read, and nothing else: no ATTACH, no PRAGMA but table_info, no transaction. */
void desk_reader_restrict(sqlite3 *database);
#endif
