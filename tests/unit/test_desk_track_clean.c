/* JSON whose sender cut a character in two. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collector_desk/buffer.c"
#include "collector_desk/desk.c"
#include "collector_desk/track/track_clean.c"

static void expect_mended(const char *text, const char *expected)
{
    desk_buffer buffer = {0};
    desk_put_clean_json(&buffer, (desk_text){text, strlen(text)});
    assert_int_equal(buffer.size, strlen(expected));
    if (buffer.size) assert_memory_equal(buffer.at, expected, buffer.size);
    desk_buffer_release(&buffer);
}

static void halves_of_pairs(void **state)
{
    (void)state;
    expect_mended("\"\\ud83d\"", "\"\\ufffd\"");
    expect_mended("\"\\uDE00x\"", "\"\\ufffdx\"");
    expect_mended("\"\\ud83d\\ud83d\\ude00\"", "\"\\ufffd\\ud83d\\ude00\"");
    expect_mended("\"\\ud83d\\u0041\"", "\"\\ufffd\\u0041\"");
    expect_mended("\"\\ud83d", "\"\\ufffd");
}

static void what_is_whole_stays(void **state)
{
    (void)state;
    expect_mended("", "");
    expect_mended("{\"a\":\"\\ud83d\\ude00 \\u00e9 \\n é\"}", "{\"a\":\"\\ud83d\\ude00 \\u00e9 \\n é\"}");
    expect_mended("\"\\\\ud83d\"", "\"\\\\ud83d\"");
    expect_mended("\"\\ud8zz12\"", "\"\\ud8zz12\"");
}

static void bytes_that_are_no_text(void **state)
{
    (void)state;
    expect_mended("\"a\xFFz\"", "\"a\xEF\xBF\xBDz\"");
    expect_mended("\"\xFF\\ud83d\"", "\"\xEF\xBF\xBD\\ufffd\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(halves_of_pairs),
        cmocka_unit_test(what_is_whole_stays),
        cmocka_unit_test(bytes_that_are_no_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
