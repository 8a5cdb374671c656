/* The window of an alert is put behind the tables of its query, wherever they end. */
#include "collector_desk/alerts/alert_window.c"
#include "collector_desk/buffer.c"
#include "collector_desk/desk.c"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void expect(const char *query, uint64_t window_ms, const char *expected)
{
    desk_buffer buffer = {0};
    desk_alert_put_query(&buffer, query, window_ms);
    desk_put_byte(&buffer, '\0');
    assert_string_equal(buffer.at, expected);
    desk_buffer_release(&buffer);
}

#define WINDOW "\n| where timestamp > ago(300s)\n"

static void it_stands_before_the_first_operator(void **state)
{
    (void)state;
    expect("traces | where x == 1 | count", 300000, "traces " WINDOW "| where x == 1 | count");
    expect("traces", 300000, "traces" WINDOW);
    expect("traces // all | of them", 300000, "traces // all | of them" WINDOW);
    expect("traces // a | b\n| take 1", 300000, "traces // a | b\n" WINDOW "| take 1");
    expect("union (traces | take 1), exceptions | count", 300000,
           "union (traces | take 1), exceptions " WINDOW "| count");
}

static void text_is_no_operator(void **state)
{
    (void)state;
    expect("t['a|b'] | x", 300000, "t['a|b'] " WINDOW "| x");
    expect("t[\"a'|b\"] | x", 300000, "t[\"a'|b\"] " WINDOW "| x");
    expect("t['a\\'|b'] | x", 300000, "t['a\\'|b'] " WINDOW "| x");
    expect("t[@'a\\'] | x", 300000, "t[@'a\\'] " WINDOW "| x");
    expect("t[@'a''|'] | x", 300000, "t[@'a''|'] " WINDOW "| x");
    expect("t['never closed | x", 300000, "t['never closed | x" WINDOW);
    expect("t['ends with \\", 300000, "t['ends with \\" WINDOW);
    expect("(((", 300000, "(((" WINDOW);
}

static void it_stands_behind_let_statements(void **state)
{
    (void)state;
    expect("let a = 1; t | x", 300000, "let a = 1; t " WINDOW "| x");
    expect("let a = (b | c); let d = 'x;|y'; union a, d | x", 300000,
           "let a = (b | c); let d = 'x;|y'; union a, d " WINDOW "| x");
    expect("let a = b | c; a", 300000, "let a = b | c; a" WINDOW);
    expect("let a = ```it's; | ```; a | x", 300000, "let a = ```it's; | ```; a " WINDOW "| x");
    expect("t;", 300000, "t" WINDOW ";");
    expect("t | x ; // the | end\n", 300000, "t " WINDOW "| x ; // the | end\n");
    expect("t[```never | closed", 300000, "t[```never | closed" WINDOW);
}

static void its_length_is_exact(void **state)
{
    (void)state;
    expect("t | x", 1500, "t \n| where timestamp > ago(1500ms)\n| x");
    expect("t | x", 604800000, "t \n| where timestamp > ago(604800s)\n| x");
    expect("t | x", 0, "t | x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_stands_before_the_first_operator),
        cmocka_unit_test(text_is_no_operator),
        cmocka_unit_test(it_stands_behind_let_statements),
        cmocka_unit_test(its_length_is_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
