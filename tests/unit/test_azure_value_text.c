/* Values as texts, cut to limits, with what they had before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_monitor/src/mapping/value_text.h"
#include <stdlib.h>
#include <string.h>

static otel__azure_memory memory;

static int end(void **state)
{
    (void)state;
    otel__azure_memory_release(&memory);
    return 0;
}

static void text_is(otel_value value, size_t units, const char *text, uint32_t characters)
{
    otel__azure_text made = otel__azure_value_text(&memory, &value, units);
    assert_int_equal(made.size, strlen(text));
    assert_memory_equal(made.data, text, made.size + 1);
    assert_int_equal(made.characters, characters);
    assert_int_equal(otel__azure_value_empty(&value), *text == '\0');
}

static void scalars(void **state)
{
    (void)state;
    text_is(otel_int(0), 10, "0", 0);
    text_is(otel_int(INT64_MIN), 30, "-9223372036854775808", 0);
    text_is(otel_int(INT64_MAX), 30, "9223372036854775807", 0);
    text_is(otel_bool(false), 10, "false", 0);
    text_is(otel_double(0.1), 10, "0.1", 0);
    text_is(otel_empty(), 10, "", 0);
    text_is(otel_string(""), 10, "", 0);
    text_is(otel_value_make(200, 5), 10, "", 0); /* a type of the future */
}

static void what_is_cut_says_so(void **state)
{
    (void)state;
    text_is(otel_string("\xc3\xa9t\xc3\xa9"), 3, "\xc3\xa9t\xc3\xa9", 0);
    text_is(otel_string("\xc3\xa9t\xc3\xa9"), 2, "\xc3\xa9t", 3);
    text_is(otel_bytes("\1\2\3\4", 4), 4, "AQID", 8);
}

/* Longer than what is tried first, on the stack. */
static void long_collections(void **state)
{
    (void)state;
    char digits[2][700];
    int64_t numbers[300];
    for (int i = 0; i < 300; i++) numbers[i] = i % 10;
    for (int i = 0; i < 300; i++) memcpy(digits[0] + 2 * i, (char[]){i ? ',' : '[', (char)('0' + i % 10)}, 2);
    memcpy(digits[0] + 600, "]", 2);
    text_is(otel_ints(numbers, 300), 1000, digits[0], 0);
    text_is(otel_ints(numbers, 300), 601, digits[0], 0);
    memcpy(digits[1], digits[0], 600);
    digits[1][600] = '\0';
    text_is(otel_ints(numbers, 300), 600, digits[1], 601);
}

static void a_limit_is_the_items_at_most(void **state)
{
    (void)state;
    char *text = malloc(100001);
    memset(text, 'x', 100000);
    text[100000] = '\0';
    otel__azure_text made = otel__azure_string_text(&memory, text, 100000, SIZE_MAX);
    assert_int_equal(made.size, 65536);
    assert_int_equal(made.characters, 100000);
    free(text);
}

static void the_same_text(void **state)
{
    (void)state;
    otel__azure_text one = otel__azure_literal("one"), other = otel__azure_literal("two");
    otel__azure_text copy = otel__azure_string_text(&memory, "one", 3, 10);
    otel__azure_text shorter = otel__azure_string_text(&memory, "one more", 8, 3);
    assert_true(otel__azure_same_text(&one, &copy));
    assert_false(otel__azure_same_text(&one, &other));
    assert_false(otel__azure_same_text(&one, &shorter)); /* it was another before it was cut */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(scalars, end),          cmocka_unit_test_teardown(what_is_cut_says_so, end),
        cmocka_unit_test_teardown(long_collections, end), cmocka_unit_test_teardown(a_limit_is_the_items_at_most, end),
        cmocka_unit_test_teardown(the_same_text, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
