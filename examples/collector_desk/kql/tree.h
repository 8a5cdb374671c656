/* A query as the parser leaves it: a source, and stages that rows go through. Everything lies in the context's arena,
 * chained in the order of the text. */
#ifndef KQL_TREE_H
#define KQL_TREE_H
#include "context.h"

typedef enum kql_kind {
    KQL_LITERAL,
    KQL_COLUMN,
    KQL_PROPERTY, /* first: of what; name, or integer when is_index: from the end where it is negative */
    KQL_OPERATOR, /* name is the symbol or word, without the ! of a negation; and, or have two operands or more */
    KQL_CALL
} kql_kind;

typedef struct kql_node {
    kql_kind kind;
    kql_place place;
    desk_text name;
    struct kql_node *first; /* operands */
    struct kql_node *last;
    struct kql_node *next; /* the operand after this one */
    unsigned count;        /* of operands */
    unsigned height;       /* of the tree under it */
    unsigned weight;       /* how much SQL it stands for, with the columns that it reads */
    bool is_negated;       /* !contains, !in, != */
    bool is_index;
    bool is_null;                        /* a literal such as int(null) */
    kql_type type;                       /* of a literal; of the others once they are checked */
    desk_text text;                      /* of a literal string */
    int64_t integer;                     /* of a literal bool, long, timespan; ticks of a literal datetime; an index */
    double real;                         /* of a literal real */
    const struct kql_column *column;     /* that the name turned out to be */
    const struct kql_function *function; /* likewise */
} kql_node;

/* `name = value`, `value desc nulls last`, or only one of both. */
typedef struct kql_item {
    struct kql_item *next;
    kql_place place;
    desk_text name; /* absent: none was given */
    kql_node *value;
    bool is_ascending;
    bool nulls_given;
    bool nulls_first;
} kql_item;

typedef enum kql_stage_kind {
    KQL_WHERE,
    KQL_EXTEND,
    KQL_PROJECT,
    KQL_PROJECT_AWAY,
    KQL_PROJECT_KEEP,
    KQL_PROJECT_RENAME,
    KQL_PROJECT_REORDER,
    KQL_SUMMARIZE,
    KQL_ORDER,
    KQL_TAKE,
    KQL_TOP,
    KQL_DISTINCT, /* no items: of all columns */
    KQL_COUNT,
    KQL_UNION,
    KQL_RENDER
} kql_stage_kind;

typedef struct kql_union {
    struct kql_query *members;
    desk_text source; /* the name of a column that says where a row is from; absent: none */
    bool is_inner;    /* only columns that all members have */
} kql_union;

typedef struct kql_stage {
    struct kql_stage *next;
    kql_stage_kind kind;
    kql_place place;
    kql_node *condition; /* of where */
    int64_t limit;       /* of take and top */
    kql_item *items;     /* in summarize the aggregates */
    kql_item *keys;      /* of summarize: behind `by` */
    kql_union others;
} kql_stage;

typedef struct kql_query {
    struct kql_query *next; /* in a union */
    kql_place place;
    desk_text table; /* absent: a union, a query in parentheses, or a row without columns (print) */
    kql_union of;
    kql_stage *stages;
} kql_query;

/* What a let statement calls by a name: a value or a query. */
typedef struct kql_let {
    const struct kql_let *next; /* an earlier one */
    desk_text name;
    kql_node *value; /* NULL: a query */
    kql_query *query;
} kql_let;

/* write_extreme.c: arg_max() or arg_min(). */
bool kql_is_arg_extreme(const kql_node *node);

/* parse_let.c; NULL: no such name. */
const kql_let *kql_let_find(const kql_context *context, desk_text name);
#endif
