/* The specification's text form of a value: bare at the top, JSON inside arrays and maps. */
#include "value_text.h"

#include <math.h>

static void put_json(desk_buffer *buffer, const desk_value *value);

static void put_json_array(desk_buffer *buffer, desk_values values)
{
    desk_put_byte(buffer, '[');
    for (size_t i = 0; i < values.count; i++) {
        if (i) desk_put_byte(buffer, ',');
        put_json(buffer, &values.at[i]);
    }
    desk_put_byte(buffer, ']');
}

static void put_json_map(desk_buffer *buffer, desk_attributes map)
{
    desk_put_byte(buffer, '{');
    for (size_t i = 0; i < map.count; i++) {
        if (i) desk_put_byte(buffer, ',');
        desk_put_json_string(buffer, map.at[i].key);
        desk_put_byte(buffer, ':');
        put_json(buffer, &map.at[i].value);
    }
    desk_put_byte(buffer, '}');
}

static void put_quoted(desk_buffer *buffer, const desk_value *value)
{
    desk_put_byte(buffer, '"');
    desk_put_value_text(buffer, value);
    desk_put_byte(buffer, '"');
}

static void put_json(desk_buffer *buffer, const desk_value *value)
{
    bool special = value->kind == DESK_DOUBLE && !isfinite(value->as.number);
    if (value->kind == DESK_EMPTY)
        desk_put(buffer, DESK_TEXT("null"));
    else if (value->kind == DESK_STRING)
        desk_put_json_string(buffer, value->as.text);
    else if (value->kind == DESK_BYTES || special)
        put_quoted(buffer, value);
    else
        desk_put_value_text(buffer, value);
}

void desk_put_value_text(desk_buffer *buffer, const desk_value *value)
{
    switch (value->kind) {
    case DESK_EMPTY:
        break;
    case DESK_STRING:
        desk_put_utf8(buffer, value->as.text);
        break;
    case DESK_BOOL:
        desk_put(buffer, value->as.boolean ? DESK_TEXT("true") : DESK_TEXT("false"));
        break;
    case DESK_INT:
        desk_put_int(buffer, value->as.integer);
        break;
    case DESK_DOUBLE:
        desk_put_double(buffer, value->as.number);
        break;
    case DESK_BYTES:
        desk_put_base64(buffer, value->as.text);
        break;
    case DESK_ARRAY:
        put_json_array(buffer, value->as.array);
        break;
    case DESK_MAP:
        put_json_map(buffer, value->as.map);
        break;
    }
}
