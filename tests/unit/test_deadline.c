/* Points in time on the monotonic clock. */
#include <otel/sdk/deadline.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void never_is_never(void **unused)
{
    (void)unused;
    otel_deadline never = otel_deadline_in_ms(UINT32_MAX);
    assert_true(never.monotonic_ns == OTEL_DEADLINE_NEVER);
    assert_true(otel_deadline_left_ms(never) == UINT32_MAX);
}

static void what_is_left_is_rounded_up_and_never_negative(void **unused)
{
    (void)unused;
    assert_int_equal(otel_deadline_left_ms(otel_deadline_in_ms(0)), 0);
    assert_int_equal(otel_deadline_left_ms((otel_deadline){0}), 0);
    assert_int_equal(otel_deadline_left_ms((otel_deadline){INT64_MIN / 2}), 0);
    uint32_t left = otel_deadline_left_ms(otel_deadline_in_ms(3600000));
    assert_in_range(left, 3000000, 3600000);
    otel_deadline soon = otel_deadline_in_ms(1000);
    soon.monotonic_ns -= 999500000; /* half a millisecond is still one, until it is over */
    assert_in_range(otel_deadline_left_ms(soon), 0, 1);
}

static void the_largest_is_not_never(void **unused)
{
    (void)unused;
    uint32_t left = otel_deadline_left_ms((otel_deadline){OTEL_DEADLINE_NEVER - 1});
    assert_true(left == UINT32_MAX - 1);
    assert_true(otel_deadline_in_ms(UINT32_MAX - 1).monotonic_ns != OTEL_DEADLINE_NEVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(never_is_never),
                                       cmocka_unit_test(what_is_left_is_rounded_up_and_never_negative),
                                       cmocka_unit_test(the_largest_is_not_never)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
