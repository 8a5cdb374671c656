/* Custom dimensions: each key once, whatever comes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_monitor/src/mapping/dimensions.h"
#include "azure_monitor/src/mapping/value_text.h"
#include <stdio.h>
#include <string.h>

static otel__azure_memory memory;
static otel__azure_dimensions dimensions;

static int begin(void **state)
{
    (void)state;
    otel__azure_memory_reset(&memory);
    otel__azure_dimensions_clear(&dimensions);
    return 0;
}

static int end(void **state)
{
    (void)state;
    otel__azure_dimensions_release(&dimensions);
    otel__azure_memory_release(&memory);
    return 0;
}

static otel__azure_dimension make(const char *key, const char *value)
{
    otel__azure_dimension made = otel__azure_dimension_make(&memory, key, strlen(key));
    made.value = otel__azure_literal(value);
    return made;
}

static void put(const char *key, const char *value)
{
    otel__azure_dimension made = make(key, value);
    otel__azure_dimension_put(&dimensions, &memory, &made);
}

static const char *get(const char *key)
{
    otel__azure_dimension wanted = otel__azure_dimension_named(key);
    const otel__azure_dimension *found = otel__azure_dimension_find(&dimensions, &wanted);
    return found ? found->value.data : NULL;
}

static void what_is_put_is_found(void **state)
{
    (void)state;
    char key[32];
    assert_null(get("key0"));
    for (int i = 0; i < 3000; i++) {
        snprintf(key, sizeof key, "key%d", i);
        put(key, otel__azure_string_text(&memory, key, strlen(key), 100).data);
    }
    assert_int_equal(dimensions.count, 3000);
    for (int i = 0; i < 3000; i++) {
        snprintf(key, sizeof key, "key%d", i);
        assert_string_equal(get(key), key);
    }
    assert_null(get("key3000"));
    otel__azure_dimensions_clear(&dimensions);
    assert_null(get("key1"));
}

static void the_later_has_the_key(void **state)
{
    (void)state;
    put("k", "one");
    put("k", "two");
    put("k", "three");
    put("k", "three");
    assert_int_equal(dimensions.count, 3);
    assert_string_equal(get("k"), "three");
    assert_string_equal(get("k~2"), "one");
    assert_string_equal(get("k~3"), "two");
    for (int i = 0; i < 10; i++) put("k", i % 2 ? "x" : "y");
    assert_int_equal(dimensions.count, 9); /* k and k~2 to k~9 */
    assert_int_equal(dimensions.lost, 4);
}

static void an_offer_is_for_those_without(void **state)
{
    (void)state;
    put("k", "mine");
    otel__azure_dimension offered = make("k", "built-in"), other = make("other", "built-in"), none = make("", "x");
    assert_false(otel__azure_dimension_offer(&dimensions, &memory, &offered));
    assert_true(otel__azure_dimension_offer(&dimensions, &memory, &other));
    assert_false(otel__azure_dimension_offer(&dimensions, &memory, &none));
    assert_string_equal(get("k"), "mine");
    assert_string_equal(get("other"), "built-in");
}

static void keys_are_cut_and_mended(void **state)
{
    (void)state;
    char key[200];
    memset(key, 'k', sizeof key);
    otel__azure_dimension made = otel__azure_dimension_make(&memory, key, 151);
    assert_int_equal(made.key_size, 150);
    assert_int_equal(otel__azure_dimension_make(&memory, key, 150).key_size, 150);
    assert_string_equal(otel__azure_dimension_make(&memory, "a\0b\xff", 4).key, "a?b\xef\xbf\xbd");
    key[150] = '\0';
    put(key, "one");
    put(key, "two");
    assert_int_equal(dimensions.at[1].key_size, 150); /* renamed, within the limit */
    assert_memory_equal(dimensions.at[1].key + 148, "~2", 3);
}

static void there_is_an_end(void **state)
{
    (void)state;
    char key[32];
    for (int i = 0; i < OTEL__AZURE_DIMENSIONS_MAX + 5; i++) {
        snprintf(key, sizeof key, "%d", i);
        put(key, "");
    }
    assert_int_equal(dimensions.count, OTEL__AZURE_DIMENSIONS_MAX);
    assert_int_equal(dimensions.lost, 5);
    otel__azure_dimensions_clear(&dimensions);
    assert_int_equal(dimensions.capacity, 0); /* so much is not kept */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_put_is_found, begin, end),
        cmocka_unit_test_setup_teardown(the_later_has_the_key, begin, end),
        cmocka_unit_test_setup_teardown(an_offer_is_for_those_without, begin, end),
        cmocka_unit_test_setup_teardown(keys_are_cut_and_mended, begin, end),
        cmocka_unit_test_setup_teardown(there_is_an_end, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
