/* Where one item of a request's body ends and the next begins, in every form that a body has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collector_desk/desk.c"
#include "collector_desk/track/track_items.c"

#include <stdio.h>

/* The items with a bar behind each; at the end a point, or a question mark when the body is broken. */
static const char *split(const char *body)
{
    static char out[512];
    size_t size = 0;
    desk_text item;
    desk_track_items items = desk_track_items_of((desk_text){body, strlen(body)});
    desk_track_next next;
    while ((next = desk_track_items_next(&items, &item)) == DESK_TRACK_ITEM)
        size += (size_t)snprintf(out + size, sizeof out - size, "%.*s|", (int)item.size, item.at);
    snprintf(out + size, sizeof out - size, "%s", next == DESK_TRACK_END ? "." : "?");
    return out;
}

static void arrays(void **state)
{
    (void)state;
    assert_string_equal(split("[{\"a\":[1,2]},{\"b\":{}}]"), "{\"a\":[1,2]}|{\"b\":{}}|.");
    assert_string_equal(split(" \n[ {} , {} ] \r\n"), "{}|{}|.");
    assert_string_equal(split("[]"), ".");
    assert_string_equal(split("[ ] "), ".");
    assert_string_equal(split("\xEF\xBB\xBF[{}]"), "{}|.");
    assert_string_equal(split("[7,null,\"]\",{\"k\":NaN}]"), "7|null|\"]\"|{\"k\":NaN}|.");
}

static void brackets_in_strings_are_text(void **state)
{
    (void)state;
    assert_string_equal(split("[{\"a\":\"]}\\\"]\"},{}]"), "{\"a\":\"]}\\\"]\"}|{}|.");
    assert_string_equal(split("[\"\\\\\",{}]"), "\"\\\\\"|{}|.");
}

static void broken_arrays(void **state)
{
    (void)state;
    assert_string_equal(split("["), "?");
    assert_string_equal(split("[{}"), "?");
    assert_string_equal(split("[{},{\"a\":"), "{}|?");
    assert_string_equal(split("[{}]x"), "{}|?");
    assert_string_equal(split("[{} {}]"), "?");
    assert_string_equal(split("[,]"), "?");
    assert_string_equal(split("[]]"), "?");
    assert_string_equal(split("[{},]"), "{}|?");
}

static void an_item_a_line(void **state)
{
    (void)state;
    assert_string_equal(split("{}\n{\"a\":1}\r\n\n{}"), "{}|{\"a\":1}|{}|.");
    assert_string_equal(split("{\"a\":\n{}\nx\n"), "{\"a\":|{}|x|.");
    assert_string_equal(split("{\"a\n{}"), "{\"a|{}|.");
    assert_string_equal(split(""), ".");
    assert_string_equal(split(" \n "), ".");
}

static void items_over_several_lines(void **state)
{
    (void)state;
    assert_string_equal(split("{\n\"a\":1\n}\n{\n}"), "{\n\"a\":1\n}|{\n}|.");
    assert_string_equal(split("{\n}{}{\"b\":"), "{\n}|{}|{\"b\":|.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays),
        cmocka_unit_test(brackets_in_strings_are_text),
        cmocka_unit_test(broken_arrays),
        cmocka_unit_test(an_item_a_line),
        cmocka_unit_test(items_over_several_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
