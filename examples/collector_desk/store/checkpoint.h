/* Room on the disk for SQLite's write-ahead log and for what goes back from it into the database. A log that has filled
 * the disk could not be written back any more, and not even rows be removed. */
#ifndef DESK_CHECKPOINT_H
#define DESK_CHECKPOINT_H
#include <sqlite3.h>

#include "../desk.h"

#define DESK_MOST_LOG_BYTES ((uint64_t)64 * 1024 * 1024)

typedef struct desk_checkpoint {
    const char *path;           /* of the database */
    uint64_t most_bytes;        /* of the log; less on a disk with little room */
    uint64_t page_bytes, pages; /* of the database, as of the last commit */
} desk_checkpoint;

/* The log goes back by this rule in place of SQLite's own, for as long as the database is open; the checkpoint must
 * stay where it is. */
void desk_checkpoint_watch(desk_checkpoint *checkpoint, sqlite3 *database);
/* Before a commit: takes the room that the new pages will need in the database. An SQLite code. */
int desk_checkpoint_make_room(const desk_checkpoint *checkpoint, sqlite3 *database);
#endif
