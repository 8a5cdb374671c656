/* Lists of expressions: with a name before each, or with an order behind. */
#include "parser.h"

enum { MAX_ITEMS = 100 };

static kql_item *new_item(kql_parser *parser)
{
    kql_item *item = kql_allocate(parser->context, parser->token.place, sizeof *item);
    if (item) item->place = parser->token.place;
    return item;
}

/* `name = value`: the name was read as a column. */
static kql_item *parse_item(kql_parser *parser)
{
    kql_item *item = new_item(parser);
    if (!item || !(item->value = kql_parse_expression(parser))) return NULL;
    if (!kql_parse_is(parser, DESK_TEXT("=")) || item->value->kind != KQL_COLUMN) return item;
    item->name = item->value->name;
    if (!kql_parse_next(parser) || !(item->value = kql_parse_expression(parser))) return NULL;
    return item;
}

static bool parse_nulls(kql_parser *parser, kql_item *item)
{
    if (!kql_parse_take(parser, DESK_TEXT("nulls"))) return !parser->context->failed;
    item->nulls_given = true;
    item->nulls_first = kql_parse_is(parser, DESK_TEXT("first"));
    if (!item->nulls_first && !kql_parse_is(parser, DESK_TEXT("last")))
        return kql_parse_unexpected(parser, "first or last");
    return kql_parse_next(parser);
}

/* Without a word the largest comes first. */
static kql_item *parse_sort_item(kql_parser *parser)
{
    kql_item *item = new_item(parser);
    if (!item || !(item->value = kql_parse_expression(parser))) return NULL;
    item->is_ascending = kql_parse_is(parser, DESK_TEXT("asc"));
    if ((item->is_ascending || kql_parse_is(parser, DESK_TEXT("desc"))) && !kql_parse_next(parser)) return NULL;
    return parse_nulls(parser, item) ? item : NULL;
}

static kql_item *parse_list(kql_parser *parser, kql_item *(*parse)(kql_parser *parser))
{
    kql_item *first = NULL, **link = &first;
    for (unsigned count = 0; count < MAX_ITEMS; count++) {
        if (!(*link = parse(parser))) return NULL;
        link = &(*link)->next;
        if (!kql_parse_take(parser, DESK_TEXT(","))) return parser->context->failed ? NULL : first;
    }
    kql_fail(parser->context, parser->token.place, "a shorter list", "found more than %d expressions", (int)MAX_ITEMS);
    return NULL;
}

kql_item *kql_parse_items(kql_parser *parser)
{
    return parse_list(parser, parse_item);
}

kql_item *kql_parse_sort_items(kql_parser *parser)
{
    return parse_list(parser, parse_sort_item);
}
