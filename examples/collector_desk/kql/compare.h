/* Comparisons as the language defines them for missing values: null == 1 is false, null != 1 is true, null == null and
 * null < 1 are null, and a string is never null. */
#ifndef KQL_COMPARE_H
#define KQL_COMPARE_H
#include "writer.h"

/* All operands with the first: equality, in. */
bool kql_check_equal(kql_context *context, kql_node *node);
bool kql_check_order(kql_context *context, kql_node *node);
bool kql_check_between(kql_context *context, kql_node *node);
bool kql_check_strings(kql_context *context, kql_node *node);

void kql_write_equal(kql_writer *writer, const kql_node *node);
void kql_write_order(kql_writer *writer, const kql_node *node);
void kql_write_in(kql_writer *writer, const kql_node *node);
void kql_write_between(kql_writer *writer, const kql_node *node);
void kql_write_search(kql_writer *writer, const kql_node *node);
/* Any expression; equality and in so that an index can be used. */
void kql_write_comparison_truth(kql_writer *writer, const kql_node *node);
#endif
