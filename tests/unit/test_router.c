/* The router: rules, children, Enabled, ownership, forks. */
#include "processor_fixture.h"
#include "tries.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static otel_logger shop = OTEL_LOGGER_INIT("shop.checkout", NULL), audit = OTEL_LOGGER_INIT("audit.login", NULL);

enum { ERRORS, AUDIT, EVENTS, GIFTS, OTHERS, CHILDREN };

/* Five children with a memory each. */
typedef struct children {
    otel_log_exporter *memory[CHILDREN];
    otel_log_processor *lists[CHILDREN][1];
    otel_route routes[CHILDREN - 1];
} children;

static void make_children(children *c)
{
    for (int i = 0; i < CHILDREN; i++) c->lists[i][0] = remembering(&c->memory[i]);
    c->routes[ERRORS] = (otel_route){.min_severity = OTEL_SEVERITY_ERROR};
    c->routes[AUDIT] = (otel_route){.scope = "audit.*"};
    c->routes[EVENTS] = (otel_route){.event_name = "order.*"};
    c->routes[GIFTS] = (otel_route){.attribute = OTEL_BOOL("gift", true)};
    for (int i = 0; i < CHILDREN - 1; i++) {
        c->routes[i].processors = c->lists[i];
        c->routes[i].processor_count = 1;
    }
}

static void log_some(void)
{
    OTEL_LOG_ERROR(&shop, "error");
    OTEL_LOG_ERROR(&audit, "audit error", OTEL_BOOL("gift", true));
    OTEL_LOG_INFO(&audit, "audit");
    OTEL_LOG_INFO(&shop, "event", OTEL_WITH_EVENT_NAME("order.placed"));
    OTEL_LOG_INFO(&shop, "gift", OTEL_BOOL("gift", true));
    OTEL_LOG_INFO(&shop, "no gift", OTEL_BOOL("gift", false));
    OTEL_LOG_INFO(&shop, "a text", OTEL_STR("gift", "true"));
    otel_logger_log(&shop, NULL, OTEL_SEVERITY_UNSPECIFIED, otel_string("no severity"), NULL, 0);
}

static void expect_counts(const children *c, const size_t counts[CHILDREN])
{
    for (int i = 0; i < CHILDREN; i++) assert_int_equal(otel_memory_exporter_count(c->memory[i]), counts[i]);
}

static void the_first_route_that_matches(void **unused)
{
    (void)unused;
    children c;
    make_children(&c);
    otel_log_processor *list[] = {otel_router_log_processor_new(&(otel_router_options){
        .routes = c.routes, .route_count = CHILDREN - 1, .otherwise = c.lists[OTHERS], .otherwise_count = 1})};
    otel_provider *p = provider_of(list, 1);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    log_some();
    expect_counts(&c, (const size_t[]){2, 1, 1, 1, 3});
    assert_int_equal(books_of(list[0]).passed, 8);
    assert_books(p);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static void every_route_that_matches(void **unused)
{
    (void)unused;
    children c;
    otel_log_exporter *behind;
    make_children(&c);
    otel_log_processor *list[] = {otel_router_log_processor_new(&(otel_router_options){.routes = c.routes,
                                                                                       .route_count = CHILDREN - 1,
                                                                                       .otherwise = c.lists[OTHERS],
                                                                                       .otherwise_count = 1,
                                                                                       .mode = OTEL_ROUTE_ALL,
                                                                                       .pass_on = 1}),
                                  remembering(&behind)};
    otel_provider *p = provider_of(list, 2);
    otel_books books;
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    log_some();
    expect_counts(&c, (const size_t[]){2, 2, 1, 2, 3});
    assert_int_equal(otel_memory_exporter_count(behind), 8);
    assert_true(otel_provider_books(p, &books));
    assert_int_equal(books.delivered, 8); /* once each, however many took it */
    assert_books(p);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static void what_no_route_takes_goes_on(void **unused)
{
    (void)unused;
    otel_log_exporter *errors;
    otel_log_processor *list[] = {remembering(&errors)};
    otel_route routes[] = {
        {.min_severity = OTEL_SEVERITY_ERROR, .processors = list, .processor_count = 1},
        {.scope = "audit.*"} /* nowhere */
    };
    bench b = bench_of(otel_router_log_processor_new(&(otel_router_options){.routes = routes, .route_count = 2}));
    log_some();
    assert_int_equal(otel_memory_exporter_count(errors), 2);
    assert_int_equal(arrived(&b), 5);
    assert_int_equal(books_of(b.processor).dropped_unwanted, 0); /* the macro has asked first */
    otel_logger_log(&audit, NULL, OTEL_SEVERITY_INFO, otel_string("x"), NULL, 0);
    assert_int_equal(books_of(b.processor).dropped_unwanted, 1);
    bench_stop(&b);
}

static void any_child_that_wants_it_is_enough(void **unused)
{
    (void)unused;
    otel_log_exporter *few, *events;
    otel_log_processor *first[] = {
        otel_filter_log_processor_new(&(otel_filter_options){.min_severity = OTEL_SEVERITY_WARN}), remembering(&few)};
    otel_log_processor *second[] = {
        otel_filter_log_processor_new(&(otel_filter_options){.min_severity = OTEL_SEVERITY_INFO}),
        remembering(&events)};
    otel_route routes[] = {{.scope = "shop.*", .processors = first, .processor_count = 2},
                           {.event_name = "order.*", .processors = second, .processor_count = 2}};
    otel_log_processor *list[] = {
        otel_router_log_processor_new(&(otel_router_options){.routes = routes, .route_count = 2})};
    otel_provider *p = provider_of(list, 1);
    int evaluated = 0;
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    assert_true(otel_logger_enabled(&shop, OTEL_SEVERITY_WARN));
    assert_false(otel_logger_enabled(&shop, OTEL_SEVERITY_INFO)); /* the first route takes all of shop's */
    assert_true(otel_logger_enabled(&audit, OTEL_SEVERITY_INFO)); /* it may be an event of that name */
    assert_false(otel_logger_enabled(&audit, OTEL_SEVERITY_DEBUG));
    OTEL_LOG_INFO(&shop, "x", OTEL_INT("n", ++evaluated));
    OTEL_LOG_DEBUG(&audit, "x", OTEL_INT("n", ++evaluated));
    assert_int_equal(evaluated, 0);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

/* Nobody knows yet whether it will be an event of that name: both ways count. */
static void a_route_that_may_not_match_settles_nothing(void **unused)
{
    (void)unused;
    otel_log_exporter *few, *all;
    otel_log_processor *first[] = {
        otel_filter_log_processor_new(&(otel_filter_options){.min_severity = OTEL_SEVERITY_WARN}), remembering(&few)};
    otel_log_processor *otherwise[] = {remembering(&all)};
    otel_route routes[] = {{.event_name = "order.*", .processors = first, .processor_count = 2}};
    otel_log_processor *list[] = {otel_router_log_processor_new(
        &(otel_router_options){.routes = routes, .route_count = 1, .otherwise = otherwise, .otherwise_count = 1})};
    otel_provider *p = provider_of(list, 1);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    OTEL_LOG_INFO(&shop, "no event");
    OTEL_LOG_INFO(&shop, "an event", OTEL_WITH_EVENT_NAME("order.placed"));
    assert_int_equal(otel_memory_exporter_count(all), 1);
    assert_int_equal(otel_memory_exporter_count(few), 0);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

/* What a child wants is wanted, whatever stands behind the router. */
static void who_stands_behind_has_no_veto(void **unused)
{
    (void)unused;
    otel_log_exporter *debug, *behind;
    otel_log_processor *child[] = {remembering(&debug)};
    otel_route routes[] = {{.max_severity = OTEL_SEVERITY_DEBUG4, .processors = child, .processor_count = 1}};
    otel_log_processor *list[] = {
        otel_router_log_processor_new(&(otel_router_options){.routes = routes, .route_count = 1}),
        otel_filter_log_processor_new(&(otel_filter_options){.min_severity = OTEL_SEVERITY_WARN}),
        remembering(&behind)};
    otel_provider *p = provider_of(list, 3);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    assert_false(otel_logger_enabled(&shop, OTEL_SEVERITY_INFO));
    OTEL_LOG_DEBUG(&shop, "debug");
    OTEL_LOG_INFO(&shop, "info");
    OTEL_LOG_WARN(&shop, "warn");
    assert_int_equal(otel_memory_exporter_count(debug), 1);
    assert_int_equal(otel_memory_exporter_count(behind), 1);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static void batch_children_have_books_flush_and_stop(void **unused)
{
    (void)unused;
    scripted_log logs[2] = {{0}, {0}};
    otel_log_processor *kids[2][1];
    for (int i = 0; i < 2; i++)
        kids[i][0] =
            otel_batch_log_processor_new(SCRIPTED_OK(&logs[i]), &(otel_batch_options){.schedule_delay_ms = 60000});
    otel_route routes[] = {{.min_severity = OTEL_SEVERITY_ERROR, .processors = kids[0], .processor_count = 1}};
    otel_log_processor *list[] = {otel_router_log_processor_new(
        &(otel_router_options){.routes = routes, .route_count = 1, .otherwise = kids[1], .otherwise_count = 1})};
    otel_provider *p = provider_of(list, 1);
    otel_pipeline_books books;
    assert_true(otel_provider_pipeline_books(p, 1, &books)); /* before any record */
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    for (int i = 0; i < 10; i++) OTEL_LOG_ERROR(&shop, "error");
    for (int i = 0; i < 20; i++) OTEL_LOG_INFO(&shop, "info");
    assert_int_equal(otel_provider_flush(p, 60000), OTEL_OK);
    assert_int_equal(logs[0].records, 10);
    assert_int_equal(logs[1].records, 20);
    assert_true(otel_provider_pipeline_books(p, 1, &books));
    assert_int_equal(books.exported, 20);
    assert_books(p);
    OTEL_LOG_ERROR(&shop, "one more");
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    assert_int_equal(logs[0].records, 11);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(logs[i].shutdowns, 1);
        assert_int_equal(logs[i].destroys, 1);
    }
}

/* A child whose backend hangs does not cost its sibling the flush. */
static bool hang_in_a_child(void *argument)
{
    static const scripted_step never[] = {{.status = OTEL_EXPORT_PENDING, .later = OTEL_EXPORT_PENDING}};
    scripted_log *logs = next_log(argument);
    const otel_batch_options slow = {.schedule_delay_ms = 60000};
    otel_log_processor *hanging[] = {
        otel_batch_log_processor_new(scripted_new(SCRIPTED_ASYNC, never, 1, &logs[0]), &slow)};
    otel_log_processor *well[] = {otel_batch_log_processor_new(SCRIPTED_OK(&logs[1]), &slow)};
    otel_route routes[] = {{.processors = hanging, .processor_count = 1}, {.processors = well, .processor_count = 1}};
    otel_log_processor *list[] = {otel_router_log_processor_new(
        &(otel_router_options){.routes = routes, .route_count = 2, .mode = OTEL_ROUTE_ALL})};
    otel_provider *p = provider_of(list, 1);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    OTEL_LOG_INFO(&shop, "flushed");
    assert_int_equal(otel_provider_flush(p, 300), OTEL_ERR_TIMEOUT);
    assert_true(soon(&logs[1].records, 1));
    OTEL_LOG_INFO(&shop, "stopped");
    bool in_time = stops_in_time(p, 300, &logs[0]) && logs[1].records == 2; /* nothing was leaked for it */
    return in_time && logs[1].destroys == 1;
}

static void a_hanging_child_delays_nobody(void **unused)
{
    static scripted_log logs[8];
    (void)unused;
    assert_true(in_three_tries(hang_in_a_child, logs));
}

static void a_child_is_flushed_shut_down_forked_and_destroyed_once(void **unused)
{
    (void)unused;
    counted a = {0}, b = {0}, c = {0};
    otel_log_processor *first[] = {counting_new(&a), counting_new(&b)}, *otherwise[] = {counting_new(&c)};
    otel_route routes[] = {{.scope = "shop.*", .processors = first, .processor_count = 2}};
    otel_log_processor *list[] = {otel_router_log_processor_new(
        &(otel_router_options){.routes = routes, .route_count = 1, .otherwise = otherwise, .otherwise_count = 1})};
    otel_provider *p = provider_of(list, 1);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    OTEL_LOG_INFO(&shop, "x");
    assert_int_equal(otel_provider_flush(p, 60000), OTEL_OK);
    otel_log_processor_after_fork(list[0]);
    assert_int_equal(books_of(list[0]).taken, 0);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    const counted *all[] = {&a, &b, &c};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(all[i]->emits, i < 2);
        assert_int_equal(all[i]->flushes, 1);
        assert_int_equal(all[i]->shutdowns, 1);
        assert_int_equal(all[i]->forks, 1);
        assert_int_equal(all[i]->destroys, 1);
    }
}

typedef struct forked {
    otel_provider *provider;
    scripted_log *used, *unused;
} forked;

/* Both exporters are told of the fork, once each: the provider knows the one that had a record. */
static bool child_logs(void *argument)
{
    const forked *f = argument;
    OTEL_LOG_ERROR(&shop, "child");
    OTEL_LOG_INFO(&shop, "child");
    bool flushed = otel_provider_flush(f->provider, 60000) == OTEL_OK;
    return flushed && f->used->forks == 1 && f->unused->forks == 1 && f->used->records == 2 && f->unused->records == 1;
}

static void exporters_of_children_hear_of_a_fork(void **unused)
{
    (void)unused;
    scripted_log logs[2] = {{0}, {0}};
    otel_log_processor *errors[] = {otel_batch_log_processor_new(SCRIPTED_OK(&logs[0]), NULL)};
    otel_log_processor *others[] = {otel_simple_log_processor_new(SCRIPTED_OK(&logs[1]))};
    otel_route routes[] = {{.min_severity = OTEL_SEVERITY_ERROR, .processors = errors, .processor_count = 1}};
    otel_log_processor *list[] = {otel_router_log_processor_new(
        &(otel_router_options){.routes = routes, .route_count = 1, .otherwise = others, .otherwise_count = 1})};
    otel_provider *p = provider_of(list, 1);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    OTEL_LOG_ERROR(&shop, "parent");
    assert_int_equal(otel_provider_flush(p, 60000), OTEL_OK);
    forked f = {p, &logs[0], &logs[1]};
    assert_true(in_child(child_logs, &f));
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

/* Said when the provider is made, not by the first record that would have to go there. */
static void a_child_that_cannot_work_refuses_the_provider(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    counted counts = {0};
    otel_log_processor *first[] = {counting_new(&counts)},
                       *rest[] = {
                           otel_batch_log_processor_new(scripted_new(SCRIPTED_BLOCKS, scripted_ok, 1, &log), NULL)};
    otel_route routes[] = {{.scope = "x", .processors = first, .processor_count = 1}};
    otel_log_processor *list[] = {otel_router_log_processor_new(
        &(otel_router_options){.routes = routes, .route_count = 1, .otherwise = rest, .otherwise_count = 1})};
    said_begin();
    assert_null(provider_with(list, 1, (otel_options){.run = OTEL_RUN_HOST}));
    assert_true(said("exporter scripted blocks"));
    assert_int_equal(log.destroys, 1);
    assert_int_equal(counts.destroys, 1);
    said_end();
}

static void refusals_destroy_what_was_given(void **unused)
{
    (void)unused;
    counted a = {0};
    otel_log_processor *gap[] = {counting_new(&a), NULL}, *twice[] = {counting_new(&a)}, *lone[] = {counting_new(&a)};
    otel_log_processor *bad[] = {counting_new(&a)}, *mode[] = {counting_new(&a)}, *list[] = {counting_new(&a)};
    otel_route with_gap[] = {{.processors = gap, .processor_count = 2}};
    otel_route with_twice[] = {{.scope = "a", .processors = twice, .processor_count = 1},
                               {.scope = "b", .processors = twice, .processor_count = 1}};
    otel_route with_bad[] = {{.scope = "a*b", .processors = bad, .processor_count = 1}};
    otel_route with_map[] = {{.attribute = OTEL_INTS("k", NULL, 0), .processors = list, .processor_count = 1}};
    said_begin();
    assert_null(otel_router_log_processor_new(&(otel_router_options){.routes = with_gap, .route_count = 1}));
    assert_true(said("route 0: a processor is missing"));
    assert_int_equal(a.destroys, 1);
    assert_null(otel_router_log_processor_new(&(otel_router_options){.routes = with_twice, .route_count = 2}));
    assert_true(said("route 1: a processor stands in two places"));
    assert_int_equal(a.destroys, 2);
    assert_null(otel_router_log_processor_new(&(otel_router_options){.routes = with_bad, .route_count = 1}));
    assert_int_equal(a.destroys, 3);
    assert_null(
        otel_router_log_processor_new(&(otel_router_options){.otherwise = mode, .otherwise_count = 1, .mode = 7}));
    assert_int_equal(a.destroys, 4);
    assert_null(otel_router_log_processor_new(&(otel_router_options){.routes = with_map, .route_count = 1}));
    assert_int_equal(a.destroys, 5);
    assert_null(otel_router_log_processor_new(
        &(otel_router_options){.route_count = 1, .otherwise = lone, .otherwise_count = 1}));
    assert_int_equal(a.destroys, 6);
    assert_true(said("router: its 1 routes are missing"));
    assert_null(otel_router_log_processor_new(&(otel_router_options){.otherwise_count = 1}));
    said_end();
}

static void without_memory_all_children_are_destroyed(void **unused)
{
    (void)unused;
    uint32_t n = 0;
    for (bool done = false; !done; n++) {
        counted a = {0};
        otel_log_processor *first[] = {counting_new(&a), counting_new(&a)}, *rest[] = {counting_new(&a)};
        otel_route routes[] = {{.scope = "shop",
                                .event_name = "e*",
                                .attribute = OTEL_STR("k", "v"),
                                .processors = first,
                                .processor_count = 2}};
        memory_fails_at(n);
        otel_log_processor *p = otel_router_log_processor_new(
            &(otel_router_options){.routes = routes, .route_count = 1, .otherwise = rest, .otherwise_count = 1});
        done = p != NULL;
        assert_int_equal(a.destroys, done ? 0 : 3);
        otel_log_processor_destroy(p);
        assert_int_equal(a.destroys, 3);
        memory_is_back();
    }
    assert_int_equal(n, 7);
}

/* Nothing comes past a router that takes all: the environment's exporter would never get a record. */
static void the_environment_is_not_put_behind_one_that_takes_all(void **unused)
{
    (void)unused;
    otel_log_exporter *memory;
    otel_log_processor *all[] = {remembering(&memory)};
    otel_log_processor *list[] = {
        otel_router_log_processor_new(&(otel_router_options){.otherwise = all, .otherwise_count = 1})};
    setenv("OTEL_LOGS_EXPORTER", "no-such-exporter", 1);
    said_begin();
    otel_provider *p = otel_provider_new(&(otel_options){.log_processors = list, .log_processor_count = 1});
    assert_non_null(p);
    assert_true(said("OTEL_LOGS_EXPORTER is ignored"));
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    otel_log_processor *some[] = {remembering(&memory)};
    otel_route routes[] = {{.scope = "audit.*", .processors = some, .processor_count = 1}};
    list[0] = otel_router_log_processor_new(&(otel_router_options){.routes = routes, .route_count = 1});
    p = otel_provider_new(&(otel_options){.log_processors = list, .log_processor_count = 1});
    assert_true(said("there is no exporter \"no-such-exporter\"")); /* it was looked for */
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    said_end();
    unsetenv("OTEL_LOGS_EXPORTER");
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_first_route_that_matches),
                                       cmocka_unit_test(every_route_that_matches),
                                       cmocka_unit_test(what_no_route_takes_goes_on),
                                       cmocka_unit_test(any_child_that_wants_it_is_enough),
                                       cmocka_unit_test(a_route_that_may_not_match_settles_nothing),
                                       cmocka_unit_test(who_stands_behind_has_no_veto),
                                       cmocka_unit_test(batch_children_have_books_flush_and_stop),
                                       cmocka_unit_test(a_hanging_child_delays_nobody),
                                       cmocka_unit_test(a_child_is_flushed_shut_down_forked_and_destroyed_once),
                                       cmocka_unit_test(exporters_of_children_hear_of_a_fork),
                                       cmocka_unit_test(a_child_that_cannot_work_refuses_the_provider),
                                       cmocka_unit_test(refusals_destroy_what_was_given),
                                       cmocka_unit_test(without_memory_all_children_are_destroyed),
                                       cmocka_unit_test(the_environment_is_not_put_behind_one_that_takes_all)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
