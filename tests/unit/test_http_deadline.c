/* Tests of exporters/http with peers that hang, break off, or are not there. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "http_fixture.h"
#include "peers.h"
#include "tries.h"
#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>

/* ---- a name server that hangs: libcurl's calls come here ---- */

typedef int lookup_fn(const char *, const char *, const struct addrinfo *, struct addrinfo **);

enum { LOOKUP_HANGS_S = 30 };

OTEL_API int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    static _Atomic(lookup_fn *) real;
    if (node && strcmp(node, "hang.invalid") == 0) {
        sleep(LOOKUP_HANGS_S);
        return EAI_AGAIN;
    }
    if (node && strcmp(node, "no-such-host.invalid") == 0)
        return EAI_NONAME; /* whatever this machine's resolver does */
    if (!real) {
        void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");
        lookup_fn *function;
        memcpy(&function, &symbol, sizeof function);
        real = function;
    }
    return real(node, service, hints, found);
}

/* ---- time ---- */

static bool hang(void *state)
{
    fixture *f = state;
    result r;
    script(f, (http_answer){.hang = true});
    otel_http_request request = request_to(f->url, NULL, 0, &r);
    request.deadline = otel_deadline_in_ms(200);
    int64_t begin = now_ms();
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
    run(f->client, &r, 60000);
    bool in_time = took_between(begin, 190, 350);
    assert_int_equal(r.status, 0);
    assert_int_equal(r.fault, OTEL_HTTP_FAULT_TIMEOUT);
    assert_int_equal(r.verdict, OTEL_HTTP_RETRY);
    assert_non_null(strstr(r.error, "127.0.0.1"));
    script(f, (http_answer){0});
    assert_int_equal(post(f->client, f->url, "x").status, 200);
    return in_time;
}

static void a_hanging_server_meets_the_deadline(void **state)
{
    assert_true(in_three_tries(hang, *state));
}

static bool drip(void *state)
{
    fixture *f = state;
    result r;
    script(f, (http_answer){.drip = true});
    otel_http_request request = request_to(f->url, NULL, 0, &r);
    request.deadline = otel_deadline_in_ms(300);
    int64_t begin = now_ms();
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
    run(f->client, &r, 60000);
    bool in_time = took_between(begin, 290, 450);
    assert_int_equal(r.fault, OTEL_HTTP_FAULT_TIMEOUT);
    if (r.status == 0) return false; /* not even the head came in time */
    assert_int_equal(r.status, 200);
    assert_int_equal(r.verdict, OTEL_HTTP_OK);
    return in_time;
}

static void a_dripping_answer_meets_the_deadline(void **state)
{
    assert_true(in_three_tries(drip, *state));
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
    assert_true(took_between(begin, 0, 20000)); /* it would hang for a minute */
    free(body);
    run(f->client, &r, 50);
    assert_int_equal(r.calls, 0);
    script(f, (http_answer){0});
    assert_int_equal(post(f->client, f->url, "x").status, 200);
}

static void a_closed_port_is_a_fault(void **state)
{
    fixture *f = *state;
    char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%u/", peer_closed());
    result r = post(f->client, url, "x");
    assert_int_equal(r.status, 0);
    assert_int_equal(r.fault, OTEL_HTTP_FAULT_CONNECTION);
    assert_int_equal(r.verdict, OTEL_HTTP_RETRY);
    assert_non_null(strstr(r.error, "Connection refused"));
}

/* Takes one connection and greets as a mail server does. */
static void *greet(void *listener)
{
    char request[4096];
    int connection = accept(*(int *)listener, NULL, NULL);
    ssize_t got = recv(connection, request, sizeof request, 0);
    if (got > 0) send(connection, "220 mail.example ESMTP\r\n", 24, MSG_NOSIGNAL);
    shutdown(connection, SHUT_WR);
    close(connection);
    return NULL;
}

/* Whoever is there now: the right one may be back soon. */
static void an_answer_that_is_not_http_is_a_fault(void **state)
{
    fixture *f = *state;
    char url[64];
    pthread_t thread;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    assert_int_equal(pthread_create(&thread, NULL, greet, &listener), 0);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", ntohs(address.sin_port));
    result r = post(f->client, url, "x");
    pthread_join(thread, NULL);
    close(listener);
    assert_int_equal(r.status, 0);
    assert_int_equal(r.fault, OTEL_HTTP_FAULT_CONNECTION);
    assert_int_equal(r.verdict, OTEL_HTTP_RETRY);
    assert_non_null(strstr(r.error, "does not speak HTTP"));
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
    run(f->client, &r, 60000);
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

static bool look_up_in_vain(void *state)
{
    fixture *f = state;
    result r;
    otel_http_request request = request_to("http://hang.invalid/", NULL, 0, &r);
    request.deadline = otel_deadline_in_ms(150);
    int64_t begin = now_ms();
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
    run(f->client, &r, 60000);
    bool in_time = took_between(begin, 140, 300);
    assert_int_equal(r.fault, OTEL_HTTP_FAULT_TIMEOUT);
    request = request_to("http://hang.invalid/", NULL, 0, &r);
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
    run(f->client, &r, 100);
    begin = now_ms();
    otel_http_client_cancel(f->client);
    assert_int_equal(otel_http_client_start(f->client, &request), OTEL_OK);
    run(f->client, &r, 100);
    otel_http_client_destroy(f->client);
    in_time = took_between(begin, 90, 250) && in_time;
    f->client = otel_http_client_new(NULL);
    assert_int_equal(post(f->client, f->url, "x").status, 200);
    return in_time;
}

static void a_hanging_look_up_is_given_up(void **state)
{
    assert_true(in_three_tries(look_up_in_vain, *state));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SERVER(a_hanging_server_meets_the_deadline),
        WITH_SERVER(a_dripping_answer_meets_the_deadline),
        WITH_SERVER(cancel_is_at_once),
        WITH_SERVER(a_closed_port_is_a_fault),
        WITH_SERVER(an_answer_that_is_not_http_is_a_fault),
        WITH_SERVER(a_dropped_connection_is_a_fault),
        WITH_SERVER(a_dead_kept_connection_is_replaced),
        WITH_SERVER(an_unknown_name_is_a_fault),
        WITH_SERVER(a_hanging_look_up_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
