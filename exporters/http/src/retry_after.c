/* The Retry-After header: seconds, or an HTTP date in one of its three forms (HTTP Semantics, "Date/Time Formats"). */
#include "retry_after.h"

#include "text.h"

#include <otel/exporters/http.h>

/* What is left of the text. Every reader below takes what it understands or says no. */
typedef struct scanner {
    const char *at, *end;
} scanner;

typedef struct date {
    int64_t year, month, day, hour, minute, second;
} date;

static bool read_char(scanner *s, char c)
{
    if (s->at == s->end || *s->at != c) return false;
    s->at++;
    return true;
}

static bool read_number(scanner *s, size_t digits, int64_t *n)
{
    *n = 0;
    for (size_t i = 0; i < digits; i++) {
        if (s->at == s->end || !otel__digit(*s->at)) return false;
        *n = *n * 10 + (*s->at++ - '0');
    }
    return true;
}

static size_t read_word(scanner *s, const char **word)
{
    *word = s->at;
    while (s->at < s->end && otel__lower(*s->at) >= 'a' && otel__lower(*s->at) <= 'z') s->at++;
    return (size_t)(s->at - *word);
}

static bool read_month(scanner *s, int64_t *month)
{
    static const char *const names[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec"};
    const char *word;
    size_t size = read_word(s, &word);
    for (*month = 1; *month <= 12; ++*month)
        if (otel__same_word(word, size, names[*month - 1])) return true;
    return false;
}

static bool read_time(scanner *s, date *d)
{
    return read_number(s, 2, &d->hour) && read_char(s, ':') && read_number(s, 2, &d->minute) && read_char(s, ':') &&
           read_number(s, 2, &d->second);
}

static bool read_gmt(scanner *s)
{
    const char *word = s->at;
    size_t size = read_char(s, ' ') ? read_word(s, &word) : 0;
    return otel__same_word(word, size, "gmt") && s->at == s->end;
}

/* Sun, 06 Nov 1994 08:49:37 GMT */
static bool read_fixed(scanner s, date *d)
{
    return read_char(&s, ',') && read_char(&s, ' ') && read_number(&s, 2, &d->day) && read_char(&s, ' ') &&
           read_month(&s, &d->month) && read_char(&s, ' ') && read_number(&s, 4, &d->year) && read_char(&s, ' ') &&
           read_time(&s, d) && read_gmt(&s);
}

/* Sunday, 06-Nov-94 08:49:37 GMT; a year that seems more than 50 years ahead is of the century before. */
static bool read_rfc850(scanner s, date *d, int64_t this_year)
{
    if (!(read_char(&s, ',') && read_char(&s, ' ') && read_number(&s, 2, &d->day) && read_char(&s, '-') &&
          read_month(&s, &d->month) && read_char(&s, '-') && read_number(&s, 2, &d->year) && read_char(&s, ' ') &&
          read_time(&s, d) && read_gmt(&s)))
        return false;
    d->year += this_year / 100 * 100;
    if (d->year > this_year + 50) d->year -= 100;
    return true;
}

/* Sun Nov  6 08:49:37 1994 */
static bool read_asctime(scanner s, date *d)
{
    if (!(read_char(&s, ' ') && read_month(&s, &d->month) && read_char(&s, ' '))) return false;
    bool padded = read_char(&s, ' ');
    return read_number(&s, padded ? 1 : 2, &d->day) && read_char(&s, ' ') && read_time(&s, d) && read_char(&s, ' ') &&
           read_number(&s, 4, &d->year) && s.at == s.end;
}

static bool leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool sensible(const date *d)
{
    static const int64_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t most = days[d->month - 1] + (d->month == 2 && leap(d->year));
    return d->year >= 1970 && d->day >= 1 && d->day <= most && d->hour < 24 && d->minute < 60 && d->second <= 60;
}

/* Proleptic Gregorian, years counted from March so that the leap day comes last. */
static int64_t unix_seconds(const date *d)
{
    int64_t year = d->month > 2 ? d->year : d->year - 1;
    int64_t month = (d->month + 9) % 12;
    int64_t days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + d->day - 1 - 719468;
    return ((days * 24 + d->hour) * 60 + d->minute) * 60 + d->second;
}

static void trim(scanner *s)
{
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\t')) s->at++;
    while (s->at < s->end && (s->end[-1] == ' ' || s->end[-1] == '\t')) s->end--;
}

bool otel__http_date(const char *text, size_t size, int64_t now_unix_seconds, int64_t *seconds)
{
    scanner s = {text, text + size};
    date d;
    const char *word;
    trim(&s);
    if (read_word(&s, &word) < 3) return false;
    int64_t this_year = 1970 + now_unix_seconds / 31556952;
    if (!read_fixed(s, &d) && !read_rfc850(s, &d, this_year) && !read_asctime(s, &d)) return false;
    if (!sensible(&d)) return false;
    *seconds = unix_seconds(&d);
    return true;
}

static bool read_seconds(const char *text, size_t size, int64_t *seconds)
{
    scanner s = {text, text + size};
    trim(&s);
    if (s.at == s.end) return false;
    for (*seconds = 0; s.at < s.end; s.at++) {
        if (!otel__digit(*s.at)) return false;
        if (*seconds < INT32_MAX) *seconds = *seconds * 10 + (*s.at - '0');
    }
    return true;
}

uint32_t otel_http_retry_after_ms(const char *text, size_t size, int64_t now_unix_seconds, uint32_t most_ms)
{
    int64_t seconds = 0;
    if (!text) return 0;
    if (!read_seconds(text, size, &seconds)) {
        if (!otel__http_date(text, size, now_unix_seconds, &seconds)) return 0;
        seconds -= now_unix_seconds;
    }
    if (seconds <= 0) return 0;
    return seconds > most_ms / 1000 ? most_ms : (uint32_t)seconds * 1000;
}
