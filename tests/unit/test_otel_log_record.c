/* Records of lines in their other forms: text, with and without a priority before it, JSON bodies; and what the options
 * give to every record. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "otel-log/record.h"

static otel_attr given[] = {OTEL_STATIC_STR("k", "option"), OTEL_STATIC_STR("log.file.path", "option")};
static otel__options options;
static otel_logger default_logger = OTEL_LOGGER_INIT("otel-log", NULL);
static otel__records records;
static otel_log_record record;

static void begin(otel__options chosen)
{
    options = chosen;
    options.scope_name = "otel-log";
    assert_true(otel__records_init(&records, &options, &default_logger));
}

static int tear_down(void **state)
{
    (void)state;
    otel__records_release(&records);
    return 0;
}

static bool read_line(const char *line)
{
    otel_logger *logger;
    bool good = otel__records_read(&records, line, strlen(line), &record, &logger);
    assert_ptr_equal(logger, &default_logger);
    assert_true(good == !records.complaint);
    return good;
}

static bool is_text(const otel_value *value, const char *text)
{
    return value->type == OTEL_TYPE_STRING && value->size == strlen(text) &&
           memcmp(value->u.string, text, value->size) == 0;
}

/* The last one of that name counts. */
static const otel_value *find(const char *name)
{
    const otel_value *found = NULL;
    for (uint32_t i = 0; i < record.attribute_count; i++) {
        const otel_attr *attribute = &record.attributes[i];
        if (attribute->key && strlen(name) == attribute->key_size && !memcmp(attribute->key, name, attribute->key_size))
            found = &attribute->value;
    }
    return found;
}

static const otel_value *find_field(int type)
{
    const otel_value *found = NULL;
    for (uint32_t i = 0; i < record.attribute_count; i++) {
        if (record.attributes[i].key || record.attributes[i].value.type != type) continue;
        assert_null(found);
        found = &record.attributes[i].value;
    }
    return found;
}

static void test_text(void **state)
{
    (void)state;
    begin((otel__options){.severity = OTEL_SEVERITY_INFO});
    assert_true(read_line("<3>{\"not\":\"read\"}"));
    assert_true(is_text(&record.body, "<3>{\"not\":\"read\"}"));
    assert_int_equal(record.severity, OTEL_SEVERITY_INFO);
    assert_int_equal(record.attribute_count, 0);
    assert_true(record.time_unix_nano == 0);
    assert_null(record.site);
}

static void test_what_the_options_give(void **state)
{
    (void)state;
    begin((otel__options){.severity = OTEL_SEVERITY_WARN,
                          .time_unix_nano = 7,
                          .event = {"happened", 8},
                          .exception = {"T", NULL, "S"},
                          .attributes = given,
                          .attribute_count = 1});
    assert_true(read_line("text"));
    assert_int_equal(record.severity, OTEL_SEVERITY_WARN);
    assert_true(record.time_unix_nano == 7);
    assert_memory_equal(record.event_name.data, "happened", record.event_name.size);
    assert_true(is_text(find("k"), "option"));
    assert_int_equal(find_field(OTEL_TYPE_WITH_EXCEPTION_TYPE)->size, 1);
    assert_null(find_field(OTEL_TYPE_WITH_EXCEPTION_MESSAGE));
    assert_int_equal(*find_field(OTEL_TYPE_WITH_EXCEPTION_STACKTRACE)->u.string, 'S');
}

/* An object that names its own keeps it, whole. */
static void test_json_beats_what_the_options_give(void **state)
{
    (void)state;
    begin((otel__options){.form = OTEL__FORM_JSON, .time_unix_nano = 7, .exception = {"T", "M", "S"}});
    assert_true(read_line("{\"time\":8,\"exception\":{\"type\":\"own\"}}"));
    assert_true(record.time_unix_nano == 8);
    assert_int_equal(find_field(OTEL_TYPE_WITH_EXCEPTION_TYPE)->size, 3);
    assert_null(find_field(OTEL_TYPE_WITH_EXCEPTION_MESSAGE));
    assert_true(read_line("{}"));
    assert_true(record.time_unix_nano == 7);
    assert_int_equal(find_field(OTEL_TYPE_WITH_EXCEPTION_MESSAGE)->size, 1);
    assert_false(read_line("{\"exception\":1}"));
    assert_int_equal(find_field(OTEL_TYPE_WITH_EXCEPTION_TYPE)->size, 1);
    assert_int_equal(find("exception")->u.integer, 1);
}

static void test_prefixes(void **state)
{
    (void)state;
    begin((otel__options){.severity = OTEL_SEVERITY_INFO, .prio_prefix = true});
    assert_true(read_line("<3>disk full"));
    assert_true(is_text(&record.body, "disk full"));
    assert_int_equal(record.severity, OTEL_SEVERITY_ERROR);
    assert_memory_equal(record.severity_text.data, "err", record.severity_text.size);
    assert_null(find("syslog.facility"));
    assert_true(read_line("<30>daemon"));
    assert_int_equal(record.severity, OTEL_SEVERITY_INFO);
    assert_int_equal(find("syslog.facility")->u.integer, 3);
    assert_true(read_line("<33"));
    assert_true(is_text(&record.body, "<33"));
    assert_int_equal(record.severity, OTEL_SEVERITY_INFO);
    assert_null(find("syslog.facility"));
}

static void test_a_prefix_before_json(void **state)
{
    (void)state;
    begin((otel__options){.severity = OTEL_SEVERITY_INFO, .prio_prefix = true, .form = OTEL__FORM_JSON});
    assert_true(read_line("<2>{\"body\":1}"));
    assert_int_equal(record.severity, OTEL_SEVERITY_ERROR2);
    assert_int_equal(record.body.u.integer, 1);
    assert_true(read_line("<2>{\"severity\":\"debug\"}"));
    assert_int_equal(record.severity, OTEL_SEVERITY_DEBUG);
    assert_null(record.severity_text.data);
    assert_true(read_line("<2>{\"severity\":\"debug\",\"severity_text\":\"own\"}"));
    assert_memory_equal(record.severity_text.data, "own", record.severity_text.size);
    assert_false(read_line("<7>no json"));
    assert_null(record.severity_text.data);
    assert_int_equal(record.severity, OTEL_SEVERITY_WARN);
    assert_true(is_text(&record.body, "no json"));
}

static void test_json_bodies(void **state)
{
    (void)state;
    begin((otel__options){.severity = OTEL_SEVERITY_INFO, .form = OTEL__FORM_JSON_BODY});
    assert_true(read_line("{\"severity\":\"error\",\"n\":9007199254740993}"));
    assert_int_equal(record.body.type, OTEL_TYPE_MAP);
    assert_int_equal(record.body.size, 2);
    assert_true(record.body.u.attrs[1].value.u.integer == 9007199254740993);
    assert_int_equal(record.severity, OTEL_SEVERITY_INFO);
    assert_true(read_line(" \"text\" "));
    assert_true(is_text(&record.body, "text"));
    assert_true(read_line("null"));
    assert_int_equal(record.body.type, OTEL_TYPE_EMPTY);
    assert_true(read_line("1.0"));
    assert_int_equal(record.body.type, OTEL_TYPE_DOUBLE);
    assert_false(read_line("{\"a\":"));
    assert_true(is_text(&record.body, "{\"a\":"));
    assert_int_equal(record.severity, OTEL_SEVERITY_WARN);
    assert_false(read_line(""));
}

static void test_the_file_is_an_attribute(void **state)
{
    (void)state;
    begin((otel__options){.file_count = 1});
    otel__records_from(&records, "/var/log/a");
    assert_true(read_line("x"));
    assert_true(is_text(find("log.file.path"), "/var/log/a"));
    otel__records_from(&records, "/var/log/b");
    assert_true(read_line("x"));
    assert_true(is_text(find("log.file.path"), "/var/log/b"));
    otel__records_release(&records);
    begin((otel__options){.file_count = 1, .attributes = given, .attribute_count = 2});
    otel__records_from(&records, "/var/log/a");
    assert_true(read_line("x"));
    assert_true(is_text(find("log.file.path"), "option"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_text, tear_down),
        cmocka_unit_test_teardown(test_what_the_options_give, tear_down),
        cmocka_unit_test_teardown(test_json_beats_what_the_options_give, tear_down),
        cmocka_unit_test_teardown(test_prefixes, tear_down),
        cmocka_unit_test_teardown(test_a_prefix_before_json, tear_down),
        cmocka_unit_test_teardown(test_json_bodies, tear_down),
        cmocka_unit_test_teardown(test_the_file_is_an_attribute, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
