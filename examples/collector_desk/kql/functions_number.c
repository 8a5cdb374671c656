/* Functions of numbers, and the largest and smallest of some values. */
#include "check.h"
#include "function_table.h"

static void write_round(kql_writer *writer, const kql_node *node)
{
    kql_write_template(writer, node, node->count == 2 ? "round($1,$2)" : "round($1)");
}

/* max_of and min_of: of one type; what is null does not count. */
static bool check_of(kql_context *context, kql_node *node)
{
    return kql_function_check(context, node) && kql_unify(context, node->first, 1, &node->type);
}

static void write_of(kql_writer *writer, const kql_node *node)
{
    kql_put(writer, node->function->sql);
    for (const kql_node *operand = node->first; operand; operand = operand->next) {
        kql_put(writer, operand == node->first ? "" : ",");
        kql_write_as(writer, operand, node->type);
    }
    kql_put(writer, ")");
}

/* The type of a whole number stays. */
static void write_ceiling(kql_writer *writer, const kql_node *node)
{
    kql_write_template(writer, node, node->type == DESK_KQL_LONG ? "$1" : "kql_ceiling($1)");
}

#define REAL(word, sql) KEEPING(word, "n", 1, DESK_KQL_REAL, sql)
#define OF(word, text)                                                                                                 \
    {                                                                                                                  \
        .name = DESK_TEXT_INIT(word), .arguments = "x", .least = 2, .most = 64, .sql = (text), .check = check_of,      \
        .write = write_of                                                                                              \
    }

static const kql_function functions[] = {
    KEEPING("abs", "m", 1, DESK_KQL_UNKNOWN, "abs($1)"),
    {.name = DESK_TEXT_INIT("round"),
     .arguments = "n",
     .least = 1,
     .most = 2,
     .type = DESK_KQL_REAL,
     .keeps_name = true,
     .write = write_round},
    {.name = DESK_TEXT_INIT("ceiling"),
     .arguments = "n",
     .least = 1,
     .most = 1,
     .keeps_name = true,
     .write = write_ceiling},
    REAL("sqrt", "kql_sqrt($1)"),
    REAL("exp", "kql_exp($1)"),
    REAL("log", "kql_log($1)"),
    REAL("log2", "kql_log2($1)"),
    REAL("log10", "kql_log10($1)"),
    KEEPING("pow", "n", 2, DESK_KQL_REAL, "kql_pow($1,$2)"),
    OF("max_of", "kql_max_of("),
    OF("min_of", "kql_min_of("),
};

const kql_function *kql_number_function_find(desk_text name)
{
    return kql_function_in(functions, sizeof functions / sizeof functions[0], name);
}
