/* Operators: arithmetic, comparisons, conditions. What a comparison makes of a missing value is in compare.c. */
#include "check.h"
#include "compare.h"
#include "function.h"

#include <string.h>

static const kql_node *second(const kql_node *node)
{
    return node->first->next;
}

static bool fail_pair(kql_context *context, const kql_node *node)
{
    return kql_fail(context, node->place, "numbers, times or timespans that fit; strcat() joins strings",
                    "found %s between %s and %s", kql_show(node->name).text, kql_type_words(node->first->type),
                    kql_type_words(second(node)->type));
}

static kql_type as_number(kql_type type)
{
    return type == DESK_KQL_DYNAMIC ? DESK_KQL_REAL : type;
}

static kql_type both_numbers(kql_type left, kql_type right)
{
    bool left_is = left == DESK_KQL_LONG || left == DESK_KQL_REAL;
    bool right_is = right == DESK_KQL_LONG || right == DESK_KQL_REAL;
    if (!left_is || !right_is) return DESK_KQL_UNKNOWN;
    return left == right ? left : DESK_KQL_REAL;
}

static bool check_sign(kql_context *context, kql_node *node)
{
    node->type = as_number(node->first->type);
    return kql_type_fits(node->type, 'm') || kql_fail_type(context, node->first, "a number or a timespan");
}

/* + and -; one operand is a sign. */
static bool check_sum(kql_context *context, kql_node *node)
{
    if (node->count == 1) return check_sign(context, node);
    kql_type left = as_number(node->first->type), right = as_number(second(node)->type);
    bool is_minus = *node->name.at == '-';
    node->type = both_numbers(left, right);
    if (left == DESK_KQL_TIMESPAN && right == DESK_KQL_TIMESPAN) node->type = DESK_KQL_TIMESPAN;
    if (left == DESK_KQL_DATETIME && right == DESK_KQL_TIMESPAN) node->type = DESK_KQL_DATETIME;
    if (!is_minus && left == DESK_KQL_TIMESPAN && right == DESK_KQL_DATETIME) node->type = DESK_KQL_DATETIME;
    if (is_minus && left == DESK_KQL_DATETIME && right == DESK_KQL_DATETIME) node->type = DESK_KQL_TIMESPAN;
    return node->type || fail_pair(context, node);
}

static bool check_product(kql_context *context, kql_node *node)
{
    kql_type left = as_number(node->first->type), right = as_number(second(node)->type);
    char symbol = *node->name.at;
    node->type = both_numbers(left, right);
    if (left == DESK_KQL_TIMESPAN && right == DESK_KQL_TIMESPAN && symbol != '*')
        node->type = symbol == '/' ? DESK_KQL_REAL : DESK_KQL_TIMESPAN;
    if (left == DESK_KQL_TIMESPAN && kql_type_fits(right, 'n') && symbol != '%') node->type = DESK_KQL_TIMESPAN;
    if (right == DESK_KQL_TIMESPAN && kql_type_fits(left, 'n') && symbol == '*') node->type = DESK_KQL_TIMESPAN;
    return node->type || fail_pair(context, node);
}

static void write_number(kql_writer *writer, const kql_node *node)
{
    kql_write_as(writer, node, as_number(node->type));
}

static void write_pair(kql_writer *writer, const kql_node *node, const char *before, const char *between,
                       const char *behind)
{
    kql_put(writer, before);
    write_number(writer, node->first);
    kql_put(writer, between);
    write_number(writer, second(node));
    kql_put(writer, behind);
}

static void write_sum(kql_writer *writer, const kql_node *node)
{
    bool is_minus = *node->name.at == '-';
    if (node->count == 1) {
        kql_put(writer, "(-");
        write_number(writer, node->first);
        kql_put(writer, ")");
    } else if (node->type == DESK_KQL_DATETIME) {
        write_pair(writer, node, is_minus ? "kql_subtract(" : "kql_add(", ",", ")");
    } else if (node->first->type == DESK_KQL_DATETIME) {
        write_pair(writer, node, "kql_since(", ",", ")");
    } else {
        write_pair(writer, node, "(", is_minus ? " - " : " + ", ")");
    }
}

static void write_product(kql_writer *writer, const kql_node *node)
{
    const char *symbol = *node->name.at == '*' ? " * " : " / ";
    if (*node->name.at == '%')
        write_pair(writer, node, "kql_modulo(", ",", ")");
    else if (node->type == DESK_KQL_TIMESPAN)
        write_pair(writer, node, "CAST(", symbol, " AS INTEGER)");
    else if (node->type == DESK_KQL_REAL)
        write_pair(writer, node, "(1.0 * ", symbol, ")");
    else
        write_pair(writer, node, "(", symbol, ")");
}

static bool check_conditions(kql_context *context, kql_node *node)
{
    node->type = DESK_KQL_BOOL;
    for (const kql_node *operand = node->first; operand; operand = operand->next) {
        if (operand->type != DESK_KQL_BOOL) return kql_fail_type(context, operand, "a condition");
    }
    return true;
}

static void write_conditions(kql_writer *writer, const kql_node *node)
{
    const char *between = *node->name.at == 'a' ? " AND " : " OR ";
    kql_put(writer, "(");
    for (const kql_node *operand = node->first; operand; operand = operand->next) {
        kql_write(writer, operand);
        kql_put(writer, operand->next ? between : ")");
    }
}

/* Only what cannot turn a NULL into a true keeps it: a negation does not. */
void kql_write_truth(kql_writer *writer, const kql_node *node)
{
    bool is_chain = node->kind == KQL_OPERATOR && node->function->write == write_conditions;
    if (!is_chain) {
        kql_write_comparison_truth(writer, node);
        return;
    }
    const char *between = *node->name.at == 'a' ? " AND " : " OR ";
    kql_put(writer, "(");
    for (const kql_node *operand = node->first; operand; operand = operand->next) {
        kql_write_truth(writer, operand);
        kql_put(writer, operand->next ? between : ")");
    }
}

#define OPERATOR(symbol, checker, writer)                                                                              \
    {                                                                                                                  \
        .name = DESK_TEXT_INIT(symbol), .check = (checker), .write = (writer)                                          \
    }
#define STRING_OPERATOR(word, function)                                                                                \
    {                                                                                                                  \
        .name = DESK_TEXT_INIT(word), .sql = (function), .check = kql_check_strings, .write = kql_write_search         \
    }

static const kql_function operators[] = {
    OPERATOR("and", check_conditions, write_conditions),
    OPERATOR("or", check_conditions, write_conditions),
    OPERATOR("==", kql_check_equal, kql_write_equal),
    OPERATOR("=~", kql_check_strings, kql_write_equal),
    OPERATOR("<", kql_check_order, kql_write_order),
    OPERATOR("<=", kql_check_order, kql_write_order),
    OPERATOR(">", kql_check_order, kql_write_order),
    OPERATOR(">=", kql_check_order, kql_write_order),
    OPERATOR("in", kql_check_equal, kql_write_in),
    OPERATOR("in~", kql_check_strings, kql_write_in),
    OPERATOR("between", kql_check_between, kql_write_between),
    OPERATOR("+", check_sum, write_sum),
    OPERATOR("-", check_sum, write_sum),
    OPERATOR("*", check_product, write_product),
    OPERATOR("/", check_product, write_product),
    OPERATOR("%", check_product, write_product),
    STRING_OPERATOR("contains", "kql_contains("),
    STRING_OPERATOR("contains_cs", "kql_contains_cs("),
    STRING_OPERATOR("startswith", "kql_startswith("),
    STRING_OPERATOR("startswith_cs", "kql_startswith_cs("),
    STRING_OPERATOR("endswith", "kql_endswith("),
    STRING_OPERATOR("endswith_cs", "kql_endswith_cs("),
    STRING_OPERATOR("has", "kql_has("),
    STRING_OPERATOR("has_cs", "kql_has_cs("),
    STRING_OPERATOR("hasprefix", "kql_hasprefix("),
    STRING_OPERATOR("hasprefix_cs", "kql_hasprefix_cs("),
    STRING_OPERATOR("hassuffix", "kql_hassuffix("),
    STRING_OPERATOR("hassuffix_cs", "kql_hassuffix_cs("),
    STRING_OPERATOR("has_any", "kql_has_any("),
    STRING_OPERATOR("has_all", "kql_has_all("),
};

const kql_function *kql_operator_find(desk_text name)
{
    return kql_function_in(operators, sizeof operators / sizeof operators[0], name);
}
