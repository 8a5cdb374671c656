/* Which names of a host, and which pages, are the desk's own. */
#include "collector_desk/desk.c"
#include "collector_desk/site/origin.c"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void addresses_and_loopback_names_are_ours(void **state)
{
    (void)state;
    const char *const ours[] = {"localhost", "localhost:4318", "LocalHost:1", "127.0.0.1",      "127.0.0.1:4318",
                                "[::1]",     "[::1]:4318",     "10.1.2.3:80", "[fe80::1]:4318", "localhost:"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        assert_true(desk_host_is_ours(ours[i], "127.0.0.1:4318", NULL));
}

static void foreign_names_are_not(void **state)
{
    (void)state;
    const char *const foreign[] = {"",
                                   "evil.example",
                                   "evil.example:4318",
                                   "localhost.evil.example",
                                   "localhost@evil.example",
                                   "127.0.0.1.evil.example",
                                   "127.0.0.1:80:80",
                                   ":4318",
                                   "localhost:http",
                                   "[::1",
                                   "[::1]x",
                                   "[]",
                                   "127.0.0.1 ",
                                   "localhost,evil",
                                   "1"};
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        assert_false(desk_host_is_ours(foreign[i], "127.0.0.1:4318", NULL));
}

static void names_that_were_given_are_ours(void **state)
{
    (void)state;
    assert_true(desk_host_is_ours("desk.lan:4318", "desk.lan:4318", NULL));
    assert_true(desk_host_is_ours("desk:80", "0.0.0.0:4318", "desk"));
    assert_false(desk_host_is_ours("desk2:80", "0.0.0.0:4318", "desk"));
    assert_false(desk_host_is_ours("", "0.0.0.0:4318", ""));
}

static void only_our_own_pages_may_ask(void **state)
{
    (void)state;
    assert_true(desk_origin_is_ours(NULL, "localhost:4318"));
    assert_true(desk_origin_is_ours("http://localhost:4318", "localhost:4318"));
    assert_true(desk_origin_is_ours("https://localhost:4318", "localhost:4318"));
    assert_true(desk_origin_is_ours("http://[::1]:4318", "[::1]:4318"));
    const char *const foreign[] = {"",
                                   "null",
                                   "http://",
                                   "http://localhost",
                                   "http://localhost:43180",
                                   "http://localhost:431",
                                   "ftp://localhost:4318",
                                   "http://evil.example:4318",
                                   "localhost:4318",
                                   "http://localhost:4318/",
                                   "http://localhost:4318, http://x"};
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        assert_false(desk_origin_is_ours(foreign[i], "localhost:4318"));
    assert_false(desk_origin_is_ours("http://", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_and_loopback_names_are_ours),
        cmocka_unit_test(foreign_names_are_not),
        cmocka_unit_test(names_that_were_given_are_ours),
        cmocka_unit_test(only_our_own_pages_may_ask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
