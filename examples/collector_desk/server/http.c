/* Receives requests through libmicrohttpd. A request that is refused is read to its end all the same, so that the
 * client sees the answer instead of a broken connection. */
#include "http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "answer.h"

#define MAX_READ_BYTES (2 * DESK_MAX_BODY_BYTES)       /* after that the connection is closed */
#define MAX_ALL_BODIES_BYTES (4 * DESK_MAX_BODY_BYTES) /* in memory, of all requests together */
enum { IDLE_SECONDS = 60, CONNECTION_BYTES = 128 * 1024 };

typedef struct request {
    bool is_intake; /* brings records, in an encoding that is known */
    desk_delivery delivery;
    bool was_read; /* the intake has an answer */
    bool is_site;  /* the visit's */
    bool handled;
    unsigned status;            /* of the answer; 0: not yet known */
    const char *plain;          /* the answer's text, unless records were brought */
    struct MHD_Response *ready; /* held back */
    desk_failure failure;
    desk_buffer body;
    size_t received;
    desk_held held;
    desk_visit visit;
} request;

static bool is_media_type(const char *header, const char *type)
{
    size_t size = strcspn(header, ";");
    while (size && (header[size - 1] == ' ' || header[size - 1] == '\t')) size--;
    return size == strlen(type) && strncasecmp(header, type, size) == 0;
}

static void refuse(request *r, unsigned status, const char *words)
{
    r->status = status;
    r->plain = words;
}

static const char *header_of(struct MHD_Connection *connection, const char *name)
{
    const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
    return value ? value : "";
}

/* What is OTLP is told by its media type; items of the service by themselves. */
static bool read_media_type(request *r, const char *type)
{
    if (r->delivery.encoding == DESK_TRACK) return true;
    r->delivery.encoding = is_media_type(type, "application/json") ? DESK_JSON : DESK_PROTOBUF;
    return r->delivery.encoding == DESK_JSON || is_media_type(type, "application/x-protobuf");
}

static void read_encoding(request *r, struct MHD_Connection *connection)
{
    const char *coding = header_of(connection, MHD_HTTP_HEADER_CONTENT_ENCODING);
    r->delivery.is_gzip = strcasecmp(coding, "gzip") == 0;
    if (!read_media_type(r, header_of(connection, MHD_HTTP_HEADER_CONTENT_TYPE)))
        refuse(r, 415, "415 unsupported media type, supported: [application/json, application/x-protobuf]\n");
    else if (*coding && !r->delivery.is_gzip && strcasecmp(coding, "identity") != 0)
        refuse(r, 415, "415 unsupported content encoding, supported: [gzip]\n");
    else
        r->is_intake = true;
}

/* An endpoint that ends in a slash makes two of it: the service does not mind, and its exporters do it. */
static bool is_intake_path(request *r, const char *url)
{
    if (strcmp(url, "/v1/logs") == 0) return true;
    while (url[0] == '/' && url[1] == '/') url++;
    r->delivery.encoding = DESK_TRACK;
    return strcmp(url, "/v2.1/track") == 0 || strcmp(url, "/v2/track") == 0;
}

static void route_intake(desk_http *http, request *r, struct MHD_Connection *connection, const char *method)
{
    desk_refusal foreign = desk_door_sender(&http->site.door, connection);
    if (foreign.status)
        refuse(r, foreign.status, foreign.words);
    else if (strcmp(method, MHD_HTTP_METHOD_POST) != 0)
        refuse(r, 405, "405 method not allowed, supported: [POST]\n");
    else
        read_encoding(r, connection);
}

static void route(desk_http *http, request *r, struct MHD_Connection *connection, const char *url, const char *method)
{
    desk_refusal closed = desk_door_token(&http->site.door, connection, url);
    if (closed.status) {
        refuse(r, closed.status, closed.words);
        return;
    }
    r->is_site = desk_site_begin(&http->site, &r->visit, connection, url, method);
    if (r->is_site) return;
    bool reads = strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
    if (strcmp(url, "/healthz") == 0) {
        if (reads)
            refuse(r, 200, "ok\n");
        else
            refuse(r, 405, "405 method not allowed, supported: [GET]\n");
    } else if (is_intake_path(r, url)) {
        route_intake(http, r, connection, method);
    } else {
        refuse(r, 404, "404 page not found\n");
    }
}

static void release_body(desk_http *http, request *r)
{
    http->body_bytes -= r->body.size;
    desk_buffer_release(&r->body);
}

/* Keeps a piece of the body, unless the answer is known already. */
static void keep(desk_http *http, request *r, desk_text piece)
{
    if (r->is_site) desk_site_keep(&r->visit, piece);
    if (!r->is_intake || r->failure.status) return;
    if (r->received > DESK_MAX_BODY_BYTES) {
        desk_fail(&r->failure, 413, "the body is larger than 64 MiB");
    } else if (piece.size > MAX_ALL_BODIES_BYTES - http->body_bytes) {
        desk_fail(&r->failure, 503, "too many large requests at a time");
    } else {
        size_t before = r->body.size;
        desk_put(&r->body, piece);
        http->body_bytes += r->body.size - before;
        if (r->body.failed) desk_fail(&r->failure, 503, "out of memory");
    }
    if (r->failure.status) release_body(http, r);
}

/* Stores the records, unless the desk was told to refuse them; the status is known then. */
static void take(desk_http *http, request *r, const desk_orders *orders)
{
    bool is_track = r->delivery.encoding == DESK_TRACK;
    r->delivery.body = desk_buffer_text(&r->body);
    r->delivery.orders = orders;
    r->status = orders ? orders->status : 200;
    r->was_read = desk_orders_take(orders);
    if (!r->was_read)
        desk_fail(&r->failure, orders->status, "refused, as the desk was told by --fail");
    else if (desk_intake_take(http->intake, &r->delivery, &r->failure) && is_track && !orders)
        r->status = desk_track_answer_status(desk_intake_answer(http->intake));
}

static struct MHD_Response *respond(const desk_http *http, const request *r)
{
    static const desk_track_answer nothing;
    bool is_json = r->delivery.encoding == DESK_JSON;
    if (r->status == 204 || r->status == 304) return desk_answer_without_body();
    if (r->delivery.encoding == DESK_TRACK)
        return desk_answer_track(r->was_read ? desk_intake_answer(http->intake) : &nothing, &r->failure);
    return r->failure.status ? desk_answer_failure(is_json, &r->failure) : desk_answer_taken(is_json);
}

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    if (response && value) MHD_add_response_header(response, name, value);
}

static struct MHD_Response *answer_intake(desk_http *http, request *r)
{
    const desk_orders *orders = NULL;
    if (!r->failure.status) {
        orders = desk_orders_next(&http->orders, r->delivery.encoding == DESK_TRACK);
        take(http, r, orders);
    }
    release_body(http, r);
    if (r->failure.status) r->status = r->failure.status;
    struct MHD_Response *response = respond(http, r);
    bool is_ordered = orders && orders->status == r->status;
    if (is_ordered) add_header(response, MHD_HTTP_HEADER_LOCATION, orders->location);
    const char *after = is_ordered ? orders->retry_after : r->status == 503 ? "1" : NULL;
    add_header(response, MHD_HTTP_HEADER_RETRY_AFTER, after);
    return response;
}

/* True when the answer has to wait. A request under --hang is not even looked at. */
static bool hold_back(desk_http *http, request *r, struct MHD_Connection *connection)
{
    const desk_serve_options *options = http->options;
    if (!r->is_intake || r->handled || (!options->hang && !options->delay_ms)) return false;
    r->handled = true;
    if (options->hang)
        release_body(http, r);
    else
        r->ready = answer_intake(http, r);
    desk_hold(&http->holding, &r->held, connection, options->hang ? UINT64_MAX : desk_now_ms() + options->delay_ms);
    return true;
}

static struct MHD_Response *answer_site(request *r, const char *url)
{
    struct MHD_Response *response = desk_site_answer(&r->visit, url);
    r->status = r->visit.status;
    return response;
}

static struct MHD_Response *make_response(desk_http *http, request *r, struct MHD_Connection *connection,
                                          const char *url)
{
    struct MHD_Response *response = r->ready;
    r->ready = NULL;
    if (r->handled) return response;
    if (r->is_site) return answer_site(r, url);
    if (r->is_intake) return answer_intake(http, r);
    response = desk_answer_text(r->plain);
    if (r->status == 401) add_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer");
    if (r->status == 401 && desk_door_is_link(connection)) add_header(response, "Refresh", "0");
    if (r->status == 405) add_header(response, MHD_HTTP_HEADER_ALLOW, strstr(r->plain, "POST") ? "POST" : "GET, HEAD");
    return response;
}

/* MHD_NO closes the connection: there is no memory for an answer, the client is gone, or it was never to get one. */
static enum MHD_Result answer(desk_http *http, request *r, struct MHD_Connection *connection, const char *url)
{
    if (hold_back(http, r, connection)) return MHD_YES;
    struct MHD_Response *response = make_response(http, r, connection, url);
    if (!response) return MHD_NO;
    enum MHD_Result queued = r->held.gone ? MHD_NO : MHD_queue_response(connection, r->status, response);
    MHD_destroy_response(response);
    return queued;
}

/* A body that announces itself as far too large is refused before it is read. */
static enum MHD_Result begin(desk_http *http, struct MHD_Connection *connection, const char *url, const char *method,
                             void **state)
{
    request *r = calloc(1, sizeof *r);
    if (!r) return MHD_NO;
    *state = r;
    route(http, r, connection, url, method);
    const char *size = header_of(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
    if (strtoull(size, NULL, 10) <= MAX_READ_BYTES) return MHD_YES;
    if (r->is_intake) desk_fail(&r->failure, 413, "the body is larger than 64 MiB");
    if (r->is_site) desk_site_refuse_body(&r->visit);
    return answer(http, r, connection, url);
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *upload, size_t *upload_size, void **state)
{
    (void)version;
    desk_http *http = context;
    request *r = *state;
    if (!r) return begin(http, connection, url, method, state);
    if (*upload_size == 0) return answer(http, r, connection, url);
    r->received += *upload_size;
    keep(http, r, (desk_text){upload, *upload_size});
    *upload_size = 0;
    return r->received > MAX_READ_BYTES ? MHD_NO : MHD_YES;
}

static void complete(void *context, struct MHD_Connection *connection, void **state,
                     enum MHD_RequestTerminationCode reason)
{
    (void)reason;
    request *r = *state;
    desk_seats_done(connection);
    if (!r) return;
    release_body(context, r);
    if (r->is_site) desk_site_end(&r->visit);
    if (r->ready) MHD_destroy_response(r->ready);
    free(r);
    *state = NULL;
}

/* libmicrohttpd's own complaints are about clients that broke off: nobody needs them. */
static void say_nothing(void *context, const char *format, va_list arguments)
{
    (void)context;
    (void)format;
    (void)arguments;
}

struct MHD_Daemon *desk_http_start(desk_http *http, int listen_socket)
{
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    return MHD_start_daemon(flags, 0, NULL, NULL, handle, http,                            /* */
                            MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,                 /* */
                            MHD_OPTION_LISTEN_SOCKET, listen_socket,                       /* */
                            MHD_OPTION_NOTIFY_COMPLETED, complete, http,                   /* */
                            MHD_OPTION_NOTIFY_CONNECTION, desk_seats_notify, &http->seats, /* */
                            MHD_OPTION_CONNECTION_LIMIT, (unsigned)DESK_SEATS,             /* */
                            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,         /* */
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,  /* */
                            MHD_OPTION_END);
}
