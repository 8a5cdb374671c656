/* A query that takes too long is broken off: the desk has one thread, and requests wait meanwhile. */
#include "alert_query.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "alert_window.h"
#include "../server/holding.h"
#include "../kql/kql.h"

enum { STEPS_BETWEEN_LOOKS = 1000 };

static void describe(const desk_kql_error *error, char words[DESK_ALERT_WORDS])
{
    bool expected = error->expected[0] != '\0';
    snprintf(words, DESK_ALERT_WORDS, "query: %s%s%s", error->message, expected ? "; expected " : "", error->expected);
}

bool desk_alert_query_check(sqlite3 *database, const desk_alert_rule *rule, unsigned *line, unsigned *column,
                            char words[DESK_ALERT_WORDS])
{
    sqlite3_stmt *statement = NULL;
    desk_kql_error error = {0};
    bool good = desk_kql_prepare(database, rule->query, strlen(rule->query), 0, &statement, &error);
    sqlite3_finalize(statement);
    if (good) return true;
    *line = rule->query_line + (unsigned)error.line - (error.line > 0);
    *column = (unsigned)error.column + (error.line > 1 ? 0 : rule->query_column);
    describe(&error, words);
    return false;
}

static bool is_number(sqlite3_stmt *row)
{
    int type = sqlite3_column_type(row, 0);
    return (type == SQLITE_INTEGER || type == SQLITE_FLOAT) && isfinite(sqlite3_column_double(row, 0));
}

/* Looks at all rows: the number in the only cell, nothing when that is empty, or how many rows there are. */
static int measure(sqlite3_stmt *query, bool only_rows, bool *has_value, double *value)
{
    bool is_cell = !only_rows && sqlite3_column_count(query) == 1, is_null = false;
    double cell = 0, rows = 0;
    int code;
    for (; (code = sqlite3_step(query)) == SQLITE_ROW; rows++) {
        if (!is_cell) continue;
        is_null = sqlite3_column_type(query, 0) == SQLITE_NULL;
        is_cell = rows == 0 && (is_null || is_number(query));
        cell = sqlite3_column_double(query, 0);
    }
    is_cell = is_cell && rows > 0;
    *has_value = !is_cell || !is_null;
    *value = is_cell ? cell : rows;
    return code;
}

static int is_late(void *context)
{
    return desk_now_ms() >= *(const uint64_t *)context;
}

static bool run(sqlite3 *database, sqlite3_stmt *query, const desk_alert_rule *rule, bool *has_value, double *value,
                char words[DESK_ALERT_WORDS])
{
    uint64_t end_ms = desk_now_ms() + rule->query_timeout_ms;
    sqlite3_progress_handler(database, STEPS_BETWEEN_LOOKS, is_late, &end_ms);
    int code = measure(query, rule->counts_rows, has_value, value);
    sqlite3_progress_handler(database, 0, NULL, NULL);
    if (code == SQLITE_DONE) return true;
    if (code == SQLITE_INTERRUPT)
        snprintf(words, DESK_ALERT_WORDS, "query: not answered within %u ms", (unsigned)rule->query_timeout_ms);
    else
        snprintf(words, DESK_ALERT_WORDS, "query: %s", sqlite3_errmsg(database));
    return false;
}

bool desk_alert_query_ask(sqlite3 *database, const desk_alert_rule *rule, int64_t now_unix_ns, bool *has_value,
                          double *value, char words[DESK_ALERT_WORDS])
{
    desk_buffer text = {0};
    sqlite3_stmt *query = NULL;
    desk_kql_error error = {0};
    desk_alert_put_query(&text, rule->query, rule->window_ms);
    bool asked = !text.failed && desk_kql_prepare(database, text.at, text.size, now_unix_ns, &query, &error);
    if (asked)
        asked = run(database, query, rule, has_value, value, words);
    else
        describe(&error, words);
    sqlite3_finalize(query);
    desk_buffer_release(&text);
    return asked;
}
