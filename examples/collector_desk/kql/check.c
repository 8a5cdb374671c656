/* Names are looked up, types are checked from the leaves to the root. */
#include "check.h"

#include <stdio.h>

#include "function.h"

enum { MAX_WEIGHT = 20000 }; /* of one expression, in nodes of SQL */

bool kql_types_meet(kql_type one, kql_type other, kql_type *type)
{
    bool is_number =
        (one == DESK_KQL_LONG || one == DESK_KQL_REAL) && (other == DESK_KQL_LONG || other == DESK_KQL_REAL);
    if (one == other || is_number) {
        *type = one == other ? one : DESK_KQL_REAL;
        return true;
    }
    *type = one == DESK_KQL_DYNAMIC ? other : one;
    return one == DESK_KQL_DYNAMIC || other == DESK_KQL_DYNAMIC;
}

bool kql_type_fits(kql_type type, char letter)
{
    switch (letter) {
    case 's':
        return type == DESK_KQL_STRING || type == DESK_KQL_DYNAMIC;
    case 'n':
        return type == DESK_KQL_LONG || type == DESK_KQL_REAL || type == DESK_KQL_DYNAMIC;
    case 'm':
        return type == DESK_KQL_TIMESPAN || kql_type_fits(type, 'n');
    case 'b':
        return type == DESK_KQL_BOOL;
    case 't':
        return type == DESK_KQL_DATETIME || type == DESK_KQL_DYNAMIC;
    case 'p':
        return type == DESK_KQL_TIMESPAN;
    default:
        return true;
    }
}

bool kql_fail_type(kql_context *context, const kql_node *node, const char *expected)
{
    return kql_fail(context, node->place, expected, "found %s", kql_type_words(node->type));
}

static const char *letter_words(char letter)
{
    switch (letter) {
    case 's':
        return "a string; tostring() makes one";
    case 'n':
        return "a number; toint() or todouble() makes one";
    case 'm':
        return "a number or a timespan";
    case 'b':
        return "a condition";
    case 't':
        return "a datetime such as datetime(2026-01-02); todatetime() makes one";
    default:
        return "a timespan such as 1h";
    }
}

static bool fail_count(kql_context *context, const kql_node *node)
{
    char expected[40];
    unsigned least = node->function->least, most = node->function->most;
    if (least == most)
        snprintf(expected, sizeof expected, "%u", least);
    else
        snprintf(expected, sizeof expected, "%u to %u", least, most);
    return kql_fail(context, node->place, expected, "found %s() with %u arguments", kql_show(node->name).text,
                    node->count);
}

bool kql_function_check(kql_context *context, kql_node *node)
{
    const kql_function *function = node->function;
    if (node->count < function->least || node->count > function->most) return fail_count(context, node);
    const char *letter = function->arguments;
    for (kql_node *argument = node->first; argument; argument = argument->next) {
        if (!kql_type_fits(argument->type, *letter)) return kql_fail_type(context, argument, letter_words(*letter));
        if (letter[1]) letter++;
    }
    bool counts_as_real = node->first && node->first->type == DESK_KQL_DYNAMIC && *function->arguments != 'x';
    node->type = function->type ? function->type : counts_as_real ? DESK_KQL_REAL : node->first->type;
    return true;
}

/* The column that has the name in other letters is told. */
static bool fail_column(kql_checker *checker, const kql_node *node)
{
    char expected[100] = "the name of a column";
    const kql_scope *scope = checker->scope;
    for (unsigned i = 0; i < scope->count; i++) {
        desk_text name = scope->columns[i].name;
        bool is_close = name.size == node->name.size && sqlite3_strnicmp(name.at, node->name.at, (int)name.size) == 0;
        if (is_close) snprintf(expected, sizeof expected, "%s: names keep their case", kql_show(name).text);
    }
    bool is_function = kql_function_find(node->name) || kql_aggregate_find(node->name);
    if (is_function) snprintf(expected, sizeof expected, "( behind the name of a function");
    return kql_fail(checker->context, node->place, expected, "found \"%s\"", kql_show(node->name).text);
}

/* The node becomes what the name stands for, in which no column and no later name means anything. */
static bool take_value(kql_context *context, const kql_let *let, kql_node *node)
{
    static const kql_scope nothing = {NULL, 0};
    kql_checker checker = {.context = context, .scope = &nothing};
    const kql_let *all = context->lets;
    kql_node *next = node->next;
    *node = *let->value;
    node->next = next;
    context->lets = let->next;
    bool done = kql_check(&checker, node);
    context->lets = all;
    return done;
}

static bool check_column(kql_checker *checker, kql_node *node)
{
    node->column = kql_scope_find(checker->scope, node->name);
    const kql_let *let = node->column ? NULL : kql_let_find(checker->context, node->name);
    if (let && let->value) return take_value(checker->context, let, node);
    if (!node->column) return fail_column(checker, node);
    if (checker->takes_aggregates && !checker->inside_aggregate)
        return kql_fail(checker->context, node->place, "an aggregate of it, such as max(…), or the column behind by",
                        "found the column \"%s\" outside an aggregate", kql_show(node->name).text);
    node->type = node->column->type;
    node->weight = node->column->weight;
    return true;
}

static bool check_property(kql_checker *checker, kql_node *node)
{
    node->type = DESK_KQL_DYNAMIC;
    if (node->first->type == DESK_KQL_DYNAMIC) return true;
    return kql_fail_type(checker->context, node->first, "a dynamic, such as customDimensions");
}

static bool find_function(kql_checker *checker, kql_node *node)
{
    node->function = kql_function_find(node->name);
    if (node->function) return true;
    node->function = kql_aggregate_find(node->name);
    if (!node->function)
        return kql_fail(checker->context, node->place, "a function of the language that the desk knows", "found \"%s\"",
                        kql_show(node->name).text);
    if (checker->takes_aggregates && !checker->inside_aggregate) return true;
    return kql_fail(checker->context, node->place,
                    checker->inside_aggregate ? "no aggregate inside another" : "an aggregate only in summarize",
                    "found %s()", kql_show(node->name).text);
}

static bool check_operands(kql_checker *checker, kql_node *node)
{
    for (kql_node *operand = node->first; operand; operand = operand->next) {
        if (!kql_check(checker, operand)) return false;
        node->weight += operand->weight;
    }
    if (node->weight <= MAX_WEIGHT) return true;
    return kql_fail(checker->context, node->place, "columns that are used less often in one another",
                    "found an expression that grows beyond bounds");
}

static bool check_call(kql_checker *checker, kql_node *node)
{
    if (!find_function(checker, node)) return false;
    bool is_aggregate = node->function->is_aggregate;
    if (is_aggregate) checker->inside_aggregate = true;
    bool done = check_operands(checker, node);
    if (is_aggregate) checker->inside_aggregate = false;
    if (!done) return false;
    return node->function->check ? node->function->check(checker->context, node)
                                 : kql_function_check(checker->context, node);
}

static bool takes_list(const kql_node *node)
{
    static const desk_text words[] = {DESK_TEXT_INIT("in"), DESK_TEXT_INIT("in~"), DESK_TEXT_INIT("has_any"),
                                      DESK_TEXT_INIT("has_all")};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (desk_text_is(node->name, words[i])) return true;
    }
    return false;
}

/* Copies of the elements of an array behind `link`: operands are chained, and an array may be used twice. */
static kql_node **insert_elements(kql_context *context, const kql_node *array, kql_node **link)
{
    for (const kql_node *element = array->first; element; element = element->next) {
        if (!(*link = kql_allocate(context, array->place, sizeof **link))) return NULL;
        **link = *element;
        (*link)->place = array->place;
        link = &(*link)->next;
    }
    return link;
}

/* in (dynamic(['a', 'b'])) is in ('a', 'b'). */
static bool spread_arrays(kql_checker *checker, kql_node *node)
{
    for (kql_node **link = &node->first->next; *link;) {
        kql_node *operand = *link, *next = operand->next;
        bool is_array = operand->kind == KQL_LITERAL && operand->type == DESK_KQL_DYNAMIC && operand->first;
        if (is_array && !(link = insert_elements(checker->context, operand, link))) return false;
        if (is_array) *link = next;
        if (is_array) node->count += operand->count - 1;
        if (is_array) node->weight += operand->count;
        if (!is_array) link = &operand->next;
    }
    return true;
}

bool kql_check(kql_checker *checker, kql_node *node)
{
    node->weight = 1;
    switch (node->kind) {
    case KQL_LITERAL:
        return true;
    case KQL_COLUMN:
        return check_column(checker, node);
    case KQL_PROPERTY:
        return check_operands(checker, node) && check_property(checker, node);
    case KQL_CALL:
        return check_call(checker, node);
    case KQL_OPERATOR:
        break;
    }
    node->function = kql_operator_find(node->name);
    if (!check_operands(checker, node) || (takes_list(node) && !spread_arrays(checker, node))) return false;
    return node->function->check(checker->context, node);
}
