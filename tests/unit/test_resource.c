/* Resources: making, merging, reading; what the bytes say is what was given. */
#include "resource/resource.h"
#include "sdk_fixture.h"
#include "wire/reader.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define A "http://example.org/a/1.0.0"
#define B "http://example.org/b/1.0.0"

static const char *text_of(const otel_resource *r, const char *key)
{
    static char text[100];
    otel_value v;
    if (!otel_resource_get(r, key, &v) || v.type != OTEL_TYPE_STRING) return NULL;
    memcpy(text, v.u.string, v.size);
    text[v.size] = '\0';
    return text;
}

static bool url_is(const otel_resource *r, const char *url)
{
    otel_str s = otel_resource_schema_url(r);
    return s.size == strlen(url) && (s.size == 0 || memcmp(s.data, url, s.size) == 0);
}

static void made_of_attributes(void **unused)
{
    (void)unused;
    char key[] = "key", value[] = "value";
    const otel_attr attributes[] = {OTEL_STR(key, value), OTEL_INT("n", 1), OTEL_INT("n", 2), OTEL_INT("", 3)};
    otel_resource *r = otel_resource_new(attributes, 4, A);
    otel_value v;
    otel_attr a;
    memset(key, 'x', 3), memset(value, 'x', 5); /* everything is copied */
    assert_int_equal(otel_resource_count(r), 2);
    assert_string_equal(text_of(r, "key"), "value");
    assert_true(otel_resource_get(r, "n", &v) && v.u.integer == 2);
    assert_false(otel_resource_get(r, "ke", &v));
    assert_true(otel_resource_at(r, 1, &a) && a.key_size == 1 && a.key[0] == 'n');
    assert_false(otel_resource_at(r, 2, &a));
    assert_true(url_is(r, A));
    otel_resource_destroy(r);
}

static void the_empty_resource(void **unused)
{
    (void)unused;
    otel_attr a;
    otel_resource *r = otel_resource_new(NULL, 0, NULL);
    assert_non_null(r);
    assert_int_equal(otel_resource_count(r), 0);
    assert_false(otel_resource_at(r, 0, &a));
    assert_true(url_is(r, ""));
    otel_resource_destroy(r);
}

static otel_resource *merged(const char *old_url, const char *new_url)
{
    const otel_attr old[] = {OTEL_STR("both", "old"), OTEL_STR("old", "x"), OTEL_STR("gone", "x")};
    const otel_attr new[] = {OTEL_STR("new", "y"), OTEL_STR("both", "new"), OTEL_STR("gone", "")};
    otel_resource *a = otel_resource_new(old, 3, old_url), *b = otel_resource_new(new, 3, new_url);
    otel_resource *both = otel_resource_merge(a, b);
    otel_resource_destroy(a);
    otel_resource_destroy(b);
    return both;
}

static void the_updating_one_wins(void **unused)
{
    (void)unused;
    otel_resource *r = merged(NULL, NULL);
    assert_int_equal(otel_resource_count(r), 4);
    assert_string_equal(text_of(r, "both"), "new");
    assert_string_equal(text_of(r, "old"), "x");
    assert_string_equal(text_of(r, "new"), "y");
    assert_string_equal(text_of(r, "gone"), ""); /* an empty value wins too */
    otel_resource_destroy(r);
}

static void schema_urls_are_merged(void **unused)
{
    (void)unused;
    static const struct {
        const char *old, *new, *result;
        bool error;
    } cases[] = {{NULL, NULL, "", false}, {A, NULL, A, false}, {NULL, B, B, false}, {A, "", A, false},
                 {"", B, B, false},       {A, A, A, false},    {A, B, "", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        said_begin();
        otel_resource *r = merged(cases[i].old, cases[i].new);
        assert_true(url_is(r, cases[i].result));
        assert_int_equal(said("two schema URLs"), cases[i].error);
        assert_int_equal(otel_resource_count(r), 4); /* the attributes are there, error or not */
        otel_resource_destroy(r);
        said_end();
    }
}

/* Field 1 is the Resource, field 3 the schema URL: what ResourceLogs begins with. */
static void the_bytes_say_the_same(void **unused)
{
    (void)unused;
    otel_resource *r = merged(A, A);
    const uint8_t *at = r->bytes, *end = at + r->size;
    otel__wire_field field;
    assert_true(otel__wire_next_field(&at, end, &field) && field.number == 1);
    const uint8_t *p = field.bytes, *stop = p + field.size;
    otel_attr a;
    for (size_t i = 0; i < 4; i++) {
        assert_true(otel__wire_next_field(&p, stop, &field) && field.number == 1);
        assert_true(otel__wire_read_key_value(field.bytes, field.size, &a));
    }
    assert_ptr_equal(p, stop);
    assert_true(otel__wire_next_field(&at, end, &field) && field.number == 3);
    assert_int_equal(field.size, strlen(A));
    assert_memory_equal(field.bytes, A, strlen(A));
    assert_ptr_equal(at, end);
    otel_resource_destroy(r);
}

static void text_that_is_not_utf8_is_mended(void **unused)
{
    (void)unused;
    otel_value v;
    const otel_attr attributes[] = {OTEL_STR("k\xff", "v\xff")};
    otel_resource *r = otel_resource_new(attributes, 1, "http://x/\xff");
    assert_true(otel_resource_get(r, "k?", &v) && v.type == OTEL_TYPE_BYTES);
    assert_true(url_is(r, "http://x/?"));
    otel_resource_destroy(r);
}

static void null_is_tolerated(void **unused)
{
    (void)unused;
    otel_value v;
    otel_attr a;
    otel_resource *r = otel_resource_new(NULL, 7, NULL), *both = otel_resource_merge(r, NULL);
    assert_int_equal(otel_resource_count(both), 0);
    otel_resource_destroy(both);
    both = otel_resource_merge(NULL, NULL);
    assert_non_null(both);
    assert_false(otel_resource_get(NULL, "x", &v));
    assert_false(otel_resource_get(r, NULL, &v));
    assert_false(otel_resource_get(r, "x", NULL));
    assert_false(otel_resource_at(NULL, 0, &a));
    assert_false(otel_resource_at(r, 0, NULL));
    assert_int_equal(otel_resource_count(NULL), 0);
    assert_true(url_is(NULL, ""));
    otel_resource_destroy(both);
    otel_resource_destroy(r);
    otel_resource_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(made_of_attributes),     cmocka_unit_test(the_empty_resource),
        cmocka_unit_test(the_updating_one_wins),  cmocka_unit_test(schema_urls_are_merged),
        cmocka_unit_test(the_bytes_say_the_same), cmocka_unit_test(text_that_is_not_utf8_is_mended),
        cmocka_unit_test(null_is_tolerated)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
