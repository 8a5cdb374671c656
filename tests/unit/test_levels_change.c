/* Levels that change while loggers are in use: by the program, and by their file. */
#include "sdk_fixture.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static otel_logger shop = OTEL_LOGGER_INIT("shop", NULL), noisy = OTEL_LOGGER_INIT("shop.noisy", NULL);
static otel_log_exporter *memory;

static otel_provider *begin(otel_options options)
{
    otel_log_processor *list[] = {remembering(&memory)};
    otel_provider *p = provider_with(list, 1, options);
    assert_non_null(p);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    return p;
}

static void loggers_in_use_obey_at_once(void **unused)
{
    (void)unused;
    otel_provider *p = begin((otel_options){.log_levels = NULL});
    OTEL_LOG_TRACE(&shop, "yes");
    OTEL_LOG_TRACE(&noisy, "yes");
    assert_int_equal(otel_provider_set_log_levels(p, "*=info,shop.noisy=error"), OTEL_OK);
    assert_false(otel_logger_enabled(&shop, OTEL_SEVERITY_DEBUG));
    OTEL_LOG_DEBUG(&shop, "no");
    OTEL_LOG_WARN(&noisy, "no");
    OTEL_LOG_INFO(&shop, "yes");
    assert_int_equal(otel_log_gate[0], OTEL_SEVERITY_INFO);
    assert_int_equal(otel_log_gate[1], 1);
    assert_int_equal(otel_memory_exporter_count(memory), 3);
    assert_int_equal(otel_provider_set_log_levels(p, "*=warn"), OTEL_OK);
    assert_int_equal(otel_log_gate[1], 0); /* all alike: nobody needs to be asked */
    assert_int_equal(otel_provider_set_log_levels(p, NULL), OTEL_OK);
    assert_int_equal(otel_log_gate[0], OTEL_SEVERITY_TRACE);
    OTEL_LOG_TRACE(&noisy, "yes");
    assert_int_equal(otel_memory_exporter_count(memory), 4);
    assert_books(p);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    assert_int_equal(otel_log_gate[0], OTEL_GATE_CLOSED);
}

static void the_started_one_is_meant_by_null(void **unused)
{
    (void)unused;
    assert_int_equal(otel_provider_set_log_levels(NULL, "*=warn"), OTEL_ERR_ARGUMENT);
    otel_log_processor *list[] = {remembering(&memory)};
    assert_int_equal(otel_sdk_start(&(otel_options){.log_processors = list, .log_processor_count = 1}), OTEL_OK);
    assert_int_equal(otel_provider_set_log_levels(NULL, "shop*=warn"), OTEL_OK);
    assert_false(otel_logger_enabled(&shop, OTEL_SEVERITY_INFO));
    assert_int_equal(otel_stop(60000), OTEL_OK);
}

static void a_provider_that_is_not_attached_remembers(void **unused)
{
    (void)unused;
    otel_log_processor *list[] = {remembering(&memory)};
    otel_provider *p = provider_of(list, 1);
    assert_int_equal(otel_provider_set_log_levels(p, "*=error"), OTEL_OK);
    assert_int_equal(otel_log_gate[0], OTEL_GATE_CLOSED);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    assert_int_equal(otel_log_gate[0], OTEL_SEVERITY_ERROR);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

/* (Logs SDK, "LoggerConfig", trace_based) */
static void records_of_traces_that_are_not_sampled_are_dropped_where_that_is_wanted(void **unused)
{
    (void)unused;
    otel_provider *p = begin((otel_options){.log_trace_based = "lib, shop.*"});
    otel_context sampled = {.span_context = {.trace_id = {1}, .span_id = {2}, .flags = OTEL_TRACE_FLAG_SAMPLED}};
    otel_context not_sampled = sampled, none = {.span_context = {.flags = 0}};
    not_sampled.span_context.flags = 0;
    assert_true(otel_logger_enabled_in(&noisy, OTEL_SEVERITY_INFO, &sampled));
    assert_true(otel_logger_enabled_in(&noisy, OTEL_SEVERITY_INFO, &none));
    assert_false(otel_logger_enabled_in(&noisy, OTEL_SEVERITY_INFO, &not_sampled));
    assert_true(otel_logger_enabled_in(&shop, OTEL_SEVERITY_INFO, &not_sampled));
    OTEL_LOG_INFO(&noisy, "yes", OTEL_WITH_CONTEXT(&sampled));
    OTEL_LOG_INFO(&noisy, "yes: no trace");
    OTEL_LOG_INFO(&noisy, "no", OTEL_WITH_CONTEXT(&not_sampled));
    OTEL_LOG_INFO(&shop, "yes: another logger", OTEL_WITH_CONTEXT(&not_sampled));
    otel_context_token token;
    int evaluated = 0;
    otel_context_attach(&not_sampled, &token);
    OTEL_LOG_INFO(&noisy, "no", OTEL_INT("n", evaluated++));
    assert_true(otel_context_detach(&token));
    assert_int_equal(evaluated, 0);
    assert_int_equal(otel_memory_exporter_count(memory), 3);
    assert_books(p);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static _Atomic bool enough;

static void *log_on(void *unused)
{
    (void)unused;
    while (!atomic_load(&enough)) {
        OTEL_LOG_INFO(&shop, "x");
        OTEL_LOG_ERROR(&noisy, "x");
    }
    return NULL;
}

static void changing_under_fire(void **unused)
{
    (void)unused;
    pthread_t threads[4];
    scripted_log log = {0};
    otel_log_processor *list[] = {otel_batch_log_processor_new(SCRIPTED_OK(&log), NULL)};
    otel_provider *p = provider_of(list, 1);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    atomic_store(&enough, false);
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, log_on, NULL);
    for (int i = 0; i < 2000; i++)
        assert_int_equal(otel_provider_set_log_levels(p, i % 2 ? "*=warn,shop.noisy=off" : "shop*=debug"), OTEL_OK);
    atomic_store(&enough, true);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    assert_books(p);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static char path[] = "/tmp/otel-levels-XXXXXX";

static void write_levels(const char *text)
{
    char other[sizeof path + 8];
    snprintf(other, sizeof other, "%s.new", path);
    FILE *f = fopen(other, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    assert_int_equal(rename(other, path), 0);
}

static bool becomes(otel_logger *logger, otel_severity severity, bool enabled)
{
    for (int64_t until = now_ms() + 30000; now_ms() < until; sleep_ms(10))
        if (otel_logger_enabled(logger, severity) == enabled) return true;
    return false;
}

static void the_file_is_read_again_when_it_changes(void **unused)
{
    (void)unused;
    close(mkstemp(path));
    write_levels("# of the shop\n*=info # all\nshop.noisy = error\n");
    otel_provider *p = begin((otel_options){.log_levels = "*=trace", .log_levels_file = path});
    assert_false(otel_logger_enabled(&shop, OTEL_SEVERITY_DEBUG)); /* from the start on */
    assert_false(otel_logger_enabled(&noisy, OTEL_SEVERITY_WARN));
    write_levels("*=debug");
    assert_true(becomes(&shop, OTEL_SEVERITY_DEBUG, true));
    assert_true(otel_logger_enabled(&noisy, OTEL_SEVERITY_WARN));
    said_begin();
    assert_int_equal(unlink(path), 0);
    for (int64_t until = now_ms() + 30000; now_ms() < until && !said("cannot be read"); sleep_ms(10)) {}
    assert_true(said("cannot be read"));
    assert_true(otel_logger_enabled(&shop, OTEL_SEVERITY_DEBUG));
    write_levels("*=off");
    assert_true(becomes(&shop, OTEL_SEVERITY_FATAL4, false));
    assert_int_equal(said_times("cannot be read"), 1);
    said_end();
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    unlink(path);
}

static void a_host_without_a_thread_looks_when_it_polls(void **unused)
{
    (void)unused;
    strcpy(path, "/tmp/otel-levels-XXXXXX");
    close(mkstemp(path));
    write_levels("*=warn");
    otel_provider *p = begin((otel_options){.log_levels_file = path, .run = OTEL_RUN_HOST});
    assert_false(otel_logger_enabled(&shop, OTEL_SEVERITY_INFO));
    otel_poll(p);
    assert_in_range(otel_poll_timeout_ms(p), 0, 1000);
    write_levels("*=info");
    for (int64_t until = now_ms() + 30000; now_ms() < until; sleep_ms(20)) {
        otel_poll(p);
        if (otel_logger_enabled(&shop, OTEL_SEVERITY_INFO)) break;
    }
    assert_true(otel_logger_enabled(&shop, OTEL_SEVERITY_INFO));
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    unlink(path);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loggers_in_use_obey_at_once),
        cmocka_unit_test(the_started_one_is_meant_by_null),
        cmocka_unit_test(a_provider_that_is_not_attached_remembers),
        cmocka_unit_test(records_of_traces_that_are_not_sampled_are_dropped_where_that_is_wanted),
        cmocka_unit_test(changing_under_fire),
        cmocka_unit_test(the_file_is_read_again_when_it_changes),
        cmocka_unit_test(a_host_without_a_thread_looks_when_it_polls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
