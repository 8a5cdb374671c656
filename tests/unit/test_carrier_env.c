/* The environment as a carrier. */
#include <otel/propagation.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static otel_str text(const char *t)
{
    return (otel_str){t, strlen(t)};
}

static bool is(otel_str found, const char *wanted)
{
    return found.size == strlen(wanted) && memcmp(found.data, wanted, found.size) == 0;
}

/* ENV-NAME */
static void names_are_normalised_by_character(void **unused)
{
    (void)unused;
    static const struct {
        const char *field, *name;
    } rows[] = {{"traceparent", "TRACEPARENT"},
                {"x-b3-traceid", "X_B3_TRACEID"},
                {"", "_"},
                {"3scale", "_3SCALE"},
                {"a.b c", "A_B_C"},
                {"\xc3\xa9", "_"},
                {"a\xe2\x82\xac"
                 "b",
                 "A_B"},
                {"\xf0\x9f\x98\x80", "_"},
                {"A_z09", "A_Z09"},
                {"=\n", "__"},
                {"uber-trace-id", "UBER_TRACE_ID"}};
    char name[64];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(otel_env_name(text(rows[i].field), name, sizeof name), strlen(rows[i].name));
        assert_string_equal(name, rows[i].name);
    }
    char small[4] = "###";
    assert_int_equal(otel_env_name(text("baggage"), small, sizeof small), 7);
    assert_string_equal(small, "BAG");
    assert_int_equal(otel_env_name(text("9"), small, 2), 2);
    assert_string_equal(small, "_");
    assert_int_equal(otel_env_name(text("baggage"), NULL, 0), 7);
}

static char *const list[] = {"PATH=/bin",
                             "TRACEPARENT=1",
                             "traceparent=2",
                             "x-b3-traceid=3",
                             "X_B3_TRACEID=4",
                             "TRACEPARENTS=5",
                             "NOTHING",
                             "TRACEPARENT=6",
                             "9A=7",
                             "=8",
                             "B3=",
                             NULL};

static void only_normalised_names_are_read(void **unused)
{
    (void)unused;
    otel_str v;
    const otel_getter *g = &otel_env_getter;
    assert_true(g->get(list, "traceparent", 0, &v) && is(v, "1"));
    assert_true(g->get(list, "traceparent", 1, &v) && is(v, "6"));
    assert_false(g->get(list, "traceparent", 2, &v));
    assert_true(g->get(list, "x-b3-traceid", 0, &v) && is(v, "4"));
    assert_false(g->get(list, "x-b3-traceid", 1, &v));
    assert_true(g->get(list, "b3", 0, &v) && is(v, ""));
    assert_false(g->get(list, "nothing", 0, &v));
    assert_false(g->get(list, "9a", 0, &v));
    static const char *const names[] = {"PATH",        "TRACEPARENT", "X_B3_TRACEID", "TRACEPARENTS", "NOTHING",
                                        "TRACEPARENT", "B3"};
    for (size_t i = 0; i < 7; i++) {
        assert_true(g->keys(list, i, &v));
        assert_true(is(v, names[i]));
    }
    assert_false(g->keys(list, 7, &v));
    char longest[400];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_false(g->get(list, longest, 0, &v));
}

static void without_a_list_it_is_our_own(void **unused)
{
    (void)unused;
    otel_str v;
    setenv("TRACEPARENT", "own", 1);
    assert_true(otel_env_getter.get(NULL, "traceparent", 0, &v) && is(v, "own"));
    unsetenv("TRACEPARENT");
    assert_false(otel_env_getter.get(NULL, "traceparent", 0, &v));
}

static void set(otel_text_carrier *c, const char *name, const char *value)
{
    otel_env_setter.set(c, text(name), text(value));
}

static bool block_is(const otel_text_carrier *c, const char *wanted, size_t size)
{
    return c->size == size && memcmp(c->buffer, wanted, size + 1) == 0;
}
#define BLOCK_IS(c, wanted) assert_true(block_is(c, wanted, sizeof(wanted) - 1))

static void blocks_hold_a_name_once(void **unused)
{
    (void)unused;
    char buffer[32];
    otel_text_carrier c = {buffer, sizeof buffer, 0, false};
    set(&c, "a", "1");
    set(&c, "b-b", "2");
    BLOCK_IS(&c, "A=1\0B_B=2\0");
    set(&c, "A", "333");
    BLOCK_IS(&c, "B_B=2\0A=333\0");
    set(&c, "b_b", "");
    BLOCK_IS(&c, "A=333\0B_B=\0");
    assert_false(c.truncated);
    set(&c, "c", "012345678901234567890");
    assert_true(c.truncated);
    BLOCK_IS(&c, "A=333\0B_B=\0");
    c.truncated = false;
    otel_env_setter.set(&c, text("d"), (otel_str){"1\0LD_PRELOAD=x", 14}); /* no value becomes another entry */
    assert_true(c.truncated);
    BLOCK_IS(&c, "A=333\0B_B=\0");
}

static bool list_is(char **found, const char *const *wanted)
{
    size_t i = 0;
    for (; found[i] && wanted[i]; i++)
        if (strcmp(found[i], wanted[i]) != 0) return false;
    return !found[i] && !wanted[i];
}

static void a_childs_environment_has_no_stale_context(void **unused)
{
    (void)unused;
    char *base[] = {"PATH=/bin", "TRACEPARENT=old", "TRACESTATE=old", "BAGGAGE=old", "B3=stays", "NONE", "X=1", "X=2",
                    NULL};
    char buffer[64], *out[10];
    otel_text_carrier block = {buffer, sizeof buffer, 0, false};
    otel_propagators_set_names("tracecontext,baggage", NULL);
    set(&block, "traceparent", "new");
    set(&block, "x", "3");
    static const char *const wanted[] = {"PATH=/bin", "B3=stays", "NONE", "TRACEPARENT=new", "X=3", NULL};
    assert_int_equal(otel_env_merge(&block, base, out, 10), 6);
    assert_true(list_is(out, wanted));
    assert_string_equal(base[1], "TRACEPARENT=old");
    assert_int_equal(otel_env_merge(&block, base, out, 6), 6);
    assert_true(list_is(out, wanted));
    static const char *const cut[] = {"PATH=/bin", "B3=stays", NULL};
    assert_int_equal(otel_env_merge(&block, base, out, 3), 6);
    assert_true(list_is(out, cut));
    assert_int_equal(otel_env_merge(&block, base, NULL, 0), 6);
    static const char *const none[] = {"PATH=/bin", "B3=stays", "NONE", "X=1", "X=2", NULL};
    assert_int_equal(otel_env_merge(NULL, base, out, 10), 6);
    assert_true(list_is(out, none));
    otel_propagators_set(NULL, 0);
    assert_int_equal(otel_env_merge(NULL, base, out, 10), 9); /* nobody propagates: nothing is ours */
}

static void ones_own_environment_stays(void **unused)
{
    (void)unused;
    char *out[1000], buffer[16];
    otel_text_carrier block = {buffer, sizeof buffer, 0, false};
    setenv("TRACEPARENT", "own", 1);
    otel_propagators_set_names("tracecontext", NULL);
    set(&block, "other", "1");
    size_t n = otel_env_merge(&block, NULL, out, 1000);
    assert_in_range(n, 2, 999);
    for (size_t i = 0; out[i]; i++) assert_int_not_equal(strncmp(out[i], "TRACEPARENT=", 12), 0);
    assert_string_equal(out[n - 2], "OTHER=1");
    assert_string_equal(getenv("TRACEPARENT"), "own");
    unsetenv("TRACEPARENT");
    otel_propagators_set(NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_normalised_by_character),
        cmocka_unit_test(only_normalised_names_are_read),
        cmocka_unit_test(without_a_list_it_is_our_own),
        cmocka_unit_test(blocks_hold_a_name_once),
        cmocka_unit_test(a_childs_environment_has_no_stale_context),
        cmocka_unit_test(ones_own_environment_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
