/* Periods of the calendar and the clock, counted from the year 1. */
#ifndef KQL_PERIOD_H
#define KQL_PERIOD_H
#include "time_text.h"

typedef enum kql_period {
    KQL_YEAR,
    KQL_QUARTER,
    KQL_MONTH,
    KQL_WEEK, /* begins on Sunday */
    KQL_DAY,
    KQL_HOUR,
    KQL_MINUTE,
    KQL_SECOND,
    KQL_MILLISECOND,
    KQL_MICROSECOND
} kql_period;

/* By its name in any case. */
bool kql_period_find(desk_text name, kql_period *period);

/* How many periods began before this one. */
int64_t kql_period_of(int64_t ticks, kql_period period);
/* Where a period begins, in ticks; the other way round. False: not in the years 1 to 9999. */
bool kql_period_begin(int64_t number, kql_period period, int64_t *ticks);
/* So many periods later; a day that the month lacks becomes its last one. */
bool kql_period_move(int64_t ticks, kql_period period, int64_t count, int64_t *moved);
#endif
