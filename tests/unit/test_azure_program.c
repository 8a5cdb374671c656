/* The names of program and machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_monitor/src/mapping/program.h"
#include <string.h>
#include <unistd.h>

static void the_program(void **state)
{
    (void)state;
    char name[64], small[5];
    assert_true(otel__azure_program_name(name, sizeof name));
    assert_string_equal(name, "test_azure_program");
    assert_false(otel__azure_program_name(small, sizeof small)); /* no part of a name */
    assert_string_equal(small, "");
}

static void the_machine(void **state)
{
    (void)state;
    char name[256], wanted[256];
    assert_int_equal(gethostname(wanted, sizeof wanted), 0);
    assert_true(otel__azure_host_name(name, sizeof name));
    assert_string_equal(name, wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_program), cmocka_unit_test(the_machine)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
