/* A real HTTP server for tests: answers what it is told, and remembers what it was sent. */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H
#include <stdbool.h>
#include <stddef.h>

typedef struct http_server http_server;

/* {0} is an empty 200. */
typedef struct http_answer {
    unsigned status;        /* 0: 200 */
    const char *headers[8]; /* name, value, name, value */
    const void *body;
    size_t body_size; /* 0: of a text */
    unsigned delay_ms;
    bool hang;    /* no answer until the server stops */
    bool drop;    /* closes the connection instead */
    bool endless; /* zeros for ever, as fast as they are taken */
    bool drip;    /* a byte every 50 ms, for ever */
} http_answer;

typedef struct http_seen {
    char method[16];
    char path[512];
    char *headers; /* "name: value\n" each */
    char *body;
    size_t body_size;
} http_seen;

typedef struct http_server_options {
    const char *certificate, *key; /* texts of PEM files: TLS */
    const char *client_ca;         /* demands certificates of clients */
    size_t most_body;              /* answers longer requests with 413, whatever the script says; 0: any length */
    bool ipv6;
} http_server_options;

http_server *http_server_start(const http_server_options *options);
/* Hanging answers end. What was seen lives until then. */
void http_server_stop(http_server *server);
unsigned http_server_port(const http_server *server);
/* The answers to the next requests, in order; the last one is repeated. Their texts must outlive the server. */
void http_server_script(http_server *server, const http_answer *answers, size_t count);
size_t http_server_count(http_server *server);
const http_seen *http_server_at(http_server *server, size_t nth);
/* Into `out`; "" when there is none. Returns out. */
const char *http_seen_header(const http_seen *seen, const char *name, char *out, size_t size);
/* Connections ever accepted. */
unsigned http_server_connections(http_server *server);
#endif
