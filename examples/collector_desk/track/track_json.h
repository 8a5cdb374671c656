/* What the columns need of JSON that was read: texts, and the same JSON again, compact. */
#ifndef DESK_TRACK_JSON_H
#define DESK_TRACK_JSON_H
#include "../../../tools/json_reader/json_reader.h"
#include "../buffer.h"

/* NULL: absent or null. */
const otel__json *desk_json_member(const otel__json *object, const char *name);
/* The member when it is a string, else {NULL, 0}. */
desk_text desk_json_string(const otel__json *object, const char *name);
/* The value as the tables show it: strings bare, numbers as they were written, all else as JSON. {NULL, 0} of what is
 * absent or null, and without memory, which scratch->failed tells. */
desk_text desk_json_text(otel__json_arena *arena, desk_buffer *scratch, const otel__json *value);
desk_text desk_json_key(const otel__json *member);
void desk_put_json(desk_buffer *buffer, const otel__json *value);
#endif
