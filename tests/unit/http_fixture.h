/* What the tests of exporters/http share: a client and what it was answered, a server, a turn of a loop. Included once
 * by a test program, behind cmocka.h. */
#ifndef HTTP_FIXTURE_H
#define HTTP_FIXTURE_H
#include "certificates.h"
#include "http_server.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <otel/exporters/http.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

typedef struct result {
    int calls;
    uint32_t status;
    otel_http_fault fault;
    uint32_t retry_after_ms, max_age_s;
    bool retry_after_past;
    size_t body_size;
    char body[512], location[128], challenge[128], error[256];
    otel_http_verdict verdict;
} result;

static inline int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline void copy(char *out, size_t size, otel_str text)
{
    snprintf(out, size, "%.*s", (int)(text.size < size ? text.size : size - 1), text.data ? text.data : "");
}

static inline void on_done(void *user, const otel_http_response *response)
{
    result *r = user;
    r->calls++;
    r->status = response->status;
    r->fault = response->fault;
    r->retry_after_ms = response->retry_after_ms;
    r->retry_after_past = response->retry_after_past;
    r->max_age_s = response->max_age_s;
    r->body_size = response->body.size;
    r->verdict = otel_http_judge(response);
    copy(r->body, sizeof r->body, response->body);
    copy(r->location, sizeof r->location, response->location);
    copy(r->challenge, sizeof r->challenge, response->challenge);
    snprintf(r->error, sizeof r->error, "%s", response->error);
}

/* One turn of a loop: waits as long as the client allows, at most `most_ms`. */
static inline void turn(otel_http_client *client, int64_t *next, int most_ms)
{
    int64_t left = *next == OTEL_DEADLINE_NEVER ? most_ms : (*next / 1000000 - now_ms()) + 1;
    if (left > most_ms) left = most_ms;
    struct pollfd fd = {.fd = otel_http_client_poll_fd(client), .events = POLLIN};
    poll(&fd, 1, left > 0 ? (int)left : 0);
    otel_http_client_poll(client, next);
}

static inline void run(otel_http_client *client, const result *r, int most_ms)
{
    int64_t next, until = now_ms() + most_ms;
    otel_http_client_poll(client, &next);
    while (!r->calls && now_ms() < until) turn(client, &next, (int)(until - now_ms()));
}

static inline otel_str str(const char *text)
{
    return (otel_str){text, strlen(text)};
}

static inline otel_http_request request_to(const char *url, const otel_str *pieces, size_t count, result *r)
{
    *r = (result){0};
    return (otel_http_request){.url = url,
                               .pieces = pieces,
                               .piece_count = count,
                               .deadline = otel_deadline_in_ms(60000),
                               .done = on_done,
                               .user = r};
}

static inline result post(otel_http_client *client, const char *url, const char *body)
{
    result r;
    otel_str piece = str(body);
    otel_http_request request = request_to(url, &piece, 1, &r);
    assert_int_equal(otel_http_client_start(client, &request), OTEL_OK);
    run(client, &r, 60000);
    assert_int_equal(r.calls, 1);
    return r;
}

static inline const char *url_of(const http_server *server, const char *scheme, const char *host)
{
    static char urls[4][128];
    static unsigned nth;
    char *url = urls[nth++ % 4];
    snprintf(url, sizeof urls[0], "%s://%s:%u/v1/logs", scheme, host, http_server_port(server));
    return url;
}

typedef struct fixture {
    http_server *server;
    otel_http_client *client;
    const char *url;
} fixture;

static inline int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->server = http_server_start(NULL);
    f->client = otel_http_client_new(&(otel_http_options){.user_agent = "test/1"});
    f->url = f->server ? url_of(f->server, "http", "127.0.0.1") : NULL;
    *state = f;
    return f->server && f->client ? 0 : -1;
}

static inline int tear_down(void **state)
{
    fixture *f = *state;
    otel_http_client_destroy(f->client);
    http_server_stop(f->server);
    free(f);
    return 0;
}

static inline void script(fixture *f, http_answer answer)
{
    http_server_script(f->server, &answer, 1);
}

/* Sockets of this process that are connected to the server. */
static inline int connected(const http_server *server)
{
    int count = 0;
    for (int fd = 0; fd < 256; fd++) {
        struct sockaddr_in peer;
        socklen_t size = sizeof peer;
        if (getpeername(fd, (struct sockaddr *)&peer, &size) == 0 && ntohs(peer.sin_port) == http_server_port(server))
            count++;
    }
    return count;
}

static inline http_server *tls_server(const char *name, bool mutual)
{
    char file[64];
    snprintf(file, sizeof file, "%s.pem", name);
    static char *kept[3];
    for (size_t i = 0; i < 3; i++) free(kept[i]);
    kept[0] = certificates_text(file);
    snprintf(file, sizeof file, "%s.key", name);
    kept[1] = certificates_text(file);
    kept[2] = certificates_text("ca.pem");
    http_server_options options = {.certificate = kept[0], .key = kept[1], .client_ca = mutual ? kept[2] : NULL};
    http_server *server = http_server_start(&options);
    assert_non_null(server);
    return server;
}

enum { LARGE = 3 * 1024 * 1024 + 17, PIECES = 200 };

/* Pieces of uneven size over one large text. */
static inline char *make_large(otel_str *pieces)
{
    char *text = malloc(LARGE);
    uint32_t noise = 1;
    for (size_t i = 0; i < LARGE; i++) {
        noise = noise * 1664525 + 1013904223;
        text[i] = (char)('a' + (noise >> 24) % 20);
    }
    size_t at = 0;
    for (size_t i = 0; i < PIECES; i++) {
        size_t size = i + 1 < PIECES ? i * 131 % 30000 : LARGE - at;
        pieces[i] = (otel_str){text + at, size};
        at += size;
    }
    return text;
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
#endif
