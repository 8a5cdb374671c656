/* union: the columns of all members by their names. */
#include <stdio.h>

#include "check.h"
#include "name.h"
#include "write_query.h"

typedef struct members {
    kql_relation *at;
    const kql_node **sources; /* what the column of sources says of each */
    unsigned count;
} members;

/* A table's own name, else union_arg and its number: as the service says it. */
static const kql_node *source_of(kql_writer *writer, const kql_query *query, kql_place place, unsigned index)
{
    kql_node *source = kql_allocate(writer->context, place, sizeof *source);
    char *name = kql_allocate(writer->context, place, 24);
    if (!source || !name) return NULL;
    *source = (kql_node){.kind = KQL_LITERAL, .place = place, .type = DESK_KQL_STRING};
    bool is_table = query && query->table.at && !query->stages;
    source->text = is_table ? query->table : (desk_text){name, (size_t)snprintf(name, 24, "union_arg%u", index)};
    return source;
}

static bool new_members(kql_writer *writer, const kql_query *others, kql_place place, members *all)
{
    unsigned room = 1;
    for (; others; others = others->next) room++;
    *all = (members){kql_allocate(writer->context, place, room * sizeof *all->at),
                     kql_allocate(writer->context, place, room * sizeof(kql_node *)), 0};
    return all->at && all->sources;
}

static bool write_members(kql_writer *writer, const kql_relation *first, const kql_query *others, kql_place place,
                          members *all)
{
    if (!new_members(writer, others, place, all)) return false;
    if (first) {
        all->sources[0] = source_of(writer, NULL, place, 0);
        all->at[all->count++] = *first;
    }
    for (; others; others = others->next) {
        all->sources[all->count] = source_of(writer, others, place, all->count);
        if (!kql_write_relation(writer, others, &all->at[all->count++])) return false;
    }
    return !writer->context->failed;
}

/* A stored column keeps its name: an index on an expression of it still applies. */
static bool is_stored_as_called(const kql_column *column)
{
    return column->is_stored && desk_text_is((desk_text){column->sql.at + 1, column->sql.size - 2}, column->name);
}

static bool add_column(kql_writer *writer, kql_place place, const kql_column *column, kql_scope *scope)
{
    kql_column *same = (kql_column *)kql_scope_find(scope, column->name);
    if (same) {
        if (column->weight > same->weight) same->weight = column->weight;
        bool meet = kql_types_meet(same->type, column->type, &same->type);
        return meet || kql_fail(writer->context, place, "the same type in all tables of the union",
                                "found the column \"%s\", %s in one and %s in another", kql_show(column->name).text,
                                kql_type_words(same->type), kql_type_words(column->type));
    }
    same = &scope->columns[scope->count++];
    *same = *column;
    if (!is_stored_as_called(column)) same->sql = kql_new_column(writer, place);
    same->is_stored = true; /* NULL where a member lacks it */
    return same->sql.at != NULL;
}

static bool have_column(const members *all, desk_text name)
{
    for (unsigned i = 0; i < all->count; i++) {
        if (!kql_scope_find(&all->at[i].scope, name)) return false;
    }
    return true;
}

/* The column of sources, if there is one, is the first. */
static bool add_source(kql_writer *writer, kql_place place, const kql_union *of, kql_scope *scope)
{
    if (!of->source.at) return true;
    scope->columns[scope->count++] =
        (kql_column){.name = of->source, .sql = kql_new_column(writer, place), .type = DESK_KQL_STRING, .weight = 1};
    return kql_name_check(writer->context, place, of->source);
}

static bool is_wanted(const kql_union *of, const members *all, const kql_column *column)
{
    return !(of->source.at && desk_text_is(of->source, column->name)) &&
           (!of->is_inner || have_column(all, column->name));
}

static bool add_columns(kql_writer *writer, kql_place place, const kql_union *of, const members *all, kql_scope *scope)
{
    unsigned room = 1;
    for (unsigned i = 0; i < all->count; i++) room += all->at[i].scope.count;
    if (!kql_new_scope(writer->context, place, scope, room) || !add_source(writer, place, of, scope)) return false;
    for (unsigned i = 0; i < all->count; i++) {
        for (unsigned j = 0; j < all->at[i].scope.count; j++) {
            const kql_column *column = &all->at[i].scope.columns[j];
            if (is_wanted(of, all, column) && !add_column(writer, place, column, scope)) return false;
        }
    }
    return scope->count > 0 || kql_fail(writer->context, place, "one column that all have", "found no column left");
}

/* Where all members have the same affinity SQLite asks each by itself: with its index, and in order. */
static const char *missing(kql_type type)
{
    switch (type) {
    case DESK_KQL_LONG:
        return "CAST(NULL AS INTEGER)";
    case DESK_KQL_REAL:
        return "CAST(NULL AS REAL)";
    case DESK_KQL_BOOL:
    case DESK_KQL_TIMESPAN:
        return "NULL";
    default:
        return "CAST(NULL AS TEXT)";
    }
}

static void write_column(kql_writer *writer, const kql_relation *member, const kql_column *column)
{
    const kql_column *own = kql_scope_find(&member->scope, column->name);
    if (own)
        kql_put_text(writer, own->sql);
    else
        kql_put(writer, missing(column->type));
}

static void write_member(kql_writer *writer, const kql_relation *member, const kql_node *source, const kql_scope *scope)
{
    for (unsigned i = 0; i < scope->count; i++) {
        kql_put(writer, i ? ", " : "SELECT ");
        if (i == 0 && source)
            kql_put_parameter(writer, source);
        else
            write_column(writer, member, &scope->columns[i]);
        kql_put(writer, " AS ");
        kql_put_text(writer, scope->columns[i].sql);
    }
    kql_put(writer, " FROM ");
    kql_put_text(writer, member->from);
}

bool kql_write_union(kql_writer *writer, const kql_relation *first, const kql_union *of, kql_place place,
                     kql_relation *relation)
{
    members all;
    kql_scope scope;
    desk_text name;
    if (!write_members(writer, first, of->members, place, &all)) return false;
    if (!add_columns(writer, place, of, &all, &scope) || !kql_write_begin(writer, place, &name)) return false;
    for (unsigned i = 0; i < all.count; i++) {
        kql_put(writer, i ? " UNION ALL " : "");
        write_member(writer, &all.at[i], of->source.at ? all.sources[i] : NULL, &scope);
    }
    *relation = (kql_relation){.from = name, .scope = scope};
    return kql_write_end(writer);
}
