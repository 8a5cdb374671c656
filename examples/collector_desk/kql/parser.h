/* Tokens to a tree. Recursive descent of bounded depth; what a name means is looked at later (check.h). */
#ifndef KQL_PARSER_H
#define KQL_PARSER_H
#include "lexer.h"
#include "tree.h"

typedef struct kql_parser {
    kql_context *context;
    kql_lexer lexer;
    kql_token token; /* the next one, not yet used */
    unsigned depth;  /* of parentheses */
} kql_parser;

/* The whole text; NULL: said why. */
kql_query *kql_parse(kql_context *context, desk_text text);

/* For the files of the parser. */
bool kql_parse_next(kql_parser *parser);
bool kql_parse_is(const kql_parser *parser, desk_text text);         /* a name or symbol; nothing is used up */
bool kql_parse_take(kql_parser *parser, desk_text text);             /* true: it was there and is used up */
bool kql_parse_expect(kql_parser *parser, const char *symbol);       /* false: said so */
bool kql_parse_unexpected(kql_parser *parser, const char *expected); /* always false */
bool kql_parse_enter(kql_parser *parser);
void kql_parse_leave(kql_parser *parser);

kql_query *kql_parse_new_query(kql_parser *parser);
kql_query *kql_parse_query(kql_parser *parser);

/* parse_source.c: where rows come from. */
kql_query *kql_parse_source(kql_parser *parser);
bool kql_parse_union(kql_parser *parser, kql_union *of);

/* parse_let.c */
bool kql_parse_lets(kql_parser *parser);

/* parse_render.c */
bool kql_parse_render(kql_parser *parser, kql_stage *stage);

/* parse_expression.c */
kql_node *kql_parse_expression(kql_parser *parser);
/* Adds `, value` … to the operands of a node, up to the closing parenthesis, which is used up. */
bool kql_parse_operands(kql_parser *parser, kql_node *node);
kql_node *kql_parse_node(kql_parser *parser, kql_kind kind, const kql_token *token);
bool kql_parse_add(kql_parser *parser, kql_node *node, kql_node *operand);

/* parse_primary.c: a literal, a name, a call, parentheses, with the properties behind it. */
kql_node *kql_parse_postfix(kql_parser *parser);

/* parse_dynamic.c: dynamic([…]); the name is the token. */
kql_node *kql_parse_dynamic(kql_parser *parser);

/* parse_items.c: lists of named or sorted expressions. */
kql_item *kql_parse_items(kql_parser *parser);
kql_item *kql_parse_sort_items(kql_parser *parser);
kql_item *kql_parse_patterns(kql_parser *parser);   /* names of columns, with stars in them */
kql_item *kql_parse_aggregates(kql_parser *parser); /* of summarize */
#endif
