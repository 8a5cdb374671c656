/* Ids of traces and spans, as bytes and as text. */
#include <otel/span_context.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char trace_text[] = "0af7651916cd43dd8448eb211c80319c", span_text[] = "b7ad6b7169203331";

static void text_and_bytes_are_one(void **unused)
{
    (void)unused;
    uint8_t trace[16], span[8];
    char text[33], short_text[17];
    assert_true(otel_trace_id_parse(trace_text, 32, trace));
    assert_true(otel_span_id_parse(span_text, 16, span));
    assert_int_equal(trace[0], 0x0a);
    assert_int_equal(span[7], 0x31);
    otel_trace_id_hex(trace, text);
    otel_span_id_hex(span, short_text);
    assert_string_equal(text, trace_text);
    assert_string_equal(short_text, span_text);
    assert_true(otel_trace_id_parse("0AF7651916CD43DD8448EB211C80319C", 32, trace));
}

static void what_is_no_id_leaves_the_bytes_alone(void **unused)
{
    (void)unused;
    static const char *const bad[] = {"",
                                      "0af7651916cd43dd8448eb211c80319",
                                      "0af7651916cd43dd8448eb211c80319cc",
                                      "00000000000000000000000000000000",
                                      "0af7651916cd43dd8448eb211c80319g",
                                      " af7651916cd43dd8448eb211c80319c"};
    uint8_t id[16], before[16];
    memset(id, 0x55, sizeof id);
    memcpy(before, id, sizeof id);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(otel_trace_id_parse(bad[i], strlen(bad[i]), id));
    assert_false(otel_span_id_parse("0000000000000000", 16, id));
    assert_false(otel_span_id_parse(trace_text, 32, id));
    assert_false(otel_trace_id_parse(NULL, 32, id));
    assert_false(otel_trace_id_parse(trace_text, 32, NULL));
    assert_memory_equal(id, before, sizeof id);
}

static void valid_needs_a_bit_in_both(void **unused)
{
    (void)unused;
    otel_span_context c = {.flags = 1};
    assert_false(otel_span_context_valid(NULL));
    assert_false(otel_span_context_valid(&c));
    c.trace_id[15] = 1;
    assert_false(otel_span_context_valid(&c));
    c.span_id[0] = 0x80;
    assert_true(otel_span_context_valid(&c));
    c.trace_id[15] = 0;
    assert_false(otel_span_context_valid(&c));
}

static void null_is_tolerated(void **unused)
{
    (void)unused;
    char text[33] = "x";
    uint8_t id[16] = {1};
    otel_trace_id_hex(NULL, text);
    otel_span_id_hex(NULL, text);
    otel_trace_id_hex(id, NULL);
    otel_span_id_hex(id, NULL);
    assert_string_equal(text, "x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_and_bytes_are_one), cmocka_unit_test(what_is_no_id_leaves_the_bytes_alone),
        cmocka_unit_test(valid_needs_a_bit_in_both), cmocka_unit_test(null_is_tolerated)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
