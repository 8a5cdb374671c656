/* Both are read digit by digit: nothing else may stand there. */
#include "track_time.h"

typedef struct digits {
    const char *at, *end;
} digits;

static bool is_digit(const digits *d)
{
    return d->at < d->end && *d->at >= '0' && *d->at <= '9';
}

static bool read_digits(digits *d, unsigned least, unsigned most, unsigned *value)
{
    unsigned count = 0;
    for (*value = 0; count < most && is_digit(d); count++) *value = *value * 10 + (unsigned)(*d->at++ - '0');
    return count >= least;
}

static bool read_character(digits *d, char c)
{
    if (d->at == d->end || *d->at != c) return false;
    d->at++;
    return true;
}

/* Behind a point, in nanoseconds; none: 0. */
static bool read_fraction(digits *d, uint64_t *nanoseconds)
{
    *nanoseconds = 0;
    if (!read_character(d, '.')) return true;
    if (!is_digit(d)) return false;
    uint64_t unit = 100000000;
    for (; is_digit(d); d->at++, unit /= 10) *nanoseconds += unit * (uint64_t)(*d->at - '0');
    return true;
}

static bool read_clock(digits *d, uint64_t *nanoseconds)
{
    unsigned hours, minutes, seconds;
    uint64_t fraction;
    if (!read_digits(d, 2, 2, &hours) || !read_character(d, ':') || !read_digits(d, 2, 2, &minutes) ||
        !read_character(d, ':') || !read_digits(d, 2, 2, &seconds) || !read_fraction(d, &fraction))
        return false;
    *nanoseconds = ((hours * 60ull + minutes) * 60 + seconds) * 1000000000 + fraction;
    return hours < 24 && minutes < 60 && seconds < 60;
}

static unsigned days_of_month(unsigned year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && is_leap ? 1u : 0u);
}

/* Days since 1970-01-01. */
static bool read_date(digits *d, int64_t *days)
{
    unsigned year, month, day;
    if (!read_digits(d, 4, 4, &year) || !read_character(d, '-') || !read_digits(d, 2, 2, &month) ||
        !read_character(d, '-') || !read_digits(d, 2, 2, &day))
        return false;
    if (year < 1970 || year > 2553 || month < 1 || month > 12 || day < 1 || day > days_of_month(year, month))
        return false;
    unsigned before = year - 1;
    *days = (int64_t)before * 365 + before / 4 - before / 100 + before / 400 - 719162 + day - 1;
    for (unsigned m = 1; m < month; m++) *days += days_of_month(year, m);
    return true;
}

static bool read_zone(digits *d, int64_t *minutes)
{
    *minutes = 0;
    if (d->at == d->end || read_character(d, 'Z')) return true;
    bool is_west = read_character(d, '-');
    unsigned hours, rest;
    if (!is_west && !read_character(d, '+')) return false;
    if (!read_digits(d, 2, 2, &hours)) return false;
    read_character(d, ':');
    if (!read_digits(d, 2, 2, &rest) || hours > 14 || rest > 59) return false;
    *minutes = (int64_t)(hours * 60 + rest) * (is_west ? -1 : 1);
    return true;
}

bool desk_track_time(desk_text text, uint64_t *unix_nano)
{
    digits d = {text.at, text.at + text.size};
    int64_t days, zone;
    uint64_t clock;
    if (!read_date(&d, &days)) return false;
    if (!read_character(&d, 'T') && !read_character(&d, ' ')) return false;
    if (!read_clock(&d, &clock) || !read_zone(&d, &zone) || d.at != d.end) return false;
    int64_t seconds = days * 86400 + (int64_t)(clock / 1000000000) - zone * 60;
    *unix_nano = (uint64_t)seconds * 1000000000 + clock % 1000000000;
    return seconds >= 0;
}

bool desk_track_duration(desk_text text, double *milliseconds)
{
    digits d = {text.at, text.at + text.size};
    unsigned days = 0;
    uint64_t clock;
    for (const char *at = text.at; at + 2 < d.end && *at != ':'; at++) {
        if (*at != '.') continue;
        if (!read_digits(&d, 1, 3, &days) || !read_character(&d, '.')) return false;
        break;
    }
    if (!read_clock(&d, &clock) || d.at != d.end) return false;
    *milliseconds = days * 86400000.0 + (double)clock / 1e6;
    return true;
}
