/* The numbers go into one JSON object, in their order. */
#include "row_measurements.h"

#include <math.h>

#include "../track/track_json.h"
#include "value_text.h"

static void put_key(desk_buffer *out, desk_text key)
{
    desk_put_byte(out, out->size ? ',' : '{');
    desk_put_json_string(out, key);
    desk_put_byte(out, ':');
}

/* Both are true when there was nothing else. */
static bool put_map(desk_buffer *out, desk_attributes map)
{
    bool all = true;
    for (size_t i = 0; i < map.count; i++) {
        const desk_value *value = &map.at[i].value;
        bool is_number = value->kind == DESK_INT || (value->kind == DESK_DOUBLE && isfinite(value->as.number));
        all &= is_number;
        if (!is_number) continue;
        put_key(out, map.at[i].key);
        desk_put_value_text(out, value);
    }
    return all;
}

static bool put_object(desk_buffer *out, otel__json_arena *arena, desk_text text)
{
    bool all = true;
    const otel__json *object = otel__json_read(arena, text.at, text.size, NULL);
    if (!object || object->type != OTEL__JSON_OBJECT) return false;
    for (const otel__json *member = object->first; member; member = member->next) {
        double number;
        bool is_number = otel__json_double(member, &number) && isfinite(number);
        all &= is_number;
        if (!is_number) continue;
        put_key(out, desk_json_key(member));
        desk_put_json(out, member);
    }
    return all;
}

void desk_row_measurements(desk_row *row, desk_buffer *out, otel__json_arena *arena, desk_dimensions *dimensions)
{
    static const desk_text key = DESK_TEXT_INIT("microsoft.custom_measurements");
    const desk_value *value = desk_dimensions_get(dimensions, key);
    bool all = false;
    desk_buffer_clear(out);
    if (!value) return;
    if (value->kind == DESK_MAP) all = put_map(out, value->as.map);
    if (value->kind == DESK_STRING && value->as.text.size) all = put_object(out, arena, value->as.text);
    if (all) desk_dimensions_remove(dimensions, key);
    if (out->size == 0) return;
    desk_put_byte(out, '}');
    desk_row_text(row, DESK_CUSTOM_MEASUREMENTS, desk_buffer_text(out));
}
