/* As test_faults_system, with the Azure Monitor exporter: what cJSON allocates, and what goes to the network. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "each_call.h"

static const faulty_call of_memory[] = {{"malloc", 10}, {"realloc", 0}};
static const faulty_call of_the_network[] = {{"socket", 1}, {"connect", 1}, {"send", 1}, {"recv", 1}};

static void allocations_of_json_fail(void **state)
{
    (void)state;
    setenv("FAULT_LIBRARY", "libcjson", 1);
    fail_each_of(of_memory, sizeof of_memory / sizeof *of_memory);
    unsetenv("FAULT_LIBRARY");
}

static void calls_to_the_network_fail(void **state)
{
    (void)state;
    fail_each_of(of_the_network, sizeof of_the_network / sizeof *of_the_network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(allocations_of_json_fail),
        cmocka_unit_test(calls_to_the_network_fail),
    };
    return cmocka_run_group_tests(tests, faults_begin_azure, faults_end);
}
