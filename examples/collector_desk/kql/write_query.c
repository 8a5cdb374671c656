/* Rows: where they come from, which are kept, in what order. */
#include "write_query.h"

#include <stdio.h>

#include "check.h"

enum {
    MAX_WEIGHT = 200000, /* of all columns that come out, in nodes of SQL */
    MAX_TABLES = 100,
    MAX_STAGES = 400 /* of all pipelines together: what SQLite needs to prepare them grows with their square */
};

static desk_text new_name(kql_writer *writer, kql_place place, char letter)
{
    char *room = kql_allocate(writer->context, place, 12);
    if (!room) return (desk_text){NULL, 0};
    int size = snprintf(room, 12, "%c%u", letter, ++writer->name_count);
    return (desk_text){room, (size_t)size};
}

desk_text kql_new_column(kql_writer *writer, kql_place place)
{
    return new_name(writer, place, 'c');
}

bool kql_new_scope(kql_context *context, kql_place place, kql_scope *scope, unsigned room)
{
    *scope = (kql_scope){kql_allocate(context, place, (room + 1) * sizeof(kql_column)), 0};
    return scope->columns != NULL;
}

bool kql_write_begin(kql_writer *writer, kql_place place, desk_text *name)
{
    if (++writer->stage_count > MAX_STAGES)
        return kql_fail(writer->context, place, "a shorter query", "found more than %d operators in all",
                        (int)MAX_STAGES);
    *name = new_name(writer, place, 's');
    kql_put(writer, writer->sql.size ? "," : "WITH ");
    kql_put_text(writer, *name);
    kql_put(writer, " AS (");
    return name->at != NULL;
}

bool kql_write_end(kql_writer *writer)
{
    kql_put(writer, ")\n");
    return !writer->context->failed;
}

void kql_write_order_by(kql_writer *writer, const kql_relation *relation)
{
    for (unsigned i = 0; i < relation->order_count; i++) {
        const kql_order *order = &relation->order[i];
        kql_put(writer, i ? "," : " ORDER BY ");
        kql_put_text(writer, order->sql);
        kql_put(writer, order->is_ascending ? " ASC" : " DESC");
        if (order->nulls_given) kql_put(writer, order->nulls_first ? " NULLS FIRST" : " NULLS LAST");
    }
}

static bool write_where(kql_writer *writer, const kql_stage *stage, kql_relation *relation)
{
    kql_checker checker = {.context = writer->context, .scope = &relation->scope};
    kql_node *condition = stage->condition;
    desk_text name;
    if (!kql_check(&checker, condition)) return false;
    if (condition->type != DESK_KQL_BOOL) return kql_fail_type(writer->context, condition, "a condition");
    if (!kql_write_begin(writer, stage->place, &name)) return false;
    kql_put(writer, "SELECT * FROM ");
    kql_put_text(writer, relation->from);
    kql_put(writer, " WHERE ");
    kql_write_truth(writer, condition);
    relation->from = name;
    return kql_write_end(writer);
}

static bool write_order(kql_writer *writer, const kql_stage *stage, kql_relation *relation)
{
    kql_scope values;
    if (!kql_write_values(writer, stage->items, stage->place, relation, &values)) return false;
    kql_order *order = kql_allocate(writer->context, stage->place, (values.count + 1) * sizeof *order);
    if (!order) return false;
    const kql_item *item = stage->items;
    for (unsigned i = 0; i < values.count; i++, item = item->next)
        order[i] = (kql_order){values.columns[i].sql, item->is_ascending, item->nulls_given, item->nulls_first};
    relation->order = order;
    relation->order_count = values.count;
    return true;
}

static bool write_take(kql_writer *writer, const kql_stage *stage, kql_relation *relation)
{
    kql_node *limit = kql_allocate(writer->context, stage->place, sizeof *limit);
    desk_text name;
    if (!limit || !kql_write_begin(writer, stage->place, &name)) return false;
    *limit = (kql_node){.kind = KQL_LITERAL, .place = stage->place, .type = DESK_KQL_LONG, .integer = stage->limit};
    kql_put(writer, "SELECT * FROM ");
    kql_put_text(writer, relation->from);
    kql_write_order_by(writer, relation);
    kql_put(writer, " LIMIT ");
    kql_put_parameter(writer, limit);
    relation->from = name;
    return kql_write_end(writer);
}

static bool write_top(kql_writer *writer, const kql_stage *stage, kql_relation *relation)
{
    return write_order(writer, stage, relation) && write_take(writer, stage, relation);
}

static bool write_union_stage(kql_writer *writer, const kql_stage *stage, kql_relation *relation)
{
    kql_relation first = *relation;
    return kql_write_union(writer, &first, &stage->others, stage->place, relation);
}

static bool write_nothing(kql_writer *writer, const kql_stage *stage, kql_relation *relation)
{
    (void)writer;
    (void)stage;
    (void)relation;
    return true;
}

static bool write_stage(kql_writer *writer, const kql_stage *stage, kql_relation *relation)
{
    static bool (*const writers[])(kql_writer * writer, const kql_stage *stage, kql_relation *relation) = {
        [KQL_WHERE] = write_where,
        [KQL_EXTEND] = kql_write_extend,
        [KQL_PROJECT] = kql_write_project,
        [KQL_PROJECT_AWAY] = kql_write_away,
        [KQL_PROJECT_KEEP] = kql_write_away,
        [KQL_PROJECT_RENAME] = kql_write_rename,
        [KQL_PROJECT_REORDER] = kql_write_reorder,
        [KQL_SUMMARIZE] = kql_write_summarize,
        [KQL_ORDER] = write_order,
        [KQL_TAKE] = write_take,
        [KQL_TOP] = write_top,
        [KQL_DISTINCT] = kql_write_distinct,
        [KQL_COUNT] = kql_write_count,
        [KQL_UNION] = write_union_stage,
        [KQL_RENDER] = write_nothing,
    };
    return writers[stage->kind](writer, stage, relation);
}

/* A table of the database. */
static bool read_table(kql_writer *writer, const kql_query *query, kql_scope *scope)
{
    if (++writer->table_count > MAX_TABLES)
        return kql_fail(writer->context, query->place, "a smaller union", "found more than %d tables", (int)MAX_TABLES);
    return kql_scope_of_table(writer->context, writer->db, query->table, query->place, scope);
}

bool kql_write_relation(kql_writer *writer, const kql_query *query, kql_relation *relation)
{
    const kql_query *members = query->of.members;
    bool is_alone = members && !members->next && !members->table.at && !query->of.source.at;
    *relation = (kql_relation){.from = query->table.at ? query->table : DESK_TEXT("(SELECT 1)")};
    if (is_alone) {
        if (!kql_write_relation(writer, members, relation)) return false;
    } else if (members) {
        if (!kql_write_union(writer, NULL, &query->of, query->place, relation)) return false;
    } else if (query->table.at && !read_table(writer, query, &relation->scope)) {
        return false;
    }
    for (const kql_stage *stage = query->stages; stage; stage = stage->next) {
        if (!write_stage(writer, stage, relation)) return false;
    }
    return true;
}

static void write_column(kql_writer *writer, const kql_column *column)
{
    static const char *const functions[] = {
        [DESK_KQL_BOOL] = "kql_bool_text(", [DESK_KQL_TIMESPAN] = "kql_timespan_text(", [DESK_KQL_DYNAMIC] = NULL};
    const char *function = functions[column->type];
    if (function) kql_put(writer, function);
    kql_put_text(writer, column->sql);
    kql_put(writer, function ? ") AS \"" : " AS \"");
    kql_put_text(writer, column->name);
    kql_put(writer, "\"");
}

static bool check_weight(kql_writer *writer, const kql_query *query, const kql_scope *scope)
{
    unsigned long weight = 0;
    for (unsigned i = 0; i < scope->count; i++) weight += scope->columns[i].weight;
    return weight <= MAX_WEIGHT ||
           kql_fail(writer->context, query->place, "columns that are used less often in one another",
                    "found columns that grow beyond bounds");
}

bool kql_write_query(kql_writer *writer, const kql_query *query)
{
    kql_relation relation;
    if (!kql_write_relation(writer, query, &relation) || !check_weight(writer, query, &relation.scope)) return false;
    desk_buffer chain = writer->sql;
    writer->sql = (desk_buffer){0};
    kql_put(writer, "/*kql:");
    for (unsigned i = 0; i < relation.scope.count; i++)
        desk_put_byte(&writer->sql, (char)('0' + relation.scope.columns[i].type));
    kql_put(writer, "*/ ");
    kql_put_text(writer, desk_buffer_text(&chain));
    desk_buffer_release(&chain);
    kql_put(writer, "SELECT ");
    for (unsigned i = 0; i < relation.scope.count; i++) {
        if (i) kql_put(writer, ", ");
        write_column(writer, &relation.scope.columns[i]);
    }
    kql_put(writer, " FROM ");
    kql_put_text(writer, relation.from);
    kql_write_order_by(writer, &relation);
    return !writer->context->failed;
}
