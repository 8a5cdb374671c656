/* Values of SQLite as JSON: exact, cut where they are too long, and never broken. */
#include "collector_desk/buffer.c"
#include "collector_desk/desk.c"
#include "collector_desk/site/json_value.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void put(desk_buffer *out, const char *sql)
{
    sqlite3 *database;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(":memory:", &database), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    desk_put_json_value(out, statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
}

static void expect(const char *sql, const char *json)
{
    desk_buffer out = {0};
    put(&out, sql);
    desk_put_byte(&out, '\0');
    assert_string_equal(out.at, json);
    desk_buffer_release(&out);
}

static void values_are_json(void **state)
{
    (void)state;
    expect("SELECT NULL", "null");
    expect("SELECT 17", "17");
    expect("SELECT -1.5", "-1.5");
    expect("SELECT 1e999", "\"Infinity\"");
    expect("SELECT 'a\"b' || char(10) || char(7)", "\"a\\\"b\\n\\u0007\"");
    expect("SELECT ''", "\"\"");
    expect("SELECT 'a' || char(0) || 'b'", "\"a\\u0000b\"");
    expect("SELECT CAST(x'61ff62' AS TEXT)", "\"a\xEF\xBF\xBD\x62\"");
    expect("SELECT x'00ff'", "\"0x00ff\"");
    expect("SELECT x''", "\"0x\"");
}

static void large_integers_are_texts(void **state)
{
    (void)state;
    expect("SELECT 9007199254740991", "9007199254740991");
    expect("SELECT 9007199254740993", "\"9007199254740993\"");
    expect("SELECT -9223372036854775807 - 1", "\"-9223372036854775808\"");
}

/* The cut falls between characters. */
static void long_texts_are_cut_and_say_so(void **state)
{
    (void)state;
    desk_buffer out = {0};
    put(&out, "SELECT 'x' || replace(printf('%.3000000c', 'y'), 'y', char(228))");
    desk_put_byte(&out, '\0');
    const char *end = strstr(out.at, " [cut: ");
    assert_non_null(end);
    assert_string_equal(end, " [cut: 1805698 bytes more]\"");
    assert_memory_equal(end - 2, "\xc3\xa4", 2);
    desk_buffer_release(&out);
    put(&out, "SELECT zeroblob(3000000)");
    assert_int_equal(out.size, DESK_MAX_CELL_BYTES + 4);
    desk_buffer_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_json),
        cmocka_unit_test(large_integers_are_texts),
        cmocka_unit_test(long_texts_are_cut_and_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
