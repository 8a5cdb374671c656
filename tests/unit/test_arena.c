/* Memory that only grows, and is given back in one go. */
#include "common/arena.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool zero(const unsigned char *p, size_t n)
{
    while (n > 0 && p[n - 1] == 0) n--;
    return n == 0;
}

static void pieces_are_zero_aligned_and_apart(void **unused)
{
    (void)unused;
    otel__arena arena = {NULL};
    unsigned char *pieces[500];
    for (size_t i = 0; i < 500; i++) {
        size_t size = i % 37 * 100 + 1;
        pieces[i] = otel__arena_take(&arena, size);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % 16, 0);
        assert_true(zero(pieces[i], size));
        memset(pieces[i], (int)(i & 255), size);
    }
    for (size_t i = 0; i < 500; i++) {
        assert_int_equal(pieces[i][0], i & 255);
        assert_int_equal(pieces[i][i % 37 * 100], i & 255);
    }
    otel__arena_free(&arena);
    assert_null(arena.block);
}

static void a_large_piece_has_room(void **unused)
{
    (void)unused;
    otel__arena arena = {NULL};
    unsigned char *p = otel__arena_take(&arena, 1000000);
    assert_non_null(p);
    p[0] = p[999999] = 1;
    otel__arena_free(&arena);
}

static void rewinding_gives_back_and_wipes(void **unused)
{
    (void)unused;
    otel__arena arena = {NULL};
    otel__arena_mark nothing = otel__arena_here(&arena);
    unsigned char *kept = otel__arena_take(&arena, 100);
    memset(kept, 7, 100);
    otel__arena_mark mark = otel__arena_here(&arena);
    unsigned char *first = otel__arena_take(&arena, 200);
    memset(first, 8, 200);
    assert_non_null(otel__arena_take(&arena, 200000)); /* blocks of its own go too */
    otel__arena_rewind(&arena, mark);
    unsigned char *again = otel__arena_take(&arena, 200);
    assert_ptr_equal(again, first);
    assert_true(zero(again, 200));
    assert_int_equal(kept[99], 7);
    otel__arena_rewind(&arena, nothing);
    assert_null(arena.block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pieces_are_zero_aligned_and_apart),
                                       cmocka_unit_test(a_large_piece_has_room),
                                       cmocka_unit_test(rewinding_gives_back_and_wipes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
