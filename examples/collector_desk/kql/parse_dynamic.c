/* dynamic(null), dynamic([1, 'a', true]): a value of JSON, and its elements for what takes lists. */
#include <string.h>

#include "../buffer.h"
#include "parser.h"

static const char expected_element[] = "a string, a number, true or false";

static void put_element(desk_buffer *out, const kql_node *element)
{
    if (out->size > 1) desk_put_byte(out, ',');
    switch (element->type) {
    case DESK_KQL_STRING:
        desk_put_json_string(out, element->text);
        break;
    case DESK_KQL_REAL:
        desk_put_double(out, element->real);
        break;
    case DESK_KQL_BOOL:
        desk_put(out, element->integer ? DESK_TEXT("true") : DESK_TEXT("false"));
        break;
    default:
        desk_put_int(out, element->integer);
        break;
    }
}

static void negate(kql_node *element)
{
    element->integer = -element->integer;
    element->real = -element->real;
}

static kql_node *parse_element(kql_parser *parser)
{
    bool is_negative = kql_parse_take(parser, DESK_TEXT("-"));
    kql_token_kind kind = parser->token.kind;
    bool is_number = kind == KQL_TOKEN_LONG || kind == KQL_TOKEN_REAL;
    bool is_bool = kql_parse_is(parser, DESK_TEXT("true")) || kql_parse_is(parser, DESK_TEXT("false"));
    if (!is_number && (is_negative || (kind != KQL_TOKEN_STRING && !is_bool))) {
        kql_parse_unexpected(parser, expected_element);
        return NULL;
    }
    kql_node *element = kql_parse_postfix(parser);
    if (element && element->kind != KQL_LITERAL) {
        kql_parse_unexpected(parser, ", or ]");
        return NULL;
    }
    if (element && is_negative) negate(element);
    return element;
}

static bool parse_elements(kql_parser *parser, kql_node *node, desk_buffer *json)
{
    desk_put_byte(json, '[');
    if (kql_parse_is(parser, DESK_TEXT("]"))) return kql_parse_next(parser);
    do {
        kql_node *element = parse_element(parser);
        if (!kql_parse_add(parser, node, element)) return false;
        put_element(json, element);
    } while (kql_parse_take(parser, DESK_TEXT(",")));
    return !parser->context->failed && kql_parse_expect(parser, "]");
}

static bool keep(kql_parser *parser, kql_node *node, desk_buffer *json)
{
    desk_put_byte(json, ']');
    char *text = json->failed ? NULL : kql_allocate(parser->context, node->place, json->size);
    if (!text) return kql_fail(parser->context, node->place, NULL, "out of memory");
    node->text = (desk_text){memcpy(text, json->at, json->size), json->size};
    node->height = 0; /* its elements are no operands */
    return true;
}

kql_node *kql_parse_dynamic(kql_parser *parser)
{
    desk_buffer json = {0};
    kql_node *node = kql_parse_node(parser, KQL_LITERAL, &parser->token);
    if (!node || !kql_parse_next(parser) || !kql_parse_expect(parser, "(")) return NULL;
    node->type = DESK_KQL_DYNAMIC;
    node->is_null = kql_parse_is(parser, DESK_TEXT("null"));
    bool done = node->is_null ? kql_parse_next(parser) : false;
    if (!node->is_null && kql_parse_is(parser, DESK_TEXT("[")))
        done = kql_parse_next(parser) && parse_elements(parser, node, &json) && keep(parser, node, &json);
    else if (!node->is_null)
        kql_parse_unexpected(parser, "null or [");
    desk_buffer_release(&json);
    return done && kql_parse_expect(parser, ")") ? node : NULL;
}
