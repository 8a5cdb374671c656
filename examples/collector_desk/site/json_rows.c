/* A type is known when a row has a value, so the columns are written behind the rows. */
#include "json_rows.h"

#include <string.h>

#include "json_value.h"
#include "../kql/kql.h"

/* The portal's names. Times and dimensions are texts to SQLite, known by their columns. */
static const char *type_of(sqlite3_stmt *statement, int column)
{
    const char *name = sqlite3_column_name(statement, column);
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
        return NULL;
    case SQLITE_INTEGER:
        return "long";
    case SQLITE_FLOAT:
        return "real";
    default:
        break;
    }
    if (!name) return "string";
    if (strcmp(name, "timestamp") == 0) return "datetime";
    bool dynamic = strncmp(name, "custom", 6) == 0 || strcmp(name, "details") == 0;
    return dynamic ? "dynamic" : "string";
}

/* The query language knows its columns' types, SQL does not. */
static const char *declared_type(sqlite3_stmt *statement, int column)
{
    static const char *const names[] = {NULL, "bool", "long", "real", "string", "datetime", "timespan", "dynamic"};
    desk_kql_type type = desk_kql_column_type(statement, column);
    return (size_t)type < sizeof names / sizeof *names ? names[type] : NULL;
}

static void read_names(desk_json_rows *rows, sqlite3_stmt *statement)
{
    int columns = sqlite3_column_count(statement);
    rows->columns = columns < DESK_MAX_COLUMNS ? columns : DESK_MAX_COLUMNS;
    for (int i = 0; i < rows->columns; i++) {
        const char *name = sqlite3_column_name(statement, i);
        desk_put_json_string(&rows->names, (desk_text){name ? name : "", name ? strlen(name) : 0});
        rows->name_ends[i] = rows->names.size;
        rows->types[i] = declared_type(statement, i);
    }
}

/* A bool of the query language is the word for it. */
static void put_value(desk_buffer *out, sqlite3_stmt *statement, int column)
{
    bool is_bool = desk_kql_column_type(statement, column) == DESK_KQL_BOOL;
    const char *word = is_bool ? (const char *)sqlite3_column_text(statement, column) : NULL;
    if (word)
        desk_put_words(out, word);
    else
        desk_put_json_value(out, statement, column);
}

static void read_row(desk_json_rows *rows, sqlite3_stmt *statement)
{
    desk_put(&rows->text, rows->count ? DESK_TEXT(",\n[") : DESK_TEXT("["));
    for (int i = 0; i < rows->columns; i++) {
        if (i) desk_put_byte(&rows->text, ',');
        put_value(&rows->text, statement, i);
        if (!rows->types[i]) rows->types[i] = type_of(statement, i);
    }
    desk_put_byte(&rows->text, ']');
    rows->count++;
}

int desk_json_rows_read(desk_json_rows *rows, sqlite3_stmt *statement)
{
    read_names(rows, statement);
    for (;;) {
        int code = sqlite3_step(statement);
        if ((code & 0xff) == SQLITE_INTERRUPT) rows->truncated = "time";
        if (code != SQLITE_ROW) return code;
        rows->truncated = rows->count == DESK_MAX_ROWS            ? "rows"
                          : rows->text.size > DESK_MAX_ROWS_BYTES ? "bytes"
                                                                  : NULL;
        if (rows->truncated) return SQLITE_DONE;
        read_row(rows, statement);
        if (rows->text.failed) return SQLITE_NOMEM;
    }
}

void desk_json_rows_write(const desk_json_rows *rows, desk_buffer *out)
{
    desk_put_words(out, "{\"columns\":[");
    for (int i = 0; i < rows->columns; i++) {
        size_t begin = i ? rows->name_ends[i - 1] : 0;
        desk_put_words(out, i ? ",{\"name\":" : "{\"name\":");
        desk_put(out, (desk_text){rows->names.at + begin, rows->name_ends[i] - begin});
        desk_put_words(out, ",\"type\":\"");
        desk_put_words(out, rows->types[i] ? rows->types[i] : "string");
        desk_put_words(out, "\"}");
    }
    desk_put_words(out, "],\"rows\":[");
    desk_put(out, desk_buffer_text(&rows->text));
    desk_put_words(out, rows->truncated ? "],\"truncated\":true,\"truncated_by\":\"" : "],\"truncated\":false");
    if (rows->truncated) desk_put_words(out, rows->truncated);
    if (rows->truncated) desk_put_words(out, "\"");
}

void desk_json_rows_release(desk_json_rows *rows)
{
    desk_buffer_release(&rows->text);
    desk_buffer_release(&rows->names);
}
