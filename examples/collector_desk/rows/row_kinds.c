/* The names of the attributes are Azure Monitor's. A result that lacks a part stays a log. */
#include "row_kinds.h"

#include <strings.h>

#include "row_context.h"
#include "../track/track_time.h"

static void put(desk_row *row, int column, otel__json_arena *arena, desk_text text, bool *failed)
{
    desk_text cleaned = desk_clean_text(arena, text);
    *failed |= text.at && !cleaned.at;
    desk_row_text(row, column, cleaned);
}

static desk_text take_text(desk_dimensions *dimensions, desk_text key)
{
    desk_text text = desk_dimensions_get_text(dimensions, key);
    desk_dimensions_remove(dimensions, key);
    return text;
}

static void keep_body(desk_dimensions *dimensions, desk_text body, desk_text told)
{
    if (body.size && !desk_text_is(body, told)) desk_dimensions_add_text(dimensions, DESK_TEXT("message"), body);
}

bool desk_row_is_event(desk_row *row, otel__json_arena *arena, desk_dimensions *dimensions, desk_text body,
                       bool *failed)
{
    static const desk_text key = DESK_TEXT_INIT("microsoft.custom_event.name");
    if (!desk_dimensions_get_text(dimensions, key).at) return false;
    desk_text name = take_text(dimensions, key);
    row->table = DESK_CUSTOM_EVENTS;
    put(row, DESK_EVENT_NAME, arena, name, failed);
    keep_body(dimensions, body, name);
    return true;
}

/* True or False; {NULL, 0} when it is neither. */
static desk_text success_of(const desk_dimensions *dimensions)
{
    const desk_value *value = desk_dimensions_get(dimensions, DESK_TEXT("microsoft.availability.success"));
    desk_text none = {NULL, 0};
    if (!value) return none;
    if (value->kind == DESK_BOOL) return value->as.boolean ? DESK_TEXT("True") : DESK_TEXT("False");
    if (value->kind != DESK_STRING) return none;
    desk_text text = value->as.text;
    if (text.size == 4 && strncasecmp(text.at, "true", 4) == 0) return DESK_TEXT("True");
    return text.size == 5 && strncasecmp(text.at, "false", 5) == 0 ? DESK_TEXT("False") : none;
}

static bool is_complete(const desk_dimensions *dimensions, double *duration)
{
    desk_text text = desk_dimensions_get_text(dimensions, DESK_TEXT("microsoft.availability.duration"));
    return text.at && desk_track_duration(text, duration) && success_of(dimensions).at &&
           desk_dimensions_get_text(dimensions, DESK_TEXT("microsoft.availability.id")).at &&
           desk_dimensions_get_text(dimensions, DESK_TEXT("microsoft.availability.name")).at;
}

bool desk_row_is_availability(desk_row *row, otel__json_arena *arena, desk_dimensions *dimensions, desk_text body,
                              bool *failed)
{
    double duration;
    if (!is_complete(dimensions, &duration)) return false;
    row->table = DESK_AVAILABILITY_RESULTS;
    desk_row_real(row, DESK_AVAILABILITY_DURATION, duration);
    desk_row_text(row, DESK_AVAILABILITY_SUCCESS, success_of(dimensions));
    desk_dimensions_remove(dimensions, DESK_TEXT("microsoft.availability.duration"));
    desk_dimensions_remove(dimensions, DESK_TEXT("microsoft.availability.success"));
    desk_text message = take_text(dimensions, DESK_TEXT("microsoft.availability.message"));
    if (!message.at) message = body;
    put(row, DESK_AVAILABILITY_ID, arena, take_text(dimensions, DESK_TEXT("microsoft.availability.id")), failed);
    put(row, DESK_AVAILABILITY_NAME, arena, take_text(dimensions, DESK_TEXT("microsoft.availability.name")), failed);
    put(row, DESK_AVAILABILITY_LOCATION, arena, take_text(dimensions, DESK_TEXT("microsoft.availability.runLocation")),
        failed);
    put(row, DESK_AVAILABILITY_MESSAGE, arena, message, failed);
    keep_body(dimensions, body, message);
    return true;
}
