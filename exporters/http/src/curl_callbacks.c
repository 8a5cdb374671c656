/* What libcurl calls: its sockets and timers go into our epoll set, the body is read from the caller's pieces, the
 * answer is handed to the client. */
#include "curl_internal.h"

#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>

enum { HEAD_BYTES_MOST = 256 * 1024 };

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *socket_user)
{
    curl_sender *self = user;
    (void)easy;
    (void)socket_user;
    uint32_t in = what == CURL_POLL_IN || what == CURL_POLL_INOUT ? EPOLLIN : 0;
    uint32_t out = what == CURL_POLL_OUT || what == CURL_POLL_INOUT ? EPOLLOUT : 0;
    otel__watch_set(&self->watch, fd, what == CURL_POLL_REMOVE ? 0 : in | out);
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *user)
{
    curl_sender *self = user;
    (void)multi;
    self->timer_ns = timeout_ms < 0 ? OTEL_DEADLINE_NEVER : otel__curl_now_ns() + (int64_t)timeout_ms * 1000000;
    return 0;
}

static curl_socket_t on_open(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    curl_sender *self = user;
    (void)purpose;
    self->reached = true;
    return otel__watch_socket(&self->watch, address->family, address->socktype, address->protocol);
}

static int on_close(void *user, curl_socket_t fd)
{
    curl_sender *self = user;
    return otel__watch_close_socket(&self->watch, fd);
}

static size_t on_read(char *out, size_t size, size_t count, void *user)
{
    curl_sender *self = user;
    const otel_http_exchange *exchange = self->exchange;
    size_t room = size * count, used = 0;
    while (used < room && self->piece < exchange->piece_count) {
        otel_str piece = exchange->pieces[self->piece];
        size_t n = piece.size - self->offset;
        if (n > room - used) n = room - used;
        if (n) memcpy(out + used, piece.data + self->offset, n);
        used += n;
        self->offset += n;
        if (self->offset < piece.size) break;
        self->piece++;
        self->offset = 0;
    }
    return used;
}

/* libcurl goes back when a kept connection turns out to be dead. */
static int on_seek(void *user, curl_off_t offset, int origin)
{
    curl_sender *self = user;
    if (origin != SEEK_SET || offset < 0) return CURL_SEEKFUNC_CANTSEEK;
    uint64_t left = (uint64_t)offset;
    self->piece = self->offset = 0;
    while (self->piece < self->exchange->piece_count && left >= self->exchange->pieces[self->piece].size)
        left -= self->exchange->pieces[self->piece++].size;
    self->offset = (size_t)left;
    return self->piece < self->exchange->piece_count || left == 0 ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

static size_t on_header(char *line, size_t size, size_t count, void *user)
{
    curl_sender *self = user;
    self->head_bytes += size * count;
    if (self->head_bytes > HEAD_BYTES_MOST) return 0; /* libcurl keeps each line, and some versions know no end */
    otel_http_exchange_header(self->exchange, line, size * count);
    return size * count;
}

static size_t on_body(char *data, size_t size, size_t count, void *user)
{
    curl_sender *self = user;
    return otel_http_exchange_body(self->exchange, data, size * count) ? size * count : 0;
}

bool otel__curl_set_callbacks(curl_sender *self, CURL *easy)
{
    bool ok = true;
#define SET(option, value) (ok = ok && curl_easy_setopt(easy, option, value) == CURLE_OK)
    SET(CURLOPT_OPENSOCKETFUNCTION, on_open);
    SET(CURLOPT_OPENSOCKETDATA, self);
    SET(CURLOPT_CLOSESOCKETFUNCTION, on_close);
    SET(CURLOPT_CLOSESOCKETDATA, self);
    SET(CURLOPT_READFUNCTION, on_read);
    SET(CURLOPT_READDATA, self);
    SET(CURLOPT_SEEKFUNCTION, on_seek);
    SET(CURLOPT_SEEKDATA, self);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, self);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, self);
    SET(CURLOPT_ERRORBUFFER, self->error);
#undef SET
    return ok;
}

void otel__curl_set_multi_callbacks(curl_sender *self)
{
    curl_multi_setopt(self->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(self->multi, CURLMOPT_SOCKETDATA, self);
    curl_multi_setopt(self->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(self->multi, CURLMOPT_TIMERDATA, self);
}
