/* Times are text in the database and ticks in arithmetic; what leaves the years 1 to 9999 is NULL. */
#include "sql_functions.h"

#include <math.h>

#include "time_text.h"

static bool is_null(sqlite3_value *value)
{
    return sqlite3_value_type(value) == SQLITE_NULL;
}

static desk_text text_of(sqlite3_value *value)
{
    const char *text = (const char *)sqlite3_value_text(value);
    return text ? (desk_text){text, (size_t)sqlite3_value_bytes(value)} : DESK_TEXT("");
}

static bool ticks_of(sqlite3_value *value, int64_t *ticks)
{
    return kql_datetime_read(text_of(value), ticks);
}

static void give_time(sqlite3_context *context, int64_t ticks)
{
    char room[KQL_TIME_ROOM];
    desk_text text;
    if (kql_datetime_write(ticks, room, &text)) sqlite3_result_text(context, text.at, (int)text.size, SQLITE_TRANSIENT);
}

static void to_ticks(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    int64_t ticks;
    if (ticks_of(values[0], &ticks)) sqlite3_result_int64(context, ticks);
}

static void to_datetime(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    int64_t ticks;
    if (ticks_of(values[0], &ticks)) give_time(context, ticks);
}

static void to_timespan(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    int64_t ticks;
    if (kql_timespan_read(text_of(values[0]), &ticks)) sqlite3_result_int64(context, ticks);
}

static void timespan_text(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    char room[KQL_TIME_ROOM];
    if (is_null(values[0])) return;
    desk_text text = kql_timespan_write(sqlite3_value_int64(values[0]), room);
    sqlite3_result_text(context, text.at, (int)text.size, SQLITE_TRANSIENT);
}

/* Also of times and timespans in either order. */
static void move(sqlite3_context *context, sqlite3_value **values, bool is_forwards)
{
    bool is_time_first = sqlite3_value_type(values[0]) == SQLITE_TEXT;
    sqlite3_value *time = values[!is_time_first], *span = values[is_time_first];
    int64_t ticks, length = sqlite3_value_int64(span);
    if (is_null(span) || !ticks_of(time, &ticks)) return;
    if (length > KQL_TICKS_MAX || length < -KQL_TICKS_MAX) return;
    give_time(context, is_forwards ? ticks + length : ticks - length);
}

static void add(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    move(context, values, true);
}

static void subtract(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    move(context, values, false);
}

static void since(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    int64_t later, earlier;
    if (ticks_of(values[0], &later) && ticks_of(values[1], &earlier)) sqlite3_result_int64(context, later - earlier);
}

/* Down to a multiple of the step; also of negative values. */
static int64_t floor_to(int64_t value, int64_t step)
{
    int64_t rest = value % step;
    if (rest < 0) rest += step;
    return value < INT64_MIN + rest ? value : value - rest;
}

static void bin_real(sqlite3_context *context, double value, double step)
{
    if (step > 0) sqlite3_result_double(context, floor(value / step) * step);
}

static void bin(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    int64_t ticks, step = sqlite3_value_int64(values[1]);
    int type = sqlite3_value_type(values[0]), step_type = sqlite3_value_type(values[1]);
    if (is_null(values[0]) || is_null(values[1])) return;
    if (type == SQLITE_FLOAT || step_type == SQLITE_FLOAT)
        bin_real(context, sqlite3_value_double(values[0]), sqlite3_value_double(values[1]));
    else if (step > 0 && type == SQLITE_INTEGER)
        sqlite3_result_int64(context, floor_to(sqlite3_value_int64(values[0]), step));
    else if (step > 0 && ticks_of(values[0], &ticks))
        give_time(context, floor_to(ticks, step));
}

bool kql_sql_times_add(sqlite3 *db)
{
    return kql_sql_add(db, "kql_ticks", 1, to_ticks, NULL) && kql_sql_add(db, "kql_datetime", 1, to_datetime, NULL) &&
           kql_sql_add(db, "kql_timespan", 1, to_timespan, NULL) &&
           kql_sql_add(db, "kql_timespan_text", 1, timespan_text, NULL) && kql_sql_add(db, "kql_add", 2, add, NULL) &&
           kql_sql_add(db, "kql_subtract", 2, subtract, NULL) && kql_sql_add(db, "kql_since", 2, since, NULL) &&
           kql_sql_add(db, "kql_bin", 2, bin, NULL);
}
