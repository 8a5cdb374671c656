/* Functions that look for a text in another one. SQLite has some of them, which take as long as both sizes multiplied.
 */
#include "sql_functions.h"

#include <string.h>

#include "../buffer.h"
#include "text_search.h"

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

static bool count_one(const char *at, void *context)
{
    sqlite3_int64 *count = context;
    (void)at;
    ++*count;
    return false;
}

/* How often a text is in another one; the places may overlap. */
static void countof(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    desk_text text, word;
    sqlite3_int64 found = 0;
    if (!text_of(values[0], &text) || !text_of(values[1], &word)) return;
    kql_find_each(text, word, count_one, &found);
    sqlite3_result_int64(context, found);
}

static sqlite3_int64 characters_of(desk_text text)
{
    sqlite3_int64 count = 0;
    for (size_t i = 0; i < text.size; i++) count += ((unsigned char)text.at[i] & 0xc0) != 0x80;
    return count;
}

/* In characters, from 0; -1: it is not there. */
static void indexof(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    desk_text text, word;
    if (!text_of(values[0], &text) || !text_of(values[1], &word)) return;
    const char *at = memmem(text.at, text.size, word.at, word.size);
    sqlite3_result_int64(context, at ? characters_of((desk_text){text.at, (size_t)(at - text.at)}) : -1);
}

/* The pieces between, with the new text between them. */
static void put_replaced(desk_buffer *out, desk_text rest, desk_text old, desk_text new)
{
    desk_text piece;
    while (next_piece(&rest, old, &piece)) {
        desk_put(out, piece);
        desk_put(out, new);
    }
    desk_put(out, piece);
}

/* How large the text becomes; too large for the connection: said so. */
static bool fits(sqlite3_context *context, desk_text rest, desk_text old, desk_text new)
{
    desk_text piece;
    double size = (double)rest.size, limit = sqlite3_limit(sqlite3_context_db_handle(context), SQLITE_LIMIT_LENGTH, -1);
    while (next_piece(&rest, old, &piece)) size += (double)new.size - (double)old.size;
    if (size <= limit) return true;
    sqlite3_result_error_toobig(context);
    return false;
}

static void replace(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    desk_text text, old, new;
    desk_buffer out = {0};
    if (!text_of(values[0], &text) || !text_of(values[1], &old) || !text_of(values[2], &new)) return;
    if (!fits(context, text, old, new)) return;
    put_replaced(&out, text, old, new);
    if (out.failed)
        sqlite3_result_error_nomem(context);
    else
        sqlite3_result_text64(context, out.at ? out.at : "", out.size, SQLITE_TRANSIENT, SQLITE_UTF8);
    desk_buffer_release(&out);
}

bool kql_sql_texts_add(sqlite3 *db)
{
    return kql_sql_add(db, "kql_split", -1, split, NULL) && kql_sql_add(db, "kql_countof", 2, countof, NULL) &&
           kql_sql_add(db, "kql_indexof", 2, indexof, NULL) && kql_sql_add(db, "kql_replace", 3, replace, NULL);
}
