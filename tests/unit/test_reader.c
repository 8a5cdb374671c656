/* The reader of records, on bytes written by hand: what it takes, what it passes over, what it refuses. */
#include "wire/reader.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static otel__record_view view;

/* In a block of exactly its size, so that the sanitizer sees a read behind the end. */
static uint8_t *block;
static bool read_bytes(const void *bytes, size_t size)
{
    free(block);
    block = malloc(size != 0 ? size : 1);
    assert_non_null(block);
    memcpy(block, bytes, size);
    return otel__record_read(block, size, &view);
}
#define READ(literal) read_bytes(literal, sizeof(literal) - 1)

static void every_field_is_read(void **unused)
{
    (void)unused;
    assert_true(READ("\x09\x01\0\0\0\0\0\0\0"
                     "\x10\x09"
                     "\x1a\x04INFO"
                     "\x2a\x04\x0a\x02hi"
                     "\x32\x07\x0a\x01k\x12\x02\x18\x05"
                     "\x38\x07"
                     "\x45\xff\x01\x02\x03"
                     "\x4a\x10"
                     "0123456789abcdef"
                     "\x52\x08"
                     "01234567"
                     "\x59\x02\0\0\0\0\0\0\x80"
                     "\x62\x02"
                     "ev"));
    assert_true(view.time == 1 && view.observed == UINT64_C(0x8000000000000002));
    assert_int_equal(view.severity, 9);
    assert_memory_equal(view.severity_text.data, "INFO", view.severity_text.size);
    assert_int_equal(view.body.type, OTEL_TYPE_STRING);
    assert_memory_equal(view.body.u.string, "hi", view.body.size);
    assert_int_equal(view.attribute_count, 1);
    assert_int_equal(view.dropped_attribute_count, 7);
    assert_int_equal(view.span_context.flags, 0xff); /* the upper bits are masked */
    assert_memory_equal(view.span_context.trace_id, "0123456789abcdef", 16);
    assert_memory_equal(view.span_context.span_id, "01234567", 8);
    assert_int_equal(view.event_name.size, 2);
    assert_memory_equal(view.event_name.data, "ev", 2);
}

static void nothing_is_a_record_of_nothing(void **unused)
{
    (void)unused;
    otel_attr attr;
    assert_true(otel__record_read(NULL, 0, &view));
    assert_int_equal(view.body.type, OTEL_TYPE_EMPTY);
    assert_null(view.event_name.data);
    otel_iter it = otel__attributes_begin(&view);
    assert_false(otel__attributes_next(&it, &attr));
    assert_false(otel__record_read(NULL, 5, &view));
    assert_true(READ("\x1a\x00\x62\x00")); /* empty texts are absent */
    assert_null(view.severity_text.data);
    assert_null(view.event_name.data);
}

static void ids_of_a_wrong_length_are_absent(void **unused)
{
    (void)unused;
    static const uint8_t none[16] = {0};
    assert_true(READ("\x4a\x0f"
                     "0123456789abcde"
                     "\x52\x09"
                     "012345678"));
    assert_memory_equal(view.span_context.trace_id, none, 16);
    assert_memory_equal(view.span_context.span_id, none, 8);
    assert_true(READ("\x52\x08"
                     "01234567"
                     "\x52\x00")); /* the last one counts */
    assert_memory_equal(view.span_context.span_id, none, 8);
}

static void unknown_fields_are_skipped(void **unused)
{
    (void)unused;
    assert_true(READ("\xa0\x06\x96\x01"
                     "\xa1\x06"
                     "12345678"
                     "\xa2\x06\x03"
                     "abc"
                     "\xa5\x06"
                     "1234"
                     "\x10\x05"));
    assert_int_equal(view.severity, 5);
    assert_true(READ("\x12\x01\x05"
                     "\x08\x05"
                     "\x30\x01"
                     "\x28\x01")); /* known numbers with other wire types */
    assert_int_equal(view.severity, 0);
    assert_int_equal(view.attribute_count, 0);
}

static void numbers_out_of_range_are_tamed(void **unused)
{
    (void)unused;
    assert_true(READ("\x10\x19"));
    assert_int_equal(view.severity, 0);
    assert_true(READ("\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
    assert_int_equal(view.severity, 0);
    assert_true(READ("\x10\x98\x80\x00")); /* longer than it needs to be */
    assert_int_equal(view.severity, 24);
}

static void malformed_records_are_refused(void **unused)
{
    (void)unused;
    assert_false(READ("\x09\x01\0\0\0\0\0\0")); /* a word cut short */
    assert_false(READ("\x45\x01\0\0"));
    assert_false(READ("\x1a\x05INFO")); /* longer than the record */
    assert_false(READ("\x1a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
                      "x")); /* very long */
    assert_false(READ("\x1a"));
    assert_false(READ("\x10"));
    assert_false(READ("\x10\x80"));
    assert_false(READ("\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02")); /* more than 64 bits */
    assert_false(READ("\x10\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"));
    assert_false(READ("\x00\x01"));                 /* field number 0 */
    assert_false(READ("\xf8\xff\xff\xff\x7f\x01")); /* field number above 2^29 - 1 */
    assert_false(READ("\x13\x14"));                 /* groups */
    assert_false(READ("\x16\x01"));                 /* wire types that do not exist */
}

static void what_is_inside_is_checked_too(void **unused)
{
    (void)unused;
    assert_false(READ("\x2a\x02\x0a\x05"));                                  /* body: a string longer than its value */
    assert_false(READ("\x2a\x04\x2a\x02\x0a\x05"));                          /* body: an array */
    assert_false(READ("\x32\x03\x0a\x02k"));                                 /* an attribute's key */
    assert_false(READ("\x32\x05\x0a\x01k\x12\x01"));                         /* its value */
    assert_false(READ("\x32\x0b\x0a\x01k\x12\x06\x32\x04\x0a\x02\x0a\x07")); /* a key in a map in it */
    assert_true(READ("\x32\x0b\x0a\x01k\x12\x06\x32\x04\x0a\x02\x0a\x00"));
}

/* Puts a field in front of the bytes at `at`, around all of them. */
static uint8_t *wrap(uint8_t *at, uint8_t tag, const uint8_t *end)
{
    size_t n = (size_t)(end - at);
    if (n >= 128) *--at = (uint8_t)(n >> 7);
    *--at = (uint8_t)(n >= 128 ? n | 0x80 : n);
    *--at = tag;
    return at;
}

/* An array in an array in an array, `depth` of them, in a field of the record. */
static bool read_nested(size_t depth, uint8_t tag)
{
    uint8_t bytes[1024], *end = bytes + sizeof bytes, *at = end;
    for (size_t i = 0; i < depth; i++) {
        if (i != 0) at = wrap(at, 0x0a, end);
        at = wrap(at, 0x2a, end);
    }
    if (tag == 0x32) at = wrap(at, 0x12, end); /* an attribute without a key */
    at = wrap(at, tag, end);
    return read_bytes(at, (size_t)(end - at));
}

static void nesting_is_bounded(void **unused)
{
    (void)unused;
    assert_true(read_nested(1, 0x2a));
    assert_true(read_nested(64, 0x2a));
    assert_false(read_nested(65, 0x2a));
    assert_true(read_nested(64, 0x32));
    assert_false(read_nested(65, 0x32));
}

static void all_kinds_of_values_are_read(void **unused)
{
    (void)unused;
    otel_value value;
#define VALUE(literal) otel__wire_read_value((const uint8_t *)(literal), sizeof(literal) - 1, &value)
    assert_true(VALUE("") && value.type == OTEL_TYPE_EMPTY);
    assert_true(VALUE("\x0a\x02hi") && value.type == OTEL_TYPE_STRING && value.size == 2 && value.u.string[1] == 'i');
    assert_true(VALUE("\x10\x01") && value.type == OTEL_TYPE_BOOL && value.u.boolean);
    assert_true(VALUE("\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01") && value.type == OTEL_TYPE_INT &&
                value.u.integer == -1);
    assert_true(VALUE("\x21\0\0\0\0\0\0\xf8\x3f") && value.type == OTEL_TYPE_DOUBLE && value.u.number > 1.4);
    assert_true(VALUE("\x2a\x00") && value.type == OTEL_TYPE_ARRAY && value.form == OTEL_FORM_OTLP && value.size == 0);
    assert_true(VALUE("\x32\x00") && value.type == OTEL_TYPE_MAP && value.form == OTEL_FORM_OTLP && value.size == 0);
    assert_true(VALUE("\x3a\x01\xff") && value.type == OTEL_TYPE_BYTES && value.form == OTEL_FORM_MEMORY &&
                value.size == 1);
    assert_true(VALUE("\x0a\x01x\x18\x05") && value.type == OTEL_TYPE_INT); /* of two the last counts */
    assert_true(VALUE("\x40\x05") && value.type == OTEL_TYPE_EMPTY);        /* profiles only */
    assert_true(VALUE("\x12\x01x") && value.type == OTEL_TYPE_EMPTY);       /* no bool has a length */
    assert_false(VALUE("\x0a\x03hi"));
}

/* Attributes may stand anywhere among the fields. */
static void attributes_are_iterated(void **unused)
{
    (void)unused;
    otel_attr attr;
    assert_true(READ("\x10\x09"
                     "\x32\x07\x0a\x01"
                     "a\x12\x02\x18\x05"
                     "\x1a\x01x"
                     "\x32\x04\x12\x02\x18\x05" /* no key */
                     "\x32\x03\x0a\x01"
                     "b"
                     "\x32\x07\x0a\x01"
                     "a\x12\x02\x18\x06"
                     "\x62\x01y"));
    assert_int_equal(view.attribute_count, 3);
    otel_iter it = otel__attributes_begin(&view);
    assert_true(otel__attributes_next(&it, &attr) && attr.key[0] == 'a' && attr.value.u.integer == 5);
    assert_true(otel__attributes_next(&it, &attr) && attr.key[0] == 'b' && attr.value.type == OTEL_TYPE_EMPTY);
    assert_true(otel__attributes_next(&it, &attr) && attr.key[0] == 'a' && attr.value.u.integer == 6);
    assert_false(otel__attributes_next(&it, &attr));
    assert_false(otel__attributes_next(&it, &attr));
}

static int free_block(void **unused)
{
    (void)unused;
    free(block);
    block = NULL;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_is_read),
        cmocka_unit_test(nothing_is_a_record_of_nothing),
        cmocka_unit_test(ids_of_a_wrong_length_are_absent),
        cmocka_unit_test(unknown_fields_are_skipped),
        cmocka_unit_test(numbers_out_of_range_are_tamed),
        cmocka_unit_test(malformed_records_are_refused),
        cmocka_unit_test(what_is_inside_is_checked_too),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(all_kinds_of_values_are_read),
        cmocka_unit_test(attributes_are_iterated),
    };
    return cmocka_run_group_tests(tests, NULL, free_block);
}
