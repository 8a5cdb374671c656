/* Reading and changing a record in processors: visible behind, undone in front, 32 changes. */
#include "sdk_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.record", NULL);

#define PROCESSOR(which)                                                                                               \
    static const otel_log_processor_ops which##_ops = {                                                                \
        .size = sizeof(otel_log_processor_ops), .name = "of the test", .emit = which##_emit};                          \
    static otel_log_processor *which##_new(void)                                                                       \
    {                                                                                                                  \
        return otel_log_processor_new(sizeof(otel_log_processor), &which##_ops);                                       \
    }

static void change_emit(otel_log_processor *self, otel_log_record *record)
{
    char stack[] = "from the stack";
    assert_true(otel_log_record_set(record, OTEL_STR("added", stack)));
    assert_true(otel_log_record_set(record, OTEL_STR("email", "***")));
    assert_true(otel_log_record_remove(record, "secret"));
    assert_true(otel_log_record_remove(record, "was never there"));
    record->severity = OTEL_SEVERITY_WARN;
    record->body = otel_string(stack);
    record->event_name = (otel_str){"named", 5};
    record->time_unix_nano = 77;
    memset(record->span_context.trace_id, 9, 16);
    memset(record->span_context.span_id, 9, 8);
    otel_log_pass(self, record);
    memset(stack, 'x', sizeof stack - 1);
}
PROCESSOR(change)

static void a_change_is_seen_behind(void **unused)
{
    (void)unused;
    otel_log_exporter *memory;
    otel_log_processor *list[] = {change_new(), remembering(&memory)};
    otel_provider *p = provider_of(list, 2);
    otel_provider_set_global(p);
    otel_value v;
    OTEL_LOG_INFO(&logger, "body", OTEL_STR("email", "a@b"), OTEL_STR("secret", "s"), OTEL_STR("kept", "k"));
    const otel_log_record *r = otel_memory_exporter_at(memory, 0);
    assert_true(attr_is(r, "added", "from the stack") && attr_is(r, "email", "***") && attr_is(r, "kept", "k"));
    assert_true(attr_is(r, "code.function.name", "a_change_is_seen_behind"));
    assert_false(otel_log_record_get(r, "secret", &v));
    assert_int_equal(r->severity, OTEL_SEVERITY_WARN);
    assert_true(text_is(&r->body, "from the stack"));
    assert_int_equal(r->time_unix_nano, 77);
    assert_int_equal(r->span_context.trace_id[3], 9);
    assert_memory_equal(r->event_name.data, "named", 5);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

/* A router: its children see what it was given, not what a sibling did. */
typedef struct router {
    otel_log_processor base;
    otel_log_processor *children[2];
} router;

static void router_emit(otel_log_processor *self, otel_log_record *record)
{
    router *r = (router *)self;
    otel_value v;
    otel_log_record before = *record;
    for (int i = 0; i < 2; i++) {
        otel_log_processor_emit(r->children[i], record);
        assert_false(otel_log_record_get(record, "added", &v));
        assert_true(attr_is(record, "email", "a@b"));
        assert_int_equal(record->severity, before.severity);
        assert_memory_equal(&record->body, &before.body, sizeof before.body);
    }
    otel_log_pass(self, record);
}

static void router_destroy(otel_log_processor *self)
{
    for (int i = 0; i < 2; i++) otel_log_processor_destroy(((router *)self)->children[i]);
}
static const otel_log_processor_ops router_ops = {
    .size = sizeof router_ops, .name = "router", .emit = router_emit, .destroy = router_destroy};

static void a_sibling_and_who_comes_later_see_nothing_of_it(void **unused)
{
    (void)unused;
    otel_log_exporter *sibling, *behind;
    router *r = otel_log_processor_new(sizeof *r, &router_ops);
    r->children[0] = change_new();
    r->children[1] = remembering(&sibling);
    otel_log_processor *list[] = {&r->base, remembering(&behind)};
    otel_provider *p = provider_of(list, 2);
    otel_provider_set_global(p);
    otel_value v;
    OTEL_LOG_INFO(&logger, "body", OTEL_STR("email", "a@b"), OTEL_STR("secret", "s"));
    assert_int_equal(otel_memory_exporter_count(sibling), 1);
    assert_int_equal(otel_memory_exporter_count(behind), 1);
    otel_log_exporter *both[] = {sibling, behind};
    for (int i = 0; i < 2; i++) {
        const otel_log_record *seen = otel_memory_exporter_at(both[i], 0);
        assert_true(attr_is(seen, "email", "a@b") && attr_is(seen, "secret", "s"));
        assert_false(otel_log_record_get(seen, "added", &v));
        assert_int_equal(seen->severity, OTEL_SEVERITY_INFO);
    }
    assert_books(p);
    otel_pipeline_books books;
    assert_true(otel_provider_pipeline_books(p, 1, &books)); /* the router's child is a pipeline too */
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static int changes_done;

static void many_emit(otel_log_processor *self, otel_log_record *record)
{
    static const char keys[40][4] = {"c00", "c01", "c02", "c03", "c04", "c05", "c06", "c07", "c08", "c09",
                                     "c10", "c11", "c12", "c13", "c14", "c15", "c16", "c17", "c18", "c19",
                                     "c20", "c21", "c22", "c23", "c24", "c25", "c26", "c27", "c28", "c29",
                                     "c30", "c31", "c32", "c33", "c34", "c35", "c36", "c37", "c38", "c39"};
    for (int i = 0; i < 40; i++)
        if (otel_log_record_set(record, OTEL_INT(keys[i], i))) changes_done++;
    otel_log_pass(self, record);
}
PROCESSOR(many)

static void thirty_two_changes_and_no_more(void **unused)
{
    (void)unused;
    otel_log_exporter *memory;
    otel_log_processor *list[] = {many_new(), many_new(), remembering(&memory)};
    otel_provider *p = provider_of(list, 3);
    otel_provider_set_global(p);
    otel_value v;
    said_begin();
    changes_done = 0;
    OTEL_LOG_INFO(&logger, "x");
    said_end();
    assert_int_equal(changes_done, 32); /* the second has none left */
    assert_true(said("more than 32"));
    assert_true(otel_log_record_get(otel_memory_exporter_at(memory, 0), "c31", &v));
    assert_false(otel_log_record_get(otel_memory_exporter_at(memory, 0), "c32", &v));
    changes_done = 0;
    OTEL_LOG_INFO(&logger, "x"); /* each record anew */
    assert_int_equal(changes_done, 32);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static void refuse_emit(otel_log_processor *self, otel_log_record *record)
{
    otel_value v;
    assert_false(otel_log_record_set(record, OTEL_INT("", 1)));
    assert_false(otel_log_record_set(record, otel_attrn(NULL, 0, otel_int(1))));
    assert_false(otel_log_record_set(record, OTEL_WITH_EVENT_NAME("x")));
    assert_false(otel_log_record_remove(record, NULL));
    assert_false(otel_log_record_set(NULL, OTEL_INT("k", 1)));
    assert_false(otel_log_record_get(record, NULL, &v));
    assert_false(otel_log_record_get(record, "k", NULL));
    assert_false(otel_log_record_get(NULL, "k", &v));
    assert_true(otel_log_record_set(record, OTEL_INT("k", 1)));
    assert_true(otel_log_record_remove(record, "k"));
    assert_false(otel_log_record_get(record, "k", &v));
    assert_true(otel_log_record_set(record, OTEL_INT("k", 2)));
    assert_true(otel_log_record_set(record, OTEL_INT("k", 3)));
    assert_true(otel_log_record_get(record, "k", &v) && v.u.integer == 3);
    int seen = 0;
    otel_attr a;
    for (otel_iter it = otel_log_record_attrs(record); otel_attr_next(&it, &a);)
        if (a.key_size == 1 && a.key[0] == 'k') seen++;
    assert_int_equal(seen, 1);
    assert_non_null(record->context);
    assert_non_null(record->scope);
    assert_non_null(record->resource);
    otel_log_pass(self, record);
}
PROCESSOR(refuse)

static void changes_on_changes(void **unused)
{
    (void)unused;
    otel_log_exporter *memory;
    otel_log_processor *list[] = {refuse_new(), remembering(&memory)};
    otel_provider *p = provider_of(list, 2);
    otel_provider_set_global(p);
    otel_logger_log(&logger, NULL, 9, otel_string("x"), NULL, 0);
    const otel_log_record *r = otel_memory_exporter_at(memory, 0);
    otel_value v;
    assert_true(otel_log_record_get(r, "k", &v) && v.u.integer == 3);
    otel_provider_stop(p, 1000);
}

static void a_record_of_ones_own_can_be_read_not_changed(void **unused)
{
    (void)unused;
    otel_attr a[] = {OTEL_INT("a", 1), OTEL_WITH_TIME(5), OTEL_INT("a", 2), otel_attr_end(), OTEL_INT("b", 3)};
    otel_log_record r = {.size = sizeof r, .attributes = a, .attribute_count = 5};
    otel_value v;
    assert_true(otel_log_record_get(&r, "a", &v) && v.u.integer == 2);
    assert_false(otel_log_record_get(&r, "b", &v));
    assert_false(otel_log_record_set(&r, OTEL_INT("a", 3)));
    assert_false(otel_log_record_remove(&r, "a"));
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_seen_behind), cmocka_unit_test(a_sibling_and_who_comes_later_see_nothing_of_it),
        cmocka_unit_test(thirty_two_changes_and_no_more), cmocka_unit_test(changes_on_changes),
        cmocka_unit_test(a_record_of_ones_own_can_be_read_not_changed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
