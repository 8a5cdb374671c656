/* Tests of the bounds of exporters/otlp: sizes of requests and answers, compression, time. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "otlp_fixture.h"
#include "tries.h"
#include <zlib.h>

static void too_much_is_not_sent(void **state)
{
    fixture *f = *state;
    otel_export_call call;
    otel_log_exporter *exporter =
        otel_otlp_exporter_new(&(otel_otlp_options){.endpoint = f->endpoint, .max_request_bytes = 17});
    assert_int_equal(export_once(exporter, &call), OTEL_EXPORT_TOO_LARGE);
    assert_non_null(strstr(call.message, "max_request_bytes"));
    otel_log_exporter_destroy(exporter);
    otel_log_batch none = {0};
    begin_call(&call, 60000);
    assert_int_equal(f->exporter->ops->export_batch(f->exporter, &none, &call), OTEL_EXPORT_OK);
    assert_int_equal(http_server_count(f->server), 0);
}

static void too_much_for_the_backend_is_split(void **state)
{
    fixture *f = *state;
    otel_export_call call;
    script(f, (http_answer){.status = 413, .body = "<html>"});
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_TOO_LARGE);
    assert_string_equal(call.message, "HTTP 413");
    otel_str body = packed_status(3, "http: request body too large"); /* the Collector's words */
    script(f, (http_answer){.status = 400, .body = body.data, .body_size = body.size});
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_TOO_LARGE);
    assert_string_equal(call.message, "HTTP 400: http: request body too large");
}

static size_t gzip(const char *from, size_t size, char *out, size_t room)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(size_t)from;
    z.avail_in = (uInt)size;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return room - z.avail_out;
}

static void compressed_answers_are_understood(void **state)
{
    fixture *f = *state;
    char packed[256];
    otel_export_call call;
    otel_str body = packed_success(4, "four");
    size_t size = gzip(body.data, body.size, packed, sizeof packed);
    script(f, (http_answer){.body = packed, .body_size = size, .headers = {"Content-Encoding", "gzip"}});
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_OK);
    assert_int_equal(call.rejected, 4);
    assert_string_equal(call.message, "four");
    script(f, (http_answer){.body = packed, .body_size = size / 2, .headers = {"Content-Encoding", "gzip"}});
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_OK); /* a status that came counts */
    assert_int_equal(call.rejected, 0);
}

/* Some kilobytes that become more than is allowed: nothing is kept of them. */
static void a_compressed_bomb_is_refused(void **state)
{
    fixture *f = *state;
    enum { BOMB = 4 * 1024 * 1024 + 1 };
    char *zeros = calloc(1, BOMB), packed[8192];
    otel_export_call call;
    size_t size = gzip(zeros, BOMB, packed, sizeof packed);
    script(f, (http_answer){.body = packed, .body_size = size, .headers = {"Content-Encoding", "gzip"}});
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_REFUSED);
    assert_non_null(strstr(call.message, "longer than allowed"));
    size = gzip(zeros, BOMB - 1, packed, sizeof packed); /* 4 MiB exactly are allowed */
    script(f, (http_answer){.body = packed, .body_size = size, .headers = {"Content-Encoding", "gzip"}});
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_OK);
    free(zeros);
}

static size_t sent_with_level(fixture *f, const char *variable, uint32_t option)
{
    enum { SIZE = 60000 };
    static char text[SIZE];
    otel_log_batch large = {.count = 1, .pieces = {{text, SIZE}}};
    otel_export_call call;
    for (uint32_t i = 0, noise = 1; i < SIZE; i++, noise = noise * 1664525 + 1013904223) text[i] = "abcd"[noise >> 30];
    set("COMPRESSION", "gzip");
    if (variable) setenv("OTEL_C_OTLP_COMPRESSION_LEVEL", variable, 1);
    otel_log_exporter *exporter =
        otel_otlp_exporter_new(&(otel_otlp_options){.endpoint = f->endpoint, .compression_level = option});
    unsetenv("OTEL_C_OTLP_COMPRESSION_LEVEL");
    begin_call(&call, 60000);
    assert_int_equal(exporter->ops->export_batch(exporter, &large, &call), OTEL_EXPORT_PENDING);
    run(exporter, 60000);
    assert_int_equal(done_status, OTEL_EXPORT_OK);
    otel_log_exporter_destroy(exporter);
    return http_server_at(f->server, http_server_count(f->server) - 1)->body_size;
}

static void the_level_of_compression_is_chosen(void **state)
{
    fixture *f = *state;
    size_t fast = sent_with_level(f, NULL, 0), small = sent_with_level(f, "9", 0);
    assert_true(small < fast);
    assert_int_equal(sent_with_level(f, NULL, 9), small);
    assert_int_equal(sent_with_level(f, "9", 1), fast); /* the option is final */
    assert_int_equal(sent_with_level(f, NULL, 1), fast);
    assert_string_equal(said(), "");
    assert_int_equal(sent_with_level(f, NULL, 10), fast);
    assert_non_null(strstr(said(), "compression_level is 10"));
}

static void too_long_an_answer_is_refused(void **state)
{
    fixture *f = *state;
    otel_export_call call;
    script(f, (http_answer){.endless = true});
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_REFUSED);
    assert_non_null(strstr(call.message, "longer"));
}

static bool bound_by_the_timeout(void *state)
{
    const fixture *f = state;
    otel_export_call call;
    otel_log_exporter *exporter =
        otel_otlp_exporter_new(&(otel_otlp_options){.endpoint = f->endpoint, .timeout_ms = 150});
    int64_t begin = now_ms();
    assert_int_equal(export_once(exporter, &call), OTEL_EXPORT_RETRY);
    bool in_time = took_between(begin, 140, 350);
    assert_non_null(strstr(call.message, "in time"));
    otel_log_exporter_destroy(exporter);
    return in_time;
}

static bool bound_by_the_call(void *state)
{
    const fixture *f = state;
    otel_export_call call;
    otel_log_exporter *exporter = otel_otlp_exporter_new(&(otel_otlp_options){.endpoint = f->endpoint});
    int64_t begin = now_ms();
    begin_call(&call, 150);
    assert_int_equal(exporter->ops->export_batch(exporter, &batch, &call), OTEL_EXPORT_PENDING);
    run(exporter, 60000);
    bool in_time = took_between(begin, 140, 350);
    assert_int_equal(done_status, OTEL_EXPORT_RETRY);
    otel_log_exporter_destroy(exporter);
    return in_time;
}

static void the_earlier_limit_bounds_an_attempt(void **state)
{
    script(*state, (http_answer){.hang = true});
    assert_true(in_three_tries(bound_by_the_timeout, *state));
    set("TIMEOUT", "0");
    assert_true(in_three_tries(bound_by_the_call, *state));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SERVER(too_much_is_not_sent),
        WITH_SERVER(too_much_for_the_backend_is_split),
        WITH_SERVER(compressed_answers_are_understood),
        WITH_SERVER(a_compressed_bomb_is_refused),
        WITH_SERVER(the_level_of_compression_is_chosen),
        WITH_SERVER(too_long_an_answer_is_refused),
        WITH_SERVER(the_earlier_limit_bounds_an_attempt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
