/* SQLite with a write-ahead log: one writer, statements prepared once, one transaction a request. */
#include "store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "database_file.h"
#include "schema.h"

enum { LOCK_WAIT_MS = 500 };

typedef enum statement { BEGIN, COMMIT, ROLLBACK, INSERT_TRACE, INSERT_EXCEPTION, STATEMENTS } statement;

struct desk_store {
    const char *path;
    sqlite3 *database; /* NULL: not open, the next request tries again */
    sqlite3_stmt *statements[STATEMENTS];
    desk_database_file file;
    bool failing; /* said so already */
};

/* FULL: a commit is on the disk when it returns and outlives even a power failure. Large pages and a long log mean
 * fewer calls a record. */
static const char settings_sql[] = "PRAGMA page_size = 16384;"
                                   "PRAGMA journal_mode = WAL;"
                                   "PRAGMA synchronous = FULL;"
                                   "PRAGMA wal_autocheckpoint = 4000;"
                                   "PRAGMA journal_size_limit = 134217728;";

static void close_database(desk_store *store)
{
    for (int i = 0; i < STATEMENTS; i++) sqlite3_finalize(store->statements[i]);
    sqlite3_close(store->database);
    *store = (desk_store){.path = store->path, .failing = store->failing};
}

/* A database that cannot be trusted any more is closed: the next request opens whatever is there then. */
static bool is_lost(int code)
{
    switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_SCHEMA:
        return true;
    default:
        return false;
    }
}

static bool complain(desk_store *store, unsigned status, const char *words, desk_failure *failure)
{
    desk_fail(failure, status, "the database cannot store the records: %s", words);
    if (!store->failing) fprintf(stderr, "collector_desk: %s: %s\n", store->path, failure->reason);
    store->failing = true;
    return false;
}

static bool fail(desk_store *store, int code, desk_failure *failure)
{
    const char *words = store->database ? sqlite3_errmsg(store->database) : sqlite3_errstr(code);
    complain(store, (code & 0xff) == SQLITE_TOOBIG ? 413 : 503, words, failure);
    if (is_lost(code)) close_database(store);
    return false;
}

static int prepare_all(desk_store *store)
{
    const char *const sql[STATEMENTS] = {"BEGIN IMMEDIATE", "COMMIT", "ROLLBACK", desk_insert_trace_sql,
                                         desk_insert_exception_sql};
    int code = SQLITE_OK;
    for (int i = 0; i < STATEMENTS && code == SQLITE_OK; i++)
        code = sqlite3_prepare_v3(store->database, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &store->statements[i], NULL);
    return code;
}

static int open_database(desk_store *store)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(store->path, &store->database, flags, NULL);
    if (code != SQLITE_OK) return code;
    sqlite3_extended_result_codes(store->database, 1);
    sqlite3_busy_timeout(store->database, LOCK_WAIT_MS);
    code = sqlite3_exec(store->database, settings_sql, NULL, NULL, NULL);
    if (code == SQLITE_OK) code = sqlite3_exec(store->database, desk_schema_sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? prepare_all(store) : code;
}

static bool ensure_open(desk_store *store, desk_failure *failure)
{
    if (store->database) return true;
    int code = open_database(store);
    if (code == SQLITE_OK) return true;
    fail(store, code, failure);
    close_database(store);
    return false;
}

desk_store *desk_store_new(const char *path, desk_failure *failure)
{
    desk_store *store = calloc(1, sizeof *store);
    if (!store) {
        desk_fail(failure, 503, "out of memory");
        return NULL;
    }
    store->path = path;
    int code = open_database(store);
    if (code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY) {
        if (code != SQLITE_OK) close_database(store);
        return store;
    }
    desk_fail(failure, 503, "%s", store->database ? sqlite3_errmsg(store->database) : sqlite3_errstr(code));
    desk_store_destroy(store);
    return NULL;
}

void desk_store_destroy(desk_store *store)
{
    if (!store) return;
    close_database(store);
    free(store);
}

static int run(desk_store *store, statement which)
{
    int code = sqlite3_step(store->statements[which]);
    sqlite3_reset(store->statements[which]);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

static bool begin(desk_store *store, desk_failure *failure)
{
    if (!ensure_open(store, failure)) return false;
    int code = run(store, BEGIN);
    return code == SQLITE_OK || fail(store, code, failure);
}

static desk_database_state look(desk_store *store)
{
    return desk_database_file_look(&store->file, store->database, store->path);
}

/* A database that is gone is made anew at once. A damaged one is closed, which writes back what the log still has of
 * it, and the sender tries again. */
bool desk_store_begin(desk_store *store, desk_failure *failure)
{
    if (!begin(store, failure)) return false;
    desk_database_state state = look(store);
    if (state == DESK_DATABASE_MOVED) {
        desk_store_rollback(store);
        close_database(store);
        if (!begin(store, failure)) return false;
        state = look(store);
    }
    if (state == DESK_DATABASE_SOUND) return true;
    desk_store_rollback(store);
    close_database(store);
    return complain(store, 503, "its file was damaged", failure);
}

static int bind_text(sqlite3_stmt *insert, int column, desk_text text)
{
    if (!text.at) return sqlite3_bind_null(insert, column);
    return sqlite3_bind_text64(insert, column, text.at, text.size, SQLITE_STATIC, SQLITE_UTF8);
}

static int bind_row(sqlite3_stmt *insert, const desk_row *row)
{
    const desk_text columns[] = {row->timestamp,    row->message,
                                 {NULL, 0},         row->custom_dimensions,
                                 row->operation_id, row->operation_parent_id,
                                 row->role_name,    row->role_instance,
                                 row->problem_id,   row->type,
                                 row->details};
    int count = row->is_exception ? 11 : 8;
    int code = SQLITE_OK;
    for (int i = 0; i < count && code == SQLITE_OK; i++) code = bind_text(insert, i + 1, columns[i]);
    return code == SQLITE_OK ? sqlite3_bind_int(insert, 3, row->severity_level) : code;
}

bool desk_store_insert(desk_store *store, const desk_row *row, desk_failure *failure)
{
    statement which = row->is_exception ? INSERT_EXCEPTION : INSERT_TRACE;
    int code = bind_row(store->statements[which], row);
    if (code == SQLITE_OK) code = run(store, which);
    return code == SQLITE_OK || fail(store, code, failure);
}

bool desk_store_commit(desk_store *store, desk_failure *failure)
{
    int code = run(store, COMMIT);
    if (code != SQLITE_OK) return fail(store, code, failure);
    if (store->failing) fprintf(stderr, "collector_desk: %s: stores again\n", store->path);
    store->failing = false;
    return true;
}

void desk_store_rollback(desk_store *store)
{
    if (store->database && !sqlite3_get_autocommit(store->database)) run(store, ROLLBACK);
}
