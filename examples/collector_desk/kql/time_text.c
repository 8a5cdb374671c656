/* The Gregorian calendar from 0001-01-01 to 9999-12-31, and the texts of times. */
#include "time_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct cursor {
    const char *at;
    const char *end;
} cursor;

static const struct {
    int64_t ticks;
    desk_text names[7];
} units[] = {
    {KQL_TICKS_PER_DAY, {DESK_TEXT_INIT("d"), DESK_TEXT_INIT("day"), DESK_TEXT_INIT("days")}},
    {3600 * KQL_TICKS_PER_SECOND,
     {DESK_TEXT_INIT("h"), DESK_TEXT_INIT("hr"), DESK_TEXT_INIT("hrs"), DESK_TEXT_INIT("hour"),
      DESK_TEXT_INIT("hours")}},
    {60 * KQL_TICKS_PER_SECOND,
     {DESK_TEXT_INIT("m"), DESK_TEXT_INIT("min"), DESK_TEXT_INIT("minute"), DESK_TEXT_INIT("minutes")}},
    {KQL_TICKS_PER_SECOND,
     {DESK_TEXT_INIT("s"), DESK_TEXT_INIT("sec"), DESK_TEXT_INIT("second"), DESK_TEXT_INIT("seconds")}},
    {KQL_TICKS_PER_SECOND / 1000,
     {DESK_TEXT_INIT("ms"), DESK_TEXT_INIT("milli"), DESK_TEXT_INIT("millis"), DESK_TEXT_INIT("millisecond"),
      DESK_TEXT_INIT("milliseconds"), DESK_TEXT_INIT("millisec")}},
    {KQL_TICKS_PER_SECOND / 1000000,
     {DESK_TEXT_INIT("micro"), DESK_TEXT_INIT("micros"), DESK_TEXT_INIT("microsecond"), DESK_TEXT_INIT("microseconds"),
      DESK_TEXT_INIT("microsec")}},
    {1, {DESK_TEXT_INIT("tick"), DESK_TEXT_INIT("ticks")}},
};

static int64_t unit_ticks(desk_text unit)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        for (const desk_text *name = units[i].names; name->at; name++) {
            if (desk_text_is(unit, *name)) return units[i].ticks;
        }
    }
    return 0;
}

bool kql_timespan_of(double count, desk_text unit, int64_t *ticks)
{
    int64_t each = unit_ticks(unit);
    double product = count * (double)each;
    if (each == 0 || !(fabs(product) < 9.2e18)) return false;
    *ticks = (int64_t)llround(product);
    return true;
}

static bool take(cursor *c, char byte)
{
    if (c->at == c->end || *c->at != byte) return false;
    c->at++;
    return true;
}

static void skip_blanks(cursor *c)
{
    while (take(c, ' ')) continue;
}

/* From `least` to `most` digits. */
static bool take_number(cursor *c, unsigned least, unsigned most, int64_t *value)
{
    unsigned digits = 0;
    for (*value = 0; digits < most && c->at < c->end && *c->at >= '0' && *c->at <= '9'; digits++)
        *value = *value * 10 + (*c->at++ - '0');
    return digits >= least;
}

/* .5 is 5000000 ticks; digits behind the seventh count nothing. */
static bool take_fraction(cursor *c, int64_t *ticks)
{
    *ticks = 0;
    if (!take(c, '.')) return true;
    const char *from = c->at;
    for (int64_t weight = KQL_TICKS_PER_SECOND / 10; c->at < c->end && *c->at >= '0' && *c->at <= '9'; weight /= 10)
        *ticks += weight * (*c->at++ - '0');
    return c->at > from;
}

/* hh:mm, hh:mm:ss, hh:mm:ss.fffffff */
static bool take_clock(cursor *c, int64_t *ticks)
{
    int64_t hours, minutes, seconds = 0, fraction = 0;
    if (!take_number(c, 1, 2, &hours) || !take(c, ':') || !take_number(c, 2, 2, &minutes)) return false;
    if (take(c, ':') && (!take_number(c, 2, 2, &seconds) || !take_fraction(c, &fraction))) return false;
    *ticks = ((hours * 60 + minutes) * 60 + seconds) * KQL_TICKS_PER_SECOND + fraction;
    return hours < 24 && minutes < 60 && seconds < 60;
}

/* 7d, 15 seconds; a whole number by itself is days. */
static bool read_unit_form(cursor c, int64_t *ticks)
{
    char digits[32];
    size_t size = 0;
    while (c.at + size < c.end && (c.at[size] == '.' || (c.at[size] >= '0' && c.at[size] <= '9'))) size++;
    if (size == 0 || size >= sizeof digits) return false;
    memcpy(digits, c.at, size);
    digits[size] = '\0';
    c.at += size;
    skip_blanks(&c);
    desk_text unit = {c.at, (size_t)(c.end - c.at)};
    if (unit.size == 0 && !strchr(digits, '.')) unit = DESK_TEXT("d");
    return kql_timespan_of(strtod(digits, NULL), unit, ticks);
}

static bool read_clock_form(cursor c, int64_t *ticks)
{
    cursor ahead = c;
    int64_t days = 0;
    if (take_number(&ahead, 1, 7, &days) && take(&ahead, '.'))
        c = ahead;
    else
        days = 0;
    if (!take_clock(&c, ticks) || c.at != c.end) return false;
    *ticks += days * KQL_TICKS_PER_DAY;
    return true;
}

bool kql_timespan_read(desk_text text, int64_t *ticks)
{
    cursor c = {text.at, text.at + text.size};
    bool is_negative = take(&c, '-');
    if (!read_unit_form(c, ticks) && !read_clock_form(c, ticks)) return false;
    if (is_negative) *ticks = -*ticks;
    return true;
}

/* Days since 0001-01-01, in years that begin with March. */
int64_t kql_date_ticks(kql_date date)
{
    int64_t year = (int64_t)date.year - (date.month <= 2), era = year / 400, of_era = year - era * 400;
    int64_t of_year = (153 * (int64_t)(date.month + (date.month > 2 ? -3u : 9u)) + 2) / 5 + date.day - 1;
    int64_t days = era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    return (days - 306) * KQL_TICKS_PER_DAY;
}

kql_date kql_date_of(int64_t ticks)
{
    int64_t days = ticks / KQL_TICKS_PER_DAY + 306, era = days / 146097, of_era = days % 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100), shifted = (5 * of_year + 2) / 153;
    kql_date date = {.day = (unsigned)(of_year - (153 * shifted + 2) / 5 + 1),
                     .month = (unsigned)(shifted < 10 ? shifted + 3 : shifted - 9)};
    date.year = (unsigned)(era * 400 + year) + (date.month <= 2);
    return date;
}

static bool is_date(kql_date date)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (date.year < 1 || date.month < 1 || date.month > 12 || date.day < 1) return false;
    bool is_leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
    return date.day <= days[date.month - 1] + (unsigned)(is_leap && date.month == 2);
}

static bool give_date(int64_t year, int64_t month, int64_t day, int64_t *ticks)
{
    kql_date date = {(unsigned)year, (unsigned)month, (unsigned)day};
    if (!is_date(date)) return false;
    *ticks = kql_date_ticks(date);
    return true;
}

static bool take_date(cursor *c, int64_t *ticks)
{
    int64_t year, month, day;
    return take_number(c, 4, 4, &year) && take(c, '-') && take_number(c, 1, 2, &month) && take(c, '-') &&
           take_number(c, 1, 2, &day) && give_date(year, month, day, ticks);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static desk_text take_word(cursor *c)
{
    const char *from = c->at;
    while (c->at < c->end && is_letter(*c->at)) c->at++;
    return (desk_text){from, (size_t)(c->at - from)};
}

/* 0: no month. */
static int64_t month_of(desk_text word)
{
    static const desk_text months[] = {DESK_TEXT_INIT("Jan"), DESK_TEXT_INIT("Feb"), DESK_TEXT_INIT("Mar"),
                                       DESK_TEXT_INIT("Apr"), DESK_TEXT_INIT("May"), DESK_TEXT_INIT("Jun"),
                                       DESK_TEXT_INIT("Jul"), DESK_TEXT_INIT("Aug"), DESK_TEXT_INIT("Sep"),
                                       DESK_TEXT_INIT("Oct"), DESK_TEXT_INIT("Nov"), DESK_TEXT_INIT("Dec")};
    for (size_t i = 0; i < sizeof months / sizeof months[0]; i++) {
        if (desk_text_is(word, months[i])) return (int64_t)i + 1;
    }
    return 0;
}

/* Of RFC 822 and 850: 8 Nov 14, Sat, 8 Nov 2014, Saturday, 08-Nov-14; the day of the week is not looked at. */
static bool take_date_in_words(cursor *c, int64_t *ticks)
{
    int64_t day, month, year;
    if (take_word(c).size && !take(c, ',')) return false;
    skip_blanks(c);
    if (!take_number(c, 1, 2, &day)) return false;
    char between = take(c, '-') ? '-' : ' ';
    if (between == ' ' && !take(c, ' ')) return false;
    month = month_of(take_word(c));
    const char *from = c->at + 1;
    if (!take(c, between) || !take_number(c, 2, 4, &year) || c->at - from == 3) return false;
    if (c->at - from == 2) year += year < 50 ? 2000 : 1900;
    return give_date(year, month, day, ticks);
}

/* Z, GMT, +01:00, -0530 or nothing. */
static bool take_offset(cursor *c, int64_t *ticks)
{
    int64_t hours, minutes;
    *ticks = 0;
    skip_blanks(c);
    if (c->at == c->end || take(c, 'Z') || desk_text_is(take_word(c), DESK_TEXT("GMT"))) return true;
    bool is_negative = take(c, '-');
    if (!is_negative && !take(c, '+')) return false;
    if (!take_number(c, 2, 2, &hours) || (take(c, ':'), !take_number(c, 2, 2, &minutes))) return false;
    *ticks = (hours * 60 + minutes) * 60 * KQL_TICKS_PER_SECOND * (is_negative ? -1 : 1);
    return hours <= 14 && minutes < 60;
}

bool kql_datetime_read(desk_text text, int64_t *ticks)
{
    cursor from = {text.at, text.at + text.size}, c = from;
    int64_t clock = 0, offset = 0;
    if (!take_date(&c, ticks) && (c = from, !take_date_in_words(&c, ticks))) return false;
    if (c.at < c.end) {
        if (!take(&c, 'T') && !take(&c, ' ')) return false;
        if (!take_clock(&c, &clock) || !take_offset(&c, &offset)) return false;
    }
    *ticks += clock - offset;
    return c.at == c.end && *ticks >= 0 && *ticks <= KQL_TICKS_MAX;
}

static char *put(char *at, int64_t value, unsigned digits, char behind)
{
    for (unsigned i = digits; i > 0; i--, value /= 10) at[i - 1] = (char)('0' + value % 10);
    at[digits] = behind;
    return at + digits + 1;
}

bool kql_datetime_write(int64_t ticks, char *room, desk_text *out)
{
    if (ticks < 0 || ticks > KQL_TICKS_MAX) return false;
    kql_date date = kql_date_of(ticks);
    int64_t of_day = ticks % KQL_TICKS_PER_DAY, second = of_day / KQL_TICKS_PER_SECOND;
    char *at = put(room, date.year, 4, '-');
    at = put(at, date.month, 2, '-');
    at = put(at, date.day, 2, 'T');
    at = put(at, second / 3600, 2, ':');
    at = put(at, second / 60 % 60, 2, ':');
    at = put(at, second % 60, 2, '.');
    at = put(at, of_day % KQL_TICKS_PER_SECOND, 7, 'Z');
    *out = (desk_text){room, (size_t)(at - room)};
    return true;
}

desk_text kql_timespan_write(int64_t ticks, char *room)
{
    uint64_t left = ticks < 0 ? 0 - (uint64_t)ticks : (uint64_t)ticks;
    int64_t days = (int64_t)(left / (uint64_t)KQL_TICKS_PER_DAY),
            of_day = (int64_t)(left % (uint64_t)KQL_TICKS_PER_DAY);
    int64_t second = of_day / KQL_TICKS_PER_SECOND, fraction = of_day % KQL_TICKS_PER_SECOND;
    unsigned digits = 1;
    for (int64_t rest = days / 10; rest > 0; rest /= 10) digits++;
    char *at = room;
    if (ticks < 0) *at++ = '-';
    if (days) at = put(at, days, digits, '.');
    at = put(at, second / 3600, 2, ':');
    at = put(at, second / 60 % 60, 2, ':');
    at = put(at, second % 60, 2, '.');
    if (fraction) at = put(at, fraction, 7, '\0');
    return (desk_text){room, (size_t)(at - 1 - room)};
}
