/* Questions in SQL: which texts are, and where a wrong one is wrong. */
#include "collector_desk/site/ask_sql.c"
#include "collector_desk/desk.c"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static desk_text text_of(const char *text)
{
    return (desk_text){text, strlen(text)};
}

static void expect_mistake(const char *text, int line, int column, const char *words)
{
    sqlite3 *database;
    desk_mistake mistake = {0};
    int code;
    assert_int_equal(sqlite3_open(":memory:", &database), SQLITE_OK);
    assert_null(desk_prepare_sql(database, text_of(text), &code, &mistake));
    assert_int_equal(mistake.line, line);
    assert_int_equal(mistake.column, column);
    if (!strstr(mistake.message, words)) fail_msg("%s: %s", text, mistake.message);
    sqlite3_close(database);
}

static void sql_begins_like_sql(void **state)
{
    (void)state;
    const char *const sql[] = {"SELECT 1", " \n(select 1)", "WITH a AS (SELECT 1) SELECT 1", "values (1)"};
    for (size_t i = 0; i < sizeof sql / sizeof *sql; i++) assert_true(desk_is_sql(text_of(sql[i])));
    const char *const other[] = {"", "traces", "selection | take 1", "withs", "DELETE FROM traces"};
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) assert_false(desk_is_sql(text_of(other[i])));
}

static void mistakes_have_a_place(void **state)
{
    (void)state;
    expect_mistake("SELECT nonesuch", 1, 8, "no such column");
    expect_mistake("SELECT '\xc3\xa4\xc3\xa4',\n  nonesuch", 2, 3, "no such column");
    expect_mistake("SELECT FROM", 1, 8, "syntax error");
    expect_mistake("SELECT 1; SELECT 2", 1, 10, "one query at a time");
    expect_mistake("-- nothing", 0, 0, "no query");
}

static void one_statement_is_prepared(void **state)
{
    (void)state;
    sqlite3 *database;
    desk_mistake mistake = {0};
    int code;
    assert_int_equal(sqlite3_open(":memory:", &database), SQLITE_OK);
    sqlite3_stmt *statement = desk_prepare_sql(database, text_of("SELECT 1 ; \n"), &code, &mistake);
    assert_non_null(statement);
    sqlite3_finalize(statement);
    sqlite3_close(database);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sql_begins_like_sql),
        cmocka_unit_test(mistakes_have_a_place),
        cmocka_unit_test(one_statement_is_prepared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
