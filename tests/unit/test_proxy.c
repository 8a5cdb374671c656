/* Tests of exporters/http/src/proxy.c: libcurl's variables, read once. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "proxy.h"
#include "said.h"
#include <stdlib.h>
#include <string.h>

static int set_up(void **state)
{
    static const char *const names[] = {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY",
                                        "all_proxy",  "ALL_PROXY",  "no_proxy",    "NO_PROXY"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) unsetenv(names[i]);
    said_clear();
    return 0;
}

static otel__proxy opened(const char *url, const char *not_for)
{
    otel__proxy proxy;
    assert_true(otel__proxy_open(&proxy, url, not_for, "test"));
    return proxy;
}

/* What requests of either scheme go through, "-" being no proxy. */
static void expect(const char *http, const char *https)
{
    otel__proxy proxy = opened(NULL, NULL);
    const char *of_http = otel__proxy_for(&proxy, "http://x/"), *of_https = otel__proxy_for(&proxy, "HTTPS://x/");
    assert_string_equal(of_http ? of_http : "-", http);
    assert_string_equal(of_https ? of_https : "-", https);
    otel__proxy_close(&proxy);
}

static void the_environment_chooses_by_scheme(void **state)
{
    (void)state;
    expect("-", "-");
    setenv("HTTP_PROXY", "http://from.a.header", 1); /* of a CGI program's request */
    expect("-", "-");
    setenv("ALL_PROXY", "socks5h://all.upper", 1);
    expect("socks5h://all.upper", "socks5h://all.upper");
    setenv("all_proxy", "all:1", 1);
    expect("all:1", "all:1");
    setenv("http_proxy", "http://plain:3128", 1);
    expect("http://plain:3128", "all:1");
    setenv("HTTPS_PROXY", "http://upper", 1);
    expect("http://plain:3128", "http://upper");
    setenv("https_proxy", "https://user:pass@lower", 1);
    expect("http://plain:3128", "https://user:pass@lower");
    setenv("http_proxy", "", 1); /* empty is unset */
    expect("all:1", "https://user:pass@lower");
    assert_string_equal(said(), "");
}

static void exceptions_are_kept(void **state)
{
    (void)state;
    setenv("NO_PROXY", "upper", 1);
    otel__proxy proxy = opened(NULL, NULL);
    assert_string_equal(proxy.not_for, "upper");
    otel__proxy_close(&proxy);
    setenv("no_proxy", "lower", 1);
    proxy = opened("http://p", NULL);
    assert_string_equal(proxy.not_for, "lower");
    otel__proxy_close(&proxy);
    proxy = opened("http://p", "option");
    assert_string_equal(proxy.not_for, "option");
    otel__proxy_close(&proxy);
    proxy = opened("http://p", "");
    assert_null(proxy.not_for);
    otel__proxy_close(&proxy);
}

static void options_win(void **state)
{
    (void)state;
    setenv("all_proxy", "http://environment", 1);
    otel__proxy proxy = opened("http://option", NULL);
    assert_string_equal(otel__proxy_for(&proxy, "http://x"), "http://option");
    assert_string_equal(otel__proxy_for(&proxy, "https://x"), "http://option");
    otel__proxy_close(&proxy);
    proxy = opened("", NULL);
    assert_null(otel__proxy_for(&proxy, "http://x"));
    assert_null(otel__proxy_for(&proxy, "https://x"));
    otel__proxy_close(&proxy);
}

static void it_is_read_once(void **state)
{
    (void)state;
    setenv("http_proxy", "http://before", 1);
    otel__proxy proxy = opened(NULL, NULL);
    setenv("http_proxy", "http://later", 1);
    assert_string_equal(otel__proxy_for(&proxy, "http://x"), "http://before");
    otel__proxy_close(&proxy);
}

static void wrong_ones_are_said_and_not_shown(void **state)
{
    static const char *const bad[] = {
        "ftp://s3cret@p",    "http://",  "http://user:s3cret@p:99999", "http://a s3cret", "socks5://s3cret@p@q",
        "http://s3cret\x01", "://s3cret"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        otel__proxy proxy;
        assert_non_null(otel__proxy_fault(bad[i]));
        assert_false(otel__proxy_open(&proxy, bad[i], NULL, "test"));
        said_expect("the proxy is not a URL that can be used");
        setenv("https_proxy", bad[i], 1);
        expect("-", "-");
        said_expect("https_proxy is not used");
        if (strstr(said(), "s3cret")) fail_msg("%s", said());
        said_clear();
    }
    setenv("HTTPS_PROXY", "http://good", 1);
    expect("-", "http://good");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_environment_chooses_by_scheme, set_up),
        cmocka_unit_test_setup(exceptions_are_kept, set_up),
        cmocka_unit_test_setup(options_win, set_up),
        cmocka_unit_test_setup(it_is_read_once, set_up),
        cmocka_unit_test_setup(wrong_ones_are_said_and_not_shown, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
