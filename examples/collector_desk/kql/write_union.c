/* union: the columns of all members by their names. */
#include "check.h"
#include "write_query.h"

typedef struct members {
    kql_relation *at;
    unsigned count;
} members;

static bool write_members(kql_writer *writer, const kql_relation *first, const kql_query *others, kql_place place,
                          members *all)
{
    unsigned room = 1;
    for (const kql_query *other = others; other; other = other->next) room++;
    *all = (members){kql_allocate(writer->context, place, room * sizeof(kql_relation)), 0};
    if (!all->at) return false;
    if (first) all->at[all->count++] = *first;
    for (; others; others = others->next) {
        if (!kql_write_relation(writer, others, &all->at[all->count++])) return false;
    }
    return true;
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

static bool add_columns(kql_writer *writer, kql_place place, const members *all, kql_scope *scope)
{
    unsigned room = 0;
    for (unsigned i = 0; i < all->count; i++) room += all->at[i].scope.count;
    if (!kql_new_scope(writer->context, place, scope, room)) return false;
    for (unsigned i = 0; i < all->count; i++) {
        for (unsigned j = 0; j < all->at[i].scope.count; j++) {
            if (!add_column(writer, place, &all->at[i].scope.columns[j], scope)) return false;
        }
    }
    return true;
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

static void write_member(kql_writer *writer, const kql_relation *member, const kql_scope *scope)
{
    for (unsigned i = 0; i < scope->count; i++) {
        const kql_column *column = kql_scope_find(&member->scope, scope->columns[i].name);
        kql_put(writer, i ? ", " : "SELECT ");
        if (column)
            kql_put_text(writer, column->sql);
        else
            kql_put(writer, missing(scope->columns[i].type));
        kql_put(writer, " AS ");
        kql_put_text(writer, scope->columns[i].sql);
    }
    kql_put(writer, " FROM ");
    kql_put_text(writer, member->from);
}

bool kql_write_union(kql_writer *writer, const kql_relation *first, const kql_query *others, kql_place place,
                     kql_relation *relation)
{
    members all;
    kql_scope scope;
    desk_text name;
    if (!write_members(writer, first, others, place, &all) || !add_columns(writer, place, &all, &scope)) return false;
    if (!kql_write_begin(writer, place, &name)) return false;
    for (unsigned i = 0; i < all.count; i++) {
        kql_put(writer, i ? " UNION ALL " : "");
        write_member(writer, &all.at[i], &scope);
    }
    *relation = (kql_relation){.from = name, .scope = scope};
    return kql_write_end(writer);
}
