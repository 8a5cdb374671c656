/* Where rows come from: a table, a name that let gave, print, a union, a query in parentheses. */
#include "parser.h"

#include <stdio.h>

#include "scope.h"

enum { MAX_MEMBERS = 32 };

static kql_query *parse_parentheses(kql_parser *parser)
{
    if (!kql_parse_enter(parser) || !kql_parse_expect(parser, "(")) return NULL;
    kql_query *query = kql_parse_query(parser);
    kql_parse_leave(parser);
    return query && kql_parse_expect(parser, ")") ? query : NULL;
}

/* Each use has a member of its own: members are chained. */
static kql_query *refer_to(kql_parser *parser, const kql_query *query)
{
    kql_query *reference = kql_parse_new_query(parser);
    if (!reference || !(reference->of.members = kql_parse_new_query(parser))) return NULL;
    *reference->of.members = *query;
    reference->of.members->next = NULL;
    return kql_parse_next(parser) ? reference : NULL;
}

static kql_query *parse_member(kql_parser *parser)
{
    if (kql_parse_is(parser, DESK_TEXT("("))) return parse_parentheses(parser);
    if (parser->token.kind != KQL_TOKEN_NAME) {
        kql_parse_unexpected(parser, "a table such as traces, or a query in parentheses");
        return NULL;
    }
    const kql_let *let = kql_let_find(parser->context, parser->token.text);
    if (let && let->query) return refer_to(parser, let->query);
    if (!kql_table_check(parser->context, parser->token.text, parser->token.place)) return NULL;
    kql_query *query = kql_parse_new_query(parser);
    if (query) query->table = parser->token.text;
    return query && kql_parse_next(parser) ? query : NULL;
}

/* union * */
static bool add_all_tables(kql_parser *parser, kql_query **link)
{
    for (unsigned i = 0; kql_table_at(i).at; i++, link = &(*link)->next) {
        if (!(*link = kql_parse_new_query(parser))) return false;
        (*link)->table = kql_table_at(i);
    }
    return kql_parse_next(parser);
}

static bool parse_members(kql_parser *parser, kql_query **link)
{
    if (kql_parse_is(parser, DESK_TEXT("*"))) return add_all_tables(parser, link);
    for (unsigned count = 0; count < MAX_MEMBERS; count++) {
        if (!(*link = parse_member(parser))) return false;
        link = &(*link)->next;
        if (!kql_parse_take(parser, DESK_TEXT(","))) return !parser->context->failed;
    }
    return kql_fail(parser->context, parser->token.place, NULL, "found more than %d members of a union",
                    (int)MAX_MEMBERS);
}

/* One of two words. */
static bool parse_either(kql_parser *parser, desk_text yes, desk_text no, const char *expected, bool *is_yes)
{
    *is_yes = kql_parse_is(parser, yes);
    if (!*is_yes && !kql_parse_is(parser, no)) return kql_parse_unexpected(parser, expected);
    return kql_parse_next(parser);
}

static bool parse_source_name(kql_parser *parser, kql_union *of)
{
    if (parser->token.kind != KQL_TOKEN_NAME) return kql_parse_unexpected(parser, "the name of a column");
    of->source = parser->token.text;
    return kql_parse_next(parser);
}

/* withsource=Name kind=inner isfuzzy=true: the last one would leave out tables that are not there, and all are. */
static bool parse_options(kql_parser *parser, kql_union *of)
{
    bool is_source, is_kind, is_fuzzy, done = true;
    do {
        is_source = kql_parse_take(parser, DESK_TEXT("withsource"));
        is_kind = !is_source && kql_parse_take(parser, DESK_TEXT("kind"));
        is_fuzzy = !is_source && !is_kind && kql_parse_take(parser, DESK_TEXT("isfuzzy"));
        if (is_source || is_kind || is_fuzzy) done = kql_parse_expect(parser, "=");
        if (done && is_source) done = parse_source_name(parser, of);
        if (done && is_kind)
            done = parse_either(parser, DESK_TEXT("inner"), DESK_TEXT("outer"), "inner or outer", &of->is_inner);
        if (done && is_fuzzy)
            done = parse_either(parser, DESK_TEXT("true"), DESK_TEXT("false"), "true or false", &is_fuzzy),
            is_fuzzy = true;
    } while (done && (is_source || is_kind || is_fuzzy));
    return done && !parser->context->failed;
}

bool kql_parse_union(kql_parser *parser, kql_union *of)
{
    return parse_options(parser, of) && parse_members(parser, &of->members);
}

/* print_0, print_1 … */
static bool name_printed(kql_parser *parser, kql_item *items)
{
    for (unsigned i = 0; items; items = items->next, i++) {
        if (items->name.at) continue;
        char *name = kql_allocate(parser->context, items->place, 16);
        if (!name) return false;
        items->name = (desk_text){name, (size_t)snprintf(name, 16, "print_%u", i)};
    }
    return true;
}

/* One row, whose columns project makes. */
static kql_query *parse_print(kql_parser *parser)
{
    kql_query *query = kql_parse_new_query(parser);
    kql_stage *stage = kql_allocate(parser->context, parser->token.place, sizeof *stage);
    if (!query || !stage || !kql_parse_next(parser)) return NULL;
    stage->kind = KQL_PROJECT;
    stage->place = query->place;
    stage->items = kql_parse_items(parser);
    query->stages = stage;
    return stage->items && name_printed(parser, stage->items) ? query : NULL;
}

kql_query *kql_parse_source(kql_parser *parser)
{
    if (kql_parse_is(parser, DESK_TEXT("print"))) return parse_print(parser);
    if (kql_parse_is(parser, DESK_TEXT("union"))) {
        kql_query *query = kql_parse_new_query(parser);
        return query && kql_parse_next(parser) && kql_parse_union(parser, &query->of) ? query : NULL;
    }
    if (parser->token.kind == KQL_TOKEN_NAME) return parse_member(parser);
    if (!kql_parse_is(parser, DESK_TEXT("("))) {
        kql_parse_unexpected(parser, "a table such as traces, or union");
        return NULL;
    }
    kql_query *query = kql_parse_new_query(parser);
    return query && (query->of.members = parse_parentheses(parser)) ? query : NULL;
}
