/* The insides of the sender that is libcurl. The only file that includes curl.h; its four .c files are the seam. */
#ifndef OTEL__CURL_INTERNAL_H
#define OTEL__CURL_INTERNAL_H
#include "curl_sender.h"
#include "pem.h"
#include "proxy.h"
#include "watch.h"

#include <curl/curl.h>
#include <sys/types.h>

#define OTEL__OLDEST_CURL 0x075700 /* 7.87.0: before it a look-up that hangs is joined, whatever QUICK_EXIT says */
#if LIBCURL_VERSION_NUM < OTEL__OLDEST_CURL
#error "libcurl 7.87.0 or newer is required"
#endif

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
    size_t head_bytes;    /* of the answer so far, interim ones and trailers too */
    int64_t timer_ns;     /* when libcurl wants to be called; OTEL_DEADLINE_NEVER: not */
    pid_t process;
    int wakers[2]; /* libcurl's pair for waking itself, -1: not known */
    bool reached;  /* a socket was opened for this exchange: its name look-up is over */
    bool failed;   /* the last exchange: certificates are read again before the next */
    long connect_timeout_ms;
    const otel__proxy *proxy; /* the client's */
    otel__pem ca, certificate, key;
    char error[CURL_ERROR_SIZE];
} curl_sender;

static inline curl_sender *otel__curl_of(otel_http_sender *base)
{
    return (curl_sender *)base;
}

int64_t otel__curl_now_ns(void);

/* curl_process.c: what is done once in a process. false: libcurl cannot be used, said. */
bool otel__curl_usable(const char *source);
/* The thread of a look-up that is given up runs on inside libcurl: unloading it would pull the ground from under it. */
void otel__curl_pin(void);

/* curl_callbacks.c: what libcurl calls. */
bool otel__curl_set_callbacks(curl_sender *self, CURL *easy);
void otel__curl_set_multi_callbacks(curl_sender *self);

/* curl_handles.c: made when they are missing. false: not possible now. */
bool otel__curl_make_handles(curl_sender *self);
/* false: the choice could not be set. */
bool otel__curl_set_proxy(const curl_sender *self, const char *url);
void otel__curl_drop_handles(curl_sender *self);

/* curl_wakers.c: marks the pair that libcurl opened for itself, from number `first` on, as close-on-exec, and has the
 * child of a fork close it. */
void otel__curl_find_wakers(curl_sender *self, int first);
void otel__curl_forget_wakers(curl_sender *self); /* they were closed */

/* curl_outcome.c: how the exchange ended; words without secrets, "" when all is well. */
otel_http_fault otel__curl_explain(const curl_sender *self, CURLcode code, char *out, size_t size);
#endif
