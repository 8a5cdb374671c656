/* All processors in one list, many threads, flushes in between: what one hands on is what the next one gets, and every
 * record is somewhere. */
#include "processor_fixture.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.together", NULL), lib = OTEL_LOGGER_INIT("lib.noise", NULL);

enum { THREADS = 4, EACH = 2000, FILTER = 0, ATTRIBUTES, RECORDER, DEDUPLICATOR, SAMPLER, LIMITER, ROUTER, ALL };

static void *log_each(void *unused)
{
    for (int i = 0; i < EACH; i++) {
        const otel_attr attributes[] = {OTEL_INT("i", i % 100), OTEL_STR("mail", "ada@x")};
        otel_severity severity = i % 100 == 99 ? OTEL_SEVERITY_ERROR
                                 : i % 3 == 0  ? OTEL_SEVERITY_INFO
                                               : OTEL_SEVERITY_DEBUG;
        otel_logger_log(i % 10 == 5 ? &lib : &logger, NULL, severity, otel_string("together"), attributes, 2);
    }
    return unused;
}

static otel_log_processor *router_to(otel_log_processor *errors, otel_log_processor *others)
{
    otel_log_processor *first[] = {errors}, *rest[] = {others};
    otel_route routes[] = {{.min_severity = OTEL_SEVERITY_ERROR, .processors = first, .processor_count = 1}};
    return otel_router_log_processor_new(
        &(otel_router_options){.routes = routes, .route_count = 1, .otherwise = rest, .otherwise_count = 1});
}

static void every_record_is_somewhere(void **unused)
{
    (void)unused;
    const char *const noise[] = {"lib.*"};
    const otel_attribute_rule rule = {.action = OTEL_RULE_REDACT, .text_pattern = "[a-z]+@"};
    otel_log_exporter *memory;
    scripted_log log = {0};
    pthread_t threads[THREADS];
    otel_log_processor *list[ALL] = {
        otel_filter_log_processor_new(&(otel_filter_options){.dropped_scopes = noise, .dropped_scope_count = 1}),
        otel_attributes_log_processor_new(&rule, 1),
        otel_recorder_log_processor_new(&(otel_recorder_options){.max_records = 50}),
        otel_deduplicator_log_processor_new(&(otel_deduplicator_options){0}),
        otel_sampler_log_processor_new(&(otel_sampler_options){.debug = 50, .per_second = 1e6}),
        otel_limiter_log_processor_new(&(otel_limiter_options){.info = 1, .debug = 1}),
        router_to(otel_batch_log_processor_new(SCRIPTED_OK(&log), &(otel_batch_options){.max_queue_size = 65536}),
                  remembering(&memory))};
    said_begin();
    otel_provider *p = provider_of(list, ALL);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_create(&threads[i], NULL, log_each, NULL), 0);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(otel_provider_flush(p, 60000), OTEL_OK);
        assert_books(p);
    }
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    assert_int_equal(otel_provider_flush(p, 60000), OTEL_OK);
    otel_books all;
    otel_processor_books b[ALL];
    for (int i = 0; i < ALL; i++) b[i] = books_of(list[i]);
    assert_true(otel_provider_books(p, &all));
    assert_int_equal(all.accepted, THREADS * EACH);
    assert_int_equal(b[FILTER].taken, all.accepted);
    assert_int_equal(b[FILTER].dropped_unwanted, THREADS * EACH / 10);
    for (int i = 1; i < ALL; i++) assert_int_equal(b[i].taken, b[i - 1].passed + b[i - 1].added);
    assert_true(b[DEDUPLICATOR].added > 0 && b[LIMITER].dropped_over_limit > 0 && b[RECORDER].dropped_evicted > 0);
    assert_true(b[SAMPLER].dropped_sampled_out > 0);
    assert_int_equal(b[ROUTER].passed, log.records + otel_memory_exporter_count(memory));
    for (size_t i = 0; i < otel_memory_exporter_count(memory); i++)
        assert_true(attr_is(otel_memory_exporter_at(memory, i), "mail", "***x"));
    assert_books(p);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    said_end();
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_record_is_somewhere)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
