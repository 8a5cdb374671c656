/* Tests of exporters/azure_monitor: the connection string, and where the endpoint that it names lies. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "azure_monitor/src/settings/connection_string.h"
#include "azure_monitor/src/settings/endpoint.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY "931024c2-3720-11ea-b247-c49deda841c1"
#define DEFAULT_URL "https://dc.services.visualstudio.com/v2.1/track"

typedef struct row {
    const char *text;
    const char *key, *url, *audience; /* audience NULL: none */
} row;

static void expect(const row *r)
{
    otel__azure_connection connection;
    otel__azure_fault fault = otel__azure_connection_read(&connection, r->text);
    if (fault.what) fail_msg("%s: %s%s", r->text, fault.part, fault.what);
    assert_string_equal(connection.instrumentation_key, r->key);
    assert_string_equal(connection.track_url, r->url);
    if (r->audience)
        assert_string_equal(connection.audience, r->audience);
    else
        assert_null(connection.audience);
    otel__azure_connection_release(&connection);
}

static void what_is_accepted(void **state)
{
    (void)state;
    static const row rows[] = {
        {"InstrumentationKey=" KEY, KEY, DEFAULT_URL, NULL},
        {"InstrumentationKey=" KEY ";", KEY, DEFAULT_URL, NULL},
        {";;InstrumentationKey=" KEY ";; ;", KEY, DEFAULT_URL, NULL},
        {"instrumentationKEY=" KEY, KEY, DEFAULT_URL, NULL},
        {" InstrumentationKey\t=\n " KEY " \r\n", KEY, DEFAULT_URL, NULL},
        {"InstrumentationKey=931024C2-3720-11EA-B247-C49DEDA841C1", "931024C2-3720-11EA-B247-C49DEDA841C1", DEFAULT_URL,
         NULL},
        {"InstrumentationKey=anything_40.characters-will-be-taken0123", "anything_40.characters-will-be-taken0123",
         DEFAULT_URL, NULL},
        {"InstrumentationKey=old;InstrumentationKey=" KEY, KEY, DEFAULT_URL, NULL},
        {"InstrumentationKey=" KEY ";IngestionEndpoint=https://w-0.in.applicationinsights.azure.com/;"
         "LiveEndpoint=https://w.livediagnostics.monitor.azure.com/;ApplicationId=a=b=c",
         KEY, "https://w-0.in.applicationinsights.azure.com/v2.1/track", NULL},
        {"IngestionEndpoint=https://h;InstrumentationKey=" KEY, KEY, "https://h/v2.1/track", NULL},
        {"InstrumentationKey=" KEY ";IngestionEndpoint=http://127.0.0.1:8080///", KEY,
         "http://127.0.0.1:8080/v2.1/track", NULL},
        {"InstrumentationKey=" KEY ";IngestionEndpoint=https://h:8443/a/b/", KEY, "https://h:8443/a/b/v2.1/track",
         NULL},
        {"InstrumentationKey=" KEY ";IngestionEndpoint=https://h//a//b", KEY, "https://h/a/b/v2.1/track", NULL},
        {"InstrumentationKey=" KEY ";IngestionEndpoint=HTTPS://[::1]:1", KEY, "HTTPS://[::1]:1/v2.1/track", NULL},
        {"InstrumentationKey=" KEY ";IngestionEndpoint=https://h/a=b", KEY, "https://h/a=b/v2.1/track", NULL},
        {"InstrumentationKey=" KEY ";EndpointSuffix=ai.contoso.com", KEY, "https://dc.ai.contoso.com/v2.1/track", NULL},
        {"InstrumentationKey=" KEY ";EndpointSuffix=.applicationinsights.us. ", KEY,
         "https://dc.applicationinsights.us/v2.1/track", NULL},
        {"InstrumentationKey=" KEY ";EndpointSuffix=ai.contoso.com;Location=westus2", KEY,
         "https://westus2.dc.ai.contoso.com/v2.1/track", NULL},
        {"InstrumentationKey=" KEY ";Location=west us/2", KEY, DEFAULT_URL, NULL},
        {"InstrumentationKey=" KEY ";EndpointSuffix=@;IngestionEndpoint=https://h", KEY, "https://h/v2.1/track", NULL},
        {"InstrumentationKey=" KEY ";AADAudience=https://monitor.azure.us/", KEY, DEFAULT_URL,
         "https://monitor.azure.us/"},
        {"InstrumentationKey=" KEY ";Authorization=ikey;LiveEndpoint=", KEY, DEFAULT_URL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) expect(&rows[i]);
}

static void what_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *part, *what;
    } rows[] = {
        {"", "InstrumentationKey: ", "it is missing"},
        {"InstrumentationKey=", "InstrumentationKey: ", "it is empty"},
        {"InstrumentationKey=" KEY ";InstrumentationKey=", "InstrumentationKey: ", "it is empty"},
        {KEY, "", "a part of it has no '='"},
        {"InstrumentationKey=" KEY ";Ingestion", "", "a part of it has no '='"},
        {"InstrumentationKey=0123456789012345678901234567890123456789x",
         "InstrumentationKey: ", "it is longer than 40 characters"},
        {"InstrumentationKey=a\"b", "InstrumentationKey: ", "it has a character that keys do not have"},
        {"InstrumentationKey=a b", "InstrumentationKey: ", "it has a character that keys do not have"},
        {"\"InstrumentationKey=" KEY ";IngestionEndpoint=https://h\"", "", "it begins with a quotation mark"},
        {"'InstrumentationKey=" KEY "'", "", "it begins with a quotation mark"},
        {"InstrumentationKey=k;IngestionEndpoint=https://\xff",
         "IngestionEndpoint: ", "it has a character that is not ASCII"},
        {"InstrumentationKey=\xff", "InstrumentationKey: ", "it has a character that keys do not have"},
        {"InstrumentationKey=k;IngestionEndpoint=", "IngestionEndpoint: ", "it is empty"},
        {"InstrumentationKey=k;IngestionEndpoint=host",
         "IngestionEndpoint: ", "it does not begin with http:// or https://"},
        {"InstrumentationKey=k;IngestionEndpoint=ftp://h",
         "IngestionEndpoint: ", "it does not begin with http:// or https://"},
        {"InstrumentationKey=k;IngestionEndpoint=https://", "IngestionEndpoint: ", "it names no host"},
        {"InstrumentationKey=k;IngestionEndpoint=https://u:p@h", "IngestionEndpoint: ", "it has user information"},
        {"InstrumentationKey=k;IngestionEndpoint=https://u:12/p@h", "IngestionEndpoint: ", "it has user information"},
        {"InstrumentationKey=k;IngestionEndpoint=https://h?a", "IngestionEndpoint: ", "it has a query or a fragment"},
        {"InstrumentationKey=k;IngestionEndpoint=https://h#a", "IngestionEndpoint: ", "it has a query or a fragment"},
        {"InstrumentationKey=k;IngestionEndpoint=https://h:0", "IngestionEndpoint: ", "its port is missing or 0"},
        {"InstrumentationKey=k;IngestionEndpoint=https://h\n.evil",
         "IngestionEndpoint: ", "it has a space, a backslash or a control character"},
        {"InstrumentationKey=k;EndpointSuffix=..", "EndpointSuffix: ", "it is empty"},
        {"InstrumentationKey=k;EndpointSuffix=a@b", "EndpointSuffix: ", "it has a character that hosts do not have"},
        {"InstrumentationKey=k;EndpointSuffix=a/b", "EndpointSuffix: ", "it has a character that hosts do not have"},
        {"InstrumentationKey=k;EndpointSuffix=a:b", "EndpointSuffix: ", "its port is not a number"},
        {"InstrumentationKey=k;EndpointSuffix=a;Location=evil.com/", "Location: ", "it is not letters and digits"},
        {"InstrumentationKey=k;AADAudience=a b", "AADAudience: ", "it has a character that audiences do not have"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        otel__azure_connection connection;
        otel__azure_fault fault = otel__azure_connection_read(&connection, rows[i].text);
        if (!fault.what) fail_msg("%s is accepted", rows[i].text);
        assert_string_equal(fault.what, rows[i].what);
        assert_string_equal(fault.part, rows[i].part);
        assert_null(connection.track_url);
        assert_null(connection.instrumentation_key);
    }
}

static void at_most_4096_bytes(void **state)
{
    (void)state;
    otel__azure_connection connection;
    char *text = malloc(5000);
    static const char head[] = "InstrumentationKey=" KEY ";x=";
    memset(text, 'a', 5000);
    memcpy(text, head, sizeof head - 1);
    text[4096] = '\0';
    assert_null(otel__azure_connection_read(&connection, text).what);
    otel__azure_connection_release(&connection);
    text[4096] = 'a';
    text[4097] = '\0';
    assert_string_equal(otel__azure_connection_read(&connection, text).what, "it is longer than 4096 bytes");
    free(text);
}

static void another_scheme_is_noticed(void **state)
{
    (void)state;
    otel__azure_connection connection;
    assert_null(otel__azure_connection_read(&connection, "InstrumentationKey=k;Authorization=iKey").what);
    assert_false(connection.other_scheme);
    otel__azure_connection_release(&connection);
    assert_null(otel__azure_connection_read(&connection, "InstrumentationKey=k;Authorization=AAD").what);
    assert_true(connection.other_scheme);
    otel__azure_connection_release(&connection);
}

static void a_key_alone(void **state)
{
    (void)state;
    otel__azure_connection connection;
    assert_null(otel__azure_connection_of_key(&connection, " " KEY "\n").what);
    assert_string_equal(connection.instrumentation_key, KEY);
    assert_string_equal(connection.track_url, DEFAULT_URL);
    otel__azure_connection_release(&connection);
    assert_string_equal(otel__azure_connection_of_key(&connection, KEY KEY).what, "it is longer than 40 characters");
    assert_string_equal(otel__azure_connection_of_key(&connection, " ").what, "it is empty");
}

static void uuids(void **state)
{
    (void)state;
    assert_true(otel__azure_is_uuid(KEY));
    assert_true(otel__azure_is_uuid("931024C2-3720-11EA-B247-C49DEDA841C1"));
    assert_false(otel__azure_is_uuid("931024c2-3720-11ea-b247-c49deda841c"));
    assert_false(otel__azure_is_uuid("931024c2-3720-11ea-b247-c49deda841c11"));
    assert_false(otel__azure_is_uuid("931024c2-3720-11ea-b247-c49deda841g1"));
    assert_false(otel__azure_is_uuid("931024c203720-11ea-b247-c49deda841c1"));
    assert_false(otel__azure_is_uuid(""));
}

static void who_can_read_it(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        otel__azure_reach reach;
    } rows[] = {
        {"https://h", OTEL__AZURE_SECURE},
        {"HTTPS://127.0.0.1", OTEL__AZURE_SECURE},
        {"http://localhost/x", OTEL__AZURE_LOOPBACK},
        {"http://a.LocalHost:80", OTEL__AZURE_LOOPBACK},
        {"http://127.0.0.1:8", OTEL__AZURE_LOOPBACK},
        {"http://127.9.9.9", OTEL__AZURE_LOOPBACK},
        {"http://[::1]:8/x", OTEL__AZURE_LOOPBACK},
        {"http://169.254.169.254/metadata", OTEL__AZURE_NEARBY},
        {"http://10.0.0.1", OTEL__AZURE_NEARBY},
        {"http://172.16.0.2:8081/msi/token", OTEL__AZURE_NEARBY},
        {"http://172.31.255.255", OTEL__AZURE_NEARBY},
        {"http://192.168.1.1", OTEL__AZURE_NEARBY},
        {"http://[fe80::1]", OTEL__AZURE_NEARBY},
        {"http://[fd00::1]", OTEL__AZURE_NEARBY},
        {"http://172.32.0.1", OTEL__AZURE_OPEN},
        {"http://172.15.0.1", OTEL__AZURE_OPEN},
        {"http://169.253.0.1", OTEL__AZURE_OPEN},
        {"http://8.8.8.8", OTEL__AZURE_OPEN},
        {"http://127.0.0.1.evil.example", OTEL__AZURE_OPEN},
        {"http://127.1", OTEL__AZURE_OPEN},
        {"http://notlocalhost", OTEL__AZURE_OPEN},
        {"http://localhost.example", OTEL__AZURE_OPEN},
        {"http://[2001:db8::1]", OTEL__AZURE_OPEN},
        {"http://h", OTEL__AZURE_OPEN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (otel__azure_endpoint_reach(rows[i].url) != rows[i].reach) fail_msg("%s", rows[i].url);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_accepted),   cmocka_unit_test(what_is_refused),
        cmocka_unit_test(at_most_4096_bytes), cmocka_unit_test(another_scheme_is_noticed),
        cmocka_unit_test(a_key_alone),        cmocka_unit_test(uuids),
        cmocka_unit_test(who_can_read_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
