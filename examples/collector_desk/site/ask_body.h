/* The body of POST /query. */
#ifndef DESK_ASK_BODY_H
#define DESK_ASK_BODY_H
#include "../../../tools/json_reader/json_arena.h"
#include "../desk.h"

/* text/plain (or no type): the query itself; application/json: {"query": "..."}. The text is a view into the body or
 * into the arena, and UTF-8 without NULs. False: why not. */
bool desk_ask_body(otel__json_arena *arena, const char *content_type, desk_text body, desk_text *query,
                   desk_failure *failure);
#endif
