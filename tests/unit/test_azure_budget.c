/* The limit of one item, to the byte: the longest texts are cut first, nothing disappears without a word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_fixture.h"

#include <otel/log.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT = 65536 };

static size_t item_bytes(void)
{
    return strlen(azure_text());
}

/* The number that otel.truncated has for a key; 0: none. */
static double was_long(const char *key)
{
    const cJSON *note = azure_at("property:otel.truncated");
    if (!note) return 0;
    cJSON *list = cJSON_Parse(note->valuestring);
    assert_true(cJSON_IsObject(list));
    const cJSON *entry = cJSON_GetObjectItemCaseSensitive(list, key);
    double number = entry ? entry->valuedouble : 0;
    cJSON_Delete(list);
    return number;
}

static size_t length_of(const char *path)
{
    const cJSON *at = azure_at(path);
    return cJSON_IsString(at) ? strlen(at->valuestring) : 0;
}

/* Values that together just fit stay whole; with one byte more the item is cut, and fits again. */
static void the_limit_is_exact(void **state)
{
    (void)state;
    ITEM("x", OTEL_STR("gen_ai.input.messages", "g"));
    size_t around = item_bytes() - 1;
    ITEM("x", OTEL_STR("gen_ai.input.messages", azure_repeat("g", LIMIT - around)));
    assert_int_equal(item_bytes(), LIMIT);
    assert_true(azure_absent("property:otel.truncated"));
    ITEM("x", OTEL_STR("gen_ai.input.messages", azure_repeat("g", LIMIT - around + 1)));
    assert_int_equal(item_bytes(), LIMIT); /* to the byte */
    assert_true(was_long("gen_ai.input.messages") == (double)(LIMIT - around + 1));
    assert_int_equal(strspn(azure_at("property:gen_ai.input.messages")->valuestring, "g"),
                     length_of("property:gen_ai.input.messages"));
}

static void the_longest_are_cut_first(void **state)
{
    (void)state;
    otel_attr attributes[16];
    char keys[12][8];
    for (int i = 0; i < 12; i++) {
        snprintf(keys[i], sizeof keys[i], "big%d", i);
        attributes[i] = OTEL_STR(keys[i], azure_repeat("b", 8000));
    }
    attributes[12] = OTEL_STR("small", "s");
    attributes[13] = otel_attr_of("middle", otel_stringn(azure_repeat("b", 8000), 3000));
    attributes[14] = otel_attr_end();
    azure_item_of("the message", attributes);
    assert_true(item_bytes() > LIMIT - 12 && item_bytes() <= LIMIT);
    assert_true(azure_is("property:small", "s") && azure_is("message", "the message") &&
                azure_is("property:level", "INFO"));
    assert_int_equal(length_of("property:middle"), 3000);
    size_t level = length_of("property:big0");
    assert_true(level > 4000 && level < 8000);
    for (int i = 0; i < 12; i++) {
        char path[32];
        snprintf(path, sizeof path, "property:big%d", i);
        assert_int_equal(length_of(path), level);
        assert_true(was_long(keys[i]) == 8000);
    }
    assert_true(was_long("middle") == 0 && was_long("small") == 0);
}

/* Characters of 2, 3 and 4 bytes, and those that JSON escapes. */
static void texts_stay_pure_prefixes(void **state)
{
    (void)state;
    static const char *const characters[] = {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x9a\x80", "\"", "\n", "\x01"};
    for (size_t i = 0; i < sizeof characters / sizeof *characters; i++) {
        size_t size = strlen(characters[i]);
        ITEM("m", OTEL_STR("gen_ai.input.messages", azure_repeat(characters[i], 65000)));
        assert_true(item_bytes() > LIMIT - 6 && item_bytes() <= LIMIT);
        size_t kept = length_of("property:gen_ai.input.messages");
        assert_true(kept > 5000 && kept % size == 0);
        assert_true(azure_is("property:gen_ai.input.messages", azure_repeat(characters[i], kept / size)));
        assert_true(was_long("gen_ai.input.messages") == 65000);
    }
}

static void zeros_are_counted_as_they_are_written(void **state)
{
    (void)state;
    static char zeros[20000];
    ITEM("m", OTEL_STRN("gen_ai.input.messages", zeros, sizeof zeros), OTEL_STR("k", "v"));
    assert_true(item_bytes() > LIMIT - 6 && item_bytes() <= LIMIT);
    assert_true(azure_is("property:k", "v") && was_long("gen_ai.input.messages") == 20000);
}

static void messages_and_stacks_are_cut_too(void **state)
{
    (void)state;
    ITEM(azure_repeat("\xc3\xa9", 40000), OTEL_STR("k", "v"));
    assert_true(item_bytes() > LIMIT - 2 && was_long("message") == 40000 && azure_is("property:k", "v"));
    ITEM("body", OTEL_STR("exception.type", azure_repeat("T", 2000)),
         OTEL_STR("exception.message", azure_repeat("m", 40000)),
         OTEL_STR("exception.stacktrace", azure_repeat("s", 40000)));
    assert_true(item_bytes() > LIMIT - 3 && item_bytes() <= LIMIT);
    assert_int_equal(length_of("exceptions.0.typeName"), 1024);
    assert_int_equal(length_of("exceptions.0.message"), length_of("exceptions.0.stack"));
    assert_true(was_long("exception.message") == 40000 && was_long("exception.stacktrace") == 40000);
    assert_true(was_long("exception.type") == 2000 && azure_is("property:message", "body"));
}

static otel_attr *many(size_t count, char (*keys)[24], otel_attr *attributes, const char *value)
{
    for (size_t i = 0; i < count; i++) {
        snprintf(keys[i], sizeof keys[i], "attribute.number%07u", (unsigned)i);
        attributes[i] = OTEL_STR(keys[i], value);
    }
    attributes[count] = otel_attr_end();
    return attributes;
}

static char keys[20000][24];
static otel_attr attributes[20001];

static void what_has_no_room_is_dropped_from_the_end(void **state)
{
    (void)state;
    static const size_t counts[] = {1200, 1800, 2500, 5000, 10239, 10240, 20000};
    azure.resource = OTEL_ATTRS(OTEL_STR("team", "ml"));
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        azure_item_of("message", many(counts[i], keys, attributes, "a value of some forty characters, no more"));
        assert_true(item_bytes() > LIMIT - 200 && item_bytes() <= LIMIT);
        assert_true(azure_is("message", "message") && length_of("property:attribute.number0000000") >= 32);
        const cJSON *properties =
            cJSON_GetObjectItem(cJSON_GetObjectItem(azure_at("envelope:data"), "baseData"), "properties");
        assert_true(azure_is("property:level", "INFO") && azure_is("property:Level", "INFO"));
        assert_false(azure_absent("property:process"));
        double dropped = was_long("otel.dropped_attributes_count");
        if (i < 1) continue;
        /* level, Level, process and team were there too; the two notes are */
        assert_true(azure_absent("property:team"));
        size_t known = counts[i] > 10240 ? counts[i] : counts[i] + 4;
        double lost = counts[i] > 10236 ? (double)(counts[i] + 4 - 10240) : 0;
        assert_true((double)(cJSON_GetArraySize(properties) - 2) + dropped + lost >= (double)known - 4);
        const cJSON *said = azure_at("property:otel.dropped_attributes_count");
        assert_non_null(said);
        assert_true(strtod(said->valuestring, NULL) >= dropped && dropped > 0);
    }
}

/* The note stays short, and says how many it does not name. */
static void the_note_has_an_end(void **state)
{
    (void)state;
    azure_item_of("message", many(900, keys, attributes, azure_repeat("v", 300)));
    assert_true(item_bytes() > LIMIT - 900 && item_bytes() <= LIMIT);
    assert_true(length_of("property:otel.truncated") < 2200 && was_long("...") > 700);
    assert_true(was_long("attribute.number0000000") == 300);
}

static void everything_as_bad_as_can_be(void **state)
{
    (void)state;
    const char *bad = azure_repeat("\x01", 9000);
    static const char *const names[] = {"enduser.id",          "enduser.pseudo.id",        "session.id",
                                        "microsoft.client.ip", "microsoft.operation_name", "exception.type",
                                        "exception.message",   "exception.stacktrace"};
    otel_attr list[10];
    for (size_t i = 0; i < 8; i++) list[i] = OTEL_STR(names[i], bad);
    list[8] = otel_attr_end();
    azure.resource =
        OTEL_ATTRS(OTEL_STR("service.name", bad), OTEL_STR("service.version", bad), OTEL_STR("device.id", bad),
                   OTEL_STR("device.model.name", bad), OTEL_STR("device.manufacturer", bad),
                   OTEL_STR("service.instance.id", bad), OTEL_STR("device.type", bad));
    azure.scope = (otel_scope){.name = bad, .version = bad};
    azure_item_of(bad, list);
    assert_true(item_bytes() > LIMIT - 100 && item_bytes() <= LIMIT);
    assert_true(length_of("exceptions.0.message") > 0 && length_of("exceptions.0.typeName") > 0);
}

static void a_program_may_use_the_notes_keys(void **state)
{
    (void)state;
    ITEM("m", OTEL_STR("otel.truncated", "mine"), OTEL_STR("gen_ai.input.messages", azure_repeat("g", 70000)));
    assert_true(azure_is("property:otel.truncated", "mine") && item_bytes() <= LIMIT && item_bytes() > LIMIT - 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_limit_is_exact),
        TEST(the_longest_are_cut_first),
        TEST(texts_stay_pure_prefixes),
        TEST(zeros_are_counted_as_they_are_written),
        TEST(messages_and_stacks_are_cut_too),
        TEST(what_has_no_room_is_dropped_from_the_end),
        TEST(the_note_has_an_end),
        TEST(everything_as_bad_as_can_be),
        TEST(a_program_may_use_the_notes_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
