/* Values of every type as dimensions, and maps as one dimension an entry. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_fixture.h"
#include <otel/log.h>
#include <math.h>
#include <string.h>

static void values_of_every_type(void **state)
{
    (void)state;
    static const int64_t integers[] = {1, -2};
    ITEM("x", OTEL_BOOL("b", true), OTEL_INT("max", INT64_MAX), OTEL_INT("min", INT64_MIN), OTEL_DOUBLE("whole", 2.0),
         OTEL_DOUBLE("small", 1e-7), OTEL_DOUBLE("nan", NAN), OTEL_DOUBLE("inf", -INFINITY), OTEL_DOUBLE("zero", -0.0),
         OTEL_DOUBLE("tenth", 0.1), OTEL_EMPTY("none"), OTEL_STR("empty", ""), OTEL_BYTES("bytes", "\0\1\xfe", 3),
         OTEL_INTS("ints", integers, 2), OTEL_ARRAY("list", otel_string("x"), otel_int(1), otel_empty()),
         OTEL_MAP("map", OTEL_STR("k", "v"), OTEL_MAP("deep", OTEL_BOOL("t", true))),
         OTEL_ARRAY("nothing", otel_value_end()));
    static const char *const wanted[][2] = {{"b", "true"},
                                            {"max", "9223372036854775807"},
                                            {"whole", "2"},
                                            {"min", "-9223372036854775808"},
                                            {"small", "1e-07"},
                                            {"nan", "NaN"},
                                            {"inf", "-Infinity"},
                                            {"zero", "-0"},
                                            {"tenth", "0.1"},
                                            {"none", ""},
                                            {"empty", ""},
                                            {"bytes", "AAH+"},
                                            {"ints", "[1,-2]"},
                                            {"list", "[\"x\",1,null]"},
                                            {"map", "{\"k\":\"v\",\"deep\":{\"t\":true}}"},
                                            {"nothing", "[]"}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        char path[64] = "property:";
        assert_true(azure_is(strcat(path, wanted[i][0]), wanted[i][1]));
    }
}

static void texts_of_every_character(void **state)
{
    (void)state;
    ITEM("x", OTEL_STR("\xd0\xba", "line\n\"q\" \\ / <t> \x1b \xf0\x9f\x9a\x80"), OTEL_STRN("zero", "a\0b", 3),
         OTEL_STR("bad", "caf\xe9"));
    assert_true(azure_is("property:\xd0\xba", "line\n\"q\" \\ / <t> \x1b \xf0\x9f\x9a\x80"));
    assert_non_null(strstr(azure_text(), "\"zero\":\"a\\u0000b\""));
    assert_true(azure_is("property:bad", "caf\xef\xbf\xbd"));
}

static void limit_is(const char *key, const char *character, size_t times, size_t kept)
{
    ITEM("x", OTEL_STR(key, azure_repeat(character, times)));
    char path[64] = "property:";
    strcat(path, key);
    assert_true(azure_is(path, azure_repeat(character, kept)));
    assert_int_equal(azure_absent("property:otel.truncated"), times == kept);
}

static void limits_are_exact(void **state)
{
    (void)state;
    limit_is("k", "v", 8192, 8192);
    limit_is("k", "v", 8193, 8192);
    limit_is("k", "\xc3\xa9", 8192, 8192);
    limit_is("k", "\xc3\xa9", 8193, 8192);
    limit_is("k", "\xf0\x9f\x9a\x80", 4096, 4096);
    limit_is("k", "\xf0\x9f\x9a\x80", 4097, 4096);
    limit_is("gen_ai.input.messages", "g", 20000, 20000);
    limit_is("gen_ai.evaluation.explanation", "g", 60000, 60000);
    limit_is("gen_ai.prompt", "g", 9000, 8192);
    limit_is("gen_ai.completion", "g", 9000, 8192);
    ITEM("x", OTEL_ARRAY("list", otel_string(azure_repeat("v", 5000)), otel_string(azure_repeat("w", 5000))));
    assert_int_equal(strlen(azure_at("property:list")->valuestring), 8192);
    assert_true(azure_is("property:otel.truncated", "{\"list\":10007}"));
    ITEM("x", OTEL_STR("a", azure_repeat("v", 8192)), OTEL_STR("b", azure_repeat("\xc3\xa9", 9000)));
    assert_true(azure_is("property:otel.truncated", "{\"b\":9000}"));
}

static void an_empty_key_is_none(void **state)
{
    (void)state;
    ITEM("x", OTEL_STR("", "empty key"), OTEL_STR("after", "here"));
    assert_true(azure_absent("property:") && azure_is("property:after", "here"));
}

/* Where no name fits behind the key, names stay in the value. */
static void a_full_key_holds_what_is_left_as_json(void **state)
{
    (void)state;
    azure.flatten = true;
    char path[400] = "property:", *key = path + 9;
    strcpy(key, azure_repeat("\xc3\xa9", 148));
    ITEM("x", OTEL_MAP(key, OTEL_MAP("k", OTEL_INT("n", 1), OTEL_INT("m", 2))));
    assert_true(azure_is(strcat(path, ".k"), "{\"n\":1,\"m\":2}"));
    strcpy(key, azure_repeat("\xc3\xa9", 149));
    ITEM("x", OTEL_MAP(key, OTEL_MAP("k", OTEL_INT("n", 1))));
    assert_true(azure_is(path, "{\"k\":{\"n\":1}}"));
}

static void maps_are_flattened(void **state)
{
    (void)state;
    azure.flatten = true;
    const otel_attr scope[] = {OTEL_MAP("lib", OTEL_STR("v", "1"))};
    azure.scope = (otel_scope){.name = "s", .attributes = scope, .attribute_count = 1};
    azure.resource = OTEL_ATTRS(OTEL_MAP("run", OTEL_STR("id", "7")));
    ITEM("x", OTEL_MAP("map", OTEL_STR("k", "v"), OTEL_MAP("deep", OTEL_BOOL("t", true), OTEL_INT("n", 1))),
         OTEL_ARRAY("list", otel_int(1)), OTEL_MAP("empty", otel_attr_end()), OTEL_STR("plain", "p"));
    assert_true(azure_is("property:map.k", "v") && azure_is("property:map.deep.t", "true"));
    assert_true(azure_is("property:map.deep.n", "1") && azure_absent("property:map"));
    assert_true(azure_is("property:list", "[1]") && azure_is("property:empty", "{}") &&
                azure_is("property:plain", "p"));
    assert_true(azure_is("property:lib.v", "1") && azure_is("property:run.id", "7"));
    ITEM("x", OTEL_STR("a.b", "dotted"), OTEL_MAP("a", OTEL_STR("b", "nested")));
    assert_true(azure_is("property:a.b", "dotted") && azure_is("property:a.b~2", "nested"));
    ITEM("x", OTEL_MAP("a", OTEL_STR("b", "nested")), OTEL_STR("a.b", "dotted"));
    assert_true(azure_is("property:a.b", "dotted") && azure_is("property:a.b~2", "nested"));
    otel_log_record record = {.size = sizeof record, .body = otel_map(OTEL_ATTRS(OTEL_INT("n", 1)), 1)};
    azure_item(&record);
    assert_true(azure_is("message", "{\"n\":1}") && azure_absent("property:n")); /* the body stays one text */
}

static void flattened_keys_are_cut(void **state)
{
    (void)state;
    azure.flatten = true;
    otel_attr inner = OTEL_STR("end", "v");
    otel_attr levels[40];
    for (int i = 0; i < 40; i++) levels[i] = otel_attr_of("level-of-nesting", otel_map(i ? &levels[i - 1] : &inner, 1));
    ITEM("x", levels[39]);
    bool found = false;
    for (const cJSON *p =
             cJSON_GetObjectItem(cJSON_GetObjectItem(azure_at("envelope:data"), "baseData"), "properties")->child;
         p; p = p->next) {
        assert_true(strlen(p->string) <= 150);
        found |= strncmp(p->string, "level-of-nesting.level-of-nesting.", 34) == 0 &&
                 strstr(p->valuestring, "{\"end\":\"v\"}") != NULL;
    }
    assert_true(found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(values_of_every_type),  TEST(texts_of_every_character),
                                       TEST(limits_are_exact),      TEST(an_empty_key_is_none),
                                       TEST(maps_are_flattened),    TEST(a_full_key_holds_what_is_left_as_json),
                                       TEST(flattened_keys_are_cut)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
