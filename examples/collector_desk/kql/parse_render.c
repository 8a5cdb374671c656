/* render: how the portal would draw the rows. It changes none, and here nothing draws them. */
#include "parser.h"

/* kind=stacked */
static bool skip_property(kql_parser *parser)
{
    if (!kql_parse_next(parser) || !kql_parse_expect(parser, "=")) return false;
    if (parser->token.kind == KQL_TOKEN_END || parser->token.kind == KQL_TOKEN_SYMBOL)
        return kql_parse_unexpected(parser, "a value");
    return kql_parse_next(parser);
}

/* with (title = "…", ycolumns = a, b) */
static bool skip_properties(kql_parser *parser)
{
    if (!kql_parse_expect(parser, "(")) return false;
    while (parser->token.kind != KQL_TOKEN_END && !kql_parse_is(parser, DESK_TEXT(")"))) {
        if (!kql_parse_next(parser)) return false;
    }
    return kql_parse_expect(parser, ")");
}

bool kql_parse_render(kql_parser *parser, kql_stage *stage)
{
    (void)stage;
    if (parser->token.kind != KQL_TOKEN_NAME) return kql_parse_unexpected(parser, "a kind of chart such as timechart");
    if (!kql_parse_next(parser)) return false;
    while (parser->token.kind == KQL_TOKEN_NAME && !kql_parse_is(parser, DESK_TEXT("with"))) {
        if (!skip_property(parser)) return false;
    }
    if (kql_parse_take(parser, DESK_TEXT("with")) && !skip_properties(parser)) return false;
    if (kql_parse_is(parser, DESK_TEXT("|"))) return kql_parse_unexpected(parser, "the end: render comes last");
    return !parser->context->failed;
}
