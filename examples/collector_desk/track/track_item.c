/* The envelope: when, who, which kind, and the two objects that every kind has. */
#include "track_item.h"

#include <strings.h>
#include <time.h>

#include "../rows/row_context.h"
#include "../rows/row_time.h"
#include "track_clean.h"
#include "track_fields.h"
#include "track_time.h"

#define MS ((uint64_t)1000000)
static const uint64_t oldest_ms = 172800000, newest_ms = 7200000;

void desk_track_reader_open(desk_track_reader *reader, size_t limit_bytes)
{
    otel__json_arena_init(&reader->arena, limit_bytes);
}

bool desk_track_missing(desk_track_reader *reader, const char *name, const char *type, const char *expected)
{
    return desk_fail(reader->failure, 400,
                     "109: Field '%s' on type '%s' is required but missing or empty. Expected: %s, Actual: undefined",
                     name, type, expected);
}

desk_text desk_track_text(desk_track_reader *reader, const otel__json *value)
{
    return desk_json_text(&reader->arena, &reader->texts[DESK_TRACK_SCRATCH], value);
}

static uint64_t now_unix_nano(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static bool check_age(desk_track_reader *reader, uint64_t time, uint64_t now)
{
    if (time < now && now - time > oldest_ms * MS)
        return desk_fail(reader->failure, 400,
                         "103: Field 'time' on type 'Envelope' is older than the allowed min date. "
                         "Expected: now - %llums, Actual: now - %llums",
                         (unsigned long long)oldest_ms, (unsigned long long)((now - time) / MS));
    if (time > now && time - now > newest_ms * MS)
        return desk_fail(reader->failure, 400,
                         "103: Field 'time' on type 'Envelope' is newer than the allowed max date. "
                         "Expected: now + %llums, Actual: now + %llums",
                         (unsigned long long)newest_ms, (unsigned long long)((time - now) / MS));
    return true;
}

static bool read_time(desk_track_reader *reader, const otel__json *item, desk_row *row)
{
    uint64_t time;
    desk_text text = desk_json_string(item, "time");
    if (text.size == 0) return desk_track_missing(reader, "time", "Envelope", "timestamp");
    if (!desk_track_time(text, &time))
        return desk_fail(reader->failure, 400, "103: Field 'time' on type 'Envelope' is no timestamp: %.*s",
                         (int)(text.size < 64 ? text.size : 64), text.at);
    if (!reader->rules.any_age && !check_age(reader, time, now_unix_nano())) return false;
    desk_row_text(row, DESK_TIMESTAMP, desk_timestamp(time, reader->timestamp));
    return true;
}

static bool read_key(desk_track_reader *reader, const otel__json *item, desk_row *row)
{
    desk_text key = desk_json_string(item, "iKey");
    const char *known = reader->rules.ikey;
    if (key.at) desk_row_text(row, DESK_IKEY, key);
    if (!known || (key.size == strlen(known) && strncasecmp(key.at, known, key.size) == 0)) return true;
    reader->unknown_key = true;
    return desk_fail(reader->failure, 400, "Invalid instrumentation key");
}

/* A column that no tag of the item fills stays NULL; a tag without a column is not kept, as in the service. */
static const struct tag {
    const char *name;
    int column;
} tag_columns[] = {
    {"ai.cloud.role", DESK_CLOUD_ROLE_NAME},
    {"ai.cloud.roleInstance", DESK_CLOUD_ROLE_INSTANCE},
    {"ai.application.ver", DESK_APPLICATION_VERSION},
    {"ai.internal.sdkVersion", DESK_SDK_VERSION},
    {"ai.operation.id", DESK_OPERATION_ID},
    {"ai.operation.parentId", DESK_OPERATION_PARENT_ID},
    {"ai.operation.name", DESK_OPERATION_NAME},
    {"ai.operation.syntheticSource", DESK_OPERATION_SYNTHETIC_SOURCE},
    {"ai.session.id", DESK_SESSION_ID},
    {"ai.user.id", DESK_USER_ID},
    {"ai.user.authUserId", DESK_USER_AUTHENTICATED_ID},
    {"ai.user.accountId", DESK_USER_ACCOUNT_ID},
    {"ai.user.userAgent", DESK_CLIENT_BROWSER},
    {"ai.location.ip", DESK_CLIENT_IP},
    {"ai.location.city", DESK_CLIENT_CITY},
    {"ai.location.province", DESK_CLIENT_STATE},
    {"ai.location.country", DESK_CLIENT_COUNTRY},
    {"ai.device.model", DESK_CLIENT_MODEL},
    {"ai.device.osVersion", DESK_CLIENT_OS},
    {"ai.device.type", DESK_CLIENT_TYPE},
};

static void read_tags(desk_track_reader *reader, desk_row *row)
{
    desk_row_text(row, DESK_CLIENT_TYPE, DESK_TEXT("PC"));
    for (size_t i = 0; i < sizeof tag_columns / sizeof *tag_columns; i++) {
        desk_text text = desk_track_text(reader, desk_json_member(reader->tags, tag_columns[i].name));
        if (text.size) desk_row_text(row, tag_columns[i].column, text);
    }
}

static void add_property(desk_track_reader *reader, desk_dimensions *dimensions, const otel__json *member)
{
    desk_text text = desk_track_text(reader, member);
    desk_attribute attribute = {desk_json_key(member), {DESK_STRING, {.text = text.at ? text : DESK_TEXT("")}}};
    desk_dimensions_set(dimensions, &attribute);
}

static bool read_properties(desk_track_reader *reader, desk_row *row)
{
    desk_dimensions dimensions;
    const otel__json *properties = desk_json_member(reader->data, "properties");
    bool is_object = properties && properties->type == OTEL__JSON_OBJECT;
    if (properties && !is_object) return desk_fail(reader->failure, 400, "properties must be an object");
    if (!desk_dimensions_open(&dimensions, &reader->arena, is_object ? properties->size + 1 : 1))
        return desk_fail(reader->failure, 413, "the item needs more memory than is allowed");
    for (const otel__json *member = is_object ? properties->first : NULL; member; member = member->next)
        add_property(reader, &dimensions, member);
    desk_dimensions_write(&dimensions, &reader->texts[DESK_TRACK_DIMENSIONS], &reader->texts[DESK_TRACK_SCRATCH]);
    desk_row_text(row, DESK_CUSTOM_DIMENSIONS, desk_buffer_text(&reader->texts[DESK_TRACK_DIMENSIONS]));
    return true;
}

static bool put_measurement(desk_track_reader *reader, const otel__json *member)
{
    desk_buffer *out = &reader->texts[DESK_TRACK_MEASUREMENTS];
    desk_text key = desk_json_key(member);
    if (member->type == OTEL__JSON_NULL) return true;
    if (member->type != OTEL__JSON_NUMBER)
        return desk_fail(reader->failure, 400, "measurements must be numbers: %.*s is none",
                         (int)(key.size < 64 ? key.size : 64), key.at);
    desk_put_byte(out, out->size ? ',' : '{');
    desk_put_json_string(out, key);
    desk_put_byte(out, ':');
    desk_put_json(out, member);
    return true;
}

static bool read_measurements(desk_track_reader *reader, desk_row *row)
{
    desk_buffer *out = &reader->texts[DESK_TRACK_MEASUREMENTS];
    const otel__json *measurements = desk_json_member(reader->data, "measurements");
    if (!measurements) return true;
    if (measurements->type != OTEL__JSON_OBJECT)
        return desk_fail(reader->failure, 400, "measurements must be an object");
    for (const otel__json *member = measurements->first; member; member = member->next) {
        if (!put_measurement(reader, member)) return false;
    }
    if (out->size == 0) return true;
    desk_put_byte(out, '}');
    desk_row_text(row, DESK_CUSTOM_MEASUREMENTS, desk_buffer_text(out));
    return true;
}

static bool read_data(desk_track_reader *reader, const otel__json *item, desk_row *row)
{
    const otel__json *data = desk_json_member(item, "data");
    reader->data = desk_json_member(data, "baseData");
    reader->tags = desk_json_member(item, "tags");
    if (reader->tags && reader->tags->type != OTEL__JSON_OBJECT)
        return desk_fail(reader->failure, 400, "tags must be an object");
    if (!reader->data || reader->data->type != OTEL__JSON_OBJECT)
        return desk_track_missing(reader, "baseData", "Data", "object");
    return desk_track_fields(reader, desk_json_string(data, "baseType"), row);
}

static bool read_envelope(desk_track_reader *reader, const otel__json *item, desk_row *row)
{
    double rate = 100;
    otel__json_double(desk_json_member(item, "sampleRate"), &rate);
    desk_row_integer(row, DESK_ITEM_COUNT, desk_item_count(rate));
    if (!read_key(reader, item, row) || !read_time(reader, item, row) || !read_data(reader, item, row)) return false;
    desk_row_text(row, DESK_ITEM_TYPE, desk_item_type(row->table));
    read_tags(reader, row);
    return read_properties(reader, row) && read_measurements(reader, row);
}

static const otel__json *parse(desk_track_reader *reader, desk_text item)
{
    otel__json_error error = {0, ""};
    const otel__json *root = otel__json_read(&reader->arena, item.at, item.size, &error);
    if (!root && !reader->rules.strict) {
        desk_put_clean_json(&reader->texts[DESK_TRACK_CLEAN], item);
        item = desk_buffer_text(&reader->texts[DESK_TRACK_CLEAN]);
        root = otel__json_read(&reader->arena, item.at, item.size, &error);
    }
    if (!root) desk_fail(reader->failure, 400, "the item is no JSON: %s (byte %zu)", error.words, error.offset);
    if (!root || root->type == OTEL__JSON_OBJECT) return root;
    desk_fail(reader->failure, 400, "an item must be an object");
    return NULL;
}

void desk_track_reader_trim(desk_track_reader *reader, size_t keep)
{
    for (int i = 0; i < DESK_TRACK_TEXTS; i++) desk_buffer_trim(&reader->texts[i], keep);
    otel__json_arena_reset(&reader->arena);
    if (keep == 0) otel__json_arena_release(&reader->arena);
}

static void begin(desk_track_reader *reader, desk_failure *failure)
{
    for (int i = 0; i < DESK_TRACK_TEXTS; i++) desk_buffer_clear(&reader->texts[i]);
    otel__json_arena_reset(&reader->arena);
    reader->failure = failure;
    reader->unknown_key = false;
}

static bool complete(desk_track_reader *reader)
{
    bool failed = false;
    for (int i = 0; i < DESK_TRACK_TEXTS; i++) failed |= reader->texts[i].failed;
    return !failed || desk_fail(reader->failure, 503, "out of memory");
}

bool desk_track_item_read(desk_track_reader *reader, desk_text item, desk_row *row, desk_failure *failure)
{
    begin(reader, failure);
    *row = (desk_row){0};
    if (item.size > DESK_TRACK_ITEM_BYTES)
        return desk_fail(failure, 400, "Telemetry item length must not exceed %d", DESK_TRACK_ITEM_BYTES);
    const otel__json *root = parse(reader, item);
    if (!root || (reader->rules.strict && !desk_track_is_careful(reader, root))) return false;
    return read_envelope(reader, root, row) && complete(reader);
}
