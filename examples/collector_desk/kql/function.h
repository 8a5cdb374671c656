/* The functions and operators of the language: what they take, what they give, and the SQL that they are. */
#ifndef KQL_FUNCTION_H
#define KQL_FUNCTION_H
#include "tree.h"
#include "writer.h"

/* `arguments` has a letter for each; the last stands for all that follow:
 *   s string   n number   m number or timespan   b bool   t datetime   p timespan   x anything
 * A dynamic may stand for each of them. */
typedef struct kql_function {
    desk_text name;
    const char *arguments;
    unsigned least, most; /* of them */
    kql_type type;   /* UNKNOWN: that of the first argument, where a dynamic counts as a real if it must be a number */
    const char *sql; /* $1 is the first argument, $n now */
    bool is_aggregate;
    bool keeps_name; /* of a column: tostring(customDimensions.x) is called customDimensions_x */
    bool adds_name;  /* strlen(message) is called strlen_message */
    bool (*check)(kql_context *context, kql_node *node);     /* NULL: as the fields above say; may set node->type */
    void (*write)(kql_writer *writer, const kql_node *node); /* NULL: `sql` */
} kql_function;

/* NULL: no such function. */
const kql_function *kql_function_find(desk_text name);
const kql_function *kql_time_function_find(desk_text name);   /* functions_time.c */
const kql_function *kql_number_function_find(desk_text name); /* functions_number.c */
const kql_function *kql_aggregate_find(desk_text name);
const kql_function *kql_operator_find(desk_text name);
const kql_function *kql_function_in(const kql_function *table, size_t count, desk_text name);

/* Checks the arguments by their letters and sets the type. */
bool kql_function_check(kql_context *context, kql_node *node);

/* The type that all from `node` on have, every `step`-th and the last. False: said that they have none. */
bool kql_unify(kql_context *context, const kql_node *node, unsigned step, kql_type *type);
#endif
