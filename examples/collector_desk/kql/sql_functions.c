/* Adds the functions to a connection. */
#include "sql_functions.h"

#include <stddef.h>
#include <stdint.h>

bool kql_sql_add(sqlite3 *db, const char *name, int arguments, kql_sql_function *function, const void *data)
{
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    void *user_data = (void *)(uintptr_t)data;
    return sqlite3_create_function_v2(db, name, arguments, flags, user_data, function, NULL, NULL, NULL) == SQLITE_OK;
}

static void is_here(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    (void)values;
    sqlite3_result_int(context, 1);
}

/* SQLite refuses to replace a function while a statement runs. */
static bool are_there(sqlite3 *db)
{
    sqlite3_stmt *statement = NULL;
    bool prepared = sqlite3_prepare_v2(db, "SELECT kql_here()", -1, &statement, NULL) == SQLITE_OK;
    sqlite3_finalize(statement);
    return prepared;
}

bool kql_sql_functions_add(sqlite3 *db)
{
    static bool (*const rooms[])(sqlite3 * db) = {
        kql_sql_search_add, kql_sql_values_add,      kql_sql_times_add, kql_sql_letters_add, kql_sql_statistics_add,
        kql_sql_dates_add,  kql_sql_date_format_add, kql_sql_texts_add, kql_sql_numbers_add,
    };
    if (are_there(db)) return true;
    bool added = kql_sql_add(db, "kql_property", 2, kql_sql_property, NULL) &&
                 kql_sql_add(db, "kql_array_length", 1, kql_sql_array_length, NULL);
    for (size_t i = 0; added && i < sizeof rooms / sizeof rooms[0]; i++) added = rooms[i](db);
    return added && kql_sql_add(db, "kql_here", 0, is_here, NULL);
}
