/* Aggregates that SQLite lacks: percentiles of all values, variance and standard deviation as they come. */
#include "sql_functions.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

typedef struct value {
    double real;
    sqlite3_int64 whole; /* the same, exactly, when no value has a fraction */
} value;

typedef struct population {
    value *at;
    size_t count;
    size_t room;
    double percent;
    bool has_fractions; /* as a type: 2.0 is a real */
} population;

static int compare(const void *one, const void *other)
{
    const value *a = one, *b = other;
    if (a->real < b->real || a->real > b->real) return a->real < b->real ? -1 : 1;
    return (a->whole > b->whole) - (a->whole < b->whole);
}

static bool make_room(population *all)
{
    if (all->count < all->room) return true;
    size_t room = all->room ? all->room * 2 : 64;
    value *grown = sqlite3_realloc64(all->at, room * sizeof *grown);
    if (!grown) return false;
    all->at = grown;
    all->room = room;
    return true;
}

/* The percentage is a literal: the same in each row. */
static void percentile_step(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    population *all = sqlite3_aggregate_context(context, sizeof *all);
    if (!all || sqlite3_value_type(values[0]) == SQLITE_NULL) return;
    if (!make_room(all)) {
        sqlite3_result_error_nomem(context);
        return;
    }
    all->percent = sqlite3_value_double(values[1]);
    if (sqlite3_value_type(values[0]) == SQLITE_FLOAT) all->has_fractions = true;
    all->at[all->count++] = (value){sqlite3_value_double(values[0]), sqlite3_value_int64(values[0])};
}

/* The smallest value to which so many per cent are equal or less. */
static void percentile_final(sqlite3_context *context)
{
    population *all = sqlite3_aggregate_context(context, 0);
    if (!all || all->count == 0) return;
    qsort(all->at, all->count, sizeof *all->at, compare);
    double rank = ceil(all->percent / 100 * (double)all->count);
    const value *found = &all->at[rank < 1 ? 0 : (size_t)rank - 1];
    if (all->has_fractions)
        sqlite3_result_double(context, found->real);
    else
        sqlite3_result_int64(context, found->whole);
    sqlite3_free(all->at);
}

/* Welford: no large sums of squares. */
typedef struct spread {
    double count;
    double mean;
    double squares;
} spread;

static void spread_step(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    spread *all = sqlite3_aggregate_context(context, sizeof *all);
    if (!all || sqlite3_value_type(values[0]) == SQLITE_NULL) return;
    double number = sqlite3_value_double(values[0]), before = number - all->mean;
    all->count++;
    all->mean += before / all->count;
    all->squares += before * (number - all->mean);
}

/* Of a sample; of less than two values it is 0. */
static double variance_of(const spread *all)
{
    return all && all->count > 1 ? all->squares / (all->count - 1) : 0;
}

static void variance_final(sqlite3_context *context)
{
    sqlite3_result_double(context, variance_of(sqlite3_aggregate_context(context, 0)));
}

static void deviation_final(sqlite3_context *context)
{
    sqlite3_result_double(context, sqrt(variance_of(sqlite3_aggregate_context(context, 0))));
}

static bool add(sqlite3 *db, const char *name, int arguments, kql_sql_function *step, void (*final)(sqlite3_context *))
{
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    return sqlite3_create_function_v2(db, name, arguments, flags, NULL, NULL, step, final, NULL) == SQLITE_OK;
}

bool kql_sql_statistics_add(sqlite3 *db)
{
    return add(db, "kql_percentile", 2, percentile_step, percentile_final) &&
           add(db, "kql_variance", 1, spread_step, variance_final) &&
           add(db, "kql_stdev", 1, spread_step, deviation_final);
}
