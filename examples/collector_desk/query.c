/* The query runs twice in one read transaction, first for the widths, then for the rows: a table of any length needs
 * the memory of one row. */
#include "query.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ask_sql.h"
#include "cell.h"
#include "kql/kql.h"

enum { LOCK_WAIT_MS = 2000 };

typedef struct column {
    size_t width;
    bool is_number; /* in every row so far: stands right */
    bool has_value;
} column;

typedef struct table {
    sqlite3 *database;
    sqlite3_stmt *query;
    int columns;
    column *column;
    desk_buffer cell;
} table;

static bool complain(const char *words)
{
    fprintf(stderr, "collector_desk: %s\n", words);
    return false;
}

static bool complain_of_database(const table *t)
{
    return complain(sqlite3_errmsg(t->database));
}

static bool only_space(const char *text)
{
    return text[strspn(text, " \t\r\n;")] == '\0';
}

static bool prepare_sql(table *t, const char *sql)
{
    const char *rest = "";
    if (sqlite3_prepare_v2(t->database, sql, -1, &t->query, &rest) != SQLITE_OK) return complain_of_database(t);
    if (!t->query) return complain("there is no query in the SQL");
    if (!only_space(rest)) return complain("one query at a time");
    if (!sqlite3_stmt_readonly(t->query)) return complain("only queries: this statement would change something");
    return true;
}

static int64_t now_unix_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool prepare_kql(table *t, const char *text)
{
    desk_kql_error error;
    if (desk_kql_prepare(t->database, text, strlen(text), now_unix_ns(), &t->query, &error)) return true;
    fprintf(stderr, "collector_desk: line %u, column %u: %s%s%s\n", error.line, error.column, error.message,
            *error.expected ? "; expected " : "", error.expected);
    return false;
}

static bool prepare(table *t, const char *text)
{
    bool is_sql = desk_is_sql((desk_text){text, strlen(text)});
    if (!(is_sql ? prepare_sql(t, text) : prepare_kql(t, text))) return false;
    t->columns = sqlite3_column_count(t->query);
    t->column = calloc((size_t)t->columns + 1, sizeof *t->column);
    return t->column || complain("out of memory");
}

static void put_blob(desk_buffer *buffer, desk_text bytes)
{
    static const char hex[] = "0123456789abcdef";
    desk_put(buffer, DESK_TEXT("x'"));
    for (size_t i = 0; i < bytes.size; i++) {
        desk_put_byte(buffer, hex[(uint8_t)bytes.at[i] >> 4]);
        desk_put_byte(buffer, hex[(uint8_t)bytes.at[i] & 15]);
    }
    desk_put_byte(buffer, '\'');
}

/* Writes the cell into t->cell and returns its width; NULL shows as nothing. */
static size_t write_cell(table *t, int index)
{
    desk_buffer_clear(&t->cell);
    if (sqlite3_column_type(t->query, index) == SQLITE_BLOB) {
        const char *bytes = sqlite3_column_blob(t->query, index);
        put_blob(&t->cell, (desk_text){bytes, (size_t)sqlite3_column_bytes(t->query, index)});
        return t->cell.size;
    }
    const char *text = (const char *)sqlite3_column_text(t->query, index);
    if (!text) return 0;
    return desk_put_cell(&t->cell, (desk_text){text, (size_t)sqlite3_column_bytes(t->query, index)});
}

static size_t write_name(table *t, int index)
{
    const char *name = sqlite3_column_name(t->query, index);
    desk_buffer_clear(&t->cell);
    return name ? desk_put_cell(&t->cell, (desk_text){name, strlen(name)}) : 0;
}

static void measure_cell(table *t, int index)
{
    column *c = &t->column[index];
    int type = sqlite3_column_type(t->query, index);
    size_t width = write_cell(t, index);
    if (width > c->width) c->width = width;
    if (type == SQLITE_NULL) return;
    bool is_number = type == SQLITE_INTEGER || type == SQLITE_FLOAT;
    c->is_number = is_number && (c->is_number || !c->has_value);
    c->has_value = true;
}

static void print_padding(size_t count)
{
    for (; count > 0; count--) putchar(' ');
}

/* Prints t->cell; nothing stands behind the last cell of a line. */
static void print_cell(const table *t, int index, size_t width)
{
    const column *c = &t->column[index];
    size_t padding = c->width > width ? c->width - width : 0;
    if (index) fputs("  ", stdout);
    if (c->is_number) print_padding(padding);
    fwrite(t->cell.at ? t->cell.at : "", 1, t->cell.size, stdout);
    if (!c->is_number && index + 1 < t->columns) print_padding(padding);
}

static void measure_row(table *t)
{
    for (int i = 0; i < t->columns; i++) measure_cell(t, i);
}

static void print_row(table *t)
{
    for (int i = 0; i < t->columns; i++) print_cell(t, i, write_cell(t, i));
    putchar('\n');
}

static void print_header(table *t)
{
    for (int i = 0; i < t->columns; i++) print_cell(t, i, write_name(t, i));
    putchar('\n');
}

static bool each_row(table *t, void (*use)(table *), unsigned long long *rows)
{
    int code;
    for (*rows = 0; (code = sqlite3_step(t->query)) == SQLITE_ROW; ++*rows) use(t);
    if (code != SQLITE_DONE) return complain_of_database(t);
    sqlite3_reset(t->query);
    return !t->cell.failed || complain("out of memory");
}

static bool print_table(table *t)
{
    unsigned long long rows;
    for (int i = 0; i < t->columns; i++) t->column[i].width = write_name(t, i);
    if (!each_row(t, measure_row, &rows)) return false;
    print_header(t);
    if (!each_row(t, print_row, &rows)) return false;
    printf("(%llu rows)\n", rows);
    return fflush(stdout) == 0 || complain("the table cannot be written");
}

static bool run(table *t, const char *path, const char *sql)
{
    if (sqlite3_open_v2(path, &t->database, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) return complain_of_database(t);
    sqlite3_busy_timeout(t->database, LOCK_WAIT_MS);
    if (sqlite3_exec(t->database, "BEGIN", NULL, NULL, NULL) != SQLITE_OK) return complain_of_database(t);
    return prepare(t, sql) && print_table(t);
}

int desk_query(const char *path, const char *sql)
{
    table t = {0};
    bool printed = run(&t, path, sql);
    sqlite3_finalize(t.query);
    sqlite3_close(t.database);
    free(t.column);
    desk_buffer_release(&t.cell);
    return printed ? EXIT_SUCCESS : EXIT_FAILURE;
}
