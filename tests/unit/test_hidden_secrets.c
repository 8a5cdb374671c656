/* Tests of exporters/http/src/secrets.c, and of what a client hides. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "secrets.h"
#include <otel/exporters/http.h>
#include <stdio.h>
#include <string.h>

static const char *without_value(const char *text, const char *value)
{
    static char out[128];
    snprintf(out, sizeof out, "%s", text);
    otel__hide_value(out, value);
    return out;
}

static const char *without_url(const char *text, const char *url)
{
    static char out[128];
    snprintf(out, sizeof out, "%s", text);
    otel__hide_url(out, url);
    return out;
}

static void values_and_their_words(void **state)
{
    (void)state;
    assert_string_equal(without_value("bad token abcdef; no", "Bearer abcdef"), "bad token ******; no");
    assert_string_equal(without_value("Bearer abcdef,abcdef", "Bearer abcdef"), "*************,******");
    assert_string_equal(without_value("cut at abcd", "Bearer abcdef"), "cut at ****");
    assert_string_equal(without_value("no is no secret", "no"), "no is no secret");
    assert_string_equal(without_value("", "Bearer abcdef"), "");
    assert_string_equal(without_value("text", ""), "text");
}

static void urls(void **state)
{
    (void)state;
    static const char url[] = "http://user:passw@host/?key=query99";
    assert_string_equal(without_url("user:passw or passw or query99", url), "********** or ***** or *******");
    assert_string_equal(without_url("Basic dXNlcjpwYXNzdw==", url), "Basic **************==");
    assert_string_equal(without_url("p@ss w0rd", "http://u:p%40ss%20w0rd@host"), "*********");
    assert_string_equal(without_url("Basic dTpwQHNzIHcwcmQ=", "u:p%40ss%20w0rd@host:1"), "Basic ***************=");
    assert_string_equal(without_url("host", "http://host"), "host");
    assert_string_equal(without_url("host", NULL), "host");
}

static void a_client_hides_what_it_was_given(void **state)
{
    (void)state;
    char text[] = "application/x-protobuf agent/1 t0ken s3cret pr0xy99 hidden";
    const otel_http_header headers[] = {{"Content-Type", "application/x-protobuf"}, {"X-Key", "t0ken"}};
    otel_http_client *client = otel_http_client_new(&(otel_http_options){
        .user_agent = "agent/1", .headers = headers, .header_count = 2, .proxy = "http://u:pr0xy99@localhost:1"});
    assert_non_null(client);
    otel_http_client_hide(client, "http://u:s3cret@host/?k=hidden", text);
    assert_string_equal(text, "application/x-protobuf agent/1 ***** ****** ******* ******");
    snprintf(text, sizeof text, "you sent Bearer t0ken-of-one and t0ken-");
    otel_http_hide(text, "Bearer t0ken-of-one");
    assert_string_equal(text, "you sent ******************* and ******");
    otel_http_hide(text, NULL);
    otel_http_hide(NULL, "t0ken");
    otel_http_client_hide(NULL, "http://host", text);
    otel_http_client_hide(client, NULL, text);
    otel_http_client_hide(client, "http://host", NULL);
    otel_http_client_destroy(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(values_and_their_words), cmocka_unit_test(urls),
                                       cmocka_unit_test(a_client_hides_what_it_was_given)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
