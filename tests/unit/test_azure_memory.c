/* Memory for one item: taken back at once, kept for the next. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_monitor/src/mapping/memory.h"
#include <otel/sdk/allocator.h>
#include <stdlib.h>
#include <string.h>

static unsigned allocations;
static bool fails;

static void *allocate(size_t size, void *user)
{
    (void)user;
    allocations++;
    return fails ? NULL : malloc(size);
}

static void *reallocate(void *p, size_t size, void *user)
{
    (void)user;
    allocations++;
    return fails ? NULL : realloc(p, size);
}

static void release(void *p, void *user)
{
    (void)user;
    free(p);
}

static void pieces_do_not_overlap(void **state)
{
    (void)state;
    otel__azure_memory memory = {0};
    char *pieces[300];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 300; i++) {
            size_t size = (size_t)i * 7 + 1;
            pieces[i] = otel__azure_take(&memory, size);
            assert_non_null(pieces[i]);
            assert_int_equal((uintptr_t)pieces[i] % OTEL__AZURE_ALIGNMENT, 0);
            memset(pieces[i], i & 0x7f, size);
        }
        for (int i = 0; i < 300; i++)
            for (int j = 0; j < i * 7 + 1; j++) assert_int_equal(pieces[i][j], i & 0x7f);
        otel__azure_memory_reset(&memory);
    }
    otel__azure_memory_release(&memory);
}

static void what_is_usual_is_kept(void **state)
{
    (void)state;
    otel__azure_memory memory = {0};
    for (int round = 0; round < 10; round++) {
        if (round == 1) allocations = 0;
        for (int i = 0; i < 100; i++) assert_non_null(otel__azure_take(&memory, 1000));
        otel__azure_memory_reset(&memory);
    }
    assert_int_equal(allocations, 0);
    assert_non_null(otel__azure_take(&memory, 1000000));
    otel__azure_memory_reset(&memory);
    assert_non_null(otel__azure_take(&memory, 1000000));
    assert_int_equal(allocations, 2); /* what is large goes back */
    otel__azure_memory_release(&memory);
}

static void failure_is_remembered(void **state)
{
    (void)state;
    otel__azure_memory memory = {0};
    fails = true;
    assert_null(otel__azure_take(&memory, 10));
    assert_true(memory.failed);
    fails = false;
    assert_non_null(otel__azure_take(&memory, 10));
    assert_true(memory.failed);
    otel__azure_memory_reset(&memory);
    assert_false(memory.failed);
    assert_null(otel__azure_take(&memory, SIZE_MAX));
    assert_null(otel__azure_take(&memory, SIZE_MAX - 20));
    otel__azure_memory_release(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_do_not_overlap),
        cmocka_unit_test(what_is_usual_is_kept),
        cmocka_unit_test(failure_is_remembered),
    };
    const otel_allocator counting = {
        .size = sizeof counting, .allocate = allocate, .reallocate = reallocate, .release = release};
    if (otel_set_allocator(&counting) != OTEL_OK) return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
