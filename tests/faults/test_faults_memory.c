/* Every allocation on our behalf fails once: our own, and those of libcurl, zlib and protobuf-c. As test_faults_system.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "each_call.h"

static const faulty_call of_memory[] = {{"malloc", 20}, {"calloc", 5}, {"realloc", 0}};

static void allocations_fail(void **state)
{
    (void)state;
    fail_each_of(of_memory, sizeof of_memory / sizeof *of_memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(allocations_fail),
    };
    return cmocka_run_group_tests(tests, faults_begin, faults_end);
}
