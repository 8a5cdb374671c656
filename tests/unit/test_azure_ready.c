/* What all records of a resource share is printed once: the items are the same as if it had come one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_fixture.h"
#include "azure_monitor/src/mapping/built_in.h"
#include <otel/log.h>
#include <string.h>

#define RUN OTEL_STR("parent_run_id", "p7"), OTEL_STR("step \"a\"\\\n", "\x01 \"q\""), OTEL_STR("service.name", "s")

static bool is_there_once(const char *part)
{
    const char *first = strstr(azure_text(), part);
    return first && !strstr(first + 1, part);
}

/* Keys and values that have to be escaped, the first of all among them. */
static void everything_is_there_once(void **state)
{
    (void)state;
    azure.resource = OTEL_ATTRS(OTEL_STR("k \"0\"\t", "v"), RUN, OTEL_STRN("zero", "a\0b", 3));
    ITEM("x", OTEL_STR("own", "1"));
    assert_true(azure_is("property:k \"0\"\t", "v") && azure_is("property:parent_run_id", "p7"));
    assert_true(azure_is("property:step \"a\"\\\n", "\x01 \"q\"") && azure_is("property:own", "1"));
    assert_true(azure_is("tags:ai.cloud.role", "s") && azure_absent("property:service.name"));
    assert_non_null(strstr(azure_text(), "\"zero\":\"a\\u0000b\""));
    assert_true(is_there_once("parent_run_id"));
}

static void a_record_has_its_own(void **state)
{
    (void)state;
    azure.resource = OTEL_ATTRS(RUN, OTEL_STR("level", "none"));
    ITEM("x", OTEL_STR("parent_run_id", "mine"));
    assert_true(azure_is("property:parent_run_id", "mine") && azure_is("property:step \"a\"\\\n", "\x01 \"q\""));
    assert_true(azure_is("property:level", "INFO")); /* what describes the record goes before the resource's */
    assert_true(is_there_once("parent_run_id") && is_there_once("\"level\""));
    ITEM("x", otel_attr_end());
    assert_true(azure_is("property:parent_run_id", "p7"));
}

/* Then they take part in what is cut: all texts to one length. */
static void an_item_that_is_too_large(void **state)
{
    static const char *const keys[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p"};
    const char *text = azure_repeat("x", 8192);
    otel_attr attributes[17];
    (void)state;
    azure.resource = OTEL_ATTRS(RUN, OTEL_STRN("long", text, 5000));
    for (int i = 0; i < 16; i++) attributes[i] = OTEL_STR(keys[i], text);
    attributes[16] = otel_attr_end();
    azure_item_of("x", attributes);
    assert_true(strlen(azure_text()) <= OTEL__AZURE_ITEM_BYTES && is_there_once("\"long\":\"x"));
    assert_true(azure_is("property:parent_run_id", "p7") && azure_is("property:step \"a\"\\\n", "\x01 \"q\""));
    size_t length = strlen(azure_at("property:long")->valuestring);
    assert_true(length < 5000 && length == strlen(azure_at("property:a")->valuestring));
}

static void those_that_were_cut_are_told(void **state)
{
    (void)state;
    azure.resource = OTEL_ATTRS(RUN, OTEL_STR("long", azure_repeat("x", 8200)));
    ITEM("x", otel_attr_end());
    assert_true(azure_is("property:long", azure_repeat("x", 8192)) && azure_is("property:parent_run_id", "p7"));
    assert_true(azure_is("property:otel.truncated", "{\"long\":8200}"));
}

/* More than is kept ready. */
static void many_of_them(void **state)
{
    static otel_attr attributes[65];
    static char keys[64][8];
    (void)state;
    for (int i = 0; i < 64; i++) {
        memcpy(keys[i], (const char[]){'k', (char)('A' + i / 8), (char)('A' + i % 8), '\0'}, 4);
        attributes[i] =
            OTEL_STR(keys[i], "a text that is longer than a hundred bytes, so that all of them together are "
                              "more than eight thousand bytes of JSON");
    }
    attributes[64] = otel_attr_end();
    azure.resource = attributes;
    ITEM("x", otel_attr_end());
    assert_false(azure_absent("property:kAA") || azure_absent("property:kHH"));
}

static void a_note_is_not_there_twice(void **state)
{
    (void)state;
    azure.resource = OTEL_ATTRS(RUN, OTEL_STR("otel.truncated", "theirs"));
    ITEM("x", OTEL_STR("long", azure_repeat("x", 8200)));
    assert_true(azure_is("property:otel.truncated", "theirs") && azure_is("property:parent_run_id", "p7"));
    assert_true(is_there_once("\"otel.truncated\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(everything_is_there_once),     TEST(a_record_has_its_own), TEST(an_item_that_is_too_large),
        TEST(those_that_were_cut_are_told), TEST(many_of_them),         TEST(a_note_is_not_there_twice)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
