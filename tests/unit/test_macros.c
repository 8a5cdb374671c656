/* What the macros of the headers expand to. */
#define OTEL_LOG_MIN_SEVERITY OTEL_SEVERITY_DEBUG
#define OTEL_FILE "renamed.c"
#include "sdk_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const otel_attr scope_attributes[] = {OTEL_STATIC_STR("team", "payments")};
static otel_logger logger = OTEL_LOGGER_INIT_SCOPE("test.macros", "1", "http://schema/1.0.0", scope_attributes, 1);
static otel_log_exporter *memory;
static otel_provider *provider;

static int begin(void **unused)
{
    (void)unused;
    otel_log_processor *list[] = {remembering(&memory)};
    provider = provider_of(list, 1);
    return provider && otel_provider_set_global(provider) == OTEL_OK ? 0 : -1;
}

static int end(void **unused)
{
    (void)unused;
    return otel_provider_stop(provider, 60000) == OTEL_OK ? 0 : -1;
}

static const otel_log_record *at(size_t nth)
{
    const otel_log_record *r = otel_memory_exporter_at(memory, nth);
    assert_non_null(r);
    return r;
}

static void each_level_has_its_macro(void **unused)
{
    (void)unused;
    OTEL_LOG_TRACE(&logger, "compiled out");
    OTEL_LOGF_TRACE(&logger, "compiled out %d", 1);
    OTEL_LOG_DEBUG(&logger, "x");
    OTEL_LOG_INFO(&logger, "x");
    OTEL_LOG_WARN(&logger, "x");
    OTEL_LOG_ERROR(&logger, "x");
    OTEL_LOG_FATAL(&logger, "x");
    OTEL_LOGF_DEBUG(&logger, "%d", 1);
    OTEL_LOGF_INFO(&logger, "%d", 1);
    OTEL_LOGF_WARN(&logger, "%d", 1);
    OTEL_LOGF_ERROR(&logger, "%d", 1);
    OTEL_LOGF_FATAL(&logger, "%d", 1);
    OTEL_LOG(&logger, OTEL_SEVERITY_UNSPECIFIED, "0 passes every minimum");
    OTEL_LOG(&logger, OTEL_SEVERITY_TRACE4, "compiled out");
    static const otel_severity expected[] = {5, 9, 13, 17, 21, 5, 9, 13, 17, 21, 0};
    assert_int_equal(otel_memory_exporter_count(memory), 11);
    for (size_t i = 0; i < 11; i++) assert_int_equal(at(i)->severity, expected[i]);
}

static void a_macro_is_one_statement(void **unused)
{
    (void)unused;
    if (memory)
        OTEL_LOG_INFO(&logger, "yes");
    else
        OTEL_LOG_INFO(&logger, "no");
    for (int i = 0; i < 2; i++) OTEL_LOGF_INFO(&logger, "%d", i);
    assert_int_equal(otel_memory_exporter_count(memory), 3);
}

static void the_text_is_no_format(void **unused)
{
    (void)unused;
    OTEL_LOG_INFO(&logger, "100%s %n");
    assert_true(text_is(&at(0)->body, "100%s %n"));
    OTEL_LOG_INFO(&logger, NULL);
    assert_int_equal(at(1)->body.type, OTEL_TYPE_EMPTY);
}

static void every_kind_of_attribute(void **unused)
{
    (void)unused;
    static const int64_t ints[] = {1, -2};
    static const double doubles[] = {0.5};
    static const bool bools[] = {true, false};
    static const char *const strings[] = {"a", NULL, "c"};
    size_t n = 7;
    OTEL_LOG_INFO(&logger, "x", OTEL_STR("s", "t"), OTEL_STRN("sn", "truncated", 5), OTEL_INT("i", -3),
                  OTEL_INT("n", n), OTEL_DOUBLE("d", 1.5), OTEL_BOOL("b", 2), OTEL_BYTES("y", "\0\1", 2),
                  OTEL_EMPTY("e"), OTEL_INTS("is", ints, 2), OTEL_DOUBLES("ds", doubles, 1), OTEL_BOOLS("bs", bools, 2),
                  OTEL_STRS("ss", strings, 3), OTEL_ARRAY("a", otel_int(1), otel_string("z")),
                  OTEL_MAP("m", OTEL_STR("k", "v"), OTEL_INT("w", 9)), OTEL_ARRAY("a0"), OTEL_MAP("m0"));
    otel_value v, item;
    otel_attr entry;
    assert_true(attr_is(at(0), "s", "t") && attr_is(at(0), "sn", "trunc"));
    assert_true(otel_log_record_get(at(0), "i", &v) && v.u.integer == -3);
    assert_true(otel_log_record_get(at(0), "n", &v) && v.u.integer == 7);
    assert_true(otel_log_record_get(at(0), "d", &v) && v.u.number == 1.5);
    assert_true(otel_log_record_get(at(0), "b", &v) && v.type == OTEL_TYPE_BOOL && v.u.boolean);
    assert_true(otel_log_record_get(at(0), "y", &v) && v.type == OTEL_TYPE_BYTES && v.size == 2);
    assert_true(otel_log_record_get(at(0), "e", &v) && v.type == OTEL_TYPE_EMPTY);
    static const char *const arrays[] = {"is", "ds", "bs", "ss", "a", "a0"};
    static const int lengths[] = {2, 1, 2, 3, 2, 0};
    for (size_t i = 0; i < 6; i++) {
        int count = 0;
        assert_true(otel_log_record_get(at(0), arrays[i], &v));
        for (otel_iter it = otel_value_items(&v); otel_value_next(&it, &item);) count++;
        assert_int_equal(count, lengths[i]);
    }
    assert_true(otel_log_record_get(at(0), "m", &v));
    otel_iter it = otel_value_entries(&v);
    assert_true(otel_attr_next(&it, &entry) && entry.key_size == 1 && entry.key[0] == 'k');
    assert_true(otel_log_record_get(at(0), "m0", &v) && v.type == OTEL_TYPE_MAP);
}

static void values_and_events(void **unused)
{
    (void)unused;
    OTEL_LOG_VALUE(&logger, OTEL_SEVERITY_INFO, otel_int(5), OTEL_INT("n", 1));
    OTEL_EVENT(&logger, OTEL_SEVERITY_INFO, "order.placed");
    OTEL_EVENT(&logger, OTEL_SEVERITY_INFO, "order.placed", OTEL_INT("n", 1));
    assert_true(at(0)->body.type == OTEL_TYPE_INT && at(0)->body.u.integer == 5);
    assert_int_equal(at(1)->body.type, OTEL_TYPE_EMPTY);
    assert_memory_equal(at(2)->event_name.data, "order.placed", 12);
    assert_true(attr_is(at(1), "code.file.path", "renamed.c"));
}

static void a_scope_holds_what_the_initialiser_says(void **unused)
{
    (void)unused;
    OTEL_LOG_INFO(&logger, "x");
    const otel_scope *s = at(0)->scope;
    assert_string_equal(s->schema_url, "http://schema/1.0.0");
    assert_int_equal(s->attribute_count, 1);
    assert_true(text_is(&s->attributes[0].value, "payments"));
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, begin, end)
int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {WITH(each_level_has_its_macro), WITH(a_macro_is_one_statement),
                                       WITH(the_text_is_no_format),    WITH(every_kind_of_attribute),
                                       WITH(values_and_events),        WITH(a_scope_holds_what_the_initialiser_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
