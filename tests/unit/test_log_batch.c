/* A batch: grouped by scope, in order within each, and the bytes around it. */
#include "sdk_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static otel_logger a = OTEL_LOGGER_INIT("a", "1"), b = OTEL_LOGGER_INIT("b", NULL);
static int64_t order[16];
static char scopes[16];
static size_t seen, pieces_bytes, all_bytes;

static otel_export_status look(otel_log_exporter *self, const otel_log_batch *batch, otel_export_call *call)
{
    otel_str pieces[64];
    (void)self;
    (void)call;
    for (otel_log_cursor c = otel_log_batch_begin(batch); otel_log_next(&c) && seen < 16; seen++) {
        order[seen] = c.record.body.u.integer;
        scopes[seen] = c.record.scope->name[0];
    }
    size_t n = otel_log_batch_otlp(batch, pieces, 64);
    assert_true(n > 0 && n <= 64);
    assert_int_equal(otel_log_batch_otlp(batch, NULL, 0), n);
    for (size_t i = 0; i < n; i++) pieces_bytes += pieces[i].size;
    all_bytes += otel_log_batch_otlp_bytes(batch);
    assert_int_equal(pieces[0].data[0], 0x0a); /* field 1 of the request */
    assert_non_null(otel_log_batch_resource(batch));
    return OTEL_EXPORT_OK;
}
static const otel_log_exporter_ops look_ops = {.size = sizeof look_ops, .name = "look", .export_batch = look};

static void records_of_a_scope_stand_together_in_order(void **unused)
{
    (void)unused;
    otel_log_processor *list[] = {
        otel_batch_log_processor_new(otel_log_exporter_new(sizeof(otel_log_exporter), &look_ops),
                                     &(otel_batch_options){.schedule_delay_ms = 60000})};
    otel_provider *p = provider_of(list, 1);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    static const char emitted[] = "aabbabaa"; /* runs of one scope, and single records */
    for (int i = 0; i < 8; i++) OTEL_LOG_VALUE(emitted[i] == 'b' ? &b : &a, OTEL_SEVERITY_INFO, otel_int(i));
    assert_int_equal(otel_provider_flush(p, 60000), OTEL_OK);
    static const int64_t expected[] = {0, 1, 4, 6, 7, 2, 3, 5};
    assert_int_equal(seen, 8);
    assert_memory_equal(order, expected, sizeof expected);
    assert_memory_equal(scopes, "aaaaabbb", 8);
    assert_int_equal(pieces_bytes, all_bytes);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static void null_is_tolerated(void **unused)
{
    (void)unused;
    otel_log_cursor c = otel_log_batch_begin(NULL);
    assert_false(otel_log_next(&c));
    assert_false(otel_log_next(NULL));
    assert_int_equal(otel_log_batch_count(NULL), 0);
    assert_null(otel_log_batch_resource(NULL));
    assert_int_equal(otel_log_batch_otlp(NULL, NULL, 0), 0);
    assert_int_equal(otel_log_batch_otlp_bytes(NULL), 0);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(records_of_a_scope_stand_together_in_order),
                                       cmocka_unit_test(null_is_tolerated)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
