/* Writes the kinds of answers: taken, refused, the service's, plain text. */
#include "answer.h"

#include <string.h>

#include "../buffer.h"

static struct MHD_Response *respond(desk_text body, const char *content_type)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(body.size, (void *)(uintptr_t)body.at, MHD_RESPMEM_MUST_COPY);
    if (response) MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, content_type);
    return response;
}

static const char *content_type(bool is_json)
{
    return is_json ? "application/json" : "application/x-protobuf";
}

struct MHD_Response *desk_answer_taken(bool is_json)
{
    return respond(is_json ? DESK_TEXT("{\"partialSuccess\":{}}") : DESK_TEXT(""), content_type(is_json));
}

struct MHD_Response *desk_answer_without_body(void)
{
    return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
}

struct MHD_Response *desk_answer_track(const desk_track_answer *answer, const desk_failure *failure)
{
    desk_buffer body = {0};
    desk_track_put_answer(&body, answer, failure);
    struct MHD_Response *response = NULL;
    if (!body.failed) response = respond(desk_buffer_text(&body), "application/json; charset=utf-8");
    desk_buffer_release(&body);
    return response;
}

struct MHD_Response *desk_answer_text(const char *text)
{
    return respond((desk_text){text, strlen(text)}, "text/plain");
}

/* The gRPC code that stands for an HTTP status. */
static int status_code(unsigned http_status)
{
    switch (http_status) {
    case 400:
        return 3; /* INVALID_ARGUMENT */
    case 401:
        return 16; /* UNAUTHENTICATED */
    case 403:
        return 7; /* PERMISSION_DENIED */
    case 404:
        return 12; /* UNIMPLEMENTED */
    case 413:
    case 429:
        return 8; /* RESOURCE_EXHAUSTED */
    case 500:
        return 13; /* INTERNAL */
    case 502:
    case 503:
    case 504:
        return 14; /* UNAVAILABLE */
    default:
        return 2; /* UNKNOWN */
    }
}

static void put_json_status(desk_buffer *buffer, int code, desk_text reason)
{
    desk_put(buffer, DESK_TEXT("{\"code\":"));
    desk_put_int(buffer, code);
    desk_put(buffer, DESK_TEXT(",\"message\":"));
    desk_put_json_string(buffer, reason);
    desk_put_byte(buffer, '}');
}

/* Field 1: the code; field 2: the message, whose length takes two bytes from 128 on. */
static void put_protobuf_status(desk_buffer *buffer, int code, desk_text reason)
{
    desk_put_byte(buffer, 0x08);
    desk_put_byte(buffer, (char)code);
    desk_put_byte(buffer, 0x12);
    if (reason.size >= 0x80) desk_put_byte(buffer, (char)(reason.size | 0x80));
    desk_put_byte(buffer, (char)(reason.size >= 0x80 ? reason.size >> 7 : reason.size));
    desk_put(buffer, reason);
}

struct MHD_Response *desk_answer_failure(bool is_json, const desk_failure *failure)
{
    desk_buffer clean = {0}, body = {0};
    desk_put_utf8(&clean, (desk_text){failure->reason, strlen(failure->reason)});
    desk_text reason = desk_buffer_text(&clean);
    if (is_json)
        put_json_status(&body, status_code(failure->status), reason);
    else
        put_protobuf_status(&body, status_code(failure->status), reason);
    struct MHD_Response *response = NULL;
    if (!clean.failed && !body.failed) response = respond(desk_buffer_text(&body), content_type(is_json));
    desk_buffer_release(&clean);
    desk_buffer_release(&body);
    return response;
}
