/* The rules of the desk's alerts: what a file may say, and each fault with its line. */
#include "collector_desk/alerts/alert_rules.c"
#include "collector_desk/alerts/alert_settings.c"
#include "collector_desk/buffer.c"
#include "collector_desk/desk.c"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static char said[4096];

static void say(void *context, unsigned line, const char *words)
{
    size_t used = strlen(said);
    assert_null(context);
    snprintf(said + used, sizeof said - used, "%u %s\n", line, words);
}

static bool parse(desk_alert_rules *rules, const char *text)
{
    said[0] = '\0';
    return desk_alert_rules_read(rules, (desk_text){text, strlen(text)}, say, NULL);
}

static void expect_faults(const char *text, const char *faults)
{
    desk_alert_rules rules;
    assert_false(parse(&rules, text));
    assert_string_equal(said, faults);
    assert_int_equal(rules.count, 0);
    assert_null(rules.at);
}

static void a_rule_has_defaults(void **state)
{
    desk_alert_rules rules;
    (void)state;
    assert_true(parse(&rules, "[errors]\nquery = traces | where severityLevel >= 3\n"));
    const desk_alert_rule *rule = &rules.at[0];
    assert_int_equal(rules.count, 1);
    assert_string_equal(rule->name, "errors");
    assert_string_equal(rule->query, "traces | where severityLevel >= 3");
    assert_null(rule->webhook);
    assert_null(rule->command);
    assert_int_equal(rule->comparison, DESK_MORE);
    assert_true(rule->threshold == 0);
    assert_false(rule->counts_rows);
    assert_int_equal(rule->window_ms, 0);
    assert_int_equal(rule->every_ms, 60000);
    assert_int_equal(rule->query_timeout_ms, 1000);
    assert_int_equal(rule->notify_timeout_ms, 10000);
    desk_alert_rules_release(&rules);
}

static void every_setting_is_read(void **state)
{
    desk_alert_rules rules;
    (void)state;
    assert_true(parse(
        &rules, "# comment\r\n; another\n\n"
                "[ too slow: \xc3\xa9t\xc3\xa9 = [1] ]\r\n"
                "query=traces | summarize avg(x)\r\n"
                "window = 90s\ncomparison = <=\nthreshold = -1.5e3\nmeasure = rows\nevery = 250ms\n"
                "webhook = https://user:secret@example.com/a?b=c#d\ncommand = echo \"$ALERT_NAME\" | mail x # all\n"
                "timeout = 2m\nquery_timeout = 10s\n[second]\nquery = exceptions"));
    const desk_alert_rule *rule = &rules.at[0];
    assert_int_equal(rules.count, 2);
    assert_string_equal(rule->name, "too slow: \xc3\xa9t\xc3\xa9 = [1]");
    assert_string_equal(rule->query, "traces | summarize avg(x)");
    assert_string_equal(rule->webhook, "https://user:secret@example.com/a?b=c#d");
    assert_string_equal(rule->command, "echo \"$ALERT_NAME\" | mail x # all");
    assert_int_equal(rule->comparison, DESK_LESS_OR_EQUAL);
    assert_true(rule->threshold == -1500);
    assert_true(rule->counts_rows);
    assert_int_equal(rule->window_ms, 90000);
    assert_int_equal(rule->every_ms, 250);
    assert_int_equal(rule->query_timeout_ms, 10000);
    assert_int_equal(rule->notify_timeout_ms, 120000);
    assert_string_equal(rules.at[1].name, "second");
    desk_alert_rules_release(&rules);
}

static void comparisons_are_those_of_the_language(void **state)
{
    (void)state;
    for (int i = DESK_MORE; i <= DESK_NOT_EQUAL; i++) {
        char text[100];
        desk_alert_rules rules;
        snprintf(text, sizeof text, "[a]\nquery = q\ncomparison = %s\n", desk_comparison_text((desk_comparison)i));
        assert_true(parse(&rules, text));
        assert_int_equal(rules.at[0].comparison, i);
        desk_alert_rules_release(&rules);
    }
}

/* Lines of the query are lines of the file, so that an error of the query has its place there. */
static void a_query_may_have_lines(void **state)
{
    desk_alert_rules rules;
    (void)state;
    assert_true(parse(
        &rules, "[a]\nevery = 1s\nquery  =  traces\n  # about errors\n\n\t| where x == 'a = b'\n    | take 1\n\n\n[b]\n"
                "query =\n  traces\n"));
    assert_string_equal(rules.at[0].query, "traces\n\n\n\t| where x == 'a = b'\n    | take 1");
    assert_int_equal(rules.at[0].query_line, 3);
    assert_int_equal(rules.at[0].query_column, 10);
    assert_string_equal(rules.at[1].query, "\n  traces");
    assert_int_equal(rules.at[1].query_line, 11);
    desk_alert_rules_release(&rules);
}

static void nothing_is_no_rules(void **state)
{
    static const char *const texts[] = {"", "\n", "# only\n  # comments", "\r\n\r\n"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        desk_alert_rules rules;
        assert_true(parse(&rules, texts[i]));
        assert_int_equal(rules.count, 0);
        desk_alert_rules_release(&rules);
    }
}

static void faults_have_their_lines(void **state)
{
    (void)state;
    expect_faults("query = q\n", "1 a setting before the first [name]\n");
    expect_faults("[a]\n", "1 the rule has no query\n");
    expect_faults("[a]\nquery =  \n", "2 query has no value\n");
    expect_faults("[a]\nquery = q\n[a]\nquery = q", "3 there is a rule of that name already\n");
    expect_faults("[a]\nquery = q\nquery = r\n  goes on", "3 a setting that the rule has already\n");
    expect_faults("[a\nquery = q\n", "1 a ] must stand at the end of the line\n");
    expect_faults("[ ]\nquery = q\n", "1 a name must stand between [ and ]\n");
    expect_faults("[a\x01]\nquery = q\n", "1 a control character in a name\n");
    expect_faults("[a]\n  goes on\nquery = q\n", "2 an indented line goes on with a value, and there is none\n");
    expect_faults("[a]\nquery = q\nnonsense\n", "3 neither [name] nor key = value nor a comment\n");
    expect_faults("[a]\nquery = q \xff\nquery = q", "2 not UTF-8\n");
    expect_faults("[a]\nquery = q\ncolour = red\n",
                  "3 must be one of query, window, measure, comparison, threshold, every, webhook, command, timeout, "
                  "query_timeout\n");
}

static void values_are_checked(void **state)
{
    static const struct {
        const char *line, *fault;
    } cases[] = {
        {"window = 5", "window must be like 30s, 5m, 2h, 7d"},
        {"window = 0s", "window must be like 30s, 5m, 2h, 7d"},
        {"window = -1s", "window must be like 30s, 5m, 2h, 7d"},
        {"window = 5 m", "window must be like 30s, 5m, 2h, 7d"},
        {"window = 367d", "window must be like 30s, 5m, 2h, 7d"},
        {"window = 9999999999s", "window must be like 30s, 5m, 2h, 7d"},
        {"every = 99ms", "every must be like 10s, 5m, 2h, and at least 100ms"},
        {"query_timeout = 11s", "query_timeout must be like 500ms or 2s, and at most 10s"},
        {"timeout = 61m", "timeout must be like 10s or 1m, and at most 1h"},
        {"comparison = =", "comparison must be one of > >= < <= == !="},
        {"comparison =", "comparison has no value"},
        {"threshold = many", "threshold must be a number"},
        {"threshold = 1x", "threshold must be a number"},
        {"threshold = nan", "threshold must be a number"},
        {"threshold = 0x10", "threshold must be a number"},
        {"threshold = 1e999", "threshold must be a number"},
        {"measure = columns", "measure must be number or rows"},
        {"webhook = ftp://x", "webhook must be an http:// or https:// URL"},
        {"webhook = http://a b", "webhook must be an http:// or https:// URL"},
        {"webhook = file:///etc/passwd", "webhook must be an http:// or https:// URL"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[200], expected[200];
        snprintf(text, sizeof text, "[a]\nquery = q\n\n%s\n", cases[i].line);
        snprintf(expected, sizeof expected, "4 %s\n", cases[i].fault);
        expect_faults(text, expected);
    }
}

static void all_faults_are_said(void **state)
{
    (void)state;
    expect_faults("[a]\nevery = x\nwindow = y\n[b]\nquery = q\ntimeout = z\n",
                  "2 every must be like 10s, 5m, 2h, and at least 100ms\n3 window must be like 30s, 5m, 2h, 7d\n"
                  "1 the rule has no query\n6 timeout must be like 10s or 1m, and at most 1h\n");
}

static void there_are_limits(void **state)
{
    desk_alert_rules rules;
    size_t size = DESK_ALERT_RULES_MAX_BYTES + 2;
    char *text = calloc(size, 1), *at = text;
    (void)state;
    for (int i = 0; i < DESK_ALERT_RULES_MAX; i++) at += sprintf(at, "[rule %d]\nquery = q\n", i);
    assert_true(parse(&rules, text));
    assert_int_equal(rules.count, DESK_ALERT_RULES_MAX);
    desk_alert_rules_release(&rules);
    strcpy(at, "[one more]\n");
    expect_faults(text, "401 at most 200 rules\n");
    at = stpcpy(text, "[a]\nquery = ");
    memset(at, 'q', DESK_ALERT_QUERY_MAX_BYTES);
    at[DESK_ALERT_QUERY_MAX_BYTES] = '\0';
    assert_true(parse(&rules, text));
    desk_alert_rules_release(&rules);
    strcat(text, "q");
    expect_faults(text, "2 query is longer than 16 KiB\n");
    memset(text, '\n', size - 1);
    expect_faults(text, "0 the file is larger than 1 MiB\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_has_defaults),
        cmocka_unit_test(every_setting_is_read),
        cmocka_unit_test(comparisons_are_those_of_the_language),
        cmocka_unit_test(a_query_may_have_lines),
        cmocka_unit_test(nothing_is_no_rules),
        cmocka_unit_test(faults_have_their_lines),
        cmocka_unit_test(values_are_checked),
        cmocka_unit_test(all_faults_are_said),
        cmocka_unit_test(there_are_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
