/* What operators stand between: literals, columns, calls, parentheses, and the properties of a dynamic. */
#include "parser.h"

#include <stdlib.h>
#include <string.h>

#include "time_text.h"

static const char any_value[] = "a value: a column, a literal, a function or (";

static kql_node *literal(kql_parser *parser, kql_type type)
{
    kql_node *node = kql_parse_node(parser, KQL_LITERAL, &parser->token);
    if (!node) return NULL;
    node->type = type;
    node->text = parser->token.value;
    node->integer = parser->token.integer;
    node->real = parser->token.real;
    return node;
}

/* The token is used up behind its node. */
static kql_node *use(kql_parser *parser, kql_node *node)
{
    return node && kql_parse_next(parser) ? node : NULL;
}

static desk_text trimmed(desk_text text)
{
    while (text.size && memchr(" \t\r\n", text.at[text.size - 1], 4)) text.size--;
    if (text.size > 1 && (*text.at == '"' || *text.at == '\'') && text.at[text.size - 1] == *text.at)
        return (desk_text){text.at + 1, text.size - 2};
    return text;
}

static bool read_datetime(desk_text text, kql_node *node)
{
    return kql_datetime_read(text, &node->integer);
}

static bool read_timespan(desk_text text, kql_node *node)
{
    return kql_timespan_read(text, &node->integer);
}

static bool read_bool(desk_text text, kql_node *node)
{
    node->integer = desk_text_is(text, DESK_TEXT("true"));
    return node->integer || desk_text_is(text, DESK_TEXT("false"));
}

static bool read_long(desk_text text, kql_node *node)
{
    char digits[24] = "", *end;
    if (text.size == 0 || text.size >= sizeof digits) return false;
    memcpy(digits, text.at, text.size);
    node->integer = strtoll(digits, &end, 10);
    return *end == '\0' && node->integer < INT64_MAX && node->integer > INT64_MIN;
}

static bool read_int(desk_text text, kql_node *node)
{
    return read_long(text, node) && node->integer <= INT32_MAX && node->integer >= INT32_MIN;
}

static bool read_real(desk_text text, kql_node *node)
{
    char digits[64] = "", *end;
    if (text.size == 0 || text.size >= sizeof digits) return false;
    memcpy(digits, text.at, text.size);
    node->real = strtod(digits, &end);
    return *end == '\0' && node->real < 1e308 && node->real > -1e308;
}

/* Literals that look like calls; `null` may stand in each. */
static const struct typed_form {
    desk_text name;
    kql_type type;
    bool (*read)(desk_text text, kql_node *node);
    const char *expected;
} typed_forms[] = {
    {DESK_TEXT_INIT("datetime"), DESK_KQL_DATETIME, read_datetime, "a time such as 2026-01-02 or 2026-01-02T03:04:05Z"},
    {DESK_TEXT_INIT("timespan"), DESK_KQL_TIMESPAN, read_timespan, "a timespan such as 7d, 1h or 1.02:03:04"},
    {DESK_TEXT_INIT("time"), DESK_KQL_TIMESPAN, read_timespan, "a timespan such as 7d, 1h or 1.02:03:04"},
    {DESK_TEXT_INIT("bool"), DESK_KQL_BOOL, read_bool, "true, false or null"},
    {DESK_TEXT_INIT("int"), DESK_KQL_LONG, read_int, "a whole number of 32 bits or null; toint() converts a value"},
    {DESK_TEXT_INIT("long"), DESK_KQL_LONG, read_long, "a whole number or null; tolong() converts a value"},
    {DESK_TEXT_INIT("real"), DESK_KQL_REAL, read_real, "a number or null; toreal() converts a value"},
    {DESK_TEXT_INIT("double"), DESK_KQL_REAL, read_real, "a number or null; todouble() converts a value"},
};

static kql_node *parse_typed(kql_parser *parser, const struct typed_form *form)
{
    desk_text inside;
    kql_place place;
    kql_node *node = kql_parse_node(parser, KQL_LITERAL, &parser->token);
    if (!node) return NULL;
    if (!kql_lexer_parentheses(&parser->lexer, &inside, &place)) {
        if (kql_parse_next(parser)) kql_parse_unexpected(parser, "( and a literal and )");
        return NULL;
    }
    node->type = form->type;
    node->is_null = desk_text_is(trimmed(inside), DESK_TEXT("null"));
    if (node->is_null || form->read(trimmed(inside), node)) return use(parser, node);
    kql_fail(parser->context, place, form->expected, "found \"%s\"", kql_show(inside).text);
    return NULL;
}

/* arg_max(value, *): the star is a column of that name. */
static kql_node *parse_star(kql_parser *parser, kql_node *node)
{
    if (!kql_parse_add(parser, node, kql_parse_expression(parser)) || !kql_parse_expect(parser, ",")) return NULL;
    if (!kql_parse_is(parser, DESK_TEXT("*"))) return kql_parse_operands(parser, node) ? node : NULL;
    kql_node *star = use(parser, kql_parse_node(parser, KQL_COLUMN, &parser->token));
    return kql_parse_add(parser, node, star) && kql_parse_expect(parser, ")") ? node : NULL;
}

static kql_node *parse_call(kql_parser *parser, const kql_token *name)
{
    kql_node *node = kql_parse_node(parser, KQL_CALL, name);
    if (!node || !kql_parse_next(parser)) return NULL;
    if (kql_is_arg_extreme(node)) return parse_star(parser, node);
    if (kql_parse_take(parser, DESK_TEXT(")"))) return node;
    return !parser->context->failed && kql_parse_operands(parser, node) ? node : NULL;
}

static kql_node *parse_name(kql_parser *parser)
{
    kql_token name = parser->token;
    if (desk_text_is(name.text, DESK_TEXT("dynamic"))) return kql_parse_dynamic(parser);
    for (size_t i = 0; i < sizeof typed_forms / sizeof typed_forms[0]; i++) {
        if (desk_text_is(name.text, typed_forms[i].name)) return parse_typed(parser, &typed_forms[i]);
    }
    if (desk_text_is(name.text, DESK_TEXT("true")) || desk_text_is(name.text, DESK_TEXT("false"))) {
        kql_node *node = literal(parser, DESK_KQL_BOOL);
        if (node) node->integer = name.text.size == 4;
        return use(parser, node);
    }
    if (*name.text.at == '!') {
        kql_parse_unexpected(parser, any_value);
        return NULL;
    }
    if (!kql_parse_next(parser)) return NULL;
    if (kql_parse_is(parser, DESK_TEXT("("))) return parse_call(parser, &name);
    if (!desk_text_is(name.text, DESK_TEXT("not"))) return kql_parse_node(parser, KQL_COLUMN, &name);
    kql_parse_unexpected(parser, "( behind not");
    return NULL;
}

static kql_node *parse_parentheses(kql_parser *parser)
{
    if (!kql_parse_next(parser)) return NULL;
    kql_node *node = kql_parse_expression(parser);
    return node && kql_parse_expect(parser, ")") ? node : NULL;
}

/* ['name with blanks'] is a column. */
static kql_node *parse_bracketed(kql_parser *parser)
{
    if (!kql_parse_next(parser)) return NULL;
    if (parser->token.kind != KQL_TOKEN_STRING) {
        kql_parse_unexpected(parser, "a column's name in quotes");
        return NULL;
    }
    kql_node *node = kql_parse_node(parser, KQL_COLUMN, &parser->token);
    if (!node) return NULL;
    node->name = parser->token.value;
    return kql_parse_next(parser) && kql_parse_expect(parser, "]") ? node : NULL;
}

/* Strings that follow one another are one; the lexer keeps their values side by side. */
static kql_node *parse_string(kql_parser *parser)
{
    kql_node *node = literal(parser, DESK_KQL_STRING);
    while (node && kql_parse_next(parser)) {
        if (parser->token.kind != KQL_TOKEN_STRING) return node;
        node->text.size += parser->token.value.size;
    }
    return NULL;
}

static kql_node *parse_primary(kql_parser *parser)
{
    switch (parser->token.kind) {
    case KQL_TOKEN_NAME:
        return parse_name(parser);
    case KQL_TOKEN_STRING:
        return parse_string(parser);
    case KQL_TOKEN_LONG:
        return use(parser, literal(parser, DESK_KQL_LONG));
    case KQL_TOKEN_REAL:
        return use(parser, literal(parser, DESK_KQL_REAL));
    case KQL_TOKEN_TIMESPAN:
        return use(parser, literal(parser, DESK_KQL_TIMESPAN));
    default:
        break;
    }
    if (kql_parse_is(parser, DESK_TEXT("("))) return parse_parentheses(parser);
    if (kql_parse_is(parser, DESK_TEXT("["))) return parse_bracketed(parser);
    kql_parse_unexpected(parser, any_value);
    return NULL;
}

/* Behind a dot: the name of a property. */
static bool read_dotted(kql_parser *parser, kql_node *node)
{
    if (parser->token.kind != KQL_TOKEN_NAME || *parser->token.text.at == '!')
        return kql_parse_unexpected(parser, "the name of a property");
    node->name = parser->token.text;
    return kql_parse_next(parser);
}

/* In brackets: a name in quotes or the number of an element, from the end when it is negative. */
static bool read_bracketed(kql_parser *parser, kql_node *node)
{
    const kql_token *token = &parser->token;
    bool is_negative = kql_parse_take(parser, DESK_TEXT("-"));
    if (is_negative && token->kind != KQL_TOKEN_LONG) return kql_parse_unexpected(parser, "the number of an element");
    if (token->kind != KQL_TOKEN_STRING && (token->kind != KQL_TOKEN_LONG || token->integer > INT32_MAX))
        return kql_parse_unexpected(parser, "the name of a property in quotes, or the number of an element");
    node->is_index = token->kind == KQL_TOKEN_LONG;
    node->integer = is_negative ? -token->integer : token->integer;
    node->name = token->value;
    return kql_parse_next(parser) && kql_parse_expect(parser, "]");
}

kql_node *kql_parse_postfix(kql_parser *parser)
{
    kql_node *node = parse_primary(parser);
    while (node && (kql_parse_is(parser, DESK_TEXT(".")) || kql_parse_is(parser, DESK_TEXT("[")))) {
        bool is_dot = *parser->token.text.at == '.';
        if (!kql_parse_next(parser)) return NULL;
        if (is_dot && kql_parse_take(parser, DESK_TEXT("["))) is_dot = false;
        kql_node *property = kql_parse_node(parser, KQL_PROPERTY, &parser->token);
        if (!property || !kql_parse_add(parser, property, node)) return NULL;
        if (!(is_dot ? read_dotted(parser, property) : read_bracketed(parser, property))) return NULL;
        node = property;
    }
    return node;
}
