/* The client: one request at a time, its body, its deadline, and its answer. How bytes travel is the sender's business.
 */
#define OTEL_HTTP_INLINE OTEL_API extern inline
#include <otel/exporters/http.h>

#include "answer.h"
#include "curl_sender.h"
#include "gzip.h"
#include "headers.h"
#include "proxy.h"
#include "secrets.h"
#include "text.h"

#include <otel/sdk/allocator.h>
#include <otel/sdk/diag.h>
#include <stdio.h>
#include <string.h>

enum { MAX_RESPONSE_BYTES = 4 * 1024 * 1024, MAX_RETRY_AFTER_MS = 5 * 60 * 1000, MOST_PRODUCT_BYTES = 200 };

struct otel_http_client {
    otel_http_sender *sender;
    const char *source;
    otel__proxy proxy;
    otel__header_lines always;  /* of each request */
    otel__header_lines current; /* of this one */
    otel__gzip *gzip;           /* made when first asked for */
    int gzip_level;
    otel_str compressed;
    otel__answer answer;
    otel_http_exchange exchange;
    bool busy;
    bool packing; /* the body is being compressed; the sender knows nothing of the exchange yet */
    void (*done)(void *user, const otel_http_response *response);
    void *user;
};

/* The caller's struct may be older and shorter, or newer and longer, than ours. */
static void copy_sized(void *ours, size_t size, const void *theirs, size_t their_size)
{
    memset(ours, 0, size);
    if (theirs) memcpy(ours, theirs, their_size < size ? their_size : size);
}

static void destroy_sender(otel_http_sender *sender)
{
    if (sender) sender->ops->destroy(sender);
}

static bool sender_ok(const otel_http_sender *sender)
{
    const otel_http_sender_ops *ops = sender->ops;
    const size_t first_version = offsetof(otel_http_sender_ops, destroy) + sizeof ops->destroy;
    return ops && ops->size >= first_version && ops->start && ops->poll_fd && ops->poll && ops->cancel && ops->destroy;
}

/* One that cannot be sent is no reason to be without a client. */
static const char *product_of(const otel_http_client *client, const char *product)
{
    if (!product) return "";
    if (strlen(product) <= MOST_PRODUCT_BYTES && otel__header_value_ok(product)) return product;
    otel_diag(OTEL_SEVERITY_WARN, client->source, "user_agent is too long or no header's value: left out");
    return "";
}

static bool make_headers(otel_http_client *client, const otel_http_options *options)
{
    char agent[512] = "";
    bool ok = otel__headers_ok(options->headers, options->header_count);
    if (options->user_agent) {
        const char *product = product_of(client, options->product), *blank = *product ? " " : "";
        int length = snprintf(agent, sizeof agent, "User-Agent: %s%s%s", product, blank, options->user_agent);
        ok = ok && length < (int)sizeof agent && otel__header_value_ok(agent);
    }
    if (!ok) otel_diag(OTEL_SEVERITY_ERROR, client->source, "a header has a name or a value that HTTP does not allow");
    return ok &&
           otel__headers_make(&client->always, NULL, options->headers, options->header_count, *agent ? agent : NULL);
}

static otel_http_sender *make_sender(otel_http_client *client, const otel_http_options *options)
{
    if (!options->sender) {
        bool chosen = otel__proxy_open(&client->proxy, options->proxy, options->no_proxy, client->source);
        return chosen ? otel__curl_sender_new(options, &client->proxy, client->source) : NULL;
    }
    if (sender_ok(options->sender)) return options->sender;
    otel_diag(OTEL_SEVERITY_ERROR, client->source, "the HTTP sender's table of operations is not complete");
    return NULL;
}

otel_http_client *otel_http_client_new_sized(const otel_http_options *given, size_t size)
{
    otel_http_options options;
    copy_sized(&options, sizeof options, given, size);
    const char *source = options.source ? options.source : "http";
    otel_http_client *client = otel_allocate(sizeof *client);
    if (client) {
        client->source = source;
        client->answer.most = options.max_response_bytes ? options.max_response_bytes : MAX_RESPONSE_BYTES;
        client->answer.most_retry_ms = options.max_retry_after_ms ? options.max_retry_after_ms : MAX_RETRY_AFTER_MS;
        client->gzip_level = options.gzip_level >= 1 && options.gzip_level <= 9 ? (int)options.gzip_level : 1;
        client->sender = make_sender(client, &options);
        if (client->sender && make_headers(client, &options)) return client;
    }
    if (options.sender && sender_ok(options.sender) && !(client && client->sender)) destroy_sender(options.sender);
    otel_http_client_destroy(client);
    return NULL;
}

static void settle(otel_http_client *client)
{
    client->busy = client->packing = false;
    client->compressed = (otel_str){0};
    if (client->current.lines) otel__headers_release(&client->current);
    otel__gzip_trim(client->gzip);
}

void otel_http_client_destroy(otel_http_client *client)
{
    if (!client) return;
    otel_http_client_cancel(client);
    destroy_sender(client->sender);
    otel__headers_release(&client->always);
    otel__gzip_destroy(client->gzip);
    otel__proxy_close(&client->proxy);
    otel_release(client->answer.body);
    otel_release(client);
}

/* Without memory for a compressor the body goes out as it is: nobody is worse off. */
static bool begin_packing(otel_http_client *client, const otel_http_request *request)
{
    client->compressed = (otel_str){0};
    if (!request->gzip || request->method != OTEL_HTTP_POST) return false;
    if (!client->gzip) client->gzip = otel__gzip_new(client->gzip_level);
    return client->gzip && otel__gzip_begin(client->gzip, request->pieces, request->piece_count);
}

static bool prepare(otel_http_client *client, const otel_http_request *request)
{
    client->packing = begin_packing(client, request);
    const otel__header_lines *lines = &client->always;
    if (client->packing || request->header_count) {
        if (!otel__headers_make(&client->current, &client->always, request->headers, request->header_count,
                                client->packing ? "Content-Encoding: gzip" : NULL))
            return false;
        lines = &client->current;
    }
    client->exchange = (otel_http_exchange){
        .size = sizeof client->exchange,
        .url = request->url,
        .header_lines = lines->lines,
        .header_count = lines->count,
        .pieces = request->pieces,
        .piece_count = request->piece_count,
        .deadline = request->deadline,
        .otel_private = client,
        .method = request->method == OTEL_HTTP_GET ? "GET" : "POST",
    };
    return true;
}

static otel_result hand_over(otel_http_client *client)
{
    for (size_t i = 0; i < client->exchange.piece_count; i++)
        client->exchange.body_bytes += client->exchange.pieces[i].size;
    return client->sender->ops->start(client->sender, &client->exchange);
}

/* A large body takes several calls. */
static void pack(otel_http_client *client)
{
    otel__gzip_state state = otel__gzip_step(client->gzip, &client->compressed);
    if (state == OTEL__GZIP_MORE) return;
    client->packing = false;
    client->exchange.pieces = &client->compressed;
    client->exchange.piece_count = 1;
    otel_result result = state == OTEL__GZIP_DONE ? hand_over(client) : OTEL_ERR_NO_MEMORY;
    if (result != OTEL_OK)
        otel__answer_end(&client->answer, 0, OTEL_HTTP_FAULT_CONNECTION,
                         result == OTEL_ERR_NO_MEMORY ? "out of memory" : "nothing can be sent now");
}

static bool request_ok(const otel_http_request *request)
{
    return request->done && request->method <= OTEL_HTTP_GET &&
           (!request->piece_count || (request->pieces && request->method == OTEL_HTTP_POST)) &&
           !otel_http_url_fault(request->url) && otel__headers_ok(request->headers, request->header_count);
}

otel_result otel_http_client_start_sized(otel_http_client *client, const otel_http_request *given, size_t size)
{
    otel_http_request request;
    copy_sized(&request, sizeof request, given, size);
    if (!client || !request_ok(&request)) return OTEL_ERR_ARGUMENT;
    if (client->busy) return OTEL_ERR_ALREADY;
    otel__answer_begin(&client->answer);
    if (!prepare(client, &request)) {
        settle(client);
        return OTEL_ERR_NO_MEMORY;
    }
    client->busy = true;
    client->done = request.done;
    client->user = request.user;
    otel_result result = client->packing ? OTEL_OK : hand_over(client);
    if (result != OTEL_OK) settle(client);
    return result;
}

int32_t otel_http_client_poll_fd(otel_http_client *client)
{
    return client ? client->sender->ops->poll_fd(client->sender) : -1;
}

static void give_up(otel_http_client *client)
{
    char host[256], words[320];
    otel_http_url_text(client->exchange.url, host, sizeof host);
    snprintf(words, sizeof words, "no answer from %s in time", host);
    if (!client->packing) client->sender->ops->cancel(client->sender);
    otel__answer_end(&client->answer, client->answer.status, OTEL_HTTP_FAULT_TIMEOUT, words);
}

static void finish(otel_http_client *client)
{
    otel_http_response response = otel__answer_response(&client->answer);
    settle(client);
    client->done(client->user, &response);
    if (!client->busy) otel__answer_trim(&client->answer);
}

void otel_http_client_poll(otel_http_client *client, int64_t *next_monotonic_ns)
{
    int64_t ignored;
    int64_t *next = next_monotonic_ns ? next_monotonic_ns : &ignored;
    *next = OTEL_DEADLINE_NEVER;
    if (!client) return;
    if (client->packing) {
        pack(client);
        *next = 0;
    } else
        client->sender->ops->poll(client->sender, next);
    if (!client->busy) return;
    otel_deadline deadline = client->exchange.deadline;
    if (!client->answer.finished && otel_deadline_left_ms(deadline) == 0) give_up(client);
    if (client->answer.finished) {
        finish(client);
        if (client->busy) *next = 0; /* the callback has started another */
    } else if (deadline.monotonic_ns < *next) {
        *next = deadline.monotonic_ns;
    }
}

void otel_http_client_cancel(otel_http_client *client)
{
    if (!client || !client->busy) return;
    if (!client->answer.finished && !client->packing) client->sender->ops->cancel(client->sender);
    settle(client);
}

void otel_http_client_close(otel_http_client *client)
{
    if (!client) return;
    otel_http_client_cancel(client);
    if (client->sender->ops->close) client->sender->ops->close(client->sender);
}

void otel_http_client_after_fork(otel_http_client *client)
{
    if (!client) return;
    if (client->sender->ops->after_fork) client->sender->ops->after_fork(client->sender);
    if (client->busy) settle(client);
}

/* What everybody may know. */
static bool public_header(const char *line, size_t name)
{
    return otel__same_word(line, name, "content-type") || otel__same_word(line, name, "user-agent") ||
           otel__same_word(line, name, "accept");
}

void otel_http_client_hide(const otel_http_client *client, const char *url, char *text)
{
    if (!client || !text || !*text) return;
    for (size_t i = 0; i < client->always.count; i++) {
        const char *line = client->always.lines[i];
        size_t name = strcspn(line, ":");
        if (line[name] && !public_header(line, name)) otel__hide_value(text, line + name + 2);
    }
    otel__hide_url(text, url);
    otel__hide_url(text, client->proxy.http);
    otel__hide_url(text, client->proxy.https);
}

void otel_http_hide(char *text, const char *secret)
{
    if (text && secret) otel__hide_value(text, secret);
}

static otel__answer *answer_of(otel_http_exchange *exchange)
{
    return &((otel_http_client *)exchange->otel_private)->answer;
}

void otel_http_exchange_header(otel_http_exchange *exchange, const char *line, size_t size)
{
    otel__answer_header(answer_of(exchange), line, size);
}

bool otel_http_exchange_body(otel_http_exchange *exchange, const void *data, size_t size)
{
    return otel__answer_body(answer_of(exchange), data, size);
}

void otel_http_exchange_done(otel_http_exchange *exchange, uint32_t status, otel_http_fault fault, const char *error)
{
    otel__answer_end(answer_of(exchange), status, fault, error);
}
