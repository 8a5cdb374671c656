/* Tests of the losses that exporters tell of: per pipeline, before and after stop, within the room that there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sdk_fixture.h"
#include <otel/sdk/log_exporter.h>
#include <string.h>

typedef struct telling {
    otel_log_exporter base;
    uint32_t lines;
} telling;

static otel_export_status take(otel_log_exporter *self, const otel_log_batch *batch, otel_export_call *call)
{
    (void)self;
    (void)batch;
    (void)call;
    return OTEL_EXPORT_OK;
}

/* Asks for books itself: the SDK calls it with no lock held that reading takes. */
static size_t tell(const otel_log_exporter *self, otel_export_loss *losses, size_t capacity)
{
    otel_books books;
    otel_pipeline_books pipeline;
    if (otel_provider_books(NULL, &books)) otel_provider_pipeline_books(NULL, 0, &pipeline);
    uint32_t lines = ((const telling *)self)->lines;
    for (uint32_t i = 0; i < lines && i < capacity; i++)
        losses[i] = (otel_export_loss){
            .kind = "exception", .reason = "rejected", .http_status = 100 * lines + i, .count = i + 1};
    return lines;
}

static const otel_log_exporter_ops telling_ops = {
    .size = sizeof telling_ops, .name = "telling", .export_batch = take, .losses = tell};
static const otel_log_exporter_ops silent_ops = {.size = sizeof silent_ops, .name = "silent", .export_batch = take};
/* A table as it was before `losses`, and what stands behind it is not to be read as one. */
static const otel_log_exporter_ops old_ops = {
    .size = offsetof(otel_log_exporter_ops, losses), .name = "old", .export_batch = take, .losses = tell};

static otel_log_exporter *exporter(const otel_log_exporter_ops *ops, uint32_t lines)
{
    telling *t = otel_log_exporter_new(sizeof *t, ops);
    assert_non_null(t);
    t->lines = lines;
    return &t->base;
}

static otel_log_processor *batch_of(const otel_log_exporter_ops *ops, uint32_t lines)
{
    return otel_batch_log_processor_new(exporter(ops, lines), NULL);
}

static void expect(otel_provider *provider, size_t nth, size_t count)
{
    otel_export_loss losses[80];
    memset(losses, 0xAA, sizeof losses);
    assert_int_equal(otel_provider_pipeline_losses(provider, nth, losses, 80), count);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(losses[i].kind, "exception");
        assert_string_equal(losses[i].reason, "rejected");
        assert_int_equal(losses[i].http_status, 100 * count + i);
        assert_int_equal(losses[i].count, i + 1);
    }
    assert_int_equal(losses[count].count, 0xAAAAAAAAAAAAAAAAu);
}

static void each_pipeline_has_its_own(void **unused)
{
    (void)unused;
    otel_log_processor *list[] = {batch_of(&telling_ops, 2), otel_simple_log_processor_new(exporter(&telling_ops, 3)),
                                  batch_of(&silent_ops, 9), batch_of(&old_ops, 9), batch_of(&telling_ops, 0)};
    otel_provider *p = provider_of(list, 5);
    expect(p, 0, 2);
    expect(p, 1, 3);
    for (size_t nth = 2; nth < 6; nth++) expect(p, nth, 0);
    otel_provider_stop(p, 1000);
}

static void no_more_than_there_is_room_for(void **unused)
{
    (void)unused;
    otel_export_loss losses[2] = {{.count = 0}, {.count = 77}};
    otel_log_processor *list[] = {batch_of(&telling_ops, 3)};
    otel_provider *p = provider_of(list, 1);
    assert_int_equal(otel_provider_pipeline_losses(p, 0, losses, 1), 3);
    assert_int_equal(losses[0].http_status, 300);
    assert_int_equal(losses[1].count, 77);
    assert_int_equal(otel_provider_pipeline_losses(p, 0, NULL, 8), 3);
    assert_int_equal(otel_provider_pipeline_losses(p, SIZE_MAX, losses, 2), 0);
    otel_provider_stop(p, 1000);
}

static otel_result start(otel_log_processor *const *list, size_t count)
{
    return otel_sdk_start(
        &(otel_options){.log_processors = list, .log_processor_count = count, .environment = OTEL_ENV_IGNORED});
}

static void kept_after_stop(void **unused)
{
    (void)unused;
    otel_log_processor *list[] = {batch_of(&telling_ops, 2), batch_of(&silent_ops, 0), batch_of(&telling_ops, 5),
                                  batch_of(&telling_ops, 3)};
    expect(NULL, 0, 0);
    assert_int_equal(start(list, 4), OTEL_OK);
    for (int stopped = 0; stopped < 2; stopped++) {
        expect(NULL, 0, 2);
        expect(NULL, 1, 0);
        expect(NULL, 2, 5);
        expect(NULL, 3, 3);
        expect(NULL, 4, 0);
        assert_int_equal(otel_stop(1000), OTEL_OK);
    }
}

static void as_many_as_can_be_kept(void **unused)
{
    (void)unused;
    otel_export_loss losses[80];
    otel_log_processor *list[] = {batch_of(&telling_ops, 60), batch_of(&telling_ops, 60), batch_of(&telling_ops, 1)};
    assert_int_equal(start(list, 3), OTEL_OK);
    assert_int_equal(otel_stop(1000), OTEL_OK);
    assert_int_equal(otel_provider_pipeline_losses(NULL, 0, losses, 80), 60);
    assert_int_equal(otel_provider_pipeline_losses(NULL, 1, losses, 80), 4);
    assert_int_equal(losses[3].http_status, 6003);
    assert_int_equal(otel_provider_pipeline_losses(NULL, 2, losses, 80), 0);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_pipeline_has_its_own),
        cmocka_unit_test(no_more_than_there_is_room_for),
        cmocka_unit_test(kept_after_stop),
        cmocka_unit_test(as_many_as_can_be_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
