/* Redaction of values: text, numbers, collections in memory and encoded, paths, memory that runs out. */
#include "redaction.h"
#include "processor_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* As text: what became of the attribute; "" when nothing did. */
static const char *redacted(const char *key, const char *expression, otel_attr attr)
{
    static char text[4096];
    char words[128];
    otel__redaction r = {key, expression, NULL, otel_string("#")};
    otel__scratch scratch;
    otel__scratch_init(&scratch);
    if (expression) assert_null(otel__redaction_compile(&r, words));
    bool changed = otel__redact_attr(&r, &scratch, &attr);
    assert_false(scratch.failed);
    text[0] = '\0';
    if (changed) otel_value_json(&attr.value, text, sizeof text);
    otel__scratch_free(&scratch);
    otel__redaction_free(&r);
    return text;
}

static void a_key_hides_the_value_whatever_it_is(void **unused)
{
    (void)unused;
    assert_string_equal(redacted("k", NULL, OTEL_STR("k", "secret")), "\"#\"");
    assert_string_equal(redacted("k", NULL, OTEL_INT("k", 1)), "\"#\"");
    assert_string_equal(redacted("k", NULL, OTEL_MAP("k", OTEL_INT("a", 1))), "\"#\"");
    assert_string_equal(redacted("k*", NULL, OTEL_EMPTY("key")), "\"#\"");
    assert_string_equal(redacted("k", NULL, OTEL_STR("key", "x")), "");
    assert_string_equal(redacted("k", NULL, OTEL_INTS("ints", ((int64_t[]){1}), 1)), "");
}

static void keys_are_found_in_maps_and_arrays(void **unused)
{
    (void)unused;
    const otel_attr inner[] = {OTEL_STR("password", "x"), OTEL_STR("name", "ada")};
    const otel_value list[] = {otel_int(1), otel_map(inner, 2), otel_map(inner, 2)};
    assert_string_equal(redacted("password", NULL, OTEL_VALUE("user", otel_map(inner, 2))),
                        "{\"password\":\"#\",\"name\":\"ada\"}");
    assert_string_equal(redacted("password", NULL, OTEL_VALUE("users", otel_array(list, 3))),
                        "[1,{\"password\":\"#\",\"name\":\"ada\"},{\"password\":\"#\",\"name\":\"ada\"}]");
    assert_string_equal(redacted("other", NULL, OTEL_VALUE("users", otel_array(list, 3))), "");
}

static void a_path_finds_an_entry_too(void **unused)
{
    (void)unused;
    assert_string_equal(redacted("user.mail", NULL, OTEL_MAP("user", OTEL_STR("mail", "x"), OTEL_INT("id", 1))),
                        "{\"mail\":\"#\",\"id\":1}");
    assert_string_equal(redacted("a.b.c", NULL, OTEL_MAP("a", OTEL_ARRAY("b", OTEL_MAP("x", OTEL_INT("c", 1)).value))),
                        "{\"b\":[{\"c\":\"#\"}]}");
    assert_string_equal(redacted("a.b.*", NULL, OTEL_MAP("a", OTEL_MAP("b", OTEL_INT("c", 1), OTEL_INT("d", 2)))),
                        "{\"b\":{\"c\":\"#\",\"d\":\"#\"}}");
    assert_string_equal(redacted("mail.user", NULL, OTEL_MAP("user", OTEL_STR("mail", "x"))), "");
}

static void each_match_in_a_text_is_replaced(void **unused)
{
    (void)unused;
    assert_string_equal(redacted(NULL, "[0-9]{4}", OTEL_STR("k", "pin 1234 and 56789")), "\"pin # and #9\"");
    assert_string_equal(redacted(NULL, "[0-9]{4}", OTEL_STR("k", "no pin 123")), "");
    assert_string_equal(redacted(NULL, "^a", OTEL_STR("k", "aaa")), "\"#aa\""); /* the beginning comes once */
    assert_string_equal(redacted(NULL, "a$", OTEL_STR("k", "aaa")), "\"aa#\"");
    assert_string_equal(redacted(NULL, "a+", OTEL_STR("k", "aaa")), "\"#\"");
    assert_string_equal(redacted(NULL, "(x|b*c)", OTEL_STR("k", "abcx")), "\"a##\"");
    assert_string_equal(redacted("pin", "[0-9]+", OTEL_STR("other", "1")), "");
    assert_string_equal(redacted("pin*", "[0-9]+", OTEL_STR("pin.x", "a1")), "\"a#\"");
}

/* Matches of nothing inside a text: they end, and change nothing. */
static void empty_matches_come_to_an_end(void **unused)
{
    (void)unused;
    assert_string_equal(redacted(NULL, "b*c|x\\>", OTEL_STR("k", "ax bc")), "\"a# #\"");
    assert_string_equal(redacted(NULL, "\\<", OTEL_STR("k", "ab cd")), "\"ab cd\"");
}

static void a_nul_hides_nothing(void **unused)
{
    (void)unused;
    assert_string_equal(redacted(NULL, "secret", OTEL_STRN("k", "a\0secret\0\0secretb", 17)),
                        "\"a\\u0000#\\u0000\\u0000#b\"");
    assert_string_equal(redacted(NULL, "secret", OTEL_STRN("k", "secret\0", 7)), "\"#\\u0000\"");
    assert_string_equal(redacted(NULL, "x", OTEL_STRN("k", "", 0)), "");
    assert_string_equal(redacted(NULL, "secret", OTEL_STRN("k", "secretx", 5)), ""); /* a view ends where it ends */
}

static void numbers_and_bytes_are_looked_at(void **unused)
{
    (void)unused;
    const int64_t ints[] = {1, 4111111111111111, 2};
    const char *const strings[] = {"a", "4111111111111111", NULL};
    const bool bools[] = {true, false};
    const char *card = "4[0-9]{15}";
    assert_string_equal(redacted(NULL, card, OTEL_INT("k", 4111111111111111)), "\"#\"");
    assert_string_equal(redacted(NULL, card, OTEL_INT("k", 411111111111111)), "");
    assert_string_equal(redacted(NULL, card, OTEL_INTS("k", ints, 3)), "[1,\"#\",2]");
    assert_string_equal(redacted(NULL, card, OTEL_STRS("k", strings, 3)), "[\"a\",\"#\",null]");
    assert_string_equal(redacted(NULL, "^true$", OTEL_BOOLS("k", bools, 2)), "[\"#\",false]");
    assert_string_equal(redacted(NULL, "^0\\.5$", OTEL_DOUBLE("k", 0.5)), "\"#\"");
    assert_string_equal(redacted(NULL, "abc",
                                 OTEL_BYTES("k",
                                            "\xff"
                                            "abc",
                                            4)),
                        "\"/yM=\""); /* still bytes */
    assert_string_equal(redacted(NULL, "x", OTEL_EMPTY("k")), "");
}

static bool hidden_somewhere(const char *key, const char *expression, otel_attr attr)
{
    char words[128];
    otel__redaction r = {key, expression, NULL, otel_string("#")};
    otel__scratch scratch;
    otel__scratch_init(&scratch);
    if (expression) assert_null(otel__redaction_compile(&r, words));
    bool changed = otel__redact_attr(&r, &scratch, &attr);
    otel_value value = attr.value;
    while (value.type == OTEL_TYPE_MAP) value = value.u.attrs[0].value;
    bool hidden = changed && text_is(&value, "#");
    otel__scratch_free(&scratch);
    otel__redaction_free(&r);
    return hidden;
}

/* What lies deeper than anybody looks is hidden, whatever it is. */
static void nothing_is_too_deep(void **unused)
{
    (void)unused;
    otel_attr levels[70];
    levels[0] = OTEL_STR("k", "secret");
    for (int i = 1; i < 70; i++) levels[i] = OTEL_VALUE("k", otel_map(&levels[i - 1], 1));
    assert_true(hidden_somewhere(NULL, "secret", levels[60]));
    assert_false(hidden_somewhere(NULL, "other", levels[60]));
    assert_true(hidden_somewhere(NULL, "secret", levels[69]));
    assert_true(hidden_somewhere(NULL, "other", levels[69]));
    assert_true(hidden_somewhere("pin", NULL, levels[69]));
}

/* The values of a clone lie encoded. */
static void encoded_collections_too(void **unused)
{
    (void)unused;
    static otel_logger logger = OTEL_LOGGER_INIT("test.redaction", NULL);
    otel_log_exporter *memory;
    otel_log_processor *list[] = {remembering(&memory)};
    otel_provider *p = provider_of(list, 1);
    otel_value value;
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    OTEL_LOG_INFO(&logger, "x", OTEL_MAP("user", OTEL_STR("mail", "ada@x"), OTEL_ARRAY("l", otel_string("bob@y"))));
    assert_true(otel_log_record_get(otel_memory_exporter_at(memory, 0), "user", &value));
    assert_int_equal(value.form, OTEL_FORM_OTLP);
    assert_string_equal(redacted(NULL, "[a-z]+@", OTEL_VALUE("user", value)), "{\"mail\":\"#x\",\"l\":[\"#y\"]}");
    assert_string_equal(redacted("user.l", NULL, OTEL_VALUE("user", value)), "{\"mail\":\"ada@x\",\"l\":\"#\"}");
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static void a_body_has_no_key(void **unused)
{
    (void)unused;
    otel__redaction by_key = {"pin", NULL, NULL, otel_string("#")};
    const otel_attr entries[] = {OTEL_INT("pin", 1), OTEL_INT("x", 2)};
    otel_value text = otel_string("pin"), map = otel_map(entries, 2);
    otel__scratch scratch;
    otel__scratch_init(&scratch);
    assert_false(otel__redact_value(&by_key, &scratch, &text));
    assert_true(otel__redact_value(&by_key, &scratch, &map));
    assert_true(text_is(&map.u.attrs[0].value, "#"));
    otel__scratch_free(&scratch);
}

static void a_bad_expression_is_told_in_words(void **unused)
{
    (void)unused;
    char words[128];
    otel__redaction open = {NULL, "(", NULL, otel_string("#")}, nothing = {NULL, "a*", NULL, otel_string("#")};
    const char *fault = otel__redaction_compile(&open, words);
    assert_non_null(fault);
    assert_true(strlen(fault) > 3);
    otel__redaction_free(&open);
    assert_string_equal(otel__redaction_compile(&nothing, words), "it matches nothing at all, and so everywhere");
    otel__redaction_free(&nothing);
    memory_fails_at(0);
    otel__redaction fine = {NULL, "a", NULL, otel_string("#")};
    assert_string_equal(otel__redaction_compile(&fine, words), "there is no memory");
    memory_is_back();
    otel__redaction_free(&fine);
}

/* Each allocation in turn: it has failed, or the value is what it should be. */
static void without_memory_it_says_so(void **unused)
{
    (void)unused;
    static char large[20000];
    char words[128];
    memset(large, 'a', sizeof large);
    memcpy(large + 10000, "secret", 6);
    otel__redaction r = {NULL, "secret", NULL, otel_string("#")};
    assert_null(otel__redaction_compile(&r, words));
    uint32_t n = 0;
    for (bool done = false; !done; n++) {
        otel__scratch scratch;
        otel_attr attr = OTEL_MAP("m", OTEL_STRN("a", large, sizeof large), OTEL_STRN("b", large, sizeof large));
        otel__scratch_init(&scratch);
        memory_fails_at(n);
        bool changed = otel__redact_attr(&r, &scratch, &attr);
        done = !memory_failed();
        assert_true(scratch.failed == !done);
        if (done) assert_true(changed && attr.value.u.attrs[1].value.size == sizeof large - 5);
        otel__scratch_free(&scratch);
        memory_is_back();
    }
    assert_int_equal(n, 6);
    otel__redaction_free(&r);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_key_hides_the_value_whatever_it_is),
                                       cmocka_unit_test(keys_are_found_in_maps_and_arrays),
                                       cmocka_unit_test(a_path_finds_an_entry_too),
                                       cmocka_unit_test(each_match_in_a_text_is_replaced),
                                       cmocka_unit_test(empty_matches_come_to_an_end),
                                       cmocka_unit_test(a_nul_hides_nothing),
                                       cmocka_unit_test(numbers_and_bytes_are_looked_at),
                                       cmocka_unit_test(nothing_is_too_deep),
                                       cmocka_unit_test(encoded_collections_too),
                                       cmocka_unit_test(a_body_has_no_key),
                                       cmocka_unit_test(a_bad_expression_is_told_in_words),
                                       cmocka_unit_test(without_memory_it_says_so)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
