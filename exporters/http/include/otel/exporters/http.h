/* HTTP for exporters: one request at a time, never waiting, finished through a callback. The only part that knows
 * libcurl sits behind otel_http_sender_ops and can be replaced. */
#ifndef OTEL_EXPORTERS_HTTP_H
#define OTEL_EXPORTERS_HTTP_H
#include <otel/sdk/deadline.h>

#ifndef OTEL_HTTP_INLINE
#define OTEL_HTTP_INLINE inline
#endif

typedef struct otel_http_client otel_http_client;
typedef struct otel_http_sender otel_http_sender;

/* Both NUL-terminated. A name is a token, a value has no control characters: others are refused. */
typedef struct otel_http_header {
    const char *name;
    const char *value;
} otel_http_header;

/* What went wrong below HTTP. */
typedef int32_t otel_http_fault;
enum {
    OTEL_HTTP_FAULT_NONE = 0,
    OTEL_HTTP_FAULT_CONNECTION = 1, /* no name, no connection, no TLS, or it broke before the answer was whole */
    OTEL_HTTP_FAULT_TIMEOUT = 2,    /* the request's deadline came first */
    OTEL_HTTP_FAULT_TOO_LARGE = 3,  /* the answer was longer than allowed, decompressed */
    OTEL_HTTP_FAULT_REQUEST = 4     /* this request can never be sent: a URL or scheme that is not understood */
};

/* What to do with what was sent (OTLP, "OTLP/HTTP Response"). The values are those of otel_export_status. */
typedef int32_t otel_http_verdict;
enum { OTEL_HTTP_OK = 0, OTEL_HTTP_RETRY = 1, OTEL_HTTP_REFUSED = 2 };

/* An answer, or why there is none. Everything in it is borrowed until `done` returns or the next request is started. */
typedef struct otel_http_response {
    size_t size;             /* sizeof(otel_http_response) */
    uint32_t status;         /* 200; 0: no answer came */
    otel_http_fault fault;   /* not NONE: the body is not whole */
    otel_str body;           /* decompressed; at most max_response_bytes */
    otel_str location;       /* of the header; {NULL, 0}: absent. Redirects are never followed */
    uint32_t retry_after_ms; /* of the header, at most max_retry_after_ms; 0: absent, past or not understood */
    uint32_t max_age_s;      /* of Cache-Control: how long the answer holds; 0: absent or not understood */
    const char *error;       /* the fault in words: no header value, no user information of a URL; "" */
    otel_str challenge;      /* of the header WWW-Authenticate, the last one; {NULL, 0}: absent */
    bool retry_after_past;   /* Retry-After was understood and asks for no wait: 0, or a date that has passed */
} otel_http_response;

/* {0} means defaults. Grows at the end only. */
typedef struct otel_http_options {
    const char *user_agent;
    const char *ca_file;             /* PEM: trusted instead of the system's authorities */
    const char *certificate_file;    /* PEM: shown to the server */
    const char *key_file;            /* PEM, not encrypted; NULL: it is in certificate_file */
    const otel_http_header *headers; /* sent with each request; copied */
    size_t header_count;
    otel_http_sender *sender;    /* NULL: libcurl. Owned from the call on, failure included */
    const char *source;          /* static text, for otel_diag; NULL: "http" */
    uint32_t connect_timeout_ms; /* 0: 10 seconds, and never longer than the request's deadline */
    uint32_t max_response_bytes; /* 0: 4 MiB */
    uint32_t max_retry_after_ms; /* 0: 5 minutes */
    uint32_t gzip_level;         /* of requests that ask for gzip: 1 (fast) to 9 (small); 0: 1 */
    /* "http://user:password@host:3128", or with https, socks4, socks4a, socks5, socks5h. NULL: as libcurl, http_proxy,
     * https_proxy or HTTPS_PROXY, else all_proxy or ALL_PROXY, read when the client is made. "": none. One of https is
     * checked against the system's authorities. */
    const char *proxy;
    const char *no_proxy; /* "example.com,10.0.0.0/8" or "*": not through the proxy; NULL: no_proxy or NO_PROXY */
    /* Put in front of user_agent: "MyDistro/1.0". NULL, "": nothing. Left out, with a warning, when it is longer than
     * 200 bytes or no header's value. */
    const char *product;
} otel_http_options;

/* How a request is sent. */
typedef uint32_t otel_http_method;
enum { OTEL_HTTP_POST = 0, OTEL_HTTP_GET = 1 };

/* Grows at the end only. */
typedef struct otel_http_request {
    const char *url;        /* this and the body are borrowed until `done` is called or cancel returns */
    const otel_str *pieces; /* the body, sent one piece after the other */
    size_t piece_count;
    const otel_http_header *headers; /* of this request; copied */
    size_t header_count;
    otel_deadline deadline;                                       /* of the whole exchange */
    uint32_t gzip;                                                /* 1: compress the body */
    otel_http_method method;                                      /* OTEL_HTTP_GET has no body */
    void (*done)(void *user, const otel_http_response *response); /* once, from poll; may start the next request */
    void *user;
} otel_http_request;

/* One request in a sender's hands: what to send. Valid until its done or the sender's cancel returns. */
typedef struct otel_http_exchange {
    size_t size; /* sizeof(otel_http_exchange) */
    const char *url;
    const char *const *header_lines; /* "Name: value"; "Name;" when the value is empty */
    size_t header_count;
    const otel_str *pieces;
    size_t piece_count;
    uint64_t body_bytes;    /* all pieces together */
    otel_deadline deadline; /* kept by the client, which cancels; here for information */
    void *otel_private;
    const char *method; /* "POST" or "GET" */
} otel_http_exchange;

/* A static table. Appended to, never changed; operations beyond `size` do not exist. All required but close and
 * after_fork. One call at a time, one exchange at a time. */
typedef struct otel_http_sender_ops {
    size_t size;      /* sizeof(otel_http_sender_ops) */
    const char *name; /* "libcurl" */
    /* Begins, without waiting. OTEL_OK: otel_http_exchange_done will be called, here or in poll. Otherwise nothing was
     * begun. */
    otel_result (*start)(otel_http_sender *self, otel_http_exchange *exchange);
    int32_t (*poll_fd)(otel_http_sender *self);                       /* as otel_http_client_poll_fd */
    void (*poll)(otel_http_sender *self, int64_t *next_monotonic_ns); /* as otel_http_client_poll */
    void (*cancel)(otel_http_sender *self);     /* forget the exchange now; its memory is gone when this returns */
    void (*close)(otel_http_sender *self);      /* end connections that are kept; NULL: none are */
    void (*after_fork)(otel_http_sender *self); /* in the child: abandon what was inherited, the exchange included */
    void (*destroy)(otel_http_sender *self);    /* releases self too */
} otel_http_sender_ops;
#define OTEL_HTTP_SENDER_OPS OTEL_CAST(size_t, sizeof(otel_http_sender_ops))

/* The first member of yours. Frozen. */
struct otel_http_sender {
    const otel_http_sender_ops *ops;
};

OTEL_EXTERN_C_BEGIN
/* The client is for one thread at a time, whichever.
 * NULL: refused, said through otel_diag. */
OTEL_API otel_http_client *otel_http_client_new_sized(const otel_http_options *options, size_t size);
OTEL_HTTP_INLINE otel_http_client *otel_http_client_new(const otel_http_options *options)
{
    return otel_http_client_new_sized(options, sizeof(otel_http_options));
}
/* Cancels what is under way. */
OTEL_API void otel_http_client_destroy(otel_http_client *client);

/* Begins, without waiting; then call poll at once, which says when to call it again. OTEL_ERR_ALREADY: a request is
 * under way. OTEL_ERR_ARGUMENT: the URL or a header is not acceptable. OTEL_ERR_SYSTEM: not now (the process is
 * exiting, or something ran out): try again later. `done` follows only upon OTEL_OK. */
OTEL_API otel_result otel_http_client_start_sized(otel_http_client *client, const otel_http_request *request,
                                                  size_t size);
OTEL_HTTP_INLINE otel_result otel_http_client_start(otel_http_client *client, const otel_http_request *request)
{
    return otel_http_client_start_sized(client, request, sizeof(otel_http_request));
}
/* A descriptor that becomes readable when poll should be called; valid until destroy or after_fork. */
OTEL_API int32_t otel_http_client_poll_fd(otel_http_client *client);
/* Does what can be done without waiting. *next_monotonic_ns: when to be called again at the latest, OTEL_DEADLINE_NEVER
 * when only the descriptor matters. */
OTEL_API void otel_http_client_poll(otel_http_client *client, int64_t *next_monotonic_ns);
/* Forgets the request now: `done` is not called, the body is not read any more. */
OTEL_API void otel_http_client_cancel(otel_http_client *client);
/* Cancels, and ends the connections that are kept alive. The client can be used again. */
OTEL_API void otel_http_client_close(otel_http_client *client);
/* In the child of a fork, before anything else: abandons what was inherited, the request under way included. */
OTEL_API void otel_http_client_after_fork(otel_http_client *client);

/* Overwrites with '*' in a message, NUL-terminated, what this client and a URL were given in confidence: values of its
 * headers (Accept, Content-Type and User-Agent aside), user information and query of the URL, user information of its
 * proxies. For texts of servers, which may repeat what they were sent. */
OTEL_API void otel_http_client_hide(const otel_http_client *client, const char *url, char *text);
/* The same for a secret that the client does not know, one of a request say: the whole of it and each word. Any thread.
 */
OTEL_API void otel_http_hide(char *text, const char *secret);

/* For senders. Each line of the answer's head as it came, the status line included (an interim answer's lines too). */
OTEL_API void otel_http_exchange_header(otel_http_exchange *exchange, const char *line, size_t size);
/* Some of the body. false: stop, there is too much; then call done with OTEL_HTTP_FAULT_TOO_LARGE. */
OTEL_API bool otel_http_exchange_body(otel_http_exchange *exchange, const void *data, size_t size);
/* The end, once. `error` is copied. */
OTEL_API void otel_http_exchange_done(otel_http_exchange *exchange, uint32_t status, otel_http_fault fault,
                                      const char *error);

/* The next four: any thread. By the status alone: 2xx OK; 429, 502, 503, 504 RETRY; everything else REFUSED, redirects
 * too. */
OTEL_API otel_http_verdict otel_http_classify(uint32_t status);
/* By status and fault: a status that arrived counts, whatever became of the body, except that an answer that is too
 * large refuses what it would have accepted; without one only a request that can never be sent is refused. */
OTEL_API otel_http_verdict otel_http_judge(const otel_http_response *response);
/* The text of a Retry-After header, seconds or any of the three forms of an HTTP date, which is compared with now. At
 * most most_ms; 0 for what is past or not understood. */
OTEL_API uint32_t otel_http_retry_after_ms(const char *text, size_t size, int64_t now_unix_seconds, uint32_t most_ms);
/* Bytes of others as text that can be shown: valid UTF-8, every control character a space, what is not UTF-8 a '?'.
 * Returns the length written, at most size - 1, cut at a character's border, with a NUL behind it. */
OTEL_API size_t otel_http_clean_text(const char *data, size_t length, char *out, size_t size);

/* The name is a token, and the value has no control character but tab. Any thread. */
OTEL_API bool otel_http_header_ok(const otel_http_header *header);
/* NULL: the URL is acceptable: http or https, a host, a port that is a number, no space or control character. Otherwise
 * why not, in static words that do not repeat the URL. Any thread. */
OTEL_API const char *otel_http_url_fault(const char *url);
/* The URL for a message, "https://host:4318", written as by otel_http_clean_text: user information, path and query stay
 * out, and the host too when an '@' later on makes it doubtful which part that is. Any thread. */
OTEL_API size_t otel_http_url_text(const char *url, char *out, size_t size);
OTEL_EXTERN_C_END
#endif
