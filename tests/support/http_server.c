/* A real HTTP server for tests, on libmicrohttpd: a thread for each connection, so that an answer may simply sleep. */
#include "http_server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_SEEN = 4096, MOST_ANSWERS = 16 };

struct http_server {
    struct MHD_Daemon *daemon;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    http_answer answers[MOST_ANSWERS];
    size_t answer_count, next;
    http_seen *seen[MOST_SEEN];
    size_t seen_count;
    unsigned connections;
    size_t most_body;
    bool stopping;
};

static enum MHD_Result add_header(void *user, enum MHD_ValueKind kind, const char *name, const char *value)
{
    http_seen *seen = user;
    (void)kind;
    size_t used = seen->headers ? strlen(seen->headers) : 0;
    size_t more = strlen(name) + strlen(value ? value : "") + 4;
    seen->headers = realloc(seen->headers, used + more);
    snprintf(seen->headers + used, more, "%s: %s\n", name, value ? value : "");
    return MHD_YES;
}

static void add_body(http_seen *seen, const char *data, size_t size)
{
    seen->body = realloc(seen->body, seen->body_size + size + 1);
    memcpy(seen->body + seen->body_size, data, size);
    seen->body_size += size;
    seen->body[seen->body_size] = '\0';
}

static http_answer take_answer(http_server *server, http_seen *seen)
{
    http_answer answer = {0};
    pthread_mutex_lock(&server->lock);
    if (server->seen_count < MOST_SEEN) server->seen[server->seen_count++] = seen;
    if (server->answer_count) {
        answer = server->answers[server->next];
        if (server->next + 1 < server->answer_count) server->next++;
    }
    pthread_cond_broadcast(&server->changed);
    pthread_mutex_unlock(&server->lock);
    return answer;
}

/* UINT_MAX: until the server stops. */
static void wait_ms(http_server *server, unsigned ms)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
    pthread_mutex_lock(&server->lock);
    while (!server->stopping)
        if (pthread_cond_timedwait(&server->changed, &server->lock, &until) != 0) break;
    pthread_mutex_unlock(&server->lock);
}

static ssize_t flood(void *user, uint64_t at, char *out, size_t room)
{
    http_server *server = user;
    (void)at;
    memset(out, 0, room);
    return server->stopping ? MHD_CONTENT_READER_END_WITH_ERROR : (ssize_t)room;
}

static ssize_t drip(void *user, uint64_t at, char *out, size_t room)
{
    (void)at;
    (void)room;
    wait_ms(user, 50);
    *out = 0;
    return ((http_server *)user)->stopping ? MHD_CONTENT_READER_END_WITH_ERROR : 1;
}

static struct MHD_Response *make_response(http_server *server, const http_answer *answer)
{
    if (answer->endless) return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 65536, flood, server, NULL);
    if (answer->drip) return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 16, drip, server, NULL);
    size_t size = answer->body_size || !answer->body ? answer->body_size : strlen(answer->body);
    return MHD_create_response_from_buffer(size, size ? (void *)(size_t)answer->body : "", MHD_RESPMEM_MUST_COPY);
}

static enum MHD_Result give(http_server *server, struct MHD_Connection *connection, http_seen *seen)
{
    http_answer answer = take_answer(server, seen);
    if (server->most_body && seen->body_size > server->most_body)
        answer = (http_answer){.status = 413, .body = "<html>too large</html>"};
    if (answer.hang) wait_ms(server, 60000);
    if (answer.delay_ms) wait_ms(server, answer.delay_ms);
    if (answer.drop || answer.hang) return MHD_NO;
    struct MHD_Response *response = make_response(server, &answer);
    for (size_t i = 0; i + 1 < 8 && answer.headers[i]; i += 2)
        MHD_add_response_header(response, answer.headers[i], answer.headers[i + 1]);
    enum MHD_Result result = MHD_queue_response(connection, answer.status ? answer.status : 200, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result on_request(void *user, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *data, size_t *size, void **state)
{
    http_seen *seen = *state;
    (void)version;
    if (!seen) {
        *state = seen = calloc(1, sizeof *seen);
        snprintf(seen->method, sizeof seen->method, "%s", method);
        snprintf(seen->path, sizeof seen->path, "%s", url);
        add_body(seen, "", 0);
        MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, seen);
        return MHD_YES;
    }
    if (*size) {
        add_body(seen, data, *size);
        *size = 0;
        return MHD_YES;
    }
    return give(user, connection, seen);
}

static void on_connection(void *user, struct MHD_Connection *connection, void **state,
                          enum MHD_ConnectionNotificationCode what)
{
    http_server *server = user;
    (void)connection;
    (void)state;
    pthread_mutex_lock(&server->lock);
    if (what == MHD_CONNECTION_NOTIFY_STARTED) server->connections++;
    pthread_mutex_unlock(&server->lock);
}

static void start_daemon(http_server *server, const http_server_options *options)
{
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr *address = options->ipv6 ? (struct sockaddr *)&six : (struct sockaddr *)&four;
    struct MHD_OptionItem tls[4] = {{MHD_OPTION_END, 0, NULL}};
    size_t n = 0;
    if (options->certificate) {
        tls[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(size_t)options->certificate};
        tls[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(size_t)options->key};
        if (options->client_ca)
            tls[n++] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_TRUST, 0, (void *)(size_t)options->client_ca};
        tls[n] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    }
    unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD;
    if (options->certificate) flags |= MHD_USE_TLS;
    if (options->ipv6) flags |= MHD_USE_IPv6;
    server->daemon =
        MHD_start_daemon(flags, 0, NULL, NULL, on_request, server, MHD_OPTION_SOCK_ADDR, address,
                         MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
}

http_server *http_server_start(const http_server_options *options)
{
    http_server_options defaults = {0};
    http_server *server = calloc(1, sizeof *server);
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->changed, NULL);
    server->most_body = options ? options->most_body : 0;
    start_daemon(server, options ? options : &defaults);
    if (server->daemon) return server;
    free(server);
    return NULL;
}

void http_server_stop(http_server *server)
{
    if (!server) return;
    pthread_mutex_lock(&server->lock);
    server->stopping = true;
    pthread_cond_broadcast(&server->changed);
    pthread_mutex_unlock(&server->lock);
    MHD_stop_daemon(server->daemon);
    for (size_t i = 0; i < server->seen_count; i++) {
        free(server->seen[i]->headers);
        free(server->seen[i]->body);
        free(server->seen[i]);
    }
    pthread_cond_destroy(&server->changed);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

unsigned http_server_port(const http_server *server)
{
    return MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

void http_server_script(http_server *server, const http_answer *answers, size_t count)
{
    pthread_mutex_lock(&server->lock);
    server->answer_count = count < MOST_ANSWERS ? count : MOST_ANSWERS;
    memcpy(server->answers, answers, server->answer_count * sizeof *answers);
    server->next = 0;
    pthread_mutex_unlock(&server->lock);
}

size_t http_server_count(http_server *server)
{
    pthread_mutex_lock(&server->lock);
    size_t count = server->seen_count;
    pthread_mutex_unlock(&server->lock);
    return count;
}

const http_seen *http_server_at(http_server *server, size_t nth)
{
    pthread_mutex_lock(&server->lock);
    const http_seen *seen = nth < server->seen_count ? server->seen[nth] : NULL;
    pthread_mutex_unlock(&server->lock);
    return seen;
}

const char *http_seen_header(const http_seen *seen, const char *name, char *out, size_t size)
{
    size_t length = strlen(name);
    out[0] = '\0';
    for (const char *at = seen->headers; at && *at; at = strchr(at, '\n') + 1)
        if (strncasecmp(at, name, length) == 0 && strncmp(at + length, ": ", 2) == 0)
            snprintf(out, size, "%.*s", (int)strcspn(at + length + 2, "\n"), at + length + 2);
    return out;
}

unsigned http_server_connections(http_server *server)
{
    pthread_mutex_lock(&server->lock);
    unsigned count = server->connections;
    pthread_mutex_unlock(&server->lock);
    return count;
}
