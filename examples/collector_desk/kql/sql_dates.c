/* Functions of the calendar: periods, their parts, times in a form that the query gives. */
#include "sql_functions.h"

#include <string.h>

#include "period.h"

static desk_text text_of(sqlite3_value *value)
{
    const char *text = (const char *)sqlite3_value_text(value);
    return text ? (desk_text){text, (size_t)sqlite3_value_bytes(value)} : DESK_TEXT("");
}

static bool read(sqlite3_value *name, sqlite3_value *time, kql_period *period, int64_t *ticks)
{
    return kql_period_find(text_of(name), period) && kql_datetime_read(text_of(time), ticks);
}

static void give_time(sqlite3_context *context, int64_t ticks)
{
    char room[KQL_TIME_ROOM];
    desk_text text;
    if (kql_datetime_write(ticks, room, &text)) sqlite3_result_text(context, text.at, (int)text.size, SQLITE_TRANSIENT);
}

/* Where the period begins that is so many behind the one of a time. */
static bool begin_behind(int count, sqlite3_value **values, int64_t *ticks)
{
    kql_period period;
    int64_t offset = count > 2 ? sqlite3_value_int64(values[2]) : 0, time;
    bool is_far = offset > KQL_TICKS_PER_DAY || offset < -KQL_TICKS_PER_DAY;
    return !is_far && read(values[0], values[1], &period, &time) &&
           kql_period_begin(kql_period_of(time, period) + offset, period, ticks);
}

static void begin(sqlite3_context *context, int count, sqlite3_value **values)
{
    int64_t ticks;
    if (begin_behind(count, values, &ticks)) give_time(context, ticks);
}

/* The last tick before the next one begins. */
static void end(sqlite3_context *context, int count, sqlite3_value **values)
{
    kql_period period;
    int64_t ticks, next;
    if (!begin_behind(count, values, &ticks) || !kql_period_find(text_of(values[0]), &period)) return;
    give_time(context, kql_period_begin(kql_period_of(ticks, period) + 1, period, &next) ? next - 1 : KQL_TICKS_MAX);
}

static void difference(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    kql_period period;
    int64_t one, other;
    if (read(values[0], values[1], &period, &one) && read(values[0], values[2], &period, &other))
        sqlite3_result_int64(context, kql_period_of(one, period) - kql_period_of(other, period));
}

static void moved(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    kql_period period;
    int64_t ticks, end;
    if (sqlite3_value_type(values[1]) == SQLITE_NULL || !read(values[0], values[2], &period, &ticks)) return;
    if (kql_period_move(ticks, period, sqlite3_value_int64(values[1]), &end)) give_time(context, end);
}

static int64_t day_of_year(int64_t ticks)
{
    kql_date date = kql_date_of(ticks);
    return ticks / KQL_TICKS_PER_DAY - kql_date_ticks((kql_date){date.year, 1, 1}) / KQL_TICKS_PER_DAY + 1;
}

/* The year, the month of the year, the day of the month, the hour of the day. */
static int64_t part_of(int64_t ticks, kql_period period)
{
    kql_date date = kql_date_of(ticks);
    switch (period) {
    case KQL_YEAR:
        return date.year;
    case KQL_MONTH:
        return date.month;
    case KQL_DAY:
        return date.day;
    default:
        return kql_period_of(ticks, KQL_HOUR) % 24;
    }
}

static void part(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    desk_text name = text_of(values[0]);
    int64_t ticks;
    kql_period period;
    if (!kql_datetime_read(text_of(values[1]), &ticks)) return;
    if (desk_text_is(name, DESK_TEXT("dayofyear")))
        sqlite3_result_int64(context, day_of_year(ticks));
    else if (desk_text_is(name, DESK_TEXT("dayofweek")))
        sqlite3_result_int64(context, (ticks / KQL_TICKS_PER_DAY + 1) % 7);
    else if (kql_period_find(name, &period))
        sqlite3_result_int64(context, part_of(ticks, period));
}

static void of_unix(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    double ticks = sqlite3_value_double(values[0]) * sqlite3_value_double(values[1]);
    if (sqlite3_value_type(values[0]) == SQLITE_NULL || !(ticks > -1e18 && ticks < 1e18)) return;
    bool is_whole = sqlite3_value_type(values[0]) == SQLITE_INTEGER;
    int64_t exact = is_whole ? sqlite3_value_int64(values[0]) * sqlite3_value_int64(values[1]) : (int64_t)ticks;
    give_time(context, KQL_TICKS_OF_UNIX_EPOCH + exact);
}

bool kql_sql_dates_add(sqlite3 *db)
{
    return kql_sql_add(db, "kql_begin", -1, begin, NULL) && kql_sql_add(db, "kql_end", -1, end, NULL) &&
           kql_sql_add(db, "kql_difference", 3, difference, NULL) && kql_sql_add(db, "kql_moved", 3, moved, NULL) &&
           kql_sql_add(db, "kql_part", 2, part, NULL) && kql_sql_add(db, "kql_of_unix", 2, of_unix, NULL);
}
