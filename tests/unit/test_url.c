/* Tests of exporters/http/src/url.c: which URLs are acceptable, and what is shown of one. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <otel/exporters/http.h>
#include <stdlib.h>
#include <string.h>

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
        "http://ho%2fst/",
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urls_are_checked),
        cmocka_unit_test(secrets_of_urls_are_not_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
