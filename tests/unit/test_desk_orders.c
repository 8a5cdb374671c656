/* What --fail and its companions mean, request by request and item by item. What they refuse at the command line is
 * tested with the whole program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collector_desk/desk.c"
#include "collector_desk/server/orders.c"

static desk_orders orders_of(const char *name, const char *value, const char *more, const char *more_value)
{
    desk_orders orders = {0};
    bool known;
    assert_true(desk_orders_read(&orders, name, value, &known) && known);
    if (more) assert_true(desk_orders_read(&orders, more, more_value, &known) && known);
    assert_true(desk_orders_check(&orders));
    return orders;
}

static void nothing_is_ordered(void **state)
{
    (void)state;
    desk_orders orders = {0};
    assert_true(desk_orders_check(&orders));
    assert_null(desk_orders_next(&orders, true));
    assert_null(desk_orders_next(&orders, false));
    assert_true(desk_orders_take(NULL));
}

static void a_status_and_when_to_come_again(void **state)
{
    (void)state;
    desk_orders orders = orders_of("--fail", "503,Sun, 29 Nov 2026 10:00:00 GMT", NULL, NULL);
    const desk_orders *next = desk_orders_next(&orders, false);
    assert_non_null(next);
    assert_int_equal(next->status, 503);
    assert_string_equal(next->retry_after, "Sun, 29 Nov 2026 10:00:00 GMT");
    assert_false(desk_orders_take(next));
    orders = orders_of("--fail", "202", NULL, NULL);
    assert_null(orders.retry_after);
    assert_true(desk_orders_take(desk_orders_next(&orders, true)));
}

static void only_the_first(void **state)
{
    (void)state;
    desk_orders orders = orders_of("--fail", "429", "--fail-first", "2");
    assert_non_null(desk_orders_next(&orders, true));
    assert_non_null(desk_orders_next(&orders, false));
    assert_null(desk_orders_next(&orders, true));
}

static void items_are_dealt_with_in_turn(void **state)
{
    (void)state;
    desk_orders orders = orders_of("--fail-items", "-,429,sampled", "--fail-first", "1");
    assert_null(desk_orders_next(&orders, false));
    const desk_orders *next = desk_orders_next(&orders, true);
    assert_non_null(next);
    assert_int_equal(next->status, 206);
    assert_true(desk_orders_take(next));
    static const unsigned expected[] = {0, 429, 206, 0, 429, 206};
    for (size_t i = 0; i < 6; i++) assert_int_equal(desk_orders_item_status(next, i), expected[i]);
    assert_null(desk_orders_next(&orders, true));
}

static void as_many_items_as_there_is_room_for(void **state)
{
    char list[2 * (DESK_ORDERS_MOST_ITEMS + 1) + 1] = "";
    desk_orders orders = {0};
    bool known;
    (void)state;
    for (int i = 0; i < DESK_ORDERS_MOST_ITEMS; i++) memcpy(list + 2 * i, "-,", 2);
    list[2 * DESK_ORDERS_MOST_ITEMS - 1] = '\0';
    assert_true(desk_orders_read(&orders, "--fail-items", list, &known));
    memcpy(list + 2 * DESK_ORDERS_MOST_ITEMS - 1, ",-", 3);
    assert_false(desk_orders_read(&orders, "--fail-items", list, &known));
}

static void other_options_are_others(void **state)
{
    desk_orders orders = {0}, before = {0};
    bool known = true;
    (void)state;
    desk_orders_read(&orders, "--listen", "somewhere", &known);
    assert_false(known);
    assert_memory_equal(&orders, &before, sizeof orders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_ordered),
        cmocka_unit_test(a_status_and_when_to_come_again),
        cmocka_unit_test(only_the_first),
        cmocka_unit_test(items_are_dealt_with_in_turn),
        cmocka_unit_test(as_many_items_as_there_is_room_for),
        cmocka_unit_test(other_options_are_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
