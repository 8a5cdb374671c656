/* The global propagators, by table and by name, and composites. */
#include "propagation_fixture.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void shout(const otel_propagator *self, const otel_context *context, const otel_setter *setter, void *carrier)
{
    (void)context;
    setter->set(carrier, (otel_str){"name", 4}, (otel_str){self->name, strlen(self->name)});
}

static otel_context hear(const otel_propagator *self, const otel_context *context, const otel_getter *getter,
                         const void *carrier, otel_extract_memory *memory)
{
    otel_context c = *context;
    (void)self, (void)getter, (void)carrier, (void)memory;
    c.span_context.trace_id[0]++;
    return c;
}

static const char *const own_fields[] = {"x-own", "x-own-2", NULL};
#define OWN(n)                                                                                                         \
    {                                                                                                                  \
        .size = sizeof(otel_propagator), .name = n, .inject = shout, .extract = hear, .fields = own_fields             \
    }
static const otel_propagator own = OWN("Own"), own_again = OWN("Own"), own_baggage = OWN("baggage");

static said out;

static const char *injected(const otel_context *context)
{
    out.size = 0;
    out.text[0] = '\0';
    otel_inject(context, &said_setter, &out);
    return out.text;
}

static const char *fields(void)
{
    static char text[512];
    const char *field;
    text[0] = '\0';
    for (size_t n = 0; (field = otel_propagators_field(n)) != NULL; n++) strcat(strcat(text, field), " ");
    return text;
}

static otel_context valid(void)
{
    otel_context c = {.span_context = {.flags = 1}};
    memset(c.span_context.trace_id, 0x11, 16);
    memset(c.span_context.span_id, 0x22, 8);
    return c;
}

static void none_at_first(void **unused)
{
    (void)unused;
    otel_context c = valid(), back;
    const char *const lines[] = {PARENT};
    const header_list list = {lines, 1};
    assert_string_equal(injected(&c), "");
    assert_string_equal(fields(), "");
    back = otel_extract(&c, &list_getter, &list, NULL);
    assert_memory_equal(&back, &c, sizeof c);
}

static void names_choose(void **unused)
{
    (void)unused;
    otel_str unknown = {"", 0};
    assert_true(otel_propagators_set_names("tracecontext,baggage", &unknown));
    assert_string_equal(fields(), "traceparent tracestate baggage ");
    assert_true(otel_propagators_set_names(" b3multi ,\tjaeger,, b3multi", &unknown));
    assert_string_equal(fields(), "x-b3-traceid x-b3-spanid x-b3-sampled x-b3-flags uber-trace-id ");
    assert_true(otel_propagators_set_names("B3", &unknown));
    assert_string_equal(fields(), "b3 ");
    assert_true(otel_propagators_set_names("none", &unknown));
    assert_string_equal(fields(), "");
    assert_true(otel_propagators_set_names("none,b3", &unknown));
    assert_string_equal(fields(), "b3 ");
    assert_true(otel_propagators_set_names("", NULL));
    assert_true(otel_propagators_set_names(NULL, NULL));
    assert_string_equal(fields(), "");
    assert_int_equal(unknown.size, 0);
}

static void unknown_names_are_told_and_left_out(void **unused)
{
    (void)unused;
    otel_str unknown;
    assert_false(otel_propagators_set_names("b3, xray ,b4,baggage", &unknown));
    assert_int_equal(unknown.size, 4);
    assert_memory_equal(unknown.data, "xray", 4);
    assert_string_equal(fields(), "b3 baggage ");
    assert_false(otel_propagators_set_names("b", NULL));
    assert_string_equal(fields(), "");
}

static void a_list_is_called_in_order(void **unused)
{
    (void)unused;
    const otel_propagator *list[] = {&otel_propagator_b3, &own, &otel_propagator_tracecontext};
    otel_context c = valid();
    assert_true(otel_propagators_set(list, 3));
    assert_string_equal(injected(&c), "b3:11111111111111111111111111111111-2222222222222222-1|name:Own|"
                                      "traceparent:00-11111111111111111111111111111111-2222222222222222-01");
    assert_string_equal(fields(), "b3 x-own x-own-2 traceparent tracestate ");
    const header_list nothing = {NULL, 0};
    assert_int_equal(otel_extract(&c, &list_getter, &nothing, NULL).span_context.trace_id[0], 0x12);
    assert_int_equal(otel_extract(NULL, &list_getter, &nothing, NULL).span_context.trace_id[0], 1);
    otel_propagators_set(NULL, 0);
}

static void no_context_is_the_current_one(void **unused)
{
    (void)unused;
    otel_context c = valid();
    otel_context_token token;
    otel_propagators_set_names("b3", NULL);
    assert_string_equal(injected(NULL), "");
    otel_context_attach(&c, &token);
    assert_string_equal(injected(NULL), "b3:11111111111111111111111111111111-2222222222222222-1");
    otel_context_detach(&token);
    otel_propagators_set(NULL, 0);
}

static void what_is_incomplete_is_refused_and_changes_nothing(void **unused)
{
    (void)unused;
    otel_propagator bad[5] = {own, own, own, own, own};
    const otel_propagator *list[17] = {&own}, *some[] = {&own, NULL, &own};
    bad[0].size--;
    bad[1].name = NULL;
    bad[2].inject = NULL;
    bad[3].extract = NULL;
    bad[4].fields = NULL;
    otel_propagators_set_names("b3", NULL);
    for (size_t i = 0; i < 5; i++) {
        list[1] = &bad[i];
        assert_false(otel_propagators_set(list, 2));
        assert_false(otel_propagator_register(&bad[i]));
    }
    assert_false(otel_propagators_set(some, 3));
    assert_false(otel_propagators_set(NULL, 1));
    for (size_t i = 0; i < 17; i++) list[i] = &own;
    assert_false(otel_propagators_set(list, 17));
    assert_string_equal(fields(), "b3 ");
    assert_true(otel_propagators_set(list, 16));
    assert_false(otel_propagator_register(NULL));
    otel_context c = valid();
    out.size = 0, out.text[0] = '\0';
    otel_inject_by(some, 3, &c, &said_setter, &out); /* what is NULL in a list of one's own is passed over */
    assert_string_equal(out.text, "name:Own|name:Own");
    otel_inject_by(NULL, 3, &c, &said_setter, &out);
    otel_inject_by(some, 3, &c, NULL, &out);
    otel_extract_by(NULL, 3, &c, &list_getter, NULL, NULL);
    otel_extract_by(some, 3, &c, NULL, NULL, NULL);
    otel_propagators_set(NULL, 0);
}

static _Atomic int bad_rounds;

static void *pass_contexts(void *number)
{
    otel_context sent = valid();
    otel_context_token token;
    for (int i = 0; i < 2000; i++) {
        char text[512], room[128];
        otel_text_carrier carrier = {.buffer = text, .capacity = sizeof text};
        otel_extract_memory memory = {.buffer = room, .capacity = sizeof room};
        sent.span_context = otel_span_context_child(&sent.span_context);
        otel_context_attach(&sent, &token);
        otel_inject(NULL, &otel_header_text_setter, &carrier);
        bad_rounds += !otel_context_detach(&token);
        const otel_str read = {text, carrier.size};
        otel_context got = otel_extract(NULL, &otel_header_text_getter, &read, &memory);
        bad_rounds += memcmp(got.span_context.span_id, sent.span_context.span_id, 8) != 0;
    }
    return number;
}

/* While others are registered: no list changes for those who are in the middle of one. */
static void threads_pass_contexts_at_once(void **unused)
{
    (void)unused;
    static const otel_propagator others[] = {OWN("a"), OWN("b")};
    pthread_t threads[3];
    otel_propagators_set_names("tracecontext,b3", NULL);
    for (size_t i = 0; i < 3; i++) assert_int_equal(pthread_create(&threads[i], NULL, pass_contexts, NULL), 0);
    for (size_t i = 0; i < 2000; i++) otel_propagator_register(&others[i % 2]);
    for (size_t i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    assert_int_equal(bad_rounds, 0);
    otel_propagators_set(NULL, 0);
}

/* Last: what is registered stays. */
static void registered_ones_have_names(void **unused)
{
    (void)unused;
    static otel_propagator many[16];
    static char names[16][8];
    otel_context c = valid();
    assert_false(otel_propagators_set_names("own", NULL));
    assert_true(otel_propagator_register(&own));
    assert_true(otel_propagators_set_names("own", NULL)); /* case does not count */
    assert_string_equal(injected(&c), "name:Own");
    assert_true(otel_propagator_register(&own_again)); /* in the place of the other */
    assert_true(otel_propagator_register(&own_baggage));
    assert_true(otel_propagators_set_names("baggage", NULL)); /* one's own beats what comes along */
    assert_string_equal(injected(&c), "name:baggage");
    for (size_t i = 0; i < 16; i++) {
        many[i] = own;
        sprintf(names[i], "n%zu", i);
        many[i].name = names[i];
        assert_int_equal(otel_propagator_register(&many[i]), i < 12);
    }
    assert_false(otel_propagators_set_names("n11,n12", NULL));
    assert_string_equal(injected(&c), "name:n11");
    otel_propagators_set(NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(none_at_first),
        cmocka_unit_test(names_choose),
        cmocka_unit_test(unknown_names_are_told_and_left_out),
        cmocka_unit_test(a_list_is_called_in_order),
        cmocka_unit_test(no_context_is_the_current_one),
        cmocka_unit_test(what_is_incomplete_is_refused_and_changes_nothing),
        cmocka_unit_test(threads_pass_contexts_at_once),
        cmocka_unit_test(registered_ones_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
