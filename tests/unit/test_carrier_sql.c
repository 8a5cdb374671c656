/* The comment behind an SQL statement. */
#include <otel/propagation.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void it_is_sorted_and_encoded(void **unused)
{
    (void)unused;
    char out[512], pairs[128];
    otel_baggage b;
    otel_context c = {.span_context = {.trace_id = {1}, .span_id = {2}, .flags = 1, .trace_state = {"a=1,b='2", 8}},
                      .baggage = &b};
    otel_baggage_init(&b, pairs, sizeof pairs);
    otel_baggage_set(&b, "k", "'*/ DROP");
    otel_propagators_set_names("tracecontext,baggage", NULL);
    size_t size = otel_sql_comment(&c, out, sizeof out);
    assert_string_equal(out, "/*baggage='k%3D%27%2A%2F%2520DROP',"
                             "traceparent='00-01000000000000000000000000000000-0200000000000000-01',"
                             "tracestate='a%3D1%2Cb%3D%272'*/");
    assert_int_equal(size, strlen(out));
    char exact[512];
    assert_int_equal(otel_sql_comment(&c, exact, size + 1), size);
    assert_string_equal(exact, out);
    assert_int_equal(otel_sql_comment(&c, exact, 10), size);
    assert_string_equal(exact, "/*baggage");
    assert_int_equal(otel_sql_comment(&c, NULL, 0), size);
    otel_propagators_set(NULL, 0);
}

static void nothing_is_no_comment(void **unused)
{
    (void)unused;
    char out[8] = "x";
    const otel_context empty = {.baggage = NULL};
    assert_int_equal(otel_sql_comment(&empty, out, sizeof out), 0);
    assert_string_equal(out, "");
}

static void what_is_too_long_is_left_out_whole(void **unused)
{
    (void)unused;
    static char out[40000], pairs[9000], value[4001];
    otel_baggage b;
    otel_context c = {.span_context = {.trace_id = {1}, .span_id = {2}}, .baggage = &b};
    memset(value, ',', sizeof value - 1);
    otel_baggage_init(&b, pairs, sizeof pairs);
    otel_baggage_set(&b, "k", value); /* does not even fit into a header */
    otel_propagators_set_names("baggage,tracecontext", NULL);
    otel_sql_comment(&c, out, sizeof out);
    assert_string_equal(out, "/*traceparent='00-01000000000000000000000000000000-0200000000000000-00'*/");
    value[2500] = '\0'; /* 7500 in the header, 12500 here */
    otel_baggage_set(&b, "k", value);
    otel_sql_comment(&c, out, sizeof out);
    assert_string_equal(out, "/*traceparent='00-01000000000000000000000000000000-0200000000000000-00'*/");
    otel_propagators_set(NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_is_sorted_and_encoded),
                                       cmocka_unit_test(nothing_is_no_comment),
                                       cmocka_unit_test(what_is_too_long_is_left_out_whole)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
