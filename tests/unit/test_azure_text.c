/* Text of an item: mended, measured in UTF-16 code units, cut between characters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_monitor/src/mapping/text.h"
#include <string.h>

static void prefix_is(const char *text, size_t size, size_t units, size_t in, const char *out)
{
    char to[64];
    otel__azure_prefix prefix = otel__azure_text_prefix(text, size, units);
    assert_int_equal(prefix.in, in);
    assert_int_equal(prefix.out, strlen(out));
    otel__azure_text_mend(to, text, &prefix);
    assert_string_equal(to, out);
}

static void cut(const char *text, size_t units, const char *out)
{
    prefix_is(text, strlen(text), units, strlen(out), out);
}

static void units_are_those_of_utf16(void **state)
{
    (void)state;
    cut("abcdefghijkl", 12, "abcdefghijkl");
    cut("abcdefghijkl", 11, "abcdefghijk");
    cut("abc", 0, "");
    cut("\xc3\xa9\xc3\xa9\xc3\xa9", 2, "\xc3\xa9\xc3\xa9");
    cut("\xe2\x82\xac!", 1, "\xe2\x82\xac");
    cut("a\xf0\x9f\x9a\x80z", 4, "a\xf0\x9f\x9a\x80z");
    cut("a\xf0\x9f\x9a\x80z", 3, "a\xf0\x9f\x9a\x80");
    cut("a\xf0\x9f\x9a\x80z", 2, "a"); /* never half a surrogate pair */
    cut("abcdefgh\xf0\x9f\x9a\x80", 9, "abcdefgh");
}

static void bad_bytes_become_replacement_characters(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\xff", "\xc3", "\x80", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char to[64];
        size_t size = strlen(bad[i]);
        otel__azure_prefix prefix = otel__azure_text_prefix(bad[i], size, 100);
        assert_int_equal(prefix.in, size);
        assert_int_equal(prefix.out, 3 * size);
        otel__azure_text_mend(to, bad[i], &prefix);
        for (size_t j = 0; j < size; j++) assert_memory_equal(to + 3 * j, "\xef\xbf\xbd", 3);
    }
    prefix_is("a\xff"
              "b",
              3, 3, 3,
              "a\xef\xbf\xbd"
              "b");
    prefix_is("a\xff"
              "b",
              3, 2, 2, "a\xef\xbf\xbd");
    prefix_is("\xe2\x82", 2, 5, 2, "\xef\xbf\xbd\xef\xbf\xbd");
}

static void zeros_are_seen(void **state)
{
    (void)state;
    otel__azure_prefix prefix = otel__azure_text_prefix("abcdefgh\0ij", 11, 100);
    assert_true(prefix.zeros);
    assert_int_equal(prefix.out, 11);
    assert_false(otel__azure_text_prefix("abcdefgh\0ij", 11, 8).zeros);
    assert_false(otel__azure_text_prefix("abcdefghij", 10, 100).zeros);
}

static void characters_are_code_points(void **state)
{
    (void)state;
    assert_int_equal(otel__azure_text_characters("", 0), 0);
    assert_int_equal(otel__azure_text_characters("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x9a\x80\xff", 11), 5);
}

static void escapes_take_room(void **state)
{
    (void)state;
    assert_int_equal(otel__azure_text_escaped("a\"\\\n\x01\x7f\xc3\xa9", 8), 1 + 2 + 2 + 2 + 6 + 1 + 2);
    assert_int_equal(otel__azure_text_escaped("\b\t\n\f\r\0", 6), 16);
    assert_int_equal(otel__azure_text_fit("abc", 3, 3), 3);
    assert_int_equal(otel__azure_text_fit("abc", 3, 2), 2);
    assert_int_equal(otel__azure_text_fit("a\"b", 3, 2), 1);
    assert_int_equal(otel__azure_text_fit("a\"b", 3, 3), 2);
    assert_int_equal(otel__azure_text_fit("a\x01", 2, 6), 1);
    assert_int_equal(otel__azure_text_fit("a\xc3\xa9", 3, 2), 1);
    assert_int_equal(otel__azure_text_fit("\xf0\x9f\x9a\x80", 4, 3), 0);
    assert_int_equal(otel__azure_text_fit("\xf0\x9f\x9a\x80", 4, 4), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_are_those_of_utf16), cmocka_unit_test(bad_bytes_become_replacement_characters),
        cmocka_unit_test(zeros_are_seen),           cmocka_unit_test(characters_are_code_points),
        cmocka_unit_test(escapes_take_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
