/* Whatever SQLite holds, in the words of JSON. */
#include "json_value.h"

#include <stdio.h>

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
