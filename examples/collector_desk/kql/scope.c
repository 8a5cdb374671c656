/* Reads a table's columns from the database itself: what the desk stores can be asked for. */
#include "scope.h"

#include <stdio.h>
#include <string.h>

#include "../store/tables.h"

/* These hold more than their declared type says. */
static const struct {
    desk_text name;
    kql_type type;
} known[] = {
    {DESK_TEXT_INIT("timestamp"), DESK_KQL_DATETIME},
    {DESK_TEXT_INIT("customDimensions"), DESK_KQL_DYNAMIC},
    {DESK_TEXT_INIT("customMeasurements"), DESK_KQL_DYNAMIC},
    {DESK_TEXT_INIT("details"), DESK_KQL_DYNAMIC},
};

const kql_column *kql_scope_find(const kql_scope *scope, desk_text name)
{
    for (unsigned i = 0; i < scope->count; i++) {
        if (desk_text_is(scope->columns[i].name, name)) return &scope->columns[i];
    }
    return NULL;
}

static kql_type type_of(desk_text name, const char *declared)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (desk_text_is(name, known[i].name)) return known[i].type;
    }
    if (declared && sqlite3_strnicmp(declared, "INT", 3) == 0) return DESK_KQL_LONG;
    if (declared && sqlite3_strnicmp(declared, "REAL", 4) == 0) return DESK_KQL_REAL;
    return DESK_KQL_STRING;
}

/* A name that can stand in quotes. */
static bool is_plain(const char *name)
{
    return name && strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == strlen(name);
}

static bool add_column(kql_context *context, kql_place place, kql_scope *scope, const char *name, const char *declared)
{
    if (!is_plain(name)) return true;
    size_t size = strlen(name);
    char *quoted = kql_allocate(context, place, size + 3);
    if (!quoted) return false;
    snprintf(quoted, size + 3, "\"%s\"", name);
    desk_text text = {quoted + 1, size};
    scope->columns[scope->count++] = (kql_column){
        .name = text,
        .sql = {quoted, size + 2},
        .type = type_of(text, declared),
        .weight = 1,
        .is_stored = true,
    };
    return true;
}

static bool add_columns(kql_context *context, kql_place place, kql_scope *scope, sqlite3_stmt *all)
{
    int count = sqlite3_column_count(all);
    scope->columns = kql_allocate(context, place, ((size_t)count + 1) * sizeof *scope->columns);
    if (!scope->columns) return false;
    for (int i = 0; i < count; i++) {
        if (!add_column(context, place, scope, sqlite3_column_name(all, i), sqlite3_column_decltype(all, i)))
            return false;
    }
    return true;
}

/* NULL: no table of the language. */
static const char *find_table(desk_text name)
{
    for (int i = 0; i < DESK_TABLES; i++) {
        if (desk_text_is(name, (desk_text){desk_tables[i].name, strlen(desk_tables[i].name)}))
            return desk_tables[i].name;
    }
    return NULL;
}

desk_text kql_table_at(unsigned index)
{
    if (index >= DESK_TABLES) return (desk_text){NULL, 0};
    return (desk_text){desk_tables[index].name, strlen(desk_tables[index].name)};
}

bool kql_table_is(desk_text name)
{
    return find_table(name) != NULL;
}

bool kql_table_check(kql_context *context, desk_text table, kql_place place)
{
    char expected[160] = "a table:";
    size_t size = strlen(expected);
    if (find_table(table)) return true;
    for (int i = 0; i < DESK_TABLES && size < sizeof expected; i++)
        size += (size_t)snprintf(expected + size, sizeof expected - size, "%s %s", i ? "," : "", desk_tables[i].name);
    return kql_fail(context, place, expected, "found \"%s\"", kql_show(table).text);
}

/* A statement that names all columns: it is only made, and allowed to whoever may read. */
bool kql_scope_of_table(kql_context *context, sqlite3 *db, desk_text table, kql_place place, kql_scope *scope)
{
    static const char select_all[] = "SELECT * FROM ";
    char sql[sizeof select_all + 64];
    sqlite3_stmt *all = NULL;
    const char *name = find_table(table);
    *scope = (kql_scope){NULL, 0};
    if (!name) return kql_table_check(context, table, place);
    snprintf(sql, sizeof sql, "%s%s", select_all, name);
    int code = sqlite3_prepare_v2(db, sql, -1, &all, NULL);
    bool done = code == SQLITE_OK && add_columns(context, place, scope, all);
    sqlite3_finalize(all);
    if (code == SQLITE_ERROR) return kql_fail(context, place, NULL, "the database has no table \"%s\"", name);
    if (code != SQLITE_OK) kql_fail(context, place, NULL, "the database cannot be read: %s", sqlite3_errstr(code));
    return done;
}
