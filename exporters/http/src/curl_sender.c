/* The sender that is libcurl: a multi handle with one easy handle, driven by an epoll set of its own. The only file
 * that includes curl.h. Every call into libcurl is made inside the network lock. */
#include "curl_sender.h"

#include "answer.h"
#include "exit_lock.h"
#include "pem.h"
#include "watch.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <errno.h>
#include <otel/sdk/allocator.h>
#include <otel/sdk/diag.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define OLDEST_CURL 0x075700 /* 7.87.0: before it a look-up that hangs is joined, whatever QUICK_EXIT says */
#if LIBCURL_VERSION_NUM < OLDEST_CURL
#error "libcurl 7.87.0 or newer is required"
#endif

enum { CONNECT_TIMEOUT_MS = 10000, EVENTS = 16, PASSES = 8, KEPT_CONNECTIONS = 2 };
static const int64_t POLL_NS = 500000; /* the thread may be a host's: what is left keeps the descriptor readable */

typedef struct curl_sender {
    otel_http_sender base;
    const char *source;
    CURLM *multi; /* made at the first start, and again after a fork */
    CURL *easy;
    otel__watch watch;
    otel_http_exchange *exchange; /* NULL: none under way */
    struct curl_slist *lines;     /* nodes of our own over the exchange's lines */
    size_t line_capacity;
    size_t piece, offset; /* where the body's reader stands */
    int64_t timer_ns;     /* when libcurl wants to be called; OTEL_DEADLINE_NEVER: not */
    pid_t process;
    bool reached; /* a socket was opened for this exchange: its name look-up is over */
    bool failed;  /* the last exchange: certificates are read again before the next */
    long connect_timeout_ms;
    otel__pem ca, certificate, key;
    char error[CURL_ERROR_SIZE];
} curl_sender;

static curl_sender *of(otel_http_sender *base)
{
    return (curl_sender *)base;
}

static int64_t monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* ---- once in a process ---- */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static CURLcode global_result;

/* OpenSSL makes its first random generator under a lock. A fork in the middle of the first handshake would leave that
 * lock held in the child for ever, so it is made here, in the thread that starts us. Other TLS libraries do not have
 * the name. */
static void seed_early(void)
{
    union {
        void *symbol;
        int (*random_bytes)(unsigned char *, int);
    } openssl = {dlsym(RTLD_DEFAULT, "RAND_bytes")};
    unsigned char ignored[8];
    if (openssl.symbol) openssl.random_bytes(ignored, sizeof ignored);
}

static void init_curl(void)
{
    global_result = curl_global_init(CURL_GLOBAL_DEFAULT); /* never cleaned up: others may use it */
    seed_early();
    otel__network_ready();
}

const char *otel__curl_version_fault(unsigned version)
{
    return version >= OLDEST_CURL ? NULL : "it is older than 7.87.0, which hangs with a name server that hangs";
}

static bool curl_usable(const char *source)
{
    pthread_once(&once, init_curl);
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    const char *fault = otel__curl_version_fault(info->version_num);
    if (!fault && global_result != CURLE_OK) fault = curl_easy_strerror(global_result);
    if (fault) otel_diag(OTEL_SEVERITY_ERROR, source, "libcurl %s cannot be used: %s", info->version, fault);
    if (!fault && !(info->features & CURL_VERSION_ASYNCHDNS))
        otel_diag(OTEL_SEVERITY_WARN, source,
                  "libcurl %s looks names up synchronously: a slow name server delays exports", info->version);
    return !fault;
}

/* The thread of a look-up that is given up runs on inside libcurl: unloading it would pull the ground from under it. */
static void pin_curl(void)
{
    static atomic_bool pinned;
    Dl_info info;
    if (atomic_exchange(&pinned, true)) return;
    CURLM *(*function)(void) = curl_multi_init;
    void *symbol;
    memcpy(&symbol, &function, sizeof symbol);
    if (dladdr(symbol, &info) && info.dli_fname) dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
}

/* ---- callbacks of libcurl ---- */

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *socket_user)
{
    curl_sender *self = user;
    (void)easy;
    (void)socket_user;
    uint32_t in = what == CURL_POLL_IN || what == CURL_POLL_INOUT ? EPOLLIN : 0;
    uint32_t out = what == CURL_POLL_OUT || what == CURL_POLL_INOUT ? EPOLLOUT : 0;
    if (what == CURL_POLL_REMOVE)
        otel__watch_remove(&self->watch, fd);
    else
        otel__watch_set(&self->watch, fd, in | out);
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *user)
{
    (void)multi;
    of(user)->timer_ns = timeout_ms < 0 ? OTEL_DEADLINE_NEVER : monotonic_ns() + (int64_t)timeout_ms * 1000000;
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
    return otel__watch_close_socket(&of(user)->watch, fd);
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
    otel_http_exchange_header(of(user)->exchange, line, size * count);
    return size * count;
}

static size_t on_body(char *data, size_t size, size_t count, void *user)
{
    return otel_http_exchange_body(of(user)->exchange, data, size * count) ? size * count : 0;
}

/* ---- handles ---- */

#define SET(option, value) (ok = ok && curl_easy_setopt(easy, option, value) == CURLE_OK)

static bool set_callbacks(curl_sender *self, CURL *easy)
{
    bool ok = true;
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
    return ok;
}

static bool set_behaviour(curl_sender *self, CURL *easy)
{
    bool ok = true;
    SET(CURLOPT_QUICK_EXIT, 1L);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1); /* HTTP/2 of 7.88 loses answers that come early */
    SET(CURLOPT_POST, 1L);
    SET(CURLOPT_TCP_KEEPALIVE, 1L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, self->connect_timeout_ms);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_KEYPASSWD, "");                              /* or OpenSSL would ask at the terminal, and wait */
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip"); /* not in every build */
    return ok;
}

static bool give_blob(CURL *easy, CURLoption option, const otel__pem *pem)
{
    struct curl_blob blob = {.data = pem->data, .len = pem->size, .flags = CURL_BLOB_COPY};
    return pem->data && curl_easy_setopt(easy, option, &blob) == CURLE_OK;
}

/* From memory; by name when the file could not be read (the connection then says why) or the TLS library only takes
 * names. */
static bool set_certificates(curl_sender *self, CURL *easy)
{
    bool ok = true;
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    bool blobs = info->ssl_version && strstr(info->ssl_version, "GnuTLS") == NULL;
    if (self->ca.path && !(blobs && give_blob(easy, CURLOPT_CAINFO_BLOB, &self->ca)))
        SET(CURLOPT_CAINFO, self->ca.path);
    if (self->ca.path) SET(CURLOPT_CAPATH, NULL); /* instead of the system's, not beside them */
    if (self->certificate.path && !(blobs && give_blob(easy, CURLOPT_SSLCERT_BLOB, &self->certificate)))
        SET(CURLOPT_SSLCERT, self->certificate.path);
    if (self->key.path && !(blobs && give_blob(easy, CURLOPT_SSLKEY_BLOB, &self->key)))
        SET(CURLOPT_SSLKEY, self->key.path);
    return ok;
}

static bool make_easy(curl_sender *self)
{
    if (self->easy) return true;
    CURL *easy = curl_easy_init();
    if (!easy) return false;
    if (set_callbacks(self, easy) && set_behaviour(self, easy) && set_certificates(self, easy)) {
        self->easy = easy;
        return true;
    }
    curl_easy_cleanup(easy);
    return false;
}

static bool make_multi(curl_sender *self)
{
    int held[3];
    if (self->multi) return true;
    otel__streams_occupy(held); /* libcurl opens a pair of sockets for its wake-ups */
    self->multi = curl_multi_init();
    otel__streams_release(held);
    if (!self->multi) return false;
    curl_multi_setopt(self->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(self->multi, CURLMOPT_SOCKETDATA, self);
    curl_multi_setopt(self->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(self->multi, CURLMOPT_TIMERDATA, self);
    curl_multi_setopt(self->multi, CURLMOPT_MAXCONNECTS, (long)KEPT_CONNECTIONS);
    return true;
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
    bool ok = make_multi(self) && make_easy(self) && set_lines(self);
    CURL *easy = self->easy;
    SET(CURLOPT_URL, self->exchange->url);
    SET(CURLOPT_HTTPHEADER, self->lines);
    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)self->exchange->body_bytes);
    return ok && curl_multi_add_handle(self->multi, easy) == CURLM_OK;
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
    self->piece = self->offset = 0;
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
    if (!self->reached && looked_up == 0) pin_curl();
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

static otel_http_fault fault_of(CURLcode code)
{
    switch (code) {
    case CURLE_OK:
        return OTEL_HTTP_FAULT_NONE;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
        return OTEL_HTTP_FAULT_REQUEST;
    default:
        return OTEL_HTTP_FAULT_CONNECTION;
    }
}

/* libcurl's own words only where they are about certificates: elsewhere they may repeat parts of the URL. */
static const char *words_of(const curl_sender *self, CURLcode code)
{
    bool tls = code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION ||
               code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_CIPHER;
    return tls && self->error[0] ? self->error : curl_easy_strerror(code);
}

static void explain(curl_sender *self, CURLcode code, char *out, size_t size)
{
    char host[200], reason[128] = "";
    long system = 0, proxy = 0;
    curl_easy_getinfo(self->easy, CURLINFO_OS_ERRNO, &system);
    curl_easy_getinfo(self->easy, CURLINFO_HTTP_CONNECTCODE, &proxy);
    otel_http_url_text(self->exchange->url, host, sizeof host);
    if (proxy >= 300)
        snprintf(reason, sizeof reason, " (the proxy answered %ld)", proxy);
    else if (code == CURLE_COULDNT_CONNECT && system)
        snprintf(reason, sizeof reason, " (%s)", strerror((int)system));
    snprintf(out, size, "%s: %s%s", host, words_of(self, code), reason);
}

static void conclude(curl_sender *self, CURLcode code)
{
    char words[CURL_ERROR_SIZE + 400] = "";
    long status = 0;
    otel_http_exchange *exchange = self->exchange;
    curl_easy_getinfo(self->easy, CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_WRITE_ERROR)
        snprintf(words, sizeof words, "the answer is longer than allowed");
    else if (code != CURLE_OK)
        explain(self, code, words, sizeof words);
    forget_exchange(self);
    self->failed = code != CURLE_OK;
    otel_http_exchange_done(exchange, (uint32_t)status, fault_of(code), words);
}

static int select_bits(uint32_t events)
{
    int bits = 0;
    if (events & EPOLLIN) bits |= CURL_CSELECT_IN;
    if (events & EPOLLOUT) bits |= CURL_CSELECT_OUT;
    if (events & (EPOLLERR | EPOLLHUP)) bits |= CURL_CSELECT_ERR;
    return bits;
}

/* false: there was nothing to do. */
static bool pass(curl_sender *self)
{
    struct epoll_event events[EVENTS];
    int running, count = epoll_wait(self->watch.epoll, events, EVENTS, 0);
    bool due = self->timer_ns <= monotonic_ns();
    for (int i = 0; i < count; i++)
        curl_multi_socket_action(self->multi, events[i].data.fd, select_bits(events[i].events), &running);
    if (due) {
        self->timer_ns = OTEL_DEADLINE_NEVER;
        curl_multi_socket_action(self->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    return count > 0 || due;
}

static void collect(curl_sender *self)
{
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(self->multi, &left)) != NULL)
        if (message->msg == CURLMSG_DONE && self->exchange) conclude(self, message->data.result);
}

static void curl_poll(otel_http_sender *base, int64_t *next_monotonic_ns)
{
    curl_sender *self = of(base);
    otel__network guard;
    notice_fork(self);
    *next_monotonic_ns = OTEL_DEADLINE_NEVER;
    if (!self->multi || self->watch.epoll < 0 || !otel__network_enter(&guard)) return;
    int64_t limit = monotonic_ns() + POLL_NS;
    for (int i = 0; i < PASSES && monotonic_ns() < limit && pass(self); i++) collect(self);
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
    curl_easy_cleanup(self->easy);
    curl_multi_cleanup(self->multi);
    otel__network_leave(&guard);
    self->easy = NULL;
    self->multi = NULL;
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

otel_http_sender *otel__curl_sender_new(const otel_http_options *options, const char *source)
{
    curl_sender *self = curl_usable(source) ? otel_allocate(sizeof *self) : NULL;
    if (!self) return NULL;
    self->base.ops = &curl_ops;
    self->source = source;
    self->process = getpid();
    self->timer_ns = OTEL_DEADLINE_NEVER;
    self->connect_timeout_ms = options->connect_timeout_ms ? (long)options->connect_timeout_ms : CONNECT_TIMEOUT_MS;
    bool epoll = otel__watch_open(&self->watch);
    if (!epoll) otel_diag(OTEL_SEVERITY_ERROR, source, "epoll_create1 failed: %s", strerror(errno));
    bool pem = otel__pem_open(&self->ca, options->ca_file, source) &&
               otel__pem_open(&self->certificate, options->certificate_file, source) &&
               otel__pem_open(&self->key, options->key_file, source);
    if (epoll && pem) return &self->base;
    curl_destroy(&self->base);
    return NULL;
}
