/* String literals: '…' and "…" with escapes, @'…' verbatim, ```…``` over lines; h before a quote means nothing here. */
#ifndef KQL_LEXER_STRING_H
#define KQL_LEXER_STRING_H
#include "lexer.h"

bool kql_string_begins(const kql_lexer *lexer);
/* Sets text and value of the token; nothing is skipped. */
bool kql_string_read(kql_lexer *lexer, kql_token *token);
#endif
