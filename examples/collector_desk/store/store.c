/* SQLite with a write-ahead log: one writer, statements prepared once, one transaction a request. */
#include "store.h"

#include <stdio.h>
#include <stdlib.h>

#include "checkpoint.h"
#include "database_file.h"
#include "../rows/item_id.h"
#include "schema.h"
#include "../server/holding.h"

enum { LOCK_WAIT_MS = 500, SAY_EVERY_MS = 10000 };

typedef enum statement { BEGIN, COMMIT, ROLLBACK, INSERTS, STATEMENTS = INSERTS + DESK_TABLES } statement;

struct desk_store {
    const char *path;
    sqlite3 *database; /* NULL: not open, the next request tries again */
    sqlite3_stmt *statements[STATEMENTS];
    uint64_t bound[DESK_TABLES]; /* columns whose parameter is not NULL since the last row */
    desk_database_file file;
    desk_item_ids ids;
    desk_checkpoint checkpoint;
    bool said; /* that it cannot store */
    uint64_t said_ms;
};

/* FULL: a commit is on the disk when it returns and outlives even a power failure. Large pages and a long log mean
 * fewer calls a record. */
static const char settings_sql[] = "PRAGMA page_size = 16384;"
                                   "PRAGMA journal_mode = WAL;"
                                   "PRAGMA synchronous = FULL;"
                                   "PRAGMA journal_size_limit = 134217728;";

static void close_database(desk_store *store)
{
    for (int i = 0; i < STATEMENTS; i++) sqlite3_finalize(store->statements[i]);
    sqlite3_close(store->database);
    *store = (desk_store){.path = store->path,
                          .ids = store->ids,
                          .checkpoint = store->checkpoint,
                          .said = store->said,
                          .said_ms = store->said_ms};
}

/* A database that cannot be trusted any more is closed: the next request opens whatever is there then. So is one on a
 * full disk: closing it writes its log back, whose room is free then. */
static bool is_lost(int code)
{
    switch (code & 0xff) {
    case SQLITE_FULL:
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
    uint64_t now = desk_now_ms();
    if (store->said || (store->said_ms && now < store->said_ms + SAY_EVERY_MS)) return false;
    fprintf(stderr, "collector_desk: %s: %s\n", store->path, failure->reason);
    store->said = true;
    store->said_ms = now;
    return false;
}

static const char *words_for(const desk_store *store, int code)
{
    if (code == SQLITE_MISMATCH) return "a newer collector_desk made it";
    bool is_last = store->database && sqlite3_extended_errcode(store->database) == code;
    return is_last ? sqlite3_errmsg(store->database) : sqlite3_errstr(code);
}

bool desk_store_fail(desk_store *store, int code, desk_failure *failure)
{
    const char *words = words_for(store, code);
    complain(store, (code & 0xff) == SQLITE_TOOBIG ? 413 : 503, words, failure);
    if (is_lost(code)) close_database(store);
    return false;
}

static int prepare(desk_store *store, const char *sql, sqlite3_stmt **prepared)
{
    return sqlite3_prepare_v3(store->database, sql, -1, SQLITE_PREPARE_PERSISTENT, prepared, NULL);
}

static int prepare_all(desk_store *store)
{
    static const char *const plain[INSERTS] = {"BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"};
    int code = SQLITE_OK;
    for (int i = 0; i < INSERTS && code == SQLITE_OK; i++) code = prepare(store, plain[i], &store->statements[i]);
    for (int i = 0; i < DESK_TABLES && code == SQLITE_OK; i++) {
        char *insert = desk_schema_insert((desk_table)i);
        code = insert ? prepare(store, insert, &store->statements[INSERTS + i]) : SQLITE_NOMEM;
        sqlite3_free(insert);
    }
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
    if (code == SQLITE_OK) code = desk_schema_apply(store->database);
    desk_checkpoint_watch(&store->checkpoint, store->database);
    return code == SQLITE_OK ? prepare_all(store) : code;
}

static bool ensure_open(desk_store *store, desk_failure *failure)
{
    if (store->database) return true;
    int code = open_database(store);
    if (code == SQLITE_OK) return true;
    desk_store_fail(store, code, failure);
    close_database(store);
    return false;
}

desk_store *desk_store_new(const char *path, uint64_t keep_bytes, desk_failure *failure)
{
    desk_store *store = calloc(1, sizeof *store);
    if (!store) {
        desk_fail(failure, 503, "out of memory");
        return NULL;
    }
    store->path = path;
    uint64_t most_bytes = keep_bytes && keep_bytes / 4 < DESK_MOST_LOG_BYTES ? keep_bytes / 4 : DESK_MOST_LOG_BYTES;
    store->checkpoint = (desk_checkpoint){.path = path, .most_bytes = most_bytes};
    store->ids = desk_item_ids_begin();
    int code = open_database(store);
    if (code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY) {
        if (code != SQLITE_OK) close_database(store);
        return store;
    }
    desk_fail(failure, 503, "%s", words_for(store, code));
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
    return code == SQLITE_OK || desk_store_fail(store, code, failure);
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

static int bind_cell(sqlite3_stmt *insert, int parameter, const desk_cell *cell)
{
    switch (cell->type) {
    case DESK_CELL_TEXT:
        return sqlite3_bind_text64(insert, parameter, cell->as.text.at, cell->as.text.size, SQLITE_STATIC, SQLITE_UTF8);
    case DESK_CELL_INTEGER:
        return sqlite3_bind_int64(insert, parameter, cell->as.integer);
    case DESK_CELL_REAL:
        return sqlite3_bind_double(insert, parameter, cell->as.real);
    case DESK_CELL_NULL:
        break;
    }
    return sqlite3_bind_null(insert, parameter);
}

/* Most columns of most rows are NULL, and were in the row before: those are not bound again. */
static int bind_row(desk_store *store, const desk_row *row)
{
    sqlite3_stmt *insert = store->statements[INSERTS + row->table];
    uint64_t *bound = &store->bound[row->table], before = *bound;
    int code = SQLITE_OK;
    for (int i = 0; i < desk_tables[row->table].count && code == SQLITE_OK; i++) {
        uint64_t bit = UINT64_C(1) << i;
        bool is_null = row->cells[i].type == DESK_CELL_NULL;
        *bound = is_null ? *bound & ~bit : *bound | bit;
        if (!is_null || before & bit) code = bind_cell(insert, i + 1, &row->cells[i]);
    }
    return code;
}

bool desk_store_insert(desk_store *store, desk_row *row, desk_failure *failure)
{
    char id[DESK_ITEM_ID_SIZE];
    desk_row_text(row, DESK_ITEM_ID, desk_item_id_next(&store->ids, id));
    int code = bind_row(store, row);
    if (code == SQLITE_OK) code = run(store, (statement)(INSERTS + row->table));
    return code == SQLITE_OK || desk_store_fail(store, code, failure);
}

bool desk_store_commit(desk_store *store, desk_failure *failure)
{
    int code = desk_checkpoint_make_room(&store->checkpoint, store->database);
    if (code == SQLITE_OK) code = run(store, COMMIT);
    if (code != SQLITE_OK) return desk_store_fail(store, code, failure);
    if (store->said) fprintf(stderr, "collector_desk: %s: stores again\n", store->path);
    store->said = false;
    return true;
}

void desk_store_rollback(desk_store *store)
{
    if (store->database && !sqlite3_get_autocommit(store->database)) run(store, ROLLBACK);
}

sqlite3 *desk_store_database(const desk_store *store)
{
    return store->database;
}
