/* Reads a table's columns from the database itself: what the desk stores can be asked for. */
#include "scope.h"

#include <stdio.h>
#include <string.h>

#include "../tables.h"

enum { MAX_COLUMNS = 100 };

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

static bool add_column(kql_context *context, kql_place place, kql_scope *scope, sqlite3_stmt *info)
{
    const char *name = (const char *)sqlite3_column_text(info, 0);
    if (!is_plain(name)) return true;
    size_t size = strlen(name);
    char *quoted = kql_allocate(context, place, size + 3);
    if (!quoted) return false;
    snprintf(quoted, size + 3, "\"%s\"", name);
    desk_text text = {quoted + 1, size};
    scope->columns[scope->count++] = (kql_column){
        .name = text,
        .sql = {quoted, size + 2},
        .type = type_of(text, (const char *)sqlite3_column_text(info, 1)),
        .weight = 1,
        .is_stored = true,
    };
    return true;
}

static bool read_columns(kql_context *context, kql_place place, sqlite3_stmt *info, kql_scope *scope)
{
    int code;
    while ((code = sqlite3_step(info)) == SQLITE_ROW && scope->count < MAX_COLUMNS) {
        if (!add_column(context, place, scope, info)) return false;
    }
    if (code == SQLITE_ROW || code == SQLITE_DONE) return true;
    return kql_fail(context, place, NULL, "the database cannot be read: %s", sqlite3_errstr(code));
}

static bool list_columns(kql_context *context, sqlite3 *db, const char *table, kql_place place, kql_scope *scope)
{
    sqlite3_stmt *info = NULL;
    static const char sql[] = "SELECT name, type FROM pragma_table_info(?1)";
    bool done = false;
    if (sqlite3_prepare_v2(db, sql, -1, &info, NULL) == SQLITE_OK &&
        sqlite3_bind_text(info, 1, table, -1, SQLITE_STATIC) == SQLITE_OK)
        done = read_columns(context, place, info, scope);
    else
        kql_fail(context, place, NULL, "the database cannot be read: %s",
                 kql_show((desk_text){sqlite3_errmsg(db), strlen(sqlite3_errmsg(db))}).text);
    sqlite3_finalize(info);
    return done;
}

static const char *find_table(desk_text name)
{
    for (int i = 0; i < DESK_TABLES; i++) {
        if (desk_text_is(name, (desk_text){desk_tables[i].name, strlen(desk_tables[i].name)}))
            return desk_tables[i].name;
    }
    return NULL;
}

bool kql_scope_of_table(kql_context *context, sqlite3 *db, desk_text table, kql_place place, kql_scope *scope)
{
    const char *name = find_table(table);
    *scope = (kql_scope){kql_allocate(context, place, MAX_COLUMNS * sizeof(kql_column)), 0};
    if (!scope->columns || (name && !list_columns(context, db, name, place, scope))) return false;
    if (scope->count) return true;
    return kql_fail(context, place, "a table: traces, exceptions, customEvents, availabilityResults", "found \"%s\"",
                    kql_show(table).text);
}
