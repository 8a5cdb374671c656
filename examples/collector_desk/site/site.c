/* The table of paths. Whoever adds one adds a line to `routes` and a function that makes its answer. */
#include "site.h"

#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "assets.h"

enum { MAX_BODY_BYTES = 64 * 1024 };

struct desk_route {
    const char *path, *method;
    bool script; /* asked for by our page's scripts alone */
    struct MHD_Response *(*answer)(desk_visit *visit);
};

/* Nothing from elsewhere, nothing inline, in nobody's frame. */
static const char *const headers[][2] = {
    {"Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                                "img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
};

static struct MHD_Response *add(struct MHD_Response *response, const char *name, const char *value)
{
    if (response) MHD_add_response_header(response, name, value);
    return response;
}

static struct MHD_Response *dress(struct MHD_Response *response, const char *type, const char *caching)
{
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) add(response, headers[i][0], headers[i][1]);
    add(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    return add(response, MHD_HTTP_HEADER_CACHE_CONTROL, caching);
}

struct MHD_Response *desk_site_text(desk_buffer *text, const char *type)
{
    struct MHD_Response *response = NULL;
    if (!text->failed) response = MHD_create_response_from_buffer(text->size, text->at, MHD_RESPMEM_MUST_FREE);
    if (!response) desk_buffer_release(text);
    *text = (desk_buffer){0};
    return dress(response, type, "no-store");
}

static struct MHD_Response *answer_words(const char *words)
{
    desk_buffer text = {0};
    desk_put(&text, (desk_text){words, strlen(words)});
    return desk_site_text(&text, "text/plain; charset=utf-8");
}

static struct MHD_Response *answer_refusal(const desk_visit *visit)
{
    struct MHD_Response *response = answer_words(visit->refusal.words);
    if (visit->status == 401) add(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer");
    if (visit->status == 503) add(response, MHD_HTTP_HEADER_RETRY_AFTER, "1");
    if (visit->status == 405)
        add(response, MHD_HTTP_HEADER_ALLOW, strstr(visit->refusal.words, "POST") ? "POST" : "GET, HEAD");
    return response;
}

static const desk_asset *find_asset(const char *name)
{
    for (const desk_asset *asset = desk_assets; asset->name; asset++) {
        if (strcmp(asset->name, name) == 0) return asset;
    }
    return NULL;
}

/* Browsers keep the files and ask with their tag whether they have changed. */
static struct MHD_Response *answer_asset(desk_visit *visit, const char *name)
{
    const desk_asset *asset = find_asset(name);
    if (!asset) {
        visit->status = 404;
        return answer_words("404 page not found\n");
    }
    const char *known = MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_IF_NONE_MATCH);
    bool same = known && strcmp(known, asset->tag) == 0;
    visit->status = same ? 304 : 200;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        same ? 0 : asset->size, (void *)(uintptr_t)asset->bytes, MHD_RESPMEM_PERSISTENT);
    add(response, MHD_HTTP_HEADER_ETAG, asset->tag);
    return dress(response, asset->type, "no-cache");
}

/* Whoever shows the token in the address gets a session and an address without it. */
static struct MHD_Response *answer_page(desk_visit *visit)
{
    const desk_token *token = &visit->site->door.token;
    if (!desk_door_is_shown_token(&visit->site->door, visit->connection)) return answer_asset(visit, "index.html");
    char cookie[128];
    desk_token_write_cookie(token, cookie, sizeof cookie);
    visit->status = 303;
    struct MHD_Response *response = add(answer_words(""), MHD_HTTP_HEADER_SET_COOKIE, cookie);
    return add(response, MHD_HTTP_HEADER_LOCATION, "/");
}

static struct MHD_Response *answer_file(desk_visit *visit)
{
    return answer_asset(visit, visit->path + strlen("/page/"));
}

static struct MHD_Response *answer_query(desk_visit *visit)
{
    desk_buffer answer = {0};
    const char *type = MHD_lookup_connection_value(visit->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_TYPE);
    visit->status = desk_ask(visit->site->options, type ? type : "", desk_buffer_text(&visit->body), &answer);
    struct MHD_Response *response = desk_site_text(&answer, "application/json");
    return visit->status == 503 ? add(response, MHD_HTTP_HEADER_RETRY_AFTER, "1") : response;
}

static struct MHD_Response *answer_tail(desk_visit *visit)
{
    struct MHD_Response *response = desk_tail_join(&visit->site->tail, visit->connection);
    if (response) return dress(response, "text/event-stream", "no-store");
    visit->status = 503;
    visit->refusal.words = "503 too many watch the tail\n";
    return answer_refusal(visit);
}

static struct MHD_Response *answer_alerts(desk_visit *visit)
{
    desk_buffer answer = {0};
    desk_alerts_write(visit->site->alerts, &answer);
    return desk_site_text(&answer, "application/json");
}

/* A path that ends in / stands for all files behind it. */
static const desk_route routes[] = {
    {"/", "GET", false, answer_page},        {"/page/", "GET", false, answer_file},
    {"/query", "POST", true, answer_query},  {"/tail", "GET", true, answer_tail},
    {"/alerts", "GET", true, answer_alerts},
};

static bool is_path(const char *path, const char *url)
{
    size_t size = strlen(path);
    return strcmp(path, url) == 0 || (size > 1 && path[size - 1] == '/' && strncmp(path, url, size) == 0);
}

static const desk_route *find_route(const char *url)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (is_path(routes[i].path, url)) return &routes[i];
    }
    return NULL;
}

static desk_refusal check_method(const desk_route *route, const char *method)
{
    bool get = strcmp(route->method, "GET") == 0;
    if (strcmp(method, route->method) == 0 || (get && strcmp(method, "HEAD") == 0)) return (desk_refusal){0};
    return (desk_refusal){405, get ? "405 method not allowed, supported: [GET]\n"
                                   : "405 method not allowed, supported: [POST]\n"};
}

bool desk_site_begin(desk_site *site, desk_visit *visit, struct MHD_Connection *connection, const char *url,
                     const char *method)
{
    const desk_route *route = find_route(url);
    if (!route) return false;
    *visit = (desk_visit){.site = site, .connection = connection, .route = route};
    visit->refusal = desk_door_browser(&site->door, connection, route->script);
    if (!visit->refusal.status) visit->refusal = check_method(route, method);
    return true;
}

void desk_site_refuse_body(desk_visit *visit)
{
    if (!visit->refusal.status) visit->refusal = (desk_refusal){413, "413 a query has at most 64 KiB\n"};
}

void desk_site_keep(desk_visit *visit, desk_text piece)
{
    if (visit->refusal.status) return;
    if (piece.size > MAX_BODY_BYTES - visit->body.size)
        desk_site_refuse_body(visit);
    else
        desk_put(&visit->body, piece);
    if (visit->body.failed) visit->refusal = (desk_refusal){503, "503 out of memory\n"};
}

struct MHD_Response *desk_site_answer(desk_visit *visit, const char *url)
{
    visit->status = visit->refusal.status ? visit->refusal.status : 200;
    visit->path = url;
    return visit->refusal.status ? answer_refusal(visit) : visit->route->answer(visit);
}

void desk_site_end(desk_visit *visit)
{
    desk_buffer_release(&visit->body);
}
