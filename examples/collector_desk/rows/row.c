/* The columns of a row, one small function a column. */
#include "row.h"

#include <string.h>
#include <time.h>

#include "level.h"
#include "role.h"
#include "row_context.h"
#include "row_kinds.h"
#include "row_measurements.h"
#include "row_time.h"
#include "value_text.h"

enum { BUILT_IN_DIMENSIONS = 16 };

/* What an exception record says of itself; all absent: an ordinary record. */
typedef struct exception {
    desk_text type, message, stack;
} exception;

static uint64_t now_unix_nano(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static desk_text timestamp_of(desk_row_writer *writer, const desk_record *record)
{
    uint64_t time = record->time_unix_nano ? record->time_unix_nano : record->observed_unix_nano;
    return desk_timestamp(time ? time : now_unix_nano(), writer->timestamp);
}

static desk_text hex_id(const uint8_t *id, size_t size, char *room)
{
    static const char hex[] = "0123456789abcdef";
    uint8_t any = 0;
    for (size_t i = 0; i < size; i++) {
        any |= id[i];
        room[2 * i] = hex[id[i] >> 4];
        room[2 * i + 1] = hex[id[i] & 15];
    }
    return any ? (desk_text){room, 2 * size} : (desk_text){NULL, 0};
}

/* The text itself when it is clean, a cleaned copy otherwise. */
static desk_text clean(desk_buffer *buffer, desk_text text)
{
    if (!text.at) return text;
    desk_buffer_clear(buffer);
    desk_put_utf8(buffer, text);
    return desk_buffer_text(buffer);
}

static desk_text body_text(desk_row_writer *writer, const desk_record *record)
{
    desk_buffer_clear(&writer->body);
    desk_put_value_text(&writer->body, &record->body);
    return desk_buffer_text(&writer->body);
}

static desk_text decimal(uint64_t value, char room[24])
{
    char *at = room + 24;
    do *--at = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    return (desk_text){at, (size_t)(room + 24 - at)};
}

static exception take_exception(desk_dimensions *dimensions)
{
    exception found = {desk_dimensions_get_text(dimensions, DESK_TEXT("exception.type")),
                       desk_dimensions_get_text(dimensions, DESK_TEXT("exception.message")),
                       desk_dimensions_get_text(dimensions, DESK_TEXT("exception.stacktrace"))};
    if (!found.type.at && !found.message.at) return (exception){0};
    desk_dimensions_remove(dimensions, DESK_TEXT("exception.type"));
    desk_dimensions_remove(dimensions, DESK_TEXT("exception.message"));
    desk_dimensions_remove(dimensions, DESK_TEXT("exception.stacktrace"));
    return found;
}

/* `level` is what the first exporters wrote, `Level` what people type: both find the record. */
static void add_level(desk_dimensions *dimensions, const desk_record *record)
{
    desk_text name = desk_level_name(record->severity), text = record->severity_text;
    if (name.at && text.size && !desk_level_is_told(record->severity, text))
        desk_dimensions_add_text(dimensions, DESK_TEXT("severity_text"), text);
    if (!name.at) name = text;
    if (!name.size) return;
    desk_dimensions_add_text(dimensions, DESK_TEXT("level"), name);
    desk_dimensions_add_text(dimensions, DESK_TEXT("Level"), name);
}

/* "train" of "/app/pipeline/train.c". */
static desk_text module_of(desk_text path)
{
    const char *end = path.at + path.size, *start = end;
    while (start > path.at && start[-1] != '/' && start[-1] != '\\') start--;
    const char *dot = end;
    while (dot > start && *--dot != '.') {}
    if (dot > start) end = dot;
    return (desk_text){start, (size_t)(end - start)};
}

static void add_code(desk_dimensions *dimensions)
{
    desk_text file = desk_dimensions_get_text(dimensions, DESK_TEXT("code.file.path"));
    if (!file.at) file = desk_dimensions_get_text(dimensions, DESK_TEXT("code.filepath"));
    if (file.at) {
        desk_dimensions_add_text(dimensions, DESK_TEXT("fileName"), file);
        desk_dimensions_add_text(dimensions, DESK_TEXT("module"), module_of(file));
    }
    const desk_value *line = desk_dimensions_get(dimensions, DESK_TEXT("code.line.number"));
    if (!line) line = desk_dimensions_get(dimensions, DESK_TEXT("code.lineno"));
    if (!line) return;
    desk_attribute attribute = {DESK_TEXT("lineNumber"), *line};
    desk_dimensions_add(dimensions, &attribute);
}

static void add_process(desk_dimensions *dimensions, const desk_origin *origin)
{
    desk_text program = desk_dimensions_get_text(dimensions, DESK_TEXT("process.executable.name"));
    if (!program.at) program = desk_attributes_text(origin->resource, DESK_TEXT("process.executable.name"));
    if (program.at) desk_dimensions_add_text(dimensions, DESK_TEXT("process"), program);
}

static void add_unless_empty(desk_dimensions *dimensions, desk_text key, desk_text text)
{
    if (text.size) desk_dimensions_add_text(dimensions, key, text);
}

static void add_scope(desk_dimensions *dimensions, const desk_origin *origin)
{
    add_unless_empty(dimensions, DESK_TEXT("logger_name"), origin->scope_name);
    add_unless_empty(dimensions, DESK_TEXT("otel.scope.name"), origin->scope_name);
    add_unless_empty(dimensions, DESK_TEXT("otel.scope.version"), origin->scope_version);
}

static void add_built_in(desk_row_writer *writer, desk_dimensions *dimensions, const desk_origin *origin,
                         const desk_record *record)
{
    add_level(dimensions, record);
    add_code(dimensions);
    add_process(dimensions, origin);
    add_scope(dimensions, origin);
    add_unless_empty(dimensions, DESK_TEXT("otel.event.name"), record->event_name);
    if (record->dropped_attributes == 0) return;
    desk_text dropped = decimal(record->dropped_attributes, writer->dropped);
    desk_dimensions_add_text(dimensions, DESK_TEXT("otel.dropped_attributes_count"), dropped);
}

static void add_origin(desk_dimensions *dimensions, const desk_origin *origin)
{
    for (size_t i = 0; i < origin->scope.count; i++) desk_dimensions_add(dimensions, &origin->scope.at[i]);
    for (size_t i = 0; i < origin->resource.count; i++) {
        const desk_attribute *attribute = &origin->resource.at[i];
        if (!desk_role_attribute_is_told(origin, attribute)) desk_dimensions_add(dimensions, attribute);
    }
}

static void put_details(desk_buffer *buffer, const exception *e)
{
    desk_put(buffer, DESK_TEXT("[{\"type\":"));
    desk_put_json_string(buffer, e->type);
    desk_put(buffer, DESK_TEXT(",\"message\":"));
    desk_put_json_string(buffer, e->message);
    desk_put(buffer, DESK_TEXT(",\"stack\":"));
    desk_put_json_string(buffer, e->stack);
    desk_put(buffer, DESK_TEXT("}]"));
}

/* The portal groups exceptions by problemId: the type, and where it was thrown when that is known. */
static void put_problem(desk_buffer *buffer, const desk_dimensions *dimensions, desk_text type)
{
    desk_text function = desk_dimensions_get_text(dimensions, DESK_TEXT("code.function.name"));
    if (!function.at) function = desk_dimensions_get_text(dimensions, DESK_TEXT("code.function"));
    desk_put_utf8(buffer, type);
    if (!function.at) return;
    desk_put(buffer, DESK_TEXT(" at "));
    desk_put_utf8(buffer, function);
}

static void write_exception(desk_row_writer *writer, desk_dimensions *dimensions, exception e, int severity,
                            desk_row *row)
{
    desk_text body = desk_buffer_text(&writer->body);
    if (!e.message.at) e.message = body.size ? body : e.type;
    if (!e.type.at) e.type = DESK_TEXT("Exception");
    if (body.size && !desk_text_is(body, e.message)) desk_dimensions_add_text(dimensions, DESK_TEXT("message"), body);
    desk_buffer_clear(&writer->details);
    put_details(&writer->details, &e);
    desk_buffer_clear(&writer->problem);
    put_problem(&writer->problem, dimensions, e.type);
    desk_text message = clean(&writer->clean, e.message), type = clean(&writer->type, e.type);
    row->table = DESK_EXCEPTIONS;
    desk_row_text(row, DESK_EXCEPTION_OUTER_MESSAGE, message);
    desk_row_text(row, DESK_EXCEPTION_INNERMOST_MESSAGE, message);
    desk_row_text(row, DESK_EXCEPTION_TYPE, type);
    desk_row_text(row, DESK_EXCEPTION_OUTER_TYPE, type);
    desk_row_text(row, DESK_EXCEPTION_INNERMOST_TYPE, type);
    desk_row_text(row, DESK_EXCEPTION_DETAILS, desk_buffer_text(&writer->details));
    desk_row_text(row, DESK_EXCEPTION_PROBLEM_ID, desk_buffer_text(&writer->problem));
    desk_row_integer(row, DESK_EXCEPTION_SEVERITY, severity);
}

static void write_trace(desk_row_writer *writer, const desk_record *record, int severity, desk_row *row)
{
    desk_text message = desk_buffer_text(&writer->body);
    if (message.size == 0 && record->event_name.size) message = clean(&writer->clean, record->event_name);
    if (message.size == 0) message = DESK_TEXT("n/a");
    row->table = DESK_TRACES;
    desk_row_text(row, DESK_TRACE_MESSAGE, message);
    desk_row_integer(row, DESK_TRACE_SEVERITY, severity);
}

static bool complete(const desk_row_writer *w)
{
    return !(w->body.failed || w->clean.failed || w->problem.failed || w->type.failed || w->details.failed ||
             w->dimensions.failed || w->measurements.failed || w->name.failed || w->instance.failed ||
             w->scratch.failed);
}

static bool open_dimensions(desk_dimensions *dimensions, otel__json_arena *arena, const desk_origin *origin,
                            const desk_record *record)
{
    size_t room = record->attributes.count + BUILT_IN_DIMENSIONS + origin->scope.count + origin->resource.count;
    if (!desk_dimensions_open(dimensions, arena, room)) return false;
    for (size_t i = 0; i < record->attributes.count; i++) desk_dimensions_set(dimensions, &record->attributes.at[i]);
    return true;
}

static void write_origin(desk_row_writer *writer, const desk_origin *origin, const desk_record *record, desk_row *row)
{
    desk_row_text(row, DESK_TIMESTAMP, timestamp_of(writer, record));
    desk_row_text(row, DESK_OPERATION_ID, hex_id(record->trace_id, sizeof record->trace_id, writer->operation_id));
    desk_row_text(row, DESK_OPERATION_PARENT_ID,
                  hex_id(record->span_id, sizeof record->span_id, writer->operation_parent_id));
    desk_row_text(row, DESK_CLOUD_ROLE_NAME, clean(&writer->name, origin->role_name));
    desk_row_text(row, DESK_CLOUD_ROLE_INSTANCE, clean(&writer->instance, origin->role_instance));
}

/* False: out of memory. */
static bool write_kind(desk_row_writer *writer, otel__json_arena *arena, desk_dimensions *dimensions,
                       const desk_record *record, exception e, desk_row *row)
{
    bool failed = false;
    desk_text body = desk_buffer_text(&writer->body);
    int severity = desk_severity_level(record->severity);
    if (e.type.at || e.message.at)
        write_exception(writer, dimensions, e, severity, row);
    else if (!desk_row_is_event(row, arena, dimensions, body, &failed) &&
             !desk_row_is_availability(row, arena, dimensions, body, &failed))
        write_trace(writer, record, severity, row);
    return !failed;
}

bool desk_row_write(desk_row_writer *writer, otel__json_arena *arena, const desk_origin *origin,
                    const desk_record *record, desk_row *row)
{
    desk_dimensions dimensions;
    if (!open_dimensions(&dimensions, arena, origin, record)) return false;
    *row = (desk_row){0};
    write_origin(writer, origin, record, row);
    if (!desk_row_context(row, arena, origin, &dimensions)) return false;
    body_text(writer, record);
    desk_row_measurements(row, &writer->measurements, arena, &dimensions);
    exception e = take_exception(&dimensions);
    add_built_in(writer, &dimensions, origin, record);
    if (!write_kind(writer, arena, &dimensions, record, e, row)) return false;
    add_origin(&dimensions, origin);
    desk_buffer_clear(&writer->dimensions);
    desk_dimensions_write(&dimensions, &writer->dimensions, &writer->scratch);
    desk_row_text(row, DESK_ITEM_TYPE, desk_item_type(row->table));
    desk_row_text(row, DESK_CUSTOM_DIMENSIONS, desk_buffer_text(&writer->dimensions));
    return complete(writer);
}

void desk_row_writer_trim(desk_row_writer *w, size_t keep)
{
    desk_buffer *all[] = {&w->body,       &w->clean,        &w->problem, &w->type,     &w->details,
                          &w->dimensions, &w->measurements, &w->name,    &w->instance, &w->scratch};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) desk_buffer_trim(all[i], keep);
}
