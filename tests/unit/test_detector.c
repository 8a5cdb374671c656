/* Detectors by name: which of them run, in which order, and what is said of those that fail. */
#include "resource/detector.h"
#include "sdk_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static unsigned asked_a, asked_b, asked_secret;

static otel_resource *of(const char *key, const char *value, const char *url)
{
    const otel_attr attribute = OTEL_STR(key, value);
    return otel_resource_new(&attribute, 1, url);
}

static otel_resource *detect_a(void)
{
    asked_a++;
    return of("who", "a", OTEL_SEMCONV_SCHEMA_URL);
}

static otel_resource *detect_b(void)
{
    asked_b++;
    return of("who", "b", NULL);
}

static otel_resource *detect_secret(void)
{
    asked_secret++;
    return of("secret", "x", NULL);
}

static otel_resource *detect_other_schema(void)
{
    return of("other", "x", "https://opentelemetry.io/schemas/1.0.0");
}

static otel_resource *detect_nothing(void)
{
    return NULL;
}

/* Runs and forgets; the text of `key` in what was found, "" when it is not there. */
static const char *find(const char *names, const char *key)
{
    static char text[100];
    otel_value v;
    otel__detected d = otel__detect(names);
    assert_non_null(d.all);
    assert_non_null(d.own);
    text[0] = '\0';
    if (otel_resource_get(d.all, key, &v)) snprintf(text, sizeof text, "%.*s", (int)v.size, v.u.string);
    otel_resource_destroy(d.all);
    otel_resource_destroy(d.own);
    return text;
}

static int forget(void **unused)
{
    (void)unused;
    asked_a = asked_b = asked_secret = 0;
    return 0;
}

static void the_default_ones(void **unused)
{
    (void)unused;
    assert_string_not_equal(find(NULL, "host.name"), "");
    assert_string_not_equal(find(NULL, "service.instance.id"), "");
    assert_string_equal(find(NULL, "os.type"), "");
    assert_string_equal(find(NULL, "process.parent_pid"), "");
    assert_int_equal(asked_a, 4); /* one of a program runs by default */
    assert_int_equal(asked_b, 0); /* if it does not say otherwise */
}

static void all_but_those_that_must_be_named(void **unused)
{
    (void)unused;
    said_begin();
    assert_string_equal(find(" ALL ", "os.type"), "linux");
    assert_string_equal(find("all", "process.command"), "");
    assert_string_equal(find("all", "secret"), "");
    assert_string_equal(find("all,secret", "secret"), "x");
    assert_string_not_equal(find("process_command", "process.command"), "");
    assert_int_equal(asked_secret, 1);
    said_end();
}

static void lists_are_in_order(void **unused)
{
    (void)unused;
    assert_string_equal(find("a,b", "who"), "b");
    assert_string_equal(find(" B ,\tA ", "who"), "a");
    assert_string_equal(find("a,b,a,,a", "who"), "b"); /* once each */
    assert_int_equal(asked_a, 3);
    assert_string_equal(find("none", "who"), "");
    assert_string_equal(find("none,a", "who"), "a");
    assert_string_equal(find(" , ", "who"), "");
}

static void unknown_names_are_said(void **unused)
{
    (void)unused;
    said_begin();
    assert_string_equal(find("hosts,a", "who"), "a");
    assert_true(said("there is no detector \"hosts\""));
    assert_true(said("host, os, process, process_command, service, a, b"));
    said_end();
}

static void one_that_fails_is_said_and_left_out(void **unused)
{
    (void)unused;
    said_begin();
    assert_string_equal(find("failing,a", "who"), "a");
    assert_true(said("detector failing failed"));
    said_end();
}

static void two_schemas_are_an_error(void **unused)
{
    (void)unused;
    said_begin();
    otel__detected d = otel__detect("a,other_schema");
    assert_true(said("two schema URLs"));
    assert_int_equal(otel_resource_schema_url(d.all).size, 0);
    assert_int_equal(otel_resource_count(d.all), 2);
    otel_resource_destroy(d.all);
    otel_resource_destroy(d.own);
    said_end();
}

static void what_is_of_this_process_alone_is_found_again(void **unused)
{
    (void)unused;
    otel_value v;
    otel__detected d = otel__detect("host,process,a"), again = otel__detect_again(d.asked);
    assert_false(otel_resource_get(d.own, "host.name", &v));
    assert_true(otel_resource_get(d.own, "process.parent_pid", &v));
    assert_int_equal(otel_resource_count(again.own), otel_resource_count(d.own));
    assert_int_equal(otel_resource_count(again.all), otel_resource_count(d.own));
    assert_int_equal(asked_a, 1);
    otel_resource_destroy(d.all), otel_resource_destroy(d.own);
    otel_resource_destroy(again.all), otel_resource_destroy(again.own);
}

static void names_are_taken_once(void **unused)
{
    (void)unused;
    static const char *const bad[] = {NULL, "", "a b", "a,b", "all", "None", "a-b", "0123456789012345678901234567890x"};
    said_begin();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(otel_resource_detector_register(bad[i], detect_a, 0), OTEL_ERR_ARGUMENT);
    assert_int_equal(otel_resource_detector_register("c", NULL, 0), OTEL_ERR_ARGUMENT);
    assert_int_equal(otel_resource_detector_register("A", detect_a, 0), OTEL_OK); /* the same again */
    assert_int_equal(otel_resource_detector_register("A", detect_b, 0), OTEL_ERR_ALREADY);
    assert_int_equal(otel_resource_detector_register("host", detect_a, 0), OTEL_ERR_ALREADY);
    assert_int_equal(said_times("there is a detector"), 2);
    said_end();
}

/* The last test: it fills the table. */
static void there_is_room_for_32(void **unused)
{
    (void)unused;
    char name[8];
    int added = 0;
    do snprintf(name, sizeof name, "x%d", added);
    while (otel_resource_detector_register(name, detect_b, OTEL_DETECTOR_ON_REQUEST) == OTEL_OK && ++added < 100);
    assert_int_equal(added, 32 - 10);
    assert_int_equal(otel_resource_detector_register("one_more", detect_b, 0), OTEL_ERR_NO_MEMORY);
    assert_string_equal(find("x21", "who"), "b");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, forget)
    const struct CMUnitTest tests[] = {TEST(the_default_ones),
                                       TEST(all_but_those_that_must_be_named),
                                       TEST(lists_are_in_order),
                                       TEST(unknown_names_are_said),
                                       TEST(one_that_fails_is_said_and_left_out),
                                       TEST(two_schemas_are_an_error),
                                       TEST(what_is_of_this_process_alone_is_found_again),
                                       TEST(names_are_taken_once),
                                       TEST(there_is_room_for_32)};
    otel_resource_detector_register("a", detect_a, 0);
    otel_resource_detector_register("b", detect_b, OTEL_DETECTOR_ON_REQUEST);
    otel_resource_detector_register("secret", detect_secret, OTEL_DETECTOR_BY_NAME);
    otel_resource_detector_register("failing", detect_nothing, OTEL_DETECTOR_ON_REQUEST);
    otel_resource_detector_register("other_schema", detect_other_schema, OTEL_DETECTOR_BY_NAME);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
