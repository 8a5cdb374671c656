/* A type is known when a row has a value, so the columns are written behind the rows. */
#include "json_rows.h"

#include <stdio.h>
#include <string.h>

static const int64_t exact_limit = (int64_t)1 << 53;

static desk_text text_of(sqlite3_stmt *statement, int column)
{
    const char *at = (const char *)sqlite3_column_text(statement, column);
    return (desk_text){at ? at : "", at ? (size_t)sqlite3_column_bytes(statement, column) : 0};
}

static void put_cut_text(desk_buffer *out, desk_text text)
{
    char words[64];
    size_t size = DESK_MAX_CELL_BYTES;
    while (size > DESK_MAX_CELL_BYTES - 4 && ((unsigned char)text.at[size] & 0xc0) == 0x80) size--;
    desk_put_json_string(out, (desk_text){text.at, size});
    if (out->failed) return;
    out->size--; /* the quote */
    int length = snprintf(words, sizeof words, " [cut: %zu bytes more]\"", text.size - size);
    desk_put(out, (desk_text){words, (size_t)length});
}

static void put_text(desk_buffer *out, desk_text text)
{
    if (text.size > DESK_MAX_CELL_BYTES)
        put_cut_text(out, text);
    else
        desk_put_json_string(out, text);
}

static void put_blob(desk_buffer *out, sqlite3_stmt *statement, int column)
{
    static const char hex[] = "0123456789abcdef";
    const unsigned char *at = sqlite3_column_blob(statement, column);
    size_t size = at ? (size_t)sqlite3_column_bytes(statement, column) : 0;
    if (size > DESK_MAX_CELL_BYTES / 2) size = DESK_MAX_CELL_BYTES / 2;
    desk_put(out, DESK_TEXT("\"0x"));
    for (size_t i = 0; i < size; i++) {
        desk_put_byte(out, hex[at[i] >> 4]);
        desk_put_byte(out, hex[at[i] & 15]);
    }
    desk_put_byte(out, '"');
}

static void put_number(desk_buffer *out, sqlite3_stmt *statement, int column)
{
    bool whole = sqlite3_column_type(statement, column) == SQLITE_INTEGER;
    int64_t integer = sqlite3_column_int64(statement, column);
    double real = sqlite3_column_double(statement, column);
    bool plain = whole ? integer < exact_limit && integer > -exact_limit : real - real == 0;
    if (!plain) desk_put_byte(out, '"');
    if (whole)
        desk_put_int(out, integer);
    else
        desk_put_double(out, real);
    if (!plain) desk_put_byte(out, '"');
}

void desk_put_json_value(desk_buffer *out, sqlite3_stmt *statement, int column)
{
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
        desk_put(out, DESK_TEXT("null"));
        break;
    case SQLITE_TEXT:
        put_text(out, text_of(statement, column));
        break;
    case SQLITE_BLOB:
        put_blob(out, statement, column);
        break;
    default:
        put_number(out, statement, column);
    }
}

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

static void read_names(desk_json_rows *rows, sqlite3_stmt *statement)
{
    int columns = sqlite3_column_count(statement);
    rows->columns = columns < DESK_MAX_COLUMNS ? columns : DESK_MAX_COLUMNS;
    for (int i = 0; i < rows->columns; i++) {
        const char *name = sqlite3_column_name(statement, i);
        desk_put_json_string(&rows->names, (desk_text){name ? name : "", name ? strlen(name) : 0});
        rows->name_ends[i] = rows->names.size;
    }
}

static void read_row(desk_json_rows *rows, sqlite3_stmt *statement)
{
    desk_put(&rows->text, rows->count ? DESK_TEXT(",\n[") : DESK_TEXT("["));
    for (int i = 0; i < rows->columns; i++) {
        if (i) desk_put_byte(&rows->text, ',');
        desk_put_json_value(&rows->text, statement, i);
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
