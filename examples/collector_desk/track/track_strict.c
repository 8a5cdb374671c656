/* --strict: what the service may swallow and a careful sender never sends. Each is refused in words. */
#include "track_item.h"

enum { SHOWN_BYTES = 64 };

static bool refuse(desk_track_reader *reader, const char *what, desk_text where)
{
    return desk_fail(reader->failure, 400, "strict: %s: %.*s", what,
                     (int)(where.size < SHOWN_BYTES ? where.size : SHOWN_BYTES), where.at ? where.at : "");
}

static bool keys_differ(desk_track_reader *reader, const otel__json *object)
{
    desk_dimensions seen;
    if (!desk_dimensions_open(&seen, &reader->arena, object->size + 1))
        return refuse(reader, "out of memory", DESK_TEXT(""));
    for (const otel__json *member = object->first; member; member = member->next) {
        desk_text key = desk_json_key(member);
        if (key.size == 0) return refuse(reader, "an empty key", DESK_TEXT("\"\""));
        if (desk_dimensions_get(&seen, key)) return refuse(reader, "a key that is there twice", key);
        desk_dimensions_add_text(&seen, key, DESK_TEXT(""));
    }
    return true;
}

/* Goes no deeper than the reader did. */
static bool is_sound(desk_track_reader *reader, const otel__json *value)
{
    if (value->type == OTEL__JSON_NULL) return refuse(reader, "a null value", desk_json_key(value));
    if (value->type == OTEL__JSON_OBJECT && !keys_differ(reader, value)) return false;
    if (value->type != OTEL__JSON_OBJECT && value->type != OTEL__JSON_ARRAY) return true;
    for (const otel__json *child = value->first; child; child = child->next) {
        if (!is_sound(reader, child)) return false;
    }
    return true;
}

/* How many UTF-16 units each tag may have. */
static const struct limit {
    const char *name;
    size_t units;
} limits[] = {
    {"ai.cloud.role", 256},
    {"ai.cloud.roleInstance", 256},
    {"ai.cloud.roleVer", 256},
    {"ai.cloud.location", 256},
    {"ai.application.ver", 1024},
    {"ai.internal.sdkVersion", 64},
    {"ai.internal.agentVersion", 64},
    {"ai.internal.nodeName", 256},
    {"ai.operation.id", 128},
    {"ai.operation.parentId", 128},
    {"ai.operation.name", 1024},
    {"ai.operation.syntheticSource", 1024},
    {"ai.operation.correlationVector", 64},
    {"ai.session.id", 64},
    {"ai.session.isFirst", 5},
    {"ai.user.id", 128},
    {"ai.user.authUserId", 1024},
    {"ai.user.accountId", 1024},
    {"ai.location.ip", 46},
    {"ai.location.country", 256},
    {"ai.location.province", 256},
    {"ai.location.city", 256},
    {"ai.device.id", 1024},
    {"ai.device.locale", 64},
    {"ai.device.model", 256},
    {"ai.device.oemName", 256},
    {"ai.device.osVersion", 256},
    {"ai.device.type", 64},
};

/* Characters of four bytes are two units, all others one. */
static size_t utf16_units(desk_text text)
{
    size_t units = 0;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        if ((byte & 0xC0) != 0x80) units += byte >= 0xF0 ? 2 : 1;
    }
    return units;
}

static bool fits(const otel__json *tag, desk_text value)
{
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        if (otel__json_key_is(tag, limits[i].name)) return utf16_units(value) <= limits[i].units;
    }
    return true;
}

/* "000", and "|000.000." as older senders write it; an id of other digits is one. */
static bool is_all_zero(desk_text id)
{
    bool any = false;
    for (size_t i = 0; i < id.size; i++) {
        if (id.at[i] != '0' && id.at[i] != '|' && id.at[i] != '.') return false;
        any |= id.at[i] == '0';
    }
    return any;
}

static bool is_good_tag(desk_track_reader *reader, const otel__json *tag)
{
    desk_text key = desk_json_key(tag), value = {tag->text, tag->size};
    bool is_id = otel__json_key_is(tag, "ai.operation.id") || otel__json_key_is(tag, "ai.operation.parentId");
    if (tag->type != OTEL__JSON_STRING) return refuse(reader, "a tag that is no string", key);
    if (tag->size == 0) return refuse(reader, "an empty tag", key);
    if (is_id && is_all_zero(value)) return refuse(reader, "an id of zeros", key);
    return fits(tag, value) || refuse(reader, "a tag over its limit", key);
}

static bool are_good_tags(desk_track_reader *reader, const otel__json *tags)
{
    for (const otel__json *tag = tags ? tags->first : NULL; tag; tag = tag->next) {
        if (!is_good_tag(reader, tag)) return false;
    }
    return true;
}

static bool are_strings(desk_track_reader *reader, const otel__json *properties)
{
    for (const otel__json *one = properties ? properties->first : NULL; one; one = one->next) {
        if (one->type != OTEL__JSON_STRING) return refuse(reader, "a property that is no string", desk_json_key(one));
    }
    return true;
}

bool desk_track_is_careful(desk_track_reader *reader, const otel__json *item)
{
    const otel__json *data = otel__json_get(otel__json_get(item, "data"), "baseData");
    return is_sound(reader, item) && are_good_tags(reader, otel__json_get(item, "tags")) &&
           are_strings(reader, otel__json_get(data, "properties"));
}
