/* Tests of exporters/http against a real server. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "certificates.h"
#include "exit_lock.h"
#include "http_server.h"
#include "peers.h"
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <otel/exporters/http.h>
#include <otel/sdk/allocator.h>
#include <otel/sdk/diag.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

/* ---- a name server that hangs: libcurl's calls come here ---- */

typedef int lookup_fn(const char *, const char *, const struct addrinfo *, struct addrinfo **);

enum { LOOKUP_HANGS_S = 3 };

OTEL_API int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
    static _Atomic(lookup_fn *) real;
    if (node && strcmp(node, "hang.invalid") == 0) {
        sleep(LOOKUP_HANGS_S);
        return EAI_AGAIN;
    }
    if (!real) {
        void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");
        lookup_fn *function;
        memcpy(&function, &symbol, sizeof function);
        real = function;
    }
    return real(node, service, hints, result);
}

/* ---- a client and what it has answered ---- */

typedef struct result {
    int calls;
    uint32_t status;
    otel_http_fault fault;
    uint32_t retry_after_ms;
    size_t body_size;
    char body[512], location[128], error[256];
    otel_http_verdict verdict;
} result;

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void copy(char *out, size_t size, otel_str text)
{
    snprintf(out, size, "%.*s", (int)(text.size < size ? text.size : size - 1), text.data ? text.data : "");
}

static void on_done(void *user, const otel_http_response *response)
{
    result *r = user;
    r->calls++;
    r->status = response->status;
    r->fault = response->fault;
    r->retry_after_ms = response->retry_after_ms;
    r->body_size = response->body.size;
    r->verdict = otel_http_judge(response);
    copy(r->body, sizeof r->body, response->body);
    copy(r->location, sizeof r->location, response->location);
    snprintf(r->error, sizeof r->error, "%s", response->error);
}

/* One turn of a loop: waits as long as the client allows, at most `most_ms`. */
static void turn(otel_http_client *client, int64_t *next, int most_ms)
{
    int64_t left = *next == OTEL_DEADLINE_NEVER ? most_ms : (*next / 1000000 - now_ms()) + 1;
    if (left > most_ms) left = most_ms;
    struct pollfd fd = {.fd = otel_http_client_poll_fd(client), .events = POLLIN};
    poll(&fd, 1, left > 0 ? (int)left : 0);
    otel_http_client_poll(client, next);
}

static void run(otel_http_client *client, const result *r, int most_ms)
{
    int64_t next, until = now_ms() + most_ms;
    otel_http_client_poll(client, &next);
    while (!r->calls && now_ms() < until) turn(client, &next, (int)(until - now_ms()));
}

static otel_str str(const char *text)
{
    return (otel_str){text, strlen(text)};
}

static otel_http_request request_to(const char *url, const otel_str *pieces, size_t count, result *r)
{
    *r = (result){0};
    return (otel_http_request){.url = url,
                               .pieces = pieces,
                               .piece_count = count,
                               .deadline = otel_deadline_in_ms(10000),
                               .done = on_done,
                               .user = r};
}

static result post(otel_http_client *client, const char *url, const char *body)
{
    result r;
    otel_str piece = str(body);
    otel_http_request request = request_to(url, &piece, 1, &r);
    assert_int_equal(otel_http_client_start(client, &request), OTEL_OK);
    run(client, &r, 10000);
    assert_int_equal(r.calls, 1);
    return r;
}

static const char *url_of(const http_server *server, const char *scheme, const char *host)
{
    static char urls[4][128];
    static unsigned nth;
    char *url = urls[nth++ % 4];
    snprintf(url, sizeof urls[0], "%s://%s:%u/v1/logs", scheme, host, http_server_port(server));
    return url;
}

static char said[8192];

/* In place of the SDK's, which says no more than ten lines in ten seconds. */
void otel_diag(otel_severity severity, const char *source, const char *format, ...)
{
    size_t used = strlen(said);
    va_list arguments;
    (void)severity;
    va_start(arguments, format);
    used += (size_t)snprintf(said + used, sizeof said - used, "%s: ", source);
    if (used < sizeof said) vsnprintf(said + used, sizeof said - used, format, arguments);
    va_end(arguments);
}

/* ---- fixtures ---- */

typedef struct fixture {
    http_server *server;
    otel_http_client *client;
    const char *url;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    said[0] = '\0';
    f->server = http_server_start(NULL);
    f->client = otel_http_client_new(&(otel_http_options){.user_agent = "test/1"});
    f->url = f->server ? url_of(f->server, "http", "127.0.0.1") : NULL;
    *state = f;
    return f->server && f->client ? 0 : -1;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    otel_http_client_destroy(f->client);
    http_server_stop(f->server);
    free(f);
    return 0;
}

static void script(fixture *f, http_answer answer)
{
    http_server_script(f->server, &answer, 1);
}

/* ---- meaning ---- */

/* Every status there can be: 2xx is success, four are tried again, nothing else is. */
static void statuses_are_classified(void **state)
{
    (void)state;
    for (uint32_t status = 0; status < 1000; status++) {
        otel_http_verdict expected = OTEL_HTTP_REFUSED;
        if (status >= 200 && status < 300) expected = OTEL_HTTP_OK;
        if (status == 429 || status == 502 || status == 503 || status == 504) expected = OTEL_HTTP_RETRY;
        if (otel_http_classify(status) != expected) fail_msg("%u: %d", status, otel_http_classify(status));
    }
}

static otel_http_verdict judge(uint32_t status, otel_http_fault fault)
{
    return otel_http_judge(&(otel_http_response){.status = status, .fault = fault});
}

static void answers_are_judged(void **state)
{
    (void)state;
    assert_int_equal(judge(0, OTEL_HTTP_FAULT_CONNECTION), OTEL_HTTP_RETRY);
    assert_int_equal(judge(0, OTEL_HTTP_FAULT_TIMEOUT), OTEL_HTTP_RETRY);
    assert_int_equal(judge(0, OTEL_HTTP_FAULT_REQUEST), OTEL_HTTP_REFUSED);
    assert_int_equal(judge(200, OTEL_HTTP_FAULT_CONNECTION), OTEL_HTTP_OK);
    assert_int_equal(judge(200, OTEL_HTTP_FAULT_TOO_LARGE), OTEL_HTTP_REFUSED);
    assert_int_equal(judge(503, OTEL_HTTP_FAULT_TOO_LARGE), OTEL_HTTP_RETRY);
    assert_int_equal(judge(400, OTEL_HTTP_FAULT_TIMEOUT), OTEL_HTTP_REFUSED);
    assert_int_equal(otel_http_judge(NULL), OTEL_HTTP_RETRY);
}

static void urls_are_checked(void **state)
{
    (void)state;
    static const char *const good[] = {
        "http://localhost",     "http://localhost:4318",          "HTTPS://example.com/x?y=z#f",
        "http://[::1]:4318/",   "http://[fe80::1%25eth0]/",       "http://user:pass@host/",
        "http://user:@host:1/", "https://b\303\274cher.example/", "http://a-b.c_d:65535",
    };
    static const char *const bad[] = {
        NULL,
        "",
        "localhost:4318",
        "ftp://host",
        "http:/host",
        "http://",
        "http:///path",
        "http://:80",
        "http://host:",
        "http://host:0",
        "http://host:65536",
        "http://host:80x",
        "http://host:99999999999999999999",
        "http://[::1",
        "http://[]",
        "http://[::1]x",
        "http://[::1]:",
        "http://a b/",
        "http://a/\n",
        "http://a/\x7f",
        "http://a\\b/",
        "http://u:p@ss@host/",
        "http://<host>/",
        "file:///etc/passwd",
        "xhttp://host/",
        "://host/",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (otel_http_url_fault(good[i])) fail_msg("%s: %s", good[i], otel_http_url_fault(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (!otel_http_url_fault(bad[i])) fail_msg("%s was accepted", bad[i]);
    char *longest = malloc(9001);
    memset(longest, 'a', 9000);
    memcpy(longest, "http://", 7);
    longest[9000] = '\0';
    assert_non_null(otel_http_url_fault(longest));
    free(longest);
}

static const char *shown(const char *url)
{
    static char text[256];
    size_t length = otel_http_url_text(url, text, sizeof text);
    assert_int_equal(length, strlen(text));
    return text;
}

static void secrets_of_urls_are_not_shown(void **state)
{
    (void)state;
    assert_string_equal(shown("https://example.com:4318/a/b?key=s3cret"), "https://example.com:4318");
    assert_string_equal(shown("http://user:s3cret@host/p"), "http://host");
    assert_string_equal(shown("http://[::1]:1/"), "http://[::1]:1");
    assert_string_equal(shown("http://user:12/s3cret@host/p"), "http://(hidden)");
    assert_string_equal(shown("http://user?s3cret@host/p"), "http://(hidden)");
    assert_string_equal(shown("http://user#s3cret@host/p"), "http://(hidden)");
    assert_string_equal(shown("http://user:s3c@ret@host/p"), "(not a URL)");
    assert_string_equal(shown("s3cret"), "(not a URL)");
    assert_string_equal(shown(NULL), "(not a URL)");
    char tiny[8];
    assert_int_equal(otel_http_url_text("http://host", tiny, sizeof tiny), 7);
    assert_string_equal(tiny, "http://");
    assert_int_equal(otel_http_url_text("http://host", NULL, 0), 0);
}

static const char *cleaned(const char *bytes, size_t size)
{
    static char text[64];
    otel_http_clean_text(bytes, size, text, sizeof text);
    return text;
}

static void text_is_cleaned(void **state)
{
    (void)state;
    assert_string_equal(cleaned("a\n\x1b[31mb\0c\x7f", 10), "a  [31mb c");
    assert_string_equal(cleaned("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80", 15),
                        "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80");
    assert_string_equal(cleaned("\xc3|\xff|\xc0\x80|\xed\xa0\x80|\xf4\x90\x80\x80", 15), "?|?|?\?|??\?|???\?");
    assert_string_equal(cleaned("\xc2\x9bX\xe2\x80\xaeY\xe2\x80\xa8Z", 11), " X Y Z");
    char small[4];
    assert_int_equal(otel_http_clean_text("ab\xc3\xbc", 4, small, sizeof small), 2);
    assert_string_equal(small, "ab");
    assert_int_equal(otel_http_clean_text(NULL, 0, small, sizeof small), 0);
    assert_int_equal(otel_http_clean_text("abc", 3, NULL, 0), 0);
}

/* ---- requests ---- */

static void a_post_arrives(void **state)
{
    fixture *f = *state;
    char text[256];
    result r;
    otel_str pieces[] = {str("one "), str(""), str("two "), {NULL, 0}, str("three")};
    otel_http_request request = request_to(f->url, pieces, 5, &r);
    request.headers =
        (otel_http_header[]){{"Content-Type", "application/x-protobuf"}, {"X-Empty", ""}, {"X-Key", "v w"}};
    request.header_count = 3;
    script(f, (http_answer){.body = "hello"});
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
    run(f->client, &r, 5000);
    assert_int_equal(r.status, 200);
    assert_int_equal(r.fault, OTEL_HTTP_FAULT_NONE);
    assert_string_equal(r.body, "hello");
    assert_string_equal(r.error, "");
    const http_seen *seen = http_server_at(f->server, 0);
    assert_string_equal(seen->method, "POST");
    assert_string_equal(seen->path, "/v1/logs");
    assert_string_equal(seen->body, "one two three");
    assert_string_equal(http_seen_header(seen, "Content-Type", text, sizeof text), "application/x-protobuf");
    assert_string_equal(http_seen_header(seen, "Content-Length", text, sizeof text), "13");
    assert_string_equal(http_seen_header(seen, "User-Agent", text, sizeof text), "test/1");
    assert_string_equal(http_seen_header(seen, "X-Key", text, sizeof text), "v w");
    assert_non_null(strstr(seen->headers, "X-Empty: \n"));
    assert_null(strstr(seen->headers, "Expect"));
    assert_null(strstr(seen->headers, "Content-Encoding"));
}

static void an_endless_head_is_capped(void **state)
{
    (void)state;
    char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%u", peer_endless_head());
    otel_http_client *client = otel_http_client_new(NULL);
    result r = post(client, url, "x");
    assert_int_equal(r.fault, OTEL_HTTP_FAULT_TOO_LARGE);
    assert_int_equal(r.verdict, OTEL_HTTP_REFUSED);
    assert_string_equal(r.error, "the answer is longer than allowed");
    otel_http_client_destroy(client);
}

static void an_empty_body_arrives(void **state)
{
    fixture *f = *state;
    result r;
    otel_http_request request = request_to(f->url, NULL, 0, &r);
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
    run(f->client, &r, 5000);
    assert_int_equal(r.status, 200);
    assert_int_equal(http_server_at(f->server, 0)->body_size, 0);
}

static void the_connection_is_kept(void **state)
{
    fixture *f = *state;
    for (int i = 0; i < 50; i++) assert_int_equal(post(f->client, f->url, "x").status, 200);
    assert_int_equal(http_server_count(f->server), 50);
    assert_int_equal(http_server_connections(f->server), 1);
}

static void a_closed_connection_is_opened_again(void **state)
{
    fixture *f = *state;
    script(f, (http_answer){.headers = {"Connection", "close"}});
    for (int i = 0; i < 3; i++) assert_int_equal(post(f->client, f->url, "x").status, 200);
    assert_int_equal(http_server_connections(f->server), 3);
}

/* Sockets of this process that are connected to the server. */
static int connected(const http_server *server)
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

static void close_ends_kept_connections(void **state)
{
    fixture *f = *state;
    assert_int_equal(post(f->client, f->url, "x").status, 200);
    assert_int_equal(connected(f->server), 1);
    otel_http_client_close(f->client);
    assert_int_equal(connected(f->server), 0);
    assert_int_equal(post(f->client, f->url, "x").status, 200);
    assert_int_equal(http_server_connections(f->server), 2);
}

enum { LARGE = 3 * 1024 * 1024 + 17, PIECES = 200 };

/* Pieces of uneven size over one large text. */
static char *make_large(otel_str *pieces)
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

static void a_large_body_arrives(void **state)
{
    fixture *f = *state;
    result r;
    otel_str pieces[PIECES];
    char *text = make_large(pieces);
    otel_http_request request = request_to(f->url, pieces, PIECES, &r);
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
    run(f->client, &r, 5000);
    assert_int_equal(r.status, 200);
    const http_seen *seen = http_server_at(f->server, 0);
    assert_int_equal(seen->body_size, LARGE);
    assert_memory_equal(seen->body, text, LARGE);
    free(text);
}

static size_t gunzip(const char *in, size_t size, char *out, size_t room)
{
    z_stream stream = {
        .next_in = (Bytef *)(size_t)in, .avail_in = (uInt)size, .next_out = (Bytef *)out, .avail_out = (uInt)room};
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.avail_in, 0);
    inflateEnd(&stream);
    return room - stream.avail_out;
}

static void a_compressed_body_arrives(void **state)
{
    fixture *f = *state;
    result r;
    char encoding[32];
    otel_str pieces[PIECES];
    char *text = make_large(pieces), *out = malloc(LARGE + 1);
    for (size_t i = 0; i < 3; i++) { /* a large one, a small one, a large one: the buffer is used again */
        otel_http_request request = request_to(f->url, pieces, i == 1 ? 2 : PIECES, &r);
        request.gzip = 1;
        assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
        run(f->client, &r, 5000);
        const http_seen *seen = http_server_at(f->server, i);
        assert_string_equal(http_seen_header(seen, "Content-Encoding", encoding, sizeof encoding), "gzip");
        size_t size = i == 1 ? pieces[0].size + pieces[1].size : LARGE;
        assert_true(i == 1 || seen->body_size < LARGE);
        assert_int_equal(gunzip(seen->body, seen->body_size, out, LARGE + 1), size);
        assert_memory_equal(out, text, size);
    }
    free(text);
    free(out);
}

static void one_request_at_a_time(void **state)
{
    fixture *f = *state;
    result r, second;
    script(f, (http_answer){.delay_ms = 50});
    otel_http_request request = request_to(f->url, NULL, 0, &r), other = request_to(f->url, NULL, 0, &second);
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
    assert_int_equal(otel_http_client_start(f->client, &other), OTEL_ERR_ALREADY);
    run(f->client, &r, 5000);
    assert_int_equal(r.status, 200);
    assert_int_equal(second.calls, 0);
}

static void bad_requests_are_refused(void **state)
{
    fixture *f = *state;
    result r;
    otel_http_request request = request_to("ftp://host/", NULL, 0, &r);
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_ERR_ARGUMENT);
    request = request_to(f->url, NULL, 0, &r);
    request.done = NULL;
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_ERR_ARGUMENT);
    static const otel_http_header bad[] = {{"A\r\nB", "x"}, {"A", "x\r\nB: y"}, {"", "x"},
                                           {"A:", "x"},     {NULL, "x"},        {"A", NULL}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        request = request_to(f->url, NULL, 0, &r);
        request.headers = bad + i;
        request.header_count = 1;
        assert_int_equal(otel_http_client_start(f->client, &request), OTEL_ERR_ARGUMENT);
        assert_null(otel_http_client_new(&(otel_http_options){.headers = bad + i, .header_count = 1}));
    }
    assert_null(otel_http_client_new(&(otel_http_options){.user_agent = "a\nb"}));
    assert_int_equal(otel_http_client_start(NULL, &request), OTEL_ERR_ARGUMENT);
    assert_int_equal(otel_http_client_start(f->client, NULL), OTEL_ERR_ARGUMENT);
    otel_http_client_destroy(NULL);
    otel_http_client_cancel(NULL);
    otel_http_client_after_fork(NULL);
    assert_int_equal(otel_http_client_poll_fd(NULL), -1);
    assert_int_equal(http_server_count(f->server), 0);
}

static void user_information_is_sent_and_not_shown(void **state)
{
    fixture *f = *state;
    char url[128], text[64];
    snprintf(url, sizeof url, "http://me:s3cret@127.0.0.1:%u/", http_server_port(f->server));
    assert_int_equal(post(f->client, url, "x").status, 200);
    http_seen_header(http_server_at(f->server, 0), "Authorization", text, sizeof text);
    assert_string_equal(text, "Basic bWU6czNjcmV0");
    result r = post(f->client, "http://me:s3cret@127.0.0.1:1/", "x");
    assert_int_equal(r.fault, OTEL_HTTP_FAULT_CONNECTION);
    assert_null(strstr(r.error, "s3cret"));
    assert_null(strstr(r.error, "me:"));
}

static void it_speaks_ipv6(void **state)
{
    (void)state;
    http_server *server = http_server_start(&(http_server_options){.ipv6 = true});
    if (!server) { /* a machine without IPv6: the address is refused in words */
        otel_http_client *client = otel_http_client_new(NULL);
        assert_int_equal(post(client, "http://[::1]:9/", "x").fault, OTEL_HTTP_FAULT_CONNECTION);
        otel_http_client_destroy(client);
        return;
    }
    otel_http_client *client = otel_http_client_new(NULL);
    assert_int_equal(post(client, url_of(server, "http", "[::1]"), "x").status, 200);
    otel_http_client_destroy(client);
    http_server_stop(server);
}

/* ---- answers ---- */

static void retry_after_is_read(void **state)
{
    fixture *f = *state;
    script(f, (http_answer){.status = 503, .headers = {"retry-after", "7"}});
    result r = post(f->client, f->url, "x");
    assert_int_equal(r.status, 503);
    assert_int_equal(r.verdict, OTEL_HTTP_RETRY);
    assert_int_equal(r.retry_after_ms, 7000);
    script(f, (http_answer){.status = 429, .headers = {"Retry-After", "86400"}});
    assert_int_equal(post(f->client, f->url, "x").retry_after_ms, 300000);
    script(f, (http_answer){.status = 429, .headers = {"Retry-After", "-3"}});
    assert_int_equal(post(f->client, f->url, "x").retry_after_ms, 0);
    script(f, (http_answer){.status = 429});
    assert_int_equal(post(f->client, f->url, "x").retry_after_ms, 0);
}

static void a_date_is_compared_with_the_servers_clock(void **state)
{
    fixture *f = *state;
    http_answer answer = {
        .status = 503,
        .headers = {"Date", "Sun, 06 Nov 1994 08:49:37 GMT", "Retry-After", "Sun, 06 Nov 1994 08:49:47 GMT"}};
    script(f, answer);
    result r = post(f->client, f->url, "x");
    assert_int_equal(r.retry_after_ms, 10000);
}

static void redirects_are_not_followed(void **state)
{
    fixture *f = *state;
    char target[160];
    snprintf(target, sizeof target, "%s/elsewhere", f->url);
    script(f, (http_answer){.status = 307, .headers = {"Location", target}});
    result r = post(f->client, f->url, "x");
    assert_int_equal(r.status, 307);
    assert_int_equal(r.verdict, OTEL_HTTP_REFUSED);
    assert_string_equal(r.location, target);
    assert_int_equal(http_server_count(f->server), 1);
}

static void a_compressed_answer_is_read(void **state)
{
    fixture *f = *state;
    char packed[128];
    z_stream stream = {
        .next_in = (Bytef *)(size_t) "plain words", .avail_in = 11, .next_out = (Bytef *)packed, .avail_out = 128};
    deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
    deflate(&stream, Z_FINISH);
    script(f, (http_answer){.headers = {"Content-Encoding", "gzip"}, .body = packed, .body_size = stream.total_out});
    deflateEnd(&stream);
    assert_string_equal(post(f->client, f->url, "x").body, "plain words");
    script(f, (http_answer){.headers = {"Content-Encoding", "gzip"}, .body = "not gzip"});
    result r = post(f->client, f->url, "x");
    assert_int_equal(r.fault, OTEL_HTTP_FAULT_CONNECTION);
    assert_int_equal(r.verdict, OTEL_HTTP_OK);
}

static void answers_are_capped(void **state)
{
    fixture *f = *state;
    script(f, (http_answer){.endless = true});
    result r = post(f->client, f->url, "x");
    assert_int_equal(r.status, 200);
    assert_int_equal(r.fault, OTEL_HTTP_FAULT_TOO_LARGE);
    assert_int_equal(r.verdict, OTEL_HTTP_REFUSED);
    assert_true(r.body_size <= 4 * 1024 * 1024);
    otel_http_client *small = otel_http_client_new(&(otel_http_options){.max_response_bytes = 5});
    script(f, (http_answer){.body = "12345"});
    assert_int_equal(post(small, f->url, "x").fault, OTEL_HTTP_FAULT_NONE);
    script(f, (http_answer){.status = 503, .body = "123456"});
    r = post(small, f->url, "x");
    assert_int_equal(r.fault, OTEL_HTTP_FAULT_TOO_LARGE);
    assert_int_equal(r.verdict, OTEL_HTTP_RETRY);
    assert_non_null(strstr(r.error, "longer"));
    otel_http_client_destroy(small);
}

static void a_bomb_is_capped(void **state)
{
    fixture *f = *state;
    enum { ZEROS = 64 * 1024 * 1024, ROOM = 128 * 1024 };
    char *packed = malloc(ROOM), *zeros = calloc(1, 1 << 20);
    z_stream stream = {.next_out = (Bytef *)packed, .avail_out = ROOM};
    deflateInit2(&stream, 9, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY);
    for (size_t i = 0; i < ZEROS >> 20; i++) {
        stream.next_in = (Bytef *)zeros;
        stream.avail_in = 1 << 20;
        deflate(&stream, i + 1 < ZEROS >> 20 ? Z_NO_FLUSH : Z_FINISH);
    }
    script(f, (http_answer){.headers = {"Content-Encoding", "gzip"}, .body = packed, .body_size = stream.total_out});
    deflateEnd(&stream);
    result r = post(f->client, f->url, "x");
    assert_int_equal(r.fault, OTEL_HTTP_FAULT_TOO_LARGE);
    assert_true(r.body_size <= 4 * 1024 * 1024);
    free(packed);
    free(zeros);
}

/* ---- time ---- */

static void a_hanging_server_meets_the_deadline(void **state)
{
    fixture *f = *state;
    result r;
    script(f, (http_answer){.hang = true});
    otel_http_request request = request_to(f->url, NULL, 0, &r);
    request.deadline = otel_deadline_in_ms(200);
    int64_t begin = now_ms();
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
    run(f->client, &r, 5000);
    assert_in_range(now_ms() - begin, 190, 350);
    assert_int_equal(r.status, 0);
    assert_int_equal(r.fault, OTEL_HTTP_FAULT_TIMEOUT);
    assert_int_equal(r.verdict, OTEL_HTTP_RETRY);
    assert_non_null(strstr(r.error, "127.0.0.1"));
    script(f, (http_answer){0});
    assert_int_equal(post(f->client, f->url, "x").status, 200);
}

static void a_dripping_answer_meets_the_deadline(void **state)
{
    fixture *f = *state;
    result r;
    script(f, (http_answer){.drip = true});
    otel_http_request request = request_to(f->url, NULL, 0, &r);
    request.deadline = otel_deadline_in_ms(300);
    int64_t begin = now_ms();
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
    run(f->client, &r, 5000);
    assert_in_range(now_ms() - begin, 290, 450);
    assert_int_equal(r.fault, OTEL_HTTP_FAULT_TIMEOUT);
    assert_int_equal(r.status, 200);
    assert_int_equal(r.verdict, OTEL_HTTP_OK);
}

static void cancel_is_at_once(void **state)
{
    fixture *f = *state;
    result r;
    char *body = malloc(1000);
    memset(body, 'b', 1000);
    otel_str piece = {body, 1000};
    script(f, (http_answer){.hang = true});
    otel_http_request request = request_to(f->url, &piece, 1, &r);
    request.deadline = (otel_deadline){OTEL_DEADLINE_NEVER};
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
    run(f->client, &r, 100);
    int64_t begin = now_ms();
    otel_http_client_cancel(f->client);
    assert_in_range(now_ms() - begin, 0, 50);
    free(body);
    run(f->client, &r, 50);
    assert_int_equal(r.calls, 0);
    script(f, (http_answer){0});
    assert_int_equal(post(f->client, f->url, "x").status, 200);
}

static int closed_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(fd, (struct sockaddr *)&address, size) != 0 || getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        return 1;
    close(fd);
    return ntohs(address.sin_port);
}

static void a_closed_port_is_a_fault(void **state)
{
    fixture *f = *state;
    char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", closed_port());
    result r = post(f->client, url, "x");
    assert_int_equal(r.status, 0);
    assert_int_equal(r.fault, OTEL_HTTP_FAULT_CONNECTION);
    assert_int_equal(r.verdict, OTEL_HTTP_RETRY);
    assert_non_null(strstr(r.error, "Connection refused"));
}

static void a_dropped_connection_is_a_fault(void **state)
{
    fixture *f = *state;
    assert_int_equal(post(f->client, f->url, "x").status, 200);
    script(f, (http_answer){.drop = true});
    result r = post(f->client, f->url, "x");
    assert_int_equal(r.fault, OTEL_HTTP_FAULT_CONNECTION);
    assert_int_equal(r.verdict, OTEL_HTTP_RETRY);
}

/* A kept connection that the server has given up: the body is sent again from its beginning. */
static void a_dead_kept_connection_is_replaced(void **state)
{
    fixture *f = *state;
    result r;
    otel_str pieces[PIECES];
    char *text = make_large(pieces);
    assert_int_equal(post(f->client, f->url, "x").status, 200);
    http_server_script(f->server, (http_answer[]){{.drop = true}, {0}}, 2);
    otel_http_request request = request_to(f->url, pieces, PIECES, &r);
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
    run(f->client, &r, 5000);
    assert_int_equal(r.status, 200);
    const http_seen *seen = http_server_at(f->server, 2);
    assert_int_equal(seen->body_size, LARGE);
    assert_memory_equal(seen->body, text, LARGE);
    free(text);
}

static void an_unknown_name_is_a_fault(void **state)
{
    fixture *f = *state;
    result r = post(f->client, "http://no-such-host.invalid/", "x");
    assert_int_equal(r.fault, OTEL_HTTP_FAULT_CONNECTION);
    assert_non_null(strstr(r.error, "no-such-host.invalid"));
}

static void a_hanging_look_up_is_given_up(void **state)
{
    fixture *f = *state;
    result r;
    otel_http_request request = request_to("http://hang.invalid/", NULL, 0, &r);
    request.deadline = otel_deadline_in_ms(150);
    int64_t begin = now_ms();
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
    run(f->client, &r, 5000);
    assert_in_range(now_ms() - begin, 140, 300);
    assert_int_equal(r.fault, OTEL_HTTP_FAULT_TIMEOUT);
    request = request_to("http://hang.invalid/", NULL, 0, &r);
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
    run(f->client, &r, 100);
    begin = now_ms();
    otel_http_client_cancel(f->client);
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
    run(f->client, &r, 100);
    otel_http_client_destroy(f->client);
    assert_in_range(now_ms() - begin, 90, 250);
    f->client = otel_http_client_new(NULL);
    assert_int_equal(post(f->client, f->url, "x").status, 200);
}

/* ---- TLS ---- */

static http_server *tls_server(const char *name, bool mutual)
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

/* Posts once over TLS to a server with the certificate `name`. */
static result post_tls(const char *name, bool mutual, const char *host, otel_http_options options)
{
    http_server *server = tls_server(name, mutual);
    otel_http_client *client = otel_http_client_new(&options);
    assert_non_null(client);
    result r = post(client, url_of(server, "https", host), "over TLS");
    otel_http_client_destroy(client);
    http_server_stop(server);
    return r;
}

static void tls_is_checked(void **state)
{
    (void)state;
    otel_http_options ours = {.ca_file = certificates_path("ca.pem")},
                      other = {.ca_file = certificates_path("other.pem")};
    assert_int_equal(post_tls("server", false, "localhost", ours).status, 200);
    assert_int_equal(post_tls("server", false, "127.0.0.1", ours).status, 200);
    result r = post_tls("server", false, "localhost", other);
    assert_int_equal(r.status, 0);
    assert_int_equal(r.verdict, OTEL_HTTP_RETRY);
    assert_non_null(strstr(r.error, "certificate"));
    r = post_tls("elsewhere", false, "localhost", ours);
    assert_int_equal(r.status, 0);
    assert_non_null(strstr(r.error, "subject name"));
    r = post_tls("server", false, "localhost", (otel_http_options){0}); /* the system's authorities do not know us */
    assert_int_equal(r.status, 0);
}

static void clients_show_their_certificate(void **state)
{
    (void)state;
    otel_http_options ours = {.ca_file = certificates_path("ca.pem")};
    result r = post_tls("server", true, "localhost", ours);
    /* libmicrohttpd only asks for a certificate: whether one was sent is seen in the next test, by one that cannot be
     * used */
    assert_true(r.status == 200 || r.fault == OTEL_HTTP_FAULT_CONNECTION);
    ours.certificate_file = certificates_path("client.pem");
    ours.key_file = certificates_path("client.key");
    assert_int_equal(post_tls("server", true, "localhost", ours).status, 200);
    ours.key_file = certificates_path("other.key");
    r = post_tls("server", true, "localhost", ours);
    assert_int_equal(r.fault, OTEL_HTTP_FAULT_CONNECTION);
    assert_non_null(strstr(r.error, "private key"));
}

static void plain_http_to_a_tls_port_is_a_fault(void **state)
{
    (void)state;
    http_server *server = tls_server("server", false);
    otel_http_client *client = otel_http_client_new(NULL);
    result r = post(client, url_of(server, "http", "127.0.0.1"), "x");
    assert_int_not_equal(r.verdict, OTEL_HTTP_OK);
    otel_http_client_destroy(client);
    http_server_stop(server);
}

static void copy_file(const char *from, const char *to)
{
    char command[256];
    snprintf(command, sizeof command, "cp %s %s", from, to);
    assert_int_equal(system(command), 0);
}

static void certificates_outlive_their_file_and_are_renewed(void **state)
{
    (void)state;
    http_server *server = tls_server("server", false);
    const char *url = url_of(server, "https", "localhost"), *file = certificates_path("renewed.pem");
    copy_file(certificates_path("ca.pem"), file);
    otel_http_client *client = otel_http_client_new(&(otel_http_options){.ca_file = file});
    unlink(file);
    assert_int_equal(post(client, url, "x").status, 200);
    otel_http_client_destroy(client);
    copy_file(certificates_path("other.pem"), file);
    client = otel_http_client_new(&(otel_http_options){.ca_file = file});
    assert_int_equal(post(client, url, "x").status, 0);
    copy_file(certificates_path("ca.pem"), file);
    assert_int_equal(post(client, url, "x").status, 200);
    otel_http_client_destroy(client);
    http_server_stop(server);
}

static void a_missing_certificate_is_said(void **state)
{
    (void)state;
    said[0] = '\0';
    result r = post_tls("server", false, "localhost", (otel_http_options){.ca_file = "/nowhere/ca.pem"});
    assert_non_null(strstr(said, "/nowhere/ca.pem"));
    assert_int_equal(r.status, 0);
    assert_int_equal(r.verdict, OTEL_HTTP_RETRY);
}

/* ---- forks, exits, signals ---- */

static int child_status(pid_t child)
{
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static int post_in_child(fixture *f)
{
    result r;
    otel_http_client_after_fork(f->client);
    if (connected(f->server) != 0) return 4; /* the inherited one is closed */
    otel_http_request request = request_to(f->url, NULL, 0, &r);
    if (otel_http_client_start(f->client, &request) != OTEL_OK) return 2;
    run(f->client, &r, 5000);
    otel_http_client_destroy(f->client);
    return r.status == 200 ? 0 : 3;
}

static void forks_do_not_share_connections(void **state)
{
    fixture *f = *state;
    assert_int_equal(post(f->client, f->url, "x").status, 200);
    for (int told = 0; told < 2; told++) {
        result r;
        script(f, (http_answer){.delay_ms = 300});
        otel_http_request request = request_to(f->url, NULL, 0, &r);
        assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
        run(f->client, &r, 100); /* the parent is waiting for its answer */
        pid_t child = fork();
        if (child == 0 && told) _exit(post_in_child(f));
        if (child == 0) {
            otel_http_client_destroy(f->client); /* nobody told it of the fork */
            _exit(0);
        }
        assert_int_equal(child_status(child), 0);
        run(f->client, &r, 5000);
        assert_int_equal(r.status, 200);
        script(f, (http_answer){0});
        assert_int_equal(post(f->client, f->url, "x").status, 200);
    }
    assert_int_equal(http_server_connections(f->server), 2); /* the parent's, and one of the child that sent */
}

static otel_http_client *exiting_client;
static const char *exiting_url;
static int64_t exit_began;

/* Registered before the client's handler, so it runs after it. */
static void after_the_exit_handler(void)
{
    if (exit_began) _exit(now_ms() - exit_began < 50 ? 42 : 43);
    if (!exiting_client) return;
    result r;
    int64_t next, begin = now_ms();
    otel_http_request request = request_to(exiting_url, NULL, 0, &r);
    bool refused = otel_http_client_start(exiting_client, &request) == OTEL_ERR_SYSTEM;
    otel_http_client_poll(exiting_client, &next);
    otel_http_client_cancel(exiting_client);
    otel_http_client_destroy(exiting_client);
    _exit(refused && next == OTEL_DEADLINE_NEVER && now_ms() - begin < 50 ? 42 : 43);
}

/* This program again, in a process that has not met libcurl: argv[1] says what to do there. */
static pid_t run_self(const char *what, const char *url)
{
    pid_t child = fork();
    if (child != 0) return child;
    setenv("LSAN_OPTIONS", "detect_leaks=0", 1); /* what is under way at exit is left as it is */
    execl("/proc/self/exe", "test_http", what, url, certificates_path("ca.pem"), (char *)NULL);
    _exit(127);
}

static void nothing_starts_while_exiting(void **state)
{
    fixture *f = *state;
    assert_int_equal(child_status(run_self("late", f->url)), 42);
}

static int exit_and_start(const char *url)
{
    exiting_client = otel_http_client_new(NULL);
    exiting_url = url;
    if (post(exiting_client, url, "x").status != 200) return 1;
    exit(0);
}

static void *shake_hands(void *user)
{
    char **arguments = user;
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    for (;;) {
        result r;
        otel_http_client *client = otel_http_client_new(&(otel_http_options){.ca_file = arguments[3]});
        otel_http_request request = request_to(arguments[2], NULL, 0, &r);
        if (otel_http_client_start(client, &request) == OTEL_OK) run(client, &r, 5000);
        otel_http_client_destroy(client);
    }
    return NULL;
}

static int exit_in_handshake(char **arguments)
{
    pthread_t threads[2];
    for (size_t i = 0; i < 2; i++) pthread_create(&threads[i], NULL, shake_hands, arguments);
    struct timespec pause = {.tv_nsec = 20000000 + (long)(getpid() % 97) * 100000};
    nanosleep(&pause, NULL);
    exit(0);
}

static void exit_in_a_handshake_is_no_crash(void **state)
{
    (void)state;
    http_server *server = tls_server("server", false);
    const char *url = url_of(server, "https", "127.0.0.1");
    for (int i = 0; i < 20; i++) assert_int_equal(child_status(run_self("handshake", url)), 0);
    http_server_stop(server);
}

static void a_child_that_only_exits_does_not_wait(void **state)
{
    (void)state;
    otel__network guard;
    assert_true(otel__network_enter(&guard)); /* held at the moment of the fork, and never freed in the child */
    pid_t child = fork();
    if (child == 0) {
        exit_began = now_ms();
        exit(0);
    }
    int status = child_status(child);
    otel__network_leave(&guard);
    assert_int_equal(status, 42);
}

static void a_child_takes_a_lock_that_was_held(void **state)
{
    fixture *f = *state;
    otel__network guard;
    assert_true(otel__network_enter(&guard));
    pid_t child = fork();
    if (child == 0) {
        alarm(5);
        _exit(post_in_child(f));
    }
    otel__network_leave(&guard);
    assert_int_equal(child_status(child), 0);
}

static void sigpipe_stays_inside(void **state)
{
    (void)state;
    otel__network guard;
    sigset_t waiting;
    assert_true(otel__network_enter(&guard));
    raise(SIGPIPE); /* would end the program */
    otel__network_leave(&guard);
    sigpending(&waiting);
    assert_false(sigismember(&waiting, SIGPIPE));
}

/* ---- senders of others ---- */

typedef struct echo_sender {
    otel_http_sender base;
    otel_http_exchange *exchange;
    bool answers, cancelled;
    int *destroyed;
} echo_sender;

static otel_result echo_start(otel_http_sender *base, otel_http_exchange *exchange)
{
    ((echo_sender *)base)->exchange = exchange;
    return OTEL_OK;
}

static int32_t echo_poll_fd(otel_http_sender *base)
{
    (void)base;
    return 77;
}

static void echo_poll(otel_http_sender *base, int64_t *next)
{
    echo_sender *self = (echo_sender *)base;
    *next = OTEL_DEADLINE_NEVER;
    if (!self->exchange || !self->answers) return;
    static const char head[] = "HTTP/1.1 503 Busy\r\n", wait[] = "Retry-After: 2\r\n";
    otel_http_exchange_header(self->exchange, head, sizeof head - 1);
    otel_http_exchange_header(self->exchange, wait, sizeof wait - 1);
    for (size_t i = 0; i < self->exchange->piece_count; i++)
        otel_http_exchange_body(self->exchange, self->exchange->pieces[i].data, self->exchange->pieces[i].size);
    otel_http_exchange_done(self->exchange, 503, OTEL_HTTP_FAULT_NONE, NULL);
    self->exchange = NULL;
}

static void echo_cancel(otel_http_sender *base)
{
    ((echo_sender *)base)->exchange = NULL;
    ((echo_sender *)base)->cancelled = true;
}

static void echo_destroy(otel_http_sender *base)
{
    ++*((echo_sender *)base)->destroyed;
    free(base);
}

static const otel_http_sender_ops echo_ops = {.size = sizeof echo_ops,
                                              .name = "echo",
                                              .start = echo_start,
                                              .poll_fd = echo_poll_fd,
                                              .poll = echo_poll,
                                              .cancel = echo_cancel,
                                              .destroy = echo_destroy};

static echo_sender *new_echo(int *destroyed)
{
    echo_sender *sender = calloc(1, sizeof *sender);
    sender->base.ops = &echo_ops;
    sender->answers = true;
    sender->destroyed = destroyed;
    return sender;
}

static void senders_can_be_replaced(void **state)
{
    (void)state;
    int destroyed = 0;
    int64_t next;
    result r;
    echo_sender *sender = new_echo(&destroyed);
    otel_http_client *client = otel_http_client_new(&(otel_http_options){.sender = &sender->base});
    assert_int_equal(otel_http_client_poll_fd(client), 77);
    r = post(client, "http://anywhere/", "echo");
    assert_string_equal(r.body, "echo");
    assert_int_equal(r.status, 503);
    assert_int_equal(r.retry_after_ms, 2000);
    sender->answers = false;
    otel_http_request request = request_to("http://anywhere/", NULL, 0, &r);
    request.deadline = otel_deadline_in_ms(30);
    assert_int_equal(otel_http_client_start(client, &request), OTEL_OK);
    otel_http_client_poll(client, &next);
    assert_int_equal(next, request.deadline.monotonic_ns);
    poll(NULL, 0, 40);
    otel_http_client_poll(client, &next);
    assert_int_equal(r.fault, OTEL_HTTP_FAULT_TIMEOUT);
    assert_true(sender->cancelled);
    otel_http_client_destroy(client);
    assert_int_equal(destroyed, 1);
    assert_null(otel_http_client_new(&(otel_http_options){.sender = &new_echo(&destroyed)->base, .user_agent = "\n"}));
    assert_int_equal(destroyed, 2);
    echo_sender empty = {.base.ops = &(otel_http_sender_ops){.size = sizeof empty}};
    assert_null(otel_http_client_new(&(otel_http_options){.sender = &empty.base}));
}

/* ---- interim answers and chained requests ---- */

typedef struct chain {
    otel_http_client *client;
    const char *url;
    int left;
    uint32_t status;
} chain;

static void on_chain(void *user, const otel_http_response *response)
{
    chain *c = user;
    c->status = response->status;
    if (--c->left == 0) return;
    otel_http_request request = {.url = c->url, .deadline = otel_deadline_in_ms(5000), .done = on_chain, .user = c};
    assert_int_equal(otel_http_client_start(c->client, &request), OTEL_OK);
}

static void done_may_start_the_next(void **state)
{
    fixture *f = *state;
    int64_t next, until = now_ms() + 5000;
    chain c = {.client = f->client, .url = f->url, .left = 10};
    otel_http_request request = {.url = f->url, .deadline = otel_deadline_in_ms(5000), .done = on_chain, .user = &c};
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
    otel_http_client_poll(f->client, &next);
    while (c.left && now_ms() < until) turn(f->client, &next, 1000);
    assert_int_equal(c.left, 0);
    assert_int_equal(c.status, 200);
    assert_int_equal(http_server_connections(f->server), 1);
}

/* Allocations that fail one after the other: nothing crashes, and afterwards everything works. */
static long allocations_left = -1;

static bool may_allocate(void)
{
    if (allocations_left < 0) return true;
    return allocations_left == 0 ? false : allocations_left--;
}

static void *try_allocate(size_t size, void *user)
{
    (void)user;
    return may_allocate() ? calloc(1, size) : NULL;
}

static void *try_reallocate(void *p, size_t size, void *user)
{
    (void)user;
    return may_allocate() ? realloc(p, size) : NULL;
}

static void try_release(void *p, void *user)
{
    (void)user;
    free(p);
}

static void memory_runs_out_anywhere(void **state)
{
    fixture *f = *state;
    otel_allocator allocator = {
        .size = sizeof allocator, .allocate = try_allocate, .reallocate = try_reallocate, .release = try_release};
    script(f, (http_answer){.body = "hello"});
    otel_set_allocator(&allocator);
    uint32_t status = 0;
    for (long n = 0; n < 200 && status != 200; n++) {
        allocations_left = n;
        otel_http_client *client = otel_http_client_new(&(otel_http_options){.user_agent = "a"});
        result r;
        otel_str piece = str("body");
        otel_http_request request = request_to(f->url, &piece, 1, &r);
        request.gzip = 1;
        request.headers = &(otel_http_header){"A", "b"};
        request.header_count = 1;
        if (client && otel_http_client_start(client, &request) == OTEL_OK) run(client, &r, 5000);
        status = r.fault == OTEL_HTTP_FAULT_NONE && allocations_left > 0 ? r.status : 0;
        otel_http_client_destroy(client);
    }
    allocations_left = -1;
    otel_set_allocator(NULL);
    assert_int_equal(status, 200);
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(int count, char **arguments)
{
    atexit(after_the_exit_handler);
    if (count == 4 && strcmp(arguments[1], "late") == 0) return exit_and_start(arguments[2]);
    if (count == 4 && strcmp(arguments[1], "handshake") == 0) return exit_in_handshake(arguments);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statuses_are_classified),
        cmocka_unit_test(answers_are_judged),
        cmocka_unit_test(urls_are_checked),
        cmocka_unit_test(secrets_of_urls_are_not_shown),
        cmocka_unit_test(text_is_cleaned),
        WITH_SERVER(a_post_arrives),
        WITH_SERVER(an_empty_body_arrives),
        WITH_SERVER(the_connection_is_kept),
        WITH_SERVER(a_closed_connection_is_opened_again),
        WITH_SERVER(close_ends_kept_connections),
        WITH_SERVER(a_large_body_arrives),
        WITH_SERVER(a_compressed_body_arrives),
        WITH_SERVER(one_request_at_a_time),
        WITH_SERVER(bad_requests_are_refused),
        WITH_SERVER(user_information_is_sent_and_not_shown),
        cmocka_unit_test(it_speaks_ipv6),
        WITH_SERVER(retry_after_is_read),
        WITH_SERVER(a_date_is_compared_with_the_servers_clock),
        WITH_SERVER(redirects_are_not_followed),
        WITH_SERVER(a_compressed_answer_is_read),
        WITH_SERVER(answers_are_capped),
        WITH_SERVER(a_bomb_is_capped),
        WITH_SERVER(a_hanging_server_meets_the_deadline),
        WITH_SERVER(a_dripping_answer_meets_the_deadline),
        WITH_SERVER(cancel_is_at_once),
        WITH_SERVER(a_closed_port_is_a_fault),
        WITH_SERVER(a_dropped_connection_is_a_fault),
        WITH_SERVER(a_dead_kept_connection_is_replaced),
        WITH_SERVER(an_unknown_name_is_a_fault),
        WITH_SERVER(a_hanging_look_up_is_given_up),
        cmocka_unit_test(tls_is_checked),
        cmocka_unit_test(clients_show_their_certificate),
        cmocka_unit_test(an_endless_head_is_capped),
        cmocka_unit_test(plain_http_to_a_tls_port_is_a_fault),
        cmocka_unit_test(certificates_outlive_their_file_and_are_renewed),
        cmocka_unit_test(a_missing_certificate_is_said),
        WITH_SERVER(forks_do_not_share_connections),
        WITH_SERVER(nothing_starts_while_exiting),
        cmocka_unit_test(exit_in_a_handshake_is_no_crash),
        cmocka_unit_test(a_child_that_only_exits_does_not_wait),
        WITH_SERVER(a_child_takes_a_lock_that_was_held),
        cmocka_unit_test(sigpipe_stays_inside),
        cmocka_unit_test(senders_can_be_replaced),
        WITH_SERVER(done_may_start_the_next),
        WITH_SERVER(memory_runs_out_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
