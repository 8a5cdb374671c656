/* Tests of exporters/otlp against a real server, with batches made by hand. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "certificates.h"
#include "otlp_fixture.h"
#include "reply.h"
#include <sys/wait.h>
#include <unistd.h>

static void a_batch_arrives(void **state)
{
    fixture *f = *state;
    char text[128];
    otel_export_call call;
    script(f, (http_answer){.body = "\n\0", .body_size = 2}); /* as the Collector: partial_success, empty */
    for (int i = 0; i < 5; i++) assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_OK);
    assert_int_equal(call.rejected, 0);
    assert_string_equal(call.message, "");
    const http_seen *seen = http_server_at(f->server, 0);
    assert_string_equal(seen->path, "/v1/logs");
    assert_string_equal(seen->body, "prefix records end");
    assert_string_equal(http_seen_header(seen, "Content-Type", text, sizeof text), "application/x-protobuf");
    assert_string_equal(http_seen_header(seen, "User-Agent", text, sizeof text),
                        "OTel-OTLP-Exporter-C/" OTEL_SDK_VERSION);
    assert_string_equal(http_seen_header(seen, "Content-Encoding", text, sizeof text), "");
    assert_int_equal(http_server_connections(f->server), 1);
    assert_string_equal(said(), "");
}

static void headers_and_gzip_are_sent(void **state)
{
    fixture *f = *state;
    char text[128];
    otel_export_call call;
    set("ENDPOINT", f->endpoint);
    set("HEADERS", "x-tenant=a%2Cb");
    set("COMPRESSION", "gzip");
    otel_log_exporter *exporter = otel_otlp_exporter_new(&(otel_otlp_options){.user_agent = "Distro/2"});
    assert_int_equal(export_once(exporter, &call), OTEL_EXPORT_OK);
    const http_seen *seen = http_server_at(f->server, 0);
    assert_string_equal(http_seen_header(seen, "x-tenant", text, sizeof text), "a,b");
    assert_string_equal(http_seen_header(seen, "Content-Encoding", text, sizeof text), "gzip");
    assert_string_equal(http_seen_header(seen, "User-Agent", text, sizeof text),
                        "Distro/2 OTel-OTLP-Exporter-C/" OTEL_SDK_VERSION);
    assert_memory_equal(seen->body, "\x1f\x8b", 2);
    otel_log_exporter_destroy(exporter);
}

static void a_product_that_is_no_header_is_said(void **state)
{
    fixture *f = *state;
    char text[300], longest[301] = "";
    const char *const bad[] = {"two\nlines", longest};
    memset(longest, 'p', sizeof longest - 1);
    for (size_t i = 0; i < 2; i++) {
        otel_export_call call;
        said_clear();
        otel_log_exporter *exporter =
            otel_otlp_exporter_new(&(otel_otlp_options){.endpoint = f->endpoint, .user_agent = bad[i]});
        assert_non_null(strstr(said(), "user_agent"));
        assert_int_equal(export_once(exporter, &call), OTEL_EXPORT_OK);
        assert_string_equal(http_seen_header(http_server_at(f->server, i), "User-Agent", text, sizeof text),
                            "OTel-OTLP-Exporter-C/" OTEL_SDK_VERSION);
        otel_log_exporter_destroy(exporter);
    }
}

static void a_partial_success_is_counted(void **state)
{
    fixture *f = *state;
    otel_export_call call;
    otel_str body = packed_success(3, "three were\nbad");
    script(f, (http_answer){.body = body.data, .body_size = body.size});
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_OK);
    assert_int_equal(call.rejected, 3);
    assert_string_equal(call.message, "three were bad");
    assert_non_null(strstr(said(), "three were bad"));
    said_clear();
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_OK);
    assert_string_equal(said(), ""); /* once */
    script(f, (http_answer){0});
    export_once(f->exporter, &call);
    script(f, (http_answer){.body = body.data, .body_size = body.size});
    export_once(f->exporter, &call);
    assert_non_null(strstr(said(), "3 of 10")); /* and again after it was well */
}

static void rejections_are_bounded(void **state)
{
    fixture *f = *state;
    otel_export_call call;
    otel_str body = packed_success(INT64_MAX, "");
    script(f, (http_answer){.body = body.data, .body_size = body.size});
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_OK);
    assert_int_equal(call.rejected, 10);
    body = packed_success(-5, "");
    script(f, (http_answer){.body = body.data, .body_size = body.size});
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_OK);
    assert_int_equal(call.rejected, 0);
    said_clear();
    body = packed_success(0, "old version");
    script(f, (http_answer){.body = body.data, .body_size = body.size});
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_OK);
    assert_int_equal(call.rejected, 0);
    assert_non_null(strstr(said(), "old version"));
}

static void an_unreadable_success_is_one(void **state)
{
    fixture *f = *state;
    otel_export_call call;
    script(f, (http_answer){.body = "<html>welcome</html>"});
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_OK);
    assert_int_equal(call.rejected, 0);
    assert_non_null(strstr(said(), "cannot be read"));
}

static void transient_answers_are_retried(void **state)
{
    fixture *f = *state;
    otel_export_call call;
    static const unsigned statuses[] = {429, 502, 503, 504};
    for (size_t i = 0; i < 4; i++) {
        script(f, (http_answer){.status = statuses[i], .headers = {"Retry-After", "2"}});
        assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_RETRY);
        assert_int_equal(call.retry_after_ms, 2000);
    }
    otel_str body = packed_status(14, "busy");
    script(f, (http_answer){.status = 503, .body = body.data, .body_size = body.size});
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_RETRY);
    assert_int_equal(call.retry_after_ms, 0);
    assert_string_equal(call.message, "HTTP 503: busy");
    script(f, (http_answer){.drop = true});
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_RETRY);
    assert_string_not_equal(call.message, "");
}

static uint32_t retry_after(fixture *f, const char *header, otel_str body)
{
    otel_export_call call;
    http_answer answer = {.status = 429, .body = body.data, .body_size = body.size};
    if (header) answer.headers[0] = "Retry-After", answer.headers[1] = header;
    script(f, answer);
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_RETRY);
    assert_string_equal(call.message, "HTTP 429: slower");
    return call.retry_after_ms;
}

static void a_backend_throttles(void **state)
{
    fixture *f = *state;
    assert_int_equal(retry_after(f, NULL, packed_retry(3, 1, "slower")), 3001);
    assert_int_equal(retry_after(f, NULL, packed_retry(0, 500000000, "slower")), 500);
    assert_int_equal(retry_after(f, "0", packed_retry(0, 500000000, "slower")), 500); /* as the Collector does it */
    assert_int_equal(retry_after(f, "7", packed_retry(3, 0, "slower")), 7000);
    assert_int_equal(retry_after(f, NULL, packed_retry(0, 0, "slower")), 0);
    assert_int_equal(retry_after(f, NULL, packed_retry(-3, 0, "slower")), 0);
    assert_int_equal(retry_after(f, NULL, packed_retry(INT64_MAX, 0, "slower")), 300000);
    assert_int_equal(retry_after(f, NULL, packed_retry(299, INT32_MAX, "slower")), 300000);
    assert_int_equal(retry_after(f, "99999999999", packed_retry(1, 0, "slower")), 300000);
    assert_int_equal(retry_after(f, NULL, packed_status(8, "slower")), 0);
}

static void permanent_answers_are_refused(void **state)
{
    fixture *f = *state;
    otel_export_call call;
    static const unsigned statuses[] = {301, 307, 400, 401, 403, 404, 407, 408, 415, 500, 501, 505};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        script(f, (http_answer){.status = statuses[i], .headers = {"Retry-After", "2", "Location", "/elsewhere"}});
        assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_REFUSED);
        assert_int_equal(call.retry_after_ms, 0);
    }
    assert_int_equal(http_server_count(f->server), sizeof statuses / sizeof *statuses);
    otel_str body = packed_status(3, "bad \x1b[31mred\r\n");
    script(f, (http_answer){.status = 400, .body = body.data, .body_size = body.size});
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_REFUSED);
    assert_string_equal(call.message, "HTTP 400: bad  [31mred  ");
    script(f, (http_answer){.status = 404, .body = "404 page not found\n"});
    export_once(f->exporter, &call);
    assert_string_equal(call.message, "HTTP 404: 404 page not found");
    script(f, (http_answer){.status = 307, .headers = {"Location", "/"}});
    export_once(f->exporter, &call);
    assert_non_null(strstr(call.message, "redirect"));
    script(f, (http_answer){.status = 500, .body = "<html>"});
    export_once(f->exporter, &call);
    assert_string_equal(call.message, "HTTP 500");
}

static void long_messages_are_cut(void **state)
{
    fixture *f = *state;
    otel_export_call call;
    char text[500];
    memset(text, 'm', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    otel_str body = packed_status(3, text);
    script(f, (http_answer){.status = 400, .body = body.data, .body_size = body.size});
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_REFUSED);
    assert_int_equal(strlen(call.message), sizeof call.message - 1);
}

static void a_repeated_secret_is_hidden(void **state)
{
    fixture *f = *state;
    otel_export_call call;
    otel_otlp_options options = {.endpoint = f->endpoint, .headers = "Authorization=Bearer s3cret-token"};
    otel_log_exporter *exporter = otel_otlp_exporter_new(&options);
    otel_str body = packed_status(16, "unknown token s3cret-token");
    script(f, (http_answer){.status = 401, .body = body.data, .body_size = body.size});
    assert_int_equal(export_once(exporter, &call), OTEL_EXPORT_REFUSED);
    assert_string_equal(call.message, "HTTP 401: unknown token ************");
    body = packed_success(1, "from s3cret-token");
    script(f, (http_answer){.body = body.data, .body_size = body.size});
    export_once(exporter, &call);
    assert_non_null(strstr(said(), "from"));
    assert_null(strstr(said(), "s3cret"));
    otel_log_exporter_destroy(exporter);
}

static void cancel_forgets_the_call(void **state)
{
    fixture *f = *state;
    otel_export_call call;
    int64_t next;
    script(f, (http_answer){.hang = true});
    begin_call(&call, 60000);
    assert_int_equal(f->exporter->ops->export_batch(f->exporter, &batch, &call), OTEL_EXPORT_PENDING);
    run(f->exporter, 100);
    int64_t begin = now_ms();
    f->exporter->ops->cancel(f->exporter);
    assert_true(now_ms() - begin < 20000); /* it would hang for a minute */
    f->exporter->ops->poll(f->exporter, &next);
    assert_int_equal(done_calls, 0);
    script(f, (http_answer){0});
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_OK);
    assert_int_equal(f->exporter->ops->shutdown(f->exporter, otel_deadline_in_ms(0)), OTEL_OK);
}

static void a_closed_port_is_retried(void **state)
{
    (void)state;
    otel_export_call call;
    otel_log_exporter *exporter =
        otel_otlp_exporter_new(&(otel_otlp_options){.endpoint = "http://u:s3cret@127.0.0.1:1"});
    assert_int_equal(export_once(exporter, &call), OTEL_EXPORT_RETRY);
    assert_non_null(strstr(call.message, "http://127.0.0.1:1"));
    assert_null(strstr(call.message, "s3cret"));
    otel_log_exporter_destroy(exporter);
}

static void tls_comes_from_the_variables(void **state)
{
    (void)state;
    char *certificate = certificates_text("server.pem"), *key = certificates_text("server.key"), url[64];
    otel_export_call call;
    http_server *server = http_server_start(&(http_server_options){.certificate = certificate, .key = key});
    snprintf(url, sizeof url, "https://localhost:%u", http_server_port(server));
    set("ENDPOINT", url);
    set("CERTIFICATE", certificates_path("other.pem"));
    otel_log_exporter *exporter = otel_otlp_exporter_new(NULL);
    assert_int_equal(export_once(exporter, &call), OTEL_EXPORT_RETRY);
    otel_log_exporter_destroy(exporter);
    set("LOGS_CERTIFICATE", certificates_path("ca.pem"));
    set("CLIENT_CERTIFICATE", certificates_path("client.pem"));
    set("CLIENT_KEY", certificates_path("client.key"));
    exporter = otel_otlp_exporter_factory()->create(NULL);
    assert_int_equal(export_once(exporter, &call), OTEL_EXPORT_OK);
    otel_log_exporter_destroy(exporter);
    http_server_stop(server);
    free(certificate);
    free(key);
}

static void a_forked_child_sends_its_own(void **state)
{
    fixture *f = *state;
    otel_export_call call;
    script(f, (http_answer){.delay_ms = 200});
    begin_call(&call, 60000);
    assert_int_equal(f->exporter->ops->export_batch(f->exporter, &batch, &call), OTEL_EXPORT_PENDING);
    run(f->exporter, 50);
    pid_t child = fork();
    if (child == 0) {
        f->exporter->ops->after_fork(f->exporter);
        int64_t next;
        f->exporter->ops->poll(f->exporter, &next);
        _exit(done_calls == 0 && export_once(f->exporter, &call) == OTEL_EXPORT_OK ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    run(f->exporter, 60000);
    assert_int_equal(done_status, OTEL_EXPORT_OK);
    assert_int_equal(http_server_connections(f->server), 2);
    assert_int_equal(http_server_count(f->server), 2);
}

static void replies_are_hostile(void **state)
{
    (void)state;
    otel__otlp_success success;
    otel__otlp_error error;
    static const char bytes[] = "\x0a\x05\x08\x03\x12\x01\xff";
    assert_true(otel__otlp_read_success((otel_str){NULL, 0}, &success));
    for (size_t n = 1; n < 7; n++) {
        assert_false(otel__otlp_read_success((otel_str){bytes, n}, &success));
        assert_int_equal(success.rejected, 0);
    }
    assert_true(otel__otlp_read_success((otel_str){bytes, 7}, &success));
    assert_int_equal(success.rejected, 3);
    assert_string_equal(success.message, "?");
    char *large = calloc(1, 70000);
    assert_false(otel__otlp_read_success((otel_str){large, 70000}, &success));
    memset(large, 'a', 70000);
    otel__otlp_read_error((otel_str){large, 70000}, &error);
    assert_string_equal(error.message, "");
    otel__otlp_read_error((otel_str){large, 60000}, &error);
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
    free(large);
    otel__otlp_read_error((otel_str){"\n\t ", 3}, &error);
    assert_string_equal(error.message, "");
    otel__otlp_read_error((otel_str){"\x12\x7f", 2}, &error);
    assert_string_equal(error.message, "");
    assert_int_equal(error.retry_after_ms, 0);
    assert_false(error.too_large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ALONE(replies_are_hostile),
        WITH_SERVER(a_batch_arrives),
        WITH_SERVER(headers_and_gzip_are_sent),
        WITH_SERVER(a_product_that_is_no_header_is_said),
        WITH_SERVER(a_partial_success_is_counted),
        WITH_SERVER(rejections_are_bounded),
        WITH_SERVER(an_unreadable_success_is_one),
        WITH_SERVER(transient_answers_are_retried),
        WITH_SERVER(a_backend_throttles),
        WITH_SERVER(permanent_answers_are_refused),
        WITH_SERVER(long_messages_are_cut),
        WITH_SERVER(a_repeated_secret_is_hidden),
        WITH_SERVER(cancel_forgets_the_call),
        ALONE(a_closed_port_is_retried),
        ALONE(tls_comes_from_the_variables),
        WITH_SERVER(a_forked_child_sends_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
