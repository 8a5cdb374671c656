/* Texts are cut here: a tail is for looking, the whole record is a query away. */
#include "tail_rows.h"

#include <stdio.h>
#include <string.h>

#include "json_value.h"

static const char newest_sql[] = "SELECT (SELECT max(rowid) FROM traces), (SELECT max(rowid) FROM exceptions)";

static const char *const columns[] = {"timestamp",    "itemType",       "severityLevel", "message",
                                      "operation_Id", "cloud_RoleName", "step_name"};
enum { COLUMNS = sizeof columns / sizeof *columns };

#define TAIL_COLUMNS(message)                                                                                          \
    "timestamp, itemType, severityLevel, substr(" message ", 1, 1000), operation_Id, cloud_RoleName,"                  \
    " substr(json_extract(customDimensions, '$.step_name'), 1, 200)"

static const char rows_sql[] = "SELECT " TAIL_COLUMNS(
    "message") " FROM traces WHERE rowid > ?1 AND rowid <= ?2"
               " UNION ALL SELECT " TAIL_COLUMNS("outerMessage") " FROM exceptions WHERE rowid > ?3 AND rowid <= ?4"
                                                                 " ORDER BY 1";

bool desk_tail_newest(sqlite3 *database, desk_place *newest)
{
    sqlite3_stmt *statement = NULL;
    bool found = sqlite3_prepare_v2(database, newest_sql, -1, &statement, NULL) == SQLITE_OK &&
                 sqlite3_step(statement) == SQLITE_ROW;
    for (int i = 0; found && i < DESK_TAIL_TABLES; i++) newest->row[i] = sqlite3_column_int64(statement, i);
    sqlite3_finalize(statement);
    return found;
}

int64_t desk_tail_catch_up(desk_place *place, const desk_place *newest, int most)
{
    int64_t missed = 0;
    for (int i = 0; i < DESK_TAIL_TABLES; i++) {
        int64_t earliest = newest->row[i] - most;
        if (place->row[i] > newest->row[i]) place->row[i] = newest->row[i];
        if (place->row[i] >= earliest) continue;
        missed += earliest - place->row[i];
        place->row[i] = earliest;
    }
    return missed;
}

void desk_tail_put_skipped(desk_buffer *out, int64_t count)
{
    desk_put_words(out, "event: skipped\ndata: ");
    desk_put_int(out, count);
    desk_put_words(out, "\n\n");
}

static void put_row(desk_buffer *out, sqlite3_stmt *statement)
{
    desk_put_words(out, "event: log\ndata: ");
    for (int i = 0; i < COLUMNS; i++) {
        desk_put_words(out, i ? ",\"" : "{\"");
        desk_put_words(out, columns[i]);
        desk_put_words(out, "\":");
        desk_put_json_value(out, statement, i);
    }
    desk_put_words(out, "}\n\n");
}

static void put_place(desk_buffer *out, const desk_place *place)
{
    char text[64];
    int size = snprintf(text, sizeof text, "id: %lld.%lld\n\n", (long long)place->row[0], (long long)place->row[1]);
    desk_put(out, (desk_text){text, (size_t)size});
}

static desk_place next_place(const desk_place *place, const desk_place *newest)
{
    desk_place next = *place;
    for (int i = 0; i < DESK_TAIL_TABLES; i++) {
        next.row[i] += DESK_TAIL_ROWS_AT_A_TIME;
        if (next.row[i] > newest->row[i]) next.row[i] = newest->row[i];
    }
    return next;
}

static int64_t distance(const desk_place *from, const desk_place *to)
{
    int64_t rows = 0;
    for (int i = 0; i < DESK_TAIL_TABLES; i++) rows += to->row[i] - from->row[i];
    return rows;
}

/* These rows will never be read: too large for the time, or not what the desk writes. */
static bool is_their_own_fault(int code)
{
    return (code & 0xff) == SQLITE_INTERRUPT || (code & 0xff) == SQLITE_ERROR || (code & 0xff) == SQLITE_TOOBIG;
}

bool desk_tail_put_rows(desk_buffer *out, sqlite3 *database, desk_place *place, const desk_place *newest)
{
    sqlite3_stmt *statement = NULL;
    desk_place next = next_place(place, newest);
    size_t before = out->size;
    int code = sqlite3_prepare_v2(database, rows_sql, -1, &statement, NULL);
    for (int i = 0; i < DESK_TAIL_TABLES && code == SQLITE_OK; i++) {
        sqlite3_bind_int64(statement, 2 * i + 1, place->row[i]);
        sqlite3_bind_int64(statement, 2 * i + 2, next.row[i]);
    }
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(statement);
        if (code == SQLITE_ROW) put_row(out, statement);
    }
    sqlite3_finalize(statement);
    if (code != SQLITE_DONE) out->size = before;
    if (code != SQLITE_DONE && !is_their_own_fault(code)) return false;
    if (code != SQLITE_DONE) desk_tail_put_skipped(out, distance(place, &next));
    *place = next;
    put_place(out, place);
    return true;
}

/* Digits, at most 18 of them: no number that overflows. */
static const char *read_digits(const char *at, int64_t *out)
{
    size_t digits = strspn(at, "0123456789");
    if (digits == 0 || digits > 18) return NULL;
    *out = 0;
    for (size_t i = 0; i < digits; i++) *out = *out * 10 + (at[i] - '0');
    return at + digits;
}

bool desk_tail_read_place(const char *text, desk_place *place)
{
    desk_place read;
    const char *at = read_digits(text, &read.row[0]);
    if (!at || *at != '.') return false;
    at = read_digits(at + 1, &read.row[1]);
    if (!at || *at) return false;
    *place = read;
    return true;
}
