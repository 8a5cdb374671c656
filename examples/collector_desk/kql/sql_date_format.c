/* format_datetime(): a time in a form such as yyyy-MM-dd HH:mm:ss.fff. */
#include "sql_functions.h"

#include <string.h>

#include "../buffer.h"
#include "time_text.h"

typedef struct moment {
    kql_date date;
    int64_t hour, minute, second, fraction;
} moment;

static moment moment_of(int64_t ticks)
{
    int64_t of_day = ticks % KQL_TICKS_PER_DAY, second = of_day / KQL_TICKS_PER_SECOND;
    return (moment){kql_date_of(ticks), second / 3600, second / 60 % 60, second % 60, of_day % KQL_TICKS_PER_SECOND};
}

/* At most seven digits. */
static void put_padded(desk_buffer *out, int64_t number, size_t digits)
{
    char text[8];
    for (size_t i = digits; i > 0; i--, number /= 10) text[i - 1] = (char)('0' + number % 10);
    desk_put(out, (desk_text){text, digits});
}

/* f and F: so many digits of the second's fraction; F leaves zeros at its end away. */
static bool put_fraction(desk_buffer *out, int64_t fraction, size_t digits, bool is_short)
{
    if (digits > 7) return false;
    for (size_t i = digits; i < 7; i++) fraction /= 10;
    for (; is_short && digits > 0 && fraction % 10 == 0; digits--) fraction /= 10;
    if (digits) put_padded(out, fraction, digits);
    return true;
}

/* dd has two digits, d one where that is enough. */
static bool put_number(desk_buffer *out, int64_t number, size_t letters)
{
    if (letters <= 2) put_padded(out, number, number > 9 ? 2 : letters);
    return letters <= 2;
}

static bool put_year(desk_buffer *out, unsigned year, size_t letters)
{
    if (letters == 4) put_padded(out, year, 4);
    return letters == 4 || put_number(out, year % 100, letters);
}

static bool put_half(desk_buffer *out, int64_t hour, size_t letters)
{
    if (letters == 2) desk_put(out, hour < 12 ? DESK_TEXT("AM") : DESK_TEXT("PM"));
    return letters == 2;
}

static bool put_letters(desk_buffer *out, const moment *m, char letter, size_t count)
{
    switch (letter) {
    case 'y':
        return put_year(out, m->date.year, count);
    case 'M':
        return put_number(out, m->date.month, count);
    case 'd':
        return put_number(out, m->date.day, count);
    case 'H':
        return put_number(out, m->hour, count);
    case 'h':
        return put_number(out, m->hour % 12 ? m->hour % 12 : 12, count);
    case 'm':
        return put_number(out, m->minute, count);
    case 's':
        return put_number(out, m->second, count);
    case 't':
        return put_half(out, m->hour, count);
    case 'f':
    case 'F':
        return put_fraction(out, m->fraction, count, letter == 'F');
    default:
        return false;
    }
}

/* False: a letter or mark that means nothing. */
static bool put_form(desk_buffer *out, const moment *m, desk_text form)
{
    for (size_t i = 0, count; i < form.size; i += count) {
        count = 1;
        if (memchr(" /-:,._[]", form.at[i], 9)) {
            desk_put_byte(out, form.at[i]);
            continue;
        }
        while (i + count < form.size && form.at[i + count] == form.at[i]) count++;
        if (!put_letters(out, m, form.at[i], count)) return false;
    }
    return true;
}

static void format(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    const char *time = (const char *)sqlite3_value_text(values[0]), *form = (const char *)sqlite3_value_text(values[1]);
    desk_buffer out = {0};
    int64_t ticks;
    if (!time || !form || !kql_datetime_read((desk_text){time, (size_t)sqlite3_value_bytes(values[0])}, &ticks)) return;
    moment m = moment_of(ticks);
    if (put_form(&out, &m, (desk_text){form, (size_t)sqlite3_value_bytes(values[1])}) && !out.failed)
        sqlite3_result_text64(context, out.at ? out.at : "", out.size, SQLITE_TRANSIENT, SQLITE_UTF8);
    desk_buffer_release(&out);
}

bool kql_sql_date_format_add(sqlite3 *db)
{
    return kql_sql_add(db, "kql_format_datetime", 2, format, NULL);
}
