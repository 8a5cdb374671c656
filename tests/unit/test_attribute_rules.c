/* Rules of the attributes processor that cannot be used, or not made. */
#include "processor_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define RULES(...)                                                                                                     \
    otel_attributes_log_processor_new((const otel_attribute_rule[]){__VA_ARGS__},                                      \
                                      sizeof((otel_attribute_rule[]){__VA_ARGS__}) / sizeof(otel_attribute_rule))

static void nonsense_is_refused_in_words(void **unused)
{
    (void)unused;
    said_begin();
    assert_null(RULES({.action = OTEL_RULE_REDACT, .text_pattern = "[0-9"}));
    assert_true(said("the expression \"[0-9\" cannot be used: "));
    assert_null(RULES({.action = OTEL_RULE_REDACT, .text_pattern = "x*"}));
    assert_true(said("it matches nothing at all"));
    assert_null(RULES({.action = OTEL_RULE_ADD, .key = "ok"}, {.action = 9, .key = "k"}));
    assert_true(said("rule 1: there is no such action"));
    assert_null(RULES({.action = OTEL_RULE_ADD}));
    assert_null(RULES({.action = OTEL_RULE_REDACT}));
    assert_true(said("rule 0: a key is missing"));
    assert_null(RULES({.action = OTEL_RULE_RENAME, .key = "k"}));
    assert_true(said("the new key is missing"));
    assert_null(RULES({.action = OTEL_RULE_REMOVE, .key = "a*b"}));
    assert_null(RULES({.action = OTEL_RULE_ADD, .key = "k", .value = otel_ints(NULL, 0)}));
    assert_null(RULES({.action = OTEL_RULE_REDACT, .text_pattern = "a", .value = otel_int(1)}));
    assert_true(said("what stands for text must be text"));
    assert_null(otel_attributes_log_processor_new(NULL, 1)); /* the tenth line: the last that is said */
    assert_true(said("a list of 1 rules is missing"));
    otel_log_processor *p = otel_attributes_log_processor_new(NULL, 0);
    assert_non_null(p);
    otel_log_processor_destroy(p);
    said_end();
}

static void a_constructor_without_memory_answers_null(void **unused)
{
    (void)unused;
    uint32_t n = 0;
    said_begin();
    for (bool done = false; !done; n++) {
        memory_fails_at(n);
        otel_log_processor *p =
            RULES({.action = OTEL_RULE_RENAME, .key = "a", .new_key = "b"},
                  {.action = OTEL_RULE_REDACT, .key = "k", .text_pattern = "x", .value = otel_string("y")});
        done = p != NULL;
        assert_true(memory_failed() == !done);
        otel_log_processor_destroy(p);
        memory_is_back();
    }
    assert_int_equal(n, 9);
    said_end();
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(nonsense_is_refused_in_words),
                                       cmocka_unit_test(a_constructor_without_memory_answers_null)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
