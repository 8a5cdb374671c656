/* LogRecordLimits: count and value length, from options and environment; what processors add, clones, the body. */
#include "sdk_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.limits", NULL);
static otel_log_exporter *memory;

static otel_provider *begin(otel_log_processor *first, otel_options options)
{
    memory = otel_memory_exporter_new();
    otel_log_processor *exporting = otel_batch_log_processor_new(memory, NULL);
    otel_log_processor *both[] = {first, exporting}, *one[] = {exporting};
    options.log_processors = first ? both : one;
    options.log_processor_count = first ? 2 : 1;
    options.code_location_off = 1;
    otel_provider *p = otel_provider_new(&options);
    assert_non_null(p);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    return p;
}

static const otel_log_record *newest(otel_provider *p)
{
    assert_int_equal(otel_provider_flush(p, 60000), OTEL_OK);
    return otel_memory_exporter_at(memory, otel_memory_exporter_count(memory) - 1);
}

static uint32_t attributes_of(const otel_log_record *r)
{
    uint32_t n = 0;
    otel_attr a;
    for (otel_iter it = otel_log_record_attrs(r); otel_attr_next(&it, &a);) n++;
    return n;
}

static void log_many(uint32_t n)
{
    static char keys[1500][8];
    static otel_attr attributes[1500];
    for (uint32_t i = 0; i < n; i++) {
        snprintf(keys[i], sizeof keys[i], "k%u", i);
        attributes[i] = OTEL_INT(keys[i], i);
    }
    otel_logger_log(&logger, NULL, OTEL_SEVERITY_INFO, otel_string("x"), attributes, n);
}

static void expect_count(otel_provider *p, uint32_t given, uint32_t kept)
{
    log_many(given);
    assert_int_equal(attributes_of(newest(p)), kept);
    assert_int_equal(newest(p)->dropped_attribute_count, given - kept);
}

static void end(otel_provider *p)
{
    assert_books(p);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static void the_count_of_the_option(void **unused)
{
    (void)unused;
    otel_provider *p = begin(NULL, (otel_options){.attribute_count_limit = 3});
    said_begin();
    expect_count(p, 3, 3);
    expect_count(p, 5, 3);
    expect_count(p, 200, 3);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    assert_int_equal(said_times("more than 3 attributes"), 1);
    said_end();
}

/* The same counter; the words fit both. */
static void without_a_key(void **unused)
{
    (void)unused;
    otel_provider *p = begin(NULL, (otel_options){0});
    said_begin();
    OTEL_LOG_INFO(&logger, "x", OTEL_STR("", "lost"), OTEL_INT("n", 1));
    assert_int_equal(attributes_of(newest(p)), 1);
    assert_int_equal(newest(p)->dropped_attribute_count, 1);
    assert_int_equal(otel_provider_stop(p, 1000), OTEL_OK);
    assert_int_equal(said_times("without a key"), 1);
    said_end();
}

static void zero_keeps_none(void **unused)
{
    (void)unused;
    otel_provider *p = begin(NULL, (otel_options){.attribute_count_limit = OTEL_ZERO});
    expect_count(p, 2, 0);
    end(p);
}

static void more_than_the_default(void **unused)
{
    (void)unused;
    otel_provider *p = begin(NULL, (otel_options){.attribute_count_limit = 300});
    expect_count(p, 128, 128);
    expect_count(p, 250, 250);
    expect_count(p, 301, 300);
    end(p);
}

static void the_specific_variable_beats_the_general_one_and_both_the_option(void **unused)
{
    (void)unused;
    setenv("OTEL_ATTRIBUTE_COUNT_LIMIT", "5", 1);
    otel_provider *p = begin(NULL, (otel_options){.attribute_count_limit = 9});
    expect_count(p, 10, 5);
    end(p);
    setenv("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "2", 1);
    p = begin(NULL, (otel_options){.attribute_count_limit = 9});
    expect_count(p, 10, 2);
    end(p);
    p = begin(NULL, (otel_options){.attribute_count_limit = 9, .environment = OTEL_CODE_WINS});
    expect_count(p, 10, 9);
    end(p);
    said_begin();
    setenv("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "-1", 1);
    unsetenv("OTEL_ATTRIBUTE_COUNT_LIMIT");
    p = begin(NULL, (otel_options){.service_name = "x"});
    expect_count(p, 129, 128);
    assert_true(said("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT"));
    end(p);
    setenv("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "2000000000", 1);
    p = begin(NULL, (otel_options){.service_name = "x"});
    assert_true(said("1024 is used"));
    expect_count(p, 1500, 1024);
    end(p);
    said_end();
    unsetenv("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT");
}

static void check_lengths(otel_provider *p)
{
    const otel_attr nested[] = {OTEL_STR("inner-key", "abcdef")};
    OTEL_LOG_INFO(&logger, "the body stays whole", OTEL_STR("s", "abcdef"),
                  OTEL_STR("u", "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f"), OTEL_BYTES("b", "\1\2\3\4\5", 5),
                  OTEL_VALUE("m", otel_map(nested, 1)), OTEL_INT("i", 123456));
    const otel_log_record *r = newest(p);
    otel_value value;
    assert_true(text_is(&r->body, "the body stays whole"));
    assert_true(attr_is(r, "s", "abc"));
    assert_true(attr_is(r, "u", "\xc3\xa4\xc3\xb6\xc3\xbc"));
    assert_true(otel_log_record_get(r, "b", &value));
    assert_int_equal(value.size, 3);
    assert_true(otel_log_record_get(r, "i", &value));
    assert_int_equal(value.u.integer, 123456);
    otel_attr entry;
    assert_true(otel_log_record_get(r, "m", &value));
    otel_iter it = otel_value_entries(&value);
    assert_true(otel_attr_next(&it, &entry));
    assert_int_equal(entry.key_size, 9);
    assert_true(text_is(&entry.value, "abc"));
    assert_int_equal(r->dropped_attribute_count, 0);
}

static void lengths_in_characters_and_bytes(void **unused)
{
    (void)unused;
    otel_provider *p = begin(NULL, (otel_options){.attribute_value_length_limit = 3});
    check_lengths(p);
    end(p);
    setenv("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "3", 1);
    p = begin(NULL, (otel_options){.attribute_value_length_limit = OTEL_UNLIMITED});
    check_lengths(p);
    end(p);
    setenv("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "1", 1);
    setenv("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", "3", 1);
    p = begin(NULL, (otel_options){.service_name = "x"});
    check_lengths(p);
    end(p);
    unsetenv("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT");
    unsetenv("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT");
}

/* A processor that adds two attributes, replaces one, and hands on a clone too. */
static void add_emit(otel_log_processor *self, otel_log_record *record)
{
    otel_log_record_set(record, OTEL_STR("k0", "replaced by a processor"));
    otel_log_record_set(record, OTEL_INT("new", 1));
    otel_log_record_set(record, OTEL_INT("newer", 1));
    otel_log_record *clone = otel_log_record_clone(record);
    otel_log_pass(self, record);
    if (clone) otel_log_pass(self, clone);
    otel_log_record_destroy(clone);
}
static const otel_log_processor_ops add_ops = {.size = sizeof add_ops, .name = "add", .emit = add_emit};

static void what_processors_add_is_limited_too_and_clones_are_alike(void **unused)
{
    (void)unused;
    otel_provider *p = begin(otel_log_processor_new(sizeof(otel_log_processor), &add_ops),
                             (otel_options){.attribute_count_limit = 3, .attribute_value_length_limit = 8});
    log_many(2);
    assert_int_equal(otel_provider_flush(p, 60000), OTEL_OK);
    assert_int_equal(otel_memory_exporter_count(memory), 2);
    for (size_t i = 0; i < 2; i++) {
        const otel_log_record *r = otel_memory_exporter_at(memory, i);
        assert_int_equal(attributes_of(r), 3);
        assert_int_equal(r->dropped_attribute_count, 1);
        assert_true(attr_is(r, "k0", "replaced"));
    }
    end(p);
}

static void *refuse(size_t size, void *user)
{
    return size > 4000 && *(bool *)user ? NULL : malloc(size);
}

static void *refuse_more(void *at, size_t size, void *user)
{
    (void)user;
    return realloc(at, size);
}

static void give_back(void *at, void *user)
{
    (void)user;
    free(at);
}

static void without_memory_the_default_holds(void **unused)
{
    (void)unused;
    bool refusing = false;
    const otel_allocator tight = {sizeof tight, refuse, refuse_more, give_back, &refusing};
    assert_int_equal(otel_set_allocator(&tight), OTEL_OK);
    otel_provider *p = begin(NULL, (otel_options){.attribute_count_limit = 500});
    refusing = true;
    log_many(400);
    refusing = false;
    assert_int_equal(attributes_of(newest(p)), 160);
    assert_int_equal(newest(p)->dropped_attribute_count, 240);
    end(p);
    assert_int_equal(otel_set_allocator(NULL), OTEL_OK);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_count_of_the_option),
        cmocka_unit_test(without_a_key),
        cmocka_unit_test(zero_keeps_none),
        cmocka_unit_test(more_than_the_default),
        cmocka_unit_test(the_specific_variable_beats_the_general_one_and_both_the_option),
        cmocka_unit_test(lengths_in_characters_and_bytes),
        cmocka_unit_test(what_processors_add_is_limited_too_and_clones_are_alike),
        cmocka_unit_test(without_memory_the_default_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
