/* The resource of a provider: what wins over what, the rules of OTEL_RESOURCE_ATTRIBUTES, and forks. */
#include "resource/resource.h"
#include "sdk_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static otel_resource *resource;

static void make(const otel_options *options)
{
    otel_options o = *options;
    if (!o.resource_detectors) o.resource_detectors = "none";
    otel_resource_destroy(resource);
    resource = otel__resource_of(&o);
    assert_non_null(resource);
}

static const char *text_of(const char *key)
{
    static char text[300];
    otel_value v;
    if (!otel_resource_get(resource, key, &v) || v.type != OTEL_TYPE_STRING) return NULL;
    memcpy(text, v.u.string, v.size);
    text[v.size] = '\0';
    return text;
}

static void defaults_are_there(void **unused)
{
    (void)unused;
    otel_value pid;
    make(&(otel_options){0});
    assert_string_equal(text_of("service.name"), "unknown_service:test_provider_resource");
    assert_string_equal(text_of("telemetry.sdk.language"), "c");
    assert_string_equal(text_of("telemetry.sdk.version"), OTEL_SDK_VERSION);
    assert_string_not_equal(text_of("telemetry.sdk.name"), "opentelemetry"); /* reserved */
    assert_true(otel_resource_get(resource, "process.pid", &pid) && pid.u.integer == getpid());
    assert_null(otel_resource_schema_url(resource).data);
}

static void the_default_one_can_be_had(void **unused)
{
    (void)unused;
    setenv("OTEL_SERVICE_NAME", "variable", 1);
    otel_resource_destroy(resource);
    resource = otel_resource_default();
    assert_string_equal(text_of("service.name"), "variable");
    assert_string_equal(text_of("telemetry.sdk.language"), "c");
    assert_non_null(text_of("host.name"));
    unsetenv("OTEL_SERVICE_NAME");
}

static void what_nobody_said_is_known(void **unused)
{
    (void)unused;
    make(&(otel_options){.resource_detectors = "service,host"});
    assert_true(otel_resource_is_own(resource, "service.instance.id"));
    assert_true(otel_resource_is_own(resource, "process.pid"));
    assert_false(otel_resource_is_own(resource, "host.name")); /* the machine's */
    assert_false(otel_resource_is_own(resource, "service.name"));
    assert_false(otel_resource_is_own(resource, "nothing"));
    assert_false(otel_resource_is_own(resource, NULL));
    assert_false(otel_resource_is_own(NULL, "process.pid"));
    setenv("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=7", 1);
    make(&(otel_options){.resource_detectors = "service,host"});
    assert_false(otel_resource_is_own(resource, "service.instance.id"));
    unsetenv("OTEL_RESOURCE_ATTRIBUTES");
}

static void the_attribute_list_is_all_or_nothing(void **unused)
{
    (void)unused;
    static const struct {
        const char *text, *key, *value;
    } cases[] = {{"a=1,b=2", "b", "2"},
                 {"a%2Cb=x%3Dy", "a,b", "x=y"},
                 {"a=1,b", "a", NULL},
                 {"a=%zz", "a", NULL},
                 {"a=1,=x", "a", NULL},
                 {"a=", "a", ""},
                 {"a=1,a=2", "a", "2"},
                 {"c=3,a=%4", "c", NULL},
                 {" a = 1 , b=2", "a", "1"},
                 {"A=1,a=2", "A", "1"},
                 {"", "a", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        setenv("OTEL_RESOURCE_ATTRIBUTES", cases[i].text, 1);
        said_begin();
        make(&(otel_options){0});
        bool complained = said("OTEL_RESOURCE_ATTRIBUTES");
        said_end();
        if (cases[i].value)
            assert_string_equal(text_of(cases[i].key), cases[i].value);
        else
            assert_null(text_of(cases[i].key));
        assert_int_equal(complained, cases[i].value == NULL && cases[i].text[0] != '\0');
    }
    unsetenv("OTEL_RESOURCE_ATTRIBUTES");
}

static void a_bad_list_is_said_without_what_it_holds(void **unused)
{
    (void)unused;
    setenv("OTEL_RESOURCE_ATTRIBUTES", "secret=%zz", 1);
    said_begin();
    make(&(otel_options){0});
    said_end();
    assert_true(said("OTEL_RESOURCE_ATTRIBUTES"));
    assert_false(said("secret"));
    unsetenv("OTEL_RESOURCE_ATTRIBUTES");
}

static void who_wins(void **unused)
{
    (void)unused;
    const otel_attr final[] = {OTEL_STR("service.name", "final"), OTEL_INT("n", 3)};
    otel_options o = {.service_name = "code", .service_version = "1"};
    make(&o);
    assert_string_equal(text_of("service.name"), "code");
    setenv("OTEL_RESOURCE_ATTRIBUTES", "service.name=list,service.version=2,n=x", 1);
    make(&o);
    assert_string_equal(text_of("service.name"), "list");
    assert_string_equal(text_of("service.version"), "2");
    setenv("OTEL_SERVICE_NAME", "variable", 1);
    make(&o);
    assert_string_equal(text_of("service.name"), "variable");
    o.environment = OTEL_CODE_WINS;
    make(&o);
    assert_string_equal(text_of("service.name"), "code");
    assert_string_equal(text_of("service.version"), "1");
    assert_string_equal(text_of("n"), "x"); /* what the program leaves open is the operator's */
    o.service_name = NULL;
    make(&o);
    assert_string_equal(text_of("service.name"), "variable");
    o.environment = OTEL_ENV_WINS;
    o.resource_attributes = final;
    o.resource_attribute_count = 2;
    make(&o);
    otel_value n;
    assert_string_equal(text_of("service.name"), "final");
    assert_true(otel_resource_get(resource, "n", &n) && n.type == OTEL_TYPE_INT && n.u.integer == 3);
    unsetenv("OTEL_RESOURCE_ATTRIBUTES");
    unsetenv("OTEL_SERVICE_NAME");
}

static void an_ignored_environment_is_not_read(void **unused)
{
    (void)unused;
    setenv("OTEL_SERVICE_NAME", "variable", 1);
    scripted_log log = {0};
    otel_log_processor *list[] = {otel_simple_log_processor_new(SCRIPTED_OK(&log))};
    otel_provider *p = provider_of(list, 1);
    otel_log_exporter *memory;
    otel_log_processor *second[] = {remembering(&memory)};
    otel_provider *q = provider_of(second, 1);
    static otel_logger logger = OTEL_LOGGER_INIT("x", NULL);
    logger.provider = q;
    assert_int_equal(otel_provider_attach(q), OTEL_OK);
    OTEL_LOG_INFO(&logger, "x");
    otel_value name;
    assert_true(otel_resource_get(otel_memory_exporter_at(memory, 0)->resource, "service.name", &name));
    assert_true(text_is(&name, "test"));
    otel_provider_stop(p, 1000);
    otel_provider_stop(q, 1000);
    unsetenv("OTEL_SERVICE_NAME");
}

static void there_are_no_limits_but_keys_are_unique(void **unused)
{
    (void)unused;
    static char keys[200][8];
    otel_attr attributes[202];
    for (uint32_t i = 0; i < 200; i++) {
        keys[i][0] = 'k';
        keys[i][1] = (char)('0' + i / 100);
        keys[i][2] = (char)('0' + i / 10 % 10);
        keys[i][3] = (char)('0' + i % 10);
        attributes[i] = OTEL_INT(keys[i], i);
    }
    attributes[200] = OTEL_INT("k000", 7);
    attributes[201] = OTEL_INT("", 7);
    make(&(otel_options){.resource_attributes = attributes, .resource_attribute_count = 202});
    assert_int_equal(otel_resource_count(resource), 205);
    otel_value v;
    otel_attr a;
    assert_true(otel_resource_get(resource, "k000", &v) && v.u.integer == 7);
    assert_true(otel_resource_at(resource, 204, &a));
    assert_false(otel_resource_at(resource, 205, &a));
    assert_false(otel_resource_get(resource, "", &v));
}

static void a_whole_resource_is_final_too(void **unused)
{
    (void)unused;
    const otel_attr team[] = {OTEL_STR("team", "blue"), OTEL_STR("service.name", "whole")};
    const otel_attr last[] = {OTEL_STR("team", "red")};
    otel_resource *whole = otel_resource_new(team, 2, "http://example.org/schema/1.0.0");
    setenv("OTEL_SERVICE_NAME", "variable", 1);
    make(&(otel_options){.resource = whole, .resource_attributes = last, .resource_attribute_count = 1});
    otel_resource_destroy(whole);
    assert_string_equal(text_of("service.name"), "whole");
    assert_string_equal(text_of("team"), "blue");
    assert_int_equal(otel_resource_schema_url(resource).size, 31);
    unsetenv("OTEL_SERVICE_NAME");
}

static void who_names_the_detectors(void **unused)
{
    (void)unused;
    otel_options o = {.resource_detectors = "host"};
    make(&o);
    assert_non_null(text_of("host.name"));
    assert_null(text_of("os.type"));
    setenv("OTEL_C_RESOURCE_DETECTORS", "os", 1);
    make(&o);
    assert_null(text_of("host.name"));
    assert_string_equal(text_of("os.type"), "linux");
    o.environment = OTEL_CODE_WINS;
    make(&o);
    assert_non_null(text_of("host.name"));
    assert_null(text_of("os.type"));
    unsetenv("OTEL_C_RESOURCE_DETECTORS");
}

static void the_environment_beats_detectors(void **unused)
{
    (void)unused;
    setenv("OTEL_RESOURCE_ATTRIBUTES", "host.name=mine,service.instance.id=i7", 1);
    make(&(otel_options){.resource_detectors = "host,service"});
    assert_string_equal(text_of("host.name"), "mine");
    assert_string_equal(text_of("service.instance.id"), "i7");
    assert_int_equal(otel_resource_schema_url(resource).size, strlen(OTEL_SEMCONV_SCHEMA_URL));
    unsetenv("OTEL_RESOURCE_ATTRIBUTES");
}

/* In a child: what is the parent's alone is replaced, what somebody has set is not. */
static int look_in_child(const char *parents_id, bool set)
{
    otel_value pid, parent;
    otel__resource_renew(resource);
    const char *id = text_of("service.instance.id");
    bool good = id && (strcmp(id, parents_id) == 0) == set && strlen(id) == strlen(parents_id);
    good = good && otel_resource_get(resource, "process.pid", &pid) && (pid.u.integer == getpid()) != set;
    good = good && otel_resource_get(resource, "process.parent_pid", &parent) && parent.u.integer == getppid();
    good = good && text_of("host.name") && otel_resource_schema_url(resource).size;
    return good ? 0 : 1;
}

static void expect_of_child(const otel_options *options, bool set)
{
    char id[64];
    int status;
    make(options);
    strcpy(id, text_of("service.instance.id"));
    size_t count = otel_resource_count(resource);
    pid_t child = fork();
    if (child == 0) _exit(look_in_child(id, set) || otel_resource_count(resource) != count);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void the_child_of_a_fork_is_another_process(void **unused)
{
    (void)unused;
    const otel_attr final[] = {OTEL_STR("service.instance.id", "00000000-0000-4000-8000-000000000000"),
                               OTEL_INT("process.pid", 1), OTEL_BOOL("process.interactive", true)};
    expect_of_child(&(otel_options){.resource_detectors = "host,process,process_command,service"}, false);
    expect_of_child(&(otel_options){.resource_detectors = "host,process,service",
                                    .resource_attributes = final,
                                    .resource_attribute_count = 3},
                    true);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(defaults_are_there),
                                       cmocka_unit_test(the_default_one_can_be_had),
                                       cmocka_unit_test(what_nobody_said_is_known),
                                       cmocka_unit_test(the_attribute_list_is_all_or_nothing),
                                       cmocka_unit_test(a_bad_list_is_said_without_what_it_holds),
                                       cmocka_unit_test(who_wins),
                                       cmocka_unit_test(an_ignored_environment_is_not_read),
                                       cmocka_unit_test(there_are_no_limits_but_keys_are_unique),
                                       cmocka_unit_test(a_whole_resource_is_final_too),
                                       cmocka_unit_test(who_names_the_detectors),
                                       cmocka_unit_test(the_environment_beats_detectors),
                                       cmocka_unit_test(the_child_of_a_fork_is_another_process)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    otel_resource_destroy(resource);
    return failed;
}
