/* The SQL of the desk, made of the lists in tables.h. Each table has an index on the time; where most records go, on
 * the three properties too that are asked for most: together they cost a record 3 us. */
#include "schema.h"

#include <stdbool.h>
#include <stddef.h>

#include "../kql/hot_keys.h"

/* 0: none, or the desk that knew traces and exceptions alone; 2: no index on properties. */
enum { SCHEMA_VERSION = 3 };

static const desk_column *common(int column)
{
    return desk_table_column(DESK_TRACES, column);
}

static void put_definition(sqlite3_str *sql, const desk_table_info *info, const desk_column *column)
{
    sqlite3_str_appendf(sql, "%s %s", column->name, column->type);
    if (column == common(DESK_TIMESTAMP)) sqlite3_str_appendall(sql, " NOT NULL");
    if (column == common(DESK_ITEM_TYPE)) sqlite3_str_appendf(sql, " NOT NULL DEFAULT '%s'", info->item_type);
    if (column == common(DESK_ITEM_COUNT)) sqlite3_str_appendall(sql, " NOT NULL DEFAULT 1");
}

static int run(sqlite3 *database, sqlite3_str *sql)
{
    int code = sqlite3_str_errcode(sql);
    char *text = sqlite3_str_finish(sql);
    if (code == SQLITE_OK && text) code = sqlite3_exec(database, text, NULL, NULL, NULL);
    sqlite3_free(text);
    return code;
}

/* The time, the table's own columns, then those that all have. */
static int create_table(sqlite3 *database, const desk_table_info *info)
{
    sqlite3_str *sql = sqlite3_str_new(database);
    sqlite3_str_appendf(sql, "CREATE TABLE IF NOT EXISTS %s(", info->name);
    put_definition(sql, info, common(DESK_TIMESTAMP));
    for (int i = 0; i < info->count - 1; i++) {
        sqlite3_str_appendall(sql, ", ");
        put_definition(sql, info, i < info->own_count ? &info->own[i] : common(i - info->own_count + 1));
    }
    sqlite3_str_appendf(sql, "); CREATE INDEX IF NOT EXISTS %s_timestamp ON %s(timestamp)", info->name, info->name);
    return run(database, sql);
}

static bool has_column(sqlite3 *database, const char *table, const char *column)
{
    return sqlite3_table_column_metadata(database, "main", table, column, NULL, NULL, NULL, NULL, NULL) == SQLITE_OK;
}

static int add_missing_columns(sqlite3 *database, desk_table table)
{
    int code = SQLITE_OK;
    for (int i = 0; i < desk_tables[table].count && code == SQLITE_OK; i++) {
        const desk_column *column = desk_table_column(table, i);
        if (has_column(database, desk_tables[table].name, column->name)) continue;
        sqlite3_str *sql = sqlite3_str_new(database);
        sqlite3_str_appendf(sql, "ALTER TABLE %s ADD COLUMN ", desk_tables[table].name);
        put_definition(sql, &desk_tables[table], column);
        code = run(database, sql);
    }
    return code;
}

static int create_property_indexes(sqlite3 *database, const char *table)
{
#define INDEX(key) {key, KQL_HOT_PROPERTY(key)},
    static const struct {
        const char *key;
        const char *expression;
    } indexes[] = {KQL_HOT_KEYS(INDEX)};
#undef INDEX
    int code = SQLITE_OK;
    for (size_t i = 0; i < sizeof indexes / sizeof indexes[0] && code == SQLITE_OK; i++) {
        sqlite3_str *sql = sqlite3_str_new(database);
        sqlite3_str_appendf(sql, "CREATE INDEX IF NOT EXISTS %s_%s ON %s(%s, timestamp)", table, indexes[i].key, table,
                            indexes[i].expression);
        code = run(database, sql);
    }
    return code;
}

/* The rows that say what happened, with the columns of `traces`. */
static int create_logs(sqlite3 *database)
{
    static const char *const message[] = {"message", "outerMessage"};
    sqlite3_str *sql = sqlite3_str_new(database);
    sqlite3_str_appendall(sql, "DROP VIEW IF EXISTS logs; CREATE VIEW logs AS ");
    for (int table = DESK_TRACES; table <= DESK_EXCEPTIONS; table++) {
        if (table) sqlite3_str_appendall(sql, " UNION ALL ");
        sqlite3_str_appendf(sql, "SELECT timestamp, %s AS message, severityLevel", message[table]);
        for (int i = DESK_TIMESTAMP + 1; i < DESK_COMMON; i++) sqlite3_str_appendf(sql, ", %s", common(i)->name);
        sqlite3_str_appendf(sql, " FROM %s", desk_tables[table].name);
    }
    return run(database, sql);
}

static int read_version(sqlite3 *database, int *version)
{
    sqlite3_stmt *query = NULL;
    int code = sqlite3_prepare_v2(database, "PRAGMA user_version", -1, &query, NULL);
    if (code == SQLITE_OK && (code = sqlite3_step(query)) == SQLITE_ROW) {
        *version = sqlite3_column_int(query, 0);
        code = SQLITE_OK;
    }
    sqlite3_finalize(query);
    return code;
}

static int set_version(sqlite3 *database)
{
    sqlite3_str *sql = sqlite3_str_new(database);
    sqlite3_str_appendf(sql, "PRAGMA user_version = %d", SCHEMA_VERSION);
    return run(database, sql);
}

static int make_all(sqlite3 *database)
{
    int version = 0, code = read_version(database, &version);
    if (code == SQLITE_OK && version > SCHEMA_VERSION) return SQLITE_MISMATCH;
    for (int table = 0; table < DESK_TABLES && code == SQLITE_OK; table++) {
        code = create_table(database, &desk_tables[table]);
        if (code == SQLITE_OK) code = add_missing_columns(database, (desk_table)table);
        if (code == SQLITE_OK && table <= DESK_EXCEPTIONS)
            code = create_property_indexes(database, desk_tables[table].name);
    }
    if (code == SQLITE_OK) code = create_logs(database);
    return code == SQLITE_OK ? set_version(database) : code;
}

/* One transaction, so that a desk that is killed here leaves the older database or the new one. */
int desk_schema_apply(sqlite3 *database)
{
    int version = 0, code = read_version(database, &version);
    if (code != SQLITE_OK || version == SCHEMA_VERSION) return code;
    code = sqlite3_exec(database, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (code != SQLITE_OK) return code;
    code = make_all(database);
    if (code == SQLITE_OK) return sqlite3_exec(database, "COMMIT", NULL, NULL, NULL);
    sqlite3_exec(database, "ROLLBACK", NULL, NULL, NULL);
    return code;
}

char *desk_schema_insert(desk_table table)
{
    sqlite3_str *sql = sqlite3_str_new(NULL);
    sqlite3_str_appendf(sql, "INSERT INTO %s(", desk_tables[table].name);
    for (int i = 0; i < desk_tables[table].count; i++)
        sqlite3_str_appendf(sql, "%s%s", i ? ", " : "", desk_table_column(table, i)->name);
    sqlite3_str_appendall(sql, ") VALUES(");
    for (int i = 0; i < desk_tables[table].count; i++) sqlite3_str_appendf(sql, "%s?%d", i ? ", " : "", i + 1);
    sqlite3_str_appendchar(sql, 1, ')');
    return sqlite3_str_finish(sql);
}
