/* ExceptionData: one row for a chain of exceptions, the outermost first. */
#include "track_item.h"

/* The frame where it was thrown: level 0, or without levels the first. */
static const otel__json *innermost_frame(const otel__json *exception)
{
    const otel__json *stack = desk_json_member(exception, "parsedStack"), *first = stack ? stack->first : NULL;
    if (!stack || stack->type != OTEL__JSON_ARRAY) return NULL;
    for (const otel__json *frame = first; frame; frame = frame->next) {
        int64_t level;
        if (otel__json_int64(otel__json_get(frame, "level"), &level) && level == 0) return frame;
    }
    return first;
}

static bool is_there(desk_track_reader *reader, const otel__json *exception, const char *name)
{
    desk_text text = desk_json_string(exception, name);
    return text.size || desk_track_missing(reader, name, "ExceptionDetails", "string");
}

static void put_member(desk_buffer *buffer, const char *before, const otel__json *value)
{
    desk_put(buffer, (desk_text){before, strlen(before)});
    if (value)
        desk_put_json(buffer, value);
    else
        desk_put(buffer, DESK_TEXT("\"\""));
}

/* With the members that the records of OTLP have, and the frames when there are any. */
static void put_details(desk_buffer *buffer, const otel__json *exception)
{
    const otel__json *id = desk_json_member(exception, "id"), *outer = desk_json_member(exception, "outerId");
    const otel__json *frames = desk_json_member(exception, "parsedStack");
    put_member(buffer, buffer->size ? ",{\"type\":" : "[{\"type\":", otel__json_get(exception, "typeName"));
    put_member(buffer, ",\"message\":", otel__json_get(exception, "message"));
    put_member(buffer, ",\"stack\":", desk_json_member(exception, "stack"));
    if (id) put_member(buffer, ",\"id\":", id);
    if (outer) put_member(buffer, ",\"outerId\":", outer);
    if (frames) put_member(buffer, ",\"parsedStack\":", frames);
    desk_put_byte(buffer, '}');
}

static void put_ends(const otel__json *outer, const otel__json *inner, desk_row *row)
{
    const otel__json *outer_frame = innermost_frame(outer), *inner_frame = innermost_frame(inner);
    desk_row_text(row, DESK_EXCEPTION_TYPE, desk_json_string(outer, "typeName"));
    desk_row_text(row, DESK_EXCEPTION_OUTER_TYPE, desk_json_string(outer, "typeName"));
    desk_row_text(row, DESK_EXCEPTION_OUTER_MESSAGE, desk_json_string(outer, "message"));
    desk_row_text(row, DESK_EXCEPTION_METHOD, desk_json_string(outer_frame, "method"));
    desk_row_text(row, DESK_EXCEPTION_ASSEMBLY, desk_json_string(outer_frame, "assembly"));
    desk_row_text(row, DESK_EXCEPTION_OUTER_METHOD, desk_json_string(outer_frame, "method"));
    desk_row_text(row, DESK_EXCEPTION_OUTER_ASSEMBLY, desk_json_string(outer_frame, "assembly"));
    desk_row_text(row, DESK_EXCEPTION_INNERMOST_TYPE, desk_json_string(inner, "typeName"));
    desk_row_text(row, DESK_EXCEPTION_INNERMOST_MESSAGE, desk_json_string(inner, "message"));
    desk_row_text(row, DESK_EXCEPTION_INNERMOST_METHOD, desk_json_string(inner_frame, "method"));
    desk_row_text(row, DESK_EXCEPTION_INNERMOST_ASSEMBLY, desk_json_string(inner_frame, "assembly"));
}

/* The sender's, else the type and where it was thrown. */
static void put_problem(desk_track_reader *reader, desk_row *row)
{
    desk_text problem = desk_json_string(reader->data, "problemId");
    desk_buffer *made = &reader->texts[DESK_TRACK_PROBLEM];
    if (problem.size == 0) {
        desk_put(made, row->cells[DESK_EXCEPTION_TYPE].as.text);
        desk_text method = row->cells[DESK_EXCEPTION_METHOD].as.text;
        if (method.size) desk_put(made, DESK_TEXT(" at "));
        desk_put(made, method);
        problem = desk_buffer_text(made);
    }
    desk_row_text(row, DESK_EXCEPTION_PROBLEM_ID, problem);
}

bool desk_track_exception(desk_track_reader *reader, desk_row *row)
{
    desk_buffer *details = &reader->texts[DESK_TRACK_DETAILS];
    const otel__json *list = desk_json_member(reader->data, "exceptions"), *inner = NULL;
    if (!list || list->type != OTEL__JSON_ARRAY || !list->first)
        return desk_track_missing(reader, "exceptions", "ExceptionData", "array");
    for (const otel__json *one = list->first; one; one = one->next) {
        if (!is_there(reader, one, "typeName") || !is_there(reader, one, "message")) return false;
        put_details(details, one);
        inner = one;
    }
    desk_put_byte(details, ']');
    put_ends(list->first, inner, row);
    put_problem(reader, row);
    desk_row_text(row, DESK_EXCEPTION_DETAILS, desk_buffer_text(details));
    desk_row_text(row, DESK_EXCEPTION_HANDLED_AT, desk_json_string(reader->data, "handledAt"));
    return desk_track_severity(reader, row, DESK_EXCEPTION_SEVERITY);
}
