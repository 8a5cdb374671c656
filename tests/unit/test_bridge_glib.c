/* <otel/bridges/glib.h> with the real GLib: what its macros, its structured calls and its old ones log. */
#define G_LOG_DOMAIN "test-domain"
#define G_LOG_USE_STRUCTURED 1
#include <otel/bridges/glib.h>
#include "bridge_fixture.h"
#include "child.h"
#include "domain.h"
#include <errno.h>
#include <otel/otel.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void macros_become_records(void **unused)
{
    (void)unused;
    listen_begin();
    g_warning("%s is %d", "x", 4);
    int line = __LINE__ - 1;
    const otel_log_record *r = heard_last();
    assert_true(says(r, "x is 4") && has_severity(r, OTEL_SEVERITY_WARN, "WARNING"));
    assert_string_equal(r->scope->name, "test-domain");
    assert_true(attr_is(r, "code.file.path", __FILE__) && has_number(r, "code.line.number", line));
    assert_true(attr_is(r, "code.function.name", "macros_become_records"));
    assert_true(lacks(r, "PRIORITY") && lacks(r, "MESSAGE") && lacks(r, "GLIB_DOMAIN"));
    assert_true(r->time_unix_nano > 0 && r->observed_time_unix_nano > 0);
    g_critical("c");
    assert_true(has_severity(heard_last(), OTEL_SEVERITY_ERROR, "CRITICAL"));
    g_message("m");
    assert_true(has_severity(heard_last(), OTEL_SEVERITY_INFO2, "MESSAGE"));
    g_info("i");
    assert_true(has_severity(heard_last(), OTEL_SEVERITY_INFO, "INFO"));
    g_debug("d");
    assert_true(has_severity(heard_last(), OTEL_SEVERITY_DEBUG, "DEBUG"));
    listen_end();
}

static void the_old_call_comes_through_too(void **unused)
{
    (void)unused;
    listen_begin();
    g_log("old-domain", G_LOG_LEVEL_MESSAGE, "old %s\n", "way");
    assert_true(says(heard_last(), "old way") && heard_last()->severity == OTEL_SEVERITY_INFO2);
    assert_string_equal(heard_last()->scope->name, "old-domain");
    assert_true(lacks(heard_last(), "GLIB_OLD_LOG_API"));
    g_log(NULL, G_LOG_LEVEL_INFO, "nobody's");
    assert_string_equal(heard_last()->scope->name, "glib");
    listen_end();
}

static void fields_become_attributes(void **unused)
{
    (void)unused;
    static const char binary[] = {0, 1, (char)0xff};
    const GLogField fields[] = {{"MESSAGE", "body\n", -1},      {"MY_FIELD", "text", -1}, {"BYTES", binary, 3},
                                {"CODE_LINE", "no number", -1}, {NULL, "x", -1},          {"GONE", NULL, -1}};
    otel_value value;
    listen_begin();
    g_log_structured_array(G_LOG_LEVEL_INFO, fields, 6);
    assert_true(says(heard_last(), "body") && attr_is(heard_last(), "MY_FIELD", "text"));
    assert_true(otel_log_record_get(heard_last(), "BYTES", &value));
    assert_true(value.type == OTEL_TYPE_BYTES && value.size == 3 && memcmp(value.u.data, binary, 3) == 0);
    assert_true(lacks(heard_last(), "code.line.number") && lacks(heard_last(), "GONE"));
    g_log_structured("structured", G_LOG_LEVEL_WARNING, "ORDER", "A-17", "MESSAGE", "order %d", 17);
    assert_true(says(heard_last(), "order 17") && attr_is(heard_last(), "ORDER", "A-17"));
    assert_string_equal(heard_last()->scope->name, "structured");
    listen_end();
}

/* A message with a length has no NUL. */
static void a_message_of_a_length_is_text(void **unused)
{
    (void)unused;
    const GLogField field = {"MESSAGE", "bodyXXX", 4};
    listen_begin();
    g_log_structured_array(G_LOG_LEVEL_INFO, &field, 1);
    assert_true(says(heard_last(), "body"));
    listen_end();
}

static void levels_of_ones_own_go_by_priority(void **unused)
{
    (void)unused;
    static const otel_severity severities[] = {21, 19, 18, 17, 13, 10, 9, 5};
    char digit[2] = "0";
    const GLogField fields[] = {{"MESSAGE", "x", -1}, {"PRIORITY", digit, -1}};
    listen_begin();
    for (int i = 0; i < 8; i++) {
        digit[0] = (char)('0' + i);
        g_log_structured_array((GLogLevelFlags)(1 << G_LOG_LEVEL_USER_SHIFT), fields, 2);
        assert_int_equal(heard_last()->severity, severities[i]);
    }
    digit[0] = 'x';
    g_log_structured_array((GLogLevelFlags)(1 << G_LOG_LEVEL_USER_SHIFT), fields, 2);
    assert_int_equal(heard_last()->severity, OTEL_SEVERITY_INFO);
    listen_end();
}

static void too_many_fields_are_counted(void **unused)
{
    (void)unused;
    enum { MANY = 300 };
    static char keys[MANY][8];
    static GLogField fields[MANY];
    for (int i = 0; i < MANY; i++) {
        snprintf(keys[i], sizeof keys[i], "K%d", i);
        fields[i] = (GLogField){keys[i], "v", -1};
    }
    listen_begin();
    g_log_structured_array(G_LOG_LEVEL_INFO, fields, MANY);
    const otel_log_record *r = heard_last();
    assert_true(attr_is(r, "K0", "v") && lacks(r, "K299"));
    assert_true(r->dropped_attribute_count >= MANY - 128);
    listen_end();
}

/* More domains than the table has places for, and one whose name is too long: each is its logger's name all the same.
 */
static void every_domain_has_its_logger(void **unused)
{
    (void)unused;
    char name[100];
    listen_begin();
    for (int turn = 0; turn < 2; turn++) {
        for (int i = 0; i < 100; i++) {
            snprintf(name, sizeof name, "domain-%d", i);
            g_log(name, G_LOG_LEVEL_INFO, "x");
            assert_string_equal(heard_last()->scope->name, name);
        }
    }
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = 0;
    g_log(name, G_LOG_LEVEL_INFO, "x");
    assert_string_equal(heard_last()->scope->name, name);
    assert_null(otel__glib_domain_logger(name));
    assert_ptr_equal(otel__glib_domain_logger("test-domain"), otel__glib_domain_logger("test-domain"));
    listen_end();
}

/* Threads that meet new domains at the same moment: each gets a logger of the right name. */
static void *ask_for_domains(void *wrong)
{
    char name[32];
    for (int i = 0; i < 40; i++) {
        snprintf(name, sizeof name, "thread-domain-%d", i);
        const otel_logger *logger = otel__glib_domain_logger(name);
        if (logger && strcmp(logger->scope.name, name) != 0) atomic_fetch_add((_Atomic int *)wrong, 1);
    }
    return NULL;
}

static void threads_share_the_table(void **unused)
{
    (void)unused;
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    _Atomic int wrong = 0;
    for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_create(&threads[i], NULL, ask_for_domains, &wrong), 0);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&wrong), 0);
}

static int fatal(void *unused)
{
    (void)unused;
    child_environment("console", NULL);
    g_log_set_writer_func(otel_glib_log_writer, NULL, NULL);
    otel_start(NULL);
    g_error("the end");
    return 0;
}

static void an_error_is_fatal_and_arrives(void **unused)
{
    (void)unused;
    child_end end = child_run(fatal, NULL, 10000);
    assert_true(end.number == SIGTRAP || end.number == SIGABRT);
    assert_non_null(strstr(end.text, "FATAL (ERROR) test-domain: the end"));
    free(end.text);
}

static int silent(void *unused)
{
    (void)unused;
    g_log_set_writer_func(otel_glib_log_writer, NULL, NULL);
    g_message("nobody started anything");
    return 0;
}

static void without_a_provider_glib_writes_it(void **unused)
{
    (void)unused;
    child_end end = child_run(silent, NULL, 10000);
    assert_int_equal(end.code, 0);
    assert_non_null(strstr(end.text, "nobody started anything"));
    free(end.text);
}

static void say_once(void)
{
    g_info("once");
}

static void nobody_feeds_himself(void **unused)
{
    (void)unused;
    expect_no_loop_where_it_logs(say_once, 0); /* GLib itself writes such a line to standard error */
    expect_no_loop_where_it_exports(say_once);
    listen_begin();
    errno = EXDEV;
    say_once();
    assert_int_equal(errno, EXDEV);
    listen_end();
}

static int set_writer(void **unused)
{
    (void)unused;
    g_log_set_writer_func(otel_glib_log_writer, NULL, NULL);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_is_fatal_and_arrives), /* in processes of their own, before a writer is set here */
        cmocka_unit_test(without_a_provider_glib_writes_it), cmocka_unit_test_setup(macros_become_records, set_writer),
        cmocka_unit_test(the_old_call_comes_through_too),    cmocka_unit_test(fields_become_attributes),
        cmocka_unit_test(a_message_of_a_length_is_text),     cmocka_unit_test(levels_of_ones_own_go_by_priority),
        cmocka_unit_test(too_many_fields_are_counted),       cmocka_unit_test(threads_share_the_table),
        cmocka_unit_test(every_domain_has_its_logger),       cmocka_unit_test(nobody_feeds_himself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
