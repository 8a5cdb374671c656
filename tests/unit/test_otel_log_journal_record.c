/* Entries of the journal as records: fields with a name in the semantic conventions, all others, and their odd forms.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "otel-log/record.h"

static otel_attr given[] = {OTEL_STATIC_STR("host.name", "option")};
static otel__options options;
static otel_logger default_logger = OTEL_LOGGER_INIT("otel-log", NULL);
static otel__records records;
static otel_log_record record;
static char *exact_copy;

static int set_up(void **state)
{
    (void)state;
    options = (otel__options){.severity = OTEL_SEVERITY_INFO, .scope_name = "otel-log", .form = OTEL__FORM_JOURNAL};
    return otel__records_init(&records, &options, &default_logger) ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    otel__records_release(&records);
    free(exact_copy);
    exact_copy = NULL;
    return 0;
}

static bool read_entry(const char *line)
{
    otel_logger *logger;
    size_t size = strlen(line);
    free(exact_copy);
    exact_copy = malloc(size ? size : 1);
    assert_non_null(exact_copy);
    memcpy(exact_copy, line, size);
    bool good = otel__records_read(&records, exact_copy, size, &record, &logger);
    assert_ptr_equal(logger, &default_logger);
    return good;
}

static bool is_text(const otel_value *value, const char *text)
{
    return value && value->type == OTEL_TYPE_STRING && value->size == strlen(text) &&
           memcmp(value->u.string, text, value->size) == 0;
}

/* The last one of that name counts. */
static const otel_value *find(const char *name)
{
    const otel_value *found = NULL;
    for (uint32_t i = 0; i < record.attribute_count; i++) {
        const otel_attr *attribute = &record.attributes[i];
        if (strlen(name) == attribute->key_size && !memcmp(attribute->key, name, attribute->key_size))
            found = &attribute->value;
    }
    return found;
}

static bool has_int(const char *name, int64_t number)
{
    const otel_value *value = find(name);
    return value && value->type == OTEL_TYPE_INT && value->u.integer == number;
}

static void test_an_entry(void **state)
{
    (void)state;
    assert_true(read_entry("{\"__CURSOR\":\"s=1;i=2\",\"__REALTIME_TIMESTAMP\":\"1764018351123456\",\"PRIORITY\":\"3\","
                           "\"MESSAGE\":\"disk full\",\"CODE_FILE\":\"src/disk.c\",\"CODE_LINE\":\"42\","
                           "\"CODE_FUNC\":\"check\",\"SYSLOG_FACILITY\":\"3\",\"SYSLOG_PID\":\"77\",\"_PID\":\"78\","
                           "\"_EXE\":\"/usr/bin/diskd\",\"_COMM\":\"diskd\",\"_CMDLINE\":\"diskd -v\","
                           "\"_HOSTNAME\":\"h\",\"_MACHINE_ID\":\"abc\",\"SYSLOG_IDENTIFIER\":\"disk\","
                           "\"_SYSTEMD_UNIT\":\"diskd.service\",\"FREE\":\"0\"}"));
    assert_true(record.time_unix_nano == 1764018351123456000u);
    assert_true(record.observed_time_unix_nano == 0);
    assert_int_equal(record.severity, OTEL_SEVERITY_ERROR);
    assert_memory_equal(record.severity_text.data, "err", record.severity_text.size);
    assert_true(is_text(&record.body, "disk full"));
    assert_true(is_text(find("code.file.path"), "src/disk.c"));
    assert_true(has_int("code.line.number", 42));
    assert_true(is_text(find("code.function.name"), "check"));
    assert_true(has_int("syslog.facility", 3));
    assert_true(is_text(find("syslog.procid"), "77"));
    assert_true(has_int("process.pid", 78));
    assert_true(is_text(find("process.executable.path"), "/usr/bin/diskd"));
    assert_true(is_text(find("process.executable.name"), "diskd"));
    assert_true(is_text(find("process.command_line"), "diskd -v"));
    assert_true(is_text(find("host.name"), "h"));
    assert_true(is_text(find("host.id"), "abc"));
    assert_true(is_text(find("syslog.appname"), "disk"));
    assert_true(is_text(find("journal._SYSTEMD_UNIT"), "diskd.service"));
    assert_true(is_text(find("journal.FREE"), "0"));
    assert_true(is_text(find("journal.__CURSOR"), "s=1;i=2"));
    assert_int_equal(record.attribute_count, 15);
}

static void test_priorities(void **state)
{
    (void)state;
    static const int severities[] = {21, 19, 18, 17, 13, 10, 9, 5};
    for (unsigned level = 0; level < 8; level++) {
        char line[] = "{\"PRIORITY\":\"0\"}";
        line[13] = (char)('0' + level);
        assert_true(read_entry(line));
        assert_int_equal(record.severity, severities[level]);
    }
    assert_true(read_entry("{}"));
    assert_int_equal(record.severity, OTEL_SEVERITY_INFO);
    static const char *const wrong[] = {"\"8\"", "\"\"", "\"-1\"", "\"err\"", "null", "[\"3\"]", "8", "\"3 \""};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char line[64] = "{\"PRIORITY\":";
        strcat(strcat(line, wrong[i]), "}");
        if (read_entry(line)) fail_msg("accepted: %s", line);
        assert_non_null(strstr(records.complaint, "PRIORITY"));
        assert_int_equal(record.severity, OTEL_SEVERITY_INFO);
        assert_non_null(find("journal.PRIORITY"));
    }
}

static void test_messages(void **state)
{
    (void)state;
    assert_true(read_entry("{\"MESSAGE\":[27,91,51,49,109,104,105]}"));
    assert_true(is_text(&record.body, "\033[31mhi"));
    assert_true(read_entry("{\"MESSAGE\":[255,0]}"));
    assert_int_equal(record.body.size, 2);
    assert_memory_equal(record.body.u.string, "\xFF\0", 2);
    assert_true(read_entry("{\"MESSAGE\":null}"));
    assert_int_equal(record.body.type, OTEL_TYPE_EMPTY);
    assert_true(read_entry("{\"MESSAGE\":[\"one\",[116,0],null]}"));
    assert_int_equal(record.body.type, OTEL_TYPE_ARRAY);
    assert_int_equal(record.body.size, 3);
    assert_true(is_text(&record.body.u.values[0], "one"));
    assert_int_equal(record.body.u.values[1].size, 2);
    assert_int_equal(record.body.u.values[2].type, OTEL_TYPE_EMPTY);
    assert_true(read_entry("{\"MESSAGE\":[256]}")); /* no byte: an array of numbers, whoever wrote it */
    assert_int_equal(record.body.type, OTEL_TYPE_ARRAY);
    assert_true(read_entry("{\"MESSAGE\":[]}"));
    assert_int_equal(record.body.type, OTEL_TYPE_ARRAY);
}

static void test_odd_fields(void **state)
{
    (void)state;
    assert_true(read_entry("{\"OBJECT\":[\"a\",\"b\"],\"LONG\":null,\"RAW\":[1,2],\"_PID\":\"self\",\"\":\"x\","
                           "\"CODE_LINE\":[\"1\",\"2\"],\"SYSLOG_FACILITY\":\"99999999999999999999\"}"));
    assert_int_equal(find("journal.OBJECT")->type, OTEL_TYPE_ARRAY);
    assert_int_equal(find("journal.LONG")->type, OTEL_TYPE_EMPTY);
    assert_int_equal(find("journal.RAW")->size, 2);
    assert_true(is_text(find("journal._PID"), "self"));
    assert_null(find("process.pid"));
    assert_int_equal(find("journal.CODE_LINE")->size, 2);
    assert_true(is_text(find("journal.SYSLOG_FACILITY"), "99999999999999999999"));
    assert_true(is_text(find("journal."), "x"));
}

static void test_times(void **state)
{
    (void)state;
    assert_true(read_entry("{\"__REALTIME_TIMESTAMP\":\"18446744073709551\"}"));
    assert_true(record.time_unix_nano == 18446744073709551000u);
    assert_false(read_entry("{\"__REALTIME_TIMESTAMP\":\"18446744073709552\"}"));
    assert_true(is_text(find("journal.__REALTIME_TIMESTAMP"), "18446744073709552"));
    assert_true(record.time_unix_nano == 0);
    assert_false(read_entry("{\"__REALTIME_TIMESTAMP\":\"now\"}"));
    assert_true(read_entry("{\"__REALTIME_TIMESTAMP\":7}"));
    assert_true(record.time_unix_nano == 7000);
}

static void test_span_contexts(void **state)
{
    (void)state;
    assert_true(read_entry("{\"TRACE_ID\":\"0102030405060708090a0b0c0d0e0f10\",\"SPAN_ID\":\"0102030405060708\","
                           "\"TRACE_FLAGS\":\"01\"}"));
    assert_int_equal(record.span_context.trace_id[15], 16);
    assert_int_equal(record.span_context.span_id[7], 8);
    assert_int_equal(record.span_context.flags, 1);
    assert_int_equal(record.attribute_count, 0);
    assert_true(read_entry("{\"TRACE_ID\":\"ours\",\"SPAN_ID\":\"0102030405060708\"}"));
    assert_true(is_text(find("journal.TRACE_ID"), "ours"));
    assert_true(is_text(find("journal.SPAN_ID"), "0102030405060708"));
    assert_int_equal(record.span_context.span_id[7], 0);
}

static void test_options_beat_the_journal(void **state)
{
    (void)state;
    otel__records_release(&records);
    options.attributes = given;
    options.attribute_count = 1;
    options.time_unix_nano = 9;
    assert_true(otel__records_init(&records, &options, &default_logger));
    assert_true(read_entry("{\"_HOSTNAME\":\"h\",\"__REALTIME_TIMESTAMP\":\"1\"}"));
    assert_true(is_text(find("host.name"), "option"));
    assert_true(record.time_unix_nano == 1000);
    assert_true(read_entry("{}"));
    assert_true(record.time_unix_nano == 9);
}

static void test_what_is_no_entry_is_a_warning(void **state)
{
    (void)state;
    static const char *const lines[] = {"-- No entries --", "", "[1]", "\"text\"", "{\"MESSAGE\":"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        assert_false(read_entry(lines[i]));
        assert_true(is_text(&record.body, lines[i]));
        assert_int_equal(record.severity, OTEL_SEVERITY_WARN);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_an_entry, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_priorities, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_messages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_odd_fields, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_times, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_span_contexts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_options_beat_the_journal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_no_entry_is_a_warning, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
