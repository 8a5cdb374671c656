/* Which attribute of a record fills which column, and how many items one stands for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collector_desk/buffer.c"
#include "collector_desk/desk.c"
#include "collector_desk/rows/dimensions.c"
#include "collector_desk/rows/item_id.c"
#include "collector_desk/rows/row_context.c"
#include "collector_desk/store/tables.c"
#include "collector_desk/rows/value_text.c"

static otel__json_arena arena;

static int set_up(void **state)
{
    (void)state;
    otel__json_arena_init(&arena, 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    otel__json_arena_release(&arena);
    return 0;
}

static desk_row row_of(const desk_origin *origin, const desk_attribute *attributes, size_t count)
{
    desk_row row = {0};
    desk_dimensions dimensions;
    assert_true(desk_dimensions_open(&dimensions, &arena, count + 1));
    for (size_t i = 0; i < count; i++) desk_dimensions_set(&dimensions, &attributes[i]);
    assert_true(desk_row_context(&row, &arena, origin, &dimensions));
    return row;
}

static void expect_text(const desk_row *row, int column, const char *expected)
{
    const desk_cell *cell = &row->cells[column];
    assert_int_equal(cell->type, expected ? DESK_CELL_TEXT : DESK_CELL_NULL);
    if (!expected) return;
    assert_int_equal(cell->as.text.size, strlen(expected));
    assert_memory_equal(cell->as.text.at, expected, strlen(expected));
}

static desk_attribute text(const char *key, const char *value)
{
    return (desk_attribute){{key, strlen(key)}, {DESK_STRING, {.text = {value, strlen(value)}}}};
}

static void columns_without_a_source_are_null(void **state)
{
    (void)state;
    desk_row row = row_of(&(desk_origin){0}, NULL, 0);
    for (int i = 0; i < DESK_MOST_COLUMNS; i++)
        assert_int_equal(row.cells[i].type, i == DESK_ITEM_COUNT ? DESK_CELL_INTEGER : DESK_CELL_NULL);
    assert_int_equal(row.cells[DESK_ITEM_COUNT].as.integer, 1);
}

static void attributes_fill_columns(void **state)
{
    (void)state;
    desk_origin origin = {.application_version = DESK_TEXT("1.4"), .sdk_version = DESK_TEXT("c:otel1")};
    const desk_attribute attributes[] = {text("session.id", "s"), text("enduser.pseudo.id", "p"),
                                         text("enduser.id", "a")};
    desk_row row = row_of(&origin, attributes, 3);
    expect_text(&row, DESK_APPLICATION_VERSION, "1.4");
    expect_text(&row, DESK_SDK_VERSION, "c:otel1");
    expect_text(&row, DESK_SESSION_ID, "s");
    expect_text(&row, DESK_USER_ID, "p");
    expect_text(&row, DESK_USER_AUTHENTICATED_ID, "a");
    expect_text(&row, DESK_CLIENT_IP, NULL);
}

static void the_first_of_two_names_wins(void **state)
{
    (void)state;
    const desk_attribute both[] = {text("client.address", "second"), text("microsoft.client.ip", "first"),
                                   text("ai.operation.name", "second"), text("microsoft.operation_name", "first")};
    desk_row row = row_of(&(desk_origin){0}, both, 4);
    expect_text(&row, DESK_CLIENT_IP, "first");
    expect_text(&row, DESK_OPERATION_NAME, "first");
    row = row_of(&(desk_origin){0}, both, 1);
    expect_text(&row, DESK_CLIENT_IP, "second");
}

static void what_is_no_text_is_mended(void **state)
{
    (void)state;
    const desk_attribute bad = text("session.id", "a\xFF");
    desk_row row = row_of(&(desk_origin){0}, &bad, 1);
    expect_text(&row, DESK_SESSION_ID, "a\xEF\xBF\xBD");
}

static void rates_become_counts(void **state)
{
    (void)state;
    assert_int_equal(desk_item_count(100), 1);
    assert_int_equal(desk_item_count(25), 4);
    assert_int_equal(desk_item_count(33.3), 3);
    assert_int_equal(desk_item_count(0.01), 10000);
    assert_int_equal(desk_item_count(1e-300), 1000000000000000);
    assert_int_equal(desk_item_count(0), 1);
    assert_int_equal(desk_item_count(-5), 1);
    assert_int_equal(desk_item_count(250), 1);
    assert_int_equal(desk_item_count(NAN), 1);
    const desk_attribute rate = {DESK_TEXT_INIT("microsoft.sample_rate"), {DESK_DOUBLE, {.number = 20}}};
    assert_int_equal(row_of(&(desk_origin){0}, &rate, 1).cells[DESK_ITEM_COUNT].as.integer, 5);
}

static void ids_differ(void **state)
{
    char first[DESK_ITEM_ID_SIZE], second[DESK_ITEM_ID_SIZE];
    (void)state;
    desk_item_ids ids = {0x0123456789abcdef, 0xfedcba9876543210};
    assert_int_equal(desk_item_id_next(&ids, first).size, DESK_ITEM_ID_SIZE);
    assert_memory_equal(first, "01234567-89ab-cdef-fedc-ba9876543210", DESK_ITEM_ID_SIZE);
    desk_item_id_next(&ids, second);
    assert_memory_equal(second, "01234567-89ab-cdef-fedc-ba9876543211", DESK_ITEM_ID_SIZE);
    assert_true(desk_item_ids_begin().process != desk_item_ids_begin().process);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_without_a_source_are_null),
        cmocka_unit_test(attributes_fill_columns),
        cmocka_unit_test(the_first_of_two_names_wins),
        cmocka_unit_test(what_is_no_text_is_mended),
        cmocka_unit_test(rates_become_counts),
        cmocka_unit_test(ids_differ),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
