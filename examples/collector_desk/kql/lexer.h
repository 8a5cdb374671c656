/* The tokens of a query, read one at a time. */
#ifndef KQL_LEXER_H
#define KQL_LEXER_H
#include "context.h"

typedef enum kql_token_kind {
    KQL_TOKEN_END,
    KQL_TOKEN_NAME,   /* also `!contains`, `in~`: words that are operators */
    KQL_TOKEN_SYMBOL, /* | , ( ) [ ] . .. == != =~ !~ <= >= < > = + - * / % ; */
    KQL_TOKEN_STRING,
    KQL_TOKEN_LONG,
    KQL_TOKEN_REAL,
    KQL_TOKEN_TIMESPAN
} kql_token_kind;

typedef struct kql_token {
    kql_token_kind kind;
    kql_place place;
    desk_text text;  /* as it is written */
    desk_text value; /* of a string: without quotes and escapes */
    int64_t integer; /* of a long; of a timespan in ticks of 100 ns */
    double real;
} kql_token;

typedef struct kql_lexer {
    kql_context *context;
    const char *at;
    const char *end;
    kql_place place; /* of `at` */
    char *strings;   /* room for what string literals mean, all of them together: as many bytes as the text */
} kql_lexer;

/* False: said why. Behind the last token comes KQL_TOKEN_END, however often one asks. */
bool kql_lexer_next(kql_lexer *lexer, kql_token *token);

/* Whether the word `with` stands right behind, without a blank: the `-away` of `project-away`. It is skipped then. */
bool kql_lexer_skip(kql_lexer *lexer, desk_text word);

/* Of `datetime(2026-01-02 03:04)` what stands in the parentheses, with which it is skipped. False, and nothing skipped,
 * when no parenthesis opens here or none closes. */
bool kql_lexer_parentheses(kql_lexer *lexer, desk_text *inside, kql_place *place);
#endif
