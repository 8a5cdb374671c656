/* The Retry-After header: seconds, or an HTTP date in one of its three forms (HTTP Semantics, "Date/Time Formats"). */
#include "retry_after.h"

#include "text.h"

#include <otel/exporters/http.h>
#include <string.h>

/* What is left of the text. Every reader below takes what it understands or says no. */
typedef struct scanner {
    const char *at, *end;
} scanner;

typedef struct date {
    int64_t year, month, day, hour, minute, second;
    int64_t short_year; /* of two digits */
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

static bool read_gmt(scanner *s)
{
    const char *word;
    size_t size = read_word(s, &word);
    return otel__same_word(word, size, "gmt");
}

/* One letter of a form below; what is none stands for itself. */
static bool read_part(scanner *s, char part, date *d)
{
    static const char letters[] = "YymdeHMS";
    int64_t *const fields[] = {&d->year, &d->short_year, NULL, &d->day, &d->day, &d->hour, &d->minute, &d->second};
    const char *letter = strchr(letters, part);
    if (part == 'Z') return read_gmt(s);
    if (part == 'm') return read_month(s, &d->month);
    if (!letter) return read_char(s, part);
    bool padded = part == 'e' && read_char(s, ' ');
    return read_number(s, part == 'Y' ? 4 : padded ? 1 : 2, fields[letter - letters]);
}

static bool read_form(scanner s, const char *form, date *d)
{
    while (*form && read_part(&s, *form, d)) form++;
    return !*form && s.at == s.end;
}

/* One that seems more than 50 years ahead is of the century before. */
static int64_t whole_year(int64_t short_year, int64_t this_year)
{
    int64_t year = this_year / 100 * 100 + short_year;
    return year > this_year + 50 ? year - 100 : year;
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
    static const char *const forms[] = {
        ", d m Y H:M:S Z", /* Sun, 06 Nov 1994 08:49:37 GMT */
        ", d-m-y H:M:S Z", /* Sunday, 06-Nov-94 08:49:37 GMT */
        " m e H:M:S Y",    /* Sun Nov  6 08:49:37 1994 */
    };
    scanner s = {text, text + size};
    date d = {.month = 1};
    const char *word;
    trim(&s);
    if (read_word(&s, &word) < 3) return false;
    size_t form = 0;
    while (form < 3 && !read_form(s, forms[form], &d)) form++;
    if (form == 1) d.year = whole_year(d.short_year, 1970 + now_unix_seconds / 31556952);
    if (form == 3 || !sensible(&d)) return false;
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

bool otel__retry_after(const char *text, size_t size, int64_t now_unix_seconds, int64_t *seconds)
{
    if (read_seconds(text, size, seconds)) return true;
    if (!otel__http_date(text, size, now_unix_seconds, seconds)) return false;
    *seconds -= now_unix_seconds;
    return true;
}

uint32_t otel_http_retry_after_ms(const char *text, size_t size, int64_t now_unix_seconds, uint32_t most_ms)
{
    int64_t seconds;
    if (!text || !otel__retry_after(text, size, now_unix_seconds, &seconds) || seconds <= 0) return 0;
    return seconds > most_ms / 1000 ? most_ms : (uint32_t)seconds * 1000;
}
