/* Values as text: otel_value_text and otel_value_json, and what a too small buffer gets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <otel/sdk/log_record.h>

static void check(size_t (*write)(const otel_value *, char *, size_t), otel_value value, const char *wanted)
{
    char text[2048];
    size_t length = write(&value, text, sizeof text);
    assert_string_equal(text, wanted);
    assert_int_equal(length, strlen(wanted));
    assert_int_equal(write(&value, NULL, 0), length); /* asked for the length alone */
}

static void check_text(otel_value value, const char *wanted)
{
    check(otel_value_text, value, wanted);
}

static void check_json(otel_value value, const char *wanted)
{
    check(otel_value_json, value, wanted);
}

static void scalars_at_the_top(void **state)
{
    (void)state;
    check_text(otel_string("hi"), "hi");
    check_text(otel_string("a \"b\"\n"), "a \"b\"\n");
    check_text(otel_empty(), "");
    check_text(otel_bool(true), "true");
    check_text(otel_bool(false), "false");
    check_text(otel_int(42), "42");
    check_text(otel_int(0), "0");
    check_text(otel_int(INT64_MIN), "-9223372036854775808");
    check_text(otel_int(INT64_MAX), "9223372036854775807");
    check_text(otel_double(1.5), "1.5");
    check_text(otel_double(NAN), "NaN");
    check_text(otel_double(INFINITY), "Infinity");
    check_text(otel_double(-INFINITY), "-Infinity");
    check_text(otel_bytes("hello world", 11), "aGVsbG8gd29ybGQ=");
}

static void scalars_inside(void **state)
{
    (void)state;
    check_json(otel_string("hi"), "\"hi\"");
    check_json(otel_string(""), "\"\"");
    check_json(otel_empty(), "null");
    check_json(otel_bool(true), "true");
    check_json(otel_int(-7), "-7");
    check_json(otel_double(0.25), "0.25");
    check_json(otel_double(NAN), "\"NaN\"");
    check_json(otel_double(INFINITY), "\"Infinity\"");
    check_json(otel_double(-INFINITY), "\"-Infinity\"");
    check_json(otel_bytes("hello world", 11), "\"aGVsbG8gd29ybGQ=\"");
}

static void base64_of_every_remainder(void **state)
{
    (void)state;
    check_text(otel_bytes("", 0), "");
    check_text(otel_bytes("f", 1), "Zg==");
    check_text(otel_bytes("fo", 2), "Zm8=");
    check_text(otel_bytes("foo", 3), "Zm9v");
    check_text(otel_bytes("foob", 4), "Zm9vYg==");
    check_text(otel_bytes("\xfb\xff\xfe", 3), "+//+");
}

static void collections(void **state)
{
    const otel_value list[] = {otel_string("a"), otel_empty(), otel_double(NAN)};
    const otel_value inner[] = {otel_int(3), otel_empty()};
    const otel_attr map[] = {OTEL_DOUBLE("a", -INFINITY), OTEL_INT("b", 2), OTEL_VALUE("c", otel_array(inner, 2)),
                             OTEL_BYTES("d", "hello world", 11)};
    const int64_t ints[] = {1, -2};
    const double doubles[] = {0.5, INFINITY};
    const bool bools[] = {true, false};
    const char *const strings[] = {"x", "y\"", NULL};
    (void)state;
    check_text(otel_array(list, 3), "[\"a\",null,\"NaN\"]");
    check_json(otel_array(list, 3), "[\"a\",null,\"NaN\"]");
    check_text(otel_map(map, 4), "{\"a\":\"-Infinity\",\"b\":2,\"c\":[3,null],\"d\":\"aGVsbG8gd29ybGQ=\"}");
    check_text(otel_ints(ints, 2), "[1,-2]");
    check_text(otel_doubles(doubles, 2), "[0.5,\"Infinity\"]");
    check_text(otel_bools(bools, 2), "[true,false]");
    check_text(otel_strings(strings, 3), "[\"x\",\"y\\\"\",null]");
    check_text(otel_array(NULL, 0), "[]");
    check_text(otel_map(NULL, 0), "{}");
}

static void nothing_raw_that_moves_a_terminal(void **state)
{
    (void)state;
    check_json(otel_stringn("\0\x01\x1f\x7f", 4), "\"\\u0000\\u0001\\u001f\\u007f\"");
    check_json(otel_string("\b\t\n\f\r\\/"), "\"\\b\\t\\n\\f\\r\\\\/\"");
    check_json(otel_string("\x1b[31m"), "\"\\u001b[31m\"");
    check_json(otel_string("\xc2\x9b\xc2\xa0"), "\"\\u009b\xc2\xa0\"");        /* CSI of the second range; a space */
    check_json(otel_string("\xe2\x80\xae\xe2\x80\xa8"), "\"\\u202e\\u2028\""); /* direction, line separator */
    check_json(otel_string("\xe2\x82\xac\xf0\x9f\x98\x80"), "\"\xe2\x82\xac\xf0\x9f\x98\x80\""); /* euro, face */
}

static void strings_that_are_not_utf8(void **state)
{
    const otel_attr map[] = {OTEL_STR("k\xff", "v")};
    (void)state;
    check_text(otel_string("stra\337e"), "c3RyYd9l");
    check_json(otel_string("\xff"), "\"/w==\"");
    check_json(otel_string("\xed\xa0\x80"), "\"7aCA\""); /* a surrogate */
    check_json(otel_string("\xc0\xaf"), "\"wK8=\"");     /* an overlong slash */
    check_json(otel_map(map, 1), "{\"k?\":\"v\"}");      /* names are mended */
}

static void doubles_read_back(void **state)
{
    const double numbers[] = {0.1, 1.0 / 3, 1e21, 5e-324, DBL_MAX, DBL_MIN, 123456789012345680.0, 2.5e-8, -1e100, 4.35};
    (void)state;
    errno = 77;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char text[64];
        otel_value value = otel_double(numbers[i]);
        otel_value_text(&value, text, sizeof text);
        assert_true(strtod(text, NULL) == numbers[i]);
        errno = 77;
        otel_value_text(&value, text, sizeof text);
        assert_int_equal(errno, 77);
    }
    check_text(otel_double(0.1), "0.1");
    check_text(otel_double(4.35), "4.35");
    check_text(otel_double(0.0), "0");
    check_text(otel_double(-0.0), "-0");
    check_text(otel_double(0.1 + 0.2), "0.30000000000000004");
}

/* Nothing promises that a locale with a comma is installed: then there is nothing that could go wrong either. */
static void locale_does_not_matter(void **state)
{
    static const char *const with_comma[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE", "pl_PL.UTF-8"};
    (void)state;
    for (size_t i = 0; i < sizeof with_comma / sizeof with_comma[0]; i++)
        if (setlocale(LC_NUMERIC, with_comma[i])) break;
    check_text(otel_double(1234567.25), "1234567.25");
    check_json(otel_double(-1.5e300), "-1.5e+300");
    setlocale(LC_NUMERIC, "C");
}

static void a_small_buffer_cuts_at_a_character(void **state)
{
    const char *text = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80z"; /* 1, 2, 3, 4 and 1 bytes */
    const size_t kept[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
    otel_value value = otel_string(text);
    (void)state;
    for (size_t room = 0; room < sizeof kept / sizeof kept[0]; room++) {
        char out[32];
        memset(out, '#', sizeof out);
        assert_int_equal(otel_value_text(&value, out, room + 1), 11);
        assert_int_equal(strlen(out), kept[room]);
        assert_memory_equal(out, text, kept[room]);
        assert_int_equal(out[room + 1], '#');
    }
}

static void a_small_buffer_counts_all(void **state)
{
    const otel_attr map[] = {OTEL_STR("key", "a longer text"), OTEL_INT("n", 5)};
    otel_value value = otel_map(map, 2);
    char whole[128], out[128];
    size_t length = otel_value_json(&value, whole, sizeof whole);
    (void)state;
    for (size_t size = 1; size < length; size++) {
        memset(out, '#', sizeof out);
        assert_int_equal(otel_value_json(&value, out, size), length);
        assert_int_equal(strlen(out), size - 1);
        assert_memory_equal(out, whole, size - 1);
        assert_int_equal(out[size], '#');
    }
}

/* A list in a list ..., `levels` of them, with a number in the innermost. */
static void nest(otel_value *levels, size_t count)
{
    levels[0] = otel_int(1);
    for (size_t i = 1; i <= count; i++) levels[i] = otel_array(&levels[i - 1], 1);
}

static void depth_is_bounded(void **state)
{
    static otel_value levels[100001];
    char text[256];
    (void)state;
    nest(levels, 100000);
    assert_int_equal(otel_value_text(&levels[64], text, sizeof text), 64 + 1 + 64);
    assert_int_equal(text[64], '1');
    otel_value_text(&levels[65], text, sizeof text);
    assert_int_equal(strlen(text), 64 + 4 + 64);
    assert_memory_equal(text + 64, "null", 4);
    assert_int_equal(otel_value_json(&levels[100000], text, sizeof text), 64 + 4 + 64);
}

static void nonsense_is_harmless(void **state)
{
    otel_value unknown = otel_value_make(99, 5), no_bytes = otel_stringn("x", 1);
    char text[8] = "#######";
    (void)state;
    no_bytes.u.string = NULL;
    check_text(unknown, "");
    check_json(unknown, "null");
    check_json(no_bytes, "null");
    assert_int_equal(otel_value_text(NULL, text, sizeof text), 0);
    assert_string_equal(text, "");
    assert_int_equal(otel_value_json(NULL, NULL, 0), 0);
    assert_int_equal(otel_value_text(&unknown, NULL, 8), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_at_the_top),
        cmocka_unit_test(scalars_inside),
        cmocka_unit_test(base64_of_every_remainder),
        cmocka_unit_test(collections),
        cmocka_unit_test(nothing_raw_that_moves_a_terminal),
        cmocka_unit_test(strings_that_are_not_utf8),
        cmocka_unit_test(doubles_read_back),
        cmocka_unit_test(locale_does_not_matter),
        cmocka_unit_test(a_small_buffer_cuts_at_a_character),
        cmocka_unit_test(a_small_buffer_counts_all),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(nonsense_is_harmless),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
