/* The functions of summarize, and how tables of functions are searched. NULL does not count in them, as in SQL. */
#include "check.h"
#include "function.h"

static bool check_average(kql_context *context, kql_node *node)
{
    if (!kql_function_check(context, node)) return false;
    if (node->type != DESK_KQL_TIMESPAN) node->type = DESK_KQL_REAL;
    return true;
}

static bool check_percentile(kql_context *context, kql_node *node)
{
    if (!kql_function_check(context, node)) return false;
    const kql_node *percent = node->first->next;
    double value = percent->type == DESK_KQL_LONG ? (double)percent->integer : percent->real;
    bool is_literal = percent->kind == KQL_LITERAL && !percent->is_null && value >= 0 && value <= 100;
    return is_literal || kql_fail(context, percent->place, "a number from 0 to 100", "found %s",
                                  percent->kind == KQL_LITERAL ? "another one" : "an expression");
}

#define AGGREGATE(word, letters, fewest, largest, gives, text)                                                         \
    {                                                                                                                  \
        .name = DESK_TEXT_INIT(word), .arguments = (letters), .least = (fewest), .most = (largest), .type = (gives),   \
        .sql = (text), .is_aggregate = true                                                                            \
    }

#define AVERAGE(word, letters, number, text)                                                                           \
    {                                                                                                                  \
        .name = DESK_TEXT_INIT(word), .arguments = (letters), .least = (number), .most = (number), .sql = (text),      \
        .is_aggregate = true, .check = check_average                                                                   \
    }

static const kql_function aggregates[] = {
    AGGREGATE("count", "x", 0, 1, DESK_KQL_LONG, "count(*)"),
    AGGREGATE("countif", "b", 1, 1, DESK_KQL_LONG, "count(CASE WHEN $1 THEN 1 END)"),
    AGGREGATE("dcount", "x", 1, 2, DESK_KQL_LONG, "count(DISTINCT $1)"),
    AGGREGATE("count_distinct", "x", 1, 1, DESK_KQL_LONG, "count(DISTINCT $1)"),
    AGGREGATE("dcountif", "xb", 2, 2, DESK_KQL_LONG, "count(DISTINCT CASE WHEN $2 THEN $1 END)"),
    AGGREGATE("sum", "m", 1, 1, DESK_KQL_UNKNOWN, "coalesce(sum($1),0)"),
    AGGREGATE("sumif", "mb", 2, 2, DESK_KQL_UNKNOWN, "coalesce(sum(CASE WHEN $2 THEN $1 END),0)"),
    AVERAGE("avg", "m", 1, "avg($1)"),
    AVERAGE("avgif", "mb", 2, "avg(CASE WHEN $2 THEN $1 END)"),
    AGGREGATE("min", "x", 1, 1, DESK_KQL_UNKNOWN, "min($1)"),
    AGGREGATE("minif", "xb", 2, 2, DESK_KQL_UNKNOWN, "min(CASE WHEN $2 THEN $1 END)"),
    AGGREGATE("max", "x", 1, 1, DESK_KQL_UNKNOWN, "max($1)"),
    AGGREGATE("maxif", "xb", 2, 2, DESK_KQL_UNKNOWN, "max(CASE WHEN $2 THEN $1 END)"),
    AGGREGATE("take_any", "x", 1, 1, DESK_KQL_UNKNOWN, "max($1)"),
    {.name = DESK_TEXT_INIT("percentile"),
     .arguments = "mn",
     .least = 2,
     .most = 2,
     .sql = "kql_percentile($1,$2)",
     .is_aggregate = true,
     .check = check_percentile},
    AGGREGATE("stdev", "n", 1, 1, DESK_KQL_REAL, "kql_stdev($1)"),
    AGGREGATE("stdevif", "nb", 2, 2, DESK_KQL_REAL, "kql_stdev(CASE WHEN $2 THEN $1 END)"),
    AGGREGATE("variance", "n", 1, 1, DESK_KQL_REAL, "kql_variance($1)"),
    AGGREGATE("varianceif", "nb", 2, 2, DESK_KQL_REAL, "kql_variance(CASE WHEN $2 THEN $1 END)"),
    AGGREGATE("make_list", "x", 1, 1, DESK_KQL_DYNAMIC, "json_group_array($1) FILTER (WHERE $1 IS NOT NULL)"),
    AGGREGATE("make_set", "x", 1, 1, DESK_KQL_DYNAMIC, "json_group_array(DISTINCT $1) FILTER (WHERE $1 IS NOT NULL)"),
};

const kql_function *kql_aggregate_find(desk_text name)
{
    return kql_function_in(aggregates, sizeof aggregates / sizeof aggregates[0], name);
}
