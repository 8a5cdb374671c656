/* Works in short transactions with a rest behind each, so that requests are never held up for long: half of the time,
 * at most, goes into removing. */
#include "retention.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../server/holding.h"
#include "../rows/row_time.h"
#include "schema.h"

enum {
    LOOK_EVERY_MS = 250,
    WORK_MS = 20,
    REST_MS = 20,
    SAY_EVERY_MS = 60000,
    ROWS_AT_ONCE = 200,
    FEW_ROWS = 20,
    TIME_BYTES = 64
};

/* Sorts behind every time. */
static const char latest[] = "~";

typedef struct oldest {
    int table; /* whose row is the oldest of all; -1: there are no rows */
    char time[TIME_BYTES];
    char next[TIME_BYTES]; /* the oldest of the other tables */
} oldest;

static sqlite3_stmt *prepare(sqlite3 *database, const char *format, const char *name)
{
    char sql[256];
    sqlite3_stmt *statement = NULL;
    snprintf(sql, sizeof sql, format, name, name);
    sqlite3_prepare_v2(database, sql, -1, &statement, NULL);
    return statement;
}

static int64_t read_number(sqlite3 *database, const char *pragma)
{
    sqlite3_stmt *statement = prepare(database, "PRAGMA %s", pragma);
    int64_t number = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return number;
}

/* Of pages in use: the file itself does not shrink, its free pages are used again. */
static uint64_t used_bytes(sqlite3 *database)
{
    int64_t pages = read_number(database, "page_count") - read_number(database, "freelist_count");
    return (uint64_t)(pages * read_number(database, "page_size"));
}

static void read_oldest(sqlite3 *database, int table, char time[TIME_BYTES])
{
    sqlite3_stmt *statement = prepare(database, "SELECT min(timestamp) FROM %s", desk_tables[table].name);
    const char *text = sqlite3_step(statement) == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : NULL;
    snprintf(time, TIME_BYTES, "%s", text ? text : latest);
    sqlite3_finalize(statement);
}

static oldest find_oldest(sqlite3 *database)
{
    oldest found = {-1, "~", "~"};
    for (int table = 0; table < DESK_TABLES; table++) {
        char time[TIME_BYTES];
        read_oldest(database, table, time);
        if (strcmp(time, found.time) < 0) {
            memcpy(found.next, found.time, TIME_BYTES);
            memcpy(found.time, time, TIME_BYTES);
            found.table = table;
        } else if (strcmp(time, found.next) < 0) {
            memcpy(found.next, time, TIME_BYTES);
        }
    }
    return found;
}

static void put_limit(unsigned days, char time[TIME_BYTES])
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t seconds = (uint64_t)now.tv_sec, age = (uint64_t)days * 86400;
    time[desk_timestamp((seconds > age ? seconds - age : 0) * 1000000000, time).size] = '\0';
}

/* The table whose rows go next, and up to when; -1: none. Too many bytes go before too many days. */
static int choose(const desk_retention *retention, sqlite3 *database, char until[TIME_BYTES])
{
    const desk_serve_options *options = retention->options;
    oldest found = find_oldest(database);
    memcpy(until, found.next, TIME_BYTES);
    if (options->keep_bytes && used_bytes(database) > options->keep_bytes) return found.table;
    if (!options->keep_days) return -1;
    put_limit(options->keep_days, until);
    return strcmp(found.time, until) <= 0 ? found.table : -1;
}

/* SQLITE_DONE, or why not. */
static int remove_rows(sqlite3 *database, int table, const char *until, int at_once)
{
    sqlite3_stmt *statement = prepare(database,
                                      "DELETE FROM %s WHERE rowid IN (SELECT rowid FROM %s WHERE timestamp <= ?1"
                                      " ORDER BY timestamp LIMIT ?2)",
                                      desk_tables[table].name);
    sqlite3_bind_text(statement, 1, until, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 2, at_once);
    int code = sqlite3_step(statement);
    sqlite3_finalize(statement);
    return code;
}

/* *more: there are more to be removed. False: *failure. */
static bool remove_some(const desk_retention *retention, bool *more, uint64_t *removed, desk_failure *failure)
{
    char until[TIME_BYTES];
    int at_once = ROWS_AT_ONCE - retention->fewer;
    uint64_t end_ms = desk_now_ms() + (retention->fewer ? 0 : WORK_MS);
    do {
        sqlite3 *database = desk_store_database(retention->store);
        int table = choose(retention, database, until);
        int code = table < 0 ? SQLITE_DONE : remove_rows(database, table, until, at_once);
        if (code != SQLITE_DONE) return desk_store_fail(retention->store, code, failure);
        *more = table >= 0 && sqlite3_changes(database) > 0;
        *removed += *more ? (uint64_t)sqlite3_changes(database) : 0;
    } while (*more && desk_now_ms() < end_ms);
    return true;
}

/* True: there are more. A transaction that fails is tried again at the next look. */
static bool work(desk_retention *retention)
{
    desk_failure failure = {0};
    bool more = true;
    uint64_t removed = 0;
    bool done = desk_store_begin(retention->store, &failure) && remove_some(retention, &more, &removed, &failure) &&
                desk_store_commit(retention->store, &failure);
    if (!done) desk_store_rollback(retention->store);
    if (!done)
        retention->fewer = ROWS_AT_ONCE - FEW_ROWS; /* the disk may have room for a short log only */
    else if (retention->fewer)
        retention->fewer -= FEW_ROWS;
    retention->removed += done ? removed : 0;
    return done && more;
}

static void say(desk_retention *retention, uint64_t now_ms)
{
    if (!retention->removed || (retention->said_ms && now_ms < retention->said_ms + SAY_EVERY_MS)) return;
    fprintf(stderr, "collector_desk: %" PRIu64 " rows removed, as --keep-days and --keep-bytes say\n",
            retention->removed);
    retention->removed = 0;
    retention->said_ms = now_ms;
}

static bool is_kept(const desk_retention *retention)
{
    return !retention->options->keep_days && !retention->options->keep_bytes;
}

void desk_retention_look(desk_retention *retention, uint64_t now_ms)
{
    char until[TIME_BYTES];
    if (is_kept(retention) || now_ms < retention->due_ms) return;
    sqlite3 *database = desk_store_database(retention->store);
    bool more =
        (!database || choose(retention, database, until) >= 0) && work(retention); /* one that is shut is opened */
    if (!more) say(retention, now_ms);
    retention->due_ms = desk_now_ms() + (more ? REST_MS : LOOK_EVERY_MS);
}

int desk_retention_timeout_ms(const desk_retention *retention, uint64_t now_ms)
{
    if (is_kept(retention)) return -1;
    return retention->due_ms > now_ms ? (int)(retention->due_ms - now_ms) : 0;
}
