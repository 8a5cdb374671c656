/* Patterns of names. */
#include "pattern.h"
#include "sdk_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static bool matches(const char *pattern, const char *name)
{
    return otel__pattern_matches(pattern, name, strlen(name));
}

static void a_name_or_its_beginning(void **unused)
{
    (void)unused;
    assert_true(matches("shop", "shop"));
    assert_false(matches("shop", "shop.checkout"));
    assert_false(matches("shop", "sho"));
    assert_false(matches("shop", "Shop"));
    assert_true(matches("shop.*", "shop.checkout"));
    assert_true(matches("shop.*", "shop."));
    assert_false(matches("shop.*", "shop"));
    assert_true(matches("*", ""));
    assert_true(otel__pattern_matches("*", NULL, 0));
    assert_false(otel__pattern_matches("shop", "shopping", 3));
    assert_true(otel__pattern_matches("shop", "shopping", 4)); /* views are not terminated */
}

static void what_is_none_is_refused_in_words(void **unused)
{
    (void)unused;
    char *copy = NULL;
    said_begin();
    assert_false(otel__pattern_copy(&copy, "", "test"));
    assert_false(otel__pattern_copy(&copy, "a*b", "test"));
    assert_false(otel__pattern_copy(&copy, "a**", "test"));
    assert_true(said("\"a*b\" is no pattern"));
    assert_int_equal(said_times("is no pattern"), 3);
    assert_true(otel__pattern_copy(&copy, NULL, "test"));
    assert_null(copy);
    assert_true(otel__pattern_copy(&copy, "a.*", "test"));
    assert_string_equal(copy, "a.*");
    otel_release(copy);
    said_end();
}

static void lists_are_copied(void **unused)
{
    (void)unused;
    const char *const good[] = {"a", "b.*"}, *const bad[] = {"a", NULL};
    otel__patterns patterns = {0}, others = {0}, missing = {0};
    said_begin();
    assert_true(otel__patterns_copy(&patterns, good, 2, "test"));
    assert_true(otel__patterns_match(&patterns, "a") && otel__patterns_match(&patterns, "b.c"));
    assert_false(otel__patterns_match(&patterns, "b"));
    otel__patterns_free(&patterns);
    assert_false(otel__patterns_copy(&others, bad, 2, "test"));
    otel__patterns_free(&others);
    assert_false(otel__patterns_copy(&missing, NULL, 2, "test"));
    otel__patterns_free(&missing);
    said_end();
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_name_or_its_beginning),
                                       cmocka_unit_test(what_is_none_is_refused_in_words),
                                       cmocka_unit_test(lists_are_copied)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
