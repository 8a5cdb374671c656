/* Tests of answers to requests of exporters/http: what they mean, and where they end. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "http_fixture.h"
#include "peers.h"
#include <zlib.h>

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

static void a_wait_that_is_over_is_told_from_none(void **state)
{
    static const struct {
        const char *text;
        bool past;
    } cases[] = {{"0", true},    {"Sun, 06 Nov 1994 08:49:37 GMT", true},
                 {"5", false},   {"-3", false},
                 {"1.5", false}, {"soon", false},
                 {"", false}};
    fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        script(f, (http_answer){.status = 402, .headers = {"Retry-After", cases[i].text}});
        if (post(f->client, f->url, "x").retry_after_past != cases[i].past) fail_msg("%s", cases[i].text);
    }
    script(f, (http_answer){.status = 402});
    assert_false(post(f->client, f->url, "x").retry_after_past);
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

static void max_age_is_read(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *header;
        uint32_t seconds;
    } cases[] = {{"max-age=600", 600},
                 {"public , max-age=7", 7},
                 {"Max-Age=7,must-revalidate", 7},
                 {"no-store, max-age=7", 0},
                 {"max-age=7, no-cache", 0},
                 {"max-age=\"7\"", 0},
                 {"max-age=", 0},
                 {"s-maxage=7", 0},
                 {"max-age=99999999999999999999", INT32_MAX}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        script(f, (http_answer){.status = 307, .headers = {"Cache-Control", cases[i].header}});
        if (post(f->client, f->url, "x").max_age_s != cases[i].seconds) fail_msg("%s", cases[i].header);
    }
    script(f, (http_answer){.status = 307});
    assert_int_equal(post(f->client, f->url, "x").max_age_s, 0);
}

static void a_challenge_is_handed_over(void **state)
{
    fixture *f = *state;
    script(f, (http_answer){.status = 401, .headers = {"WWW-Authenticate", " Basic realm=/a/b.key "}});
    result r = post(f->client, f->url, "x");
    assert_int_equal(r.status, 401);
    assert_string_equal(r.challenge, "Basic realm=/a/b.key");
    script(f, (http_answer){.status = 401});
    assert_string_equal(post(f->client, f->url, "x").challenge, "");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statuses_are_classified),
        cmocka_unit_test(answers_are_judged),
        WITH_SERVER(retry_after_is_read),
        WITH_SERVER(a_wait_that_is_over_is_told_from_none),
        WITH_SERVER(a_date_is_compared_with_the_servers_clock),
        WITH_SERVER(max_age_is_read),
        WITH_SERVER(a_challenge_is_handed_over),
        WITH_SERVER(redirects_are_not_followed),
        WITH_SERVER(a_compressed_answer_is_read),
        WITH_SERVER(answers_are_capped),
        WITH_SERVER(a_bomb_is_capped),
        cmocka_unit_test(an_endless_head_is_capped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
