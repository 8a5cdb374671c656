/* One list for all kinds of which a field is a column; exceptions and metrics are read elsewhere. */
#include "track_fields.h"

#include <stdlib.h>
#include <strings.h>

#include "track_time.h"

typedef enum form { TEXT, SEVERITY, DURATION, SUCCESS, NUMBER } form;

typedef struct field {
    const char *name;
    int column;
    form form;
    bool required;
} field;

enum { MOST_FIELDS = 8 };

typedef struct kind {
    const char *base_type;
    desk_table table;
    bool (*read)(desk_track_reader *reader, desk_row *row); /* instead of fields */
    field fields[MOST_FIELDS + 1];
} kind;

static const kind kinds[] = {
    {"MessageData",
     DESK_TRACES,
     NULL,
     {{"message", DESK_TRACE_MESSAGE, TEXT, true}, {"severityLevel", DESK_TRACE_SEVERITY, SEVERITY, false}}},
    {"ExceptionData", DESK_EXCEPTIONS, desk_track_exception, {{NULL, 0, TEXT, false}}},
    {"EventData", DESK_CUSTOM_EVENTS, NULL, {{"name", DESK_EVENT_NAME, TEXT, true}}},
    {"AvailabilityData",
     DESK_AVAILABILITY_RESULTS,
     NULL,
     {{"id", DESK_AVAILABILITY_ID, TEXT, true},
      {"name", DESK_AVAILABILITY_NAME, TEXT, true},
      {"runLocation", DESK_AVAILABILITY_LOCATION, TEXT, false},
      {"success", DESK_AVAILABILITY_SUCCESS, SUCCESS, true},
      {"message", DESK_AVAILABILITY_MESSAGE, TEXT, false},
      {"duration", DESK_AVAILABILITY_DURATION, DURATION, true},
      {"size", DESK_AVAILABILITY_SIZE, NUMBER, false}}},
    {"RequestData",
     DESK_REQUESTS,
     NULL,
     {{"id", DESK_REQUEST_ID, TEXT, true},
      {"source", DESK_REQUEST_SOURCE, TEXT, false},
      {"name", DESK_REQUEST_NAME, TEXT, false},
      {"url", DESK_REQUEST_URL, TEXT, false},
      {"success", DESK_REQUEST_SUCCESS, SUCCESS, true},
      {"responseCode", DESK_REQUEST_RESULT_CODE, TEXT, true},
      {"duration", DESK_REQUEST_DURATION, DURATION, true}}},
    {"RemoteDependencyData",
     DESK_DEPENDENCIES,
     NULL,
     {{"id", DESK_DEPENDENCY_ID, TEXT, false},
      {"target", DESK_DEPENDENCY_TARGET, TEXT, false},
      {"type", DESK_DEPENDENCY_TYPE, TEXT, false},
      {"name", DESK_DEPENDENCY_NAME, TEXT, true},
      {"data", DESK_DEPENDENCY_DATA, TEXT, false},
      {"success", DESK_DEPENDENCY_SUCCESS, SUCCESS, false},
      {"resultCode", DESK_DEPENDENCY_RESULT_CODE, TEXT, false},
      {"duration", DESK_DEPENDENCY_DURATION, DURATION, false}}},
    {"MetricData", DESK_CUSTOM_METRICS, desk_track_metric, {{NULL, 0, TEXT, false}}},
    {"PageViewData",
     DESK_PAGE_VIEWS,
     NULL,
     {{"id", DESK_PAGE_VIEW_ID, TEXT, false},
      {"name", DESK_PAGE_VIEW_NAME, TEXT, true},
      {"url", DESK_PAGE_VIEW_URL, TEXT, false},
      {"duration", DESK_PAGE_VIEW_DURATION, DURATION, false}}},
};

static bool wrong(desk_track_reader *reader, const char *field_name, const char *expected)
{
    return desk_fail(reader->failure, 400, "Field '%s' is no %s", field_name, expected);
}

bool desk_track_severity(desk_track_reader *reader, desk_row *row, int column)
{
    static const char *const names[] = {"Verbose", "Information", "Warning", "Error", "Critical"};
    const otel__json *level = desk_json_member(reader->data, "severityLevel");
    int64_t number;
    if (!level) return true;
    if (otel__json_int64(level, &number)) {
        desk_row_integer(row, column, number);
        return !reader->rules.strict || (number >= 0 && number <= 4) || wrong(reader, "severityLevel", "level: 0 to 4");
    }
    desk_text name = desk_track_text(reader, level);
    for (int i = 0; i < 5; i++) {
        if (name.size != strlen(names[i]) || strncasecmp(name.at, names[i], name.size) != 0) continue;
        desk_row_integer(row, column, i);
        return true;
    }
    return wrong(reader, "severityLevel", "level: 0 to 4, or Verbose, Information, Warning, Error, Critical");
}

static bool read_success(desk_track_reader *reader, desk_row *row, const field *f, const otel__json *value)
{
    desk_text text = desk_track_text(reader, value);
    bool is_true = text.size == 4 && strncasecmp(text.at, "true", 4) == 0;
    if (!is_true && (text.size != 5 || strncasecmp(text.at, "false", 5) != 0)) return wrong(reader, f->name, "boolean");
    desk_row_text(row, f->column, is_true ? DESK_TEXT("True") : DESK_TEXT("False"));
    return true;
}

static bool read_field(desk_track_reader *reader, desk_row *row, const field *f, const otel__json *value)
{
    double number;
    switch (f->form) {
    case SUCCESS:
        return read_success(reader, row, f, value);
    case DURATION:
        if (!desk_track_duration(desk_track_text(reader, value), &number)) return wrong(reader, f->name, "duration");
        desk_row_real(row, f->column, number);
        return true;
    case NUMBER:
        if (!otel__json_double(value, &number)) return wrong(reader, f->name, "number");
        desk_row_real(row, f->column, number);
        return true;
    case SEVERITY:
        return desk_track_severity(reader, row, f->column);
    case TEXT:
        break;
    }
    desk_row_text(row, f->column, desk_track_text(reader, value));
    return true;
}

static bool is_empty(const otel__json *value)
{
    return !value || (value->type == OTEL__JSON_STRING && value->size == 0);
}

static bool read_fields(desk_track_reader *reader, const kind *k, desk_row *row)
{
    for (const field *f = k->fields; f->name; f++) {
        const otel__json *value = desk_json_member(reader->data, f->name);
        if (f->required && is_empty(value)) return desk_track_missing(reader, f->name, k->base_type, "string");
        if (value && !read_field(reader, row, f, value)) return false;
    }
    return true;
}

/* What the service puts where nothing was said. */
static void fill_defaults(desk_row *row)
{
    if (row->table == DESK_TRACES) desk_row_integer(row, DESK_TRACE_SEVERITY, 0);
    if (row->table == DESK_DEPENDENCIES) desk_row_text(row, DESK_DEPENDENCY_SUCCESS, DESK_TEXT("True"));
}

bool desk_track_fields(desk_track_reader *reader, desk_text base_type, desk_row *row)
{
    if (base_type.size == 0) return desk_track_missing(reader, "baseType", "Data", "string");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const kind *k = &kinds[i];
        if (base_type.size != strlen(k->base_type) || memcmp(base_type.at, k->base_type, base_type.size) != 0) continue;
        row->table = k->table;
        fill_defaults(row);
        return k->read ? k->read(reader, row) : read_fields(reader, k, row);
    }
    return desk_fail(reader->failure, 400, "the desk has no table for items of baseType %.*s",
                     (int)(base_type.size < 64 ? base_type.size : 64), base_type.at);
}
