/* MetricData: its first data point; the service keeps no other. */
#include "track_item.h"

static void put_number(desk_row *row, int column, const otel__json *point, const char *name, double otherwise)
{
    double value = otherwise;
    otel__json_double(desk_json_member(point, name), &value);
    desk_row_real(row, column, value);
}

bool desk_track_metric(desk_track_reader *reader, desk_row *row)
{
    const otel__json *metrics = desk_json_member(reader->data, "metrics");
    const otel__json *point = metrics && metrics->type == OTEL__JSON_ARRAY ? metrics->first : NULL;
    desk_text name = desk_json_string(point, "name");
    double value, count = 1;
    if (!point) return desk_track_missing(reader, "metrics", "MetricData", "array");
    if (name.size == 0) return desk_track_missing(reader, "name", "DataPoint", "string");
    if (!otel__json_double(desk_json_member(point, "value"), &value))
        return desk_track_missing(reader, "value", "DataPoint", "number");
    if (reader->rules.strict && point->next)
        return desk_fail(reader->failure, 400, "only the first data point of an item is kept: send one item for each");
    otel__json_double(desk_json_member(point, "count"), &count);
    desk_row_text(row, DESK_METRIC_NAME, name);
    desk_row_integer(row, DESK_METRIC_COUNT, count >= 1 && count < 9e18 ? (int64_t)count : 1);
    desk_row_real(row, DESK_METRIC_SUM, value);
    desk_row_real(row, DESK_METRIC_VALUE, value);
    put_number(row, DESK_METRIC_MIN, point, "min", value);
    put_number(row, DESK_METRIC_MAX, point, "max", value);
    return true;
}
