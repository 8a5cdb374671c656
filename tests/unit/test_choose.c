/* OTEL_LOGS_EXPORTER: lists, duplicates, unknown names, none, and who wins. */
#include "sdk_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static scripted_log alpha, beta;

static otel_log_exporter *make_alpha(const struct otel_config *properties)
{
    (void)properties;
    return SCRIPTED_OK(&alpha);
}

static otel_log_exporter *make_beta(const struct otel_config *properties)
{
    (void)properties;
    return SCRIPTED_OK(&beta);
}

static otel_log_exporter *make_nothing(const struct otel_config *properties)
{
    (void)properties;
    return NULL;
}

static otel_log_exporter *explain_nothing(const struct otel_config *properties)
{
    (void)properties;
    otel_diag(OTEL_SEVERITY_ERROR, "test", "there is a reason");
    return NULL;
}

static void add(const char *name, otel_log_exporter *(*create)(const struct otel_config *))
{
    const otel_log_exporter_factory f = {sizeof f, name, create};
    assert_int_equal(otel_log_exporter_register(&f), OTEL_OK);
}

/* How many of each were made. */
static void choose(const char *variable, otel_options options, uint32_t alphas, uint32_t betas)
{
    if (variable)
        setenv("OTEL_LOGS_EXPORTER", variable, 1);
    else
        unsetenv("OTEL_LOGS_EXPORTER");
    uint32_t a = alpha.destroys, b = beta.destroys;
    said_begin();
    otel_provider *p = otel_provider_new(&options);
    assert_non_null(p);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    said_end();
    assert_int_equal(alpha.destroys - a, alphas);
    assert_int_equal(beta.destroys - b, betas);
    unsetenv("OTEL_LOGS_EXPORTER");
}

static void a_list_is_taken_apart(void **unused)
{
    (void)unused;
    otel_options none = {0};
    choose("alpha", none, 1, 0);
    choose("alpha,beta", none, 1, 1);
    choose(" ALPHA ,\tBeta ", none, 1, 1);
    choose("alpha,alpha, Alpha ,beta", none, 1, 1);
    choose("none", none, 0, 0);
    choose("alpha,none", none, 1, 0);
    choose(",,alpha,,", none, 1, 0);
    choose("alph,alphabet,beta", none, 0, 1);
    choose(" , ", none, 0, 0);
    choose(NULL, none, 0, 0); /* there is no otlp here, and nobody named anything */
}

static void what_is_unknown_is_said_with_what_there_is(void **unused)
{
    (void)unused;
    choose("gamma", (otel_options){0}, 0, 0);
    assert_true(said("gamma"));
    assert_true(said("alpha, beta"));
    choose("impossible,beta", (otel_options){0}, 0, 1);
    assert_true(said("impossible could not be made"));
    choose("explained,beta", (otel_options){0}, 0, 1);
    assert_true(said("there is a reason"));
    assert_false(said("could not be made")); /* once is enough */
}

static void the_environment_wins_unless_told_otherwise(void **unused)
{
    (void)unused;
    choose("alpha", (otel_options){.logs_exporter = "beta"}, 1, 0);
    choose(NULL, (otel_options){.logs_exporter = "beta"}, 0, 1);
    choose("", (otel_options){.logs_exporter = "beta"}, 0, 1);
    choose("alpha", (otel_options){.logs_exporter = "beta", .environment = OTEL_CODE_WINS}, 0, 1);
    choose("alpha", (otel_options){.environment = OTEL_CODE_WINS}, 1, 0);
    choose("alpha", (otel_options){.environment = OTEL_ENV_IGNORED}, 0, 0);
    choose("alpha", (otel_options){.logs_exporter = "beta", .environment = OTEL_ENV_IGNORED}, 0, 1);
}

static void a_list_that_exports_by_itself_is_final(void **unused)
{
    (void)unused;
    scripted_log own = {0};
    otel_log_processor *list[] = {otel_simple_log_processor_new(SCRIPTED_OK(&own))};
    choose("alpha", (otel_options){.log_processors = list, .log_processor_count = 1}, 0, 0);
    assert_true(said("OTEL_LOGS_EXPORTER is ignored"));
    assert_int_equal(own.destroys, 1);
    counted counts = {0};
    otel_log_processor *in_front[] = {counting_new(&counts)};
    choose("alpha", (otel_options){.log_processors = in_front, .log_processor_count = 1}, 1, 0);
    assert_int_equal(counts.destroys, 1);
}

static bool waits_for_room(uint32_t environment)
{
    setenv("OTEL_C_BLRP_WAIT_MS", "500", 1);
    choose("alpha", (otel_options){.wait_for_room_ms = OTEL_ZERO, .environment = environment, .run = OTEL_RUN_HOST}, 1,
           0);
    unsetenv("OTEL_C_BLRP_WAIT_MS");
    return said("waiting for room is not possible"); /* there is no thread to wait for */
}

static void code_wins_where_it_says_something(void **unused)
{
    (void)unused;
    assert_true(waits_for_room(OTEL_ENV_WINS));
    assert_false(waits_for_room(OTEL_CODE_WINS));
}

int main(void)
{
    clean_environment();
    add("alpha", make_alpha);
    add("beta", make_beta);
    add("impossible", make_nothing);
    add("explained", explain_nothing);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_is_taken_apart), cmocka_unit_test(what_is_unknown_is_said_with_what_there_is),
        cmocka_unit_test(the_environment_wins_unless_told_otherwise),
        cmocka_unit_test(code_wins_where_it_says_something), cmocka_unit_test(a_list_that_exports_by_itself_is_final)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
