/* Records as OTLP-JSON lines: what a processor sees, written with otel_log_record_json and read back with cJSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <otel/sdk/sdk.h>

/* Keeps the line of the last record. */
typedef struct keeper {
    otel_log_processor base;
    char *line;
} keeper;

static void keep_line(otel_log_processor *processor, otel_log_record *record)
{
    keeper *self = (keeper *)processor;
    size_t length = otel_log_record_json(record, NULL, 0);
    free(self->line);
    self->line = malloc(length + 1);
    assert_non_null(self->line);
    assert_int_equal(otel_log_record_json(record, self->line, length + 1), length);
    assert_int_equal(strlen(self->line), length);
    if (length > 20) { /* a buffer of any other size gets the beginning */
        char beginning[20];
        assert_int_equal(otel_log_record_json(record, beginning, sizeof beginning), length);
        assert_memory_equal(beginning, self->line, sizeof beginning - 1);
        assert_int_equal(beginning[sizeof beginning - 1], 0);
    }
}

static void drop_line(otel_log_processor *processor)
{
    free(((keeper *)processor)->line);
}

static const otel_log_processor_ops keeper_ops = {
    .size = sizeof keeper_ops, .name = "keeper", .emit = keep_line, .destroy = drop_line};

typedef struct fixture {
    keeper *keeper;
    otel_provider *provider;
    otel_logger logger;
} fixture;

static const otel_attr scope_attributes[] = {OTEL_STATIC_STR("team", "blue")};

static int set_up(void **state)
{
    static fixture f;
    const otel_attr resource[] = {OTEL_STR("run", "17")};
    otel_log_processor *list[1];
    memset(&f, 0, sizeof f);
    f.keeper = otel_log_processor_new(sizeof *f.keeper, &keeper_ops);
    list[0] = &f.keeper->base;
    f.provider = otel_provider_new(&(otel_options){.service_name = "svc",
                                                   .log_processors = list,
                                                   .log_processor_count = 1,
                                                   .resource_attributes = resource,
                                                   .resource_attribute_count = 1,
                                                   .environment = OTEL_ENV_IGNORED,
                                                   .code_location_off = 1});
    f.logger = (otel_logger){.scope = {.name = "lib", .version = "1"}, .provider = f.provider};
    *state = &f;
    return f.provider && otel_provider_attach(f.provider) == OTEL_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    return otel_provider_stop(f->provider, 60000) == OTEL_OK ? 0 : -1;
}

static const char *emit(fixture *f, const otel_log_record *record)
{
    otel_logger_emit(&f->logger, record);
    assert_non_null(f->keeper->line);
    return f->keeper->line;
}

/* A record with this body and these attributes and nothing else, as its line from "logRecords" on. */
static const char *records_part(fixture *f, otel_value body, const otel_attr *attributes, uint32_t count)
{
    otel_log_record record = {.size = sizeof record,
                              .time_unix_nano = 1,
                              .observed_time_unix_nano = 2,
                              .body = body,
                              .attributes = attributes,
                              .attribute_count = count};
    const char *part = strstr(emit(f, &record), "\"logRecords\":");
    assert_non_null(part);
    return part;
}

static void the_line_of_the_specification(void **state)
{
    fixture *f = *state;
    const otel_attr attributes[] = {OTEL_INT("k", 5)};
    otel_log_record record = {.size = sizeof record,
                              .severity = OTEL_SEVERITY_INFO,
                              .time_unix_nano = 1,
                              .observed_time_unix_nano = 2,
                              .body = otel_string("hi"),
                              .severity_text = {"INFO", 4},
                              .event_name = {"ev", 2},
                              .attributes = attributes,
                              .attribute_count = 1};
    for (uint8_t i = 0; i < 16; i++) record.span_context.trace_id[i] = (uint8_t)(i + 1);
    for (uint8_t i = 0; i < 8; i++) record.span_context.span_id[i] = (uint8_t)(i + 1);
    record.span_context.flags = OTEL_TRACE_FLAG_SAMPLED;
    const char *line = emit(f, &record);
    assert_ptr_equal(strstr(line, "{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"key\":\""), line);
    assert_non_null(strstr(line, "{\"key\":\"service.name\",\"value\":{\"stringValue\":\"svc\"}}"));
    assert_non_null(strstr(line, "{\"key\":\"run\",\"value\":{\"stringValue\":\"17\"}}"));
    assert_null(strchr(line, '\n'));
    const char *scopes = strstr(line, "\"scopeLogs\":");
    const char *wanted =
        "\"scopeLogs\":[{\"scope\":{\"name\":\"lib\",\"version\":\"1\"},\"logRecords\":[{"
        "\"timeUnixNano\":\"1\",\"observedTimeUnixNano\":\"2\",\"severityNumber\":9,\"severityText\":"
        "\"INFO\",\"body\":{\"stringValue\":\"hi\"},\"attributes\":[{\"key\":\"k\","
        "\"value\":{\"intValue\":\"5\"}}],\"flags\":1,\"traceId\":\"0102030405060708090a0b0c0d0e0f10\",\"spanId\":"
        "\"0102030405060708\",\"eventName\":\"ev\"}]}]";
    assert_non_null(scopes);
    assert_memory_equal(scopes, wanted, strlen(wanted));
}

static void scope_with_everything(void **state)
{
    fixture *f = *state;
    f->logger.scope = (otel_scope){"lib\xff", "2", "https://example.org/1", scope_attributes, 1};
    otel_log_record record = {.size = sizeof record, .time_unix_nano = UINT64_MAX, .observed_time_unix_nano = 2};
    const char *line = emit(f, &record);
    assert_non_null(strstr(line, "\"scope\":{\"name\":\"lib?\",\"version\":\"2\",\"attributes\":[{\"key\":\"team\","
                                 "\"value\":{\"stringValue\":\"blue\"}}]}"));
    assert_non_null(strstr(line, "}],\"schemaUrl\":\"https://example.org/1\"}]"));
    assert_non_null(strstr(line, "\"timeUnixNano\":\"18446744073709551615\""));
}

/* Absent members are left out; the empty value of an attribute is not. */
static void an_almost_empty_record(void **state)
{
    const otel_attr attributes[] = {OTEL_EMPTY("e")};
    const char *part = records_part(*state, otel_empty(), attributes, 1);
    assert_ptr_equal(strstr(part, "\"logRecords\":[{\"timeUnixNano\":\"1\",\"observedTimeUnixNano\":\"2\","), part);
    assert_non_null(strstr(part, "\"attributes\":[{\"key\":\"e\",\"value\":{}}]}]}]"));
    assert_null(strstr(part, "body"));
    assert_null(strstr(part, "severityNumber"));
    assert_null(strstr(part, "flags"));
    assert_null(strstr(part, "traceId"));
    assert_null(strstr(part, "eventName"));
    assert_null(strstr(part, "dropped"));
}

static void body_is(void **state, otel_value body, const char *json)
{
    char wanted[512];
    snprintf(wanted, sizeof wanted, "\"body\":%s", json);
    const char *part = records_part(*state, body, NULL, 0);
    if (!strstr(part, wanted)) fail_msg("wanted %s in %s", wanted, part);
}

/* A member of a oneof is written at its default too: being set is the information. */
static void every_kind_of_value(void **state)
{
    const int64_t ints[] = {INT64_MIN, 0};
    const double doubles[] = {0.5, NAN};
    const bool bools[] = {false};
    const char *const strings[] = {"x", NULL};
    const otel_attr map[] = {OTEL_INT("a", 0), OTEL_EMPTY("b")};
    body_is(state, otel_string(""), "{\"stringValue\":\"\"}");
    body_is(state, otel_bool(false), "{\"boolValue\":false}");
    body_is(state, otel_bool(true), "{\"boolValue\":true}");
    body_is(state, otel_int(0), "{\"intValue\":\"0\"}");
    body_is(state, otel_int(INT64_MIN), "{\"intValue\":\"-9223372036854775808\"}");
    body_is(state, otel_double(0), "{\"doubleValue\":0}");
    body_is(state, otel_double(0.1), "{\"doubleValue\":0.1}");
    body_is(state, otel_double(NAN), "{\"doubleValue\":\"NaN\"}");
    body_is(state, otel_double(-INFINITY), "{\"doubleValue\":\"-Infinity\"}");
    body_is(state, otel_bytes("", 0), "{\"bytesValue\":\"\"}");
    body_is(state, otel_bytes("hello world", 11), "{\"bytesValue\":\"aGVsbG8gd29ybGQ=\"}");
    body_is(state, otel_array(NULL, 0), "{\"arrayValue\":{\"values\":[]}}");
    body_is(state, otel_map(NULL, 0), "{\"kvlistValue\":{\"values\":[]}}");
    body_is(state, otel_ints(ints, 2),
            "{\"arrayValue\":{\"values\":[{\"intValue\":\"-9223372036854775808\"},{\"intValue\":\"0\"}]}}");
    body_is(state, otel_doubles(doubles, 2),
            "{\"arrayValue\":{\"values\":[{\"doubleValue\":0.5},{\"doubleValue\":\"NaN\"}]}}");
    body_is(state, otel_bools(bools, 1), "{\"arrayValue\":{\"values\":[{\"boolValue\":false}]}}");
    body_is(state, otel_strings(strings, 2), "{\"arrayValue\":{\"values\":[{\"stringValue\":\"x\"},{}]}}");
    body_is(state, otel_map(map, 2),
            "{\"kvlistValue\":{\"values\":[{\"key\":\"a\",\"value\":{\"intValue\":\"0\"}},"
            "{\"key\":\"b\",\"value\":{}}]}}");
}

static void hostile_text(void **state)
{
    body_is(state, otel_string("a\n\x1b[2J\"\\"), "{\"stringValue\":\"a\\n\\u001b[2J\\\"\\\\\"}");
    body_is(state, otel_stringn("a\0b", 3), "{\"stringValue\":\"a\\u0000b\"}");
    body_is(state, otel_string("stra\337e"), "{\"bytesValue\":\"c3RyYd9l\"}");
    body_is(state, otel_string("\xc3\xa9"), "{\"stringValue\":\"\xc3\xa9\"}");
}

static void nesting_is_bounded(void **state)
{
    static otel_value levels[201];
    levels[0] = otel_int(1);
    for (size_t i = 1; i <= 200; i++) levels[i] = otel_array(&levels[i - 1], 1);
    const char *part = records_part(*state, levels[64], NULL, 0);
    assert_non_null(strstr(part, "[{\"intValue\":\"1\"}]"));
    part = records_part(*state, levels[200], NULL, 0);
    size_t arrays = 0;
    for (const char *at = part; (at = strstr(at, "arrayValue")) != NULL; at++) arrays++;
    assert_int_equal(arrays, 64);
    assert_non_null(strstr(part, "{\"arrayValue\":{\"values\":[{}]}}"));
}

/* Whatever is in a record, a JSON reader finds the same again. */
static void an_independent_reader_agrees(void **state)
{
    fixture *f = *state;
    const otel_value list[] = {otel_string("\x01\x7f\xe2\x80\xa8\"\\/"), otel_double(1.0 / 3)};
    const otel_attr attributes[] = {OTEL_VALUE("list\n", otel_array(list, 2)), OTEL_STR("\xe4", "umlaut")};
    otel_log_record record = {.size = sizeof record,
                              .severity = OTEL_SEVERITY_WARN2,
                              .time_unix_nano = 1,
                              .observed_time_unix_nano = 2,
                              .body = otel_string("b"),
                              .severity_text = {"w\xff", 2},
                              .attributes = attributes,
                              .attribute_count = 2};
    cJSON *root = cJSON_Parse(emit(f, &record));
    assert_non_null(root);
    cJSON *resource = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(root, "resourceLogs"), 0);
    cJSON *scope = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(resource, "scopeLogs"), 0);
    cJSON *read = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(scope, "logRecords"), 0);
    assert_int_equal(cJSON_GetObjectItemCaseSensitive(read, "severityNumber")->valueint, 14);
    assert_string_equal(cJSON_GetObjectItemCaseSensitive(read, "severityText")->valuestring, "w?");
    cJSON *entries = cJSON_GetObjectItemCaseSensitive(read, "attributes");
    assert_int_equal(cJSON_GetArraySize(entries), 2);
    cJSON *first = cJSON_GetArrayItem(entries, 0);
    assert_string_equal(cJSON_GetObjectItemCaseSensitive(first, "key")->valuestring, "list\n");
    cJSON *value = cJSON_GetObjectItemCaseSensitive(first, "value");
    cJSON *values = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(value, "arrayValue"), "values");
    cJSON *string = cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(values, 0), "stringValue");
    assert_string_equal(string->valuestring, "\x01\x7f\xe2\x80\xa8\"\\/");
    cJSON *number = cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(values, 1), "doubleValue");
    assert_true(number->valuedouble == 1.0 / 3);
    cJSON *second = cJSON_GetArrayItem(entries, 1);
    assert_string_equal(cJSON_GetObjectItemCaseSensitive(second, "key")->valuestring, "?");
    cJSON_Delete(root);
}

static void nothing_to_write(void **state)
{
    char out[4] = "###";
    (void)state;
    assert_int_equal(otel_log_record_json(NULL, out, sizeof out), 0);
    assert_string_equal(out, "");
    assert_int_equal(otel_log_record_json(NULL, NULL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_line_of_the_specification, set_up, tear_down),
        cmocka_unit_test_setup_teardown(scope_with_everything, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_almost_empty_record, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_kind_of_value, set_up, tear_down),
        cmocka_unit_test_setup_teardown(hostile_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nesting_is_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_independent_reader_agrees, set_up, tear_down),
        cmocka_unit_test(nothing_to_write),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
