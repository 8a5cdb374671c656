/* Whether the files under an open database are still the ones that were opened. SQLite keeps pages in memory and would
 * go on writing into a file that was deleted or overwritten. */
#ifndef DESK_DATABASE_FILE_H
#define DESK_DATABASE_FILE_H
#include <sqlite3.h>
#include <sys/stat.h>

#include "../desk.h"

typedef struct desk_database_file {
    ino_t wal; /* of the write-ahead log; 0: not yet known */
    sqlite3_int64 size;
} desk_database_file;

typedef enum desk_database_state {
    DESK_DATABASE_SOUND,
    DESK_DATABASE_MOVED,
    DESK_DATABASE_DAMAGED
} desk_database_state;

/* Call with an open write transaction. Moved: another file or none stands at the path. Damaged: cut or overwritten. */
desk_database_state desk_database_file_look(desk_database_file *file, sqlite3 *database, const char *path);
#endif
