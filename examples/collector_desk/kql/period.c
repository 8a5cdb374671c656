/* Weeks and what is shorter have a length; months, quarters and years are counted in months. */
#include "period.h"

#include <string.h>
#include <strings.h>

static const struct {
    const char *name;
    int64_t length; /* in ticks; of the long ones, in months */
} periods[] = {
    [KQL_YEAR] = {"year", 12},
    [KQL_QUARTER] = {"quarter", 3},
    [KQL_MONTH] = {"month", 1},
    [KQL_WEEK] = {"week", 7 * KQL_TICKS_PER_DAY},
    [KQL_DAY] = {"day", KQL_TICKS_PER_DAY},
    [KQL_HOUR] = {"hour", 3600 * KQL_TICKS_PER_SECOND},
    [KQL_MINUTE] = {"minute", 60 * KQL_TICKS_PER_SECOND},
    [KQL_SECOND] = {"second", KQL_TICKS_PER_SECOND},
    [KQL_MILLISECOND] = {"millisecond", KQL_TICKS_PER_SECOND / 1000},
    [KQL_MICROSECOND] = {"microsecond", KQL_TICKS_PER_SECOND / 1000000},
};

enum { MAX_PERIODS = 1 << 30 }; /* that anything is moved by in months */

bool kql_period_find(desk_text name, kql_period *period)
{
    for (size_t i = 0; i < sizeof periods / sizeof periods[0]; i++) {
        desk_text own = {periods[i].name, strlen(periods[i].name)};
        *period = (kql_period)i;
        if (own.size == name.size && strncasecmp(own.at, name.at, own.size) == 0) return true;
    }
    return false;
}

/* 0001-01-01 was a Monday. */
static int64_t shift_of(kql_period period)
{
    return period == KQL_WEEK ? KQL_TICKS_PER_DAY : 0;
}

static int64_t months_of(kql_date date)
{
    return (int64_t)date.year * 12 + date.month - 1;
}

int64_t kql_period_of(int64_t ticks, kql_period period)
{
    if (period <= KQL_MONTH) return months_of(kql_date_of(ticks)) / periods[period].length;
    return (ticks + shift_of(period)) / periods[period].length;
}

static bool is_time(int64_t ticks)
{
    return ticks >= 0 && ticks <= KQL_TICKS_MAX;
}

static bool begin_month(int64_t month, int64_t *ticks)
{
    if (month < 12 || month >= 10000 * 12) return false;
    *ticks = kql_date_ticks((kql_date){(unsigned)(month / 12), (unsigned)(month % 12 + 1), 1});
    return true;
}

bool kql_period_begin(int64_t number, kql_period period, int64_t *ticks)
{
    int64_t length = periods[period].length;
    if (number < 0 || number > (KQL_TICKS_MAX + KQL_TICKS_PER_DAY) / length) return false;
    if (period <= KQL_MONTH) return begin_month(number * length, ticks);
    *ticks = number * length - shift_of(period);
    return is_time(*ticks);
}

static bool move_months(int64_t ticks, int64_t count, int64_t *moved)
{
    kql_date date = kql_date_of(ticks);
    int64_t month = months_of(date) + count, day = date.day - 1, next;
    if (!begin_month(month, moved)) return false;
    int64_t days = begin_month(month + 1, &next) ? (next - *moved) / KQL_TICKS_PER_DAY : 31;
    *moved += (day < days ? day : days - 1) * KQL_TICKS_PER_DAY + ticks % KQL_TICKS_PER_DAY;
    return true;
}

bool kql_period_move(int64_t ticks, kql_period period, int64_t count, int64_t *moved)
{
    int64_t length = periods[period].length, most = period <= KQL_MONTH ? MAX_PERIODS : KQL_TICKS_MAX / length;
    if (count > most || count < -most) return false;
    if (period <= KQL_MONTH) return move_months(ticks, count * length, moved);
    *moved = ticks + count * length;
    return is_time(*moved);
}
