/* What the names of an expression mean, and whether its types fit. */
#ifndef KQL_CHECK_H
#define KQL_CHECK_H
#include "scope.h"
#include "tree.h"

typedef struct kql_checker {
    kql_context *context;
    const kql_scope *scope;
    bool takes_aggregates; /* in summarize */
    bool inside_aggregate;
} kql_checker;

/* Sets type, column, function and weight of every node. False: said why. */
bool kql_check(kql_checker *checker, kql_node *node);

/* Whether a value of one type can be compared with, or stand for, one of the other; *type is the one of both. */
bool kql_types_meet(kql_type one, kql_type other, kql_type *type);
bool kql_type_fits(kql_type type, char letter);
bool kql_fail_type(kql_context *context, const kql_node *node, const char *expected);
#endif
