/* Columns that extend and project make. Only what is no column yet needs SQL. */
#include "check.h"
#include "name.h"
#include "write_query.h"

static unsigned count_of(const kql_item *items)
{
    unsigned count = 0;
    for (; items; items = items->next) count++;
    return count;
}

/* The column that an item is, or a new one for its value. */
static bool add_value(kql_writer *writer, const kql_item *item, kql_scope *values)
{
    const kql_node *value = item->value;
    kql_column *column = &values->columns[values->count++];
    if (value->kind == KQL_COLUMN) {
        *column = *value->column;
    } else {
        *column =
            (kql_column){.type = value->type, .weight = value->weight, .sql = kql_new_column(writer, item->place)};
        if (!column->sql.at) return false;
    }
    if (item->name.at)
        column->name = item->name;
    else if (value->kind != KQL_COLUMN)
        column->name = kql_name_of(writer->context, value);
    return !writer->context->failed;
}

static bool is_sql_needed(const kql_item *items)
{
    for (; items; items = items->next) {
        if (items->value->kind != KQL_COLUMN) return true;
    }
    return false;
}

static bool write_stage(kql_writer *writer, const kql_item *items, kql_place place, kql_relation *relation,
                        const kql_scope *values)
{
    desk_text name;
    if (!kql_write_begin(writer, place, &name)) return false;
    kql_put(writer, "SELECT *");
    for (unsigned i = 0; items; items = items->next, i++) {
        if (items->value->kind == KQL_COLUMN) continue;
        kql_put(writer, ", ");
        kql_write(writer, items->value);
        kql_put(writer, " AS ");
        kql_put_text(writer, values->columns[i].sql);
    }
    kql_put(writer, " FROM ");
    kql_put_text(writer, relation->from);
    relation->from = name;
    return kql_write_end(writer);
}

bool kql_write_values(kql_writer *writer, const kql_item *items, kql_place place, kql_relation *relation,
                      kql_scope *values)
{
    kql_checker checker = {.context = writer->context, .scope = &relation->scope};
    if (!kql_new_scope(writer->context, place, values, count_of(items))) return false;
    for (const kql_item *item = items; item; item = item->next) {
        if (item->name.at && !kql_name_check(writer->context, item->place, item->name)) return false;
        if (!kql_check(&checker, item->value) || !add_value(writer, item, values)) return false;
    }
    return !is_sql_needed(items) || write_stage(writer, items, place, relation, values);
}

kql_column *kql_find_column(kql_scope *scope, desk_text name)
{
    for (unsigned i = 0; i < scope->count; i++) {
        if (desk_text_is(scope->columns[i].name, name)) return &scope->columns[i];
    }
    return NULL;
}

bool kql_copy_scope(kql_context *context, kql_place place, const kql_scope *from, kql_scope *to, unsigned more)
{
    if (!kql_new_scope(context, place, to, from->count + more)) return false;
    for (; to->count < from->count; to->count++) to->columns[to->count] = from->columns[to->count];
    return true;
}

/* A name that the query gives replaces the column of that name; one that we give makes way. */
static bool set_column(kql_writer *writer, const kql_item *item, kql_column column, kql_scope *scope)
{
    bool is_given = item->name.at || item->value->kind == KQL_COLUMN;
    kql_column *old = is_given ? kql_find_column(scope, column.name) : NULL;
    if (!is_given) column.name = kql_name_unique(writer->context, item->place, scope, column.name);
    *(old ? old : &scope->columns[scope->count++]) = column;
    return !writer->context->failed;
}

bool kql_write_extend(kql_writer *writer, const kql_stage *stage, kql_relation *relation)
{
    kql_scope values, scope;
    if (!kql_write_values(writer, stage->items, stage->place, relation, &values)) return false;
    if (!kql_copy_scope(writer->context, stage->place, &relation->scope, &scope, values.count)) return false;
    const kql_item *item = stage->items;
    for (unsigned i = 0; i < values.count; i++, item = item->next) {
        if (!set_column(writer, item, values.columns[i], &scope)) return false;
    }
    relation->scope = scope;
    return true;
}

bool kql_fail_twice(kql_writer *writer, const kql_item *item, desk_text name)
{
    return kql_fail(writer->context, item->place, "each name once", "found a second column \"%s\"",
                    kql_show(name).text);
}

bool kql_write_project(kql_writer *writer, const kql_stage *stage, kql_relation *relation)
{
    kql_scope values, scope;
    if (!kql_write_values(writer, stage->items, stage->place, relation, &values)) return false;
    if (!kql_new_scope(writer->context, stage->place, &scope, values.count)) return false;
    const kql_item *item = stage->items;
    for (unsigned i = 0; i < values.count; i++, item = item->next) {
        if (item->name.at && kql_find_column(&scope, item->name)) return kql_fail_twice(writer, item, item->name);
        kql_column column = values.columns[i];
        column.name = kql_name_unique(writer->context, item->place, &scope, column.name);
        scope.columns[scope.count++] = column;
    }
    relation->scope = scope;
    return !writer->context->failed;
}
