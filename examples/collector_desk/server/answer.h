/* The answers of the desk as libmicrohttpd's responses. All NULL when out of memory. */
#ifndef DESK_ANSWER_H
#define DESK_ANSWER_H
#include <microhttpd.h>

#include "../track/track.h"

/* An ExportLogsServiceResponse that says that everything was taken. */
struct MHD_Response *desk_answer_taken(bool is_json);
/* A google.rpc.Status in the encoding of the request. */
struct MHD_Response *desk_answer_failure(bool is_json, const desk_failure *failure);
/* What the Application Insights service answers, taken or not. */
struct MHD_Response *desk_answer_track(const desk_track_answer *answer, const desk_failure *failure);
/* For statuses that have none. */
struct MHD_Response *desk_answer_without_body(void);
/* For scripts, and for requests that are not OTLP's. */
struct MHD_Response *desk_answer_text(const char *text);
#endif
