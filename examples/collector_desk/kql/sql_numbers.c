/* Functions of numbers, and the largest of some values. What is no number is null. */
#include "sql_functions.h"

#include <math.h>
#include <string.h>

typedef struct curve {
    double (*of)(double number);
} curve;

static void apply(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    const curve *function = sqlite3_user_data(context);
    if (sqlite3_value_type(values[0]) != SQLITE_NULL)
        sqlite3_result_double(context, function->of(sqlite3_value_double(values[0])));
}

static void power(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    bool is_null = sqlite3_value_type(values[0]) == SQLITE_NULL || sqlite3_value_type(values[1]) == SQLITE_NULL;
    if (!is_null) sqlite3_result_double(context, pow(sqlite3_value_double(values[0]), sqlite3_value_double(values[1])));
}

/* All are numbers, or all are texts. */
static bool is_less(sqlite3_value *one, sqlite3_value *other)
{
    int type = sqlite3_value_type(one), other_type = sqlite3_value_type(other);
    if (type == SQLITE_INTEGER && other_type == SQLITE_INTEGER)
        return sqlite3_value_int64(one) < sqlite3_value_int64(other);
    if (type != SQLITE_TEXT || other_type != SQLITE_TEXT)
        return sqlite3_value_double(one) < sqlite3_value_double(other);
    const char *a = (const char *)sqlite3_value_text(one), *b = (const char *)sqlite3_value_text(other);
    return a && b && strcmp(a, b) < 0;
}

/* max_of, min_of: what is null does not count. */
static void extreme(sqlite3_context *context, int count, sqlite3_value **values)
{
    bool is_max = sqlite3_user_data(context) != NULL;
    sqlite3_value *best = NULL;
    for (int i = 0; i < count; i++) {
        if (sqlite3_value_type(values[i]) == SQLITE_NULL) continue;
        if (!best || is_less(is_max ? best : values[i], is_max ? values[i] : best)) best = values[i];
    }
    if (best) sqlite3_result_value(context, best);
}

bool kql_sql_numbers_add(sqlite3 *db)
{
    static const struct {
        const char *name;
        curve of;
    } curves[] = {{"kql_sqrt", {sqrt}}, {"kql_exp", {exp}},     {"kql_log", {log}},
                  {"kql_log2", {log2}}, {"kql_log10", {log10}}, {"kql_ceiling", {ceil}}};
    bool added = kql_sql_add(db, "kql_pow", 2, power, NULL) && kql_sql_add(db, "kql_max_of", -1, extreme, "max") &&
                 kql_sql_add(db, "kql_min_of", -1, extreme, NULL);
    for (size_t i = 0; added && i < sizeof curves / sizeof curves[0]; i++)
        added = kql_sql_add(db, curves[i].name, 1, apply, &curves[i].of);
    return added;
}
