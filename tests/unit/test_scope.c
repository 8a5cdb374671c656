/* Scopes interned by content. */
#include "common/scope.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <otel/sdk/diag.h>

static otel__scopes *scopes;

static int open_scopes(void **unused)
{
    (void)unused;
    scopes = calloc(1, sizeof *scopes);
    return scopes && otel__scopes_init(scopes) ? 0 : -1;
}

static int close_scopes(void **unused)
{
    (void)unused;
    otel__arena_free(&scopes->arena);
    free(scopes);
    return 0;
}

static uint32_t intern(const char *name, const char *version, const char *schema)
{
    otel_scope s = {.name = name, .version = version, .schema_url = schema};
    return otel__scope_intern(scopes, &s);
}

static void content_is_identity(void **unused)
{
    (void)unused;
    char name[] = "shop", other[] = "shop";
    uint32_t first = intern(name, "1", "http://s/1.0.0");
    assert_int_equal(intern(other, "1", "http://s/1.0.0"), first);
    memset(name, 'x', 4); /* it was copied */
    assert_string_equal(scopes->table[first]->scope.name, "shop");
    assert_int_equal(intern("shop", "1", "http://s/1.0.0"), first);
    assert_int_not_equal(intern("shop", "2", "http://s/1.0.0"), first);
    assert_int_not_equal(intern("shop", "1", "http://s/1.0.1"), first);
    assert_int_not_equal(intern("shop", "1", NULL), first);
    assert_int_not_equal(intern("Shop", "1", "http://s/1.0.0"), first);
}

static void attributes_are_part_of_it(void **unused)
{
    (void)unused;
    char value[] = "one";
    otel_attr a[] = {OTEL_STR("k", value), OTEL_INT("n", 5)}, b[] = {OTEL_STR("k", "two"), OTEL_INT("n", 5)};
    otel_scope with_a = {.name = "s", .attributes = a, .attribute_count = 2};
    otel_scope with_b = {.name = "s", .attributes = b, .attribute_count = 2};
    uint32_t first = otel__scope_intern(scopes, &with_a), second = otel__scope_intern(scopes, &with_b);
    assert_int_not_equal(first, second);
    assert_int_not_equal(first, intern("s", NULL, NULL));
    assert_int_equal(otel__scope_intern(scopes, &with_a), first);
    value[0] = 'x';
    const otel_scope *copy = &scopes->table[first]->scope;
    assert_int_equal(copy->attribute_count, 2);
    assert_memory_equal(copy->attributes[0].value.u.string, "one", 3);
    assert_int_equal(copy->attributes[1].value.u.integer, 5);
}

static void nothing_is_the_empty_scope(void **unused)
{
    (void)unused;
    assert_int_equal(intern(NULL, NULL, NULL), 0);
    assert_int_equal(intern("", "", ""), 0);
    assert_string_equal(scopes->table[0]->scope.name, "");
    otel_scope broken = {.name = "b", .attributes = NULL, .attribute_count = 7};
    assert_int_equal(scopes->table[otel__scope_intern(scopes, &broken)]->scope.attribute_count, 0);
}

static void ignore(otel_severity severity, const char *text, void *user)
{
    (void)severity;
    (void)text;
    ++*(int *)user;
}

static void a_full_table_gives_the_empty_scope(void **unused)
{
    (void)unused;
    int said = 0;
    char name[16];
    otel_diag_set_handler(ignore, &said);
    for (int i = 0; i < OTEL__SCOPES_MAX + 10; i++) {
        snprintf(name, sizeof name, "s%d", i);
        uint32_t index = intern(name, NULL, NULL);
        assert_int_equal(index, i + 1 < OTEL__SCOPES_MAX ? i + 1 : 0);
    }
    assert_int_equal(intern("s0", NULL, NULL), 1);
    otel_diag_set_handler(NULL, NULL);
    assert_true(said > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(content_is_identity, open_scopes, close_scopes),
        cmocka_unit_test_setup_teardown(attributes_are_part_of_it, open_scopes, close_scopes),
        cmocka_unit_test_setup_teardown(nothing_is_the_empty_scope, open_scopes, close_scopes),
        cmocka_unit_test_setup_teardown(a_full_table_gives_the_empty_scope, open_scopes, close_scopes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
