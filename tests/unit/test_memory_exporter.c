/* The in-memory exporter. */
#include "sdk_fixture.h"
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.memory", NULL);

static void it_keeps_copies_in_order(void **unused)
{
    (void)unused;
    otel_log_exporter *memory;
    otel_log_processor *list[] = {remembering(&memory)};
    otel_provider *p = provider_of(list, 1);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    for (int i = 0; i < 200; i++) OTEL_LOG_VALUE(&logger, OTEL_SEVERITY_INFO, otel_int(i));
    assert_int_equal(otel_memory_exporter_count(memory), 200);
    for (size_t i = 0; i < 200; i++) assert_int_equal(otel_memory_exporter_at(memory, i)->body.u.integer, i);
    assert_null(otel_memory_exporter_at(memory, 200));
    otel_memory_exporter_clear(memory);
    assert_int_equal(otel_memory_exporter_count(memory), 0);
    OTEL_LOG_VALUE(&logger, OTEL_SEVERITY_INFO, otel_int(7));
    assert_int_equal(otel_memory_exporter_at(memory, 0)->body.u.integer, 7);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static void another_exporter_is_not_one(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    otel_log_exporter *other = SCRIPTED_OK(&log);
    assert_int_equal(otel_memory_exporter_count(other), 0);
    assert_null(otel_memory_exporter_at(other, 0));
    otel_memory_exporter_clear(other);
    otel_memory_exporter_clear(NULL);
    assert_int_equal(otel_memory_exporter_count(NULL), 0);
    assert_null(otel_memory_exporter_at(NULL, 0));
    otel_log_exporter_destroy(other);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_keeps_copies_in_order),
                                       cmocka_unit_test(another_exporter_is_not_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
