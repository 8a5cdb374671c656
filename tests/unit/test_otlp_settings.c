/* Tests of what an OTLP exporter is set to: options, variables, defaults. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "endpoint.h"
#include "otlp_fixture.h"

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
    assert_string_equal(said(), "");
}

static void bad_endpoints_are_said_and_unset(void **state)
{
    (void)state;
    assert_string_equal(url_from("collector:4318", NULL), "http://localhost:4318/v1/logs");
    assert_non_null(strstr(said(), "OTEL_EXPORTER_OTLP_ENDPOINT"));
    assert_non_null(strstr(said(), "http://localhost:4318"));
    assert_string_equal(url_from("http://good", "ftp://s3cret"), "http://good/v1/logs");
    assert_non_null(strstr(said(), "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"));
    assert_null(strstr(said(), "s3cret"));
    assert_null(otel_otlp_exporter_new(&(otel_otlp_options){.endpoint = "s3cret"}));
    assert_null(otel_otlp_exporter_new(&(otel_otlp_options){.logs_endpoint = "http://s3cret@x@y"}));
    assert_null(strstr(said(), "s3cret"));
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
    assert_string_equal(said(), "");
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
    assert_string_equal(said(), "");
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
    assert_non_null(strstr(said(), "OTEL_EXPORTER_OTLP_LOGS_"));
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
    assert_non_null(strstr(said(), "OTEL_EXPORTER_OTLP_PROTOCOL"));
    assert_non_null(strstr(said(), "grpc"));
    assert_non_null(strstr(said(), "OTEL_EXPORTER_OTLP_COMPRESSION"));
    assert_non_null(strstr(said(), "OTEL_EXPORTER_OTLP_TIMEOUT"));
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
    assert_string_equal(said(), "");
    assert_true(otel__otlp_headers_read(
        &headers, "s3cret,a b=s3cret,c=s3cret%0d%0aX: y,Content-Type=s3cret,=s3cret,ok=1", "HEADERS"));
    assert_int_equal(headers.count, 1);
    assert_string_equal(headers.list[0].name, "ok");
    otel__otlp_headers_release(&headers);
    assert_non_null(strstr(said(), "entry 1 of HEADERS"));
    assert_non_null(strstr(said(), "entry 4 of HEADERS"));
    assert_null(strstr(said(), "s3cret"));
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
    assert_non_null(strstr(said(), "64 KiB"));
    otel__otlp_headers_release(&headers);
    free(text);
}

static void a_key_alone_is_said(void **state)
{
    (void)state;
    set("CLIENT_KEY", "/nowhere/client.key");
    otel__otlp_settings settings = read_settings(&(otel_otlp_options){0});
    assert_non_null(strstr(said(), "a client key without a client certificate"));
    otel__otlp_settings_release(&settings);
}

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
        ALONE(a_key_alone_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
