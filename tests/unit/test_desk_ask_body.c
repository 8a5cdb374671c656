/* The body of POST /query: which text is asked, and what is refused. */
#include "collector_desk/site/ask_body.c"
#include "collector_desk/desk.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static unsigned status_of(const char *type, desk_text body, char *query, size_t room)
{
    otel__json_arena arena;
    otel__json_arena_init(&arena, 1024 * 1024);
    desk_failure failure = {0};
    desk_text text = {NULL, 0};
    bool good = desk_ask_body(&arena, type, body, &text, &failure);
    assert_true(good == (failure.status == 0));
    if (good && query) snprintf(query, room, "%.*s", (int)text.size, text.at);
    otel__json_arena_release(&arena);
    return failure.status;
}

static void texts_are_taken_as_they_are(void **state)
{
    (void)state;
    char query[64];
    const char *const types[] = {"", "text/plain", "Text/Plain; charset=utf-8", "text/plain ;x"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        assert_int_equal(status_of(types[i], DESK_TEXT("traces | take \xc3\xa4"), query, sizeof query), 0);
        assert_string_equal(query, "traces | take \xc3\xa4");
    }
}

static void json_has_a_query(void **state)
{
    (void)state;
    char query[64];
    desk_text body = DESK_TEXT("{\"x\": [1], \"query\": \"a \\u00e4 \\\"b\\\"\"}");
    assert_int_equal(status_of("application/json", body, query, sizeof query), 0);
    assert_string_equal(query, "a \xc3\xa4 \"b\"");
    const desk_text bad[] = {DESK_TEXT(""),
                             DESK_TEXT("{"),
                             DESK_TEXT("[]"),
                             DESK_TEXT("{\"query\": 1}"),
                             DESK_TEXT("\"query\""),
                             DESK_TEXT("{}"),
                             DESK_TEXT("{\"query\": \"a\\u0000b\"}"),
                             DESK_TEXT("{\"query\": \"a\"} x")};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(status_of("application/json; charset=utf-8", bad[i], NULL, 0), 400);
}

static void what_is_no_text_is_refused(void **state)
{
    (void)state;
    assert_int_equal(status_of("text/plain", DESK_TEXT("a\0b"), NULL, 0), 400);
    assert_int_equal(status_of("text/plain", DESK_TEXT("a\xff"), NULL, 0), 400);
    assert_int_equal(status_of("text/plain", DESK_TEXT("a\xed\xa0\x80"), NULL, 0), 400);
    assert_int_equal(status_of("application/x-www-form-urlencoded", DESK_TEXT("a"), NULL, 0), 415);
    assert_int_equal(status_of("text/plainx", DESK_TEXT("a"), NULL, 0), 415);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_taken_as_they_are),
        cmocka_unit_test(json_has_a_query),
        cmocka_unit_test(what_is_no_text_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
