/* Numbers that are kept as numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_fixture.h"
#include <otel/log.h>
#include <string.h>

#define M "microsoft.custom_measurements"

static void a_map_or_json(void **state)
{
    (void)state;
    ITEM("x", OTEL_MAP(M, OTEL_DOUBLE("total", 12.5), OTEL_INT("n", 9007199254740993), OTEL_STR("bad", "x")));
    assert_true(azure_number("measurements.total") == 12.5);
    assert_non_null(strstr(azure_text(), "\"n\":9007199254740993"));
    assert_true(azure_is("property:bad", "x") && azure_absent("property:" M) && azure_absent("measurements.bad"));
    ITEM("x", OTEL_STR("microsoft.custom_event.name", "e"),
         OTEL_STR(M, " {\"total\": 12.5, \"n\": 3, \"bad\": \"x\", \"deep\": {\"a\": [1]}, \"none\": null}"));
    assert_true(azure_number("measurements.total") == 12.5 && azure_number("measurements.n") == 3);
    assert_true(azure_is("property:bad", "x") && azure_is("property:deep", "{\"a\":[1]}"));
    assert_true(azure_is("property:none", "null") && azure_absent("property:" M));
}

static void only_finite_ones(void **state)
{
    (void)state;
    ITEM("x", OTEL_MAP(M, OTEL_DOUBLE("inf", 1e300 * 1e300), OTEL_INT("n", 1)));
    assert_true(azure_number("measurements.n") == 1 && azure_is("property:inf", "Infinity"));
    ITEM("x", OTEL_STR(M, "{\"big\":1e999,\"n\":1}\r\n"));
    assert_true(azure_number("measurements.n") == 1 && azure_absent("measurements.big"));
}

static void all_else_stays_a_dimension(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "{", "[1]", "1", "{}", "{\"a\":\"b\"}", "no json", "{\"a\":1} and more"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ITEM("x", OTEL_STR(M, texts[i]));
        assert_true(azure_absent("measurements") && azure_is("property:" M, texts[i]));
    }
    ITEM("x", OTEL_INT(M, 7));
    assert_true(azure_is("property:" M, "7"));
}

static void keys_are_cut_and_differ(void **state)
{
    (void)state;
    char key[2][160];
    for (int i = 0; i < 2; i++) memset(key[i], 'k', 150), memcpy(key[i] + 150, i ? "a" : "b", 2);
    ITEM("x", OTEL_MAP(M, OTEL_INT(key[0], 1), OTEL_INT(key[1], 2)));
    const cJSON *measurements = azure_at("measurements");
    assert_int_equal(cJSON_GetArraySize(measurements), 2);
    assert_int_equal(strlen(measurements->child->string), 150);
    assert_int_equal(strlen(measurements->child->next->string), 150);
}

static void a_key_of_the_record_stays_its_own(void **state)
{
    (void)state;
    ITEM("x", OTEL_STR("bad", "mine"), OTEL_MAP(M, OTEL_INT("n", 1), OTEL_STR("bad", "x")));
    assert_true(azure_is("property:bad", "mine") && azure_is("property:bad~2", "x"));
    ITEM("x", OTEL_STR("bad", "mine"), OTEL_STR(M, "{\"n\":1,\"bad\":\"mine\"}"));
    assert_true(azure_is("property:bad", "mine") && azure_absent("property:bad~2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(a_map_or_json), TEST(only_finite_ones), TEST(all_else_stays_a_dimension),
                                       TEST(keys_are_cut_and_differ), TEST(a_key_of_the_record_stays_its_own)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
