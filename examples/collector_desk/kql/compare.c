/* SQL's NULL is not the language's null: `=` is used only where both mean the same. */
#include "compare.h"

#include "check.h"
#include "function.h"

enum { MAX_SEARCHED = 100 }; /* words of has_any: SQLite's functions take 127 arguments */

static bool fail_pair(kql_context *context, const kql_node *left, const kql_node *right)
{
    return kql_fail(context, right->place, "a value of the same type; tostring(), toint(), todatetime() … make one",
                    "found %s to compare with %s", kql_type_words(right->type), kql_type_words(left->type));
}

bool kql_check_equal(kql_context *context, kql_node *node)
{
    kql_type type;
    node->type = DESK_KQL_BOOL;
    for (const kql_node *operand = node->first->next; operand; operand = operand->next) {
        if (!kql_types_meet(node->first->type, operand->type, &type)) return fail_pair(context, node->first, operand);
    }
    return true;
}

bool kql_check_order(kql_context *context, kql_node *node)
{
    return kql_check_equal(context, node);
}

/* A time may be between a time and a timespan after it. */
bool kql_check_between(kql_context *context, kql_node *node)
{
    const kql_node *low = node->first->next, *high = low->next;
    kql_type type;
    node->type = DESK_KQL_BOOL;
    if (!kql_types_meet(node->first->type, low->type, &type)) return fail_pair(context, node->first, low);
    if (low->type == DESK_KQL_DATETIME && high->type == DESK_KQL_TIMESPAN) return true;
    return kql_types_meet(node->first->type, high->type, &type) || fail_pair(context, node->first, high);
}

bool kql_check_strings(kql_context *context, kql_node *node)
{
    node->type = DESK_KQL_BOOL;
    if (node->function->sql && node->count > MAX_SEARCHED)
        return kql_fail(context, node->place, "a shorter list", "found more than %d words", (int)MAX_SEARCHED);
    for (const kql_node *operand = node->first; operand; operand = operand->next) {
        if (!kql_type_fits(operand->type, 's'))
            return kql_fail_type(context, operand, "a string; tostring() makes one");
    }
    return true;
}

static bool is_filled_literal(const kql_node *node)
{
    return node->kind == KQL_LITERAL && node->type == DESK_KQL_STRING && node->text.size > 0;
}

/* A NULL equals none of them: a stored string need not be looked at twice. */
static bool are_filled(const kql_node *operand)
{
    for (; operand; operand = operand->next) {
        if (!is_filled_literal(operand)) return false;
    }
    return true;
}

/* A side of a comparison with something of the type `other`. A dynamic is made what it is compared with: a number from
 * its digits, a bool from its word; beside a string it is text as it is. */
static void write_side(kql_writer *writer, const kql_node *node, kql_type other, bool is_raw)
{
    bool is_dynamic = node->type == DESK_KQL_DYNAMIC;
    if (is_dynamic && (other == DESK_KQL_LONG || other == DESK_KQL_REAL)) {
        kql_put(writer, "kql_number(");
        kql_write_raw(writer, node);
        kql_put(writer, ")");
    } else if (is_dynamic && other != DESK_KQL_STRING) {
        kql_write_as(writer, node, other);
    } else if (is_raw || is_dynamic) {
        kql_write_raw(writer, node);
    } else {
        kql_write(writer, node);
    }
}

static bool folds_case(const kql_node *node)
{
    return node->name.at[node->name.size - 1] == '~';
}

/* tostring(customDimensions.Level) beside a text that is not empty: the property itself will do, and has an index. */
static const kql_node *plainest(const kql_node *operand)
{
    bool is_text = operand->kind == KQL_CALL && desk_text_is(operand->name, DESK_TEXT("tostring"));
    return is_text && kql_is_hot(operand->first) ? operand->first : operand;
}

/* In =~ and in~ all are strings. */
static void write_compared(kql_writer *writer, const kql_node *node, const kql_node *operand, kql_type other)
{
    bool is_raw = are_filled(node->first->next);
    if (folds_case(node)) {
        kql_put(writer, "lower(");
        kql_write_as(writer, operand, DESK_KQL_STRING);
        kql_put(writer, ")");
    } else {
        write_side(writer, is_raw ? plainest(operand) : operand, other, is_raw);
    }
}

static void write_both(kql_writer *writer, const kql_node *node, const char *before, const char *between,
                       const char *behind)
{
    const kql_node *left = node->first, *right = left->next;
    kql_put(writer, before);
    write_compared(writer, node, left, right->type);
    kql_put(writer, between);
    write_compared(writer, node, right, left->type);
    kql_put(writer, behind);
}

/* What is written for it has always a value. */
static bool has_value(const kql_node *node)
{
    return (node->kind == KQL_LITERAL && !node->is_null) || node->type == DESK_KQL_STRING;
}

void kql_write_equal(kql_writer *writer, const kql_node *node)
{
    bool one_has_value = folds_case(node) || has_value(node->first) || has_value(node->first->next);
    if (one_has_value)
        write_both(writer, node, "(", node->is_negated ? " IS NOT " : " IS ", ")");
    else
        write_both(writer, node, node->is_negated ? "(NOT kql_equal(" : "(kql_equal(", ",", "))");
}

void kql_write_order(kql_writer *writer, const kql_node *node)
{
    static const char *const symbols[] = {" < ", " <= ", " > ", " >= "};
    write_both(writer, node, "(", symbols[(*node->name.at == '>') * 2 + (node->name.size == 2)], ")");
}

static void write_list(kql_writer *writer, const kql_node *node)
{
    write_compared(writer, node, node->first, node->first->next->type);
    kql_put(writer, " IN (");
    for (const kql_node *value = node->first->next; value; value = value->next) {
        write_compared(writer, node, value, node->first->type);
        kql_put(writer, value->next ? "," : ")");
    }
}

void kql_write_in(kql_writer *writer, const kql_node *node)
{
    kql_put(writer, node->is_negated ? "(NOT coalesce(" : "coalesce(");
    write_list(writer, node);
    kql_put(writer, node->is_negated ? ",0))" : ",0)");
}

void kql_write_between(kql_writer *writer, const kql_node *node)
{
    const kql_node *value = node->first, *low = value->next, *high = low->next;
    bool is_length = high->type == DESK_KQL_TIMESPAN && low->type == DESK_KQL_DATETIME;
    kql_put(writer, "(");
    write_side(writer, value, low->type, false);
    kql_put(writer, node->is_negated ? " NOT BETWEEN " : " BETWEEN ");
    write_side(writer, low, value->type, false);
    kql_put(writer, is_length ? " AND kql_add(" : " AND ");
    if (is_length) {
        kql_write(writer, low);
        kql_put(writer, ",");
    }
    write_side(writer, high, is_length ? DESK_KQL_TIMESPAN : value->type, false);
    kql_put(writer, is_length ? "))" : ")");
}

/* The functions take a NULL for "". */
void kql_write_search(kql_writer *writer, const kql_node *node)
{
    kql_put(writer, node->is_negated ? "(NOT " : "(");
    kql_put(writer, node->function->sql);
    for (const kql_node *operand = node->first; operand; operand = operand->next) {
        kql_write_raw(writer, operand);
        kql_put(writer, operand->next ? "," : "))");
    }
}

void kql_write_comparison_truth(kql_writer *writer, const kql_node *node)
{
    bool is_operator = node->kind == KQL_OPERATOR && !node->is_negated;
    if (is_operator && node->function->write == kql_write_equal) {
        write_both(writer, node, "(", " = ", ")");
    } else if (is_operator && node->function->write == kql_write_in) {
        kql_put(writer, "(");
        write_list(writer, node);
        kql_put(writer, ")");
    } else {
        kql_write(writer, node);
    }
}
