/* let statements: values and queries that have a name from then on. */
#include "parser.h"

#include "scope.h"

enum { MAX_LETS = 32 };

const kql_let *kql_let_find(const kql_context *context, desk_text name)
{
    const kql_let *let = context->lets;
    while (let && !desk_text_is(let->name, name)) let = let->next;
    return let;
}

/* A query begins with a word that can begin one, in whatever parentheses. */
static bool is_query(const kql_parser *parser)
{
    kql_lexer ahead = parser->lexer;
    kql_token token = parser->token;
    while (token.kind == KQL_TOKEN_SYMBOL && desk_text_is(token.text, DESK_TEXT("("))) {
        if (!kql_lexer_next(&ahead, &token)) return false;
    }
    if (token.kind != KQL_TOKEN_NAME) return false;
    const kql_let *let = kql_let_find(parser->context, token.text);
    if (let) return let->query != NULL;
    return desk_text_is(token.text, DESK_TEXT("union")) || desk_text_is(token.text, DESK_TEXT("print")) ||
           kql_table_is(token.text);
}

static bool parse_meaning(kql_parser *parser, kql_let *let)
{
    if (!is_query(parser)) return (let->value = kql_parse_expression(parser)) != NULL;
    return (let->query = kql_parse_query(parser)) != NULL;
}

/* The name counts behind its statement. */
static bool parse_let(kql_parser *parser)
{
    kql_let *let = kql_allocate(parser->context, parser->token.place, sizeof *let);
    if (!let || !kql_parse_next(parser)) return false;
    if (parser->token.kind != KQL_TOKEN_NAME || *parser->token.text.at == '!')
        return kql_parse_unexpected(parser, "a name");
    let->name = parser->token.text;
    if (kql_let_find(parser->context, let->name))
        return kql_fail(parser->context, parser->token.place, "each name once", "found a second \"%s\"",
                        kql_show(let->name).text);
    if (!kql_parse_next(parser) || !kql_parse_expect(parser, "=") || !parse_meaning(parser, let)) return false;
    if (!kql_parse_expect(parser, ";")) return false;
    let->next = parser->context->lets;
    parser->context->lets = let;
    return true;
}

bool kql_parse_lets(kql_parser *parser)
{
    for (unsigned count = 0; kql_parse_is(parser, DESK_TEXT("let")); count++) {
        if (count == MAX_LETS)
            return kql_fail(parser->context, parser->token.place, "fewer names", "found more than %d let statements",
                            (int)MAX_LETS);
        if (!parse_let(parser)) return false;
    }
    return true;
}
