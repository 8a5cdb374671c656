/* The current context of a thread. */
#include <otel/context.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static otel_context context_of(uint8_t id)
{
    otel_context c = {.span_context = {.flags = 1}};
    memset(c.span_context.trace_id, id, 16);
    memset(c.span_context.span_id, id, 8);
    return c;
}

static uint8_t current_id(void)
{
    return otel_context_current().span_context.trace_id[0];
}

static void nothing_is_attached_at_first(void **unused)
{
    (void)unused;
    static const otel_context none;
    otel_context c = otel_context_current();
    assert_memory_equal(&c.span_context.trace_id, &none.span_context.trace_id, 16);
    assert_null(c.baggage);
    assert_null(c.entries);
}

static void detach_restores(void **unused)
{
    (void)unused;
    otel_context one = context_of(1), two = context_of(2);
    otel_context_token a, b, c;
    otel_context_attach(&one, &a);
    assert_int_equal(current_id(), 1);
    one = context_of(9); /* it was copied */
    assert_int_equal(current_id(), 1);
    otel_context_attach(&two, &b);
    otel_context_attach(NULL, &c);
    assert_int_equal(current_id(), 0);
    assert_true(otel_context_detach(&c));
    assert_int_equal(current_id(), 2);
    assert_true(otel_context_detach(&b));
    assert_int_equal(current_id(), 1);
    assert_true(otel_context_detach(&a));
    assert_int_equal(current_id(), 0);
}

static void out_of_order_is_told_and_does_no_harm(void **unused)
{
    (void)unused;
    otel_context one = context_of(1), two = context_of(2), three = context_of(3);
    otel_context_token a, b, c;
    otel_context_attach(&one, &a);
    otel_context_attach(&two, &b);
    otel_context_attach(&three, &c);
    assert_false(otel_context_detach(&b)); /* restores what b's attach found */
    assert_int_equal(current_id(), 1);
    assert_false(otel_context_detach(&c)); /* its outer one is gone: nothing changes */
    assert_int_equal(current_id(), 1);
    assert_false(otel_context_detach(&b)); /* nor twice */
    assert_int_equal(current_id(), 1);
    assert_true(otel_context_detach(&a));
    assert_false(otel_context_detach(&a));
    assert_false(otel_context_detach(NULL));
    otel_context_token never = {.otel_private = {0, 0}};
    assert_false(otel_context_detach(&never));
    otel_context_attach(&one, NULL);
    assert_int_equal(current_id(), 0);
}

static void *elsewhere(void *unused)
{
    (void)unused;
    otel_context two = context_of(2);
    otel_context_token token;
    uint8_t before = current_id();
    otel_context_attach(&two, &token); /* left attached when the thread ends */
    return (void *)(uintptr_t)(before == 0 && current_id() == 2);
}

static void each_thread_has_its_own(void **unused)
{
    (void)unused;
    otel_context one = context_of(1);
    otel_context_token token;
    otel_context_attach(&one, &token);
    for (int i = 0; i < 3; i++) { /* the later ones probably find the slot of the first */
        pthread_t thread;
        void *good;
        assert_int_equal(pthread_create(&thread, NULL, elsewhere, NULL), 0);
        pthread_join(thread, &good);
        assert_non_null(good);
    }
    assert_int_equal(current_id(), 1);
    assert_true(otel_context_detach(&token));
}

static void entries_are_found_by_address(void **unused)
{
    (void)unused;
    static char key, other;
    static int first = 1, second = 2;
    otel_context_entry a, b, c;
    otel_context one = otel_context_with_entry(NULL, &a, &key, &first);
    otel_context two = otel_context_with_entry(&one, &b, &other, &first);
    otel_context three = otel_context_with_entry(&two, &c, &key, &second);
    assert_ptr_equal(otel_context_value(&one, &key), &first);
    assert_null(otel_context_value(&one, &other));
    assert_ptr_equal(otel_context_value(&two, &key), &first);
    assert_ptr_equal(otel_context_value(&three, &key), &second);
    assert_ptr_equal(otel_context_value(&three, &other), &first);
    assert_null(otel_context_value(NULL, &key));
    otel_context same = otel_context_with_entry(&one, NULL, &other, &first);
    assert_ptr_equal(same.entries, one.entries);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_attached_at_first), cmocka_unit_test(detach_restores),
        cmocka_unit_test(out_of_order_is_told_and_does_no_harm), cmocka_unit_test(each_thread_has_its_own),
        cmocka_unit_test(entries_are_found_by_address)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
