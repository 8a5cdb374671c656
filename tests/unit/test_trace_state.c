/* Trace state: looking up, adding, updating, removing. */
#include <otel/trace_state.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char out[20000];

static otel_str text(const char *t)
{
    return (otel_str){t, strlen(t)};
}

#define ASSERT_STATE(state, wanted)                                                                                    \
    do {                                                                                                               \
        assert_int_equal((state).size, sizeof(wanted) - 1);                                                            \
        if ((state).size) assert_memory_equal((state).data, wanted, sizeof(wanted) - 1);                               \
    } while (0)

static void values_are_found_by_key(void **unused)
{
    (void)unused;
    otel_str value = {"unset", 5};
    assert_true(otel_trace_state_get(text(" a=1 ,, b=2"), "b", &value));
    ASSERT_STATE(value, "2");
    assert_false(otel_trace_state_get(text("aa=1,ab=2"), "a", &value));
    assert_false(otel_trace_state_get(text("a=1"), "A", &value));
    assert_false(otel_trace_state_get(text("A=1"), "A", &value)); /* no member */
    assert_false(otel_trace_state_get((otel_str){NULL, 0}, "a", &value));
    assert_false(otel_trace_state_get(text("a=1"), NULL, &value));
    assert_false(otel_trace_state_get(text("a=1"), "", &value));
    assert_false(otel_trace_state_get(text("a=1"), "a", NULL));
    ASSERT_STATE(value, "2");
}

static void what_is_set_stands_in_front(void **unused)
{
    (void)unused;
    otel_str s;
    assert_true(otel_trace_state_set((otel_str){NULL, 0}, "a", "1", out, sizeof out, &s));
    ASSERT_STATE(s, "a=1");
    assert_true(otel_trace_state_set(text("a=1,b=2,c=3"), "d", "4", out, sizeof out, &s));
    ASSERT_STATE(s, "d=4,a=1,b=2,c=3");
    assert_true(otel_trace_state_set(text("a=1,b=2,c=3"), "b", "new", out, sizeof out, &s));
    ASSERT_STATE(s, "b=new,a=1,c=3");
    assert_true(otel_trace_state_set(text("a=1,a=2,X=3"), "a", "4", out, sizeof out, &s));
    ASSERT_STATE(s, "a=4"); /* keys are unique, members good */
}

static void the_last_of_33_goes(void **unused)
{
    (void)unused;
    char many[32 * 6];
    size_t at = 0, cursor = 0, count = 0;
    otel_str s, key, value;
    for (int i = 0; i < 32; i++) at += (size_t)sprintf(many + at, "%sk%02d=1", i ? "," : "", i);
    assert_true(otel_trace_state_set(text(many), "new", "1", out, sizeof out, &s));
    while (otel_trace_state_next(s, &cursor, &key, &value)) count++;
    assert_int_equal(count, 32);
    assert_true(otel_trace_state_get(s, "new", &value));
    assert_true(otel_trace_state_get(s, "k30", &value));
    assert_false(otel_trace_state_get(s, "k31", &value));
    assert_true(otel_trace_state_set(text(many), "k05", "2", out, sizeof out, &s)); /* an update removes none */
    assert_true(otel_trace_state_get(s, "k31", &value));
}

static void deleting(void **unused)
{
    (void)unused;
    otel_str s;
    assert_true(otel_trace_state_delete(text("a=1,b=2,c=3"), "b", out, sizeof out, &s));
    ASSERT_STATE(s, "a=1,c=3");
    assert_true(otel_trace_state_delete(text("a=1"), "x", out, sizeof out, &s));
    ASSERT_STATE(s, "a=1");
    assert_true(otel_trace_state_delete(text("a=1"), "a", out, sizeof out, &s));
    ASSERT_STATE(s, "");
    assert_true(otel_trace_state_delete((otel_str){NULL, 0}, "a", NULL, 0, &s));
    assert_false(otel_trace_state_delete(text("a=1"), NULL, out, sizeof out, &s));
    ASSERT_STATE(s, "a=1");
}

static void what_breaks_the_grammar_changes_nothing(void **unused)
{
    (void)unused;
    static const struct {
        const char *key, *value;
    } bad[] = {{"", "1"},    {NULL, "1"},       {"A", "1"},    {"a b", "1"}, {"@a", "1"},   {"a.b", "1"},  {"a", ""},
               {"a", NULL},  {"a", "1 "},       {"a", "1,2"},  {"a", "1=2"}, {"a", "1\t2"}, {"a", "\x7f"}, {"a=", "1"},
               {"a\n", "1"}, {"\xc3\xa4", "1"}, {"a", "\xff"}, {"a,b", "1"}, {"-a", "1"}};
    otel_str s;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(otel_trace_state_set(text("k=1"), bad[i].key, bad[i].value, out, sizeof out, &s));
        ASSERT_STATE(s, "k=1");
    }
}

static void lengths_are_limited(void **unused)
{
    (void)unused;
    char key[258], value[258];
    otel_str s;
    memset(key, 'k', sizeof key), memset(value, 'v', sizeof value);
    key[256] = value[256] = '\0';
    assert_true(otel_trace_state_set(text("a=1"), key, value, out, sizeof out, &s));
    assert_int_equal(s.size, 256 + 1 + 256 + 4);
    key[256] = 'k', key[257] = '\0';
    assert_false(otel_trace_state_set(text("a=1"), key, value, out, sizeof out, &s));
    key[256] = '\0', value[256] = 'v', value[257] = '\0';
    assert_false(otel_trace_state_set(text("a=1"), key, value, out, sizeof out, &s));
}

static void without_room_nothing_changes(void **unused)
{
    (void)unused;
    char small[8] = "#######";
    otel_str s;
    assert_false(otel_trace_state_set(text("a=1"), "b", "2", small, 6, &s));
    ASSERT_STATE(s, "a=1");
    assert_true(otel_trace_state_set(text("a=1"), "b", "2", small, 7, &s));
    ASSERT_STATE(s, "b=2,a=1");
    assert_int_equal(small[7], '\0');
    assert_false(otel_trace_state_set(text("a=1"), "b", "2", NULL, 100, &s));
    assert_false(otel_trace_state_delete(text("a=1"), "b", NULL, 100, &s));
    ASSERT_STATE(s, "a=1");
    assert_true(otel_trace_state_set(text("a=1"), "b", "2", small, 7, NULL));
}

static void the_walk_passes_over_what_is_no_member(void **unused)
{
    (void)unused;
    size_t cursor = 0;
    otel_str key, value, s = text("A=1,, a=1,b,c= 2");
    assert_true(otel_trace_state_next(s, &cursor, &key, &value));
    ASSERT_STATE(key, "a");
    assert_true(otel_trace_state_next(s, &cursor, &key, &value));
    ASSERT_STATE(key, "c");
    ASSERT_STATE(value, " 2");
    assert_false(otel_trace_state_next(s, &cursor, &key, &value));
    assert_false(otel_trace_state_next(s, &cursor, &key, &value));
    assert_false(otel_trace_state_next(s, NULL, &key, &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(values_are_found_by_key),
                                       cmocka_unit_test(what_is_set_stands_in_front),
                                       cmocka_unit_test(the_last_of_33_goes),
                                       cmocka_unit_test(deleting),
                                       cmocka_unit_test(what_breaks_the_grammar_changes_nothing),
                                       cmocka_unit_test(lengths_are_limited),
                                       cmocka_unit_test(without_room_nothing_changes),
                                       cmocka_unit_test(the_walk_passes_over_what_is_no_member)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
