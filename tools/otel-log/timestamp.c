/* RFC 3339 and decimal nanoseconds, without the C library: it knows neither fractions nor the whole range. */
#include "timestamp.h"

#define NANOS_PER_SECOND 1000000000u

typedef struct scanner {
    const char *at, *end;
    bool good;
} scanner;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool more_digits(const scanner *s)
{
    return s->at < s->end && is_digit(*s->at);
}

static int take_number(scanner *s, int digits, int least, int most)
{
    int value = 0;
    for (int i = 0; i < digits; i++) {
        if (!more_digits(s)) {
            s->good = false;
            return 0;
        }
        value = value * 10 + (*s->at++ - '0');
    }
    if (value < least || value > most) s->good = false;
    return value;
}

static char take_one_of(scanner *s, const char *choices)
{
    for (const char *c = choices; s->at < s->end && *c; c++) {
        if (*s->at == *c) return *s->at++;
    }
    s->good = false;
    return '\0';
}

static int days_of_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* Counted in years that begin in March, so that the leap day is the last one of its year. */
static int64_t days_since_1970(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
}

static int64_t take_date(scanner *s)
{
    int year = take_number(s, 4, 0, 9999);
    take_one_of(s, "-");
    int month = take_number(s, 2, 1, 12);
    take_one_of(s, "-");
    int day = take_number(s, 2, 1, 31);
    if (!s->good) return 0;
    if (day > days_of_month(year, month)) s->good = false;
    return days_since_1970(year, month, day);
}

/* A leap second is the first second of the next minute: Unix time has no other place for it. */
static int64_t take_time_of_day(scanner *s)
{
    int hour = take_number(s, 2, 0, 23);
    take_one_of(s, ":");
    int minute = take_number(s, 2, 0, 59);
    take_one_of(s, ":");
    int second = take_number(s, 2, 0, 60);
    return (hour * 60 + minute) * 60 + second;
}

static uint32_t take_fraction(scanner *s)
{
    if (s->at == s->end || *s->at != '.') return 0;
    s->at++;
    uint32_t nanos = 0, unit = NANOS_PER_SECOND / 10u;
    if (!more_digits(s)) s->good = false;
    for (; more_digits(s); unit /= 10u) nanos += (uint32_t)(*s->at++ - '0') * unit;
    return nanos;
}

static int64_t take_offset(scanner *s)
{
    char sign = take_one_of(s, "Zz+-");
    if (sign == 'Z' || sign == 'z' || !s->good) return 0;
    int hour = take_number(s, 2, 0, 23);
    take_one_of(s, ":");
    int minute = take_number(s, 2, 0, 59);
    int64_t seconds = (hour * 60 + minute) * 60;
    return sign == '-' ? -seconds : seconds;
}

static bool read_rfc3339(scanner *s, uint64_t *unix_nano)
{
    int64_t seconds = take_date(s) * 86400;
    take_one_of(s, "Tt ");
    seconds += take_time_of_day(s);
    uint32_t nanos = take_fraction(s);
    seconds -= take_offset(s);
    if (!s->good || s->at != s->end || seconds < 0) return false;
    if ((uint64_t)seconds > (UINT64_MAX - nanos) / NANOS_PER_SECOND) return false;
    *unix_nano = (uint64_t)seconds * NANOS_PER_SECOND + nanos;
    return true;
}

static bool read_nanoseconds(const char *text, size_t size, uint64_t *unix_nano)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) {
        if (!is_digit(text[i])) return false;
        uint64_t digit = (uint64_t)(text[i] - '0');
        if (value > (UINT64_MAX - digit) / 10u) return false;
        value = value * 10u + digit;
    }
    if (size > 0) *unix_nano = value;
    return size > 0;
}

bool otel__timestamp_read(const char *text, size_t size, uint64_t *unix_nano)
{
    if (!text) return false;
    scanner s = {text, text + size, true};
    return read_nanoseconds(text, size, unix_nano) || read_rfc3339(&s, unix_nano);
}
