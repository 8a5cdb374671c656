/* As much of cmocka as the unit tests use, for machines that have none to link: a failure ends the program. */
#ifndef PLATFORMS_CMOCKA_H
#define PLATFORMS_CMOCKA_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int mini_hook(void **state);

struct CMUnitTest {
    const char *name;
    void (*test)(void **state);
    mini_hook *setup, *teardown;
    void *initial;
};

#define cmocka_unit_test(f) {#f, f, NULL, NULL, NULL}
#define cmocka_unit_test_setup(f, s) {#f, f, s, NULL, NULL}
#define cmocka_unit_test_teardown(f, t) {#f, f, NULL, t, NULL}
#define cmocka_unit_test_setup_teardown(f, s, t) {#f, f, s, t, NULL}
#define cmocka_unit_test_prestate_setup_teardown(f, s, t, p) {#f, f, s, t, p}

#define print_message(...) printf(__VA_ARGS__)
#define print_error(...) fprintf(stderr, __VA_ARGS__)
#define fail_msg(...) (fprintf(stderr, __VA_ARGS__), mini_fail("fail_msg", __FILE__, __LINE__))

static inline void mini_fail(const char *what, const char *file, int line)
{
    fflush(stdout);
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    exit(1);
}

#define MINI_TRUE(condition, text) ((condition) ? (void)0 : mini_fail(text, __FILE__, __LINE__))
#define MINI_WORD(x) ((unsigned long long)(x))
#define assert_true(x) MINI_TRUE((x), "assert_true(" #x ")")
#define assert_false(x) MINI_TRUE(!(x), "assert_false(" #x ")")
#define assert_null(x) MINI_TRUE((x) == NULL, "assert_null(" #x ")")
#define assert_non_null(x) MINI_TRUE((x) != NULL, "assert_non_null(" #x ")")
#define assert_ptr_equal(a, b) MINI_TRUE((const void *)(a) == (const void *)(b), #a " is not " #b)
#define assert_ptr_not_equal(a, b) MINI_TRUE((const void *)(a) != (const void *)(b), #a " is " #b)
#define assert_int_equal(a, b) mini_equal(MINI_WORD(a), MINI_WORD(b), #a, __FILE__, __LINE__)
#define assert_int_not_equal(a, b) MINI_TRUE(MINI_WORD(a) != MINI_WORD(b), #a " is " #b)
#define assert_in_range(x, low, high)                                                                                  \
    MINI_TRUE(MINI_WORD(x) >= MINI_WORD(low) && MINI_WORD(x) <= MINI_WORD(high), #x " is out of range")
#define assert_string_equal(a, b) mini_same((a), (b), __FILE__, __LINE__)
#define assert_string_not_equal(a, b) MINI_TRUE(strcmp((a), (b)) != 0, #a " is " #b)
#define assert_memory_equal(a, b, n) MINI_TRUE(memcmp((a), (b), (n)) == 0, #a " differs from " #b)
#define assert_memory_not_equal(a, b, n) MINI_TRUE(memcmp((a), (b), (n)) != 0, #a " is as " #b)

static inline void mini_equal(unsigned long long a, unsigned long long b, const char *what, const char *file, int line)
{
    if (a == b) return;
    fprintf(stderr, "%lld instead of %lld: ", (long long)a, (long long)b);
    mini_fail(what, file, line);
}

static inline void mini_same(const char *a, const char *b, const char *file, int line)
{
    if (strcmp(a, b) == 0) return;
    fprintf(stderr, "\"%s\" instead of \"%s\"", a, b);
    mini_fail("", file, line);
}

#define cmocka_run_group_tests_name(name, tests, setup, teardown) cmocka_run_group_tests(tests, setup, teardown)
#define cmocka_run_group_tests(tests, setup, teardown)                                                                 \
    mini_run(tests, sizeof(tests) / sizeof(tests)[0], setup, teardown)

static inline int mini_run(const struct CMUnitTest *tests, size_t count, mini_hook *setup, mini_hook *teardown)
{
    void *group = NULL;
    if (setup && setup(&group) != 0) mini_fail("the group's setup", __FILE__, __LINE__);
    for (size_t i = 0; i < count; i++) {
        const char *without = getenv("CMOCKA_WITHOUT"); /* what the emulator cannot do */
        if (without && strstr(without, tests[i].name)) continue;
        void *state = tests[i].initial ? tests[i].initial : group;
        if (tests[i].setup && tests[i].setup(&state) != 0) mini_fail(tests[i].name, __FILE__, __LINE__);
        fprintf(stderr, "[ RUN ] %s\n", tests[i].name);
        tests[i].test(&state);
        if (tests[i].teardown && tests[i].teardown(&state) != 0) mini_fail(tests[i].name, __FILE__, __LINE__);
    }
    if (teardown && teardown(&group) != 0) mini_fail("the group's teardown", __FILE__, __LINE__);
    printf("%zu tests passed\n", count);
    return 0;
}
#endif
