/* What makes two records the same. (That each field counts is seen in test_deduplicator.) */
#include "record_key.h"
#include "sdk_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void it_says_how_much_and_writes_no_more_than_fits(void **unused)
{
    (void)unused;
    const otel_attr attributes[] = {OTEL_STR("key", "value"), OTEL_ARRAY("list", otel_int(1), otel_bool(true))};
    otel_log_record r = {.size = sizeof r, .body = otel_string("body"), .attributes = attributes, .attribute_count = 2};
    uint8_t whole[512], part[512];
    size_t size = otel__record_key(&r, NULL, 0);
    assert_true(size > 20 && size < sizeof whole);
    assert_int_equal(otel__record_key(&r, whole, sizeof whole), size);
    for (size_t room = 0; room <= size; room++) {
        memset(part, 0xee, sizeof part);
        assert_int_equal(otel__record_key(&r, part, room), size);
        for (size_t i = room; i < sizeof part; i++) assert_int_equal(part[i], 0xee);
    }
    assert_memory_equal(part, whole, size);
}

static void equal_records_in_different_memory(void **unused)
{
    (void)unused;
    char a[] = "text", b[] = "text";
    const otel_attr first[] = {OTEL_STR("k", a)}, second[] = {OTEL_STR("k", b)};
    otel_log_record r = {.size = sizeof r, .attributes = first, .attribute_count = 1, .body = otel_string(a)};
    otel_log_record s = {.size = sizeof s, .attributes = second, .attribute_count = 1, .body = otel_string(b)};
    uint8_t x[256], y[256];
    size_t size = otel__record_key(&r, x, sizeof x);
    assert_int_equal(otel__record_key(&s, y, sizeof y), size);
    assert_memory_equal(x, y, size);
}

/* Lengths and marks: what moves from one field to the next is another record. */
static void nothing_runs_together(void **unused)
{
    (void)unused;
    const otel_value one[] = {otel_string("ab")}, two[] = {otel_string("a"), otel_string("b")};
    otel_log_record r = {.size = sizeof r, .body = otel_array(one, 1)},
                    s = {.size = sizeof s, .body = otel_array(two, 2)};
    uint8_t x[256], y[256];
    size_t m = otel__record_key(&r, x, sizeof x), n = otel__record_key(&s, y, sizeof y);
    assert_false(m == n && memcmp(x, y, n) == 0);
    r.event_name = (otel_str){"ab", 2}, s.event_name = (otel_str){"a", 1};
    r.body = otel_string("c"), s.body = otel_string("bc");
    m = otel__record_key(&r, x, sizeof x), n = otel__record_key(&s, y, sizeof y);
    assert_true(m == n && memcmp(x, y, n) != 0);
}

/* Values whose bytes would be the same without a mark for each, and for its type. */
static void marks_tell_values_apart(void **unused)
{
    (void)unused;
    const otel_value zero[] = {otel_int(0)}, none = otel_empty();
    const otel_value one[] = {otel_array(zero, 1), none, none, none, none, none, none, none, none};
    const otel_value two[] = {otel_array(zero, 0), none, none, none, none, none, none, none, none, otel_int(0)};
    const otel_value pairs[][2] = {{otel_array(one, 9), otel_array(two, 10)},
                                   {otel_string("ab"), otel_bytes("ab", 2)},
                                   {otel_int(0), otel_double(0)}};
    for (size_t i = 0; i < 3; i++) {
        otel_log_record r = {.size = sizeof r, .body = pairs[i][0]}, s = {.size = sizeof s, .body = pairs[i][1]};
        uint8_t x[256], y[256];
        size_t m = otel__record_key(&r, x, sizeof x), n = otel__record_key(&s, y, sizeof y);
        assert_false(m == n && memcmp(x, y, n) == 0);
    }
}

static void too_deep_is_no_key(void **unused)
{
    (void)unused;
    otel_value levels[70];
    levels[0] = otel_int(1);
    for (int i = 1; i < 70; i++) levels[i] = otel_array(&levels[i - 1], 1);
    otel_log_record r = {.size = sizeof r, .body = levels[60]};
    assert_true(otel__record_key(&r, NULL, 0) < 1000);
    r.body = levels[69];
    assert_true(otel__record_key(&r, NULL, 0) == SIZE_MAX);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_says_how_much_and_writes_no_more_than_fits),
                                       cmocka_unit_test(equal_records_in_different_memory),
                                       cmocka_unit_test(nothing_runs_together),
                                       cmocka_unit_test(marks_tell_values_apart), cmocka_unit_test(too_deep_is_no_key)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
