/* The providers that a copy of the API knows, and the gate computed from them. */
#include <otel/provider.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

typedef struct fake {
    otel_provider base;
    int32_t lowest, ask;
    otel_result attach_result;
    int logs, suppressed;
    otel_api_port *port;
} fake;

static otel_result fake_attach(otel_provider *provider, otel_api_port *port)
{
    fake *f = (fake *)provider;
    if (f->attach_result != OTEL_OK) return f->attach_result;
    f->port = port;
    port->publish(port, provider, f->lowest, f->ask);
    return OTEL_OK;
}

static void fake_detach(otel_provider *provider, otel_api_port *port)
{
    assert_ptr_equal(((fake *)provider)->port, port);
    ((fake *)provider)->port = NULL;
}

static bool fake_enabled(otel_provider *provider, otel_logger *logger, otel_severity severity,
                         const otel_context *current)
{
    (void)logger;
    (void)current;
    return severity >= ((fake *)provider)->lowest;
}

static void fake_log(otel_provider *provider, otel_logger *logger, const otel_context *current,
                     const otel_log_site *site, otel_severity severity, otel_value body, const otel_attr *attributes,
                     size_t count)
{
    (void)current;
    (void)site;
    (void)severity;
    (void)body;
    (void)attributes;
    (void)count;
    if (((fake *)provider)->logs++ == 0) OTEL_LOG_FATAL(logger, "nested");
}

static void fake_suppressed(otel_provider *provider)
{
    ((fake *)provider)->suppressed++;
}

static void log_nothing(otel_provider *provider, otel_logger *by, const otel_context *current,
                        const otel_log_record *record)
{
    (void)provider;
    (void)by;
    (void)current;
    (void)record;
}

static const otel_provider_ops ops = {.size = sizeof ops,
                                      .attach = fake_attach,
                                      .detach = fake_detach,
                                      .log_enabled = fake_enabled,
                                      .log = fake_log,
                                      .log_emit = log_nothing,
                                      .suppressed = fake_suppressed};
static otel_logger logger = OTEL_LOGGER_INIT("x", NULL);

static void the_gate_follows_who_listens(void **unused)
{
    (void)unused;
    fake one = {.base = {&ops}, .lowest = 9}, two = {.base = {&ops}, .lowest = 5};
    assert_int_equal(otel_log_gate[0], OTEL_GATE_CLOSED);
    assert_int_equal(otel_provider_set_global(&one.base), OTEL_OK);
    assert_int_equal(otel_provider_set_global(&one.base), OTEL_OK); /* again is no change */
    assert_int_equal(otel_provider_set_global(&two.base), OTEL_ERR_ALREADY);
    assert_int_equal(otel_log_gate[0], 9);
    assert_int_equal(otel_log_gate[1], 0);
    assert_int_equal(otel_provider_attach(&two.base), OTEL_OK);
    assert_int_equal(otel_log_gate[0], 5);
    assert_int_equal(otel_log_gate[1], 1); /* who names nobody must ask */
    assert_false(otel_log_wanted(&logger, 5));
    assert_true(otel_log_wanted(&logger, 9));
    one.port->publish(one.port, &one.base, 3, 0); /* changed while running */
    assert_int_equal(otel_log_gate[0], 3);
    assert_int_equal(otel_provider_detach(&two.base), OTEL_OK);
    assert_int_equal(otel_log_gate[1], 0);
    OTEL_LOG_INFO(&logger, "x");
    assert_int_equal(one.logs, 1);
    assert_int_equal(one.suppressed, 1);
    assert_int_equal(otel_provider_set_global(NULL), OTEL_OK);
    assert_null(one.port);
    assert_int_equal(otel_log_gate[0], OTEL_GATE_CLOSED);
    OTEL_LOG_INFO(&logger, "x");
    assert_int_equal(one.logs, 1);
}

static void one_that_refuses_is_forgotten(void **unused)
{
    (void)unused;
    fake bad = {.base = {&ops}, .attach_result = OTEL_ERR_NO_MEMORY};
    assert_int_equal(otel_provider_set_global(&bad.base), OTEL_ERR_NO_MEMORY);
    assert_null(otel_provider_global());
    assert_int_equal(otel_log_gate[0], OTEL_GATE_CLOSED);
}

static void there_is_room_for_sixteen(void **unused)
{
    (void)unused;
    fake many[17];
    for (int i = 0; i < 17; i++) many[i] = (fake){.base = {&ops}, .lowest = 24 - i};
    for (int i = 0; i < 16; i++) assert_int_equal(otel_provider_attach(&many[i].base), OTEL_OK);
    assert_int_equal(otel_provider_attach(&many[16].base), OTEL_ERR_NO_MEMORY);
    assert_int_equal(otel_log_gate[0], 9);
    for (int i = 0; i < 16; i++) assert_int_equal(otel_provider_detach(&many[i].base), OTEL_OK);
    assert_int_equal(otel_log_gate[0], OTEL_GATE_CLOSED);
}

/* A table says how long it is. A later one may be longer; what an earlier one has not got is refused, not called. */
static void a_table_has_to_be_whole(void **unused)
{
    (void)unused;
    otel_provider_ops table = ops;
    otel_provider provider = {NULL};
    assert_int_equal(otel_provider_attach(&provider), OTEL_ERR_ARGUMENT);
    provider.ops = &table;
    table.size = offsetof(otel_provider_ops, suppressed);
    assert_int_equal(otel_provider_set_global(&provider), OTEL_ERR_ARGUMENT);
    table.size = sizeof table;
    table.log_emit = NULL;
    assert_int_equal(otel_provider_attach(&provider), OTEL_ERR_ARGUMENT);
    assert_int_equal(otel_log_gate[0], OTEL_GATE_CLOSED);
    fake later = {.base = {&table}, .lowest = 9};
    table.log_emit = log_nothing;
    table.size = sizeof table + 64;
    assert_int_equal(otel_provider_set_global(&later.base), OTEL_OK);
    assert_int_equal(otel_provider_set_global(NULL), OTEL_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_gate_follows_who_listens), cmocka_unit_test(one_that_refuses_is_forgotten),
        cmocka_unit_test(there_is_room_for_sixteen), cmocka_unit_test(a_table_has_to_be_whole)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
