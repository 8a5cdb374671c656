/* Memory for the time of one emit. */
#include "scratch.h"
#include "processor_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void pieces_do_not_overlap(void **unused)
{
    (void)unused;
    otel__scratch s;
    unsigned char *pieces[200];
    otel__scratch_init(&s);
    for (size_t i = 0; i < 200; i++) {
        pieces[i] = otel__scratch_take(&s, i * 7);
        assert_true((uintptr_t)pieces[i] % 16 == 0);
        memset(pieces[i], (int)i, i * 7);
    }
    for (size_t i = 0; i < 200; i++)
        for (size_t j = 0; j < i * 7; j++) assert_int_equal(pieces[i][j], i);
    assert_false(s.failed);
    otel__scratch_free(&s);
}

static void little_needs_no_allocation_and_much_is_given(void **unused)
{
    (void)unused;
    otel__scratch s;
    otel__scratch_init(&s);
    memory_fails_at(0);
    for (int i = 0; i < 64; i++) assert_non_null(otel__scratch_take(&s, 16));
    assert_false(s.failed || memory_failed());
    assert_null(otel__scratch_take(&s, 1));
    assert_true(s.failed && memory_failed());
    memory_is_back();
    char *large = otel__scratch_take(&s, 1000000);
    assert_non_null(large);
    memset(large, 1, 1000000);
    assert_true(s.failed); /* it stays so */
    otel__scratch_free(&s);
}

static void text_is_terminated(void **unused)
{
    (void)unused;
    otel__scratch s;
    otel__scratch_init(&s);
    assert_string_equal(otel__scratch_text(&s, "abcdef", 3), "abc");
    assert_string_equal(otel__scratch_text(&s, NULL, 0), "");
    otel__scratch_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pieces_do_not_overlap),
                                       cmocka_unit_test(little_needs_no_allocation_and_much_is_given),
                                       cmocka_unit_test(text_is_terminated)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
