/* Environment variables with the specification's parsing rules. */
#include "common/environment.h"
#include "sdk_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
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
    otel__env_reading outer, inner;
    otel__env_begin(&outer, true);
    assert_null(otel_env_text("T_TEXT"));
    otel__env_begin(&inner, false);
    assert_non_null(otel_env_text("T_TEXT"));
    otel__env_end(&inner);
    assert_null(otel_env_text("T_TEXT"));
    otel__env_end(&outer);
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
    setenv("T_NUMBER", "4294967295", 1);
    assert_true(otel_env_number("T_NUMBER", UINT32_MAX, &n) && n == UINT32_MAX);
    setenv("T_NUMBER", "4294967296", 1);
    said_begin();
    assert_false(otel_env_number("T_NUMBER", UINT32_MAX, &n));
    said_end();
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

static const otel_variable between = {"T_NUMBER", OTEL_P_VARIABLE_INTEGER(7, 5, 9)};
static const otel_variable colour = {"T_COLOUR", OTEL_P_VARIABLE_ENUM("red|green|light green")};

static void bounds_are_part_of_a_variable(void **unused)
{
    (void)unused;
    uint64_t n = 1;
    static const char *const good[] = {"5", "7", "9"};
    for (size_t i = 0; i < 3; i++) {
        setenv("T_NUMBER", good[i], 1);
        assert_true(otel_env_read(&between, &n) && n == 5 + 2 * i);
    }
    said_begin();
    setenv("T_NUMBER", "4", 1);
    assert_false(otel_env_read(&between, &n));
    setenv("T_NUMBER", "10", 1);
    assert_false(otel_env_read(&between, &n));
    assert_int_equal(said_times("T_NUMBER is not a number from 5 to 9"), 2);
    assert_int_equal(n, 9);
    said_end();
}

static void choices_know_no_case(void **unused)
{
    (void)unused;
    static const char *const bad[] = {"Redd", "red|green", "light"};
    uint64_t n = 42;
    setenv("T_COLOUR", "", 1);
    assert_false(otel_env_read(&colour, &n));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        setenv("T_COLOUR", bad[i], 1);
        said_begin();
        assert_false(otel_env_read(&colour, &n));
        assert_true(said(bad[i])); /* the text as the user wrote it */
        said_end();
    }
    assert_int_equal(n, 42);
    setenv("T_COLOUR", "rEd", 1);
    assert_true(otel_env_read(&colour, &n) && n == 0);
    setenv("T_COLOUR", "LIGHT GREEN", 1);
    assert_true(otel_env_read(&colour, &n) && n == 2);
    assert_true(otel_env_parse(&colour, "an option", "green", &n) && n == 1);
    said_begin();
    assert_false(otel_env_parse(&colour, "an option", "black", &n));
    assert_true(said("an option is none of red|green|light green"));
    said_end();
}

static void one_provider_complains_once(void **unused)
{
    (void)unused;
    uint64_t n;
    otel__env_reading reading;
    setenv("T_NUMBER", "x", 1);
    setenv("T_COLOUR", "x", 1);
    for (unsigned provider = 1; provider <= 2; provider++) {
        otel__env_begin(&reading, false);
        said_begin();
        for (int i = 0; i < 3; i++) {
            assert_false(otel_env_read(&between, &n));
            assert_false(otel_env_read(&colour, &n));
            assert_false(otel_env_flag("T_COLOUR", true));
        }
        assert_int_equal(said_times("T_NUMBER"), 1);
        assert_int_equal(said_times("T_COLOUR"), 1);
        said_end();
        otel__env_end(&reading);
    }
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
    /* Those that look at complaints first: of more than ten in ten seconds the rest is left out. */
    const struct CMUnitTest tests[] = {cmocka_unit_test(bounds_are_part_of_a_variable),
                                       cmocka_unit_test(choices_know_no_case),
                                       cmocka_unit_test(one_provider_complains_once),
                                       cmocka_unit_test(empty_is_unset),
                                       cmocka_unit_test(numbers_are_whole_or_nothing),
                                       cmocka_unit_test(only_true_is_true),
                                       cmocka_unit_test(lists_are_walked)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
