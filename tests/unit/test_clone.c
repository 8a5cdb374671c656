/* Clones: a record of its own, changed and passed on later. */
#include "sdk_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.clone", NULL);

typedef struct keeper {
    otel_log_processor base;
    otel_log_record *kept;
} keeper;

static void keep_emit(otel_log_processor *self, otel_log_record *record)
{
    ((keeper *)self)->kept = otel_log_record_clone(record);
}

static otel_result keep_flush(otel_log_processor *self, otel_deadline deadline)
{
    keeper *k = (keeper *)self;
    (void)deadline;
    if (!k->kept) return OTEL_OK;
    otel_log_record_set(k->kept, OTEL_STR("later", "yes"));
    otel_log_pass(self, k->kept);
    otel_log_record_destroy(k->kept);
    k->kept = NULL;
    return OTEL_OK;
}

static const otel_log_processor_ops keep_ops = {
    .size = sizeof keep_ops, .name = "keep", .emit = keep_emit, .flush = keep_flush, .shutdown = keep_flush};

static void log_from_a_stack_that_goes(void)
{
    char text[] = "short-lived";
    otel_context c = {.span_context = {.flags = 1}};
    memset(c.span_context.trace_id, 5, 16);
    memset(c.span_context.span_id, 6, 8);
    OTEL_LOG_WARN(&logger, text, OTEL_STR("k", text), OTEL_WITH_CONTEXT(&c), OTEL_WITH_EVENT_NAME(text));
    memset(text, 'x', sizeof text - 1);
}

static void one_passed_later_is_whole(void **unused)
{
    (void)unused;
    otel_log_exporter *memory;
    keeper *k = otel_log_processor_new(sizeof *k, &keep_ops);
    otel_log_processor *list[] = {&k->base, remembering(&memory)};
    otel_provider *p = provider_of(list, 2);
    otel_books books;
    otel_pipeline_books pipeline;
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    log_from_a_stack_that_goes();
    assert_int_equal(otel_memory_exporter_count(memory), 0);
    assert_int_equal(otel_provider_flush(p, 60000), OTEL_OK);
    const otel_log_record *r = otel_memory_exporter_at(memory, 0);
    assert_non_null(r);
    assert_true(text_is(&r->body, "short-lived"));
    assert_true(attr_is(r, "k", "short-lived") && attr_is(r, "later", "yes"));
    assert_true(attr_is(r, "code.function.name", "log_from_a_stack_that_goes"));
    assert_int_equal(r->severity, OTEL_SEVERITY_WARN);
    assert_int_equal(r->span_context.trace_id[0], 5);
    assert_int_equal(r->event_name.size, 11);
    assert_string_equal(r->scope->name, "test.clone");
    assert_true(otel_provider_books(p, &books));
    assert_int_equal(books.accepted, 1);
    assert_int_equal(books.filtered, 1); /* settled when emit returned */
    assert_true(otel_provider_pipeline_books(p, 0, &pipeline));
    assert_int_equal(pipeline.taken, 1);
    log_from_a_stack_that_goes();
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK); /* shutdown passes the other */
}

static void what_is_no_record_of_ours_is_not_cloned(void **unused)
{
    (void)unused;
    otel_log_record r = {.size = sizeof r};
    assert_null(otel_log_record_clone(NULL));
    assert_null(otel_log_record_clone(&r));
    otel_log_record_destroy(NULL);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_passed_later_is_whole),
                                       cmocka_unit_test(what_is_no_record_of_ours_is_not_cloned)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
