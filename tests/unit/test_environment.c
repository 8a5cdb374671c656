/* Environment variables with the specification's parsing rules. */
#include "common/environment.h"
#include "sdk_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void empty_is_unset(void **unused)
{
    (void)unused;
    setenv("T_TEXT", "", 1);
    assert_null(otel_env_text("T_TEXT"));
    assert_null(otel_env_text("T_MISSING"));
    assert_null(otel_env_text(NULL));
    setenv("T_TEXT", " x ", 1);
    assert_string_equal(otel_env_text("T_TEXT"), " x ");
    otel__env_ignore(true);
    assert_null(otel_env_text("T_TEXT"));
    otel__env_ignore(false);
    assert_non_null(otel_env_text("T_TEXT"));
}

static void numbers_are_whole_or_nothing(void **unused)
{
    (void)unused;
    static const char *const bad[] = {
        "-1", "+1", "1.5", "1e3", "0x10", "abc", "12 3", "18446744073709551616", "101", "99999999999999999999999999",
        "5ms"};
    uint64_t n = 42;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        setenv("T_NUMBER", bad[i], 1);
        said_begin();
        assert_false(otel_env_number("T_NUMBER", 100, &n));
    }
    said_end();
    assert_int_equal(n, 42);
    setenv("T_NUMBER", "", 1);
    assert_false(otel_env_number("T_NUMBER", 100, &n));
    static const struct {
        const char *text;
        uint64_t value;
    } good[] = {{"0", 0}, {"100", 100}, {"007", 7}, {" 8 ", 8}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        setenv("T_NUMBER", good[i].text, 1);
        assert_true(otel_env_number("T_NUMBER", 100, &n));
        assert_int_equal(n, good[i].value);
    }
    setenv("T_NUMBER", "18446744073709551615", 1);
    assert_true(otel_env_number("T_NUMBER", UINT64_MAX, &n) && n == UINT64_MAX);
}

static void only_true_is_true(void **unused)
{
    (void)unused;
    static const char *const no[] = {"1", "yes", "on", "True ", "truest", "false", "FALSE", "0"};
    unsetenv("T_FLAG");
    assert_true(otel_env_flag("T_FLAG", true));
    assert_false(otel_env_flag("T_FLAG", false));
    setenv("T_FLAG", "", 1);
    assert_true(otel_env_flag("T_FLAG", true));
    said_begin();
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        setenv("T_FLAG", no[i], 1);
        assert_false(otel_env_flag("T_FLAG", true));
    }
    said_end();
    setenv("T_FLAG", "tRuE", 1);
    assert_true(otel_env_flag("T_FLAG", false));
}

typedef struct entry {
    int32_t result;
    const char *key, *value;
} entry;

static void walk(const char *text, bool decode_keys, const entry *expected, size_t count)
{
    char copy[200], *at = copy, *key = NULL, *value = NULL;
    strcpy(copy, text);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(otel_env_list_next(&at, &key, &value, decode_keys), expected[i].result);
        if (expected[i].result != 1) continue;
        assert_string_equal(key, expected[i].key);
        assert_string_equal(value, expected[i].value);
    }
    assert_int_equal(otel_env_list_next(&at, &key, &value, decode_keys), 0);
    assert_int_equal(otel_env_list_next(&at, &key, &value, decode_keys), 0);
}
#define WALK(text, decode, ...)                                                                                        \
    walk(text, decode, (const entry[]){__VA_ARGS__}, sizeof((const entry[]){__VA_ARGS__}) / sizeof(entry))

static void lists_are_walked(void **unused)
{
    (void)unused;
    WALK("a=b", true, {1, "a", "b"});
    WALK(" a = b , c\t=\td", true, {1, "a", "b"}, {1, "c", "d"});
    WALK("a=b=c", true, {1, "a", "b=c"});
    WALK("a=,b=1", true, {1, "a", ""}, {1, "b", "1"});
    WALK("k%20x=v%2Cw%3dz", true, {1, "k x", "v,w=z"});
    WALK("k%20x=v", false, {1, "k%20x", "v"});
    WALK("a=%e2%82%ac", true, {1, "a", "\xe2\x82\xac"});
    WALK("a=b+c", true, {1, "a", "b+c"}); /* + is not a space */
    WALK("nonsense,a=1", true, {-1, NULL, NULL}, {1, "a", "1"});
    WALK("=1,a=%zz,b=%4,c=%,d=%00,e=1", true, {-1, 0, 0}, {-1, 0, 0}, {-1, 0, 0}, {-1, 0, 0}, {-1, 0, 0},
         {1, "e", "1"});
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(empty_is_unset), cmocka_unit_test(numbers_are_whole_or_nothing),
                                       cmocka_unit_test(only_true_is_true), cmocka_unit_test(lists_are_walked)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
