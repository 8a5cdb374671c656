/* The answers of the desk as libmicrohttpd's responses. All NULL when out of memory. */
#ifndef DESK_ANSWER_H
#define DESK_ANSWER_H
#include <microhttpd.h>

#include "desk.h"

/* An ExportLogsServiceResponse that says that everything was taken. */
struct MHD_Response *desk_answer_taken(bool is_json);
/* A google.rpc.Status in the encoding of the request; retry_after NULL: no such header. */
struct MHD_Response *desk_answer_failure(bool is_json, const desk_failure *failure, const char *retry_after);
/* For scripts, and for requests that are not OTLP's. */
struct MHD_Response *desk_answer_text(const char *text);
#endif
