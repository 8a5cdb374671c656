/* Reads what may come from anybody: bounded, and whole or not at all. */
#include "ask_body.h"

#include <string.h>
#include <strings.h>

#include "../../../tools/json_reader/json_reader.h"

static bool is_media_type(const char *header, const char *type)
{
    size_t size = strcspn(header, ";");
    while (size && (header[size - 1] == ' ' || header[size - 1] == '\t')) size--;
    return size == strlen(type) && strncasecmp(header, type, size) == 0;
}

static bool read_json(otel__json_arena *arena, desk_text body, desk_text *query, desk_failure *failure)
{
    otel__json_error error = {0};
    const otel__json *root = otel__json_read(arena, body.at, body.size, &error);
    if (!root) return desk_fail(failure, 400, "the body is no JSON: %s, at byte %zu", error.words, error.offset);
    const otel__json *member = otel__json_get(root, "query");
    if (!member || member->type != OTEL__JSON_STRING) return desk_fail(failure, 400, "the JSON has no text \"query\"");
    *query = (desk_text){member->text, member->size};
    return true;
}

static bool is_text(desk_text text)
{
    for (const char *at = text.at, *end = at + text.size; at < end;) {
        size_t size = *at ? otel__json_utf8_size(at, end) : 0;
        if (size == 0) return false;
        at += size;
    }
    return true;
}

bool desk_ask_body(otel__json_arena *arena, const char *content_type, desk_text body, desk_text *query,
                   desk_failure *failure)
{
    *query = body;
    if (is_media_type(content_type, "application/json")) {
        if (!read_json(arena, body, query, failure)) return false;
    } else if (*content_type && !is_media_type(content_type, "text/plain")) {
        return desk_fail(failure, 415, "a query is sent as text/plain or application/json");
    }
    return is_text(*query) || desk_fail(failure, 400, "the query is no text in UTF-8");
}
