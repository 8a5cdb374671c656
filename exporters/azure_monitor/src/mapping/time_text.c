/* Points in time and durations as the service writes them. */
#include "time_text.h"

#include <stdio.h>

enum { TICKS_A_SECOND = 10000000, DAY = 86400 };

static char *put_digits(char *to, uint64_t number, int digits)
{
    for (int i = digits; i-- > 0; number /= 10) to[i] = (char)('0' + number % 10);
    return to + digits;
}

/* A day since 1970 as a date: years of 365.2425 days that begin in March, so that a leap day is the last. */
static char *put_date(char *to, uint64_t day)
{
    uint64_t since = day + 719468, era = since / 146097, of_era = since % 146097;
    uint64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    uint64_t of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
    uint64_t of_month = of_year - (153 * month + 2) / 5 + 1;
    to = put_digits(to, year + era * 400 + (month >= 10), 4);
    *to++ = '-';
    to = put_digits(to, month < 10 ? month + 3 : month - 9, 2);
    *to++ = '-';
    return put_digits(to, of_month, 2);
}

static char *put_clock(char *to, uint64_t seconds)
{
    to = put_digits(to, seconds / 3600, 2);
    *to++ = ':';
    to = put_digits(to, seconds / 60 % 60, 2);
    *to++ = ':';
    return put_digits(to, seconds % 60, 2);
}

void otel__azure_time_text(uint64_t unix_nano, char out[OTEL__AZURE_TIME_BYTES])
{
    uint64_t ticks = unix_nano / 100, seconds = ticks / TICKS_A_SECOND;
    char *to = put_date(out, seconds / DAY);
    *to++ = 'T';
    to = put_clock(to, seconds % DAY);
    *to++ = '.';
    to = put_digits(to, ticks % TICKS_A_SECOND, 7);
    *to++ = 'Z';
    *to = '\0';
}

void otel__azure_duration_text(double milliseconds, char out[OTEL__AZURE_DURATION_BYTES])
{
    const uint64_t most = UINT64_C(1000) * DAY * TICKS_A_SECOND - 1;
    double exact = milliseconds > 0 ? milliseconds * 10000 : 0;
    uint64_t ticks = exact < (double)most ? (uint64_t)(exact + 0.5) : most, seconds = ticks / TICKS_A_SECOND;
    char *to = out;
    if (seconds >= DAY) to += snprintf(to, 8, "%u.", (unsigned)(seconds / DAY));
    to = put_clock(to, seconds % DAY);
    *to++ = '.';
    *put_digits(to, ticks % TICKS_A_SECOND, 7) = '\0';
}

/* Reads so many digits at most; how many there were. */
static int digits(const char **at, int most)
{
    int n = 0;
    while (n < most && **at >= '0' && **at <= '9') (*at)++, n++;
    return n;
}

/* Two digits, below a bound. */
static bool part(const char **at, int bound)
{
    const char *from = *at;
    return digits(at, 2) == 2 && (from[0] - '0') * 10 + (from[1] - '0') < bound;
}

static bool colon(const char **at)
{
    return *(*at)++ == ':';
}

bool otel__azure_is_duration(const char *text)
{
    const char *at = text, *day = text;
    int day_digits = digits(&day, 3);
    if (day_digits > 0 && *day == '.') at = day + 1;
    if (!part(&at, 24) || !colon(&at) || !part(&at, 60) || !colon(&at) || !part(&at, 60)) return false;
    if (*at == '\0') return true;
    if (*at++ != '.') return false;
    return digits(&at, 7) > 0 && *at == '\0';
}
