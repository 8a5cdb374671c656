/* The call that bridges are made of, and the text they send: trimmed, cut at characters' borders. */
#include "bridge_fixture.h"
#include <errno.h>
#include <otel/bridges/logf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.logf", NULL);

static void say(const otel_log_site *site, const otel_attr *attributes, size_t count, const char *format, ...)
    OTEL_PRINTF(4, 5);
static void say(const otel_log_site *site, const otel_attr *attributes, size_t count, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    otel_bridge_vlogf(&logger, site, OTEL_SEVERITY_WARN, attributes, count, format, arguments);
    va_end(arguments);
}

static void all_that_was_given_arrives(void **unused)
{
    (void)unused;
    otel_log_site site = otel_bridge_site("file.c", 12, "function");
    otel_attr attribute = OTEL_STR("k", "v");
    listen_begin();
    say(&site, &attribute, 1, "%s is %d\n", "x", 4);
    const otel_log_record *r = heard_last();
    assert_true(says(r, "x is 4"));
    assert_true(has_severity(r, OTEL_SEVERITY_WARN, "WARN"));
    assert_true(attr_is(r, "k", "v") && attr_is(r, "code.file.path", "file.c"));
    assert_true(attr_is(r, "code.function.name", "function") && has_number(r, "code.line.number", 12));
    assert_string_equal(r->scope->name, "test.logf");
    listen_end();
}

static void what_is_not_known_is_absent(void **unused)
{
    (void)unused;
    otel_log_site site = otel_bridge_site(NULL, 0, NULL);
    listen_begin();
    say(&site, NULL, 0, "x");
    assert_true(lacks(heard_last(), "code.file.path") && lacks(heard_last(), "code.line.number"));
    say(NULL, NULL, 0, "y");
    assert_true(says(heard_last(), "y") && lacks(heard_last(), "code.file.path"));
    listen_end();
}

static const char *volatile const percent_m = "%m", *volatile const no_format = NULL; /* ISO C knows neither */

static void nothing_in_nothing_out(void **unused)
{
    (void)unused;
    va_list none;
    memset(&none, 0, sizeof none);
    listen_begin();
    otel_bridge_vlogf(&logger, NULL, OTEL_SEVERITY_INFO, NULL, 0, no_format, none);
    otel_bridge_vlogf(NULL, NULL, OTEL_SEVERITY_INFO, NULL, 0, "x", none);
    assert_int_equal(heard(), 0);
    assert_null(otel_bridge_text(NULL, 5).data);
    listen_end();
}

static void errno_is_the_callers(void **unused)
{
    (void)unused;
    listen_begin();
    errno = ENOENT;
    say(NULL, NULL, 0, percent_m);
    assert_int_equal(errno, ENOENT);
    assert_true(says(heard_last(), "No such file or directory"));
    listen_end();
}

/* What printf cannot write is not lost: the format goes out. */
static void a_refused_format_is_sent_as_it_is(void **unused)
{
    (void)unused;
    static const wchar_t impossible[] = {(wchar_t)0x110000, 0};
    listen_begin();
    say(NULL, NULL, 0, "wide: %ls\n", impossible);
    assert_true(says(heard_last(), "wide: %ls"));
    listen_end();
}

static void newlines_go_off_the_end_alone(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        size_t kept;
    } cases[] = {{"a", 1}, {"a\n", 1}, {"a\r\n\n", 1}, {"\na", 2}, {"a\nb\n", 3}, {"\n", 0}, {"", 0}, {"a \n", 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(otel_bridge_text(cases[i].text, strlen(cases[i].text)).size, cases[i].kept);
}

/* A character that lies over the border goes; one that ends there stays. */
static void long_text_is_cut_between_characters(void **unused)
{
    (void)unused;
    static const char *const characters[] = {"a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
    for (size_t c = 0; c < 4; c++) {
        size_t width = strlen(characters[c]);
        for (size_t before = 0; before <= width; before++) {
            char text[OTEL_BRIDGE_TEXT_MAX + 64];
            size_t start = OTEL_BRIDGE_TEXT_MAX - before;
            memset(text, 'x', sizeof text);
            memcpy(text + start, characters[c], width);
            size_t kept = otel_bridge_text(text, sizeof text).size;
            assert_int_equal(kept, before == width || before == 0 ? OTEL_BRIDGE_TEXT_MAX : start);
        }
    }
}

static void text_without_characters_is_cut_at_the_limit(void **unused)
{
    (void)unused;
    char text[OTEL_BRIDGE_TEXT_MAX + 64];
    memset(text, 0x80, sizeof text);
    assert_int_equal(otel_bridge_text(text, sizeof text).size, OTEL_BRIDGE_TEXT_MAX);
}

static void a_formatted_line_is_cut_the_same_way(void **unused)
{
    (void)unused;
    char *text = calloc(1, 20000);
    assert_non_null(text);
    memset(text, 'x', OTEL_BRIDGE_TEXT_MAX - 1);
    memcpy(text + OTEL_BRIDGE_TEXT_MAX - 1, "\xe2\x82\xac and more", 13);
    listen_begin();
    say(NULL, NULL, 0, "%s", text);
    assert_int_equal(heard_last()->body.type, OTEL_TYPE_STRING); /* bytes, if a character were cut */
    assert_int_equal(heard_last()->body.size, OTEL_BRIDGE_TEXT_MAX - 1);
    listen_end();
    free(text);
}

static void say_once(void)
{
    say(NULL, NULL, 0, "once");
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
        cmocka_unit_test(all_that_was_given_arrives),
        cmocka_unit_test(what_is_not_known_is_absent),
        cmocka_unit_test(nothing_in_nothing_out),
        cmocka_unit_test(errno_is_the_callers),
        cmocka_unit_test(a_refused_format_is_sent_as_it_is),
        cmocka_unit_test(newlines_go_off_the_end_alone),
        cmocka_unit_test(long_text_is_cut_between_characters),
        cmocka_unit_test(text_without_characters_is_cut_at_the_limit),
        cmocka_unit_test(a_formatted_line_is_cut_the_same_way),
        cmocka_unit_test(nobody_feeds_himself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
