/* SQL is SQLite's to understand; here its complaints get a line and a column. */
#include "ask_sql.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static desk_text first_word(desk_text text)
{
    size_t begin = 0, size = 0;
    while (begin < text.size && strchr(" \t\r\n(", text.at[begin])) begin++;
    while (begin + size < text.size && ((text.at[begin + size] | 0x20) >= 'a' && (text.at[begin + size] | 0x20) <= 'z'))
        size++;
    return (desk_text){text.at + begin, size};
}

bool desk_is_sql(desk_text text)
{
    static const char *const words[] = {"select", "with", "values"};
    desk_text word = first_word(text);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (word.size == strlen(words[i]) && strncasecmp(word.at, words[i], word.size) == 0) return true;
    }
    return false;
}

/* Columns count characters, as an editor does. */
static void locate(desk_text text, int offset, desk_mistake *mistake)
{
    mistake->line = mistake->column = 1;
    for (int i = 0; i < offset && (size_t)i < text.size; i++) {
        bool continues = ((unsigned char)text.at[i] & 0xc0) == 0x80;
        if (text.at[i] == '\n') {
            mistake->line++;
            mistake->column = 1;
        } else if (!continues) {
            mistake->column++;
        }
    }
}

static sqlite3_stmt *complain(desk_mistake *mistake, const char *words)
{
    snprintf(mistake->message, sizeof mistake->message, "%s", words);
    return NULL;
}

static bool only_space(desk_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (!strchr(" \t\r\n;", text.at[i])) return false;
    }
    return true;
}

sqlite3_stmt *desk_prepare_sql(sqlite3 *database, desk_text text, int *code, desk_mistake *mistake)
{
    sqlite3_stmt *statement = NULL;
    const char *rest = NULL;
    *code = sqlite3_prepare_v2(database, text.at, (int)text.size, &statement, &rest);
    if (*code != SQLITE_OK) {
        int offset = sqlite3_error_offset(database);
        if (offset >= 0) locate(text, offset, mistake);
        return complain(mistake, *code == SQLITE_AUTH ? "only queries: this statement does something else"
                                                      : sqlite3_errmsg(database));
    }
    if (!statement) return complain(mistake, "there is no query");
    if (only_space((desk_text){rest, (size_t)(text.at + text.size - rest)})) return statement;
    locate(text, (int)(rest - text.at), mistake);
    sqlite3_finalize(statement);
    return complain(mistake, "one query at a time");
}
