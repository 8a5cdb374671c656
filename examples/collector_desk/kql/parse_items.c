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

static bool is_of_pattern(const kql_parser *parser)
{
    bool is_name = parser->token.kind == KQL_TOKEN_NAME && *parser->token.text.at != '!';
    return is_name || kql_parse_is(parser, DESK_TEXT("*"));
}

/* custom*, *Id: names and stars without blanks between them. */
static kql_item *parse_pattern(kql_parser *parser)
{
    kql_item *item = new_item(parser);
    if (!item) return NULL;
    if (!is_of_pattern(parser)) return (item->value = kql_parse_expression(parser)) ? item : NULL;
    if (!(item->value = kql_parse_node(parser, KQL_COLUMN, &parser->token))) return NULL;
    desk_text *name = &item->value->name;
    for (name->size = 0; is_of_pattern(parser) && parser->token.text.at == name->at + name->size;) {
        name->size += parser->token.text.size;
        if (!kql_parse_next(parser)) return NULL;
    }
    return item;
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

/* One of percentiles(value, 50, 95): percentile(value, 50). */
static kql_item *new_percentile(kql_parser *parser, const kql_item *item, const kql_node *percent)
{
    kql_item *one = kql_allocate(parser->context, item->place, sizeof *one);
    kql_node *call = kql_allocate(parser->context, item->place, sizeof *call * 3);
    if (!one || !call) return NULL;
    kql_node *value = call + 1, *last = call + 2;
    *one = *item;
    one->value = call;
    *value = *item->value->first;
    *last = *percent;
    *call = (kql_node){.kind = KQL_CALL,
                       .place = item->value->place,
                       .name = DESK_TEXT("percentile"),
                       .first = value,
                       .last = last,
                       .count = 2,
                       .height = item->value->height};
    value->next = last;
    last->next = NULL;
    return one;
}

static bool is_percentiles(const kql_item *item)
{
    return item->value->kind == KQL_CALL && item->value->count > 1 &&
           desk_text_is(item->value->name, DESK_TEXT("percentiles"));
}

static bool expand(kql_parser *parser, kql_item **link)
{
    kql_item *item = *link;
    if (item->name.at)
        return kql_fail(parser->context, item->place, "percentile(), or no name", "found one name for percentiles()");
    for (const kql_node *percent = item->value->first->next; percent; percent = percent->next) {
        if (!(*link = new_percentile(parser, item, percent))) return false;
        link = &(*link)->next;
    }
    *link = item->next;
    return true;
}

kql_item *kql_parse_aggregates(kql_parser *parser)
{
    kql_item *first = kql_parse_items(parser);
    for (kql_item **link = &first; *link; link = &(*link)->next) {
        if (is_percentiles(*link) && !expand(parser, link)) return NULL;
    }
    return first;
}

kql_item *kql_parse_patterns(kql_parser *parser)
{
    return parse_list(parser, parse_pattern);
}

kql_item *kql_parse_sort_items(kql_parser *parser)
{
    return parse_list(parser, parse_sort_item);
}
