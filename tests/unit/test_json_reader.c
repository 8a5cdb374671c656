/* The JSON reader: what it accepts, what it keeps exact, what it refuses and with which words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json_reader/json_reader.h"

enum { LIMIT = 1 << 20 };

static otel__json_arena arena;

static int set_up(void **state)
{
    (void)state;
    otel__json_arena_init(&arena, LIMIT);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    otel__json_arena_release(&arena);
    return 0;
}

/* Reads a copy that ends exactly at its last byte, so that a sanitizer sees every look beyond it. */
static char *exact_copy;

static otel__json *read_bytes(const char *text, size_t size, otel__json_error *error)
{
    free(exact_copy);
    exact_copy = malloc(size ? size : 1);
    assert_non_null(exact_copy);
    memcpy(exact_copy, text, size);
    return otel__json_read(&arena, exact_copy, size, error);
}

static otel__json *read_good(const char *text)
{
    otel__json_error error;
    otel__json *value = read_bytes(text, strlen(text), &error);
    if (!value) fail_msg("%s: offset %zu: %s", text, error.offset, error.words);
    assert_null(error.words);
    return value;
}

static void refuses_bytes(const char *text, size_t size, size_t offset, const char *words)
{
    otel__json_error error = {0};
    if (read_bytes(text, size, &error)) fail_msg("accepted: %s", text);
    assert_non_null(error.words);
    if (!strstr(error.words, words)) fail_msg("%s: \"%s\" instead of \"%s\"", text, error.words, words);
    assert_int_equal(error.offset, offset);
}

static void refuses(const char *text, size_t offset, const char *words)
{
    refuses_bytes(text, strlen(text), offset, words);
}

static void is_text(const otel__json *value, const char *text, size_t size)
{
    assert_non_null(value);
    assert_int_equal(value->type, OTEL__JSON_STRING);
    assert_int_equal(value->size, size);
    assert_memory_equal(value->text, text, size);
}

static void test_every_type(void **state)
{
    (void)state;
    assert_int_equal(read_good(" null\t")->type, OTEL__JSON_NULL);
    assert_true(read_good("true")->boolean);
    assert_int_equal(read_good("true")->type, OTEL__JSON_BOOL);
    assert_false(read_good("\r\nfalse")->boolean);
    assert_int_equal(read_good("0")->type, OTEL__JSON_NUMBER);
    is_text(read_good("\"\""), "", 0);
    assert_int_equal(read_good("[]")->size, 0);
    assert_null(read_good("{ }")->first);
    assert_int_equal(read_good("{}")->type, OTEL__JSON_OBJECT);
}

static void test_members_stay_in_order_duplicates_too(void **state)
{
    (void)state;
    otel__json *object = read_good("{\"a\":1,\"b\":[true,null,\"x\"],\"a\":2}");
    assert_int_equal(object->size, 3);
    const otel__json *first = object->first;
    assert_true(otel__json_key_is(first, "a"));
    assert_string_equal(first->text, "1");
    assert_true(otel__json_key_is(first->next, "b"));
    assert_int_equal(first->next->size, 3);
    is_text(first->next->first->next->next, "x", 1);
    assert_null(first->next->first->next->next->next);
    assert_true(otel__json_key_is(first->next->next, "a"));
    assert_null(first->next->next->next);
    assert_string_equal(otel__json_get(object, "a")->text, "2");
    assert_null(otel__json_get(object, "c"));
    assert_null(otel__json_get(first, "a"));
    assert_null(otel__json_get(NULL, "a"));
    assert_true(otel__json_string_is(first->next->first->next->next, "x"));
    assert_false(otel__json_string_is(first, "1"));
}

static void test_integers_are_exact(void **state)
{
    (void)state;
    int64_t i = 7;
    uint64_t u = 7;
    assert_true(otel__json_int64(read_good("9223372036854775807"), &i));
    assert_true(i == INT64_MAX);
    assert_true(otel__json_int64(read_good("-9223372036854775808"), &i));
    assert_true(i == INT64_MIN);
    assert_true(otel__json_int64(read_good("9007199254740993"), &i));
    assert_true(i == 9007199254740993);
    assert_true(otel__json_int64(read_good("-0"), &i));
    assert_true(i == 0);
    assert_true(otel__json_uint64(read_good("18446744073709551615"), &u));
    assert_true(u == UINT64_MAX);
    assert_true(otel__json_uint64(read_good("-0"), &u));
    i = 7, u = 7;
    assert_false(otel__json_int64(read_good("9223372036854775808"), &i));
    assert_false(otel__json_int64(read_good("-9223372036854775809"), &i));
    assert_false(otel__json_int64(read_good("1.0"), &i));
    assert_false(otel__json_int64(read_good("1e3"), &i));
    assert_false(otel__json_int64(read_good("1E3"), &i));
    assert_false(otel__json_int64(read_good("\"1\""), &i));
    assert_false(otel__json_int64(NULL, &i));
    assert_false(otel__json_uint64(read_good("-1"), &u));
    assert_false(otel__json_uint64(read_good("18446744073709551616"), &u));
    assert_false(otel__json_uint64(read_good("99999999999999999999999999"), &u));
    assert_true(i == 7 && u == 7);
}

static void test_numbers_keep_their_text(void **state)
{
    (void)state;
    static const char *const texts[] = {"1",
                                        "1.0",
                                        "-0",
                                        "0.1",
                                        "-12.5e-3",
                                        "1E+2",
                                        "1e999",
                                        "-1e999",
                                        "4.9e-324",
                                        "10e0",
                                        "100000000000000000000000000000001"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const otel__json *value = read_good(texts[i]);
        double number = 0, expected = strtod(texts[i], NULL);
        assert_string_equal(value->text, texts[i]);
        assert_int_equal(value->size, strlen(texts[i]));
        assert_true(otel__json_double(value, &number));
        assert_memory_equal(&number, &expected, sizeof number);
    }
    double number = 3;
    assert_true(otel__json_double(read_good("1e999"), &number) && isinf(number));
    assert_false(otel__json_double(read_good("true"), &number));
}

static void test_strings_are_decoded(void **state)
{
    (void)state;
    is_text(read_good("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\""), "a\"\\/\b\f\n\r\t", 9);
    is_text(read_good("\"\\u0041\\u00e9\\u20AC\""), "A\xC3\xA9\xE2\x82\xAC", 6);
    is_text(read_good("\"\\ud83d\\ude00\""), "\xF0\x9F\x98\x80", 4);
    is_text(read_good("\"\\uD800\\uDC00\\uDBFF\\uDFFF\""), "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", 8);
    is_text(read_good("\"a\\u0000b\""), "a\0b", 3);
    is_text(read_good("\"\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xF0\x90\x80\x80\xF4\x8F\xBF\xBF\""),
            "\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", 21);
    otel__json *object = read_good("{\"k\\u0000\\n\":1}");
    assert_int_equal(object->first->key_size, 3);
    assert_memory_equal(object->first->key, "k\0\n", 3);
    assert_null(otel__json_get(object, "k"));
}

static void test_a_plain_string_is_a_view(void **state)
{
    (void)state;
    const char text[] = "\"plain\"";
    otel__json *value = otel__json_read(&arena, text, sizeof text - 1, NULL);
    assert_ptr_equal(value->text, text + 1);
}

static void test_wrong_utf8_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "\"\x80\"",         "\"\xC0\x80\"",         "\"\xC1\xBF\"",         "\"\xC2\"",         "\"\xE0\x9F\xBF\"",
        "\"\xED\xA0\x80\"", "\"\xE2\x82\"",         "\"\xF0\x8F\xBF\xBF\"", "\"\xFF\"",         "\"\xE2",
        "\"\xED\xBF\xBF\"", "\"\xF4\x90\x80\x80\"", "\"\xF5\x80\x80\x80\"", "\"\xF0\x90\x80\"",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) refuses(wrong[i], 1, "not UTF-8");
    refuses("\xEF\xBB\xBF{}", 0, "no value begins");
}

static void test_wrong_escapes_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "\"\\ud800\"", "\"\\udc00\"",        "\"\\ud800\\u0041\"", "\"\\ud800x\"", "\"\\u12\"",
        "\"\\u12g4\"", "\"\\ud800\\ud800\"", "\"\\u-123\"",        "\"\\u",        "\"\\ud83d\\ude0",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) refuses(wrong[i], 1, "surrogate");
    refuses("\"\\x41\"", 1, "no such escape");
    refuses("\"\\U0041\"", 1, "no such escape");
    refuses_bytes("\"\\\0\"", 4, 1, "no such escape");
}

static void test_wrong_strings_are_refused(void **state)
{
    (void)state;
    refuses("\"abc", 0, "no end");
    refuses("\"abc\\", 4, "no end");
    refuses("\"a\nb\"", 2, "control character");
    refuses_bytes("\"a\0b\"", 5, 2, "control character");
}

static void test_wrong_numbers_are_refused(void **state)
{
    (void)state;
    refuses("01", 1, "something follows");
    refuses("-", 1, "digit is missing");
    refuses("1.", 2, "digit is missing");
    refuses("1e", 2, "digit is missing");
    refuses("1e+", 3, "digit is missing");
    refuses(".5", 0, "no value begins");
    refuses("+1", 0, "no value begins");
    refuses("0x10", 1, "something follows");
    refuses("NaN", 0, "no value begins");
    refuses("-Infinity", 1, "digit is missing");
    refuses("1.e3", 2, "digit is missing");
}

static void test_wrong_structure_is_refused(void **state)
{
    (void)state;
    refuses("", 0, "value is missing");
    refuses("  ", 2, "value is missing");
    refuses("[1,]", 3, "no value begins");
    refuses("[1 2]", 3, "',' or the end");
    refuses("[1", 0, "no end");
    refuses("[", 1, "value is missing");
    refuses("{", 1, "key in quotes");
    refuses("{\"a\"}", 4, "':' is missing");
    refuses("{\"a\":}", 5, "no value begins");
    refuses("{\"a\":1,}", 7, "key in quotes");
    refuses("{a:1}", 1, "key in quotes");
    refuses("{\"a\":1]", 6, "',' or the end");
    refuses("[1}", 2, "',' or the end");
    refuses("tru", 0, "no value begins");
    refuses("nullx", 4, "something follows");
    refuses("{} {}", 3, "something follows");
    refuses("// no\n1", 0, "no value begins");
    refuses("1\v", 1, "something follows");
    assert_null(otel__json_read(&arena, NULL, 0, NULL));
}

static void test_depth_is_bounded(void **state)
{
    (void)state;
    char text[2 * 65 + 1];
    memset(text, '[', 64);
    memset(text + 64, ']', 64);
    text[128] = '\0';
    assert_non_null(read_good(text));
    memset(text, '[', 65);
    memset(text + 65, ']', 65);
    text[130] = '\0';
    refuses(text, 64, "64 deep");
    assert_non_null(read_good("[[[]],[[]],{\"a\":{}}]"));
}

static void test_memory_is_bounded_and_reused(void **state)
{
    (void)state;
    size_t size = 200001;
    char *text = malloc(size);
    assert_non_null(text);
    for (size_t i = 1; i < size; i += 2) memcpy(text + i, "0,", 2);
    text[0] = '[';
    text[size - 1] = ']';
    otel__json_error error;
    assert_null(otel__json_read(&arena, text, size, &error));
    assert_string_equal(error.words, "the text needs more memory than is allowed");
    assert_true(arena.total <= LIMIT);
    otel__json_arena_reset(&arena);
    size_t kept = arena.total;
    for (int i = 0; i < 1000; i++) {
        otel__json_arena_reset(&arena);
        assert_non_null(otel__json_read(&arena, "{\"a\":[1,2,3]}", 13, NULL));
    }
    assert_int_equal(arena.total, kept);
    assert_null(otel__json_allocate(&arena, SIZE_MAX - 4));
    assert_null(otel__json_allocate(&arena, LIMIT));
    assert_non_null(otel__json_allocate(&arena, 100000));
    free(text);
}

static void test_wrong_bytes_at_every_place(void **state)
{
    (void)state;
    static const char good[] = "{\"a\":[1,-2.5e3,\"x\\u00e9\\ud83d\\ude00\",true,null],\"b\":{\"c\":\"\xE2\x82\xAC\"}}";
    assert_non_null(read_good(good));
    size_t size = sizeof good - 1;
    for (size_t n = 0; n < size; n++) assert_null(read_bytes(good, n, NULL)); /* a cut text is never one */
    char changed[sizeof good];
    for (size_t i = 0; i < size; i++) {
        for (int byte = 0; byte < 256; byte++) {
            memcpy(changed, good, size);
            changed[i] = (char)byte;
            otel__json_error error = {0};
            otel__json_arena_reset(&arena);
            bool read = read_bytes(changed, size, &error) != NULL;
            assert_true(read != (error.words != NULL));
            assert_true(error.offset <= size);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_type, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_members_stay_in_order_duplicates_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_integers_are_exact, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_numbers_keep_their_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_strings_are_decoded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_plain_string_is_a_view, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_wrong_utf8_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_wrong_escapes_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_wrong_strings_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_wrong_numbers_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_wrong_structure_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_depth_is_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_memory_is_bounded_and_reused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_wrong_bytes_at_every_place, set_up, tear_down),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(exact_copy);
    return failed;
}
