/* Tests of exporters/otlp against a real server, with batches made by hand. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "certificates.h"
#include "endpoint.h"
#include "http_server.h"
#include "logs_service.pb-c.h"
#include "reply.h"
#include "settings.h"
#include "status.pb-c.h"
#include <otel/exporters/otlp.h>
#include <otel/sdk/log_processor.h>
#include <otel/sdk/sdk.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

/* ---- the part of the SDK that the exporter meets, by hand ---- */

struct otel_log_batch {
    size_t count;
    otel_str pieces[3];
};

void *otel_log_exporter_new(size_t size, const otel_log_exporter_ops *ops)
{
    otel_log_exporter *exporter = otel_allocate(size);
    if (exporter) exporter->ops = ops;
    return exporter;
}

void otel_log_exporter_destroy(otel_log_exporter *exporter)
{
    if (!exporter) return;
    exporter->ops->destroy(exporter);
    otel_release(exporter);
}

size_t otel_log_batch_count(const otel_log_batch *batch)
{
    return batch->count;
}

size_t otel_log_batch_otlp(const otel_log_batch *batch, otel_str *pieces, size_t capacity)
{
    if (pieces && capacity >= 3) memcpy(pieces, batch->pieces, sizeof batch->pieces);
    return 3;
}

size_t otel_log_batch_otlp_bytes(const otel_log_batch *batch)
{
    return batch->pieces[0].size + batch->pieces[1].size + batch->pieces[2].size;
}

static int done_calls;
static otel_export_status done_status;
static otel_export_call *done_call;

void otel_export_done(otel_export_call *call, otel_export_status status)
{
    done_calls++;
    done_call = call;
    done_status = status;
}

static const otel_log_batch batch = {.count = 10, .pieces = {{"prefix ", 7}, {"records ", 8}, {"end", 3}}};

/* ---- helpers ---- */

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

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void turn(otel_log_exporter *exporter, int64_t *next, int most_ms)
{
    int64_t left = *next == OTEL_DEADLINE_NEVER ? most_ms : *next / 1000000 - now_ms() + 1;
    struct pollfd fd = {.fd = exporter->ops->poll_fd(exporter), .events = POLLIN};
    poll(&fd, 1, left > most_ms ? most_ms : left > 0 ? (int)left : 0);
    exporter->ops->poll(exporter, next);
}

static void run(otel_log_exporter *exporter, int most_ms)
{
    int64_t next, until = now_ms() + most_ms;
    exporter->ops->poll(exporter, &next);
    while (!done_calls && now_ms() < until) turn(exporter, &next, (int)(until - now_ms()));
}

static void begin_call(otel_export_call *call, uint32_t ms)
{
    *call = (otel_export_call){.size = sizeof *call, .deadline = otel_deadline_in_ms(ms)};
    done_calls = 0;
}

static otel_export_status export_once(otel_log_exporter *exporter, otel_export_call *call)
{
    begin_call(call, 5000);
    otel_export_status status = exporter->ops->export_batch(exporter, &batch, call);
    if (status != OTEL_EXPORT_PENDING) return status;
    run(exporter, 6000);
    assert_int_equal(done_calls, 1);
    assert_ptr_equal(done_call, call);
    return done_status;
}

/* ---- fixtures ---- */

static const char *const variables[] = {"ENDPOINT", "HEADERS",     "COMPRESSION", "TIMEOUT",
                                        "PROTOCOL", "CERTIFICATE", "CLIENT_KEY",  "CLIENT_CERTIFICATE"};

static void set(const char *name, const char *value)
{
    char full[64];
    snprintf(full, sizeof full, "OTEL_EXPORTER_OTLP_%s", name);
    setenv(full, value, 1);
}

static void unset_all(void)
{
    char full[64];
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        snprintf(full, sizeof full, "OTEL_EXPORTER_OTLP_%s", variables[i]);
        unsetenv(full);
        snprintf(full, sizeof full, "OTEL_EXPORTER_OTLP_LOGS_%s", variables[i]);
        unsetenv(full);
    }
}

typedef struct fixture {
    http_server *server;
    otel_log_exporter *exporter;
    char endpoint[64];
} fixture;

static int quiet(void **state)
{
    (void)state;
    unset_all();
    said[0] = '\0';
    return 0;
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    quiet(state);
    f->server = http_server_start(NULL);
    if (!f->server) return -1;
    snprintf(f->endpoint, sizeof f->endpoint, "http://127.0.0.1:%u", http_server_port(f->server));
    f->exporter = otel_otlp_exporter_new(&(otel_otlp_options){.endpoint = f->endpoint});
    *state = f;
    return f->exporter ? 0 : -1;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    otel_log_exporter_destroy(f->exporter);
    http_server_stop(f->server);
    free(f);
    return 0;
}

static void script(fixture *f, http_answer answer)
{
    http_server_script(f->server, &answer, 1);
}

/* Answers with an ExportLogsServiceResponse or a Status, packed by protobuf-c, the independent writer. */
static otel_str packed_success(int64_t rejected, const char *message)
{
    static uint8_t bytes[1024];
    Otel__Wire__ExportLogsPartialSuccess partial = OTEL__WIRE__EXPORT_LOGS_PARTIAL_SUCCESS__INIT;
    Otel__Wire__ExportLogsServiceResponse response = OTEL__WIRE__EXPORT_LOGS_SERVICE_RESPONSE__INIT;
    partial.rejected_log_records = rejected;
    partial.error_message = (char *)(size_t)message;
    response.partial_success = &partial;
    return (otel_str){(char *)bytes, otel__wire__export_logs_service_response__pack(&response, bytes)};
}

static otel_str packed_status(int32_t code, const char *message)
{
    static uint8_t bytes[1024];
    Otel__Wire__Status status = OTEL__WIRE__STATUS__INIT;
    status.code = code;
    status.message = (char *)(size_t)message;
    return (otel_str){(char *)bytes, otel__wire__status__pack(&status, bytes)};
}

/* With a RetryInfo between two other details. */
static otel_str packed_retry(int64_t seconds, int32_t nanos, const char *message)
{
    static uint8_t bytes[1024], info_bytes[64];
    Otel__Wire__Status status = OTEL__WIRE__STATUS__INIT;
    Otel__Wire__Duration delay = OTEL__WIRE__DURATION__INIT;
    Otel__Wire__RetryInfo info = OTEL__WIRE__RETRY_INFO__INIT;
    Otel__Wire__Any other = OTEL__WIRE__ANY__INIT, retry = OTEL__WIRE__ANY__INIT;
    Otel__Wire__Any *details[] = {&other, &retry, &other};
    delay.seconds = seconds;
    delay.nanos = nanos;
    info.retry_delay = &delay;
    other.type_url = (char *)(size_t) "type.googleapis.com/google.rpc.BadRequest";
    retry.type_url = (char *)(size_t) "type.googleapis.com/google.rpc.RetryInfo";
    retry.value.data = info_bytes;
    retry.value.len = otel__wire__retry_info__pack(&info, info_bytes);
    status.message = (char *)(size_t)message;
    status.details = details;
    status.n_details = 3;
    return (otel_str){(char *)bytes, otel__wire__status__pack(&status, bytes)};
}

/* ---- settings ---- */

static const char *url_from(const char *base, const char *logs)
{
    static char url[256];
    otel__otlp_settings settings;
    unset_all();
    if (base) set("ENDPOINT", base);
    if (logs) set("LOGS_ENDPOINT", logs);
    assert_true(otel__otlp_settings_read(&settings, &(otel_otlp_options){0}));
    snprintf(url, sizeof url, "%s", settings.url);
    otel__otlp_settings_release(&settings);
    return url;
}

static void endpoints_are_built(void **state)
{
    (void)state;
    assert_string_equal(url_from(NULL, NULL), "http://localhost:4318/v1/logs");
    assert_string_equal(url_from("", ""), "http://localhost:4318/v1/logs");
    assert_string_equal(url_from("http://c:4318", NULL), "http://c:4318/v1/logs");
    assert_string_equal(url_from("http://c:4318/", NULL), "http://c:4318/v1/logs");
    assert_string_equal(url_from("http://c:4318/mycollector/", NULL), "http://c:4318/mycollector/v1/logs");
    assert_string_equal(url_from("http://c:4318/mycollector", NULL), "http://c:4318/mycollector/v1/logs");
    assert_string_equal(url_from("https://x", NULL), "https://x/v1/logs");
    assert_string_equal(url_from("https://x?a=/b", NULL), "https://x/v1/logs?a=/b");
    assert_string_equal(url_from("https://x/p?a=b#c", NULL), "https://x/p/v1/logs?a=b");
    assert_string_equal(url_from("https://x#c", NULL), "https://x/v1/logs");
    assert_string_equal(url_from(NULL, "http://c:4318"), "http://c:4318/");
    assert_string_equal(url_from("http://other", "http://c:4318"), "http://c:4318/");
    assert_string_equal(url_from(NULL, "http://c:4318?a=b"), "http://c:4318/?a=b");
    assert_string_equal(url_from(NULL, "https://x/v1/logs/"), "https://x/v1/logs/");
    assert_string_equal(url_from(NULL, "https://x/custom"), "https://x/custom");
    assert_string_equal(said, "");
}

static void bad_endpoints_are_said_and_unset(void **state)
{
    (void)state;
    assert_string_equal(url_from("collector:4318", NULL), "http://localhost:4318/v1/logs");
    assert_non_null(strstr(said, "OTEL_EXPORTER_OTLP_ENDPOINT"));
    assert_non_null(strstr(said, "http://localhost:4318"));
    assert_string_equal(url_from("http://good", "ftp://s3cret"), "http://good/v1/logs");
    assert_non_null(strstr(said, "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"));
    assert_null(strstr(said, "s3cret"));
    assert_null(otel_otlp_exporter_new(&(otel_otlp_options){.endpoint = "s3cret"}));
    assert_null(otel_otlp_exporter_new(&(otel_otlp_options){.logs_endpoint = "http://s3cret@x@y"}));
    assert_null(strstr(said, "s3cret"));
}

static otel__otlp_settings read_settings(const otel_otlp_options *options)
{
    otel__otlp_settings settings;
    assert_true(otel__otlp_settings_read(&settings, options));
    return settings;
}

static void defaults_are_the_specifications(void **state)
{
    (void)state;
    otel__otlp_settings settings = read_settings(&(otel_otlp_options){0});
    assert_int_equal(settings.timeout_ms, 10000);
    assert_int_equal(settings.max_request_bytes, 64 * 1024 * 1024);
    assert_false(settings.gzip);
    assert_int_equal(settings.headers.count, 0);
    assert_null(settings.certificate);
    otel__otlp_settings_release(&settings);
    assert_string_equal(said, "");
}

static void signal_variables_win(void **state)
{
    (void)state;
    set("TIMEOUT", "5");
    set("LOGS_TIMEOUT", "0");
    set("COMPRESSION", "none");
    set("LOGS_COMPRESSION", "GZIP");
    set("CERTIFICATE", "/general.pem");
    set("LOGS_CERTIFICATE", "/logs.pem");
    set("CLIENT_KEY", "/key.pem");
    set("LOGS_CLIENT_CERTIFICATE", "/client.pem");
    set("HEADERS", "a=1,b=2");
    set("LOGS_HEADERS", "c=3");
    set("PROTOCOL", "HTTP/Protobuf");
    otel__otlp_settings settings = read_settings(&(otel_otlp_options){0});
    assert_int_equal(settings.timeout_ms, UINT32_MAX);
    assert_true(settings.gzip);
    assert_string_equal(settings.certificate, "/logs.pem");
    assert_string_equal(settings.client_key, "/key.pem");
    assert_string_equal(settings.client_certificate, "/client.pem");
    assert_int_equal(settings.headers.count, 1);
    assert_string_equal(settings.headers.list[0].name, "c");
    otel__otlp_settings_release(&settings);
    assert_string_equal(said, "");
}

static void a_wrong_signal_variable_leaves_it_to_the_general_one(void **state)
{
    (void)state;
    set("TIMEOUT", "5");
    set("LOGS_TIMEOUT", "-1");
    set("COMPRESSION", "gzip");
    set("LOGS_COMPRESSION", "zip");
    otel__otlp_settings settings = read_settings(&(otel_otlp_options){0});
    assert_int_equal(settings.timeout_ms, 5);
    assert_true(settings.gzip);
    assert_non_null(strstr(said, "OTEL_EXPORTER_OTLP_LOGS_"));
    otel__otlp_settings_release(&settings);
}

static void options_are_final(void **state)
{
    (void)state;
    set("LOGS_TIMEOUT", "5");
    set("LOGS_COMPRESSION", "gzip");
    set("LOGS_HEADERS", "c=3");
    set("LOGS_ENDPOINT", "http://environment");
    set("CERTIFICATE", "/environment.pem");
    otel_otlp_options options = {.endpoint = "http://code",
                                 .headers = "x=1,y=2",
                                 .compression = "none",
                                 .certificate = "/code.pem",
                                 .timeout_ms = 7,
                                 .max_request_bytes = 9};
    otel__otlp_settings settings = read_settings(&options);
    assert_string_equal(settings.url, "http://code/v1/logs");
    assert_int_equal(settings.timeout_ms, 7);
    assert_int_equal(settings.max_request_bytes, 9);
    assert_false(settings.gzip);
    assert_int_equal(settings.headers.count, 2);
    assert_string_equal(settings.certificate, "/code.pem");
    otel__otlp_settings_release(&settings);
    options = (otel_otlp_options){.endpoint = "http://code", .logs_endpoint = "http://logs/x", .timeout_ms = OTEL_ZERO};
    settings = read_settings(&options);
    assert_string_equal(settings.url, "http://logs/x");
    assert_int_equal(settings.timeout_ms, UINT32_MAX);
    otel__otlp_settings_release(&settings);
}

static void wrong_settings_are_said(void **state)
{
    (void)state;
    set("PROTOCOL", "grpc");
    set("COMPRESSION", "zstd");
    set("TIMEOUT", "-1");
    otel__otlp_settings settings = read_settings(&(otel_otlp_options){0});
    assert_false(settings.gzip);
    assert_int_equal(settings.timeout_ms, 10000);
    assert_non_null(strstr(said, "OTEL_EXPORTER_OTLP_PROTOCOL"));
    assert_non_null(strstr(said, "grpc"));
    assert_non_null(strstr(said, "OTEL_EXPORTER_OTLP_COMPRESSION"));
    assert_non_null(strstr(said, "OTEL_EXPORTER_OTLP_TIMEOUT"));
    otel__otlp_settings_release(&settings);
}

static void headers_are_read(void **state)
{
    (void)state;
    otel__otlp_headers headers = {0};
    assert_true(otel__otlp_headers_read(&headers, " api-key = s3cret%20value , b=x=y,empty=", "HEADERS"));
    assert_int_equal(headers.count, 3);
    assert_string_equal(headers.list[0].name, "api-key");
    assert_string_equal(headers.list[0].value, "s3cret value");
    assert_string_equal(headers.list[1].value, "x=y");
    assert_string_equal(headers.list[2].value, "");
    otel__otlp_headers_release(&headers);
    assert_string_equal(said, "");
    assert_true(otel__otlp_headers_read(
        &headers, "s3cret,a b=s3cret,c=s3cret%0d%0aX: y,Content-Type=s3cret,=s3cret,ok=1", "HEADERS"));
    assert_int_equal(headers.count, 1);
    assert_string_equal(headers.list[0].name, "ok");
    otel__otlp_headers_release(&headers);
    assert_non_null(strstr(said, "entry 1 of HEADERS"));
    assert_non_null(strstr(said, "entry 4 of HEADERS"));
    assert_null(strstr(said, "s3cret"));
}

static void too_many_headers_are_cut(void **state)
{
    (void)state;
    otel__otlp_headers headers = {0};
    char *text = calloc(1, 70000);
    for (int i = 0; i < 70; i++) sprintf(text + strlen(text), "h%d=v,", i);
    assert_true(otel__otlp_headers_read(&headers, text, "HEADERS"));
    assert_int_equal(headers.count, OTEL__OTLP_MAX_HEADERS);
    otel__otlp_headers_release(&headers);
    memset(text, 'a', 69999);
    text[1] = '=';
    assert_true(otel__otlp_headers_read(&headers, text, "HEADERS"));
    assert_int_equal(headers.count, 0);
    assert_non_null(strstr(said, "64 KiB"));
    otel__otlp_headers_release(&headers);
    free(text);
}

/* ---- exports ---- */

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
    assert_string_equal(said, "");
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
        said[0] = '\0';
        otel_log_exporter *exporter =
            otel_otlp_exporter_new(&(otel_otlp_options){.endpoint = f->endpoint, .user_agent = bad[i]});
        assert_non_null(strstr(said, "user_agent"));
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
    assert_non_null(strstr(said, "three were bad"));
    said[0] = '\0';
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_OK);
    assert_string_equal(said, ""); /* once */
    script(f, (http_answer){0});
    export_once(f->exporter, &call);
    script(f, (http_answer){.body = body.data, .body_size = body.size});
    export_once(f->exporter, &call);
    assert_non_null(strstr(said, "3 of 10")); /* and again after it was well */
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
    said[0] = '\0';
    body = packed_success(0, "old version");
    script(f, (http_answer){.body = body.data, .body_size = body.size});
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_OK);
    assert_int_equal(call.rejected, 0);
    assert_non_null(strstr(said, "old version"));
}

static void an_unreadable_success_is_one(void **state)
{
    fixture *f = *state;
    otel_export_call call;
    script(f, (http_answer){.body = "<html>welcome</html>"});
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_OK);
    assert_int_equal(call.rejected, 0);
    assert_non_null(strstr(said, "cannot be read"));
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
    assert_non_null(strstr(said, "from"));
    assert_null(strstr(said, "s3cret"));
    otel_log_exporter_destroy(exporter);
}

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
    begin_call(&call, 5000);
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
    begin_call(&call, 5000);
    assert_int_equal(exporter->ops->export_batch(exporter, &large, &call), OTEL_EXPORT_PENDING);
    run(exporter, 5000);
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
    assert_string_equal(said, "");
    assert_int_equal(sent_with_level(f, NULL, 10), fast);
    assert_non_null(strstr(said, "compression_level is 10"));
}

static void a_key_alone_is_said(void **state)
{
    (void)state;
    set("CLIENT_KEY", "/nowhere/client.key");
    otel__otlp_settings settings = read_settings(&(otel_otlp_options){0});
    assert_non_null(strstr(said, "a client key without a client certificate"));
    otel__otlp_settings_release(&settings);
}

static void too_long_an_answer_is_refused(void **state)
{
    fixture *f = *state;
    otel_export_call call;
    script(f, (http_answer){.endless = true});
    assert_int_equal(export_once(f->exporter, &call), OTEL_EXPORT_REFUSED);
    assert_non_null(strstr(call.message, "longer"));
}

static void the_earlier_limit_bounds_an_attempt(void **state)
{
    fixture *f = *state;
    otel_export_call call;
    script(f, (http_answer){.hang = true});
    otel_log_exporter *exporter =
        otel_otlp_exporter_new(&(otel_otlp_options){.endpoint = f->endpoint, .timeout_ms = 150});
    int64_t begin = now_ms();
    assert_int_equal(export_once(exporter, &call), OTEL_EXPORT_RETRY);
    assert_in_range(now_ms() - begin, 140, 350);
    assert_non_null(strstr(call.message, "in time"));
    otel_log_exporter_destroy(exporter);
    set("TIMEOUT", "0");
    exporter = otel_otlp_exporter_new(&(otel_otlp_options){.endpoint = f->endpoint});
    begin_call(&call, 150);
    begin = now_ms();
    assert_int_equal(exporter->ops->export_batch(exporter, &batch, &call), OTEL_EXPORT_PENDING);
    run(exporter, 3000);
    assert_in_range(now_ms() - begin, 140, 350);
    assert_int_equal(done_status, OTEL_EXPORT_RETRY);
    otel_log_exporter_destroy(exporter);
}

static void cancel_forgets_the_call(void **state)
{
    fixture *f = *state;
    otel_export_call call;
    int64_t next;
    script(f, (http_answer){.hang = true});
    begin_call(&call, 5000);
    assert_int_equal(f->exporter->ops->export_batch(f->exporter, &batch, &call), OTEL_EXPORT_PENDING);
    run(f->exporter, 100);
    int64_t begin = now_ms();
    f->exporter->ops->cancel(f->exporter);
    assert_in_range(now_ms() - begin, 0, 50);
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
    begin_call(&call, 5000);
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
    run(f->exporter, 5000);
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

#define ALONE(test) cmocka_unit_test_setup(test, quiet)
#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ALONE(endpoints_are_built),
        ALONE(bad_endpoints_are_said_and_unset),
        ALONE(defaults_are_the_specifications),
        ALONE(signal_variables_win),
        ALONE(a_wrong_signal_variable_leaves_it_to_the_general_one),
        ALONE(options_are_final),
        ALONE(wrong_settings_are_said),
        ALONE(headers_are_read),
        ALONE(too_many_headers_are_cut),
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
        WITH_SERVER(too_much_is_not_sent),
        WITH_SERVER(too_much_for_the_backend_is_split),
        WITH_SERVER(compressed_answers_are_understood),
        WITH_SERVER(a_compressed_bomb_is_refused),
        WITH_SERVER(the_level_of_compression_is_chosen),
        ALONE(a_key_alone_is_said),
        WITH_SERVER(too_long_an_answer_is_refused),
        WITH_SERVER(the_earlier_limit_bounds_an_attempt),
        WITH_SERVER(cancel_forgets_the_call),
        ALONE(a_closed_port_is_retried),
        ALONE(tls_comes_from_the_variables),
        WITH_SERVER(a_forked_child_sends_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
