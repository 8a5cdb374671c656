/* Columns that are kept, dropped, put first or renamed: no SQL is needed for it. */
#include <string.h>

#include "check.h"
#include "name.h"
#include "write_query.h"

/* The column that an item names. */
static const kql_column *named_column(kql_writer *writer, const kql_item *item, const kql_scope *scope)
{
    kql_checker checker = {.context = writer->context, .scope = scope};
    bool is_name = item->value->kind == KQL_COLUMN;
    if (is_name && !kql_check(&checker, item->value)) return NULL;
    if (is_name && item->value->kind == KQL_COLUMN) return item->value->column; /* and not what let calls so */
    kql_fail(writer->context, item->value->place, "the name of a column", "found an expression");
    return NULL;
}

static bool is_pattern(const kql_item *item)
{
    const kql_node *node = item->value;
    return node->kind == KQL_COLUMN && node->name.at && memchr(node->name.at, '*', node->name.size);
}

/* A star stands for any characters. */
static bool matches(desk_text pattern, desk_text name)
{
    size_t p = 0, n = 0, star = pattern.size, begun = 0;
    while (n < name.size) {
        if (p < pattern.size && pattern.at[p] == '*') {
            star = p++;
            begun = n;
        } else if (p < pattern.size && pattern.at[p] == name.at[n]) {
            p++, n++;
        } else if (star < pattern.size) {
            p = star + 1;
            n = ++begun;
        } else {
            return false;
        }
    }
    while (p < pattern.size && pattern.at[p] == '*') p++;
    return p == pattern.size;
}

static bool selects(const kql_item *item, const kql_column *column)
{
    return is_pattern(item) ? matches(item->value->name, column->name) : item->value->column == column;
}

static bool is_selected(const kql_item *items, const kql_column *column)
{
    for (; items; items = items->next) {
        if (selects(items, column)) return true;
    }
    return false;
}

/* What is no pattern must be there. */
static bool begin(kql_writer *writer, const kql_stage *stage, const kql_relation *relation, kql_scope *scope)
{
    for (const kql_item *item = stage->items; item; item = item->next) {
        if (!is_pattern(item) && !named_column(writer, item, &relation->scope)) return false;
    }
    return kql_new_scope(writer->context, stage->place, scope, relation->scope.count);
}

bool kql_write_away(kql_writer *writer, const kql_stage *stage, kql_relation *relation)
{
    kql_scope scope;
    bool is_kept = stage->kind == KQL_PROJECT_KEEP;
    if (!begin(writer, stage, relation, &scope)) return false;
    for (unsigned i = 0; i < relation->scope.count; i++) {
        const kql_column *column = &relation->scope.columns[i];
        if (is_selected(stage->items, column) == is_kept) scope.columns[scope.count++] = *column;
    }
    relation->scope = scope;
    return scope.count > 0 || kql_fail(writer->context, stage->place, "one column that stays", "found no column left");
}

/* The columns that are named, then the others as they stood. */
bool kql_write_reorder(kql_writer *writer, const kql_stage *stage, kql_relation *relation)
{
    kql_scope scope;
    const kql_scope *all = &relation->scope;
    if (!begin(writer, stage, relation, &scope)) return false;
    for (const kql_item *item = stage->items; item; item = item->next) {
        for (unsigned i = 0; i < all->count; i++) {
            bool is_next = selects(item, &all->columns[i]) && !kql_scope_find(&scope, all->columns[i].name);
            if (is_next) scope.columns[scope.count++] = all->columns[i];
        }
    }
    for (unsigned i = 0; i < all->count; i++) {
        if (!kql_scope_find(&scope, all->columns[i].name)) scope.columns[scope.count++] = all->columns[i];
    }
    relation->scope = scope;
    return true;
}

bool kql_write_rename(kql_writer *writer, const kql_stage *stage, kql_relation *relation)
{
    kql_scope scope;
    if (!kql_copy_scope(writer->context, stage->place, &relation->scope, &scope, 0)) return false;
    for (const kql_item *item = stage->items; item; item = item->next) {
        const kql_column *column = named_column(writer, item, &relation->scope);
        if (!column) return false;
        if (!item->name.at) return kql_fail(writer->context, item->place, "new = old", "found one name");
        if (!kql_name_check(writer->context, item->place, item->name)) return false;
        if (kql_find_column(&scope, item->name)) return kql_fail_twice(writer, item, item->name);
        scope.columns[column - relation->scope.columns].name = item->name;
    }
    relation->scope = scope;
    return true;
}
