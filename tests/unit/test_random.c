/* Random numbers. */
#include <otel/sdk/random.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sys/wait.h>
#include <unistd.h>

/* By chance a bit stays the same in 200 numbers once in 2^192 runs. */
static void every_bit_is_random(void **unused)
{
    (void)unused;
    uint64_t ones = 0, zeros = 0;
    for (int i = 0; i < 200; i++) {
        uint64_t n = otel_random();
        ones |= n;
        zeros |= ~n;
    }
    assert_true(ones == UINT64_MAX && zeros == UINT64_MAX);
}

static void a_child_draws_others(void **unused)
{
    (void)unused;
    int ends[2], status;
    uint64_t drawn = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        uint64_t n = otel_random();
        _exit(write(ends[1], &n, sizeof n) != (ssize_t)sizeof n);
    }
    assert_int_equal(read(ends[0], &drawn, sizeof drawn), sizeof drawn);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_true(drawn != otel_random());
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_bit_is_random), cmocka_unit_test(a_child_draws_others)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
