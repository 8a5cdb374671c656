/* The names that the service would give, so that a chart or a later operator finds its column. */
#include "name.h"

#include <stdio.h>
#include <string.h>

#include "function.h"

enum { MAX_NAME_BYTES = 128 };

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool kql_name_check(kql_context *context, kql_place place, desk_text name)
{
    bool good = name.size > 0 && name.size <= MAX_NAME_BYTES;
    for (size_t i = 0; i < name.size; i++) {
        if (!is_word(name.at[i]) && name.at[i] != ' ' && name.at[i] != '.' && name.at[i] != '-') good = false;
    }
    return good || kql_fail(context, place, "a name of at most 128 letters, digits, _, -, dots and blanks",
                            "found \"%s\"", kql_show(name).text);
}

/* Appends what can stand in a name; false: full. */
static bool append(char *room, size_t *size, desk_text text)
{
    for (size_t i = 0; i < text.size && *size < MAX_NAME_BYTES; i++)
        room[(*size)++] = is_word(text.at[i]) ? text.at[i] : '_';
    return *size < MAX_NAME_BYTES;
}

static void append_word(char *room, size_t *size, desk_text word)
{
    append(room, size, word);
    append(room, size, DESK_TEXT("_"));
}

/* customDimensions_x, details_0_message, strlen_message; false: it is no column and nothing that keeps its name. */
static bool append_path(char *room, size_t *size, const kql_node *node)
{
    if (node->kind == KQL_COLUMN) return append(room, size, node->name);
    bool is_call = node->kind == KQL_CALL, adds_name = is_call && node->function->adds_name;
    if (adds_name) append_word(room, size, node->name);
    if (adds_name || (is_call && node->function->keeps_name)) return append_path(room, size, node->first);
    if (node->kind != KQL_PROPERTY || !append_path(room, size, node->first)) return false;
    char index[24];
    int digits = snprintf(index, sizeof index, "%lld", (long long)node->integer);
    append(room, size, DESK_TEXT("_"));
    return append(room, size, node->is_index ? (desk_text){index, (size_t)digits} : node->name);
}

/* max_x, percentile_x_99_9; make_set(x) is set_x, take_any(x) is x. */
static void append_aggregate(char *room, size_t *size, const kql_node *node)
{
    desk_text name = node->name;
    bool is_any = desk_text_is(name, DESK_TEXT("take_any"));
    if (desk_text_starts(name, DESK_TEXT("make_")) || is_any) name = (desk_text){name.at + 5, name.size - 5};
    if (is_any && append_path(room, size, node->first)) return;
    append_word(room, size, name);
    size_t before = *size;
    if (node->first && !append_path(room, size, node->first)) *size = before;
    if (!desk_text_is(name, DESK_TEXT("percentile"))) return;
    append(room, size, DESK_TEXT("_"));
    append(room, size, node->last->name);
}

desk_text kql_name_of(kql_context *context, const kql_node *node)
{
    char *room = kql_allocate(context, node->place, MAX_NAME_BYTES);
    size_t size = 0;
    if (!room) return (desk_text){NULL, 0};
    if (node->kind == KQL_CALL && node->function->is_aggregate)
        append_aggregate(room, &size, node);
    else if (!append_path(room, &size, node))
        size = 0;
    return size ? (desk_text){room, size} : (desk_text){NULL, 0};
}

desk_text kql_name_unique(kql_context *context, kql_place place, const kql_scope *scope, desk_text name)
{
    bool is_absent = !name.at;
    desk_text base = is_absent ? DESK_TEXT("Column") : name;
    char *room = kql_allocate(context, place, base.size + 12);
    if (!room) return (desk_text){NULL, 0};
    for (unsigned number = is_absent; is_absent || kql_scope_find(scope, name); number++) {
        is_absent = false;
        if (number == 0) continue;
        int size = snprintf(room, base.size + 12, "%.*s%u", (int)base.size, base.at, number);
        name = (desk_text){room, (size_t)size};
    }
    return name;
}
