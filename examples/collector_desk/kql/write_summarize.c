/* Groups: summarize, distinct, count. */
#include "check.h"
#include "name.h"
#include "write_query.h"

static unsigned count_of(const kql_item *items)
{
    unsigned count = 0;
    for (; items; items = items->next) count++;
    return count;
}

/* `value AS c3`, and c3 among the columns. Stored strings are written so that NULL and "" are one group. */
static bool write_value(kql_writer *writer, const kql_item *item, kql_scope *scope)
{
    if (item->name.at && !kql_name_check(writer->context, item->place, item->name)) return false;
    if (item->name.at && kql_scope_find(scope, item->name))
        return kql_fail(writer->context, item->place, "each name once", "found a second column \"%s\"",
                        kql_show(item->name).text);
    desk_text name = item->name.at ? item->name : kql_name_of(writer->context, item->value);
    kql_column column = {.name = kql_name_unique(writer->context, item->place, scope, name),
                         .sql = kql_new_column(writer, item->place),
                         .type = item->value->type,
                         .weight = 1};
    kql_put(writer, scope->count ? ", " : "");
    kql_write(writer, item->value);
    kql_put(writer, " AS ");
    kql_put_text(writer, column.sql);
    scope->columns[scope->count++] = column;
    return !writer->context->failed;
}

static bool write_values(kql_writer *writer, kql_checker *checker, const kql_item *items, kql_scope *scope)
{
    for (const kql_item *item = items; item; item = item->next) {
        if (!kql_check(checker, item->value) || !write_value(writer, item, scope)) return false;
    }
    return true;
}

/* What stands beside the largest value is read as inside an aggregate. */
static bool write_aggregates(kql_writer *writer, kql_checker *checker, const kql_item *items, kql_scope *scope)
{
    kql_checker beside = {.context = checker->context, .scope = checker->scope};
    for (const kql_item *item = items; item; item = item->next) {
        bool is_arg = kql_is_arg_extreme(item->value);
        if (is_arg && !kql_write_extreme(writer, &beside, item, scope)) return false;
        if (is_arg) continue;
        if (!kql_check(checker, item->value) || !write_value(writer, item, scope)) return false;
    }
    return true;
}

static void write_group_by(kql_writer *writer, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        kql_put(writer, i ? "," : " GROUP BY ");
        desk_put_int(&writer->sql, i + 1);
    }
}

/* The relation is the group's from then on. */
static bool finish(kql_writer *writer, desk_text name, const kql_scope *scope, kql_relation *relation)
{
    *relation = (kql_relation){.from = name, .scope = *scope};
    return kql_write_end(writer);
}

static void write_from(kql_writer *writer, const kql_relation *relation)
{
    kql_put(writer, " FROM ");
    kql_put_text(writer, relation->from);
}

bool kql_write_summarize(kql_writer *writer, const kql_stage *stage, kql_relation *relation)
{
    kql_checker keys = {.context = writer->context, .scope = &relation->scope}, aggregates = keys;
    unsigned key_count = count_of(stage->keys), more = kql_extreme_room(stage->items, &relation->scope);
    kql_scope scope;
    desk_text name;
    aggregates.takes_aggregates = true;
    unsigned room = key_count + count_of(stage->items) + more;
    if (!kql_extreme_check(writer->context, stage->items)) return false;
    if (!kql_new_scope(writer->context, stage->place, &scope, room)) return false;
    if (!kql_write_begin(writer, stage->place, &name)) return false;
    kql_put(writer, "SELECT ");
    if (!write_values(writer, &keys, stage->keys, &scope)) return false;
    if (!write_aggregates(writer, &aggregates, stage->items, &scope)) return false;
    write_from(writer, relation);
    write_group_by(writer, key_count);
    return finish(writer, name, &scope, relation);
}

/* distinct * */
static bool write_all(kql_writer *writer, const kql_relation *relation, kql_place place, kql_scope *scope)
{
    for (unsigned i = 0; i < relation->scope.count; i++) {
        kql_column column = relation->scope.columns[i];
        bool may_be_null = column.is_stored && column.type == DESK_KQL_STRING;
        kql_put(writer, i ? ", " : "");
        kql_put(writer, may_be_null ? "coalesce(" : "");
        kql_put_text(writer, column.sql);
        kql_put(writer, may_be_null ? ",'')" : "");
        column.sql = kql_new_column(writer, place);
        column.weight = 1;
        column.is_stored = false;
        kql_put(writer, " AS ");
        kql_put_text(writer, column.sql);
        scope->columns[scope->count++] = column;
    }
    return !writer->context->failed;
}

bool kql_write_distinct(kql_writer *writer, const kql_stage *stage, kql_relation *relation)
{
    kql_checker checker = {.context = writer->context, .scope = &relation->scope};
    kql_scope scope;
    desk_text name;
    unsigned room = stage->items ? count_of(stage->items) : relation->scope.count;
    if (!kql_new_scope(writer->context, stage->place, &scope, room)) return false;
    if (!kql_write_begin(writer, stage->place, &name)) return false;
    kql_put(writer, "SELECT DISTINCT ");
    if (!(stage->items ? write_values(writer, &checker, stage->items, &scope)
                       : write_all(writer, relation, stage->place, &scope)))
        return false;
    write_from(writer, relation);
    return finish(writer, name, &scope, relation);
}

bool kql_write_count(kql_writer *writer, const kql_stage *stage, kql_relation *relation)
{
    kql_scope scope;
    desk_text name;
    if (!kql_new_scope(writer->context, stage->place, &scope, 1)) return false;
    if (!kql_write_begin(writer, stage->place, &name)) return false;
    scope.columns[scope.count++] = (kql_column){
        .name = DESK_TEXT("Count"), .sql = kql_new_column(writer, stage->place), .type = DESK_KQL_LONG, .weight = 1};
    kql_put(writer, "SELECT count(*) AS ");
    kql_put_text(writer, scope.columns[0].sql);
    write_from(writer, relation);
    return finish(writer, name, &scope, relation);
}
