/* arg_max and arg_min: other columns of the row that has the largest value. Where a group has one max() or min(),
 * SQLite takes what stands beside it from that row. */
#include "check.h"
#include "function.h"
#include "name.h"
#include "write_query.h"

bool kql_is_arg_extreme(const kql_node *node)
{
    return node->kind == KQL_CALL &&
           (desk_text_is(node->name, DESK_TEXT("arg_max")) || desk_text_is(node->name, DESK_TEXT("arg_min")));
}

static bool is_star(const kql_node *node)
{
    return node->kind == KQL_COLUMN && desk_text_is(node->name, DESK_TEXT("*"));
}

unsigned kql_extreme_room(const kql_item *items, const kql_scope *scope)
{
    unsigned room = 0;
    for (; items; items = items->next) {
        if (kql_is_arg_extreme(items->value)) room += items->value->count + scope->count;
    }
    return room;
}

/* max(x) and what is made of it, anywhere in an expression. */
static bool has_extreme(const kql_node *node)
{
    bool is_call = node->kind == KQL_CALL && !kql_is_arg_extreme(node);
    const kql_function *function = is_call ? kql_aggregate_find(node->name) : NULL;
    if (function && (function->sql[0] == 'm')) return true;
    for (const kql_node *operand = node->first; operand; operand = operand->next) {
        if (has_extreme(operand)) return true;
    }
    return false;
}

bool kql_extreme_check(kql_context *context, const kql_item *items)
{
    const kql_item *arg = NULL, *other = NULL;
    for (; items; items = items->next) {
        bool is_arg = kql_is_arg_extreme(items->value);
        if (is_arg && !arg)
            arg = items;
        else if (is_arg || has_extreme(items->value))
            other = items;
    }
    if (!arg || !other) return true;
    return kql_fail(context, other->place, "a summarize of its own for it",
                    "found a second smallest or largest value beside %s()", kql_show(arg->value->name).text);
}

/* `value AS c3`, and c3 among the columns. */
static bool add(kql_writer *writer, const kql_node *node, desk_text name, const char *before, kql_scope *scope)
{
    kql_column column = {.name = kql_name_unique(writer->context, node->place, scope, name),
                         .sql = kql_new_column(writer, node->place),
                         .type = node->type,
                         .weight = 1};
    kql_put(writer, scope->count ? ", " : "");
    kql_put(writer, before);
    kql_write(writer, node);
    kql_put(writer, *before ? ") AS " : " AS ");
    kql_put_text(writer, column.sql);
    scope->columns[scope->count++] = column;
    return !writer->context->failed;
}

/* All columns that are not there yet: the keys and the value are. */
static bool add_all(kql_writer *writer, const kql_scope *from, kql_place place, kql_scope *scope)
{
    for (unsigned i = 0; i < from->count; i++) {
        const kql_column *column = &from->columns[i];
        kql_node node = {
            .kind = KQL_COLUMN, .place = place, .name = column->name, .type = column->type, .column = column};
        if (!kql_scope_find(scope, column->name) && !add(writer, &node, column->name, "", scope)) return false;
    }
    return true;
}

static bool add_largest(kql_writer *writer, kql_checker *checker, const kql_item *item, kql_scope *scope)
{
    kql_node *value = item->value->first;
    bool is_max = desk_text_is(item->value->name, DESK_TEXT("arg_max"));
    if (!kql_check(checker, value)) return false;
    if (value->type == DESK_KQL_DYNAMIC)
        return kql_fail_type(writer->context, value, "a number, a time or a string; todouble() makes one");
    desk_text name = item->name.at ? item->name : kql_name_of(writer->context, value);
    if (!name.at) name = is_max ? DESK_TEXT("max_") : DESK_TEXT("min_");
    if (item->name.at && !kql_name_check(writer->context, item->place, item->name)) return false;
    return add(writer, value, name, is_max ? "max(" : "min(", scope);
}

bool kql_write_extreme(kql_writer *writer, kql_checker *checker, const kql_item *item, kql_scope *scope)
{
    if (!add_largest(writer, checker, item, scope)) return false;
    for (kql_node *node = item->value->first->next; node; node = node->next) {
        if (is_star(node)) {
            if (!add_all(writer, checker->scope, node->place, scope)) return false;
        } else if (!kql_check(checker, node) || !add(writer, node, kql_name_of(writer->context, node), "", scope)) {
            return false;
        }
    }
    return true;
}
