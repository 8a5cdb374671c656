/* The rows behind a place in the tables, as events. */
#include "collector_desk/buffer.c"
#include "collector_desk/desk.c"
#include "collector_desk/site/json_value.c"
#include "collector_desk/site/tail_rows.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static sqlite3 *tables(void)
{
    sqlite3 *database;
    assert_int_equal(sqlite3_open(":memory:", &database), SQLITE_OK);
    const char *sql = "CREATE TABLE traces(timestamp, itemType, severityLevel, message, operation_Id, cloud_RoleName,"
                      " customDimensions);"
                      "CREATE TABLE exceptions(timestamp, itemType, severityLevel, outerMessage, operation_Id,"
                      " cloud_RoleName, customDimensions);";
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    return database;
}

static void run(sqlite3 *database, const char *sql)
{
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
}

static desk_place newest_of(sqlite3 *database)
{
    desk_place newest = {{-1, -1}};
    assert_true(desk_tail_newest(database, &newest));
    return newest;
}

static void rows_of_both_tables_come_in_the_order_of_their_times(void **state)
{
    (void)state;
    sqlite3 *database = tables();
    run(database, "INSERT INTO traces VALUES('1', 'trace', 1, 'a\nb', 'op', 'role', '{\"step_name\":\"s\"}'),"
                  "('3', 'trace', NULL, NULL, NULL, NULL, '{}');"
                  "INSERT INTO exceptions VALUES('2', 'exception', 3, 'x', NULL, NULL, '{}');");
    desk_place place = {{0, 0}}, newest = newest_of(database);
    desk_buffer out = {0};
    assert_true(desk_tail_put_rows(&out, database, &place, &newest));
    desk_put_byte(&out, '\0');
    assert_string_equal(
        out.at,
        "event: log\ndata: {\"timestamp\":\"1\",\"itemType\":\"trace\",\"severityLevel\":1,\"message\":\"a\\nb\","
        "\"operation_Id\":\"op\",\"cloud_RoleName\":\"role\",\"step_name\":\"s\"}\n\n"
        "event: log\ndata: {\"timestamp\":\"2\",\"itemType\":\"exception\",\"severityLevel\":3,\"message\":\"x\","
        "\"operation_Id\":null,\"cloud_RoleName\":null,\"step_name\":null}\n\n"
        "event: log\ndata: {\"timestamp\":\"3\",\"itemType\":\"trace\",\"severityLevel\":null,\"message\":null,"
        "\"operation_Id\":null,\"cloud_RoleName\":null,\"step_name\":null}\n\n"
        "id: 2.1\n\n");
    assert_memory_equal(&place, &newest, sizeof place);
    desk_buffer_release(&out);
    sqlite3_close(database);
}

static void a_step_takes_so_many_rows(void **state)
{
    (void)state;
    sqlite3 *database = tables();
    run(database, "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100)"
                  " INSERT INTO traces SELECT x, 'trace', 1, printf('%.2000c', 'm'), NULL, NULL, '{}' FROM n");
    desk_place place = {{0, 0}}, newest = newest_of(database);
    desk_buffer out = {0};
    assert_true(desk_tail_put_rows(&out, database, &place, &newest));
    assert_int_equal(place.row[0], DESK_TAIL_ROWS_AT_A_TIME);
    assert_true(out.size > 1000 * DESK_TAIL_ROWS_AT_A_TIME && out.size < 1300 * DESK_TAIL_ROWS_AT_A_TIME); /* cut */
    assert_true(desk_tail_put_rows(&out, database, &place, &newest));
    assert_int_equal(place.row[0], 100);
    desk_buffer_release(&out);
    sqlite3_close(database);
}

static void rows_that_cannot_be_read_are_skipped(void **state)
{
    (void)state;
    sqlite3 *database = tables();
    run(database, "INSERT INTO traces VALUES('1', 'trace', 1, 'm', NULL, NULL, 'no JSON')");
    desk_place place = {{0, 0}}, newest = newest_of(database);
    desk_buffer out = {0};
    assert_true(desk_tail_put_rows(&out, database, &place, &newest));
    desk_put_byte(&out, '\0');
    assert_string_equal(out.at, "event: skipped\ndata: 1\n\nid: 1.0\n\n");
    desk_buffer_release(&out);
    sqlite3_close(database);
}

static void who_is_far_behind_misses_rows(void **state)
{
    (void)state;
    desk_place newest = {{1000, 50}}, place = {{0, 0}};
    assert_int_equal(desk_tail_catch_up(&place, &newest, 100), 900);
    assert_int_equal(place.row[0], 900);
    assert_int_equal(place.row[1], 0);
    place = (desk_place){{2000, 50}}; /* of a database that was there before */
    assert_int_equal(desk_tail_catch_up(&place, &newest, 100), 0);
    assert_int_equal(place.row[0], 1000);
}

static void an_empty_database_has_a_newest_place(void **state)
{
    (void)state;
    sqlite3 *database = tables();
    desk_place newest = newest_of(database);
    assert_int_equal(newest.row[0], 0);
    run(database, "DROP TABLE exceptions");
    assert_false(desk_tail_newest(database, &newest));
    sqlite3_close(database);
}

static void only_a_place_is_a_place(void **state)
{
    (void)state;
    desk_place place = {{7, 7}};
    const char *const bad[] = {
        "", "1", "1.", ".1", "1.2.3", "-1.2", "1.-2", " 1.2", "1.2 ", "1,2", "1234567890123456789.0"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(desk_tail_read_place(bad[i], &place));
    assert_int_equal(place.row[0], 7);
    assert_true(desk_tail_read_place("12.345", &place));
    assert_int_equal(place.row[0], 12);
    assert_int_equal(place.row[1], 345);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_both_tables_come_in_the_order_of_their_times),
        cmocka_unit_test(a_step_takes_so_many_rows),
        cmocka_unit_test(rows_that_cannot_be_read_are_skipped),
        cmocka_unit_test(who_is_far_behind_misses_rows),
        cmocka_unit_test(an_empty_database_has_a_newest_place),
        cmocka_unit_test(only_a_place_is_a_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
