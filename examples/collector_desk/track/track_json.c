/* Numbers keep their digits: what a sender wrote is what the table shows. */
#include "track_json.h"

#include <string.h>

const otel__json *desk_json_member(const otel__json *object, const char *name)
{
    const otel__json *found = otel__json_get(object, name);
    return found && found->type != OTEL__JSON_NULL ? found : NULL;
}

static desk_text bare_text(const otel__json *value)
{
    return (desk_text){value->text ? value->text : "", value->size};
}

desk_text desk_json_string(const otel__json *object, const char *name)
{
    const otel__json *found = otel__json_get(object, name);
    return found && found->type == OTEL__JSON_STRING ? bare_text(found) : (desk_text){NULL, 0};
}

desk_text desk_json_key(const otel__json *member)
{
    return (desk_text){member->key ? member->key : "", member->key_size};
}

static void put_members(desk_buffer *buffer, const otel__json *object)
{
    desk_put_byte(buffer, '{');
    for (const otel__json *member = object->first; member; member = member->next) {
        desk_put_json_string(buffer, desk_json_key(member));
        desk_put_byte(buffer, ':');
        desk_put_json(buffer, member);
        if (member->next) desk_put_byte(buffer, ',');
    }
    desk_put_byte(buffer, '}');
}

static void put_elements(desk_buffer *buffer, const otel__json *array)
{
    desk_put_byte(buffer, '[');
    for (const otel__json *element = array->first; element; element = element->next) {
        desk_put_json(buffer, element);
        if (element->next) desk_put_byte(buffer, ',');
    }
    desk_put_byte(buffer, ']');
}

void desk_put_json(desk_buffer *buffer, const otel__json *value)
{
    switch (value->type) {
    case OTEL__JSON_BOOL:
        desk_put(buffer, value->boolean ? DESK_TEXT("true") : DESK_TEXT("false"));
        break;
    case OTEL__JSON_NUMBER:
        desk_put(buffer, bare_text(value));
        break;
    case OTEL__JSON_STRING:
        desk_put_json_string(buffer, bare_text(value));
        break;
    case OTEL__JSON_ARRAY:
        put_elements(buffer, value);
        break;
    case OTEL__JSON_OBJECT:
        put_members(buffer, value);
        break;
    default:
        desk_put(buffer, DESK_TEXT("null"));
        break;
    }
}

desk_text desk_json_text(otel__json_arena *arena, desk_buffer *scratch, const otel__json *value)
{
    if (!value || value->type == OTEL__JSON_NULL) return (desk_text){NULL, 0};
    if (value->type == OTEL__JSON_STRING || value->type == OTEL__JSON_NUMBER) return bare_text(value);
    scratch->size = 0; /* and failed stays */
    desk_put_json(scratch, value);
    char *copy = scratch->failed ? NULL : otel__json_allocate(arena, scratch->size);
    if (!copy) {
        scratch->failed = true;
        return (desk_text){NULL, 0};
    }
    memcpy(copy, scratch->at, scratch->size);
    return (desk_text){copy, scratch->size};
}
