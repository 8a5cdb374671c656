/* The attributes that mean something are found, and no others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_monitor/src/mapping/attribute_names.h"
#include <string.h>

static void each_name_is_found(void **state)
{
    (void)state;
    for (int i = 0; i < OTEL__AZURE_NAME_COUNT; i++) {
        const char *name = otel__azure_attribute_name((otel__azure_name)i);
        assert_int_equal(otel__azure_attribute(name, strlen(name)), i);
        assert_int_equal(otel__azure_attribute(name, strlen(name) - 1), -1);
    }
    assert_int_equal(otel__azure_attribute("microsoft.availability.runLocations", 35), -1);
    assert_int_equal(otel__azure_attribute("enduser.ix", 10), -1);
    assert_int_equal(otel__azure_attribute("Enduser.id", 10), -1);
    assert_int_equal(otel__azure_attribute("", 0), -1);
}

/* A bit each in a word. */
static void there_are_few_enough(void **state)
{
    (void)state;
    assert_true(OTEL__AZURE_NAME_COUNT <= 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_name_is_found), cmocka_unit_test(there_are_few_enough)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
