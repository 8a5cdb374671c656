/* Functions that take texts apart: split, countof. */
#include "sql_functions.h"

#include <string.h>

#include "../buffer.h"

static bool text_of(sqlite3_value *value, desk_text *text)
{
    const char *at = (const char *)sqlite3_value_text(value);
    *text = at ? (desk_text){at, (size_t)sqlite3_value_bytes(value)} : DESK_TEXT("");
    return at != NULL;
}

/* Takes the piece up to the delimiter; false: it was the last one. */
static bool next_piece(desk_text *rest, desk_text delimiter, desk_text *piece)
{
    const char *at = delimiter.size ? memmem(rest->at, rest->size, delimiter.at, delimiter.size) : NULL;
    *piece = (desk_text){rest->at, at ? (size_t)(at - rest->at) : rest->size};
    if (!at) return false;
    *rest = (desk_text){at + delimiter.size, rest->size - piece->size - delimiter.size};
    return true;
}

/* split(text, delimiter[, index]): an array, of one piece when an index is given. */
static void split(sqlite3_context *context, int count, sqlite3_value **values)
{
    desk_text rest, delimiter, piece;
    desk_buffer out = {0};
    sqlite3_int64 wanted = count > 2 ? sqlite3_value_int64(values[2]) : -1;
    if (!text_of(values[0], &rest) || !text_of(values[1], &delimiter)) return;
    desk_put_byte(&out, '[');
    bool more = true;
    for (sqlite3_int64 i = 0; more; i++) {
        more = next_piece(&rest, delimiter, &piece);
        if (count > 2 && i != wanted) continue;
        if (out.size > 1) desk_put_byte(&out, ',');
        desk_put_json_string(&out, piece);
    }
    desk_put_byte(&out, ']');
    if (!out.failed) sqlite3_result_text64(context, out.at, out.size, SQLITE_TRANSIENT, SQLITE_UTF8);
    desk_buffer_release(&out);
}

/* How often a text is in another one; the places may overlap. */
static void countof(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    desk_text text, word;
    sqlite3_int64 found = 0;
    if (!text_of(values[0], &text) || !text_of(values[1], &word)) return;
    const char *at = text.at, *end = text.at + text.size;
    while (word.size && (at = memmem(at, (size_t)(end - at), word.at, word.size))) at++, found++;
    sqlite3_result_int64(context, found);
}

bool kql_sql_texts_add(sqlite3 *db)
{
    return kql_sql_add(db, "kql_split", -1, split, NULL) && kql_sql_add(db, "kql_countof", 2, countof, NULL);
}
