/* Times and timespans as numbers of ticks (100 ns; a time counts from 0001-01-01) and as text. */
#ifndef KQL_TIME_TEXT_H
#define KQL_TIME_TEXT_H
#include "../desk.h"

#define KQL_TICKS_PER_SECOND INT64_C(10000000)
#define KQL_TICKS_PER_DAY (86400 * KQL_TICKS_PER_SECOND)
#define KQL_TICKS_OF_UNIX_EPOCH (INT64_C(719162) * KQL_TICKS_PER_DAY)
#define KQL_TICKS_MAX (INT64_C(3652059) * KQL_TICKS_PER_DAY - 1) /* 9999-12-31T23:59:59.9999999Z */

enum { KQL_TIME_ROOM = 40 }; /* for what the writers write */

/* 1.5, "h". False: no such unit, or more than fits. */
bool kql_timespan_of(double count, desk_text unit, int64_t *ticks);
/* 7d, 15 seconds, 02:03:04, -1.02:03:04.5, 02:03; 2 is two days */
bool kql_timespan_read(desk_text text, int64_t *ticks);
/* 2026-01-02, Fri, 2 Jan 26 or 02-Jan-26, with a time behind T or a blank, a fraction, Z, GMT or +01:00; without an
 * offset it is UTC. */
bool kql_datetime_read(desk_text text, int64_t *ticks);

/* [-][days.]hh:mm:ss[.fffffff] */
desk_text kql_timespan_write(int64_t ticks, char *room);
/* 2026-01-02T03:04:05.6789012Z. False: no time of the years 1 to 9999. */
bool kql_datetime_write(int64_t ticks, char *room, desk_text *out);

/* The year, and the month and day from 1. */
typedef struct kql_date {
    unsigned year;
    unsigned month;
    unsigned day;
} kql_date;
kql_date kql_date_of(int64_t ticks);
int64_t kql_date_ticks(kql_date date);
#endif
