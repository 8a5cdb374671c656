/* Tags and dimensions of the resource. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_fixture.h"
#include "azure_monitor/src/mapping/origin.h"
#include <otel/log.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ORIGIN(...)                                                                                                    \
    do {                                                                                                               \
        azure.resource = OTEL_ATTRS(__VA_ARGS__);                                                                      \
        ITEM("x", otel_attr_end());                                                                                    \
    } while (0)

#define ROLE "tags:ai.cloud.role"
#define INSTANCE "tags:ai.cloud.roleInstance"

static void roles(void **state)
{
    (void)state;
    ORIGIN(OTEL_STR("service.name", "shop"));
    assert_true(azure_is(ROLE, "shop") && azure_absent("property:service.name"));
    ORIGIN(OTEL_STR("service.name", "cart"), OTEL_STR("service.namespace", "shop"));
    assert_true(azure_is(ROLE, "shop.cart") && azure_absent("property:service.namespace"));
    ORIGIN(OTEL_STR("service.name", "cart"), OTEL_STR("service.namespace", ""));
    assert_true(azure_is(ROLE, "cart"));
    ORIGIN(OTEL_STR("service.name", "unknown_service:app"));
    assert_true(azure_is(ROLE, "unknown_service:app"));
    ORIGIN(otel_attr_end());
    assert_true(azure_is(ROLE, "unknown_service:test_azure_origin"));
    ORIGIN(OTEL_STR("service.name", ""), OTEL_STR("service.namespace", "shop"));
    assert_true(azure_is(ROLE, "shop.unknown_service:test_azure_origin"));
}

static void an_unknown_service_yields_to_the_cluster(void **state)
{
    (void)state;
    static const char *const keys[] = {"k8s.daemonset.name",   "k8s.cronjob.name",    "k8s.job.name",
                                       "k8s.statefulset.name", "k8s.replicaset.name", "k8s.deployment.name"};
    otel_attr attributes[10] = {OTEL_STR("service.name", "unknown_service")};
    azure.resource = attributes;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        attributes[i + 1] = OTEL_STR(keys[i], keys[i]);
        attributes[i + 2] = otel_attr_end();
        ITEM("x", otel_attr_end());
        assert_true(azure_is(ROLE, keys[i]));
        char path[64] = "property:";
        assert_true(azure_is(strcat(path, keys[i]), keys[i]));
    }
    ORIGIN(OTEL_STR("service.name", "named"), OTEL_STR("k8s.deployment.name", "d"));
    assert_true(azure_is(ROLE, "named"));
    ORIGIN(OTEL_STR("service.namespace", "shop"), OTEL_STR("k8s.deployment.name", "d"));
    assert_true(azure_is(ROLE, "d") && azure_is("property:service.namespace", "shop"));
}

static void instances(void **state)
{
    (void)state;
    char host[256];
    assert_int_equal(gethostname(host, sizeof host), 0);
    ORIGIN(OTEL_STR("service.name", "s"));
    assert_true(azure_is(INSTANCE, host));
    ORIGIN(OTEL_STR("host.name", "h1"));
    assert_true(azure_is(INSTANCE, "h1") && azure_is("property:host.name", "h1"));
    ORIGIN(OTEL_STR("host.name", "h1"), OTEL_STR("service.instance.id", "i1"));
    assert_true(azure_is(INSTANCE, "i1") && azure_absent("property:service.instance.id"));
    ORIGIN(OTEL_STR("host.name", "h1"), OTEL_STR("service.instance.id", "i1"), OTEL_STR("k8s.pod.name", "p1"));
    assert_true(azure_is(INSTANCE, "p1") && azure_is("property:k8s.pod.name", "p1"));
}

/* What a provider has without being told anything. */
static void a_random_id_is_no_name(void **state)
{
    (void)state;
    char host[256];
    otel_value id;
    const otel__azure_mapping mapping = {.instrumentation_key = "k"};
    otel__azure_origin origin = {0};
    otel_resource *found = otel_resource_default();
    assert_int_equal(gethostname(host, sizeof host), 0);
    assert_true(otel_resource_get(found, "service.instance.id", &id));
    assert_true(otel__azure_origin_make(&origin, found, &mapping));
    assert_string_equal(origin.tags[1].key, "ai.cloud.roleInstance");
    assert_string_equal(origin.tags[1].value.data, host);
    otel__azure_dimension wanted = otel__azure_dimension_make(&origin.memory, "service.instance.id", 19);
    assert_non_null(otel__azure_dimension_find(&origin.dimensions, &wanted)); /* and it is not lost */
    otel__azure_origin_release(&origin);
    otel_resource_destroy(found);
}

static void tags_are_cut(void **state)
{
    (void)state;
    ORIGIN(OTEL_STR("service.name", azure_repeat("n", 300)), OTEL_STR("service.version", azure_repeat("v", 1030)));
    assert_true(azure_is(ROLE, azure_repeat("n", 256)));
    assert_true(azure_is("tags:ai.application.ver", azure_repeat("v", 1024)) &&
                azure_absent("property:service.version"));
    ORIGIN(OTEL_STR("service.namespace", azure_repeat("\xe2\x82\xac", 300)),
           OTEL_STR("service.name", azure_repeat("n", 300)));
    assert_true(azure_is(ROLE, azure_repeat("\xe2\x82\xac", 256)));
    ORIGIN(OTEL_STR("service.instance.id", azure_repeat("i", 300)));
    assert_true(azure_is(INSTANCE, azure_repeat("i", 256)));
}

static void devices_and_the_rest(void **state)
{
    (void)state;
    ORIGIN(OTEL_STR("device.id", "d9"), OTEL_STR("device.model.name", "m1"), OTEL_STR("device.manufacturer", "acme"),
           OTEL_STR("telemetry.sdk.name", "x"), OTEL_STR("telemetry.distro.name", "y"), OTEL_STR("parent_run_id", "p7"),
           OTEL_INT("process.pid", 4));
    assert_true(azure_is("tags:ai.device.id", "d9") && azure_is("tags:ai.device.model", "m1"));
    assert_true(azure_is("tags:ai.device.oemName", "acme") && azure_absent("property:device.id"));
    assert_true(azure_is("property:parent_run_id", "p7") && azure_is("property:process.pid", "4"));
    assert_true(azure_absent("property:telemetry.sdk.name") && azure_is("property:telemetry.distro.name", "y"));
    assert_true(azure_absent("tags:ai.internal.nodeName") && azure_absent("tags:ai.device.type"));
}

static void version_begins(const char *prefix)
{
    const cJSON *version = azure_at("tags:ai.internal.sdkVersion");
    assert_true(strlen(version->valuestring) <= 64);
    assert_memory_equal(version->valuestring, prefix, strlen(prefix));
    assert_non_null(strstr(version->valuestring, ":ext"));
}

static void sdk_versions(void **state)
{
    (void)state;
    ORIGIN(OTEL_STR("service.name", "s"));
    version_begins("ulm_c11:otel");
    ORIGIN(OTEL_STR("k8s.pod.name", "p"));
    version_begins("klm_c11:otel");
    ORIGIN(OTEL_STR("cloud.platform", "azure.functions"));
    version_begins("flm_c11:otel");
    ORIGIN(OTEL_STR("cloud.platform", "azure_app_service"));
    version_begins("alm_c11:otel");
}

static void a_writer_makes_it_once_until_it_is_told(void **state)
{
    (void)state;
    otel__azure_mapping mapping = {.instrumentation_key = AZURE_KEY};
    otel__azure_writer *writer = otel__azure_writer_new(&mapping);
    otel__azure_buffer out = {0};
    otel_azure_monitor_kind kind;
    otel_resource *one = otel_resource_new(OTEL_ATTRS(OTEL_STR("service.name", "one")), 1, NULL);
    otel_resource *two = otel_resource_new(OTEL_ATTRS(OTEL_STR("service.name", "two")), 1, NULL);
    otel_log_record record = {.size = sizeof record, .resource = one};
    for (int i = 0; i < 4; i++) {
        record.resource = i % 2 ? two : one;
        out.size = 0;
        assert_true(otel__azure_write(writer, &record, 0, &out, &kind) && otel__azure_buffer_append(&out, "", 1));
        assert_non_null(strstr(out.data, i % 2 ? "\"ai.cloud.role\":\"two\"" : "\"ai.cloud.role\":\"one\""));
        if (i == 2) otel__azure_writer_forget(writer);
    }
    otel__azure_writer_destroy(writer);
    otel__azure_writer_destroy(NULL);
    otel__azure_buffer_release(&out);
    otel_resource_destroy(one);
    otel_resource_destroy(two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(roles),        TEST(an_unknown_service_yields_to_the_cluster),
                                       TEST(instances),    TEST(a_random_id_is_no_name),
                                       TEST(tags_are_cut), TEST(devices_and_the_rest),
                                       TEST(sdk_versions), TEST(a_writer_makes_it_once_until_it_is_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
