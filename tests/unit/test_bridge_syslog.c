/* <otel/bridges/syslog.h>: a source written for syslog(3), as it stands. Libc's own calls are replaced by spies, which
 * see what goes to the system's log. */
#include "bridge_fixture.h"
#include <errno.h>
#include <otel/bridges/syslog.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char to_system[256]; /* the last line for the system's log */
static char system_ident[64];

void(vsyslog)(int priority, const char *format, va_list arguments)
{
    int n = snprintf(to_system, sizeof to_system, "<%d>", priority);
    vsnprintf(to_system + n, sizeof to_system - (size_t)n, format, arguments);
}

void(openlog)(const char *ident, int option, int facility)
{
    snprintf(system_ident, sizeof system_ident, "%s %d %d", ident ? ident : "-", option, facility);
}

void(closelog)(void)
{
    snprintf(system_ident, sizeof system_ident, "closed");
}

static int vlog(int priority, const char *format, ...) OTEL_PRINTF(2, 3);
static int vlog(int priority, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsyslog(priority, format, arguments);
    int line = __LINE__ - 1;
    va_end(arguments);
    return line;
}

static void priorities_become_severities(void **unused)
{
    (void)unused;
    static const struct {
        int priority;
        otel_severity severity;
        const char *text;
    } cases[] = {{LOG_EMERG, 21, "emerg"}, {LOG_ALERT, 19, "alert"},     {LOG_CRIT, 18, "crit"},
                 {LOG_ERR, 17, "err"},     {LOG_WARNING, 13, "warning"}, {LOG_NOTICE, 10, "notice"},
                 {LOG_INFO, 9, "info"},    {LOG_DEBUG, 5, "debug"}};
    listen_begin();
    for (size_t i = 0; i < 8; i++) {
        syslog(cases[i].priority, "number %zu", i);
        assert_true(has_severity(heard_last(), cases[i].severity, cases[i].text));
        assert_string_equal(heard_last()->scope->name, "syslog");
    }
    assert_int_equal(heard(), 8);
    listen_end();
}

static void the_place_of_the_call_is_known(void **unused)
{
    (void)unused;
    listen_begin();
    syslog(LOG_INFO, "here");
    int line = __LINE__ - 1;
    assert_true(has_number(heard_last(), "code.line.number", line));
    assert_true(attr_is(heard_last(), "code.function.name", "the_place_of_the_call_is_known"));
    assert_true(attr_is(heard_last(), "code.file.path", __FILE__));
    line = vlog(LOG_INFO, "there %d", 2);
    assert_true(says(heard_last(), "there 2") && has_number(heard_last(), "code.line.number", line));
    listen_end();
}

static bool facility_is(int priority, int facility)
{
    syslog(priority, "x");
    return has_number(heard_last(), "syslog.facility", facility >> 3);
}

static void the_facility_is_the_lines_else_that_of_openlog(void **unused)
{
    (void)unused;
    listen_begin();
    assert_true(facility_is(LOG_INFO, LOG_USER));
    openlog("x", 0, LOG_DAEMON);
    assert_true(facility_is(LOG_INFO, LOG_DAEMON));
    assert_true(facility_is(LOG_INFO | LOG_LOCAL7, LOG_LOCAL7));
    assert_true(facility_is(LOG_INFO | LOG_AUTHPRIV, LOG_AUTHPRIV));
    openlog("x", 0, 0); /* says nothing about it */
    assert_true(facility_is(LOG_INFO, LOG_DAEMON));
    openlog("x", 0, 0x7fff); /* is none */
    assert_true(facility_is(LOG_INFO, LOG_DAEMON));
    openlog("x", 0, LOG_USER);
    closelog();
    listen_end();
}

static void the_ident_is_copied(void **unused)
{
    (void)unused;
    char ident[] = "short-lived", process[16];
    snprintf(process, sizeof process, "%d", (int)getpid());
    listen_begin();
    openlog(ident, LOG_PID, LOG_USER);
    memset(ident, 'x', sizeof ident - 1);
    syslog(LOG_INFO, "x");
    assert_true(attr_is(heard_last(), "syslog.appname", "short-lived"));
    assert_true(attr_is(heard_last(), "syslog.procid", process));
    openlog(NULL, 0, LOG_USER); /* keeps the ident */
    syslog(LOG_INFO, "x");
    assert_true(attr_is(heard_last(), "syslog.appname", "short-lived"));
    assert_true(lacks(heard_last(), "syslog.procid"));
    closelog();
    syslog(LOG_INFO, "x");
    assert_true(attr_is(heard_last(), "syslog.appname", "test_bridge_syslog"));
    listen_end();
}

static void a_long_ident_is_cut_between_characters(void **unused)
{
    (void)unused;
    char ident[100], expected[64] = "";
    memset(ident, 'i', sizeof ident);
    memcpy(ident + 61, "\xe2\x82\xac", 4); /* over the border: bytes 62 to 64 */
    memset(expected, 'i', 61);
    listen_begin();
    openlog(ident, 0, LOG_USER);
    syslog(LOG_INFO, "x");
    assert_true(attr_is(heard_last(), "syslog.appname", expected));
    closelog();
    listen_end();
}

static void the_mask_holds_and_answers(void **unused)
{
    (void)unused;
    listen_begin();
    assert_int_equal(setlogmask(0), 0xff);
    assert_int_equal(setlogmask(LOG_UPTO(LOG_WARNING)), 0xff);
    assert_int_equal(setlogmask(0), LOG_UPTO(LOG_WARNING));
    syslog(LOG_NOTICE, "not wanted");
    assert_int_equal(heard(), 0);
    syslog(LOG_WARNING, "wanted");
    assert_int_equal(heard(), 1);
    assert_int_equal(setlogmask(0xff), LOG_UPTO(LOG_WARNING));
    listen_end();
}

static const char *volatile const percent_m = "open: %m\n"; /* ISO C does not know it */

static void percent_m_is_the_callers_errno(void **unused)
{
    (void)unused;
    listen_begin();
    errno = EACCES;
    syslog(LOG_ERR, percent_m);
    assert_int_equal(errno, EACCES);
    assert_true(says(heard_last(), "open: Permission denied"));
    listen_end();
}

/* What is written to standard error while it runs. */
static void caught(int option, const char *ident, char *text, size_t size)
{
    int ends[2], before = dup(STDERR_FILENO);
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    openlog(ident, option, LOG_USER);
    syslog(LOG_INFO, "said\n");
    closelog();
    dup2(before, STDERR_FILENO);
    close(before);
    close(ends[1]);
    ssize_t n = read(ends[0], text, size - 1);
    close(ends[0]);
    text[n < 0 ? 0 : n] = 0;
}

static void perror_writes_what_libc_writes(void **unused)
{
    (void)unused;
    char text[128], expected[128];
    listen_begin();
    caught(LOG_PERROR, "tag", text, sizeof text);
    assert_string_equal(text, "tag: said\n");
    caught(LOG_PERROR | LOG_PID, "tag", text, sizeof text);
    snprintf(expected, sizeof expected, "tag[%d]: said\n", (int)getpid());
    assert_string_equal(text, expected);
    caught(LOG_PID, "tag", text, sizeof text);
    assert_string_equal(text, "");
    assert_int_equal(heard(), 3);
    listen_end();
}

static void without_a_provider_the_system_hears_it(void **unused)
{
    (void)unused;
    *to_system = 0;
    openlog("tag", LOG_PID, LOG_MAIL);
    assert_string_equal(system_ident, "tag 1 16");
    syslog(LOG_ERR, "before %d", 1);
    assert_string_equal(to_system, "<3>before 1");
    listen_begin();
    syslog(LOG_ERR, "ours");
    assert_string_equal(to_system, "<3>before 1");
    listen_end();
    syslog(LOG_ERR | LOG_CRON, "after");
    assert_string_equal(to_system, "<75>after");
    closelog();
    assert_string_equal(system_ident, "closed");
}

static void a_missing_format_is_nothing(void **unused)
{
    (void)unused;
    listen_begin();
    (otel_syslog)(NULL, 0, NULL, LOG_INFO, NULL);
    assert_int_equal(heard(), 0);
    (otel_syslog)(NULL, 0, NULL, LOG_INFO, "x");
    assert_true(lacks(heard_last(), "code.file.path"));
    listen_end();
}

static void as_an_expression(void **unused)
{
    (void)unused;
    listen_begin();
    for (int i = 0; i < 2; i++) i ? syslog(LOG_INFO, "one") : syslog(LOG_INFO, "zero");
    assert_true(says(heard_at(0), "zero") && says(heard_at(1), "one"));
    listen_end();
}

static void say_once(void)
{
    syslog(LOG_INFO, "once");
}

static void nobody_feeds_himself(void **unused)
{
    (void)unused;
    expect_no_loop(say_once);
    expect_errno_kept(say_once);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(priorities_become_severities),
        cmocka_unit_test(the_place_of_the_call_is_known),
        cmocka_unit_test(the_facility_is_the_lines_else_that_of_openlog),
        cmocka_unit_test(the_ident_is_copied),
        cmocka_unit_test(a_long_ident_is_cut_between_characters),
        cmocka_unit_test(the_mask_holds_and_answers),
        cmocka_unit_test(percent_m_is_the_callers_errno),
        cmocka_unit_test(perror_writes_what_libc_writes),
        cmocka_unit_test(without_a_provider_the_system_hears_it),
        cmocka_unit_test(a_missing_format_is_nothing),
        cmocka_unit_test(as_an_expression),
        cmocka_unit_test(nobody_feeds_himself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
