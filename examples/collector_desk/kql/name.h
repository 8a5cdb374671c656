/* The names of result columns. */
#ifndef KQL_NAME_H
#define KQL_NAME_H
#include "scope.h"
#include "tree.h"

/* A name that the query gives: letters, digits, _ and, in brackets, blanks, dots and dashes. */
bool kql_name_check(kql_context *context, kql_place place, desk_text name);
/* What a column is called when the query gives no name: customDimensions_x, count_, max_x. Absent: Column1 and so on.
 */
desk_text kql_name_of(kql_context *context, const kql_node *node);
/* The name itself, or with a number behind it when the scope has such a column. */
desk_text kql_name_unique(kql_context *context, kql_place place, const kql_scope *scope, desk_text name);
#endif
