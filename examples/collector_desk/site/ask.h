/* POST /query: a question in, rows out, as JSON. */
#ifndef DESK_ASK_H
#define DESK_ASK_H
#include "../buffer.h"
#include "../options.h"

/* Writes the answer, {"columns":[...],"rows":[...],"truncated":...,"elapsed_ms":...} or {"error":{...}}, and returns
 * its HTTP status: 200; 400 a query that cannot be run or takes too long; 415; 503 the database. */
unsigned desk_ask(const desk_serve_options *options, const char *content_type, desk_text body, desk_buffer *out);
#endif
