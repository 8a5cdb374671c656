/* A table for people. The query runs twice in one read transaction, first for the widths, then for the rows: a table of
 * any length needs the memory of one row. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "query_rows.h"

typedef struct column {
    size_t width;
    bool is_number; /* in every row so far: stands right */
    bool has_value;
} column;

typedef struct table {
    sqlite3_stmt *query;
    int columns;
    column *column;
    desk_buffer cell;
} table;

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
    if (code != SQLITE_DONE) return desk_query_complain(sqlite3_errmsg(sqlite3_db_handle(t->query)));
    sqlite3_reset(t->query);
    return !t->cell.failed || desk_query_complain("out of memory");
}

static bool print_all(table *t)
{
    unsigned long long rows;
    for (int i = 0; i < t->columns; i++) t->column[i].width = write_name(t, i);
    if (!each_row(t, measure_row, &rows)) return false;
    print_header(t);
    if (!each_row(t, print_row, &rows)) return false;
    printf("(%llu rows)\n", rows);
    return fflush(stdout) == 0 || desk_query_complain("the table cannot be written");
}

bool desk_print_table(sqlite3_stmt *statement)
{
    table t = {.query = statement, .columns = sqlite3_column_count(statement)};
    t.column = calloc((size_t)t.columns + 1, sizeof *t.column);
    bool printed = t.column ? print_all(&t) : desk_query_complain("out of memory");
    free(t.column);
    desk_buffer_release(&t.cell);
    return printed;
}
