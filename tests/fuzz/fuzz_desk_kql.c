/* The desk's query language: whatever comes in is an error at a place in the text, or a statement that SQLite takes,
 * that only reads and that runs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector_desk/kql/kql.h"
#include "collector_desk/store/schema.h"

enum { MOST_STEPS = 100 * 1000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds)
{
    if (!holds) abort();
}

static int enough(void *context)
{
    int *steps = context;
    return ++*steps > MOST_STEPS;
}

static sqlite3 *open_database(int *steps)
{
    static const char rows[] =
        "INSERT INTO traces(timestamp, message, severityLevel, customDimensions, operation_Id) VALUES"
        "('2026-01-02T03:04:05.6789012Z', 'disk FULL', 3, '{\"Level\":\"ERROR\",\"x\":\"1\",\"a\\\"b\":[1,{}]}', 'op'),"
        "('', '', NULL, '{\"Level\":1e999,\"x\":nonsense', NULL), ('nonsense', NULL, 1.5, NULL, x'00ff');";
    sqlite3 *db;
    expect(sqlite3_open(":memory:", &db) == SQLITE_OK && desk_schema_apply(db) == SQLITE_OK);
    sqlite3_exec(db, "DROP INDEX traces_Level; DROP INDEX traces_run_type; DROP INDEX traces_parent_run_id", NULL, NULL,
                 NULL); /* they would not take the damaged row */
    expect(sqlite3_exec(db, rows, NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_progress_handler(db, 10, enough, steps);
    return db;
}

static void check_error(const desk_kql_error *error, size_t size)
{
    expect(error->line >= 1 && error->line <= size + 1 && error->column >= 1 && error->column <= size + 1);
    expect(*error->message && strlen(error->message) < sizeof error->message);
    expect(strlen(error->expected) < sizeof error->expected);
    for (const char *at = error->message; *at; at++) expect((unsigned char)*at >= 0x20);
    /* What SQLite refuses is nested too deeply: the SQL itself is right. */
    static const char refused[] = "the database refuses the query: ";
    if (strncmp(error->message, refused, sizeof refused - 1) != 0) return;
    const char *words = error->message + sizeof refused - 1;
    expect(strstr(words, "parser stack overflow") || strstr(words, "too large") || strstr(words, "too many"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static sqlite3 *db;
    static int steps;
    if (!db) db = open_database(&steps);
    sqlite3_stmt *statement;
    desk_kql_error error;
    steps = 0;
    if (!desk_kql_prepare(db, (const char *)data, size, INT64_C(1767830400) * 1000000000, &statement, &error)) {
        expect(!statement);
        if (!strstr(error.message, "interrupted")) check_error(&error, size);
        return 0;
    }
    expect(sqlite3_stmt_readonly(statement) && sqlite3_column_count(statement) > 0);
    while (sqlite3_step(statement) == SQLITE_ROW) continue;
    sqlite3_finalize(statement);
    return 0;
}
