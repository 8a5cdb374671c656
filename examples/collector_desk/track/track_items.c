/* Only quotes and brackets are looked at, and each byte twice at most. */
#include "track_items.h"

#include <string.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_space(desk_track_items *items)
{
    while (items->at < items->end && is_space(*items->at)) items->at++;
}

/* From behind the opening quote to behind the closing one; the end without. */
static const char *skip_string(const char *at, const char *end)
{
    for (; at < end && *at != '"'; at++) {
        if (*at == '\\' && at + 1 < end) at++;
    }
    return at < end ? at + 1 : end;
}

static const char *skip_word(const char *at, const char *end)
{
    while (at < end && !is_space(*at) && *at != ',' && *at != ']') at++;
    return at;
}

/* Behind the value that begins there; NULL: it has no end. Of an object or array the brackets are only counted. */
static const char *skip_value(const char *at, const char *end)
{
    size_t depth = 0;
    if (at < end && *at != '{' && *at != '[' && *at != '"') return skip_word(at, end);
    while (at < end) {
        char c = *at++;
        if (c == '"') at = skip_string(at, end);
        if (c == '{' || c == '[') depth++;
        if ((c == '}' || c == ']') && depth) depth--;
        if (depth == 0) return at;
    }
    return NULL;
}

static bool has_line_end(const char *at, const char *end)
{
    return memchr(at, '\n', (size_t)(end - at)) != NULL;
}

desk_track_items desk_track_items_of(desk_text body)
{
    desk_track_items items = {DESK_TRACK_LINES, body.at, body.at + body.size, false};
    if (desk_text_starts(body, DESK_TEXT("\xEF\xBB\xBF"))) items.at += 3;
    skip_space(&items);
    if (items.at < items.end && *items.at == '[') {
        items.form = DESK_TRACK_ARRAY;
        items.at++;
        skip_space(&items);
        if (items.at < items.end && *items.at == ']') {
            items.at++;
            items.ended = true;
        }
        return items;
    }
    const char *behind = skip_value(items.at, items.end);
    if (behind && has_line_end(items.at, behind)) items.form = DESK_TRACK_VALUES;
    return items;
}

/* Behind an item of an array: a comma and one more, or the bracket that ends it. */
static bool read_separator(desk_track_items *items)
{
    skip_space(items);
    if (items->at == items->end) return false;
    char c = *items->at++;
    items->ended = c == ']';
    return c == ',' || c == ']';
}

static desk_track_next next_of_array(desk_track_items *items, desk_text *item)
{
    skip_space(items);
    if (items->ended) return items->at == items->end ? DESK_TRACK_END : DESK_TRACK_BROKEN;
    const char *behind = skip_value(items->at, items->end);
    if (!behind || behind == items->at) return DESK_TRACK_BROKEN;
    *item = (desk_text){items->at, (size_t)(behind - items->at)};
    items->at = behind;
    return read_separator(items) ? DESK_TRACK_ITEM : DESK_TRACK_BROKEN;
}

static desk_track_next next_of_lines(desk_track_items *items, desk_text *item)
{
    skip_space(items);
    if (items->at == items->end) return DESK_TRACK_END;
    const char *behind = memchr(items->at, '\n', (size_t)(items->end - items->at));
    if (!behind) behind = items->end;
    *item = (desk_text){items->at, (size_t)(behind - items->at)};
    while (is_space(item->at[item->size - 1])) item->size--;
    items->at = behind;
    return DESK_TRACK_ITEM;
}

/* What has no end is one bad item, with all that follows it. */
static desk_track_next next_of_values(desk_track_items *items, desk_text *item)
{
    skip_space(items);
    if (items->at == items->end) return DESK_TRACK_END;
    const char *behind = skip_value(items->at, items->end);
    if (!behind || behind == items->at) behind = items->end;
    *item = (desk_text){items->at, (size_t)(behind - items->at)};
    items->at = behind;
    return DESK_TRACK_ITEM;
}

desk_track_next desk_track_items_next(desk_track_items *items, desk_text *item)
{
    switch (items->form) {
    case DESK_TRACK_ARRAY:
        return next_of_array(items, item);
    case DESK_TRACK_LINES:
        return next_of_lines(items, item);
    case DESK_TRACK_VALUES:
        break;
    }
    return next_of_values(items, item);
}
