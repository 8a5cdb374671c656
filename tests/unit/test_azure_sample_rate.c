/* The rate at which records were kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_fixture.h"
#include <otel/log.h>
#include <stdio.h>
#include <string.h>

static void rate_is(otel_attr attribute, const char *rate, bool stays)
{
    ITEM("x", attribute);
    char key[64], text[64];
    snprintf(key, sizeof key, "property:%s", attribute.key);
    snprintf(text, sizeof text, "\"sampleRate\":%s,", rate ? rate : "");
    if (rate)
        assert_non_null(strstr(azure_text(), text));
    else
        assert_true(azure_absent("envelope:sampleRate"));
    assert_int_equal(azure_absent(key), !stays);
}

static void rates(void **state)
{
    (void)state;
    rate_is(OTEL_DOUBLE("microsoft.sample_rate", 25), "25", false);
    rate_is(OTEL_DOUBLE("microsoft.sample_rate", 0.1), "0.1", false);
    rate_is(OTEL_INT("_MS.sampleRate", 50), "50", false);
    rate_is(OTEL_STR("microsoft.sample_rate", "12.5"), "12.5", false);
    rate_is(OTEL_DOUBLE("microsoft.sample_rate", 100), NULL, false);
    rate_is(OTEL_DOUBLE("microsoft.sample_rate", 0), NULL, true);
    rate_is(OTEL_DOUBLE("microsoft.sample_rate", -5), NULL, true);
    rate_is(OTEL_DOUBLE("microsoft.sample_rate", 100.5), NULL, true);
    rate_is(OTEL_STR("microsoft.sample_rate", "half"), NULL, true);
    rate_is(OTEL_DOUBLE("_MS.sampleRate", 1e300 * 1e300), NULL, true);
}

static void the_new_name_counts(void **state)
{
    (void)state;
    ITEM("x", OTEL_INT("_MS.sampleRate", 50), OTEL_INT("microsoft.sample_rate", 20));
    assert_true(azure_number("envelope:sampleRate") == 20 && azure_is("property:_MS.sampleRate", "50"));
    ITEM("x", OTEL_INT("_MS.sampleRate", 50), OTEL_INT("microsoft.sample_rate", 0));
    assert_true(azure_number("envelope:sampleRate") == 50 && azure_is("property:microsoft.sample_rate", "0"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(rates), TEST(the_new_name_counts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
