/* What the language has and SQLite lacks, as functions of a connection. */
#ifndef KQL_SQL_FUNCTIONS_H
#define KQL_SQL_FUNCTIONS_H
#include <sqlite3.h>
#include <stdbool.h>

/* Once for a connection; later calls find them there. */
bool kql_sql_functions_add(sqlite3 *db);

/* sql_search.c, sql_values.c …: called by it. */
bool kql_sql_letters_add(sqlite3 *db);
bool kql_sql_dates_add(sqlite3 *db);
bool kql_sql_date_format_add(sqlite3 *db);
bool kql_sql_numbers_add(sqlite3 *db);
bool kql_sql_texts_add(sqlite3 *db);
bool kql_sql_search_add(sqlite3 *db);
bool kql_sql_statistics_add(sqlite3 *db);
bool kql_sql_values_add(sqlite3 *db);
bool kql_sql_times_add(sqlite3 *db);
/* sql_property.c: kql_property(json, name or index). */
void kql_sql_property(sqlite3_context *context, int count, sqlite3_value **values);
/* NULL: it is no array. */
void kql_sql_array_length(sqlite3_context *context, int count, sqlite3_value **values);

typedef void kql_sql_function(sqlite3_context *context, int count, sqlite3_value **values);
/* With `data` as the function's user data. */
bool kql_sql_add(sqlite3 *db, const char *name, int arguments, kql_sql_function *function, const void *data);
#endif
