/* Where heap memory comes from. */
#include <otel/sdk/allocator.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static size_t allocated, reallocated, released;
static bool refuse;
static int marker;

static void *count_allocate(size_t size, void *user)
{
    assert_ptr_equal(user, &marker);
    assert_true(size > 0);
    allocated++;
    void *p = refuse ? NULL : malloc(size);
    return p ? memset(p, 0xaa, size) : NULL;
}

static void *count_reallocate(void *p, size_t size, void *user)
{
    assert_ptr_equal(user, &marker);
    reallocated++;
    return refuse ? NULL : realloc(p, size);
}

static void count_release(void *p, void *user)
{
    assert_ptr_equal(user, &marker);
    released++;
    free(p);
}

static const otel_allocator counting = {sizeof(otel_allocator), count_allocate, count_reallocate, count_release,
                                        &marker};

static void a_hook_gets_every_call(void **unused)
{
    (void)unused;
    assert_int_equal(otel_set_allocator(&counting), OTEL_OK);
    unsigned char *p = otel_allocate(100);
    for (int i = 0; i < 100; i++) assert_int_equal(p[i], 0); /* zeroed, whatever the hook gave */
    p[0] = 1;
    p = otel_reallocate(p, 200);
    assert_int_equal(p[0], 1);
    otel_release(p);
    otel_release(NULL);
    void *none = otel_allocate(0);
    assert_non_null(none);
    otel_release(none);
    assert_int_equal(allocated, 2);
    assert_int_equal(reallocated, 1);
    assert_int_equal(released, 2);
    refuse = true;
    assert_null(otel_allocate(10));
    assert_null(otel_reallocate(NULL, 10));
    refuse = false;
    assert_int_equal(otel_set_allocator(NULL), OTEL_OK);
    otel_release(otel_allocate(10));
    assert_int_equal(released, 2);
}

static void an_incomplete_one_is_refused(void **unused)
{
    (void)unused;
    otel_allocator bad[4] = {counting, counting, counting, counting};
    bad[0].allocate = NULL;
    bad[1].reallocate = NULL;
    bad[2].release = NULL;
    bad[3].size = 8;
    for (int i = 0; i < 4; i++) assert_int_equal(otel_set_allocator(&bad[i]), OTEL_ERR_ARGUMENT);
    size_t before = allocated;
    otel_release(otel_allocate(1));
    assert_int_equal(allocated, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_hook_gets_every_call),
                                       cmocka_unit_test(an_incomplete_one_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
