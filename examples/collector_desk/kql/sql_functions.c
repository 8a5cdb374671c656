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
    if (are_there(db)) return true;
    return kql_sql_search_add(db) && kql_sql_values_add(db) && kql_sql_times_add(db) && kql_sql_letters_add(db) &&
           kql_sql_statistics_add(db) && kql_sql_add(db, "kql_property", 2, kql_sql_property, NULL) &&
           kql_sql_add(db, "kql_here", 0, is_here, NULL);
}
