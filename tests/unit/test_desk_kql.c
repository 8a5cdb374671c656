/* The translator of examples/collector_desk/kql against tables of queries: desk_kql/queries.txt with their rows,
 * desk_kql/errors.txt with what is said of them; and what somebody hostile could send. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector_desk/kql/kql.h"
#include "collector_desk/store/schema.h"

enum { MAX_ROWS = 64, LEAST_QUERIES = 150, LEAST_ERRORS = 40 };

static const int64_t now_unix_ns = INT64_C(1767830400) * 1000000000;

static sqlite3 *db;

static char *read_file(const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", DESK_KQL_DATA, name);
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("%s cannot be read", path);
    char *text = calloc(1, 1 << 20);
    assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
    fclose(file);
    return text;
}

static int open_database(void **state)
{
    (void)state;
    char *rows = read_file("rows.sql"), *words = NULL;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(desk_schema_apply(db), SQLITE_OK);
    if (sqlite3_exec(db, rows, NULL, NULL, &words) != SQLITE_OK) fail_msg("rows.sql: %s", words);
    free(rows);
    return 0;
}

static int close_database(void **state)
{
    (void)state;
    return sqlite3_close(db); /* fails when a statement was left */
}

/* The next block of the text, ended by NULs in it; NULL: no more. Comments are skipped. */
static char *next_block(char **text)
{
    while (**text) {
        char *block = *text, *end = strstr(block, "\n\n");
        *text = end ? end + 2 : block + strlen(block);
        *(end ? end : *text) = '\0';
        if (*block && *block != '#') return block;
    }
    return NULL;
}

static bool prepare(const char *query, sqlite3_stmt **statement, desk_kql_error *error)
{
    char *copy = malloc(strlen(query) + 1); /* exactly as long: a sanitizer sees who reads behind it */
    memcpy(copy, query, strlen(query));
    bool prepared = desk_kql_prepare(db, copy, strlen(query), now_unix_ns, statement, error);
    free(copy);
    assert_true(prepared == (*statement != NULL));
    return prepared;
}

static sqlite3_stmt *prepared(const char *query)
{
    sqlite3_stmt *statement;
    desk_kql_error error;
    if (!prepare(query, &statement, &error))
        fail_msg("%s\n%u:%u %s; expected %s", query, error.line, error.column, error.message, error.expected);
    return statement;
}

/* As the files write it. */
static void put_cell(char *line, const char *text)
{
    char *at = line + strlen(line);
    if (at != line) at += sprintf(at, " | ");
    if (!text || !*text) {
        strcpy(at, text ? "''" : "null");
        return;
    }
    for (; *text; text++) {
        if (*text == '\n') *at++ = '\\';
        *at++ = *text == '\n' ? 'n' : *text;
    }
    *at = '\0';
}

typedef struct lines {
    char *at[MAX_ROWS];
    size_t count;
} lines;

static void add_line(lines *all, const char *text)
{
    assert_true(all->count < MAX_ROWS);
    all->at[all->count++] = strdup(text);
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_rows(lines *all)
{
    if (all->count > 1) qsort(all->at + 1, all->count - 1, sizeof *all->at, compare);
}

static lines rows_of(sqlite3_stmt *statement)
{
    char line[8192] = "";
    lines all = {.count = 0};
    int columns = sqlite3_column_count(statement);
    for (int i = 0; i < columns; i++) put_cell(line, sqlite3_column_name(statement, i));
    add_line(&all, line);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        *line = '\0';
        for (int i = 0; i < columns; i++) put_cell(line, (const char *)sqlite3_column_text(statement, i));
        add_line(&all, line);
    }
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    return all;
}

static lines split(char *text)
{
    lines all = {.count = 0};
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) add_line(&all, line);
    return all;
}

static void release(lines *all)
{
    for (size_t i = 0; i < all->count; i++) free(all->at[i]);
}

static void expect_rows(const char *query, char *expected_text, bool ordered)
{
    lines found = rows_of(prepared(query)), expected = split(expected_text);
    if (!ordered) {
        sort_rows(&found);
        sort_rows(&expected);
    }
    for (size_t i = 0; i < found.count && i < expected.count; i++) {
        if (strcmp(found.at[i], expected.at[i]) != 0)
            fail_msg("%s\nfound    %s\nexpected %s", query, found.at[i], expected.at[i]);
    }
    if (found.count != expected.count) fail_msg("%s\n%zu lines instead of %zu", query, found.count, expected.count);
    release(&found);
    release(&expected);
}

static void queries_give_their_rows(void **state)
{
    (void)state;
    int count = 0;
    char *text = read_file("queries.txt"), *rest = text;
    for (char *block; (block = next_block(&rest)); count++) {
        char *any = strstr(block, "\n--\n"), *ordered = strstr(block, "\n==\n"), *line = any ? any : ordered;
        if (!line) fail_msg("no rows: %s", block);
        *line = '\0';
        expect_rows(block, line + 4, !any);
    }
    free(text);
    print_message("%d queries\n", count);
    assert_true(count >= LEAST_QUERIES);
}

static void errors_say_where_and_what(void **state)
{
    (void)state;
    int count = 0;
    char *text = read_file("errors.txt"), *rest = text;
    for (char *block; (block = next_block(&rest)); count++) {
        char *line = strstr(block, "\n!! "), said[512];
        sqlite3_stmt *statement;
        desk_kql_error error;
        if (!line) fail_msg("no error: %s", block);
        *line = '\0';
        if (prepare(block, &statement, &error)) fail_msg("taken: %s", block);
        snprintf(said, sizeof said, "%u:%u %s; expected %s", error.line, error.column, error.message, error.expected);
        line[strcspn(line + 4, "\n") + 4] = '\0';
        if (strcmp(said, line + 4) != 0) fail_msg("%s\nsaid     %s\nexpected %s", block, said, line + 4);
    }
    free(text);
    print_message("%d errors\n", count);
    assert_true(count >= LEAST_ERRORS);
}

/* Every beginning of a query is a query or an error at a place in it. */
static void beginnings_are_understood_or_refused(void **state)
{
    (void)state;
    static const char query[] =
        "union traces, (exceptions | take 5) // all\n"
        "| where timestamp between (datetime(2026-01-01) .. 7d) and message has_any ('a', @\"b\")\n"
        "| extend x = case(severityLevel >= 3, 1.5e1, -2), ['y z'] = customDimensions['q'].r[0]\n"
        "| summarize n = countif(x > 1), max(['y z']) by bin(timestamp, 1h), tostring(['y z'])\n"
        "| order by n desc nulls last | top 3 by n asc";
    for (size_t size = 0; size < sizeof query; size++) {
        char *begin = malloc(size + 1);
        sqlite3_stmt *statement;
        desk_kql_error error;
        memcpy(begin, query, size);
        if (!desk_kql_prepare(db, begin, size, now_unix_ns, &statement, &error)) {
            assert_in_range(error.line, 1, 5);
            assert_in_range(error.column, 1, 100);
            assert_true(*error.message);
        }
        sqlite3_finalize(statement);
        free(begin);
    }
    sqlite3_finalize(prepared(query));
}

/* `before`, n times `piece`, `middle`, n times `behind`. */
static char *repeated(const char *before, const char *piece, const char *middle, const char *behind, size_t n)
{
    char *text = malloc(strlen(before) + n * (strlen(piece) + strlen(behind)) + strlen(middle) + 1), *at = text;
    at += sprintf(at, "%s", before);
    for (size_t i = 0; i < n; i++, at += strlen(piece)) memcpy(at, piece, strlen(piece));
    at += sprintf(at, "%s", middle);
    for (size_t i = 0; i < n; i++, at += strlen(behind)) memcpy(at, behind, strlen(behind));
    *at = '\0';
    return text;
}

static void expect_refused(char *query)
{
    sqlite3_stmt *statement;
    desk_kql_error error;
    if (prepare(query, &statement, &error)) fail_msg("taken: %.100s", query);
    if (error.line == 0 || error.column == 0 || !*error.message) fail_msg("no place or words for %.100s", query);
    free(query);
}

static void expect_taken(char *query)
{
    sqlite3_stmt *statement = prepared(query);
    while (sqlite3_step(statement) == SQLITE_ROW) continue;
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    free(query);
}

/* Unions of unions: thirty tables, each thirty times. */
static char *nested_unions(void)
{
    char *inner = repeated("(union traces", "", "", ", traces", 29), *piece = malloc(strlen(inner) + 8);
    sprintf(piece, "%s), ", inner);
    char *query = repeated("union ", piece, "traces", "", 30);
    free(inner);
    free(piece);
    return query;
}

/* Pipelines in parentheses, twenty deep: SQLite would need seconds to prepare them, and the desk waits for it. */
static char *nested_pipelines(void)
{
    char *stages = repeated("", " | take 9", ")", "", 30), *query = repeated("", "(", "traces", stages, 20);
    free(stages);
    return query;
}

/* Each name stands for twice what the one before it does. */
static char *doubling_lets(const char *first, const char *each)
{
    char *query = calloc(1, 4096), *at = query + sprintf(query, "let a0 = %s;", first);
    for (int i = 1; i < 30; i++) {
        at += sprintf(at, "let a%d = ", i);
        at += sprintf(at, each, i - 1, i - 1);
    }
    sprintf(at, "print a29");
    return query;
}

static void hostile_queries_are_refused_in_bounded_time(void **state)
{
    (void)state;
    expect_refused(nested_unions());
    expect_refused(nested_pipelines());
    expect_refused(doubling_lets("1", "a%d + a%d;"));
    expect_refused(doubling_lets("traces", "union a%d, a%d;"));
    expect_refused(doubling_lets("print x = 1", "union a%d, a%d;"));
    expect_refused(repeated("let a = 1;", "", "", "let a = 1;", 40));
    expect_refused(repeated("let a = ", "(", "", "", 200000));
    expect_refused(repeated("traces | where severityLevel in (dynamic([1", "", "]))", ",1", 20000));
    expect_refused(repeated("traces | where message has_any (dynamic(['x'", ",'x'", "]))", "", 200));
    static const char where[] = "traces | where ";
    expect_refused(repeated(where, "(", "true", ")", 100000));
    expect_refused(repeated(where, "(", "", "", 200000));
    expect_refused(repeated(where, "not(", "true", ")", 10000));
    expect_refused(repeated(where, "-", "1 == 1", "", 100000));
    expect_refused(repeated(where, "", "true", " and true", 10000));
    expect_refused(repeated(where, "", "1", " + 1", 10000));
    expect_refused(repeated(where, "", "true", " == true", 10000));
    expect_refused(repeated(where, "strlen(tostring(", "1", "))", 18));
    expect_refused(repeated("traces | project x = ", "", "customDimensions", ".a", 1000));
    expect_refused(repeated("traces | project x = ", "iff(true,", "1", ",2)", 18));
    expect_refused(repeated("traces", "", "", " | take 1", 1000));
    expect_refused(repeated("union traces", "", "", ", traces", 1000));
    expect_refused(repeated("", "(", "traces", ")", 10000));
    expect_refused(repeated("traces | project severityLevel", "", "", ", 1", 1000));
    expect_refused(repeated("traces | where severityLevel in (1", "", "", ",1", 20000));
    expect_refused(repeated("traces | where message has_any ('x'", "", "", ",'x'", 200));
    expect_refused(repeated("traces | extend x = 1", "", "", " | extend x = x + x", 60));
    expect_refused(repeated("traces | where message == '", "x", "'", "", 1 << 20));
    expect_refused(repeated("", " ", "traces", "", 1 << 20));
    expect_refused(repeated("", "\n", "x", "", 100000));
    expect_refused(repeated("", "x", "", "", 100000));
    expect_refused(repeated(where, "9", " == 1", "", 100000));
}

/* A million letters that nearly match half a million at each place: a search that begins anew at each takes minutes. */
static void searches_take_no_time(void **state)
{
    (void)state;
    static const char *const questions[] = {"t has w", "countof(t, w)",
                                            "strlen(replace_string(t, strcat(w, 'b'), 'x'))"};
    char *letters = repeated("", "a", "", "", 1000), query[4096];
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        snprintf(query, sizeof query,
                 "let t = replace_string('%s', 'a', '%s'); let w = substring(t, 1, 500000); print %s", letters, letters,
                 questions[i]);
        expect_taken(strdup(query));
    }
    free(letters);
}

static void large_queries_are_taken(void **state)
{
    (void)state;
    static const char where[] = "traces | where ";
    expect_taken(repeated(where, "(", "true", ")", 40));
    expect_taken(repeated(where, "", "true", " and true", 300));
    expect_taken(repeated(where, "", "severityLevel == 1", " or severityLevel == 2", 300));
    expect_taken(repeated("traces | where message in ('x'", "", ")", "", 1));
    expect_taken(repeated("traces | where message in ('x'", ",'931024c2'", ")", "", 9000));
    expect_taken(repeated("traces | where message == '", "x", "'", "", 200000));
    expect_taken(repeated("traces", "", "", " | where true", 60));
    expect_taken(repeated("traces | extend x = 1", "", "", " | extend x = x + 1", 60));
    expect_taken(repeated("traces | project x = strcat('a'", "", "", ",'b')", 1));
    expect_taken(repeated("traces | project x = ", "iff(true, 'a', ", "'b'", ")", 10));
    expect_taken(repeated("union traces", "", "", ", traces", 20));
}

static void bytes_that_are_no_text_are_refused(void **state)
{
    (void)state;
    static const char *const queries[] = {"traces\xff", "traces | where message == '\xc3'", "\xef\xbb\xbftraces",
                                          "traces | where message == \"\xed\xa0\x80\"", "traces | where \xc3\xa4 == 1"};
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) expect_refused(strdup(queries[i]));
    sqlite3_stmt *statement;
    desk_kql_error error;
    assert_false(desk_kql_prepare(db, "traces\0", 7, now_unix_ns, &statement, &error));
    assert_int_equal(error.column, 7);
    assert_false(desk_kql_prepare(db, "traces | where message == 'a\0b' and x", 37, now_unix_ns, &statement, &error));
    assert_false(desk_kql_prepare(db, NULL, 0, now_unix_ns, &statement, &error));
}

/* All but names that a query gives its columns, which are letters, digits and a few marks. */
static void no_text_of_the_query_is_in_the_sql(void **state)
{
    (void)state;
    sqlite3_stmt *statement =
        prepared("traces // zzq\n| where message == 'zzq1' and customDimensions.zzq2 == \"zzq3\" or "
                 "customDimensions['zzq4\"'] has 'zzq' and severityLevel == 7741 and 77.41 > 1 and timestamp > ago(77d)"
                 "| extend zzq = 7742 | where zzq > 1 | project x = zzq | take 7743");
    assert_null(strstr(sqlite3_sql(statement), "zzq"));
    assert_null(strstr(sqlite3_sql(statement), "77"));
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
}

static void columns_have_their_types(void **state)
{
    (void)state;
    static const desk_kql_type types[] = {DESK_KQL_DATETIME, DESK_KQL_STRING,   DESK_KQL_LONG, DESK_KQL_DYNAMIC,
                                          DESK_KQL_REAL,     DESK_KQL_TIMESPAN, DESK_KQL_BOOL, DESK_KQL_DYNAMIC};
    sqlite3_stmt *statement = prepared("traces | project timestamp, message, severityLevel, customDimensions, "
                                       "a = 1.5, b = 1h, c = true, d = customDimensions.x");
    for (int i = 0; i < 8; i++) assert_int_equal(desk_kql_column_type(statement, i), types[i]);
    assert_int_equal(desk_kql_column_type(statement, 8), DESK_KQL_UNKNOWN);
    assert_int_equal(desk_kql_column_type(statement, -1), DESK_KQL_UNKNOWN);
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT 1", -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(desk_kql_column_type(statement, 0), DESK_KQL_UNKNOWN);
    sqlite3_finalize(statement);
}

static int allow_reading(void *context, int action, const char *a, const char *b, const char *c, const char *d)
{
    (void)context, (void)a, (void)b, (void)c, (void)d;
    bool reads = action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_FUNCTION;
    return reads ? SQLITE_OK : SQLITE_DENY;
}

/* A statement runs while others are made, on a connection that may only read. */
static void statements_live_side_by_side(void **state)
{
    (void)state;
    sqlite3_set_authorizer(db, allow_reading, NULL);
    sqlite3_stmt *first = prepared("traces | where message has 'disk' | project message");
    assert_int_equal(sqlite3_step(first), SQLITE_ROW);
    sqlite3_stmt *second = prepared("union traces, exceptions | summarize count() by bin(timestamp, 1d)");
    assert_int_equal(sqlite3_step(second), SQLITE_ROW);
    assert_int_equal(sqlite3_step(first), SQLITE_ROW);
    assert_int_equal(sqlite3_step(first), SQLITE_DONE);
    sqlite3_finalize(first);
    sqlite3_finalize(second);
    sqlite3_set_authorizer(db, NULL, NULL);
}

static void expect_plan(const char *query, const char *part)
{
    sqlite3_stmt *statement = prepared(query), *plan;
    char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sqlite3_sql(statement)), *text = sqlite3_mprintf("");
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &plan, NULL), SQLITE_OK);
    while (sqlite3_step(plan) == SQLITE_ROW) {
        char *longer = sqlite3_mprintf("%s%s\n", text, sqlite3_column_text(plan, 3));
        sqlite3_free(text);
        text = longer;
    }
    if (!strstr(text, part)) fail_msg("%s\ndoes not %s but\n%s", query, part, text);
    sqlite3_finalize(plan);
    sqlite3_finalize(statement);
    sqlite3_free(sql);
    sqlite3_free(text);
}

/* The queries of the how-to are answered from an index. */
static void indexes_are_used(void **state)
{
    (void)state;
    expect_plan("traces | where customDimensions.parent_run_id == '931024c2'",
                "USING INDEX traces_parent_run_id (<expr>=?)");
    expect_plan("traces | where timestamp > ago(7d) and customDimensions.run_type == 'training'",
                "USING INDEX traces_run_type (<expr>=? AND timestamp>?)");
    expect_plan("traces | where timestamp > ago(7d) and customDimensions.Level == 'ERROR' | summarize count()",
                "USING INDEX traces_Level (<expr>=? AND timestamp>?)");
    expect_plan("union traces, exceptions | where timestamp > ago(7d) and customDimensions['Level'] in ('ERROR')",
                "USING INDEX exceptions_Level (<expr>=? AND timestamp>?)");
    expect_plan("traces | where tostring(customDimensions.Level) == 'ERROR'", "USING INDEX traces_Level (<expr>=?)");
    expect_plan("union traces, exceptions, customEvents | order by timestamp desc | take 20 | project message, name",
                "USING INDEX customEvents_timestamp");
    expect_plan("traces | where timestamp between (ago(2d) .. 1d)",
                "USING INDEX traces_timestamp (timestamp>? AND timestamp<?)");
    expect_plan("traces | where timestamp > ago(1h) | where message has 'x' | order by timestamp desc | take 5",
                "USING INDEX traces_timestamp (timestamp>?)");
    expect_plan("traces | top 10 by timestamp | project message", "USING INDEX traces_timestamp");
}

/* A table that an older desk did not make. */
static void a_missing_table_is_said(void **state)
{
    (void)state;
    sqlite3 *whole = db;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    sqlite3_stmt *statement;
    desk_kql_error error;
    assert_false(prepare("union traces", &statement, &error));
    assert_string_equal(error.message, "the database has no table \"traces\"");
    assert_int_equal(error.column, 7);
    sqlite3_close(db);
    db = whole;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(queries_give_their_rows),
        cmocka_unit_test(errors_say_where_and_what),
        cmocka_unit_test(beginnings_are_understood_or_refused),
        cmocka_unit_test(hostile_queries_are_refused_in_bounded_time),
        cmocka_unit_test(searches_take_no_time),
        cmocka_unit_test(large_queries_are_taken),
        cmocka_unit_test(bytes_that_are_no_text_are_refused),
        cmocka_unit_test(no_text_of_the_query_is_in_the_sql),
        cmocka_unit_test(columns_have_their_types),
        cmocka_unit_test(statements_live_side_by_side),
        cmocka_unit_test(indexes_are_used),
        cmocka_unit_test(a_missing_table_is_said),
    };
    return cmocka_run_group_tests(tests, open_database, close_database);
}
