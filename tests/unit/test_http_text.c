/* Tests of exporters/http/src/text.c: bytes of others as text that can be shown. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <otel/exporters/http.h>

static const char *cleaned(const char *bytes, size_t size)
{
    static char text[64];
    otel_http_clean_text(bytes, size, text, sizeof text);
    return text;
}

static void text_is_cleaned(void **state)
{
    (void)state;
    assert_string_equal(cleaned("a\n\x1b[31mb\0c\x7f", 10), "a  [31mb c");
    assert_string_equal(cleaned("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80", 15),
                        "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80");
    assert_string_equal(cleaned("\xc3|\xff|\xc0\x80|\xed\xa0\x80|\xf4\x90\x80\x80", 15), "?|?|?\?|??\?|???\?");
    assert_string_equal(cleaned("\xc2\x9bX\xe2\x80\xaeY\xe2\x80\xa8Z", 11), " X Y Z");
    char small[4];
    assert_int_equal(otel_http_clean_text("ab\xc3\xbc", 4, small, sizeof small), 2);
    assert_string_equal(small, "ab");
    assert_int_equal(otel_http_clean_text(NULL, 0, small, sizeof small), 0);
    assert_int_equal(otel_http_clean_text("abc", 3, NULL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_cleaned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
