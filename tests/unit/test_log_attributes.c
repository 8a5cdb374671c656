/* Attributes bound to a context or to a thread, and bodies made by printf beside attributes. */
#include "sdk_fixture.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.bound", NULL);
static otel_log_exporter *memory;
static otel_provider *provider;

static int begin(void **unused)
{
    (void)unused;
    memory = otel_memory_exporter_new();
    otel_log_processor *list[] = {otel_batch_log_processor_new(memory, NULL)}; /* alone: the short way is open */
    provider = provider_with(list, 1, (otel_options){.attribute_count_limit = 4, .code_location_off = 1});
    return provider && otel_provider_set_global(provider) == OTEL_OK ? 0 : -1;
}

static int end(void **unused)
{
    (void)unused;
    assert_books(provider);
    return otel_provider_stop(provider, 60000) == OTEL_OK ? 0 : -1;
}

static const otel_log_record *newest(void)
{
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
    size_t n = otel_memory_exporter_count(memory);
    assert_true(n > 0);
    return otel_memory_exporter_at(memory, n - 1);
}

static bool has(const char *key)
{
    otel_value value;
    return otel_log_record_get(newest(), key, &value);
}

static void bound_ones_are_on_every_record_until_unbind(void **unused)
{
    (void)unused;
    otel_log_binding binding;
    const otel_attr request[] = {OTEL_STR("request.id", "r-1"), OTEL_STR("user", "ann")};
    otel_log_bind(&binding, request, 2);
    OTEL_LOG_INFO(&logger, "in");
    assert_true(attr_is(newest(), "request.id", "r-1"));
    assert_true(attr_is(newest(), "user", "ann"));
    otel_log_record record = {.size = sizeof record, .body = otel_string("the full call")};
    otel_logger_emit(&logger, &record);
    assert_true(attr_is(newest(), "request.id", "r-1"));
    assert_true(otel_log_unbind(&binding));
    OTEL_LOG_INFO(&logger, "out");
    assert_false(has("request.id"));
}

static void the_record_wins_then_the_innermost(void **unused)
{
    (void)unused;
    otel_log_binding outer, inner;
    const otel_attr a[] = {OTEL_STR("k", "outer"), OTEL_STR("o", "outer")}, b[] = {OTEL_STR("k", "inner")};
    otel_log_bind(&outer, a, 2);
    otel_log_bind(&inner, b, 1);
    OTEL_LOG_INFO(&logger, "x");
    assert_true(attr_is(newest(), "k", "inner"));
    assert_true(attr_is(newest(), "o", "outer"));
    OTEL_LOG_INFO(&logger, "x", OTEL_STR("k", "own"));
    assert_true(attr_is(newest(), "k", "own"));
    assert_true(otel_log_unbind(&inner));
    OTEL_LOG_INFO(&logger, "x");
    assert_true(attr_is(newest(), "k", "outer"));
    assert_true(otel_log_unbind(&outer));
    assert_false(otel_log_unbind(&outer));
    assert_false(otel_log_unbind(NULL));
}

static void *log_elsewhere(void *unused)
{
    (void)unused;
    OTEL_LOG_INFO(&logger, "elsewhere");
    return NULL;
}

static void other_threads_have_none_of_it(void **unused)
{
    (void)unused;
    otel_log_binding binding;
    pthread_t thread;
    const otel_attr a[] = {OTEL_STR("k", "v")};
    otel_log_bind(&binding, a, 1);
    pthread_create(&thread, NULL, log_elsewhere, NULL);
    pthread_join(thread, NULL);
    assert_false(has("k"));
    assert_true(otel_log_unbind(&binding));
}

static void an_explicit_context_brings_its_own(void **unused)
{
    (void)unused;
    otel_log_binding binding;
    otel_log_attributes entry, second;
    const otel_attr mine[] = {OTEL_STR("k", "thread")}, request[] = {OTEL_STR("k", "request"), OTEL_INT("n", 1)};
    otel_context base = {.span_context = {.trace_id = {1}, .span_id = {2}}};
    otel_context context = otel_context_with_log_attributes(&base, &entry, request, 2);
    context = otel_context_with_log_attributes(&context, &second, NULL, 7);
    otel_log_bind(&binding, mine, 1);
    OTEL_LOG_INFO(&logger, "x", OTEL_WITH_CONTEXT(&context));
    assert_true(attr_is(newest(), "k", "request"));
    assert_int_equal(newest()->span_context.trace_id[0], 1);
    assert_true(otel_log_unbind(&binding));
    assert_null(otel_context_with_log_attributes(NULL, NULL, mine, 1).log_attributes);
}

static void binding_keeps_the_span_of_the_thread(void **unused)
{
    (void)unused;
    otel_context_token token;
    otel_log_binding binding;
    const otel_attr a[] = {OTEL_STR("k", "v")};
    otel_context_attach(&(otel_context){.span_context = {.trace_id = {7}, .span_id = {8}}}, &token);
    otel_log_bind(&binding, a, 1);
    OTEL_LOG_INFO(&logger, "x");
    assert_int_equal(newest()->span_context.trace_id[0], 7);
    assert_true(attr_is(newest(), "k", "v"));
    assert_true(otel_log_unbind(&binding));
    assert_true(otel_context_detach(&token));
}

static void bound_ones_come_behind_the_limit_of_own_ones(void **unused)
{
    (void)unused;
    otel_log_binding binding;
    const otel_attr a[] = {OTEL_STR("first", "bound"), OTEL_STR("second", "bound"), otel_attr_end(), OTEL_INT("n", 1)};
    otel_log_bind(&binding, a, 4);
    OTEL_LOG_INFO(&logger, "x", OTEL_INT("1", 1), OTEL_INT("2", 2), OTEL_INT("3", 3));
    assert_int_equal(newest()->attribute_count, 4);
    assert_int_equal(newest()->dropped_attribute_count, 1);
    assert_true(has("3"));
    assert_true(has("first"));
    assert_false(has("second"));
    assert_true(otel_log_unbind(&binding));
}

static void printf_and_attributes_in_one_call(void **unused)
{
    (void)unused;
    int evaluated = 0;
    OTEL_LOGF_ATTRS_WARN(&logger, OTEL_ATTRS(OTEL_STR("order.id", "A-17"), OTEL_INT("items", 3)), "took %d ms: %s", 12,
                         "slow");
    assert_true(text_is(&newest()->body, "took 12 ms: slow"));
    assert_true(attr_is(newest(), "order.id", "A-17"));
    assert_int_equal(newest()->severity, OTEL_SEVERITY_WARN);
    assert_int_equal(newest()->attribute_count, 2);
    assert_int_equal(otel_provider_set_log_levels(provider, "*=error"), OTEL_OK);
    OTEL_LOGF_ATTRS_WARN(&logger, OTEL_ATTRS(OTEL_INT("n", evaluated++)), "%s", "x");
    assert_int_equal(evaluated, 0);
    OTEL_LOGF_ATTRS_ERROR(&logger, OTEL_ATTRS(OTEL_INT("n", 1)), "no arguments");
    assert_true(text_is(&newest()->body, "no arguments"));
}

static void call_vlogf(const otel_attr *attributes, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    otel_logger_vlogf(&logger, NULL, OTEL_SEVERITY_INFO, attributes, format, arguments);
    va_end(arguments);
}

static void a_bridge_hands_on_a_va_list(void **unused)
{
    (void)unused;
    call_vlogf(OTEL_ATTRS(OTEL_STR("k", "v")), "%s-%d", "n", 1);
    assert_true(text_is(&newest()->body, "n-1"));
    assert_true(attr_is(newest(), "k", "v"));
    call_vlogf(NULL, "%c", 'x');
    assert_true(text_is(&newest()->body, "x"));
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bound_ones_are_on_every_record_until_unbind, begin, end),
        cmocka_unit_test_setup_teardown(the_record_wins_then_the_innermost, begin, end),
        cmocka_unit_test_setup_teardown(other_threads_have_none_of_it, begin, end),
        cmocka_unit_test_setup_teardown(an_explicit_context_brings_its_own, begin, end),
        cmocka_unit_test_setup_teardown(binding_keeps_the_span_of_the_thread, begin, end),
        cmocka_unit_test_setup_teardown(bound_ones_come_behind_the_limit_of_own_ones, begin, end),
        cmocka_unit_test_setup_teardown(printf_and_attributes_in_one_call, begin, end),
        cmocka_unit_test_setup_teardown(a_bridge_hands_on_a_va_list, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
