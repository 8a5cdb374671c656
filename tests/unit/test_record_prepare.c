/* What of a call arrives in the record: fields, limits, keys, exceptions, code.*, context. */
#include "sdk_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.prepare", "1.2");
static otel_log_exporter *memory;
static otel_provider *provider;

static int begin_with(otel_log_processor *processor)
{
    provider = provider_of(&processor, 1);
    return provider && otel_provider_set_global(provider) == OTEL_OK ? 0 : -1;
}

static int begin(void **unused)
{
    (void)unused;
    return begin_with(remembering(&memory));
}

/* The short way: a batch processor that stands alone takes what was given without preparing it, where it can. */
static int begin_short(void **unused)
{
    (void)unused;
    memory = otel_memory_exporter_new();
    return begin_with(otel_batch_log_processor_new(memory, NULL));
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

static size_t attributes_of(const otel_log_record *r)
{
    size_t n = 0;
    otel_attr a;
    for (otel_iter it = otel_log_record_attrs(r); otel_attr_next(&it, &a);) n++;
    return n;
}

static otel_context context_of(uint8_t id)
{
    otel_context c = {.span_context = {.flags = 1}};
    memset(c.span_context.trace_id, id, 16);
    memset(c.span_context.span_id, id, 8);
    return c;
}

static void the_last_of_a_key_counts(void **unused)
{
    (void)unused;
    otel_attr a[] = {OTEL_INT("a", 1), OTEL_INT("b", 2), OTEL_STR("a", "last"), OTEL_INT("b", 3)};
    otel_logger_log(&logger, NULL, OTEL_SEVERITY_INFO, otel_string("x"), a, 4);
    assert_int_equal(attributes_of(newest()), 2);
    assert_true(attr_is(newest(), "a", "last"));
    assert_int_equal(newest()->dropped_attribute_count, 0);
}

static void empty_keys_are_refused_and_counted(void **unused)
{
    (void)unused;
    otel_attr a[] = {OTEL_INT("", 1), otel_attrn(NULL, 0, otel_int(1)), OTEL_STR("k", "v"), OTEL_STR("e", ""),
                     OTEL_EMPTY("n")};
    otel_logger_log(&logger, NULL, OTEL_SEVERITY_INFO, otel_string("x"), a, 5);
    otel_value v;
    assert_int_equal(attributes_of(newest()), 3);
    assert_int_equal(newest()->dropped_attribute_count, 2);
    assert_true(otel_log_record_get(newest(), "e", &v) && v.type == OTEL_TYPE_STRING && v.size == 0);
    assert_true(otel_log_record_get(newest(), "n", &v) && v.type == OTEL_TYPE_EMPTY);
}

static void attributes_are_limited_to_128(void **unused)
{
    (void)unused;
    static char keys[140][8];
    otel_attr a[141];
    for (uint32_t i = 0; i < 140; i++) {
        snprintf(keys[i], sizeof keys[i], "k%u", i);
        a[i] = OTEL_INT(keys[i], i);
    }
    a[140] = OTEL_INT("k0", 99); /* no addition */
    otel_logger_log(&logger, NULL, OTEL_SEVERITY_INFO, otel_string("x"), a, 141);
    otel_value v;
    assert_int_equal(attributes_of(newest()), 128);
    assert_int_equal(newest()->dropped_attribute_count, 12);
    assert_true(otel_log_record_get(newest(), "k0", &v) && v.u.integer == 99);
    assert_true(otel_log_record_get(newest(), "k127", &v));
    assert_false(otel_log_record_get(newest(), "k128", &v));
}

static void fields_stand_among_the_attributes(void **unused)
{
    (void)unused;
    otel_context c = context_of(7);
    OTEL_LOG_INFO(&logger, "x", OTEL_WITH_CONTEXT(&c), OTEL_WITH_TIME(123), OTEL_WITH_OBSERVED_TIME(456),
                  OTEL_WITH_EVENT_NAME("order.placed"), OTEL_WITH_SEVERITY_TEXT("NOTICE"), OTEL_INT("n", 1));
    const otel_log_record *r = newest();
    assert_int_equal(r->time_unix_nano, 123);
    assert_int_equal(r->observed_time_unix_nano, 456);
    assert_memory_equal(r->event_name.data, "order.placed", r->event_name.size);
    assert_memory_equal(r->severity_text.data, "NOTICE", r->severity_text.size);
    assert_memory_equal(r->span_context.trace_id, c.span_context.trace_id, 16);
    assert_int_equal(r->dropped_attribute_count, 0);
    OTEL_LOG_INFO(&logger, "x", OTEL_WITH_SPAN_CONTEXT(&c.span_context), OTEL_WITH_EVENT_NAME(NULL),
                  OTEL_WITH_CONTEXT(NULL), OTEL_WITH_SEVERITY_TEXT(NULL), otel_attr_optional("absent", NULL),
                  otel_field(100, NULL));
    r = newest();
    assert_memory_equal(r->span_context.span_id, c.span_context.span_id, 8);
    assert_null(r->event_name.data);
    assert_memory_equal(r->severity_text.data, "INFO", 4);
    assert_int_equal(r->dropped_attribute_count, 0);
    assert_int_equal(attributes_of(r), 3); /* code.* alone */
}

static void which_context_counts(void **unused)
{
    (void)unused;
    otel_context attached = context_of(1), in_record = context_of(2), field = context_of(3), none = context_of(0);
    otel_span_context own = context_of(4).span_context;
    otel_context_token token;
    otel_log_record r = {.size = sizeof r, .severity = 9};
    otel_logger_emit(&logger, &r);
    assert_false(otel_span_context_valid(&newest()->span_context));
    otel_context_attach(&attached, &token);
    otel_logger_emit(&logger, &r);
    assert_int_equal(newest()->span_context.trace_id[0], 1);
    OTEL_LOG_INFO(&logger, "x");
    assert_int_equal(newest()->span_context.trace_id[0], 1);
    r.context = &in_record;
    otel_logger_emit(&logger, &r);
    assert_int_equal(newest()->span_context.trace_id[0], 2);
    r.span_context = own;
    otel_logger_emit(&logger, &r);
    assert_int_equal(newest()->span_context.trace_id[0], 4);
    otel_attr a[] = {OTEL_WITH_CONTEXT(&field)};
    r.attributes = a;
    r.attribute_count = 1;
    otel_logger_emit(&logger, &r);
    assert_int_equal(newest()->span_context.trace_id[0], 3); /* fields beat the record's own */
    OTEL_LOG_INFO(&logger, "x", OTEL_WITH_CONTEXT(&none));
    assert_false(otel_span_context_valid(&newest()->span_context));
    otel_context_detach(&token);
}

static void exceptions_never_overwrite(void **unused)
{
    (void)unused;
    OTEL_LOG_ERROR(&logger, "x", OTEL_EXCEPTION("Derived", "because", NULL), OTEL_STR("exception.type", "Given"));
    otel_value v;
    assert_true(attr_is(newest(), "exception.type", "Given"));
    assert_true(attr_is(newest(), "exception.message", "because"));
    assert_false(otel_log_record_get(newest(), "exception.stacktrace", &v));
    OTEL_LOG_ERROR(&logger, "x", OTEL_STR("exception.message", "mine"), OTEL_EXCEPTION("T", "M", "at x\nat y"));
    assert_true(attr_is(newest(), "exception.message", "mine"));
    assert_true(attr_is(newest(), "exception.type", "T"));
    assert_true(attr_is(newest(), "exception.stacktrace", "at x\nat y"));
}

static void code_is_recorded_and_can_be_overridden(void **unused)
{
    (void)unused;
    otel_value line;
    OTEL_LOG_INFO(&logger, "x");
    int32_t here = __LINE__ - 1;
    assert_true(attr_is(newest(), "code.function.name", "code_is_recorded_and_can_be_overridden"));
    assert_true(attr_is(newest(), "code.file.path", __FILE__));
    assert_true(otel_log_record_get(newest(), "code.line.number", &line));
    assert_int_equal(line.u.integer, here);
    OTEL_LOG_INFO(&logger, "x", OTEL_STR("code.function.name", "mine"), OTEL_STR("code.other", "y"));
    assert_true(attr_is(newest(), "code.function.name", "mine"));
    assert_true(attr_is(newest(), "code.file.path", __FILE__));
    assert_int_equal(attributes_of(newest()), 4);
    otel_logger_log(&logger, NULL, OTEL_SEVERITY_INFO, otel_string("x"), NULL, 0);
    assert_int_equal(attributes_of(newest()), 0);
}

static void what_a_site_does_not_know_is_not_there(void **unused)
{
    (void)unused;
    static const otel_log_site half = {.size = sizeof half, .file = "a.c", .line = 0};
    otel_attr a[] = {OTEL_INT("code.column.number", 3)};
    otel_value value;
    otel_logger_log(&logger, &half, OTEL_SEVERITY_INFO, otel_string("x"), a, 1);
    assert_true(attr_is(newest(), "code.file.path", "a.c"));
    assert_false(otel_log_record_get(newest(), "code.function.name", &value));
    assert_false(otel_log_record_get(newest(), "code.line.number", &value));
}

static void the_observed_time_is_made_up_the_time_is_not(void **unused)
{
    (void)unused;
    otel_log_record r = {.size = sizeof r};
    otel_logger_emit(&logger, &r);
    assert_int_equal(newest()->time_unix_nano, 0);
    assert_true(newest()->observed_time_unix_nano > UINT64_C(1600000000000000000));
    assert_int_equal(newest()->severity, 0);
    r.observed_time_unix_nano = 5;
    r.time_unix_nano = 4;
    otel_logger_emit(&logger, &r);
    assert_int_equal(newest()->observed_time_unix_nano, 5);
    assert_int_equal(newest()->time_unix_nano, 4);
}

static void bad_input_does_no_harm(void **unused)
{
    (void)unused;
    static const otel_severity severities[] = {-1, 25, INT32_MAX, INT32_MIN};
    size_t before = otel_memory_exporter_count(memory);
    for (int i = 0; i < 4; i++) otel_logger_log(&logger, NULL, severities[i], otel_empty(), NULL, 5);
    otel_log_record tiny = {.size = 0}, wrong = {.size = sizeof wrong, .attributes = NULL, .attribute_count = 9};
    otel_logger_emit(&logger, &tiny);
    otel_logger_emit(&logger, &wrong);
    otel_logger_emit(&logger, NULL);
    otel_logger_emit(NULL, &wrong);
    otel_logger_log(NULL, NULL, 9, otel_empty(), NULL, 0);
    otel_attr a[] = {OTEL_STRS("s", NULL, 3), OTEL_VALUE("v", otel_value_make(63, 5)), OTEL_BYTES("b", NULL, 9),
                     OTEL_STR("t", NULL)};
    otel_logger_log(&logger, NULL, 9, otel_value_make(200, 1), a, 4);
    newest();
    assert_int_equal(otel_memory_exporter_count(memory) - before, 7);
}

static void scope_and_resource_come_along(void **unused)
{
    (void)unused;
    OTEL_LOG_INFO(&logger, "x");
    otel_value name;
    assert_string_equal(newest()->scope->name, "test.prepare");
    assert_string_equal(newest()->scope->version, "1.2");
    assert_true(otel_resource_get(newest()->resource, "service.name", &name) && text_is(&name, "test"));
}

#define WITH(test)                                                                                                     \
    cmocka_unit_test_setup_teardown(test, begin, end), cmocka_unit_test_setup_teardown(test, begin_short, end)
int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {WITH(the_last_of_a_key_counts),
                                       WITH(empty_keys_are_refused_and_counted),
                                       WITH(attributes_are_limited_to_128),
                                       WITH(fields_stand_among_the_attributes),
                                       WITH(which_context_counts),
                                       WITH(exceptions_never_overwrite),
                                       WITH(code_is_recorded_and_can_be_overridden),
                                       WITH(what_a_site_does_not_know_is_not_there),
                                       WITH(the_observed_time_is_made_up_the_time_is_not),
                                       WITH(bad_input_does_no_harm),
                                       WITH(scope_and_resource_come_along)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
