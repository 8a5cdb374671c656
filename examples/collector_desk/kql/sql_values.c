/* Conversions and comparisons of values: what does not convert is NULL. */
#include "sql_functions.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../desk.h"

/* Without the blanks around it; absent: NULL. */
static desk_text trimmed(sqlite3_value *value)
{
    const char *text = (const char *)sqlite3_value_text(value);
    if (!text) return (desk_text){NULL, 0};
    size_t size = (size_t)sqlite3_value_bytes(value);
    for (; size && memchr(" \t\r\n", text[size - 1], 4); size--) continue;
    for (; size && memchr(" \t\r\n", *text, 4); text++) size--;
    return (desk_text){text, size};
}

static bool read_long(desk_text text, sqlite3_int64 *out)
{
    char digits[24] = "", *end;
    if (text.size == 0 || text.size >= sizeof digits) return false;
    memcpy(digits, text.at, text.size);
    errno = 0;
    *out = strtoll(digits, &end, 10);
    return errno == 0 && *end == '\0' && end == digits + text.size;
}

/* Only what looks like a number: strtod knows nan, infinity and hexadecimal too. */
static bool read_real(desk_text text, double *out)
{
    char digits[64] = "", *end;
    if (text.size == 0 || text.size >= sizeof digits) return false;
    memcpy(digits, text.at, text.size);
    if (strspn(digits, "+-.0123456789eE") != text.size) return false;
    *out = strtod(digits, &end);
    return end == digits + text.size;
}

static void to_long(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    sqlite3_int64 number;
    if (sqlite3_value_type(values[0]) == SQLITE_FLOAT)
        sqlite3_result_int64(context, sqlite3_value_int64(values[0]));
    else if (read_long(trimmed(values[0]), &number))
        sqlite3_result_int64(context, number);
}

static void to_real(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    double number;
    if (read_real(trimmed(values[0]), &number)) sqlite3_result_double(context, number);
}

/* Whole where the text is whole: for comparisons. */
static void to_number(sqlite3_context *context, int count, sqlite3_value **values)
{
    sqlite3_int64 number;
    if (read_long(trimmed(values[0]), &number))
        sqlite3_result_int64(context, number);
    else
        to_real(context, count, values);
}

static void to_bool(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    double number;
    desk_text text = trimmed(values[0]);
    if (text.size == 4 && sqlite3_strnicmp(text.at, "true", 4) == 0)
        sqlite3_result_int(context, 1);
    else if (text.size == 5 && sqlite3_strnicmp(text.at, "false", 5) == 0)
        sqlite3_result_int(context, 0);
    else if (read_real(text, &number))
        sqlite3_result_int(context, fpclassify(number) != FP_ZERO);
}

static void bool_text(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    if (sqlite3_value_type(values[0]) == SQLITE_NULL) return;
    sqlite3_result_text(context, sqlite3_value_int(values[0]) ? "true" : "false", -1, SQLITE_STATIC);
}

static bool are_equal(sqlite3_value *one, sqlite3_value *other)
{
    int type = sqlite3_value_type(one), other_type = sqlite3_value_type(other);
    if (type == SQLITE_INTEGER && other_type == SQLITE_INTEGER)
        return sqlite3_value_int64(one) == sqlite3_value_int64(other);
    bool are_numbers = type != SQLITE_TEXT && other_type != SQLITE_TEXT;
    double a = sqlite3_value_double(one), b = sqlite3_value_double(other);
    if (are_numbers) return a >= b && a <= b;
    const void *text = sqlite3_value_text(one), *other_text = sqlite3_value_text(other);
    int size = sqlite3_value_bytes(one);
    return text && other_text && size == sqlite3_value_bytes(other) && memcmp(text, other_text, (size_t)size) == 0;
}

/* null == null is null, null == 1 is false. */
static void equal(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    bool one_is_null = sqlite3_value_type(values[0]) == SQLITE_NULL,
         other_is_null = sqlite3_value_type(values[1]) == SQLITE_NULL;
    if (one_is_null && other_is_null) return;
    sqlite3_result_int(context, !one_is_null && !other_is_null && are_equal(values[0], values[1]));
}

static void modulo_of_reals(sqlite3_context *context, double value, double divisor)
{
    if (fpclassify(divisor) == FP_ZERO) return;
    double rest = fmod(value, divisor);
    sqlite3_result_double(context, rest < 0 ? rest + fabs(divisor) : rest);
}

/* From 0 to the divisor without its sign; by 0 it is null. */
static void modulo(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    int type = sqlite3_value_type(values[0]), divisor_type = sqlite3_value_type(values[1]);
    if (type == SQLITE_NULL || divisor_type == SQLITE_NULL) return;
    if (type != SQLITE_INTEGER || divisor_type != SQLITE_INTEGER) {
        modulo_of_reals(context, sqlite3_value_double(values[0]), sqlite3_value_double(values[1]));
        return;
    }
    sqlite3_int64 divisor = sqlite3_value_int64(values[1]);
    if (divisor == 0) return;
    sqlite3_int64 rest = divisor == -1 ? 0 : sqlite3_value_int64(values[0]) % divisor;
    if (rest < 0) rest = divisor < 0 ? rest - divisor : rest + divisor;
    sqlite3_result_int64(context, rest);
}

/* Null beyond 32 bits. */
static void to_int(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    sqlite3_int64 number = sqlite3_value_int64(values[0]);
    bool is_null = sqlite3_value_type(values[0]) == SQLITE_NULL;
    if (!is_null && number >= INT32_MIN && number <= INT32_MAX) sqlite3_result_int64(context, number);
}

/* Where substr() begins: it counts from 1, and as the language does from the end. */
static void start_of(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    sqlite3_int64 start = sqlite3_value_int64(values[0]);
    if (sqlite3_value_type(values[0]) == SQLITE_NULL) return;
    sqlite3_result_int64(context, start >= 0 && start < INT64_MAX ? start + 1 : start);
}

bool kql_sql_values_add(sqlite3 *db)
{
    return kql_sql_add(db, "kql_long", 1, to_long, NULL) && kql_sql_add(db, "kql_real", 1, to_real, NULL) &&
           kql_sql_add(db, "kql_number", 1, to_number, NULL) && kql_sql_add(db, "kql_bool", 1, to_bool, NULL) &&
           kql_sql_add(db, "kql_bool_text", 1, bool_text, NULL) && kql_sql_add(db, "kql_equal", 2, equal, NULL) &&
           kql_sql_add(db, "kql_modulo", 2, modulo, NULL) && kql_sql_add(db, "kql_int", 1, to_int, NULL) &&
           kql_sql_add(db, "kql_start", 1, start_of, NULL);
}
