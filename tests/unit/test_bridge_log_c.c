/* <otel/bridges/log_c.h> as a callback of log.c (or of its peer, see log_c_peer.h). */
#include "log_c_peer.h"
#include <otel/bridges/log_c.h>
#include "bridge_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static otel_logger named = OTEL_LOGGER_INIT("test.app", "1.0");

static void levels_become_severities(void **unused)
{
    (void)unused;
    static const otel_severity severities[] = {1, 5, 9, 13, 17, 21};
    listen_begin();
    log_trace("%d", 0);
    log_debug("%d", 1);
    log_info("%d", 2);
    log_warn("%d", 3);
    log_error("%d", 4);
    log_fatal("%d", 5);
    assert_int_equal(heard(), 6 + 3); /* the second callback hears WARN and above */
    for (size_t i = 0, level = 0; i < heard(); i++) {
        const otel_log_record *r = heard_at(i);
        bool second = strcmp(r->scope->name, "test.app") == 0;
        if (i && !second) level++;
        assert_true(r->body.size == 1 && r->body.u.string[0] == (char)('0' + level));
        assert_int_equal(r->severity, severities[level]);
        assert_true(second || strcmp(r->scope->name, "log.c") == 0);
    }
    listen_end();
}

static void levels_of_others_are_bounded(void **unused)
{
    (void)unused;
    assert_int_equal(otel_bridge_log_c_severity(-1), OTEL_SEVERITY_TRACE);
    assert_int_equal(otel_bridge_log_c_severity(6), OTEL_SEVERITY_FATAL);
}

static void the_place_of_the_call_is_known(void **unused)
{
    (void)unused;
    listen_begin();
    log_info("%s and %s\n", "one", "two");
    int line = __LINE__ - 1;
    assert_true(says(heard_last(), "one and two"));
    assert_true(attr_is(heard_last(), "code.file.path", __FILE__));
    assert_true(has_number(heard_last(), "code.line.number", line));
    assert_true(lacks(heard_last(), "code.function.name")); /* log.c does not know it */
    listen_end();
}

static void say_once(void)
{
    log_info("once");
}

static void nobody_feeds_himself(void **unused)
{
    (void)unused;
    expect_no_loop(say_once);
    expect_errno_kept(say_once);
}

static int add_callbacks(void **unused)
{
    (void)unused;
    log_set_quiet(true);
    return log_add_callback(otel_log_c_callback, NULL, LOG_TRACE) ||
           log_add_callback(otel_log_c_callback, &named, LOG_WARN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_become_severities),
        cmocka_unit_test(levels_of_others_are_bounded),
        cmocka_unit_test(the_place_of_the_call_is_known),
        cmocka_unit_test(nobody_feeds_himself),
    };
    return cmocka_run_group_tests(tests, add_callbacks, NULL);
}
