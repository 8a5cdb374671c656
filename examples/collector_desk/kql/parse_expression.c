/* Operators by their strength: or, and, comparisons, + -, * / %, a sign. */
#include "parser.h"

enum { MAX_HEIGHT = 40, MAX_OPERANDS = 10000, MAX_TERMS = 400 };

kql_node *kql_parse_node(kql_parser *parser, kql_kind kind, const kql_token *token)
{
    kql_node *node = kql_allocate(parser->context, token->place, sizeof *node);
    if (!node) return NULL;
    node->kind = kind;
    node->place = token->place;
    node->name = token->text;
    return node;
}

bool kql_parse_add(kql_parser *parser, kql_node *node, kql_node *operand)
{
    if (!operand) return false;
    if (node->last)
        node->last->next = operand;
    else
        node->first = operand;
    node->last = operand;
    node->count++;
    if (operand->height >= node->height) node->height = operand->height + 1;
    if (node->height > parser->context->height) {
        parser->context->height = node->height;
        parser->context->highest = node->place;
    }
    if (node->height > MAX_HEIGHT)
        return kql_fail(parser->context, operand->place, "a simpler expression",
                        "found an expression of more than %d levels", (int)MAX_HEIGHT);
    if (node->count > MAX_OPERANDS)
        return kql_fail(parser->context, operand->place, "a shorter list", "found more than %d values",
                        (int)MAX_OPERANDS);
    return true;
}

bool kql_parse_operands(kql_parser *parser, kql_node *node)
{
    do {
        if (!kql_parse_add(parser, node, kql_parse_expression(parser))) return false;
    } while (kql_parse_take(parser, DESK_TEXT(",")));
    return !parser->context->failed && kql_parse_expect(parser, ")");
}

/* An operator with its left operand; the word or symbol is used up. */
static kql_node *begin(kql_parser *parser, kql_node *left)
{
    kql_node *node = kql_parse_node(parser, KQL_OPERATOR, &parser->token);
    if (!node || !kql_parse_add(parser, node, left) || !kql_parse_next(parser)) return NULL;
    return node;
}

static bool is_one_of(const kql_parser *parser, const desk_text *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (kql_parse_is(parser, words[i])) return true;
    }
    return false;
}

static kql_node *parse_unary(kql_parser *parser)
{
    kql_token token = parser->token;
    if (!kql_parse_is(parser, DESK_TEXT("-")) && !kql_parse_is(parser, DESK_TEXT("+")))
        return kql_parse_postfix(parser);
    if (!kql_parse_enter(parser) || !kql_parse_next(parser)) return NULL;
    kql_node *operand = parse_unary(parser);
    kql_parse_leave(parser);
    if (!operand || *token.text.at == '+') return operand;
    kql_node *node = kql_parse_node(parser, KQL_OPERATOR, &token);
    return node && kql_parse_add(parser, node, operand) ? node : NULL;
}

typedef kql_node *parse_level(kql_parser *parser);

/* Operators of the same strength group to the left. */
static kql_node *parse_left(kql_parser *parser, parse_level *operand, const desk_text *symbols, size_t count)
{
    kql_node *left = operand(parser);
    while (left && is_one_of(parser, symbols, count)) {
        kql_node *node = begin(parser, left);
        if (!node || !kql_parse_add(parser, node, operand(parser))) return NULL;
        left = node;
    }
    return left;
}

static kql_node *parse_product(kql_parser *parser)
{
    static const desk_text symbols[] = {DESK_TEXT_INIT("*"), DESK_TEXT_INIT("/"), DESK_TEXT_INIT("%")};
    return parse_left(parser, parse_unary, symbols, 3);
}

static kql_node *parse_sum(kql_parser *parser)
{
    static const desk_text symbols[] = {DESK_TEXT_INIT("+"), DESK_TEXT_INIT("-")};
    return parse_left(parser, parse_product, symbols, 2);
}

/* between (low .. high) */
static bool parse_range(kql_parser *parser, kql_node *node)
{
    return kql_parse_expect(parser, "(") && kql_parse_add(parser, node, kql_parse_expression(parser)) &&
           kql_parse_expect(parser, "..") && kql_parse_add(parser, node, kql_parse_expression(parser)) &&
           kql_parse_expect(parser, ")");
}

static bool parse_list(kql_parser *parser, kql_node *node)
{
    return kql_parse_expect(parser, "(") && kql_parse_operands(parser, node);
}

static bool parse_right(kql_parser *parser, kql_node *node)
{
    return kql_parse_add(parser, node, parse_sum(parser));
}

typedef struct comparison {
    desk_text word;
    desk_text negation;
    bool (*parse)(kql_parser *parser, kql_node *node);
} comparison;

#define COMPARISON(word, negation, parse)                                                                              \
    {                                                                                                                  \
        DESK_TEXT_INIT(word), DESK_TEXT_INIT(negation), parse                                                          \
    }
#define WORD(word) COMPARISON(word, "!" word, parse_right), COMPARISON(word "_cs", "!" word "_cs", parse_right)

static const comparison comparisons[] = {
    COMPARISON("==", "!=", parse_right),
    COMPARISON("==", "<>", parse_right),
    COMPARISON("=~", "!~", parse_right),
    COMPARISON("<", "", parse_right),
    COMPARISON("<=", "", parse_right),
    COMPARISON(">", "", parse_right),
    COMPARISON(">=", "", parse_right),
    COMPARISON("in", "!in", parse_list),
    COMPARISON("in~", "!in~", parse_list),
    COMPARISON("between", "!between", parse_range),
    COMPARISON("has_any", "", parse_list),
    COMPARISON("has_all", "", parse_list),
    WORD("has"),
    WORD("hasprefix"),
    WORD("hassuffix"),
    WORD("contains"),
    WORD("startswith"),
    WORD("endswith"),
};

static const comparison *find_comparison(const kql_parser *parser)
{
    for (size_t i = 0; i < sizeof comparisons / sizeof comparisons[0]; i++) {
        if (kql_parse_is(parser, comparisons[i].word) || kql_parse_is(parser, comparisons[i].negation))
            return &comparisons[i];
    }
    return NULL;
}

static kql_node *parse_comparison(kql_parser *parser)
{
    kql_node *left = parse_sum(parser);
    for (const comparison *form; left && (form = find_comparison(parser));) {
        kql_node *node = begin(parser, left);
        if (!node) return NULL;
        node->is_negated = desk_text_is(node->name, form->negation);
        node->name = form->word;
        if (!form->parse(parser, node)) return NULL;
        left = node;
    }
    return left;
}

/* `a or b or c` is one node with three operands: a long chain is not a deep tree. */
static kql_node *parse_chain(kql_parser *parser, parse_level *operand, desk_text word)
{
    kql_node *left = operand(parser);
    if (!left || !kql_parse_is(parser, word)) return left;
    kql_node *node = begin(parser, left);
    if (!node) return NULL;
    do {
        if (node->count == MAX_TERMS) {
            kql_fail(parser->context, parser->token.place, "in (…), or a shorter condition",
                     "found more than %d conditions in a row", (int)MAX_TERMS);
            return NULL;
        }
        if (!kql_parse_add(parser, node, operand(parser))) return NULL;
    } while (kql_parse_take(parser, word));
    return parser->context->failed ? NULL : node;
}

static kql_node *parse_and(kql_parser *parser)
{
    return parse_chain(parser, parse_comparison, DESK_TEXT("and"));
}

kql_node *kql_parse_expression(kql_parser *parser)
{
    if (!kql_parse_enter(parser)) return NULL;
    kql_node *node = parse_chain(parser, parse_and, DESK_TEXT("or"));
    kql_parse_leave(parser);
    return node;
}
