/* The sender that is libcurl: a multi handle with one easy handle, driven by an epoll set of its own. Every call into
 * libcurl is made inside the network lock. */
#include "curl_internal.h"
#include "exit_lock.h"

#include <errno.h>
#include <otel/sdk/allocator.h>
#include <otel/sdk/diag.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { CONNECT_TIMEOUT_MS = 10000, EVENTS = 16, PASSES = 8 };
static const int64_t POLL_NS = 500000; /* the thread may be a host's: what is left keeps the descriptor readable */

static curl_sender *of(otel_http_sender *base)
{
    return (curl_sender *)base;
}

int64_t otel__curl_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The child of a fork that nobody told: the handles are the parent's, hands off. */
static void notice_fork(curl_sender *self)
{
    if (self->process == getpid()) return;
    self->base.ops->after_fork(&self->base);
}

/* ---- one exchange ---- */

static bool set_lines(curl_sender *self)
{
    static char no_expect[] =
        "Expect:"; /* a wait for 100-continue would cost a second with servers that do not know it */
    const otel_http_exchange *exchange = self->exchange;
    size_t count = exchange->header_count + 1;
    if (count > self->line_capacity) {
        struct curl_slist *lines = otel_reallocate(self->lines, count * sizeof *lines);
        if (!lines) return false;
        self->lines = lines;
        self->line_capacity = count;
    }
    for (size_t i = 0; i < count; i++) {
        const char *line = i ? exchange->header_lines[i - 1] : no_expect;
        memcpy(&self->lines[i].data, &line, sizeof line);
        self->lines[i].next = i + 1 < count ? &self->lines[i + 1] : NULL;
    }
    return true;
}

static bool begin(curl_sender *self)
{
    if (!otel__curl_make_handles(self) || !set_lines(self)) return false;
    const otel_http_exchange *exchange = self->exchange;
    CURL *easy = self->easy;
    return otel__curl_set_proxy(self, exchange->url) &&
           curl_easy_setopt(easy, *exchange->method == 'G' ? CURLOPT_HTTPGET : CURLOPT_POST, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_URL, exchange->url) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTPHEADER, self->lines) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)exchange->body_bytes) == CURLE_OK &&
           curl_multi_add_handle(self->multi, easy) == CURLM_OK;
}

static void renew_certificates(curl_sender *self)
{
    bool ca = otel__pem_refresh(&self->ca);
    bool certificate = otel__pem_refresh(&self->certificate);
    bool key = otel__pem_refresh(&self->key);
    if (!(ca || certificate || key) || !self->easy) return;
    curl_easy_cleanup(self->easy); /* the next has the new ones */
    self->easy = NULL;
}

static otel_result curl_start(otel_http_sender *base, otel_http_exchange *exchange)
{
    curl_sender *self = of(base);
    otel__network guard;
    notice_fork(self);
    if (self->watch.epoll < 0 || !otel__network_enter(&guard)) return OTEL_ERR_SYSTEM;
    if (self->failed) renew_certificates(self);
    self->exchange = exchange;
    self->piece = self->offset = self->head_bytes = 0;
    self->reached = self->failed = false;
    self->error[0] = '\0';
    bool begun = begin(self);
    otel__network_leave(&guard);
    if (!begun) self->exchange = NULL;
    return begun ? OTEL_OK : OTEL_ERR_SYSTEM;
}

static void forget_exchange(curl_sender *self)
{
    curl_off_t looked_up = 0;
    curl_easy_getinfo(self->easy, CURLINFO_NAMELOOKUP_TIME_T, &looked_up);
    if (!self->reached && looked_up == 0) otel__curl_pin();
    curl_multi_remove_handle(self->multi, self->easy);
    self->exchange = NULL;
    self->failed = true;
}

static void curl_cancel(otel_http_sender *base)
{
    curl_sender *self = of(base);
    otel__network guard;
    notice_fork(self);
    if (!self->exchange) return;
    if (otel__network_enter(&guard)) {
        forget_exchange(self);
        otel__network_leave(&guard);
    }
    self->exchange = NULL; /* exiting: libcurl is never called again */
}

static void conclude(curl_sender *self, CURLcode code)
{
    char words[CURL_ERROR_SIZE + 400];
    long status = 0;
    otel_http_exchange *exchange = self->exchange;
    curl_easy_getinfo(self->easy, CURLINFO_RESPONSE_CODE, &status);
    otel_http_fault fault = otel__curl_explain(self, code, words, sizeof words);
    forget_exchange(self);
    self->failed = code != CURLE_OK;
    otel_http_exchange_done(exchange, (uint32_t)status, fault, words);
}

static int select_bits(uint32_t events)
{
    int bits = 0;
    if (events & EPOLLIN) bits |= CURL_CSELECT_IN;
    if (events & EPOLLOUT) bits |= CURL_CSELECT_OUT;
    if (events & (EPOLLERR | EPOLLHUP)) bits |= CURL_CSELECT_ERR;
    return bits;
}

/* true: libcurl has more to do at once. What it waits for shows in its sockets and its timer, so that nobody need look
 * again for nothing. */
static bool pass(curl_sender *self)
{
    struct epoll_event events[EVENTS];
    int running, count = self->watch.watched ? epoll_wait(self->watch.epoll, events, EVENTS, 0) : 0;
    bool due = self->timer_ns <= otel__curl_now_ns();
    for (int i = 0; i < count; i++)
        curl_multi_socket_action(self->multi, events[i].data.fd, select_bits(events[i].events), &running);
    if (due) {
        self->timer_ns = OTEL_DEADLINE_NEVER;
        curl_multi_socket_action(self->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    return count == EVENTS || (self->timer_ns != OTEL_DEADLINE_NEVER && self->timer_ns <= otel__curl_now_ns());
}

static void collect(curl_sender *self)
{
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(self->multi, &left)) != NULL)
        if (message->msg == CURLMSG_DONE && self->exchange) conclude(self, message->data.result);
}

/* The usual case between two exports: no call into the system is needed to see it. */
static bool idle(const curl_sender *self)
{
    return !self->exchange && !self->watch.watched && self->timer_ns == OTEL_DEADLINE_NEVER;
}

static void curl_poll(otel_http_sender *base, int64_t *next_monotonic_ns)
{
    curl_sender *self = of(base);
    otel__network guard;
    *next_monotonic_ns = OTEL_DEADLINE_NEVER;
    if (idle(self)) return;
    notice_fork(self);
    if (!self->multi || self->watch.epoll < 0 || !otel__network_enter(&guard)) return;
    int64_t limit = otel__curl_now_ns() + POLL_NS;
    bool more = true;
    for (int i = 0; i < PASSES && more && otel__curl_now_ns() < limit; i++) {
        more = pass(self);
        collect(self);
    }
    otel__network_leave(&guard);
    *next_monotonic_ns = self->timer_ns;
}

static int32_t curl_poll_fd(otel_http_sender *base)
{
    notice_fork(of(base));
    return of(base)->watch.epoll;
}

/* ---- beginnings and ends ---- */

static void release_handles(curl_sender *self)
{
    otel__network guard;
    if (!self->multi && !self->easy) return;
    if (!otel__network_enter(&guard)) return; /* exiting: they are abandoned */
    if (self->exchange) forget_exchange(self);
    otel__curl_drop_handles(self);
    otel__network_leave(&guard);
}

static void curl_close(otel_http_sender *base)
{
    notice_fork(of(base));
    release_handles(of(base));
    of(base)->timer_ns = OTEL_DEADLINE_NEVER;
}

static void curl_after_fork(otel_http_sender *base)
{
    curl_sender *self = of(base);
    if (self->process == getpid()) return;
    otel__network_after_fork();
    otel__watch_abandon(&self->watch);
    self->multi = NULL;
    self->easy = NULL;
    self->lines = NULL; /* the abandoned handle's, like everything it points to */
    self->line_capacity = 0;
    self->exchange = NULL;
    self->wakers[0] = self->wakers[1] = -1;
    self->timer_ns = OTEL_DEADLINE_NEVER;
    self->process = getpid();
    if (!otel__watch_open(&self->watch))
        otel_diag(OTEL_SEVERITY_ERROR, self->source, "epoll_create1 failed after a fork");
}

static void curl_destroy(otel_http_sender *base)
{
    curl_sender *self = of(base);
    notice_fork(self);
    release_handles(self);
    bool abandoned = self->multi || self->easy; /* exiting: they may still point here */
    if (!abandoned) otel__watch_close(&self->watch);
    if (abandoned) return;
    otel_release(self->lines);
    otel__pem_close(&self->ca);
    otel__pem_close(&self->certificate);
    otel__pem_close(&self->key);
    otel_release(self);
}

static const otel_http_sender_ops curl_ops = {
    .size = sizeof curl_ops,
    .name = "libcurl",
    .start = curl_start,
    .poll_fd = curl_poll_fd,
    .poll = curl_poll,
    .cancel = curl_cancel,
    .close = curl_close,
    .after_fork = curl_after_fork,
    .destroy = curl_destroy,
};

otel_http_sender *otel__curl_sender_new(const otel_http_options *options, const otel__proxy *proxy, const char *source)
{
    curl_sender *self = otel__curl_usable(source) ? otel_allocate(sizeof *self) : NULL;
    if (!self) return NULL;
    self->base.ops = &curl_ops;
    self->source = source;
    self->process = getpid();
    self->proxy = proxy;
    self->timer_ns = OTEL_DEADLINE_NEVER;
    self->wakers[0] = self->wakers[1] = -1;
    self->connect_timeout_ms = options->connect_timeout_ms ? (long)options->connect_timeout_ms : CONNECT_TIMEOUT_MS;
    bool epoll = otel__watch_open(&self->watch);
    if (!epoll) otel_diag(OTEL_SEVERITY_ERROR, source, "epoll_create1 failed: %s", strerror(errno));
    bool pem = otel__pem_open(&self->ca, OTEL__PEM_AUTHORITY, options->ca_file, source) &&
               otel__pem_open(&self->certificate, OTEL__PEM_CERTIFICATE, options->certificate_file, source) &&
               otel__pem_open(&self->key, OTEL__PEM_KEY, options->key_file, source);
    if (epoll && pem) return &self->base;
    curl_destroy(&self->base);
    return NULL;
}
