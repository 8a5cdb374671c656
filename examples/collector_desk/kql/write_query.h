/* A query as one SELECT over a chain of common table expressions, one for each operator that needs SQL. */
#ifndef KQL_WRITE_QUERY_H
#define KQL_WRITE_QUERY_H
#include "writer.h"

/* What the operators so far give: rows of `from` with these columns, in this order. */
typedef struct kql_order {
    desk_text sql;
    bool is_ascending;
    bool nulls_given;
    bool nulls_first;
} kql_order;

typedef struct kql_relation {
    desk_text from; /* a table, or s1, s2 … */
    kql_scope scope;
    const kql_order *order;
    unsigned order_count;
} kql_relation;

/* The whole statement into writer->sql. False: said why. */
bool kql_write_query(kql_writer *writer, const kql_query *query);

/* For the files that write operators. */
bool kql_write_relation(kql_writer *writer, const kql_query *query, kql_relation *relation);
/* `s4 AS (`; what follows up to kql_write_end is the relation from then on. */
bool kql_write_begin(kql_writer *writer, kql_place place, desk_text *name);
bool kql_write_end(kql_writer *writer);
void kql_write_order_by(kql_writer *writer, const kql_relation *relation);
/* c5 */
desk_text kql_new_column(kql_writer *writer, kql_place place);
/* Room for so many columns. */
bool kql_new_scope(kql_context *context, kql_place place, kql_scope *scope, unsigned room);

/* write_columns.c */
bool kql_write_extend(kql_writer *writer, const kql_stage *stage, kql_relation *relation);
bool kql_write_project(kql_writer *writer, const kql_stage *stage, kql_relation *relation);
/* The values of items as columns; a stage is written where one is no column yet. */
bool kql_write_values(kql_writer *writer, const kql_item *items, kql_place place, kql_relation *relation,
                      kql_scope *values);

kql_column *kql_find_column(kql_scope *scope, desk_text name);
/* With room for so many columns more. */
bool kql_copy_scope(kql_context *context, kql_place place, const kql_scope *from, kql_scope *to, unsigned more);
/* Always false. */
bool kql_fail_twice(kql_writer *writer, const kql_item *item, desk_text name);

/* write_selection.c: away and keep, reorder, rename */
bool kql_write_away(kql_writer *writer, const kql_stage *stage, kql_relation *relation);
bool kql_write_reorder(kql_writer *writer, const kql_stage *stage, kql_relation *relation);
bool kql_write_rename(kql_writer *writer, const kql_stage *stage, kql_relation *relation);

/* write_summarize.c */
bool kql_write_summarize(kql_writer *writer, const kql_stage *stage, kql_relation *relation);
bool kql_write_distinct(kql_writer *writer, const kql_stage *stage, kql_relation *relation);
bool kql_write_count(kql_writer *writer, const kql_stage *stage, kql_relation *relation);

/* write_extreme.c: arg_max and arg_min in summarize. How many columns they may need; whether they stand alone; the
 * columns of one. */
unsigned kql_extreme_room(const kql_item *items, const kql_scope *scope);
bool kql_extreme_check(kql_context *context, const kql_item *items);
struct kql_checker;
bool kql_write_extreme(kql_writer *writer, struct kql_checker *checker, const kql_item *item, kql_scope *scope);

/* write_union.c: rows of all, columns that one lacks are NULL there. `first` may be NULL. */
bool kql_write_union(kql_writer *writer, const kql_relation *first, const kql_union *of, kql_place place,
                     kql_relation *relation);
#endif
