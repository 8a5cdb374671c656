/* Lists of processors: order, ownership, Enabled, flush and shutdown. */
#include "sdk_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.processor", NULL);

static void warn_emit(otel_log_processor *self, otel_log_record *record)
{
    if (OTEL_SEVERITY_RANK(record->severity) >= OTEL_SEVERITY_WARN) otel_log_pass(self, record);
}
static bool warn_enabled(otel_log_processor *self, const otel_scope *scope, otel_severity severity,
                         const otel_context *context)
{
    (void)self;
    assert_string_equal(scope->name, "test.processor");
    assert_non_null(context);
    return OTEL_SEVERITY_RANK(severity) >= OTEL_SEVERITY_WARN;
}
static const otel_log_processor_ops warn_ops = {
    .size = sizeof warn_ops, .name = "warn", .emit = warn_emit, .enabled = warn_enabled};
static otel_log_processor *warn_new(void)
{
    return otel_log_processor_new(sizeof(otel_log_processor), &warn_ops);
}

static void what_stands_before_the_filter_gets_all(void **unused)
{
    (void)unused;
    otel_log_exporter *all = otel_memory_exporter_new(), *few;
    otel_log_processor *list[] = {otel_batch_log_processor_new(all, NULL), warn_new(), remembering(&few)};
    otel_provider *p = provider_of(list, 3);
    otel_books books;
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    assert_true(otel_logger_enabled(&logger, OTEL_SEVERITY_INFO)); /* the first exports it */
    OTEL_LOG_INFO(&logger, "info");
    OTEL_LOG_ERROR(&logger, "error");
    assert_int_equal(otel_provider_flush(p, 60000), OTEL_OK);
    assert_int_equal(otel_memory_exporter_count(all), 2);
    assert_int_equal(otel_memory_exporter_count(few), 1);
    assert_true(otel_provider_books(p, &books));
    assert_int_equal(books.delivered, 2);
    assert_int_equal(books.filtered, 0);
    assert_books(p);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static void a_filter_in_front_counts_and_answers(void **unused)
{
    (void)unused;
    otel_log_exporter *few;
    otel_log_processor *list[] = {warn_new(), remembering(&few)};
    otel_provider *p = provider_of(list, 2);
    otel_books books;
    int evaluated = 0;
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    assert_false(otel_logger_enabled(&logger, OTEL_SEVERITY_INFO));
    assert_true(otel_logger_enabled(&logger, OTEL_SEVERITY_WARN));
    assert_true(otel_logger_enabled(&logger, OTEL_SEVERITY_UNSPECIFIED));
    OTEL_LOG_INFO(&logger, "never evaluated", OTEL_INT("n", ++evaluated));
    assert_int_equal(evaluated, 0);
    otel_logger_log(&logger, NULL, OTEL_SEVERITY_INFO, otel_string("x"), NULL, 0); /* nobody has to ask */
    OTEL_LOG_WARN(&logger, "x");
    assert_true(otel_provider_books(p, &books));
    assert_int_equal(books.filtered, 1);
    assert_int_equal(books.delivered, 1);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static void who_cannot_tell_forces_true(void **unused)
{
    (void)unused;
    counted counts = {0};
    otel_log_processor *list[] = {counting_new(&counts)};
    otel_provider *p = provider_of(list, 1);
    otel_provider *empty = provider_of(NULL, 0);
    otel_books books;
    static otel_logger to_empty = OTEL_LOGGER_INIT("test.processor", NULL);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    assert_int_equal(otel_provider_attach(empty), OTEL_OK);
    to_empty.provider = empty;
    assert_true(otel_logger_enabled(&logger, OTEL_SEVERITY_TRACE));
    assert_false(otel_logger_enabled(&to_empty, OTEL_SEVERITY_FATAL)); /* no processors */
    OTEL_LOG_INFO(&logger, "x");
    assert_true(otel_provider_books(p, &books));
    assert_int_equal(books.filtered, 1); /* nobody exported it */
    assert_int_equal(counts.emits, 1);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    assert_int_equal(otel_provider_stop(empty, 60000), OTEL_OK);
}

/* "I cannot tell" is a yes, whoever stands behind (Logs SDK, "Enabled"). */
static void one_that_cannot_tell_outweighs_a_filter(void **unused)
{
    (void)unused;
    counted counts = {0};
    otel_log_exporter *few;
    otel_log_processor *list[] = {counting_new(&counts), warn_new(), remembering(&few)};
    otel_provider *p = provider_of(list, 3);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    assert_true(otel_logger_enabled(&logger, OTEL_SEVERITY_INFO));
    OTEL_LOG_INFO(&logger, "x");
    assert_int_equal(counts.emits, 1);
    assert_int_equal(otel_memory_exporter_count(few), 0);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static bool yes_enabled(otel_log_processor *self, const otel_scope *scope, otel_severity severity,
                        const otel_context *context)
{
    (void)self, (void)scope, (void)severity, (void)context;
    return true;
}
static void pass_emit(otel_log_processor *self, otel_log_record *record)
{
    otel_log_pass(self, record);
}

static void all_are_asked_until_one_decides(void **unused)
{
    (void)unused;
    static const otel_log_processor_ops passing_ops = {
        .size = sizeof passing_ops, .name = "passing", .emit = pass_emit, .enabled = yes_enabled};
    static const otel_log_processor_ops deciding_ops = {.size = sizeof deciding_ops,
                                                        .name = "deciding",
                                                        .emit = pass_emit,
                                                        .enabled = yes_enabled,
                                                        .flags = OTEL_PROCESSOR_DECIDES};
    static const otel_scope scope = {.name = "test.processor"};
    otel_log_processor *passing = otel_log_processor_new(sizeof *passing, &passing_ops);
    otel_log_processor *deciding = otel_log_processor_new(sizeof *deciding, &deciding_ops), *warn = warn_new();
    passing->next = warn;
    deciding->next = warn;
    assert_false(otel_log_processor_enabled(passing, &scope, OTEL_SEVERITY_INFO, NULL));
    assert_true(otel_log_processor_enabled(passing, &scope, OTEL_SEVERITY_WARN, NULL));
    assert_true(otel_log_processor_enabled(deciding, &scope, OTEL_SEVERITY_INFO, NULL));
    assert_false(otel_log_processor_enabled(NULL, &scope, OTEL_SEVERITY_INFO, NULL));
    otel_log_processor_destroy(passing);
    otel_log_processor_destroy(deciding);
    otel_log_processor_destroy(warn);
}

/* A table from before there were flags: what lies behind it is not read. */
static void an_older_table_is_good(void **unused)
{
    (void)unused;
    static const otel_log_processor_ops older = {.size = offsetof(otel_log_processor_ops, flags),
                                                 .name = "older",
                                                 .emit = pass_emit,
                                                 .enabled = yes_enabled,
                                                 .flags = OTEL_PROCESSOR_DECIDES};
    static const otel_scope scope = {.name = "test.processor"};
    otel_log_processor *p = otel_log_processor_new(sizeof *p, &older), *warn = warn_new();
    assert_non_null(p);
    p->next = warn;
    assert_false(otel_log_processor_enabled(p, &scope, OTEL_SEVERITY_INFO, NULL));
    otel_log_processor_destroy(p);
    otel_log_processor_destroy(warn);
}

/* A processor of one's own, with children: {batch, filter, simple} in front of what the list goes on with. */
typedef struct tee {
    otel_log_processor base;
    otel_log_processor *child;
} tee;
static void tee_emit(otel_log_processor *self, otel_log_record *record)
{
    otel_log_processor_emit(((tee *)self)->child, record);
    otel_log_pass(self, record);
}
static bool tee_enabled(otel_log_processor *self, const otel_scope *scope, otel_severity severity,
                        const otel_context *context)
{
    return otel_log_processor_enabled(((tee *)self)->child, scope, severity, context) ||
           otel_log_processor_enabled(self->next, scope, severity, context);
}
static otel_result tee_flush(otel_log_processor *self, otel_deadline deadline)
{
    otel_result result = OTEL_OK;
    for (otel_log_processor *q = ((tee *)self)->child; q; q = q->next)
        if (otel_log_processor_flush(q, deadline) != OTEL_OK) result = OTEL_ERR_TIMEOUT;
    return result;
}
static otel_result tee_shutdown(otel_log_processor *self, otel_deadline deadline)
{
    for (otel_log_processor *q = ((tee *)self)->child; q; q = q->next) otel_log_processor_shutdown(q, deadline);
    return OTEL_OK;
}
static void tee_destroy(otel_log_processor *self)
{
    for (otel_log_processor *q = ((tee *)self)->child, *next; q; q = next) {
        next = q->next;
        otel_log_processor_destroy(q);
    }
}
static const otel_log_processor_ops tee_ops = {.size = sizeof tee_ops,
                                               .name = "tee",
                                               .emit = tee_emit,
                                               .enabled = tee_enabled,
                                               .flush = tee_flush,
                                               .shutdown = tee_shutdown,
                                               .destroy = tee_destroy,
                                               .flags = OTEL_PROCESSOR_DECIDES};

static void a_branch_answers_for_its_list(void **unused)
{
    (void)unused;
    otel_log_exporter *all = otel_memory_exporter_new(), *warnings, *behind;
    tee *t = otel_log_processor_new(sizeof *t, &tee_ops);
    otel_log_processor *branch[] = {otel_batch_log_processor_new(all, NULL), warn_new(), remembering(&warnings)};
    branch[0]->next = branch[1];
    branch[1]->next = branch[2];
    t->child = branch[1];
    otel_log_processor *list[] = {&t->base, warn_new(), remembering(&behind)};
    otel_provider *p = provider_of(list, 3);
    otel_books books;
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    assert_false(otel_logger_enabled(&logger, OTEL_SEVERITY_INFO)); /* neither branch wants it */
    t->child = branch[0];
    assert_true(otel_logger_enabled(&logger, OTEL_SEVERITY_INFO)); /* the batch processor does */
    OTEL_LOG_INFO(&logger, "info");
    OTEL_LOG_WARN(&logger, "warn");
    assert_int_equal(otel_provider_flush(p, 60000), OTEL_OK);
    assert_int_equal(otel_memory_exporter_count(all), 2);
    assert_int_equal(otel_memory_exporter_count(warnings), 1);
    assert_int_equal(otel_memory_exporter_count(behind), 1);
    assert_true(otel_provider_books(p, &books));
    assert_int_equal(books.delivered, 2);
    assert_books(p);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

/* What a processor sets is undone when its emit returns: neither its sibling nor what comes behind the branch sees it.
 */
static void change_emit(otel_log_processor *self, otel_log_record *record)
{
    char here[] = "changed";
    record->severity = OTEL_SEVERITY_FATAL;
    record->body = otel_string(here);
    otel_log_record_set(record, OTEL_STR("k", here));
    otel_log_record_remove(record, "gone");
    otel_log_pass(self, record);
}

static void what_one_sets_is_undone_behind_it(void **unused)
{
    (void)unused;
    static const otel_log_processor_ops change_ops = {.size = sizeof change_ops, .name = "change", .emit = change_emit};
    otel_log_exporter *changed, *behind;
    tee *t = otel_log_processor_new(sizeof *t, &tee_ops);
    t->child = otel_log_processor_new(sizeof(otel_log_processor), &change_ops);
    t->child->next = remembering(&changed);
    otel_log_processor *list[] = {&t->base, remembering(&behind)};
    otel_provider *p = provider_of(list, 2);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    OTEL_LOG_INFO(&logger, "as it was", OTEL_STR("k", "v"), OTEL_INT("gone", 1));
    const otel_log_record *a = otel_memory_exporter_at(changed, 0), *b = otel_memory_exporter_at(behind, 0);
    otel_value value;
    assert_true(a && text_is(&a->body, "changed") && attr_is(a, "k", "changed") && a->severity == OTEL_SEVERITY_FATAL);
    assert_false(otel_log_record_get(a, "gone", &value));
    assert_true(b && text_is(&b->body, "as it was") && attr_is(b, "k", "v") && b->severity == OTEL_SEVERITY_INFO);
    assert_true(otel_log_record_get(b, "gone", &value));
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

/* The provider tells the exporters that it knows; those of a child that it has not met are told by the child's owner.
 */
static void an_exporter_hears_of_a_fork_once(void **unused)
{
    (void)unused;
    scripted_log logs[2] = {{0}, {0}};
    otel_log_processor *list[] = {otel_batch_log_processor_new(SCRIPTED_OK(&logs[0]), NULL),
                                  otel_simple_log_processor_new(SCRIPTED_OK(&logs[1]))};
    for (int i = 0; i < 2; i++) otel_log_processor_after_fork(list[i]);
    assert_int_equal(logs[0].forks, 1);
    assert_int_equal(logs[1].forks, 1);
    otel_provider *p = provider_of(list, 2);
    for (int i = 0; i < 2; i++) otel_log_processor_after_fork(list[i]);
    assert_int_equal(logs[0].forks, 1);
    assert_int_equal(logs[1].forks, 1);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static void each_is_flushed_shut_down_and_destroyed_once(void **unused)
{
    (void)unused;
    counted a = {0}, b = {0};
    scripted_log log = {0};
    otel_log_processor *list[] = {counting_new(&a), otel_simple_log_processor_new(SCRIPTED_OK(&log)), counting_new(&b)};
    otel_provider *p = provider_of(list, 3);
    assert_int_equal(otel_provider_flush(p, 60000), OTEL_OK);
    assert_int_equal(a.flushes, 1);
    assert_int_equal(b.flushes, 1);
    assert_int_equal(log.flushes, 1);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    assert_int_equal(a.shutdowns, 1);
    assert_int_equal(b.shutdowns, 1);
    assert_int_equal(log.shutdowns, 1);
    assert_int_equal(a.destroys, 1);
    assert_int_equal(b.destroys, 1);
    assert_int_equal(log.destroys, 1);
}

static void incomplete_tables_are_refused(void **unused)
{
    (void)unused;
    static const otel_log_processor_ops no_emit = {.size = sizeof no_emit, .name = "x"};
    static const otel_log_processor_ops short_one = {.size = 8, .name = "x", .emit = warn_emit};
    static const otel_log_exporter_ops no_export = {.size = sizeof no_export, .name = "x"};
    assert_null(otel_log_processor_new(sizeof(otel_log_processor), &no_emit));
    assert_null(otel_log_processor_new(sizeof(otel_log_processor), &short_one));
    assert_null(otel_log_processor_new(sizeof(otel_log_processor), NULL));
    assert_null(otel_log_processor_new(8, &warn_ops));
    assert_null(otel_log_exporter_new(sizeof(otel_log_exporter), &no_export));
    assert_null(otel_log_exporter_new(sizeof(otel_log_exporter), NULL));
    otel_log_processor_destroy(NULL);
    otel_log_exporter_destroy(NULL);
    otel_log_pass(NULL, NULL);
    otel_log_processor_emit(NULL, NULL);
    assert_int_equal(otel_log_processor_flush(NULL, (otel_deadline){0}), OTEL_OK);
    assert_int_equal(otel_log_processor_shutdown(NULL, (otel_deadline){0}), OTEL_OK);
    otel_log_processor_after_fork(NULL);
    assert_int_equal(otel_log_processor_start(NULL, NULL), OTEL_OK);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_stands_before_the_filter_gets_all),
                                       cmocka_unit_test(a_filter_in_front_counts_and_answers),
                                       cmocka_unit_test(who_cannot_tell_forces_true),
                                       cmocka_unit_test(one_that_cannot_tell_outweighs_a_filter),
                                       cmocka_unit_test(all_are_asked_until_one_decides),
                                       cmocka_unit_test(an_older_table_is_good),
                                       cmocka_unit_test(a_branch_answers_for_its_list),
                                       cmocka_unit_test(what_one_sets_is_undone_behind_it),
                                       cmocka_unit_test(an_exporter_hears_of_a_fork_once),
                                       cmocka_unit_test(each_is_flushed_shut_down_and_destroyed_once),
                                       cmocka_unit_test(incomplete_tables_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
