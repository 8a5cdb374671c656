/* The pipeline: where rows come from, then operators behind bars. */
#include "parser.h"

enum { MAX_DEPTH = 48, MAX_STAGES = 64 };

static const char operators[] =
    "an operator: where, extend, project, project-away, project-keep, project-rename, "
    "project-reorder, summarize, order by, sort by, take, limit, top, distinct, count, union, render";

bool kql_parse_next(kql_parser *parser)
{
    return kql_lexer_next(&parser->lexer, &parser->token);
}

bool kql_parse_is(const kql_parser *parser, desk_text text)
{
    const kql_token *token = &parser->token;
    return (token->kind == KQL_TOKEN_NAME || token->kind == KQL_TOKEN_SYMBOL) && desk_text_is(token->text, text);
}

bool kql_parse_take(kql_parser *parser, desk_text text)
{
    return kql_parse_is(parser, text) && kql_parse_next(parser);
}

bool kql_parse_unexpected(kql_parser *parser, const char *expected)
{
    const kql_token *token = &parser->token;
    if (token->kind == KQL_TOKEN_END) return kql_fail(parser->context, token->place, expected, "found the end");
    return kql_fail(parser->context, token->place, expected, "found \"%s\"", kql_show(token->text).text);
}

bool kql_parse_expect(kql_parser *parser, const char *symbol)
{
    desk_text text = {symbol, 1 + (size_t)(symbol[1] != '\0')};
    return kql_parse_is(parser, text) ? kql_parse_next(parser) : kql_parse_unexpected(parser, symbol);
}

bool kql_parse_enter(kql_parser *parser)
{
    if (parser->depth++ < MAX_DEPTH) return true;
    return kql_fail(parser->context, parser->token.place, "a flatter query", "found more than %d levels of nesting",
                    (int)MAX_DEPTH);
}

void kql_parse_leave(kql_parser *parser)
{
    parser->depth--;
}

kql_query *kql_parse_new_query(kql_parser *parser)
{
    kql_query *query = kql_allocate(parser->context, parser->token.place, sizeof *query);
    if (query) query->place = parser->token.place;
    return query;
}

static bool parse_limit(kql_parser *parser, kql_stage *stage)
{
    if (parser->token.kind != KQL_TOKEN_LONG) return kql_parse_unexpected(parser, "a number of rows");
    stage->limit = parser->token.integer;
    return kql_parse_next(parser);
}

static bool parse_by(kql_parser *parser, kql_stage *stage)
{
    if (!kql_parse_is(parser, DESK_TEXT("by"))) return kql_parse_unexpected(parser, "by");
    return kql_parse_next(parser) && (stage->items = kql_parse_sort_items(parser));
}

static bool parse_top(kql_parser *parser, kql_stage *stage)
{
    return parse_limit(parser, stage) && parse_by(parser, stage);
}

static bool parse_where(kql_parser *parser, kql_stage *stage)
{
    return (stage->condition = kql_parse_expression(parser)) != NULL;
}

static bool parse_items(kql_parser *parser, kql_stage *stage)
{
    return (stage->items = kql_parse_items(parser)) != NULL;
}

static bool parse_patterns(kql_parser *parser, kql_stage *stage)
{
    return (stage->items = kql_parse_patterns(parser)) != NULL;
}

static bool parse_summarize(kql_parser *parser, kql_stage *stage)
{
    if (!kql_parse_is(parser, DESK_TEXT("by")) && !(stage->items = kql_parse_aggregates(parser))) return false;
    if (!kql_parse_is(parser, DESK_TEXT("by"))) return true;
    return kql_parse_next(parser) && (stage->keys = kql_parse_items(parser));
}

static bool parse_distinct(kql_parser *parser, kql_stage *stage)
{
    if (kql_parse_is(parser, DESK_TEXT("*"))) return kql_parse_next(parser);
    return parse_items(parser, stage);
}

static bool parse_union(kql_parser *parser, kql_stage *stage)
{
    return kql_parse_union(parser, &stage->others);
}

static bool parse_nothing(kql_parser *parser, kql_stage *stage)
{
    (void)stage;
    return !parser->context->failed;
}

typedef struct operator_form {
    desk_text name;
    desk_text behind; /* `-away`, written right behind the name */
    kql_stage_kind kind;
    bool (*parse)(kql_parser *parser, kql_stage *stage);
} operator_form;

static const operator_form forms[] = {
    {DESK_TEXT_INIT("where"), {NULL, 0}, KQL_WHERE, parse_where},
    {DESK_TEXT_INIT("filter"), {NULL, 0}, KQL_WHERE, parse_where},
    {DESK_TEXT_INIT("extend"), {NULL, 0}, KQL_EXTEND, parse_items},
    {DESK_TEXT_INIT("project"), DESK_TEXT_INIT("-away"), KQL_PROJECT_AWAY, parse_patterns},
    {DESK_TEXT_INIT("project"), DESK_TEXT_INIT("-keep"), KQL_PROJECT_KEEP, parse_patterns},
    {DESK_TEXT_INIT("project"), DESK_TEXT_INIT("-reorder"), KQL_PROJECT_REORDER, parse_patterns},
    {DESK_TEXT_INIT("project"), DESK_TEXT_INIT("-rename"), KQL_PROJECT_RENAME, parse_items},
    {DESK_TEXT_INIT("project"), {NULL, 0}, KQL_PROJECT, parse_items},
    {DESK_TEXT_INIT("summarize"), {NULL, 0}, KQL_SUMMARIZE, parse_summarize},
    {DESK_TEXT_INIT("order"), {NULL, 0}, KQL_ORDER, parse_by},
    {DESK_TEXT_INIT("sort"), {NULL, 0}, KQL_ORDER, parse_by},
    {DESK_TEXT_INIT("take"), {NULL, 0}, KQL_TAKE, parse_limit},
    {DESK_TEXT_INIT("limit"), {NULL, 0}, KQL_TAKE, parse_limit},
    {DESK_TEXT_INIT("top"), {NULL, 0}, KQL_TOP, parse_top},
    {DESK_TEXT_INIT("distinct"), {NULL, 0}, KQL_DISTINCT, parse_distinct},
    {DESK_TEXT_INIT("count"), {NULL, 0}, KQL_COUNT, parse_nothing},
    {DESK_TEXT_INIT("union"), {NULL, 0}, KQL_UNION, parse_union},
    {DESK_TEXT_INIT("render"), {NULL, 0}, KQL_RENDER, kql_parse_render},
};

static const operator_form *find_form(kql_parser *parser)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (!kql_parse_is(parser, forms[i].name)) continue;
        if (!forms[i].behind.at || kql_lexer_skip(&parser->lexer, forms[i].behind)) return &forms[i];
    }
    return NULL;
}

static kql_stage *parse_stage(kql_parser *parser)
{
    const operator_form *form = find_form(parser);
    if (!form) {
        kql_parse_unexpected(parser, operators);
        return NULL;
    }
    kql_stage *stage = kql_allocate(parser->context, parser->token.place, sizeof *stage);
    if (!stage) return NULL;
    stage->kind = form->kind;
    stage->place = parser->token.place;
    return kql_parse_next(parser) && form->parse(parser, stage) ? stage : NULL;
}

static bool parse_stages(kql_parser *parser, kql_stage **link)
{
    for (unsigned count = 0; kql_parse_take(parser, DESK_TEXT("|")); count++) {
        if (count == MAX_STAGES)
            return kql_fail(parser->context, parser->token.place, "a shorter query", "found more than %d operators",
                            (int)MAX_STAGES);
        if (!(*link = parse_stage(parser))) return false;
        link = &(*link)->next;
    }
    return !parser->context->failed;
}

/* The stages of print are there already. */
kql_query *kql_parse_query(kql_parser *parser)
{
    kql_query *query = kql_parse_source(parser);
    if (!query) return NULL;
    kql_stage **link = &query->stages;
    while (*link) link = &(*link)->next;
    return parse_stages(parser, link) ? query : NULL;
}

kql_query *kql_parse(kql_context *context, desk_text text)
{
    kql_parser parser = {context, {context, text.at, text.at + text.size, {1, 1}, NULL}, {0}, 0};
    parser.lexer.strings = kql_allocate(context, parser.lexer.place, text.size + 1);
    if (!parser.lexer.strings || !kql_parse_next(&parser) || !kql_parse_lets(&parser)) return NULL;
    kql_query *query = kql_parse_query(&parser);
    if (!query) return NULL;
    kql_parse_take(&parser, DESK_TEXT(";"));
    if (parser.token.kind != KQL_TOKEN_END)
        kql_parse_unexpected(&parser, query->stages ? "an operator such as == or and, or | or the end"
                                                    : "| and an operator, or the end");
    return context->failed ? NULL : query;
}
