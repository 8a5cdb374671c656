/* Baggage in memory that the caller gives. */
#include <otel/baggage.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char buffer[256];

static otel_baggage baggage_of(size_t capacity)
{
    otel_baggage b;
    memset(buffer, 0x55, sizeof buffer);
    otel_baggage_init(&b, buffer, capacity);
    return b;
}

static otel_str text(const char *t)
{
    return (otel_str){t, strlen(t)};
}

static bool set(otel_baggage *b, const char *name, const char *value, const char *metadata)
{
    const otel_baggage_entry e = {.name = text(name), .value = text(value), .metadata = text(metadata)};
    return otel_baggage_set_entry(b, &e);
}

/* "name=value;metadata," in order. */
static const char *all_of(const otel_baggage *b)
{
    static char out[512];
    uint32_t cursor = 0, count = 0;
    otel_baggage_entry e;
    size_t at = 0;
    out[0] = '\0';
    while (otel_baggage_next(b, &cursor, &e)) {
        at += (size_t)sprintf(out + at, "%.*s=%.*s", (int)e.name.size, e.name.data, (int)e.value.size, e.value.data);
        at += (size_t)sprintf(out + at, e.metadata.size ? ";%.*s," : ",", (int)e.metadata.size, e.metadata.data);
        count++;
    }
    assert_int_equal(count, b->count);
    return out;
}

static void entries_are_set_and_found(void **unused)
{
    (void)unused;
    otel_baggage b = baggage_of(sizeof buffer);
    otel_baggage_entry e;
    assert_string_equal(all_of(&b), "");
    assert_false(otel_baggage_get(&b, "a", &e));
    assert_true(otel_baggage_set(&b, "a", "1"));
    assert_true(set(&b, "b", "2", "m;n"));
    assert_true(otel_baggage_set(&b, "c", ""));
    assert_true(otel_baggage_set(&b, "d", NULL));
    assert_string_equal(all_of(&b), "a=1,b=2;m;n,c=,d=,");
    assert_true(otel_baggage_get(&b, "b", &e));
    assert_int_equal(e.metadata.size, 3);
    assert_true(otel_baggage_get(&b, "c", &e));
    assert_non_null(e.value.data); /* empty, which is not absent */
    assert_null(e.metadata.data);
    assert_false(otel_baggage_get(&b, "A", &e)); /* case counts */
    assert_false(otel_baggage_get(&b, "", &e));
}

static void a_name_has_one_value(void **unused)
{
    (void)unused;
    otel_baggage b = baggage_of(sizeof buffer);
    set(&b, "a", "1", "m");
    set(&b, "b", "2", "");
    assert_true(set(&b, "a", "longer", ""));
    assert_string_equal(all_of(&b), "b=2,a=longer,");
    assert_true(set(&b, "b", "", "n"));
    assert_string_equal(all_of(&b), "a=longer,b=;n,");
}

static void removing_and_clearing(void **unused)
{
    (void)unused;
    otel_baggage b = baggage_of(sizeof buffer);
    set(&b, "a", "1", "m");
    set(&b, "b", "2", "");
    set(&b, "c", "3", "");
    assert_true(otel_baggage_remove(&b, "b"));
    assert_true(otel_baggage_remove(&b, "b"));
    assert_string_equal(all_of(&b), "a=1;m,c=3,");
    assert_true(otel_baggage_remove(&b, "a"));
    assert_true(otel_baggage_remove(&b, "c"));
    assert_int_equal(b.size, 0);
    set(&b, "a", "1", "");
    otel_baggage_clear(&b);
    assert_string_equal(all_of(&b), "");
}

/* Exactly as much room as an entry needs, and one byte less. */
static void without_room_nothing_changes(void **unused)
{
    (void)unused;
    const size_t one = OTEL_BAGGAGE_ENTRY_OVERHEAD + 4;
    otel_baggage b = baggage_of(one - 1);
    assert_false(otel_baggage_set(&b, "k", "123"));
    assert_string_equal(all_of(&b), "");
    b = baggage_of(one);
    assert_true(otel_baggage_set(&b, "k", "123"));
    assert_false(otel_baggage_set(&b, "l", ""));
    assert_false(otel_baggage_set(&b, "k", "1234"));
    assert_string_equal(all_of(&b), "k=123,");
    assert_true(otel_baggage_set(&b, "k", "456")); /* in the place of the old one */
    assert_string_equal(all_of(&b), "k=456,");
    assert_int_equal(buffer[one], 0x55);
    b = baggage_of(2 * one);
    set(&b, "a", "123", "");
    set(&b, "b", "123", "");
    assert_true(otel_baggage_set(&b, "a", "9"));
    assert_string_equal(all_of(&b), "b=123,a=9,");
    assert_int_equal(buffer[2 * one], 0x55);
}

static void an_entry_may_be_made_of_its_own_parts(void **unused)
{
    (void)unused;
    otel_baggage b = baggage_of(128);
    otel_baggage_entry e, f;
    set(&b, "a", "12345", "m");
    set(&b, "b", "67890", "");
    assert_true(otel_baggage_get(&b, "a", &e));
    e.value = (otel_str){e.value.data + 2, 3};
    assert_true(otel_baggage_set_entry(&b, &e));
    assert_string_equal(all_of(&b), "b=67890,a=345;m,");
    otel_baggage_get(&b, "a", &e);
    otel_baggage_get(&b, "b", &f);
    e.value = f.value;
    e.metadata = f.name;
    assert_true(otel_baggage_set_entry(&b, &e));
    assert_string_equal(all_of(&b), "b=67890,a=67890;b,");
    b = baggage_of(2 * OTEL_BAGGAGE_ENTRY_OVERHEAD + 8); /* with no room beside the old one: refused, nothing broken */
    set(&b, "a", "12345", "");
    otel_baggage_get(&b, "a", &e);
    e.metadata = e.value;
    e.value = (otel_str){e.value.data, 4};
    assert_false(otel_baggage_set_entry(&b, &e));
    assert_string_equal(all_of(&b), "a=12345,");
}

static void values_are_bytes(void **unused)
{
    (void)unused;
    otel_baggage b = baggage_of(sizeof buffer);
    const otel_baggage_entry odd = {.name = {"n\0m", 3}, .value = {"1\0002", 3}, .metadata = {"\0", 1}};
    otel_baggage_entry e;
    uint32_t cursor = 0;
    assert_true(otel_baggage_set_entry(&b, &odd));
    assert_false(otel_baggage_get(&b, "n", &e));
    assert_true(otel_baggage_next(&b, &cursor, &e));
    assert_memory_equal(e.name.data, "n\0m", 3);
    assert_memory_equal(e.value.data, "1\0002", 3);
    assert_int_equal(e.metadata.size, 1);
}

static void copies_hold_the_same(void **unused)
{
    (void)unused;
    char other[128];
    otel_baggage b = baggage_of(sizeof buffer), c;
    set(&b, "a", "1", "m");
    set(&b, "b", "2", "");
    otel_baggage_init(&c, other, sizeof other);
    otel_baggage_set(&c, "old", "x");
    assert_true(otel_baggage_copy(&c, &b));
    assert_string_equal(all_of(&c), "a=1;m,b=2,");
    assert_true(otel_baggage_copy(&c, &c));
    assert_string_equal(all_of(&c), "a=1;m,b=2,");
    assert_true(otel_baggage_copy(&c, NULL));
    assert_string_equal(all_of(&c), "");
    otel_baggage_init(&c, other, 20);
    assert_false(otel_baggage_copy(&c, &b));
    assert_string_equal(all_of(&c), "a=1;m,");
    assert_false(otel_baggage_copy(NULL, &b));
}

static void null_and_nameless_are_refused(void **unused)
{
    (void)unused;
    otel_baggage b = baggage_of(64), none;
    otel_baggage_entry e = {.value = {"1", 1}};
    uint32_t cursor = 0;
    assert_false(otel_baggage_set_entry(&b, &e));
    assert_false(otel_baggage_set_entry(&b, NULL));
    assert_false(otel_baggage_set_entry(NULL, &e));
    assert_false(otel_baggage_set(&b, "", "1"));
    assert_false(otel_baggage_set(&b, NULL, "1"));
    assert_false(otel_baggage_get(&b, NULL, &e));
    assert_false(otel_baggage_get(NULL, "a", &e));
    assert_false(otel_baggage_remove(&b, NULL));
    assert_false(otel_baggage_next(NULL, &cursor, &e));
    otel_baggage_clear(NULL);
    otel_baggage_init(NULL, buffer, 1);
    otel_baggage_init(&none, NULL, 100);
    assert_false(otel_baggage_set(&none, "a", "1"));
    assert_string_equal(all_of(&none), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(entries_are_set_and_found),
                                       cmocka_unit_test(a_name_has_one_value),
                                       cmocka_unit_test(removing_and_clearing),
                                       cmocka_unit_test(without_room_nothing_changes),
                                       cmocka_unit_test(an_entry_may_be_made_of_its_own_parts),
                                       cmocka_unit_test(values_are_bytes),
                                       cmocka_unit_test(copies_hold_the_same),
                                       cmocka_unit_test(null_and_nameless_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
