/* One row an alert. Written when the state changes and not at every look, for each write waits for the disk. */
#include "alert_state.h"

#include <stdio.h>
#include <string.h>

enum { LOCK_WAIT_MS = 200 };

static const char table_sql[] = "CREATE TABLE IF NOT EXISTS alerts("
                                "  name TEXT PRIMARY KEY,"
                                "  state TEXT NOT NULL," /* ok, firing */
                                "  since TEXT NOT NULL,"
                                "  value REAL)";

static bool fail(sqlite3 *database, char words[DESK_ALERT_WORDS])
{
    snprintf(words, DESK_ALERT_WORDS, "the database: %s", sqlite3_errmsg(database));
    return false;
}

sqlite3 *desk_alert_database(const char *path, char words[DESK_ALERT_WORDS])
{
    sqlite3 *database = NULL;
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK) {
        sqlite3_busy_timeout(database, LOCK_WAIT_MS);
        return database;
    }
    if (database)
        fail(database, words);
    else
        snprintf(words, DESK_ALERT_WORDS, "out of memory");
    sqlite3_close(database);
    return NULL;
}

static void take_row(sqlite3_stmt *row, desk_alert_state *state)
{
    const char *word = (const char *)sqlite3_column_text(row, 0);
    const char *since = (const char *)sqlite3_column_text(row, 1);
    state->firing = word && strcmp(word, "firing") == 0;
    state->has_value = sqlite3_column_type(row, 2) != SQLITE_NULL;
    state->value = sqlite3_column_double(row, 2);
    snprintf(state->since, sizeof state->since, "%s", since ? since : "");
}

bool desk_alert_state_load(sqlite3 *database, const char *name, desk_alert_state *state, char words[DESK_ALERT_WORDS])
{
    static const char sql[] = "SELECT state, since, value FROM alerts WHERE name = ?1";
    sqlite3_stmt *row = NULL;
    *state = (desk_alert_state){0};
    if (sqlite3_exec(database, table_sql, NULL, NULL, NULL) != SQLITE_OK) return fail(database, words);
    int code = sqlite3_prepare_v2(database, sql, -1, &row, NULL);
    if (code == SQLITE_OK) code = sqlite3_bind_text(row, 1, name, -1, SQLITE_STATIC);
    if (code == SQLITE_OK) code = sqlite3_step(row);
    if (code == SQLITE_ROW) take_row(row, state);
    bool loaded = code == SQLITE_ROW || code == SQLITE_DONE || fail(database, words);
    sqlite3_finalize(row);
    return loaded;
}

static int bind_state(sqlite3_stmt *row, const char *name, const desk_alert_state *state)
{
    int code = sqlite3_bind_text(row, 1, name, -1, SQLITE_STATIC);
    if (code == SQLITE_OK) code = sqlite3_bind_text(row, 2, state->firing ? "firing" : "ok", -1, SQLITE_STATIC);
    if (code == SQLITE_OK) code = sqlite3_bind_text(row, 3, state->since, -1, SQLITE_STATIC);
    if (code == SQLITE_OK && state->has_value) code = sqlite3_bind_double(row, 4, state->value);
    return code;
}

bool desk_alert_state_save(sqlite3 *database, const char *name, const desk_alert_state *state,
                           char words[DESK_ALERT_WORDS])
{
    static const char sql[] = "INSERT OR REPLACE INTO alerts(name, state, since, value) VALUES(?1, ?2, ?3, ?4)";
    sqlite3_stmt *row = NULL;
    int code = sqlite3_prepare_v2(database, sql, -1, &row, NULL);
    if (code == SQLITE_OK) code = bind_state(row, name, state);
    if (code == SQLITE_OK) code = sqlite3_step(row);
    bool saved = code == SQLITE_DONE || fail(database, words);
    sqlite3_finalize(row);
    return saved;
}
