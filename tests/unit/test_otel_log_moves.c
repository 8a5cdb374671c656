/* Renames inside a directory: which names the former files of a path have by now. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "otel-log/moves.h"

static void test_shifted_names(void **state)
{
    (void)state;
    static otel__moves moves = {.name = "log"};
    otel__moves_add(&moves, "other", "log.9");
    assert_int_equal(moves.count, 0);
    otel__moves_add(&moves, "log", "log.1");
    otel__moves_add(&moves, "log.1", "log.2");
    otel__moves_add(&moves, "log", "log.1");
    assert_int_equal(moves.count, 2);
    assert_string_equal(moves.to[0], "log.2");
    assert_string_equal(moves.to[1], "log.1");
    otel__moves_add(&moves, "log.1", "log");
    assert_string_equal(moves.to[1], "log");
}

static void test_overwritten_names(void **state)
{
    (void)state;
    static otel__moves moves = {.name = "log"};
    otel__moves_add(&moves, "log", "old");
    otel__moves_add(&moves, "log", "older");
    otel__moves_add(&moves, "log", "old");
    assert_int_equal(moves.count, 2);
    assert_string_equal(moves.to[0], "older");
    assert_string_equal(moves.to[1], "old");
    otel__moves_add(&moves, "unknown", "older");
    assert_int_equal(moves.count, 1);
    assert_string_equal(moves.to[0], "old");
}

static void test_no_more_than_there_is_room_for(void **state)
{
    (void)state;
    static otel__moves moves = {.name = "log"};
    char name[NAME_MAX + 8];
    for (int i = 0; i < OTEL__MOST_MOVES + 3; i++) {
        snprintf(name, sizeof name, "log.%d", i);
        otel__moves_add(&moves, "log", name);
    }
    assert_int_equal(moves.count, OTEL__MOST_MOVES);
    assert_string_equal(moves.to[0], "log.3");
    assert_string_equal(moves.to[OTEL__MOST_MOVES - 1], name);
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    otel__moves_add(&moves, "log.3", name);
    assert_int_equal(strlen(moves.to[0]), NAME_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shifted_names),
        cmocka_unit_test(test_overwritten_names),
        cmocka_unit_test(test_no_more_than_there_is_room_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
