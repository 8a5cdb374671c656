/* Tests of what the Azure Monitor exporter is set to: options, variables, defaults, and what is said of them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "azure_monitor/src/settings/settings.h"
#include "said.h"
#include <otel/sdk/log_processor.h>
#include <stdlib.h>

#define KEY "931024c2-3720-11ea-b247-c49deda841c1"
#define CANARY "canary-key-5d1c"
#define STRING "InstrumentationKey=" KEY ";IngestionEndpoint=https://option.example"

static const char *const credential_variables[] = {"OTEL_C_AZURE_CREDENTIAL",
                                                   "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "AZURE_TENANT_ID",
                                                   "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"};

static int quiet(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof credential_variables / sizeof *credential_variables; i++)
        unsetenv(credential_variables[i]);
    unsetenv("APPLICATIONINSIGHTS_CONNECTION_STRING");
    unsetenv("APPINSIGHTS_INSTRUMENTATIONKEY");
    said_clear();
    return 0;
}

static otel__azure_settings read_settings(const otel_azure_monitor_options *options)
{
    otel__azure_settings settings;
    assert_true(otel__azure_settings_read(&settings, options));
    return settings;
}

static void expect_url(const char *option, const char *url)
{
    otel__azure_settings settings = read_settings(&(otel_azure_monitor_options){.connection_string = option});
    assert_string_equal(settings.connection.track_url, url);
    otel__azure_settings_release(&settings);
}

static void options_then_the_variable_then_the_old_one(void **state)
{
    (void)state;
    setenv("APPINSIGHTS_INSTRUMENTATIONKEY", KEY, 1);
    expect_url(NULL, "https://dc.services.visualstudio.com/v2.1/track");
    said_expect("APPINSIGHTS_INSTRUMENTATIONKEY is out of date");
    said_clear();
    setenv("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=" KEY ";IngestionEndpoint=https://env.example",
           1);
    expect_url(NULL, "https://env.example/v2.1/track");
    expect_url("", "https://env.example/v2.1/track");
    expect_url(STRING, "https://option.example/v2.1/track");
    assert_string_equal(said_text, "");
}

/* A wrong one is not replaced by one that comes after it. */
static void a_wrong_one_is_final(void **state)
{
    (void)state;
    otel__azure_settings settings;
    setenv("APPINSIGHTS_INSTRUMENTATIONKEY", KEY, 1);
    setenv("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=" CANARY ";IngestionEndpoint=" CANARY, 1);
    assert_false(otel__azure_settings_read(&settings, &(otel_azure_monitor_options){0}));
    assert_string_equal(said_text,
                        "azure_monitor: APPLICATIONINSIGHTS_CONNECTION_STRING cannot be used, nothing is sent: "
                        "IngestionEndpoint: it does not begin with http:// or https://\n");
    said_clear();
    setenv("APPLICATIONINSIGHTS_CONNECTION_STRING", STRING, 1);
    assert_false(otel__azure_settings_read(&settings, &(otel_azure_monitor_options){.connection_string = CANARY}));
    assert_string_equal(said_text, "azure_monitor: connection_string cannot be used, nothing is sent: "
                                   "a part of it has no '='\n");
    said_clear();
    quiet(NULL);
    assert_false(otel__azure_settings_read(&settings, &(otel_azure_monitor_options){0}));
    assert_string_equal(said_text,
                        "azure_monitor: APPLICATIONINSIGHTS_CONNECTION_STRING cannot be used, nothing is sent: "
                        "it is not set\n");
    said_clear();
    setenv("APPINSIGHTS_INSTRUMENTATIONKEY", CANARY ";", 1);
    assert_false(otel__azure_settings_read(&settings, &(otel_azure_monitor_options){0}));
    assert_string_equal(said_text, "azure_monitor: APPINSIGHTS_INSTRUMENTATIONKEY cannot be used, nothing is sent: "
                                   "it has a character that keys do not have\n");
}

static const char *said_of(const char *text)
{
    said_clear();
    otel__azure_settings settings = read_settings(&(otel_azure_monitor_options){.connection_string = text});
    otel__azure_settings_release(&settings);
    return said_text;
}

static void what_is_perhaps_not_meant_is_said(void **state)
{
    (void)state;
    assert_string_equal(said_of(STRING), "");
    assert_string_equal(said_of("InstrumentationKey=" KEY ";IngestionEndpoint=http://127.0.0.1:1"), "");
    assert_string_equal(said_of("InstrumentationKey=" CANARY),
                        "azure_monitor: the instrumentation key is no UUID: the service may not know it\n");
    assert_string_equal(said_of("InstrumentationKey=" KEY ";IngestionEndpoint=http://relay"),
                        "azure_monitor: the ingestion endpoint is http: everybody on the way can read what is sent\n");
    assert_string_equal(said_of(STRING ";Authorization=" CANARY),
                        "azure_monitor: Authorization in a connection string can only be ikey: ignored\n");
}

static void numbers_have_bounds(void **state)
{
    (void)state;
    otel__azure_settings s = read_settings(&(otel_azure_monitor_options){.connection_string = STRING});
    assert_int_equal(s.timeout_ms, 10000);
    assert_int_equal(s.max_items, 512);
    assert_int_equal(s.max_request_bytes, 1 << 20);
    otel__azure_settings_release(&s);
    assert_string_equal(said_text, "");
    s = read_settings(&(otel_azure_monitor_options){
        .connection_string = STRING, .timeout_ms = OTEL_ZERO, .max_items = 64001, .max_request_bytes = 1});
    assert_int_equal(s.timeout_ms, UINT32_MAX);
    assert_int_equal(s.max_items, 64000);
    assert_int_equal(s.max_request_bytes, 65536);
    otel__azure_settings_release(&s);
    said_expect("max_items is 64001, 64000 is used");
    said_expect("max_request_bytes is 1, 65536 is used");
}

static void words_are_choices(void **state)
{
    (void)state;
    otel__azure_settings s = read_settings(
        &(otel_azure_monitor_options){.connection_string = STRING, .compression = "None", .properties = "LEAN"});
    assert_false(s.gzip);
    assert_true(s.mapping.lean);
    otel__azure_settings_release(&s);
    s = read_settings(&(otel_azure_monitor_options){.connection_string = STRING, .flatten = 1, .sequence = 1});
    assert_true(s.gzip && !s.mapping.lean && s.mapping.flatten && s.sequence);
    otel__azure_settings_release(&s);
}

/* ---- credentials ---- */

static unsigned destroyed;

static void count_destroyed(otel_azure_credential *credential)
{
    (void)credential;
    destroyed++;
}

static otel_azure_token_status never(otel_azure_credential *credential, otel_azure_token_call *call)
{
    (void)credential;
    (void)call;
    return OTEL_AZURE_TOKEN_REFUSED;
}

static const otel_azure_credential_ops mine_ops = {
    .size = sizeof mine_ops, .name = "mine", .get_token = never, .destroy = count_destroyed};
static otel_azure_credential mine = {&mine_ops};

/* How often it was destroyed until all is over. */
static unsigned lives_and_dies(const char *connection_string, bool accepted)
{
    otel__azure_settings s;
    destroyed = 0;
    bool good = otel__azure_settings_read(
        &s, &(otel_azure_monitor_options){.connection_string = connection_string, .credential = &mine});
    assert_int_equal(good, accepted);
    if (!good) return destroyed;
    assert_int_equal(destroyed, 0);
    assert_non_null(s.token);
    otel__azure_settings_release(&s);
    return destroyed;
}

static void a_credential_is_taken_in_any_case(void **state)
{
    (void)state;
    assert_int_equal(lives_and_dies(STRING, true), 1);
    assert_int_equal(lives_and_dies("InstrumentationKey=" KEY ";IngestionEndpoint=http://127.0.0.1:1", true), 1);
    assert_string_equal(said_text, "");
    assert_int_equal(lives_and_dies("wrong", false), 1);
    said_clear();
    assert_int_equal(lives_and_dies("InstrumentationKey=" KEY ";IngestionEndpoint=http://10.0.0.1", false), 1);
    assert_string_equal(said_text,
                        "azure_monitor: nothing is sent: with a credential the ingestion endpoint must be https\n");
}

static bool choice(const char *ours, const char *theirs)
{
    otel__azure_settings s;
    said_clear();
    setenv("OTEL_C_AZURE_CREDENTIAL", ours, 1);
    setenv("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", theirs, 1);
    bool good = otel__azure_settings_read(&s, &(otel_azure_monitor_options){.connection_string = STRING});
    bool token = good && s.token;
    if (good) otel__azure_settings_release(&s);
    return token;
}

static void the_environment_chooses_a_credential(void **state)
{
    (void)state;
    assert_false(choice("", ""));
    assert_string_equal(said_text, "");
    assert_true(choice("", "Authorization=AAD"));
    assert_false(choice("none", "Authorization=AAD"));
    assert_false(choice("none", CANARY)); /* nobody asked for it */
    assert_true(choice("managed_identity", ""));
    assert_string_equal(said_text, "");
    assert_false(choice("", CANARY));
    said_expect("APPLICATIONINSIGHTS_AUTHENTICATION_STRING cannot be used, nothing is sent: a part of it has no '='");
    assert_true(choice("managed_identity", "Authorization=AAD;ClientId=" CANARY));
    assert_string_equal(said_text, "");
    assert_false(choice("managed_identity", "Authorization=AAD;ClientId=;" CANARY));
    said_expect("its ClientId is empty");
    assert_null(strstr(said_text, CANARY));
    assert_false(choice("client_secret", ""));
    said_expect("no credential, the client secret: AZURE_TENANT_ID is not set");
    setenv("AZURE_TENANT_ID", "t", 1);
    setenv("AZURE_CLIENT_ID", "c", 1);
    setenv("AZURE_CLIENT_SECRET", CANARY, 1);
    assert_true(choice("client_secret", ""));
    assert_string_equal(said_text, "");
    assert_false(choice("workload_identity", ""));
    said_expect("AZURE_FEDERATED_TOKEN_FILE is not set");
}

/* A program that brings one along is not overruled. */
static void an_option_is_final(void **state)
{
    (void)state;
    setenv("OTEL_C_AZURE_CREDENTIAL", "client_secret", 1); /* which could not be made */
    assert_int_equal(lives_and_dies(STRING, true), 1);
    assert_string_equal(said_text, "");
}

/* NULL in the place of a credential may be a constructor that failed. */
static void unsigned_requests_can_be_ruled_out(void **state)
{
    (void)state;
    otel__azure_settings s;
    otel_azure_monitor_options options = {.connection_string = STRING, .must_sign = 1};
    assert_false(otel__azure_settings_read(&s, &options));
    assert_string_equal(said_text, "azure_monitor: nothing is sent: must_sign is set, and there is no credential\n");
    said_clear();
    options.credential = &mine;
    destroyed = 0;
    assert_true(otel__azure_settings_read(&s, &options));
    otel__azure_settings_release(&s);
    assert_int_equal(destroyed, 1);
    assert_string_equal(said_text, "");
}

#define ALONE(test) cmocka_unit_test_setup(test, quiet)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ALONE(options_then_the_variable_then_the_old_one),
        ALONE(a_wrong_one_is_final),
        ALONE(what_is_perhaps_not_meant_is_said),
        ALONE(numbers_have_bounds),
        ALONE(words_are_choices),
        ALONE(a_credential_is_taken_in_any_case),
        ALONE(the_environment_chooses_a_credential),
        ALONE(an_option_is_final),
        ALONE(unsigned_requests_can_be_ruled_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
