/* Looks at the files through SQLite's own handles: opening and closing them here would drop its locks. */
#include "database_file.h"

#include <stdio.h>
#include <string.h>

static const char magic[16] = "SQLite format 3";

static bool begins_as_it_should(sqlite3_file *main_file)
{
    char header[sizeof magic];
    return main_file->pMethods->xRead(main_file, header, sizeof header, 0) == SQLITE_OK &&
           memcmp(header, magic, sizeof magic) == 0;
}

/* The database only grows, unless somebody vacuums it: then it is opened again, and SQLite itself checks the size. */
static bool has_not_shrunk(desk_database_file *file, sqlite3_file *main_file)
{
    sqlite3_int64 size;
    if (main_file->pMethods->xFileSize(main_file, &size) != SQLITE_OK || size < file->size) return false;
    file->size = size;
    return true;
}

static bool same_log(desk_database_file *file, const char *path)
{
    char name[4096];
    struct stat status;
    int size = snprintf(name, sizeof name, "%s-wal", path);
    if (size < 0 || (size_t)size >= sizeof name) return true;
    if (stat(name, &status) != 0) return file->wal == 0;
    if (file->wal == 0) file->wal = status.st_ino;
    return file->wal == status.st_ino;
}

desk_database_state desk_database_file_look(desk_database_file *file, sqlite3 *database, const char *path)
{
    int moved = 0;
    sqlite3_file *main_file = NULL;
    sqlite3_file_control(database, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &main_file);
    if (moved) return DESK_DATABASE_MOVED;
    if (!main_file || !main_file->pMethods) return DESK_DATABASE_DAMAGED;
    bool sound = begins_as_it_should(main_file) && has_not_shrunk(file, main_file) && same_log(file, path);
    return sound ? DESK_DATABASE_SOUND : DESK_DATABASE_DAMAGED;
}
