/* The columns that a name may mean at one point of a query, and where a table's columns come from. */
#ifndef KQL_SCOPE_H
#define KQL_SCOPE_H
#include "context.h"

typedef struct kql_column {
    desk_text name; /* in the query */
    desk_text sql;  /* in the statement, in quotes */
    kql_type type;
    unsigned weight; /* how much SQL stands behind it when SQLite puts it where it is read */
    bool is_stored;  /* a column of a table: a text may be NULL there, which the language takes for "" */
} kql_column;

typedef struct kql_scope {
    kql_column *columns;
    unsigned count;
} kql_scope;

/* NULL: no such column. */
const kql_column *kql_scope_find(const kql_scope *scope, desk_text name);

/* The tables of the language; absent behind the last one. */
desk_text kql_table_at(unsigned index);
bool kql_table_is(desk_text name);

/* Whether the language has such a table; if not, said so. */
bool kql_table_check(kql_context *context, desk_text table, kql_place place);

/* The columns that the database has for a table of the language. False: no such table, said so. */
bool kql_scope_of_table(kql_context *context, sqlite3 *db, desk_text table, kql_place place, kql_scope *scope);
#endif
