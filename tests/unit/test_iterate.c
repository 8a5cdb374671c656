/* The iterators over arrays and maps: every kind, in memory and encoded, and whatever else they may be handed. */
#include "wire/reader.h"
#include "wire/writer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* The same value as bytes. Static: one at a time. */
static otel_value encoded(otel_value memory)
{
    static uint8_t bytes[1 << 16];
    size_t n;
    otel_value value;
    otel__wire_walk size_walk = otel__wire_walk_begin(), walk = otel__wire_walk_begin();
    assert_true(otel__wire_value_size(&size_walk, &memory, 1) < sizeof bytes - 8);
    otel__wire_put_value(bytes, 0x2a, &walk, &memory, 1);
    uint8_t *at = otel__wire_written_length(bytes + 1, &n);
    assert_true(otel__wire_read_value(at, n, &value));
    assert_int_equal(value.form, OTEL_FORM_OTLP);
    return value;
}

static uint32_t count_items(otel_value array)
{
    uint32_t n = 0;
    otel_value item;
    otel_iter it = otel_value_items(&array);
    while (otel_value_next(&it, &item)) n++;
    return n;
}

static void next_is(otel_iter *it, int type, int64_t integer)
{
    otel_value item;
    assert_true(otel_value_next(it, &item));
    assert_int_equal(item.type, type);
    if (type == OTEL_TYPE_STRING) {
        assert_int_equal(item.size, 1);
        assert_int_equal(item.u.string[0], integer);
    } else if (type == OTEL_TYPE_BOOL) {
        assert_int_equal(item.u.boolean, integer);
    } else if (type == OTEL_TYPE_DOUBLE) {
        assert_true(item.u.number > (double)integer - 0.1 && item.u.number < (double)integer + 0.1);
    } else if (type == OTEL_TYPE_INT) {
        assert_int_equal(item.u.integer, integer);
    }
}

static void end_of(otel_iter *it)
{
    otel_value item;
    assert_false(otel_value_next(it, &item));
    assert_false(otel_value_next(it, &item));
}

static void check_arrays(otel_value (*form)(otel_value))
{
    static const char *const strings[] = {"a", NULL, "b"};
    static const int64_t integers[] = {1, -1};
    static const double numbers[] = {1.0, 2.0};
    static const bool booleans[] = {true, false};
    const otel_value values[] = {otel_int(5), otel_string("x"), otel_empty(), otel_ints(integers, 2)};
    otel_value array = form(otel_strings(strings, 3));
    otel_iter it = otel_value_items(&array);
    next_is(&it, OTEL_TYPE_STRING, 'a');
    next_is(&it, OTEL_TYPE_EMPTY, 0);
    next_is(&it, OTEL_TYPE_STRING, 'b');
    end_of(&it);
    array = form(otel_ints(integers, 2));
    it = otel_value_items(&array);
    next_is(&it, OTEL_TYPE_INT, 1);
    next_is(&it, OTEL_TYPE_INT, -1);
    end_of(&it);
    array = form(otel_doubles(numbers, 2));
    it = otel_value_items(&array);
    next_is(&it, OTEL_TYPE_DOUBLE, 1);
    next_is(&it, OTEL_TYPE_DOUBLE, 2);
    end_of(&it);
    array = form(otel_bools(booleans, 2));
    it = otel_value_items(&array);
    next_is(&it, OTEL_TYPE_BOOL, 1);
    next_is(&it, OTEL_TYPE_BOOL, 0);
    end_of(&it);
    array = form(otel_array(values, 4));
    it = otel_value_items(&array);
    next_is(&it, OTEL_TYPE_INT, 5);
    next_is(&it, OTEL_TYPE_STRING, 'x');
    next_is(&it, OTEL_TYPE_EMPTY, 0);
    otel_value inner;
    assert_true(otel_value_next(&it, &inner));
    assert_int_equal(count_items(inner), 2);
    end_of(&it);
}

static otel_value as_it_is(otel_value value)
{
    return value;
}

static void arrays_in_memory(void **unused)
{
    (void)unused;
    check_arrays(as_it_is);
}

static void arrays_encoded(void **unused)
{
    (void)unused;
    check_arrays(encoded);
}

/* Keys and integers of a map, as text. */
static const char *listed(otel_value map)
{
    static char text[256];
    otel_attr entry;
    int n = 0;
    otel_iter it = otel_value_entries(&map);
    text[0] = '\0';
    while (otel_attr_next(&it, &entry)) {
        n += snprintf(text + n, sizeof text - (size_t)n, "%.*s=%d ", (int)entry.key_size, entry.key,
                      (int)entry.value.u.integer);
    }
    assert_false(otel_attr_next(&it, &entry));
    return text;
}

static void maps_give_each_key_once(void **unused)
{
    (void)unused;
    const otel_attr entries[] = {
        OTEL_INT("a", 1),  OTEL_INT("b", 2),  OTEL_INT("a", 3), OTEL_INT("", 4),
        OTEL_WITH_TIME(5), OTEL_INT("ab", 6), OTEL_INT("b", 7), otel_attrn(NULL, 3, otel_int(8))};
    assert_string_equal(listed(otel_map(entries, 8)), "a=3 ab=6 b=7 ");
    assert_string_equal(listed(encoded(otel_map(entries, 8))), "a=3 ab=6 b=7 ");
    assert_string_equal(listed(otel_map(NULL, 8)), "");
    /* encoded by somebody else, twice the same key and one that is empty */
    otel_value foreign = otel_pointer_value(OTEL_TYPE_MAP,
                                            "\x0a\x07\x0a\x01"
                                            "a\x12\x02\x18\x01\x0a\x04\x12\x02\x18\x09"
                                            "\x0a\x07\x0a\x01"
                                            "b\x12\x02\x18\x02\x0a\x07\x0a\x01"
                                            "a\x12\x02\x18\x03",
                                            33);
    foreign.form = OTEL_FORM_OTLP;
    assert_string_equal(listed(foreign), "b=2 a=3 ");
}

/* What is broken inside ends the iteration: nothing before it is lost, nothing behind it is read. */
static void broken_bytes_end_an_iteration(void **unused)
{
    (void)unused;
    otel_value array = otel_pointer_value(OTEL_TYPE_ARRAY, "\x0a\x02\x18\x01\x0a\x09\x18\x02", 8), item;
    array.form = OTEL_FORM_OTLP;
    otel_iter it = otel_value_items(&array);
    next_is(&it, OTEL_TYPE_INT, 1);
    end_of(&it);
    array.u.data = "\x0a\x02\x18\x01\x0a\x02\x0a\x09";
    it = otel_value_items(&array);
    next_is(&it, OTEL_TYPE_INT, 1);
    end_of(&it);
    otel_value map = otel_pointer_value(OTEL_TYPE_MAP,
                                        "\x0a\x07\x0a\x01"
                                        "a\x12\x02\x18\x01\x0a\x03\x0a\x05"
                                        "b",
                                        14);
    map.form = OTEL_FORM_OTLP;
    assert_string_equal(listed(map), "a=1 ");
    array = otel_pointer_value(OTEL_TYPE_ARRAY, "", 0);
    array.form = OTEL_FORM_OTLP;
    it = otel_value_items(&array);
    assert_false(otel_value_next(&it, &item));
}

static void other_values_have_nothing_in_them(void **unused)
{
    (void)unused;
    otel_value item, string = otel_string("text"), number = otel_int(5), odd = otel_pointer_value(200, "text", 4);
    otel_attr entry;
    otel_iter it = otel_value_items(NULL);
    assert_false(otel_value_next(&it, &item));
    it = otel_value_entries(NULL);
    assert_false(otel_attr_next(&it, &entry));
    it = otel_value_items(&string);
    assert_false(otel_value_next(&it, &item));
    it = otel_value_entries(&number);
    assert_false(otel_attr_next(&it, &entry));
    it = otel_value_items(&odd);
    assert_false(otel_value_next(&it, &item));
    const otel_attr one[] = {OTEL_INT("a", 1)};
    otel_value map = otel_map(one, 1), array = otel_array(&number, 1);
    it = otel_value_items(&map);
    assert_false(otel_value_next(&it, &item));
    it = otel_value_entries(&array);
    assert_false(otel_attr_next(&it, &entry));
    it = otel_value_entries(&map); /* the other kind of reading */
    assert_false(otel_value_next(&it, &item));
    it = otel_value_items(&array);
    assert_false(otel_attr_next(&it, &entry));
    assert_false(otel_value_next(NULL, &item));
    assert_false(otel_value_next(&it, NULL));
    assert_false(otel_attr_next(NULL, &entry));
}

/* Whoever reads need not fear NULL or types from the future. */
static void elements_are_settled(void **unused)
{
    (void)unused;
    const otel_value values[] = {otel_value_make(OTEL_TYPE_STRING, 5), otel_value_end(), otel_value_make(40, 5),
                                 otel_value_make(OTEL_TYPE_INTS, 5), otel_value_make(OTEL_TYPE_BYTES, 5)};
    otel_value array = otel_array(values, 5), item;
    otel_iter it = otel_value_items(&array);
    assert_true(otel_value_next(&it, &item) && item.type == OTEL_TYPE_STRING && item.size == 0 &&
                item.u.string != NULL);
    assert_true(otel_value_next(&it, &item) && item.type == OTEL_TYPE_EMPTY);
    assert_true(otel_value_next(&it, &item) && item.type == OTEL_TYPE_EMPTY);
    assert_true(otel_value_next(&it, &item) && item.type == OTEL_TYPE_INTS && item.size == 0);
    assert_true(otel_value_next(&it, &item) && item.type == OTEL_TYPE_BYTES && item.size == 0 && item.u.data != NULL);
    assert_false(otel_value_next(&it, &item));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_in_memory),
        cmocka_unit_test(arrays_encoded),
        cmocka_unit_test(maps_give_each_key_once),
        cmocka_unit_test(broken_bytes_end_an_iteration),
        cmocka_unit_test(other_values_have_nothing_in_them),
        cmocka_unit_test(elements_are_settled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
