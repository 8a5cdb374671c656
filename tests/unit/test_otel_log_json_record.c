/* JSON lines as records: every known key, what stands in for it, what is of the wrong kind, and that nothing is lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otel-log/record.h"

static otel_attr extra[1];
static otel__options options;
static otel_logger default_logger = OTEL_LOGGER_INIT("otel-log", NULL);
static otel__records records;
static otel_log_record record;
static otel_logger *logger;
static char *exact_copy;

static int set_up(void **state)
{
    (void)state;
    options = (otel__options){.severity = OTEL_SEVERITY_INFO, .scope_name = "otel-log", .form = OTEL__FORM_JSON};
    assert_true(otel__records_init(&records, &options, &default_logger));
    return 0;
}

/* After a change of the options. */
static void begin_again(void)
{
    otel__records_release(&records);
    assert_true(otel__records_init(&records, &options, &default_logger));
}

static int tear_down(void **state)
{
    (void)state;
    otel__records_release(&records);
    free(exact_copy);
    exact_copy = NULL;
    return 0;
}

/* A copy without a byte to spare, so that a sanitizer sees every look beyond it. */
static bool read_bytes(const char *line, size_t size)
{
    free(exact_copy);
    exact_copy = malloc(size ? size : 1);
    assert_non_null(exact_copy);
    memcpy(exact_copy, line, size);
    return otel__records_read(&records, exact_copy, size, &record, &logger);
}

static void good(const char *line)
{
    if (!read_bytes(line, strlen(line))) fail_msg("malformed: %s: %s", line, records.complaint);
}

static void malformed(const char *line, const char *words)
{
    if (read_bytes(line, strlen(line))) fail_msg("accepted: %s", line);
    if (!strstr(records.complaint, words)) fail_msg("%s: \"%s\" instead of \"%s\"", line, records.complaint, words);
}

static bool same(const char *text, size_t size, const char *expected)
{
    return strlen(expected) == size && (size == 0 || memcmp(text, expected, size) == 0);
}

static bool is_text(otel_value value, const char *text)
{
    return value.type == OTEL_TYPE_STRING && same(value.u.string, value.size, text);
}

/* The last one of that name counts. */
static const otel_value *find(const char *name)
{
    const otel_value *found = NULL;
    for (uint32_t i = 0; i < record.attribute_count; i++) {
        const otel_attr *attribute = &record.attributes[i];
        if (attribute->key && same(attribute->key, attribute->key_size, name)) found = &attribute->value;
    }
    return found;
}

static const otel_value *find_field(int type)
{
    for (uint32_t i = 0; i < record.attribute_count; i++) {
        if (!record.attributes[i].key && record.attributes[i].value.type == type) return &record.attributes[i].value;
    }
    return NULL;
}

static bool has_text(const char *name, const char *text)
{
    const otel_value *value = find(name);
    return value && is_text(*value, text);
}

static bool has_int(const char *name, int64_t number)
{
    const otel_value *value = find(name);
    return value && value->type == OTEL_TYPE_INT && value->u.integer == number;
}

static void test_an_empty_object_is_an_empty_record(void **state)
{
    (void)state;
    good("{}");
    assert_int_equal(record.size, sizeof record);
    assert_int_equal(record.severity, OTEL_SEVERITY_INFO);
    assert_int_equal(record.body.type, OTEL_TYPE_EMPTY);
    assert_int_equal(record.attribute_count, 0);
    assert_true(record.time_unix_nano == 0 && record.observed_time_unix_nano == 0);
    assert_null(record.severity_text.data);
    assert_null(record.event_name.data);
    assert_null(record.site);
    assert_ptr_equal(logger, &default_logger);
}

static void test_all_fields_at_once(void **state)
{
    (void)state;
    good("{\"time\":1764018351123456789,\"observed_time\":\"2025-11-24T21:05:52Z\",\"severity\":\"error2\","
         "\"severity_text\":\"Oops\",\"body\":\"text\",\"event\":\"shop.failed\",\"attributes\":{\"a\":1},"
         "\"exception\":{\"type\":\"T\",\"message\":\"M\",\"stacktrace\":\"S\"},"
         "\"trace_id\":\"0102030405060708090a0b0c0d0e0f10\",\"span_id\":\"0102030405060708\",\"trace_flags\":1,"
         "\"scope\":{\"name\":\"shop\",\"version\":\"2\"},\"loose\":true}");
    assert_true(record.time_unix_nano == 1764018351123456789u);
    assert_true(record.observed_time_unix_nano == 1764018352000000000u);
    assert_int_equal(record.severity, OTEL_SEVERITY_ERROR2);
    assert_true(same(record.severity_text.data, record.severity_text.size, "Oops"));
    assert_true(same(record.event_name.data, record.event_name.size, "shop.failed"));
    assert_true(is_text(record.body, "text"));
    assert_true(has_int("a", 1));
    assert_true(find("loose")->u.boolean);
    assert_true(is_text((otel_value){OTEL_TYPE_STRING,
                                     0,
                                     0,
                                     find_field(OTEL_TYPE_WITH_EXCEPTION_TYPE)->size,
                                     {find_field(OTEL_TYPE_WITH_EXCEPTION_TYPE)->u.string}},
                        "T"));
    assert_non_null(find_field(OTEL_TYPE_WITH_EXCEPTION_MESSAGE));
    assert_non_null(find_field(OTEL_TYPE_WITH_EXCEPTION_STACKTRACE));
    assert_int_equal(record.attribute_count, 5);
    assert_int_equal(record.span_context.trace_id[15], 0x10);
    assert_int_equal(record.span_context.span_id[7], 8);
    assert_int_equal(record.span_context.flags, 1);
    assert_string_equal(logger->scope.name, "shop");
    assert_string_equal(logger->scope.version, "2");
}

static void test_times(void **state)
{
    (void)state;
    good("{\"time\":\"1764018351123456789\"}");
    assert_true(record.time_unix_nano == 1764018351123456789u);
    good("{\"time\":18446744073709551615}");
    assert_true(record.time_unix_nano == UINT64_MAX);
    malformed("{\"time\":1.5}", "a time is");
    assert_true(record.time_unix_nano == 0);
    assert_int_equal(find("time")->type, OTEL_TYPE_DOUBLE);
    malformed("{\"time\":-1,\"body\":\"b\"}", "a time is");
    assert_true(has_int("time", -1) && is_text(record.body, "b"));
    malformed("{\"observed_time\":\"yesterday\"}", "a time is");
    assert_true(has_text("observed_time", "yesterday"));
    malformed("{\"time\":true}", "a time is");
}

static void test_severity_and_level(void **state)
{
    (void)state;
    options.severity = OTEL_SEVERITY_DEBUG;
    good("{}");
    assert_int_equal(record.severity, OTEL_SEVERITY_DEBUG);
    good("{\"severity\":0}");
    assert_int_equal(record.severity, 0);
    good("{\"severity\":17}");
    assert_null(record.severity_text.data); /* the SDK says ERROR */
    good("{\"severity\":18}");
    assert_true(record.severity_text.data && record.severity_text.size == 0); /* nobody said ERROR2 */
    good("{\"severity\":\"error2\"}");
    assert_null(record.severity_text.data);
    good("{\"severity\":\"24\"}");
    assert_int_equal(record.severity, 24);
    good("{\"level\":\"warn\"}");
    assert_int_equal(record.severity, OTEL_SEVERITY_WARN);
    assert_int_equal(record.attribute_count, 0);
    good("{\"level\":\"warn\",\"severity\":\"fatal\"}");
    assert_int_equal(record.severity, OTEL_SEVERITY_FATAL);
    assert_true(has_text("level", "warn"));
    good("{\"level\":\"Warning\"}"); /* what most loggers call it; the text stays theirs */
    assert_int_equal(record.severity, OTEL_SEVERITY_WARN);
    assert_true(same(record.severity_text.data, record.severity_text.size, "Warning"));
    good("{\"severity\":\"CRITICAL\"}");
    assert_int_equal(record.severity, OTEL_SEVERITY_FATAL);
    good("{\"level\":\"warning\",\"severity_text\":\"W\"}");
    assert_true(same(record.severity_text.data, record.severity_text.size, "W"));
    good("{\"level\":\"warn\",\"severity\":null}");
    assert_int_equal(record.severity, OTEL_SEVERITY_WARN);
    malformed("{\"severity\":\"loud\",\"level\":1}", "severity");
    assert_true(has_text("severity", "loud") && has_int("level", 1));
    assert_int_equal(record.severity, OTEL_SEVERITY_DEBUG);
    malformed("{\"severity\":25}", "severity");
    malformed("{\"severity\":-1}", "severity");
    malformed("{\"severity\":9.0}", "severity");
    malformed("{\"level\":[9]}", "severity");
    assert_int_equal(find("level")->type, OTEL_TYPE_ARRAY);
    malformed("{\"severity_text\":9}", "severity_text");
    assert_true(has_int("severity_text", 9));
}

static void test_bodies(void **state)
{
    (void)state;
    good("{\"body\":{\"a\":[1,{}]}}");
    assert_int_equal(record.body.type, OTEL_TYPE_MAP);
    assert_int_equal(record.body.u.attrs[0].value.u.values[0].u.integer, 1);
    good("{\"body\":9007199254740993}");
    assert_true(record.body.type == OTEL_TYPE_INT && record.body.u.integer == 9007199254740993);
    good("{\"message\":\"m\",\"msg\":\"n\"}");
    assert_true(is_text(record.body, "m") && has_text("msg", "n"));
    assert_int_equal(record.attribute_count, 1);
    good("{\"msg\":\"n\"}");
    assert_true(is_text(record.body, "n"));
    good("{\"message\":\"m\",\"msg\":\"n\",\"body\":\"b\"}");
    assert_true(is_text(record.body, "b") && has_text("message", "m") && has_text("msg", "n"));
    good("{\"message\":\"m\",\"body\":null}");
    assert_true(record.body.type == OTEL_TYPE_EMPTY && has_text("message", "m"));
    good("{\"body\":\"a\\u0000b\"}");
    assert_int_equal(record.body.size, 3);
    good("{\"body\":1,\"body\":2}");
    assert_int_equal(record.body.u.integer, 2);
}

static void test_numbers(void **state)
{
    (void)state;
    good("{\"a\":9223372036854775807,\"b\":-9223372036854775808,\"c\":9223372036854775808,\"d\":1.0,\"e\":1e2,\"f\":-"
         "0}");
    assert_true(has_int("a", INT64_MAX) && has_int("b", INT64_MIN) && has_int("f", 0));
    assert_int_equal(find("c")->type, OTEL_TYPE_DOUBLE);
    assert_int_equal(find("d")->type, OTEL_TYPE_DOUBLE);
    assert_int_equal(find("e")->type, OTEL_TYPE_DOUBLE);
}

static void test_who_beats_whom_among_attributes(void **state)
{
    (void)state;
    extra[0] = OTEL_STR("k", "option");
    good("{\"attributes\":{\"k\":\"inside\"},\"k\":\"loose\"}");
    assert_true(has_text("k", "inside"));
    options.attributes = extra;
    options.attribute_count = 1;
    begin_again();
    good("{\"attributes\":{\"k\":\"inside\"},\"k\":\"loose\"}");
    assert_true(has_text("k", "option"));
    assert_int_equal(record.attribute_count, 3);
    malformed("{\"attributes\":[1]}", "attributes");
    assert_int_equal(find("attributes")->type, OTEL_TYPE_ARRAY);
    good("{\"attributes\":null,\"\":1}");
    assert_int_equal(record.attribute_count, 2);
    malformed("{\"attributes\":{\"severity\":\"inside\"},\"severity\":\"loud\"}", "severity");
    assert_true(has_text("severity", "inside"));
}

static void test_events(void **state)
{
    (void)state;
    options.event = (otel_str){"given", 5};
    good("{}");
    assert_true(same(record.event_name.data, record.event_name.size, "given"));
    good("{\"event\":\"own\"}");
    assert_true(same(record.event_name.data, record.event_name.size, "own"));
    malformed("{\"event\":{}}", "event");
    assert_int_equal(find("event")->type, OTEL_TYPE_MAP);
    assert_true(same(record.event_name.data, record.event_name.size, "given"));
}

static void test_exceptions(void **state)
{
    (void)state;
    good("{\"exception\":{\"message\":\"M\",\"type\":null}}");
    assert_int_equal(record.attribute_count, 1);
    assert_non_null(find_field(OTEL_TYPE_WITH_EXCEPTION_MESSAGE));
    good("{\"exception\":null}");
    assert_int_equal(record.attribute_count, 0);
    static const char *const wrong[] = {"{\"exception\":\"boom\"}", "{\"exception\":{\"type\":1}}",
                                        "{\"exception\":{\"type\":\"T\",\"more\":\"x\"}}", "{\"exception\":[]}"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        malformed(wrong[i], "exception");
        assert_int_equal(record.attribute_count, 1);
        assert_non_null(find("exception"));
    }
}

#define TRACE "\"trace_id\":\"0102030405060708090A0b0c0d0e0f10\""
#define SPAN "\"span_id\":\"0102030405060708\""

static void test_span_contexts(void **state)
{
    (void)state;
    good("{" TRACE "," SPAN ",\"trace_flags\":\"fF\"}");
    assert_true(otel_span_context_valid(&record.span_context));
    assert_int_equal(record.span_context.flags, 255);
    assert_int_equal(record.attribute_count, 0);
    good("{" TRACE ",\"span_id\":null,\"trace_flags\":1}"); /* of a trace, and of no span that is known */
    assert_int_equal(record.span_context.trace_id[15], 0x10);
    assert_int_equal(record.span_context.flags, 1);
    assert_int_equal(record.attribute_count, 0);
    good("{" SPAN "}"); /* half an identity: nothing is lost */
    assert_true(has_text("span_id", "0102030405060708"));
    good("{" SPAN ",\"trace_id\":null}");
    malformed("{" SPAN ",\"trace_id\":\"00000000000000000000000000000000\"}", "trace_id");
    assert_true(has_text("span_id", "0102030405060708") && find("trace_id") != NULL);
    assert_false(otel_span_context_valid(&record.span_context));
    malformed("{" TRACE ",\"span_id\":7}", "span_id");
    assert_true(has_int("span_id", 7) && find("trace_id") != NULL);
    static const char *const flags[] = {"256", "-1", "1.0", "\"1\"", "\"0g\"", "\"001\"", "{}", "true"};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        char line[200];
        snprintf(line, sizeof line, "{" TRACE "," SPAN ",\"trace_flags\":%s}", flags[i]);
        malformed(line, "trace_flags");
        assert_true(otel_span_context_valid(&record.span_context));
        assert_int_equal(record.span_context.flags, 0);
        assert_int_equal(record.attribute_count, 1);
        assert_non_null(find("trace_flags"));
    }
}

static void test_what_is_no_object_is_a_warning(void **state)
{
    (void)state;
    static const char *const lines[] = {"plain text", "", "[1]", "\"text\"", "7", "null", "{\"a\":1", "{\"a\":1} x"};
    options.attributes = extra;
    options.attribute_count = 1;
    begin_again();
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        malformed(lines[i], "");
        assert_true(is_text(record.body, lines[i]));
        assert_int_equal(record.severity, OTEL_SEVERITY_WARN);
        assert_int_equal(record.attribute_count, 1);
        assert_ptr_equal(logger, &default_logger);
    }
    assert_false(read_bytes("{\"a\":\"\xFF\0\"}", 10));
    assert_int_equal(record.body.size, 10);
}

static void test_too_much_for_memory_is_a_warning(void **state)
{
    (void)state;
    size_t size = 8 << 20;
    char *line = malloc(size);
    assert_non_null(line);
    memset(line, '[', size);
    for (size_t i = 6; i + 1 < size; i += 2) memcpy(line + i, "0,", 2);
    memcpy(line, "{\"a\":[", 6);
    memcpy(line + size - 3, "0]}", 3);
    assert_false(read_bytes(line, size));
    assert_int_equal(record.body.size, size);
    free(line);
    good("{\"a\":1}");
}

static void test_scopes_are_interned_by_content(void **state)
{
    (void)state;
    good("{\"scope\":{\"name\":\"n\",\"version\":\"1\",\"schema_url\":\"u\",\"attributes\":{\"a\":[1,\"x\\n\"]}}}");
    otel_logger *first = logger;
    assert_string_equal(first->scope.schema_url, "u");
    assert_int_equal(first->scope.attribute_count, 1);
    good("{\"scope\":{\"name\":\"n\",\"version\":\"2\"}}");
    assert_ptr_not_equal(logger, first);
    good("{\"scope\":{\"version\":\"1\"}}");
    assert_string_equal(logger->scope.name, "otel-log");
    good("{ \"scope\" : {\"name\":\"n\",\"version\":\"1\",\"schema_url\":\"u\",\"attributes\":{\"a\":[1,\"x\\n\"]}}}");
    assert_ptr_equal(logger, first);
    memset(exact_copy, 'X', 20); /* what is kept does not live in the line */
    assert_string_equal(first->scope.name, "n");
    assert_memory_equal(first->scope.attributes[0].key, "a", 1);
    assert_memory_equal(first->scope.attributes[0].value.u.values[1].u.string, "x\n", 2);
    good("{\"scope\":null}");
    assert_ptr_equal(logger, &default_logger);
    good("{\"scope\":{\"name\":null,\"version\":\"\",\"attributes\":null}}");
    assert_string_equal(logger->scope.name, "otel-log");
    assert_null(logger->scope.version);
}

static void test_wrong_scopes_are_attributes(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "\"n\"",           "[]", "{\"name\":1}", "{\"more\":\"x\"}", "{\"name\":\"a\\u0000b\"}", "{\"attributes\":[1]}",
        "{\"version\":{}}"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char line[100];
        snprintf(line, sizeof line, "{\"scope\":%s}", wrong[i]);
        malformed(line, "scope");
        assert_non_null(find("scope"));
        assert_ptr_equal(logger, &default_logger);
    }
}

static void test_more_scopes_than_room(void **state)
{
    (void)state;
    char line[100];
    otel_logger *first = NULL;
    for (int i = 0; i < OTEL__MAX_SCOPES; i++) {
        snprintf(line, sizeof line, "{\"scope\":{\"name\":\"n%d\"}}", i);
        good(line);
        assert_ptr_not_equal(logger, &default_logger);
        if (i == 0) first = logger;
    }
    good("{\"scope\":{\"name\":\"beyond\",\"version\":\"3\",\"schema_url\":null,\"attributes\":{\"k\":1}}}");
    assert_ptr_equal(logger, &default_logger);
    assert_true(has_text("otel.scope.name", "beyond") && has_text("otel.scope.version", "3"));
    assert_int_equal(find("otel.scope.attributes")->type, OTEL_TYPE_MAP);
    assert_int_equal(record.attribute_count, 3);
    good("{\"scope\":{\"name\":\"n0\"}}");
    assert_ptr_equal(logger, first);
}

static void test_a_huge_scope_is_not_kept(void **state)
{
    (void)state;
    size_t size = 70000;
    char *line = malloc(size + 40);
    assert_non_null(line);
    int start = sprintf(line, "{\"scope\":{\"name\":\"");
    memset(line + start, 'n', size);
    strcpy(line + start + (int)size, "\"}}");
    good(line);
    assert_ptr_equal(logger, &default_logger);
    assert_int_equal(find("otel.scope.name")->size, size);
    free(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_an_empty_object_is_an_empty_record, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_all_fields_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_times, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_severity_and_level, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bodies, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_numbers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_who_beats_whom_among_attributes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_events, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_exceptions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_span_contexts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_no_object_is_a_warning, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_too_much_for_memory_is_a_warning, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_scopes_are_interned_by_content, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_wrong_scopes_are_attributes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_more_scopes_than_room, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_huge_scope_is_not_kept, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
