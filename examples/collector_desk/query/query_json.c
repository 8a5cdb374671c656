/* Rows for programs: JSON as jq likes it, and CSV. One row at a time. */
#include <stdio.h>
#include <string.h>

#include "../../../tools/json_reader/json_reader.h"
#include "../buffer.h"
#include "../kql/kql.h"
#include "query_rows.h"

enum { MAX_JSON_BYTES = 256 * 1024 * 1024 };

static desk_text text_of(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return text ? (desk_text){text, (size_t)sqlite3_column_bytes(statement, column)} : DESK_TEXT("");
}

static desk_text name_of(sqlite3_stmt *statement, int column)
{
    const char *name = sqlite3_column_name(statement, column);
    return name ? (desk_text){name, strlen(name)} : DESK_TEXT("");
}

/* In SQL a column's name says it. */
static bool is_dynamic(sqlite3_stmt *statement, int column)
{
    desk_kql_type type = desk_kql_column_type(statement, column);
    desk_text name = name_of(statement, column);
    if (type != DESK_KQL_UNKNOWN) return type == DESK_KQL_DYNAMIC;
    return desk_text_is(name, DESK_TEXT("customDimensions")) || desk_text_is(name, DESK_TEXT("details")) ||
           desk_text_is(name, DESK_TEXT("customMeasurements"));
}

static bool is_json(desk_text text)
{
    if (text.size == 0 || (*text.at != '{' && *text.at != '[')) return false;
    otel__json_arena arena;
    otel__json_arena_init(&arena, MAX_JSON_BYTES);
    bool parsed = otel__json_read(&arena, text.at, text.size, NULL) != NULL;
    otel__json_arena_release(&arena);
    return parsed;
}

static void put_text(desk_buffer *out, sqlite3_stmt *statement, int column)
{
    desk_text text = text_of(statement, column);
    if (desk_kql_column_type(statement, column) == DESK_KQL_BOOL || (is_dynamic(statement, column) && is_json(text)))
        desk_put(out, text);
    else
        desk_put_json_string(out, text);
}

static void put_real(desk_buffer *out, double value)
{
    if (value - value != 0)
        desk_put(out, DESK_TEXT("null"));
    else
        desk_put_double(out, value);
}

static void put_json(desk_buffer *out, sqlite3_stmt *statement, int column)
{
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
        desk_put(out, DESK_TEXT("null"));
        break;
    case SQLITE_INTEGER:
        desk_put_int(out, sqlite3_column_int64(statement, column));
        break;
    case SQLITE_FLOAT:
        put_real(out, sqlite3_column_double(statement, column));
        break;
    default:
        put_text(out, statement, column);
        break;
    }
}

static void put_json_row(desk_buffer *out, sqlite3_stmt *statement, unsigned long long number)
{
    desk_put(out, number ? DESK_TEXT(",\n{") : DESK_TEXT("[\n{"));
    for (int i = 0; i < sqlite3_column_count(statement); i++) {
        if (i) desk_put_byte(out, ',');
        desk_put_json_string(out, name_of(statement, i));
        desk_put_byte(out, ':');
        put_json(out, statement, i);
    }
    desk_put_byte(out, '}');
}

static void put_csv_text(desk_buffer *out, desk_text text)
{
    bool is_quoted = false;
    for (size_t i = 0; i < text.size && !is_quoted; i++) is_quoted = text.at[i] && strchr(",\"\r\n", text.at[i]);
    if (is_quoted) desk_put_byte(out, '"');
    for (size_t i = 0; i < text.size; i++) {
        if (text.at[i] == '"') desk_put_byte(out, '"');
        desk_put_byte(out, text.at[i]);
    }
    if (is_quoted) desk_put_byte(out, '"');
}

static void put_csv_line(desk_buffer *out, sqlite3_stmt *statement, desk_text (*field)(sqlite3_stmt *, int))
{
    for (int i = 0; i < sqlite3_column_count(statement); i++) {
        if (i) desk_put_byte(out, ',');
        put_csv_text(out, field(statement, i));
    }
    desk_put(out, DESK_TEXT("\r\n"));
}

static void put_csv_row(desk_buffer *out, sqlite3_stmt *statement, unsigned long long number)
{
    if (number == 0) put_csv_line(out, statement, name_of);
    put_csv_line(out, statement, text_of);
}

static bool write_out(desk_buffer *line)
{
    bool written = !line->failed && fwrite(line->at ? line->at : "", 1, line->size, stdout) == line->size;
    desk_buffer_clear(line);
    return written;
}

/* The rows as they come; `line` has what is not yet written. */
static bool print_rows(sqlite3_stmt *statement, desk_buffer *line,
                       void (*put)(desk_buffer *out, sqlite3_stmt *statement, unsigned long long number),
                       unsigned long long *count)
{
    int code;
    for (*count = 0; (code = sqlite3_step(statement)) == SQLITE_ROW; ++*count) {
        put(line, statement, *count);
        if (!write_out(line)) return desk_query_complain("the rows cannot be written");
    }
    return code == SQLITE_DONE || desk_query_complain(sqlite3_errmsg(sqlite3_db_handle(statement)));
}

bool desk_print_json(sqlite3_stmt *statement)
{
    desk_buffer line = {0};
    unsigned long long count;
    bool printed = print_rows(statement, &line, put_json_row, &count);
    if (printed) {
        desk_put(&line, count ? DESK_TEXT("\n]\n") : DESK_TEXT("[]\n"));
        printed = write_out(&line) && fflush(stdout) == 0;
        if (!printed) desk_query_complain("the rows cannot be written");
    }
    desk_buffer_release(&line);
    return printed;
}

bool desk_print_csv(sqlite3_stmt *statement)
{
    desk_buffer line = {0};
    unsigned long long count;
    bool printed = print_rows(statement, &line, put_csv_row, &count);
    if (printed) {
        if (count == 0) put_csv_line(&line, statement, name_of);
        printed = write_out(&line) && fflush(stdout) == 0;
        if (!printed) desk_query_complain("the rows cannot be written");
    }
    desk_buffer_release(&line);
    return printed;
}
