/* Tests of requests through exporters/http against a real server, and of senders in place of libcurl. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "http_fixture.h"
#include <otel/sdk/allocator.h>
#include <zlib.h>

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
    run(f->client, &r, 60000);
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

static void an_empty_body_arrives(void **state)
{
    fixture *f = *state;
    result r;
    otel_http_request request = request_to(f->url, NULL, 0, &r);
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
    run(f->client, &r, 60000);
    assert_int_equal(r.status, 200);
    assert_int_equal(http_server_at(f->server, 0)->body_size, 0);
}

static void a_get_has_no_body(void **state)
{
    fixture *f = *state;
    char text[64];
    result r;
    otel_http_request request = request_to(f->url, NULL, 0, &r);
    otel_str piece = str("x");
    request.method = OTEL_HTTP_GET;
    request.gzip = 1;
    script(f, (http_answer){.body = "hello"});
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
    run(f->client, &r, 60000);
    assert_int_equal(r.status, 200);
    assert_string_equal(r.body, "hello");
    const http_seen *seen = http_server_at(f->server, 0);
    assert_string_equal(seen->method, "GET");
    assert_int_equal(seen->body_size, 0);
    assert_string_equal(http_seen_header(seen, "Content-Length", text, sizeof text), "");
    assert_string_equal(http_seen_header(seen, "Content-Encoding", text, sizeof text), "");
    assert_int_equal(post(f->client, f->url, "a body again").status, 200);
    assert_string_equal(http_server_at(f->server, 1)->method, "POST");
    assert_string_equal(http_server_at(f->server, 1)->body, "a body again");
    assert_int_equal(http_server_connections(f->server), 1);
    request = request_to(f->url, &piece, 1, &r);
    request.method = OTEL_HTTP_GET;
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_ERR_ARGUMENT);
    request = request_to(f->url, NULL, 0, &r);
    request.method = 2;
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_ERR_ARGUMENT);
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

static void a_large_body_arrives(void **state)
{
    fixture *f = *state;
    result r;
    otel_str pieces[PIECES];
    char *text = make_large(pieces);
    otel_http_request request = request_to(f->url, pieces, PIECES, &r);
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
    run(f->client, &r, 60000);
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
        run(f->client, &r, 60000);
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
    run(f->client, &r, 60000);
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

/* ---- chained requests, and no memory ---- */

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
    otel_http_request request = {.url = c->url, .deadline = otel_deadline_in_ms(60000), .done = on_chain, .user = c};
    assert_int_equal(otel_http_client_start(c->client, &request), OTEL_OK);
}

static void done_may_start_the_next(void **state)
{
    fixture *f = *state;
    int64_t next, until = now_ms() + 60000;
    chain c = {.client = f->client, .url = f->url, .left = 10};
    otel_http_request request = {.url = f->url, .deadline = otel_deadline_in_ms(60000), .done = on_chain, .user = &c};
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
        if (client && otel_http_client_start(client, &request) == OTEL_OK) run(client, &r, 60000);
        status = r.fault == OTEL_HTTP_FAULT_NONE && allocations_left > 0 ? r.status : 0;
        otel_http_client_destroy(client);
    }
    allocations_left = -1;
    otel_set_allocator(NULL);
    assert_int_equal(status, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SERVER(a_post_arrives),
        WITH_SERVER(an_empty_body_arrives),
        WITH_SERVER(a_get_has_no_body),
        WITH_SERVER(the_connection_is_kept),
        WITH_SERVER(a_closed_connection_is_opened_again),
        WITH_SERVER(close_ends_kept_connections),
        WITH_SERVER(a_large_body_arrives),
        WITH_SERVER(a_compressed_body_arrives),
        WITH_SERVER(one_request_at_a_time),
        WITH_SERVER(bad_requests_are_refused),
        WITH_SERVER(user_information_is_sent_and_not_shown),
        cmocka_unit_test(it_speaks_ipv6),
        cmocka_unit_test(senders_can_be_replaced),
        WITH_SERVER(done_may_start_the_next),
        WITH_SERVER(memory_runs_out_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
