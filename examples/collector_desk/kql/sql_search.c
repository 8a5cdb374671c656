/* contains, startswith, endswith, and has with its terms. Case is folded in ASCII only, as the service does. */
#include "sql_functions.h"

#include <stdlib.h>
#include <string.h>

#include "text_search.h"

enum { PLAIN_WORD_BYTES = 64 }; /* longer ones are searched in linear time, but it needs copies */

typedef struct search {
    bool keeps_case;
    bool at_start; /* of the text */
    bool at_end;
    bool starts_a_term; /* no letter or digit right before it */
    bool ends_a_term;
} search;

static unsigned char lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

static bool is_term(unsigned char c)
{
    c = lower(c);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static desk_text text_of(sqlite3_value *value)
{
    const char *text = (const char *)sqlite3_value_text(value);
    return text ? (desk_text){text, (size_t)sqlite3_value_bytes(value)} : DESK_TEXT("");
}

static bool same(const search *how, const char *one, const char *other, size_t size)
{
    if (how->keeps_case) return memcmp(one, other, size) == 0;
    for (size_t i = 0; i < size; i++) {
        if (lower((unsigned char)one[i]) != lower((unsigned char)other[i])) return false;
    }
    return true;
}

/* Between two letters or digits there is no end of a term. */
static bool is_border(const char *at, desk_text text)
{
    if (at == text.at || at == text.at + text.size) return true;
    return !is_term((unsigned char)at[-1]) || !is_term((unsigned char)at[0]);
}

static bool is_accepted(const search *how, desk_text text, const char *at, size_t size)
{
    if (how->starts_a_term && !is_border(at, text)) return false;
    return !how->ends_a_term || is_border(at + size, text);
}

static bool find_short(const search *how, desk_text text, desk_text word)
{
    for (size_t i = 0; i + word.size <= text.size; i++) {
        if (same(how, text.at + i, word.at, word.size) && is_accepted(how, text, text.at + i, word.size)) return true;
    }
    return false;
}

static char *folded(const search *how, desk_text text)
{
    char *copy = malloc(text.size + 1);
    for (size_t i = 0; copy && i < text.size; i++)
        copy[i] = how->keeps_case ? text.at[i] : (char)lower((unsigned char)text.at[i]);
    return copy;
}

typedef struct acceptance {
    const search *how;
    desk_text text;
    size_t size;
} acceptance;

static bool accept(const char *at, void *context)
{
    const acceptance *a = context;
    return is_accepted(a->how, a->text, at, a->size);
}

static bool find_long(const search *how, desk_text text, desk_text word)
{
    char *haystack = folded(how, text), *needle = folded(how, word);
    acceptance a = {how, {haystack, text.size}, word.size};
    bool found = haystack && needle && kql_find_each(a.text, (desk_text){needle, word.size}, accept, &a);
    free(haystack);
    free(needle);
    return found;
}

static bool find(const search *how, desk_text text, desk_text word)
{
    if (word.size > text.size) return false;
    if (how->at_start) return same(how, text.at, word.at, word.size);
    if (how->at_end) return same(how, text.at + text.size - word.size, word.at, word.size);
    return word.size <= PLAIN_WORD_BYTES ? find_short(how, text, word) : find_long(how, text, word);
}

static void search_one(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    const search *how = sqlite3_user_data(context);
    sqlite3_result_int(context, find(how, text_of(values[0]), text_of(values[1])));
}

static const search has = {.starts_a_term = true, .ends_a_term = true};

static void has_any(sqlite3_context *context, int count, sqlite3_value **values)
{
    bool found = false;
    for (int i = 1; i < count && !found; i++) found = find(&has, text_of(values[0]), text_of(values[i]));
    sqlite3_result_int(context, found);
}

static void has_all(sqlite3_context *context, int count, sqlite3_value **values)
{
    bool found = true;
    for (int i = 1; i < count && found; i++) found = find(&has, text_of(values[0]), text_of(values[i]));
    sqlite3_result_int(context, found);
}

bool kql_sql_search_add(sqlite3 *db)
{
    static const struct {
        const char *name;
        search how;
    } searches[] = {
        {"kql_contains", {0}},
        {"kql_contains_cs", {.keeps_case = true}},
        {"kql_startswith", {.at_start = true}},
        {"kql_startswith_cs", {.keeps_case = true, .at_start = true}},
        {"kql_endswith", {.at_end = true}},
        {"kql_endswith_cs", {.keeps_case = true, .at_end = true}},
        {"kql_has", {.starts_a_term = true, .ends_a_term = true}},
        {"kql_has_cs", {.keeps_case = true, .starts_a_term = true, .ends_a_term = true}},
        {"kql_hasprefix", {.starts_a_term = true}},
        {"kql_hasprefix_cs", {.keeps_case = true, .starts_a_term = true}},
        {"kql_hassuffix", {.ends_a_term = true}},
        {"kql_hassuffix_cs", {.keeps_case = true, .ends_a_term = true}},
    };
    bool added = kql_sql_add(db, "kql_has_any", -1, has_any, NULL) && kql_sql_add(db, "kql_has_all", -1, has_all, NULL);
    for (size_t i = 0; added && i < sizeof searches / sizeof searches[0]; i++)
        added = kql_sql_add(db, searches[i].name, 2, search_one, &searches[i].how);
    return added;
}
