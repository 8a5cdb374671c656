/* The attributes processor: rules, order, what it may not let through, locale, threads, forks. */
#include "processor_fixture.h"
#include <locale.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.attributes", NULL);

#define RULES(...)                                                                                                     \
    otel_attributes_log_processor_new((const otel_attribute_rule[]){__VA_ARGS__},                                      \
                                      sizeof((otel_attribute_rule[]){__VA_ARGS__}) / sizeof(otel_attribute_rule))

static void add_set_rename_remove(void **unused)
{
    (void)unused;
    bench b = bench_of(RULES({.action = OTEL_RULE_ADD, .key = "env", .value = otel_string("test")},
                             {.action = OTEL_RULE_ADD, .key = "kept", .value = otel_int(0)},
                             {.action = OTEL_RULE_SET, .key = "set", .value = otel_int(2)},
                             {.action = OTEL_RULE_RENAME, .key = "old", .new_key = "new"},
                             {.action = OTEL_RULE_RENAME, .key = "absent", .new_key = "kept"},
                             {.action = OTEL_RULE_REMOVE, .key = "tmp.*"}));
    OTEL_LOG_INFO(&logger, "x", OTEL_INT("kept", 1), OTEL_INT("set", 1), OTEL_DOUBLE("old", 0.5), OTEL_INT("tmp.a", 1),
                  OTEL_INT("tmp.b", 1), OTEL_INT("tmp", 1));
    const otel_log_record *r = nth(&b, 0);
    otel_value value;
    assert_true(attr_is(r, "env", "test") && int_is(r, "kept", 1) && int_is(r, "set", 2) && int_is(r, "tmp", 1));
    assert_true(otel_log_record_get(r, "new", &value) && value.type == OTEL_TYPE_DOUBLE);
    assert_false(has(r, "old") || has(r, "tmp.a") || has(r, "tmp.b"));
    assert_true(has(r, "code.line.number")); /* nobody touched it */
    bench_stop(&b);
}

static void each_rule_sees_what_the_one_before_left(void **unused)
{
    (void)unused;
    bench b = bench_of(RULES({.action = OTEL_RULE_RENAME, .key = "a", .new_key = "secret"},
                             {.action = OTEL_RULE_REDACT, .key = "secret"},
                             {.action = OTEL_RULE_ADD, .key = "a", .value = otel_bool(true)},
                             {.action = OTEL_RULE_SET, .key = "b", .value = otel_string("card 4111111111111111")},
                             {.action = OTEL_RULE_REDACT, .text_pattern = "4[0-9]{15}", .value = otel_string("card")}));
    OTEL_LOG_INFO(&logger, "x", OTEL_STR("a", "pin"), OTEL_STR("secret", "gone"));
    assert_true(attr_is(nth(&b, 0), "secret", "***") && attr_is(nth(&b, 0), "b", "card card"));
    assert_true(has(nth(&b, 0), "a"));
    bench_stop(&b);
}

static void options_are_copied(void **unused)
{
    (void)unused;
    char key[] = "key", text[] = "value", pattern[] = "s[0-9]";
    otel_attribute_rule rules[] = {{.action = OTEL_RULE_ADD, .key = key, .value = otel_string(text)},
                                   {.action = OTEL_RULE_REDACT, .text_pattern = pattern, .value = otel_string(text)}};
    bench b = bench_of(otel_attributes_log_processor_new(rules, 2));
    memset(key, 'x', 3), memset(text, 'x', 5), memset(pattern, 'x', 6);
    memset(rules, 0, sizeof rules);
    OTEL_LOG_INFO(&logger, "x", OTEL_STR("k", "s1"));
    assert_true(attr_is(nth(&b, 0), "key", "value") && attr_is(nth(&b, 0), "k", "value"));
    bench_stop(&b);
}

static void the_body_is_looked_at_when_asked(void **unused)
{
    (void)unused;
    bench b = bench_of(RULES({.action = OTEL_RULE_REDACT, .text_pattern = "secret", .body = 1},
                             {.action = OTEL_RULE_REDACT, .key = "pin", .body = 1},
                             {.action = OTEL_RULE_REDACT, .text_pattern = "open"}));
    const otel_attr entries[] = {OTEL_INT("pin", 1234), OTEL_STR("x", "a secret")};
    OTEL_LOG_INFO(&logger, "a secret, an open one");
    otel_logger_log(&logger, NULL, OTEL_SEVERITY_INFO, otel_map(entries, 2), NULL, 0);
    assert_true(body_is(&b, 0, "a ***, an open one"));
    char text[128];
    otel_value_json(&nth(&b, 1)->body, text, sizeof text);
    assert_string_equal(text, "{\"pin\":\"***\",\"x\":\"a ***\"}");
    bench_stop(&b);
}

/* The code location is no attribute yet, and must not get round the rules for that. */
static void the_code_location_is_no_way_round(void **unused)
{
    (void)unused;
    bench b = bench_of(RULES({.action = OTEL_RULE_REMOVE, .key = "code.function.name"},
                             {.action = OTEL_RULE_REDACT, .text_pattern = "^.*/", .value = otel_string("")},
                             {.action = OTEL_RULE_RENAME, .key = "code.line.number", .new_key = "line"}));
    OTEL_LOG_INFO(&logger, "x");
    const otel_log_record *r = nth(&b, 0);
    assert_true(attr_is(r, "code.file.path", "test_attributes.c") && has(r, "line"));
    assert_false(has(r, "code.function.name") || has(r, "code.line.number"));
    bench_stop(&b);
    b = bench_of(RULES({.action = OTEL_RULE_REDACT, .key = "code.*"}));
    OTEL_LOG_INFO(&logger, "x", OTEL_STR("code.file.path", "given"));
    assert_true(attr_is(nth(&b, 0), "code.file.path", "***") && attr_is(nth(&b, 0), "code.line.number", "***"));
    bench_stop(&b);
    b = bench_of(RULES({.action = OTEL_RULE_REDACT, .text_pattern = "the_code_location[a-z_]*"}));
    OTEL_LOG_INFO(&logger, "x");
    assert_true(attr_is(nth(&b, 0), "code.function.name", "***"));
    bench_stop(&b);
}

/* 40 secrets in a record that may be changed 32 times. */
static void what_cannot_be_hidden_is_dropped(void **unused)
{
    (void)unused;
    otel_attr attributes[40];
    char keys[40][16];
    for (int i = 0; i < 40; i++) {
        snprintf(keys[i], sizeof keys[i], "secret.%d", i);
        attributes[i] = OTEL_STR(keys[i], "canary");
    }
    otel_log_processor *const rules[] = {RULES({.action = OTEL_RULE_REDACT, .key = "secret.*"}),
                                         RULES({.action = OTEL_RULE_REDACT, .text_pattern = "canary"}),
                                         RULES({.action = OTEL_RULE_REMOVE, .key = "secret.*"})};
    for (int i = 0; i < 3; i++) {
        said_begin();
        bench b = bench_of(rules[i]);
        otel_logger_log(&logger, NULL, OTEL_SEVERITY_INFO, otel_string("x"), attributes, 40);
        otel_logger_log(&logger, NULL, OTEL_SEVERITY_INFO, otel_string("x"), attributes, 32);
        assert_int_equal(arrived(&b), 1);
        assert_int_equal(books_of(b.processor).dropped_unredacted, 1);
        assert_true(said("a record was dropped: the rules change too much of it"));
        assert_false(said("canary"));
        for (int j = 0; j < 32; j++) assert_false(attr_is(nth(&b, 0), keys[j], "canary"));
        bench_stop(&b);
        said_end();
    }
}

/* Changes of those in front count too. */
static void changes_of_others_do_not_make_it_leak(void **unused)
{
    (void)unused;
    otel_attribute_rule many[31];
    char keys[31][8];
    for (int i = 0; i < 31; i++) {
        snprintf(keys[i], sizeof keys[i], "k%d", i);
        many[i] = (otel_attribute_rule){.action = OTEL_RULE_SET, .key = keys[i], .value = otel_int(i)};
    }
    otel_log_exporter *memory;
    otel_log_processor *list[] = {
        otel_attributes_log_processor_new(many, 31),
        RULES({.action = OTEL_RULE_REDACT, .key = "a"}, {.action = OTEL_RULE_REDACT, .key = "b"}),
        remembering(&memory)};
    otel_provider *p = provider_of(list, 3);
    otel_books books;
    said_begin();
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    OTEL_LOG_INFO(&logger, "x", OTEL_STR("a", "canary"), OTEL_STR("b", "canary"));
    assert_int_equal(otel_memory_exporter_count(memory), 0);
    OTEL_LOG_INFO(&logger, "x", OTEL_STR("a", "canary"));
    assert_int_equal(otel_memory_exporter_count(memory), 1);
    assert_true(attr_is(otel_memory_exporter_at(memory, 0), "a", "***"));
    assert_true(otel_provider_books(p, &books));
    assert_int_equal(books.filtered, 1);
    assert_books(p);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    said_end();
}

static void without_memory_nothing_passes_in_the_clear(void **unused)
{
    (void)unused;
    static char large[5000];
    memset(large, 'x', sizeof large);
    memcpy(large, "canary", 6);
    bench b = bench_of(RULES({.action = OTEL_RULE_REDACT, .text_pattern = "canary", .body = 1}));
    said_begin();
    for (uint32_t n = 0; n < 16; n++) {
        memory_fails_at(n);
        OTEL_LOG_INFO(&logger, "canary", OTEL_STRN("large", large, sizeof large),
                      OTEL_STRN("more", large, sizeof large));
        memory_is_back();
    }
    assert_true(said("no memory to apply the rules"));
    assert_true(arrived(&b) > 0);
    otel_processor_books books = books_of(b.processor);
    assert_true(books.dropped_unredacted > 0);
    assert_int_equal(books.taken, 16);
    for (size_t i = 0; i < arrived(&b); i++) {
        otel_value value;
        assert_true(body_is(&b, i, "***"));
        assert_true(otel_log_record_get(nth(&b, i), "large", &value));
        assert_int_equal(value.size, sizeof large - 3);
    }
    said_end();
    bench_stop(&b);
}

/* A locale in which 'i' and 'I' are strangers, and the program's own stays what it was. */
static void the_programs_locale_is_left_alone(void **unused)
{
    (void)unused;
    locale_t own = newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0);
    if (!own) own = newlocale(LC_ALL_MASK, "POSIX", (locale_t)0);
    locale_t before = uselocale(own);
    bench b = bench_of(RULES({.action = OTEL_RULE_REDACT, .text_pattern = "gr.{2}n"}));
    OTEL_LOG_INFO(&logger, "x", OTEL_STR("k", "gr\xc3\xbcn"), OTEL_STR("l", "gr\xffxn"));
    assert_true(uselocale(before) == own);
    assert_true(attr_is(nth(&b, 0), "k", "***")); /* bytes: the two of one character */
    assert_true(attr_is(nth(&b, 0), "l", "***")); /* not valid UTF-8, and found all the same */
    bench_stop(&b);
    freelocale(own);
}

enum { THREADS = 4, EACH = 500 };

static void *log_each(void *unused)
{
    for (int i = 0; i < EACH; i++) OTEL_LOG_INFO(&logger, "x", OTEL_STR("k", "a canary"), OTEL_INT("n", i));
    return unused;
}

static void threads_redact_beside_each_other(void **unused)
{
    (void)unused;
    pthread_t threads[THREADS];
    bench b = bench_of(RULES({.action = OTEL_RULE_REDACT, .text_pattern = "c.n.r."}));
    for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_create(&threads[i], NULL, log_each, NULL), 0);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    assert_int_equal(arrived(&b), THREADS * EACH);
    for (size_t i = 0; i < arrived(&b); i++) assert_true(attr_is(nth(&b, i), "k", "a ***"));
    bench_stop(&b);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(add_set_rename_remove),
                                       cmocka_unit_test(each_rule_sees_what_the_one_before_left),
                                       cmocka_unit_test(options_are_copied),
                                       cmocka_unit_test(the_body_is_looked_at_when_asked),
                                       cmocka_unit_test(the_code_location_is_no_way_round),
                                       cmocka_unit_test(what_cannot_be_hidden_is_dropped),
                                       cmocka_unit_test(changes_of_others_do_not_make_it_leak),
                                       cmocka_unit_test(without_memory_nothing_passes_in_the_clear),
                                       cmocka_unit_test(the_programs_locale_is_left_alone),
                                       cmocka_unit_test(threads_redact_beside_each_other)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
