/* Exporters by name. */
#include "common/registry.h"
#include "sdk_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static scripted_log first_log, second_log;

static otel_log_exporter *first(const struct otel_config *properties)
{
    assert_null(properties);
    return SCRIPTED_OK(&first_log);
}

static otel_log_exporter *second(const struct otel_config *properties)
{
    (void)properties;
    return SCRIPTED_OK(&second_log);
}

static otel_log_exporter *impossible(const struct otel_config *properties)
{
    (void)properties;
    return NULL;
}

static otel_result add(const char *name, otel_log_exporter *(*create)(const struct otel_config *))
{
    otel_log_exporter_factory f = {sizeof f, name, create};
    return otel_log_exporter_register(&f);
}

static uint32_t destroys_after(const char *name, size_t size, const scripted_log *log)
{
    bool known;
    otel_log_exporter_destroy(otel__registry_create(name, size, &known));
    return atomic_load(&log->destroys);
}

static void a_name_is_found_in_any_case_and_replaced(void **unused)
{
    (void)unused;
    bool known;
    assert_int_equal(add("alpha", first), OTEL_OK);
    assert_true(otel__registry_has("ALPHA"));
    assert_false(otel__registry_has("alph"));
    assert_int_equal(destroys_after("Alpha,beta", 5, &first_log), 1);
    assert_int_equal(add("ALPHA", second), OTEL_OK);
    assert_int_equal(destroys_after("alpha", 5, &second_log), 1);
    assert_null(otel__registry_create("alpha2", 6, &known));
    assert_false(known);
    assert_int_equal(add("never", impossible), OTEL_OK);
    assert_null(otel__registry_create("never", 5, &known));
    assert_true(known);
}

static void incomplete_ones_are_refused(void **unused)
{
    (void)unused;
    otel_log_exporter_factory small = {8, "x", first};
    assert_int_equal(otel_log_exporter_register(NULL), OTEL_ERR_ARGUMENT);
    assert_int_equal(otel_log_exporter_register(&small), OTEL_ERR_ARGUMENT);
    assert_int_equal(add(NULL, first), OTEL_ERR_ARGUMENT);
    assert_int_equal(add("", first), OTEL_ERR_ARGUMENT);
    assert_int_equal(add("x", NULL), OTEL_ERR_ARGUMENT);
}

static void there_is_room_for_thirty_two(void **unused)
{
    (void)unused;
    static char names[40][8];
    int good = 0;
    for (int i = 0; i < 40; i++) {
        snprintf(names[i], sizeof names[i], "n%d", i);
        otel_result r = add(names[i], first);
        if (r == OTEL_OK)
            good++;
        else
            assert_int_equal(r, OTEL_ERR_NO_MEMORY);
    }
    assert_int_equal(good, 30); /* alpha and never are two */
    assert_int_equal(add("ALPHA", first), OTEL_OK);
    char text[64], all[1024];
    otel__registry_names(text, sizeof text); /* cut, never overrun */
    assert_true(strlen(text) < sizeof text);
    otel__registry_names(all, sizeof all);
    assert_memory_equal(all, "none, ", 6);
    assert_non_null(strstr(all, "n29"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_name_is_found_in_any_case_and_replaced),
                                       cmocka_unit_test(incomplete_ones_are_refused),
                                       cmocka_unit_test(there_is_room_for_thirty_two)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
