/* The command line of otel-log: every option, every type of attribute, and every wrong use is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "otel-log/attribute.h"
#include "otel-log/options.h"

static otel__options options;
static char said[2048]; /* on standard error, by the last read_words */

static otel__action read_words(const char *const *words)
{
    static char *argv[40];
    int argc = 0, kept = dup(STDERR_FILENO);
    FILE *file = tmpfile();
    assert_non_null(file);
    argv[argc++] = "otel-log";
    for (; *words; words++) argv[argc++] = (char *)(uintptr_t)*words;
    argv[argc] = NULL;
    fflush(stderr);
    dup2(fileno(file), STDERR_FILENO);
    otel__action action = otel__options_read(&options, argc, argv);
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    rewind(file);
    said[fread(said, 1, sizeof said - 1, file)] = '\0';
    fclose(file);
    return action;
}
#define READ(...) read_words((const char *const[]){__VA_ARGS__, NULL})

static int tear_down(void **state)
{
    (void)state;
    otel__options_release(&options);
    return 0;
}

static void refuses(otel__action action, const char *words)
{
    assert_int_equal(action, OTEL__ACTION_REFUSE);
    if (!strstr(said, words)) fail_msg("\"%s\" instead of \"%s\"", said, words);
    assert_non_null(strstr(said, "nothing was sent"));
    otel__options_release(&options);
}

static void accepts(otel__action action)
{
    if (action != OTEL__ACTION_SEND) fail_msg("refused: %s", said);
    assert_string_equal(said, "");
}

static void test_defaults(void **state)
{
    (void)state;
    accepts(READ(NULL));
    assert_int_equal(options.severity, OTEL_SEVERITY_INFO);
    assert_int_equal(options.attribute_count, 0);
    assert_null(options.event.data);
    assert_string_equal(options.scope_name, "otel-log");
    assert_null(options.scope_version);
    assert_int_equal(options.timeout_ms, 5000);
    assert_int_equal(options.form, OTEL__FORM_TEXT);
    assert_false(options.stats || options.tee || options.from_start || options.prio_prefix);
    assert_int_equal(options.file_count, 0);
    assert_true(options.time_unix_nano == 0);
    assert_true(!options.exception[0] && !options.exception[1] && !options.exception[2]);
    assert_int_equal(options.word_count, 0);
}

static void test_message_begins_at_the_first_other_word(void **state)
{
    (void)state;
    accepts(READ("-s", "warn", "disk", "-s", "full", "--json"));
    assert_int_equal(options.severity, OTEL_SEVERITY_WARN);
    assert_int_equal(options.word_count, 4);
    assert_string_equal(options.words[0], "disk");
    assert_string_equal(options.words[3], "--json");
    assert_int_equal(options.form, OTEL__FORM_TEXT);
    otel__options_release(&options);
    accepts(READ("--json", "--", "--stats"));
    assert_int_equal(options.form, OTEL__FORM_JSON);
    assert_false(options.stats);
    assert_string_equal(options.words[0], "--stats");
    otel__options_release(&options);
    accepts(READ("-"));
    assert_string_equal(options.words[0], "-");
}

static void test_every_option(void **state)
{
    (void)state;
    accepts(READ("--severity", "ERROR3", "--event=shop.ordered", "--scope", "shop@1.4.0", "--timeout", "0", "--stats",
                 "--json", "--attr", "a=1", "-a", "b:int=2", "-t", "2025-11-24T21:05:51Z", "--tee", "--prio-prefix",
                 "--exception-type", "T", "--exception-message=M", "--exception-stacktrace", ""));
    assert_int_equal(options.severity, OTEL_SEVERITY_ERROR3);
    assert_int_equal(options.event.size, 12);
    assert_string_equal(options.event.data, "shop.ordered");
    assert_string_equal(options.scope_name, "shop");
    assert_string_equal(options.scope_version, "1.4.0");
    assert_int_equal(options.timeout_ms, 0);
    assert_true(options.stats && options.tee && options.prio_prefix && options.form == OTEL__FORM_JSON);
    assert_true(options.time_unix_nano == 1764018351000000000u);
    assert_string_equal(options.exception[0], "T");
    assert_string_equal(options.exception[1], "M");
    assert_string_equal(options.exception[2], "");
    assert_int_equal(options.attribute_count, 2);
    assert_memory_equal(options.attributes[0].key, "a", options.attributes[0].key_size);
    assert_int_equal(options.attributes[0].value.type, OTEL_TYPE_STRING);
    assert_true(options.attributes[1].value.u.integer == 2);
}

static void test_severity(void **state)
{
    (void)state;
    accepts(READ("-s", "0"));
    assert_int_equal(options.severity, OTEL_SEVERITY_UNSPECIFIED);
    otel__options_release(&options);
    accepts(READ("-s24"));
    assert_int_equal(options.severity, OTEL_SEVERITY_FATAL4);
    otel__options_release(&options);
    refuses(READ("-s", "25"), "--severity '25'");
    refuses(READ("-s", "loud"), "--severity 'loud'");
    refuses(READ("-s", ""), "--severity ''");
    refuses(READ("-s", "-1"), "--severity '-1'");
}

static void test_scope(void **state)
{
    (void)state;
    accepts(READ("--scope", "@shop/cart@2.0"));
    assert_string_equal(options.scope_name, "@shop/cart");
    assert_string_equal(options.scope_version, "2.0");
    otel__options_release(&options);
    accepts(READ("--scope", "@shop"));
    assert_string_equal(options.scope_name, "@shop");
    assert_null(options.scope_version);
    otel__options_release(&options);
    accepts(READ("--scope", "shop@"));
    assert_string_equal(options.scope_name, "shop");
    assert_null(options.scope_version);
    otel__options_release(&options);
    refuses(READ("--scope", ""), "a name is missing");
}

static void test_timeout(void **state)
{
    (void)state;
    accepts(READ("--timeout", "4294967295"));
    assert_true(options.timeout_ms == UINT32_MAX);
    otel__options_release(&options);
    refuses(READ("--timeout", "4294967296"), "--timeout");
    refuses(READ("--timeout", "99999999999999999999999999"), "--timeout");
    refuses(READ("--timeout", ""), "--timeout");
    refuses(READ("--timeout", "5s"), "--timeout");
    refuses(READ("--timeout", "-1"), "--timeout");
    refuses(READ("--timeout", " 1"), "--timeout");
}

static void test_time(void **state)
{
    (void)state;
    accepts(READ("--time", "1764018351000000001"));
    assert_true(options.time_unix_nano == 1764018351000000001u);
    otel__options_release(&options);
    refuses(READ("-t", "yesterday"), "--time 'yesterday'");
    refuses(READ("-t", ""), "--time ''");
}

static void test_forms_exclude_one_another(void **state)
{
    (void)state;
    accepts(READ("--body-json", "--body-json"));
    assert_int_equal(options.form, OTEL__FORM_JSON_BODY);
    otel__options_release(&options);
    accepts(READ("--journal"));
    assert_int_equal(options.form, OTEL__FORM_JOURNAL);
    otel__options_release(&options);
    refuses(READ("--json", "--journal"), "exclude one another");
    refuses(READ("--body-json", "--json"), "exclude one another");
    refuses(READ("--journal", "--prio-prefix"), "no --prio-prefix");
}

static void test_files(void **state)
{
    (void)state;
    accepts(READ("--follow", "a.log", "--from-start", "--follow=b.log"));
    assert_int_equal(options.file_count, 2);
    assert_string_equal(options.files[0], "a.log");
    assert_string_equal(options.files[1], "b.log");
    assert_true(options.from_start);
    otel__options_release(&options);
    refuses(READ("--follow", ""), "a file's name is missing");
    refuses(READ("--follow", "a.log", "a", "message"), "exclude one another");
    refuses(READ("--from-start"), "--follow");
}

static void test_wrong_usage(void **state)
{
    (void)state;
    refuses(READ("--loud"), "loud");
    refuses(READ("-x"), "x");
    refuses(READ("-s"), "requires an argument");
    refuses(READ("--stats=1"), "doesn't allow an argument");
    refuses(READ("-e", ""), "a name is missing");
    refuses(READ("-a", "password"), "KEY=VALUE");
}

static void test_refusals_do_not_show_values(void **state)
{
    (void)state;
    refuses(READ("-a", "pin:int=hunter2"), "--attr 'pin:int'");
    assert_null(strstr(said, "hunter2"));
}

static void test_help_and_version(void **state)
{
    (void)state;
    assert_int_equal(READ("--help"), OTEL__ACTION_HELP);
    otel__options_release(&options);
    assert_int_equal(READ("--version"), OTEL__ACTION_VERSION);
}

static void test_help_names_every_option(void **state)
{
    (void)state;
    char help[8192];
    FILE *file = tmpfile();
    assert_non_null(file);
    otel__options_print_help(file);
    rewind(file);
    help[fread(help, 1, sizeof help - 1, file)] = '\0';
    fclose(file);
    static const char *const lines[] = {"  -s, --severity NAME|0..24        of records",
                                        "      --exception-stacktrace TEXT  and its stack trace\n",
                                        "      --tee                        copy",
                                        "\n                                   json or bytes", "Exit status: 0"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (!strstr(help, lines[i])) fail_msg("no \"%s\" in\n%s", lines[i], help);
    }
}

static otel_attr attribute;

static const char *read_attribute(const char *text)
{
    otel__json_arena_release(&options.memory);
    otel__json_arena_init(&options.memory, 1 << 20);
    return otel__attribute_read(&options.memory, text, &attribute);
}

static void is_attribute(const char *text, const char *key, int type)
{
    const char *wrong = read_attribute(text);
    if (wrong) fail_msg("%s: %s", text, wrong);
    assert_int_equal(attribute.key_size, strlen(key));
    assert_memory_equal(attribute.key, key, strlen(key));
    assert_int_equal(attribute.value.type, type);
}

static void is_wrong(const char *text, const char *words)
{
    const char *wrong = read_attribute(text);
    if (!wrong) fail_msg("accepted: %s", text);
    if (!strstr(wrong, words)) fail_msg("%s: \"%s\" instead of \"%s\"", text, wrong, words);
}

static void test_attribute_strings_and_keys(void **state)
{
    (void)state;
    is_attribute("a=b=c", "a", OTEL_TYPE_STRING);
    assert_memory_equal(attribute.value.u.string, "b=c", attribute.value.size);
    is_attribute("a=", "a", OTEL_TYPE_STRING);
    assert_int_equal(attribute.value.size, 0);
    is_attribute("x:y:string=a:b", "x:y", OTEL_TYPE_STRING);
    is_attribute("a=b:int=1", "a", OTEL_TYPE_STRING);
    is_wrong("=b", "key is empty");
    is_wrong(":int=1", "key is empty");
    is_wrong("a", "KEY=VALUE");
    is_wrong("", "KEY=VALUE");
    is_wrong("a:integer=1", "the type is none of");
    is_wrong("a:=1", "the type is none of");
    is_wrong("a:INT=1", "the type is none of");
}

static void test_attribute_numbers(void **state)
{
    (void)state;
    is_attribute("n:int=-9223372036854775808", "n", OTEL_TYPE_INT);
    assert_true(attribute.value.u.integer == INT64_MIN);
    is_attribute("n:int=+7", "n", OTEL_TYPE_INT);
    is_attribute("d:double=1", "d", OTEL_TYPE_DOUBLE);
    is_attribute("d:double=-2.5e-3", "d", OTEL_TYPE_DOUBLE);
    assert_true(fabs(attribute.value.u.number + 0.0025) < 1e-15);
    is_attribute("d:double=nan", "d", OTEL_TYPE_DOUBLE);
    assert_true(isnan(attribute.value.u.number));
    is_wrong("n:int=9223372036854775808", "64 bits");
    is_wrong("n:int=", "no integer");
    is_wrong("n:int=1.0", "no integer");
    is_wrong("n:int= 1", "no integer");
    is_wrong("n:int=1 ", "no integer");
    is_wrong("n:int=0x10", "no integer");
    is_wrong("d:double=", "no number");
    is_wrong("d:double=1,5", "no number");
    is_wrong("d:double=\t1", "no number");
}

static void test_attribute_bool_and_json(void **state)
{
    (void)state;
    is_attribute("b:bool=true", "b", OTEL_TYPE_BOOL);
    assert_true(attribute.value.u.boolean);
    is_attribute("b:bool=false", "b", OTEL_TYPE_BOOL);
    assert_false(attribute.value.u.boolean);
    is_wrong("b:bool=True", "neither true nor false");
    is_wrong("b:bool=1", "neither true nor false");
    is_attribute("j:json={\"a\":[1,1.0,\"x\",null]}", "j", OTEL_TYPE_MAP);
    const otel_value *list = &attribute.value.u.attrs[0].value;
    assert_int_equal(list->type, OTEL_TYPE_ARRAY);
    assert_int_equal(list->size, 4);
    assert_int_equal(list->u.values[0].type, OTEL_TYPE_INT);
    assert_int_equal(list->u.values[1].type, OTEL_TYPE_DOUBLE);
    assert_int_equal(list->u.values[2].type, OTEL_TYPE_STRING);
    assert_int_equal(list->u.values[3].type, OTEL_TYPE_EMPTY);
    is_attribute("j:json=null", "j", OTEL_TYPE_EMPTY);
    is_attribute("j:json=[]", "j", OTEL_TYPE_ARRAY);
    is_wrong("j:json=", "value is missing");
    is_wrong("j:json={a:1}", "key in quotes");
}

static void is_bytes(const char *base64, const char *bytes, size_t size)
{
    char text[64];
    snprintf(text, sizeof text, "k:bytes=%s", base64);
    is_attribute(text, "k", OTEL_TYPE_BYTES);
    assert_int_equal(attribute.value.size, size);
    assert_memory_equal(attribute.value.u.data, bytes, size);
}

static void test_attribute_bytes(void **state)
{
    (void)state;
    is_bytes("", "", 0);
    is_bytes("Zg==", "f", 1);
    is_bytes("Zm8=", "fo", 2);
    is_bytes("Zm9v", "foo", 3);
    is_bytes("Zm9vYmFy", "foobar", 6);
    is_bytes("Zg", "f", 1);
    is_bytes("Zm8", "fo", 2);
    is_bytes("AP+/", "\0\xFF\xBF", 3);
    static const char *const wrong[] = {"Z",    "Zm9vY", "Zg=",   "Zm9v====", "Z===",   "=",
                                        "====", "Zh==",  "Zm9_b", "Zm 9v",    "Zg==Zg", "Zm9v="};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "k:bytes=%s", wrong[i]);
        is_wrong(text, "no base64");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_defaults, tear_down),
        cmocka_unit_test_teardown(test_message_begins_at_the_first_other_word, tear_down),
        cmocka_unit_test_teardown(test_every_option, tear_down),
        cmocka_unit_test_teardown(test_severity, tear_down),
        cmocka_unit_test_teardown(test_scope, tear_down),
        cmocka_unit_test_teardown(test_timeout, tear_down),
        cmocka_unit_test_teardown(test_time, tear_down),
        cmocka_unit_test_teardown(test_forms_exclude_one_another, tear_down),
        cmocka_unit_test_teardown(test_files, tear_down),
        cmocka_unit_test_teardown(test_wrong_usage, tear_down),
        cmocka_unit_test_teardown(test_refusals_do_not_show_values, tear_down),
        cmocka_unit_test_teardown(test_help_and_version, tear_down),
        cmocka_unit_test_teardown(test_help_names_every_option, tear_down),
        cmocka_unit_test_teardown(test_attribute_strings_and_keys, tear_down),
        cmocka_unit_test_teardown(test_attribute_numbers, tear_down),
        cmocka_unit_test_teardown(test_attribute_bool_and_json, tear_down),
        cmocka_unit_test_teardown(test_attribute_bytes, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
