/* Looks before and after every commit how much room the disk has. */
#include "checkpoint.h"

#include <sys/statvfs.h>

#define RESERVE_BYTES ((uint64_t)1024 * 1024) /* what comes in leaves so much to those who remove rows */
enum { GROW_BYTES = 256 * 1024 };

static uint64_t free_bytes(const char *path)
{
    struct statvfs disk;
    return statvfs(path, &disk) == 0 ? (uint64_t)disk.f_bavail * disk.f_frsize : UINT64_MAX;
}

static uint64_t read_number(sqlite3 *database, const char *pragma)
{
    sqlite3_stmt *query = NULL;
    bool read =
        sqlite3_prepare_v2(database, pragma, -1, &query, NULL) == SQLITE_OK && sqlite3_step(query) == SQLITE_ROW;
    uint64_t number = read ? (uint64_t)sqlite3_column_int64(query, 0) : 0;
    sqlite3_finalize(query);
    return number;
}

static int look(void *context, sqlite3 *database, const char *name, int log_pages)
{
    desk_checkpoint *checkpoint = context;
    uint64_t bytes = (uint64_t)log_pages * checkpoint->page_bytes;
    checkpoint->pages = read_number(database, "PRAGMA page_count");
    if (bytes >= checkpoint->most_bytes || bytes >= free_bytes(checkpoint->path) / 2)
        sqlite3_wal_checkpoint_v2(database, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return SQLITE_OK;
}

void desk_checkpoint_watch(desk_checkpoint *checkpoint, sqlite3 *database)
{
    int grow = GROW_BYTES;
    sqlite3_file_control(database, "main", SQLITE_FCNTL_CHUNK_SIZE, &grow);
    checkpoint->page_bytes = read_number(database, "PRAGMA page_size");
    checkpoint->pages = read_number(database, "PRAGMA page_count");
    sqlite3_wal_hook(database, look, checkpoint);
}

/* The hint makes SQLite lengthen the file now: the log can always be written back then. */
int desk_checkpoint_make_room(const desk_checkpoint *checkpoint, sqlite3 *database)
{
    uint64_t pages = read_number(database, "PRAGMA page_count");
    if (pages <= checkpoint->pages) return SQLITE_OK;
    sqlite3_int64 bytes = (sqlite3_int64)(pages * checkpoint->page_bytes);
    if (free_bytes(checkpoint->path) < RESERVE_BYTES) return SQLITE_FULL;
    int code = sqlite3_file_control(database, "main", SQLITE_FCNTL_SIZE_HINT, &bytes);
    return code == SQLITE_OK || code == SQLITE_NOTFOUND ? SQLITE_OK : SQLITE_FULL;
}
