/* Opened for each question: an open file is never the wrong one after the database was made anew. */
#include "reader.h"

#include <string.h>
#include <time.h>

#include "../server/holding.h"

enum { LOCK_WAIT_MS = 100, STEPS_BETWEEN_LOOKS = 20, MAX_VALUE_BYTES = 400 * 1000 * 1000, MAX_PATTERN_BYTES = 4096 };

/* The query language looks up columns in the first, a question in SQL may use the others. SQLite writes to its own list
 * when such a table is used for the first time. */
static const char first_sql[] = "SELECT 1 FROM pragma_table_info(''), json_each('[]'), json_tree('[]')";

/* Not 0 ends the statement. The coarse clock costs a tenth of the other one. */
static int is_late(void *context)
{
    const desk_reader *reader = context;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000 >= reader->deadline_ms;
}

/* ATTACH counts as reading for SQLite: what may be done is listed, not what may not. */
static int allow(void *context, int action, const char *name, const char *b, const char *c, const char *d)
{
    (void)context;
    (void)b;
    (void)c;
    (void)d;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_PRAGMA:
        return strcmp(name, "table_info") == 0 ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

void desk_reader_restrict(sqlite3 *database)
{
    sqlite3_exec(database, first_sql, NULL, NULL, NULL);
    sqlite3_set_authorizer(database, allow, NULL);
}

int desk_reader_open(desk_reader *reader, const char *path, uint64_t deadline_ms)
{
    *reader = (desk_reader){.deadline_ms = deadline_ms};
    int code = sqlite3_open_v2(path, &reader->database, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    if (code != SQLITE_OK) return code;
    sqlite3_extended_result_codes(reader->database, 1);
    sqlite3_busy_timeout(reader->database, LOCK_WAIT_MS);
    sqlite3_limit(reader->database, SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES);
    sqlite3_limit(reader->database, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, MAX_PATTERN_BYTES);
    sqlite3_limit(reader->database, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_progress_handler(reader->database, STEPS_BETWEEN_LOOKS, is_late, reader);
    desk_reader_restrict(reader->database);
    return SQLITE_OK;
}

void desk_reader_close(desk_reader *reader)
{
    sqlite3_close(reader->database);
    reader->database = NULL;
}
