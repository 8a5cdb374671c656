/* The record writer, rule by rule: what each field, limit and piece of bad input becomes on the wire. */
#include "wire/reader.h"
#include "wire/record_short.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static uint8_t buffer[1 << 16];
static otel__record_plan plan;

static otel__record_input record_of(const otel_attr *attributes, uint32_t count)
{
    otel__record_input r = {.time = 1, .observed = 2, .attributes = attributes, .count = count};
    r.severity = OTEL_SEVERITY_INFO;
    r.body = otel_string("hi");
    r.value_length_limit = UINT32_MAX;
    r.depth_limit = 64;
    return r;
}

/* Writes and reads back; also checks that exactly as many bytes were written as were sized. */
static otel__record_view round_trip(const otel__record_input *input)
{
    otel__record_view view;
    uint32_t size = otel__record_size(input, &plan);
    assert_true(size + 32 <= sizeof buffer);
    memset(buffer, 0xa5, sizeof buffer);
    otel__record_write(buffer, input, &plan);
    for (uint32_t i = 0; i < 32; i++) assert_int_equal(buffer[size + i], 0xa5);
    assert_int_equal(buffer[0], 0x12);
    assert_true(otel__record_read(buffer + size - plan.content, plan.content, &view));
    return view;
}

/* The attributes that came out, in order. */
static otel_attr out[256];
static uint32_t attributes_of(const otel__record_input *input)
{
    otel__record_view view = round_trip(input);
    otel_iter it = otel__attributes_begin(&view);
    uint32_t n = 0;
    while (otel__attributes_next(&it, &out[n])) n++;
    return n;
}

static void check_string(const otel_value *value, const char *text)
{
    assert_int_equal(value->type, OTEL_TYPE_STRING);
    assert_int_equal(value->size, strlen(text));
    assert_memory_equal(value->u.string, text, value->size);
}

static void check_bytes(const otel_value *value, const char *bytes, uint32_t size)
{
    assert_int_equal(value->type, OTEL_TYPE_BYTES);
    assert_int_equal(value->size, size);
    assert_memory_equal(value->u.data, bytes, size);
}

static void check_str(otel_str str, const char *text)
{
    assert_int_equal(str.size, strlen(text));
    if (str.size != 0) assert_memory_equal(str.data, text, str.size);
}

static bool has_key(const otel_attr *attr, const char *key)
{
    return attr->key_size == strlen(key) && memcmp(attr->key, key, attr->key_size) == 0;
}

/* The AnyValue's bytes in hexadecimal. */
static const char *value_hex(otel_value value)
{
    static char hex[512];
    uint8_t bytes[256];
    size_t n;
    otel__wire_walk size_walk = otel__wire_walk_begin(), walk = otel__wire_walk_begin();
    uint64_t size = otel__wire_value_size(&size_walk, &value, 1);
    uint8_t *end = otel__wire_put_value(bytes, 0x2a, &walk, &value, 1), *at = otel__wire_written_length(bytes + 1, &n);
    assert_int_equal(n, size);
    assert_ptr_equal(at + n, end);
    hex[0] = '\0';
    for (size_t i = 0; i < n; i++) snprintf(hex + 2 * i, 3, "%02x", at[i]);
    return hex;
}

static void values_have_known_bytes(void **unused)
{
    (void)unused;
    static const int64_t two[] = {1, -1};
    assert_string_equal(value_hex(otel_empty()), "");
    assert_string_equal(value_hex(otel_int(0)), "1800");
    assert_string_equal(value_hex(otel_int(-1)), "18ffffffffffffffffff01");
    assert_string_equal(value_hex(otel_bool(false)), "1000");
    assert_string_equal(value_hex(otel_string("")), "0a00");
    assert_string_equal(value_hex(otel_double(0.0)), "210000000000000000");
    assert_string_equal(value_hex(otel_bytes("", 0)), "3a00");
    assert_string_equal(value_hex(otel_array(NULL, 0)), "2a00");
    assert_string_equal(value_hex(otel_map(NULL, 0)), "3200");
    assert_string_equal(value_hex(otel_ints(two, 2)), "2a110a0218010a0b18ffffffffffffffffff01");
}

static void a_record_has_known_bytes(void **unused)
{
    (void)unused;
    static const uint8_t known[] =
        "\x12\x32\x2a\x04\x0a\x02hi\x32\x07\x0a\x01k\x12\x02\x18\x05\x32\x07\x0a\x01n\x12\x02\x10\x01"
        "\x10\x09\x1a\x04INFO\x09\x01\0\0\0\0\0\0\0\x59\x02\0\0\0\0\0\0\0";
    const otel_attr attributes[] = {OTEL_INT("k", 5), OTEL_BOOL("n", true)};
    otel__record_input r = record_of(attributes, 2);
    round_trip(&r);
    assert_int_equal(plan.total, sizeof known - 1);
    assert_memory_equal(buffer, known, sizeof known - 1);
    assert_int_equal(plan.general, 0);
}

/* The two ways write the same. */
static void both_ways_agree(void **unused)
{
    (void)unused;
    static const otel_log_site site = {sizeof site, 42, "src/a.c", "main", 7, 4};
    const otel_span_context context = {.trace_id = {1}, .span_id = {2}, .flags = 3};
    const otel_attr attributes[] = {OTEL_STR("s", "text"), OTEL_INT("i", -7), OTEL_DOUBLE("d", 1.5),
                                    OTEL_BOOL("b", true), OTEL_EMPTY("e")};
    static uint8_t quick[1024];
    otel__record_input r = record_of(attributes, 5);
    r.site = &site;
    r.span_context = &context;
    round_trip(&r);
    uint32_t size = plan.total;
    assert_int_equal(plan.general, 0);
    memcpy(quick, buffer, size);
    assert_int_equal(otel__record_size_general(&r, &plan), size);
    otel__record_write_general(buffer, &r, &plan);
    assert_memory_equal(buffer, quick, size);
}

static void severities_have_their_names(void **unused)
{
    (void)unused;
    static const char *const ranges[] = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};
    otel__record_input r = record_of(NULL, 0);
    for (r.severity = 1; r.severity <= 24; r.severity++) {
        char name[8];
        int nth = (r.severity - 1) % 4 + 1;
        snprintf(name, sizeof name, nth == 1 ? "%s" : "%s%d", ranges[(r.severity - 1) / 4], nth);
        otel__record_view view = round_trip(&r);
        assert_int_equal(view.severity, r.severity);
        check_str(view.severity_text, name);
    }
    static const otel_severity outside[] = {0, -1, 25, INT32_MIN, INT32_MAX};
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        r.severity = outside[i];
        otel__record_view view = round_trip(&r);
        assert_int_equal(view.severity, 0);
        check_str(view.severity_text, "");
    }
}

static void a_text_of_its_own_replaces_the_name(void **unused)
{
    (void)unused;
    otel__record_input r = record_of(NULL, 0);
    r.severity_text = (otel_str){"notice", 6};
    otel__record_view view = round_trip(&r);
    check_str(view.severity_text, "notice");
    assert_int_equal(view.severity, 9);
    r.severity = 0;
    view = round_trip(&r);
    check_str(view.severity_text, "notice");
    assert_int_equal(view.severity, 0);
    r.severity_text = (otel_str){NULL, 6}; /* no text */
    r.severity = 9;
    check_str(round_trip(&r).severity_text, "INFO");
}

static void rare_fields_are_written(void **unused)
{
    (void)unused;
    otel__record_input r = record_of(NULL, 0);
    r.event_name = (otel_str){"order.placed", 12};
    r.dropped_attribute_count = UINT32_MAX;
    r.body = otel_empty();
    r.time = 0;
    otel__record_view view = round_trip(&r);
    check_str(view.event_name, "order.placed");
    assert_true(view.dropped_attribute_count == UINT32_MAX);
    assert_int_equal(view.body.type, OTEL_TYPE_EMPTY);
    assert_int_equal(view.time, 0);
    assert_int_equal(view.observed, 2);
}

static void ids_are_written_when_they_are_ids(void **unused)
{
    (void)unused;
    otel__record_input r = record_of(NULL, 0);
    otel_span_context context = {.flags = 0xff};
    r.span_context = &context;
    assert_int_equal(round_trip(&r).span_context.flags, 0); /* no trace: nothing at all */
    context.trace_id[15] = 1;
    otel__record_view view = round_trip(&r); /* no span: trace and flags */
    assert_memory_equal(view.span_context.trace_id, context.trace_id, 16);
    assert_int_equal(view.span_context.flags, 0xff);
    context.span_id[0] = 9;
    view = round_trip(&r);
    assert_int_equal(plan.general, 0);
    assert_memory_equal(view.span_context.trace_id, context.trace_id, 16);
    assert_memory_equal(view.span_context.span_id, context.span_id, 8);
    assert_int_equal(view.span_context.flags, 0xff);
}

static void what_is_no_attribute_is_skipped(void **unused)
{
    (void)unused;
    const otel_attr attributes[] = {OTEL_WITH_TIME(5),
                                    OTEL_INT("a", 1),
                                    OTEL_INT("", 2),
                                    otel_attrn(NULL, 7, otel_int(3)),
                                    otel_attr_optional("b", NULL),
                                    otel_attr_of("c", otel_value_make(OTEL_TYPE_END, 0)),
                                    otel_attr_of("d", otel_value_make(63, 0)),
                                    OTEL_INT("e", 4)};
    otel__record_input r = record_of(attributes, 8);
    assert_int_equal(attributes_of(&r), 3);
    assert_true(has_key(&out[0], "a") && has_key(&out[1], "d") && has_key(&out[2], "e"));
    assert_int_equal(out[1].value.type, OTEL_TYPE_EMPTY); /* a type that does not exist yet */
    r.attributes = NULL;
    assert_int_equal(attributes_of(&r), 0);
}

static void null_pointers_are_empty(void **unused)
{
    (void)unused;
    static const int types[] = {OTEL_TYPE_STRING, OTEL_TYPE_BYTES, OTEL_TYPE_ARRAY, OTEL_TYPE_MAP};
    static const int plural[] = {OTEL_TYPE_STRINGS, OTEL_TYPE_INTS, OTEL_TYPE_DOUBLES, OTEL_TYPE_BOOLS};
    for (size_t i = 0; i < 4; i++) {
        otel_attr attr = otel_attr_of("k", otel_value_make(types[i], 9));
        otel__record_input r = record_of(&attr, 1);
        assert_int_equal(attributes_of(&r), 1);
        assert_int_equal(out[0].value.type, types[i]);
        assert_int_equal(out[0].value.size, 0);
        attr.value.type = (uint8_t)plural[i];
        assert_int_equal(attributes_of(&r), 1);
        assert_int_equal(out[0].value.type, OTEL_TYPE_ARRAY);
        assert_int_equal(out[0].value.size, 0);
        r.body = otel_value_make(types[i], 9);
        assert_int_equal(round_trip(&r).body.type, types[i]);
    }
}

static void a_bool_is_any_byte(void **unused)
{
    (void)unused;
    otel_attr attr = OTEL_BOOL("b", false);
    otel__record_input r = record_of(&attr, 1);
    attr.value.u.integer = 0x4242424242424242;
    assert_int_equal(attributes_of(&r), 1);
    assert_true(out[0].value.u.boolean);
    r.body = attr.value;
    assert_true(round_trip(&r).body.u.boolean);
    attr.value.u.integer = 0;
    attributes_of(&r);
    assert_false(out[0].value.u.boolean);
}

static void strings_are_cut_at_characters(void **unused)
{
    (void)unused;
    const otel_value list[] = {otel_string("\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"), otel_bytes("12345", 5)};
    const char *const strings[] = {"abcde"};
    const otel_attr inner[] = {OTEL_STR("a long key", "abcde")};
    const otel_attr attributes[] = {OTEL_STR("a", "x\xc3\xa9\xf0\x9f\x98\x80"
                                                  "12"),
                                    OTEL_STR("b", "ab"),
                                    otel_attr_of("c", otel_array(list, 2)),
                                    OTEL_STRS("d", strings, 1),
                                    otel_attr_of("e", otel_map(inner, 1)),
                                    OTEL_STRN("f",
                                              "ab\xff"
                                              "cd",
                                              5),
                                    OTEL_STRN("g", "abcd\xff", 5)};
    otel_value item;
    otel_attr entry;
    otel__record_input r = record_of(attributes, 7);
    r.value_length_limit = 3;
    r.body = otel_string("the body has no limit");
    otel_value body = round_trip(&r).body;
    check_string(&body, "the body has no limit");
    assert_int_equal(attributes_of(&r), 7);
    check_string(&out[0].value, "x\xc3\xa9\xf0\x9f\x98\x80");
    check_string(&out[1].value, "ab");
    otel_iter it = otel_value_items(&out[2].value);
    assert_true(otel_value_next(&it, &item));
    check_string(&item, "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac");
    assert_true(otel_value_next(&it, &item));
    check_bytes(&item, "123", 3);
    it = otel_value_items(&out[3].value);
    assert_true(otel_value_next(&it, &item));
    check_string(&item, "abc");
    it = otel_value_entries(&out[4].value);
    assert_true(otel_attr_next(&it, &entry));
    assert_true(has_key(&entry, "a long key"));
    check_string(&entry.value, "abc");
    check_bytes(&out[5].value, "ab\xff", 3); /* not UTF-8: bytes, and cut as bytes */
    check_string(&out[6].value, "abc");      /* what is left is UTF-8 */
    r.value_length_limit = 0;
    assert_int_equal(attributes_of(&r), 7);
    check_string(&out[0].value, "");
}

static void the_code_location_obeys_the_limit(void **unused)
{
    (void)unused;
    otel_log_site site = {sizeof site, 42, "src/a.c", "main", 7, 4};
    otel__record_input r = record_of(NULL, 0);
    r.site = &site;
    assert_int_equal(attributes_of(&r), 3);
    check_string(&out[0].value, "src/a.c");
    check_string(&out[1].value, "main");
    assert_int_equal(out[2].value.u.integer, 42);
    r.value_length_limit = 5;
    assert_int_equal(attributes_of(&r), 3);
    check_string(&out[0].value, "src/a");
    site.size = offsetof(otel_log_site, file_size); /* an older caller: sizes are whatever lies behind */
    site.file_size = site.function_size = UINT32_MAX;
    r.value_length_limit = UINT32_MAX;
    assert_int_equal(attributes_of(&r), 3);
    check_string(&out[0].value, "src/a.c");
    site.file = NULL;
    site.function = "";
    site.line = 0;
    assert_int_equal(attributes_of(&r), 0);
}

static uint32_t depth_of(otel_value value)
{
    uint32_t depth = 0;
    for (otel_iter it = otel_value_items(&value); value.type == OTEL_TYPE_ARRAY; it = otel_value_items(&value)) {
        depth++;
        if (!otel_value_next(&it, &value)) break;
    }
    return depth;
}

static void nesting_has_an_end(void **unused)
{
    (void)unused;
    otel_value chain[100];
    chain[0] = otel_int(1);
    for (int i = 1; i < 100; i++) chain[i] = otel_array(&chain[i - 1], 1);
    otel_attr attr = otel_attr_of("k", chain[99]);
    otel__record_input r = record_of(&attr, 1);
    r.depth_limit = UINT32_MAX;
    r.body = chain[99];
    assert_int_equal(depth_of(round_trip(&r).body), 64);
    assert_int_equal(attributes_of(&r), 1);
    assert_int_equal(depth_of(out[0].value), 64);
    r.depth_limit = 3;
    assert_int_equal(depth_of(round_trip(&r).body), 64); /* limits are not for the body */
    attributes_of(&r);
    assert_int_equal(depth_of(out[0].value), 3);
    attr.value = chain[3]; /* exactly as deep as allowed: the number inside stays */
    attributes_of(&r);
    otel_value value = out[0].value;
    for (int i = 0; i < 3; i++) {
        otel_iter it = otel_value_items(&value);
        assert_true(otel_value_next(&it, &value));
    }
    assert_int_equal(value.type, OTEL_TYPE_INT);
}

static void text_that_is_not_utf8_becomes_bytes(void **unused)
{
    (void)unused;
    const otel_attr inner[] = {OTEL_STR("k\xff", "v\xc0\x80")};
    const otel_attr attributes[] = {OTEL_STR("b\xe2\x82z", "\xff"), OTEL_STR("\xc3\xa9", "\xc3\xa9"),
                                    otel_attr_of("m", otel_map(inner, 1))};
    otel_attr entry;
    otel__record_input r = record_of(attributes, 3);
    r.body = otel_string("\xed\xa0\x80");
    r.event_name = (otel_str){"e\xff", 2};
    r.severity_text = (otel_str){"\xfe!", 2};
    otel__record_view view = round_trip(&r);
    check_bytes(&view.body, "\xed\xa0\x80", 3);
    check_str(view.event_name, "e?");
    check_str(view.severity_text, "?!");
    assert_int_equal(attributes_of(&r), 3);
    assert_true(has_key(&out[0], "b??z") && has_key(&out[1], "\xc3\xa9"));
    check_bytes(&out[0].value, "\xff", 1);
    check_string(&out[1].value, "\xc3\xa9");
    otel_iter it = otel_value_entries(&out[2].value);
    assert_true(otel_attr_next(&it, &entry));
    assert_true(has_key(&entry, "k?"));
    check_bytes(&entry.value, "v\xc0\x80", 3);
    r = record_of(attributes, 1); /* the short way */
    assert_int_equal(attributes_of(&r), 1);
    assert_int_equal(plan.general, 0);
    check_bytes(&out[0].value, "\xff", 1);
}

static void there_may_be_more_attributes_than_planned(void **unused)
{
    (void)unused;
    otel_attr attributes[200];
    for (int i = 0; i < 200; i++) attributes[i] = i % 3 ? OTEL_INT("key", i) : OTEL_STR("longer key", "some text");
    attributes[190] = otel_attr_optional("absent", NULL);
    otel__record_input r = record_of(attributes, 200);
    assert_int_equal(attributes_of(&r), 199);
    assert_int_equal(out[198].value.u.integer, 199);
    r.count = 128;
    assert_int_equal(attributes_of(&r), 128);
    assert_int_equal(plan.general, 0);
}

/* More nested lengths than a plan remembers. */
static void there_may_be_more_nesting_than_planned(void **unused)
{
    (void)unused;
    otel_value rows[90], cells[3] = {otel_int(1), otel_array(NULL, 0), otel_string("x")},
                         pair[2] = {otel_array(cells, 3), otel_int(300)};
    for (int i = 0; i < 90; i++) rows[i] = otel_array(pair, 2);
    otel_attr attr = otel_attr_of("k", otel_array(rows, 90));
    otel__record_input r = record_of(&attr, 1);
    assert_int_equal(attributes_of(&r), 1);
    otel_value row, cell;
    uint32_t n = 0;
    for (otel_iter it = otel_value_items(&out[0].value); otel_value_next(&it, &row); n++) {
        otel_iter in = otel_value_items(&row);
        assert_true(otel_value_next(&in, &cell) && otel_value_next(&in, &cell));
        assert_int_equal(cell.u.integer, 300);
    }
    assert_int_equal(n, 90);
}

static void what_is_too_large_is_said_to_be(void **unused)
{
    (void)unused;
    otel__record_input r = record_of(NULL, 0);
    otel_value level[40];
    r.body = otel_stringn("", 1u << 24); /* sizing does not look into it */
    assert_int_equal(otel__record_size(&r, &plan), OTEL__RECORD_TOO_LARGE);
    r.body = otel_stringn("", UINT32_MAX);
    assert_int_equal(otel__record_size(&r, &plan), OTEL__RECORD_TOO_LARGE);
    r.body = otel_stringn("", (1u << 24) - 100);
    assert_true(otel__record_size(&r, &plan) < OTEL__RECORD_TOO_LARGE);
    r = record_of(NULL, 0);
    r.event_name = (otel_str){"", SIZE_MAX / 2};
    assert_int_equal(otel__record_size(&r, &plan), OTEL__RECORD_TOO_LARGE);

    /* Arrays that share their parts: 8 to the power of 39 values in 40 small arrays. */
    otel_value lists[40][8];
    level[0] = otel_int(1);
    for (int i = 1; i < 40; i++) {
        for (int k = 0; k < 8; k++) lists[i][k] = level[i - 1];
        level[i] = otel_array(lists[i], 8);
    }
    otel_attr attr = otel_attr_of("k", level[39]);
    r = record_of(&attr, 1);
    assert_int_equal(otel__record_size(&r, &plan), OTEL__RECORD_TOO_LARGE);
    otel_attr many[100];
    for (int i = 0; i < 100; i++) many[i] = attr;
    assert_true(otel__wire_attributes_size(many, 100) >= OTEL__WIRE_TOO_LARGE);
}

static void prefixes_are_written_and_mended(void **unused)
{
    (void)unused;
    const otel_attr attributes[] = {OTEL_STR("a\xff", "\xff"), OTEL_STR("", "skipped"), OTEL_INT("n", 1)};
    static const char known[] = "\x1a\x09\x0a\x02"
                                "a?\x12\x03\x3a\x01\xff\x1a\x07\x0a\x01n\x12\x02\x18\x01\x12\x02v?";
    uint8_t bytes[64];
    uint64_t size = otel__wire_attributes_size(attributes, 3) + otel__wire_text_size(2) + otel__wire_text_size(0);
    assert_int_equal(size, sizeof known - 1);
    uint8_t *end = otel__wire_attributes_write(bytes, 0x1a, attributes, 3);
    end = otel__wire_text_write(otel__wire_text_write(end, 0x12, "v\xff", 2), 0x1a, NULL, 0);
    assert_int_equal(end - bytes, size);
    assert_memory_equal(bytes, known, size);
    assert_int_equal(otel__wire_attributes_size(NULL, 3), 0);
}

static bool differ(const uint32_t *sizes, int count)
{
    otel__record_keys keys = {0, 0};
    for (int i = 0; i < count; i++) otel__record_note_key(&keys, sizes[i]);
    return otel__record_keys_differ(&keys);
}

/* Never sure when a length came twice, not even when the sum of the bits wraps around to their OR. */
static void keys_of_one_length_are_noticed(void **state)
{
    (void)state;
    assert_true(differ((const uint32_t[]){1, 2, 3, 60}, 4));
    assert_false(differ((const uint32_t[]){7, 3, 7}, 3));
    assert_false(differ((const uint32_t[]){5, 69}, 2));
    assert_false(differ((const uint32_t[]){63, 63, 63}, 3));
    assert_false(differ((const uint32_t[]){62, 62, 62, 62, 62}, 5));
    assert_false(differ((const uint32_t[]){60, 60, 60, 60, 60, 60, 60, 60}, 8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(values_have_known_bytes),
                                       cmocka_unit_test(a_record_has_known_bytes),
                                       cmocka_unit_test(both_ways_agree),
                                       cmocka_unit_test(severities_have_their_names),
                                       cmocka_unit_test(a_text_of_its_own_replaces_the_name),
                                       cmocka_unit_test(rare_fields_are_written),
                                       cmocka_unit_test(ids_are_written_when_they_are_ids),
                                       cmocka_unit_test(what_is_no_attribute_is_skipped),
                                       cmocka_unit_test(null_pointers_are_empty),
                                       cmocka_unit_test(a_bool_is_any_byte),
                                       cmocka_unit_test(strings_are_cut_at_characters),
                                       cmocka_unit_test(the_code_location_obeys_the_limit),
                                       cmocka_unit_test(nesting_has_an_end),
                                       cmocka_unit_test(text_that_is_not_utf8_becomes_bytes),
                                       cmocka_unit_test(there_may_be_more_attributes_than_planned),
                                       cmocka_unit_test(there_may_be_more_nesting_than_planned),
                                       cmocka_unit_test(what_is_too_large_is_said_to_be),
                                       cmocka_unit_test(prefixes_are_written_and_mended),
                                       cmocka_unit_test(keys_of_one_length_are_noticed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
