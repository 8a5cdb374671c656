/* Tests of exporters/azure_monitor/src/delivery/redirect.c: where a Location leads, and who is trusted. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "azure_monitor/src/delivery/redirect.h"
#include <stdlib.h>
#include <string.h>

#define LOCAL "http://127.0.0.1:8080/v2.1/track"
#define STAMP "https://westus2-0.in.applicationinsights.azure.com/v2.1/track"
enum { TRUSTED = OTEL__AZURE_REDIRECT_TRUSTED, FOREIGN = OTEL__AZURE_REDIRECT_FOREIGN };
enum { NOWHERE = OTEL__AZURE_REDIRECT_NOWHERE };

typedef struct row {
    const char *from, *location, *expected;
    int verdict;
} row;

static void check(const row *rows, size_t count, bool is_signed)
{
    for (size_t i = 0; i < count; i++) {
        char out[OTEL__AZURE_URL_BYTES];
        otel_str location = {rows[i].location, rows[i].location ? strlen(rows[i].location) : 0};
        int verdict = (int)otel__azure_redirect_to(rows[i].from, location, is_signed, out, sizeof out);
        if (verdict != rows[i].verdict || strcmp(out, rows[i].expected) != 0)
            fail_msg("%s: %d, %s", rows[i].location, verdict, out);
    }
}
#define CHECK(rows, is_signed) check(rows, sizeof(rows) / sizeof *(rows), is_signed)

static void locations_are_resolved(void **state)
{
    (void)state;
    static const row rows[] = {
        {LOCAL, "http://127.0.0.1:8080/v2.1/track", LOCAL, TRUSTED},
        {LOCAL, "/elsewhere", "http://127.0.0.1:8080/elsewhere", TRUSTED},
        {LOCAL, "other?x=1#y", "http://127.0.0.1:8080/v2.1/other?x=1", TRUSTED},
        {LOCAL, "?x=1", "http://127.0.0.1:8080/v2.1/track?x=1", TRUSTED},
        {LOCAL, "//127.0.0.1:8080/a", "http://127.0.0.1:8080/a", TRUSTED},
        {LOCAL, "http://127.0.0.1:8080", LOCAL, TRUSTED}, /* the path stays */
        {LOCAL, "http://127.0.0.1:8080/", LOCAL, TRUSTED},
        {LOCAL, "http://127.0.0.1:8080//v2.1/track", LOCAL, TRUSTED},
        {"http://h", "x", "http://h/x", TRUSTED},
        {"http://h?q", "x", "http://h/x", TRUSTED},
        {"http://[::1]:81/a", "/b", "http://[::1]:81/b", TRUSTED},
        {"http://[::1]:81/a", "http://[::1]:81/b", "http://[::1]:81/b", TRUSTED},
        {LOCAL, NULL, "", NOWHERE},
        {LOCAL, "", "", NOWHERE},
        {LOCAL, "ftp://127.0.0.1/", "", NOWHERE},
        {LOCAL, "javascript:alert(1)", "", NOWHERE},
        {LOCAL, "http://", "", NOWHERE},
        {LOCAL, "http:///x", "", NOWHERE},
        {LOCAL, "http://a b/", "", NOWHERE},
        {LOCAL, "http://127.0.0.1:8080\r\nX: y", "", NOWHERE},
        {LOCAL, "http://a@b@c/", "", NOWHERE},
        {LOCAL, "http://127.0.0.1:99999/", "", NOWHERE},
    };
    CHECK(rows, false);
}

static void trust_is_for_the_host_and_its_cloud(void **state)
{
    (void)state;
    static const row rows[] = {
        {LOCAL, "http://127.0.0.1:8081/v2.1/track", "http://127.0.0.1:8081/v2.1/track", TRUSTED}, /* another port */
        {LOCAL, "https://127.0.0.1:8080/v2.1/track", "https://127.0.0.1:8080/v2.1/track", FOREIGN},
        {LOCAL, "http://localhost:8080/v2.1/track", "http://localhost:8080/v2.1/track", FOREIGN},
        {LOCAL, "http://x@127.0.0.1:8080/", "http://x@127.0.0.1:8080/v2.1/track", FOREIGN},
        {LOCAL, "//evil.example/x", "http://evil.example/x", FOREIGN},
        {"http://Host/a", "http://hOST/b", "http://hOST/b", TRUSTED},
        {STAMP, "https://westus2-1.in.applicationinsights.azure.com/v2.1/track",
         "https://westus2-1.in.applicationinsights.azure.com/v2.1/track", TRUSTED},
        {STAMP, "https://dc.services.visualstudio.com", "https://dc.services.visualstudio.com/v2.1/track", TRUSTED},
        {STAMP, "https://DC.Services.VisualStudio.com:443/v2.1/track",
         "https://DC.Services.VisualStudio.com:443/v2.1/track", TRUSTED},
        {STAMP, "https://x.monitor.azure.com/v2.1/track", "https://x.monitor.azure.com/v2.1/track", TRUSTED},
        {STAMP, "https://x.monitor.azure.us/v2.1/track", "https://x.monitor.azure.us/v2.1/track", FOREIGN},
        {STAMP, "https://x.monitor.azure.cn/v2.1/track", "https://x.monitor.azure.cn/v2.1/track", FOREIGN},
        {STAMP, "https://evilapplicationinsights.azure.com/", "https://evilapplicationinsights.azure.com/v2.1/track",
         FOREIGN},
        {STAMP, "https://applicationinsights.azure.com.evil.example/a",
         "https://applicationinsights.azure.com.evil.example/a", FOREIGN},
        {STAMP, "https://evil.example/.applicationinsights.azure.com",
         "https://evil.example/.applicationinsights.azure.com", FOREIGN},
        {STAMP, "https://evil.example?.applicationinsights.azure.com",
         "https://evil.example?.applicationinsights.azure.com", FOREIGN},
        {STAMP, "https://x.applicationinsights.azure.com@evil.example/a",
         "https://x.applicationinsights.azure.com@evil.example/a", FOREIGN},
        {STAMP, "http://westus2-1.in.applicationinsights.azure.com/a",
         "http://westus2-1.in.applicationinsights.azure.com/a", FOREIGN},
        {STAMP, "https://westus2-1.in.applicationinsights.azure.com:8443/a",
         "https://westus2-1.in.applicationinsights.azure.com:8443/a", FOREIGN},
        {STAMP, "https://evil.example\357\274\217.in.applicationinsights.azure.com/x",
         "https://evil.example\357\274\217.in.applicationinsights.azure.com/x", FOREIGN}, /* a wide slash */
        {"http://a.monitor.azure.com/x", "http://b.monitor.azure.com/x", "http://b.monitor.azure.com/x", FOREIGN},
        {"https://a.applicationinsights.us/x", "https://b.applicationinsights.us/x",
         "https://b.applicationinsights.us/x", FOREIGN}, /* not the one of Azure */
        {"https://a.applicationinsights.azure.us/x", "https://b.monitor.azure.us/x", "https://b.monitor.azure.us/x",
         TRUSTED},
    };
    CHECK(rows, false);
}

static void tokens_stay_on_their_port(void **state)
{
    (void)state;
    static const row rows[] = {
        {LOCAL, "http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x", TRUSTED},
        {LOCAL, "http://127.0.0.1:8081/x", "http://127.0.0.1:8081/x", FOREIGN},
        {"http://h/x", "http://h:80/y", "http://h:80/y", TRUSTED},
        {STAMP, "https://b.in.applicationinsights.azure.com/v2.1/track",
         "https://b.in.applicationinsights.azure.com/v2.1/track", TRUSTED},
    };
    CHECK(rows, true);
}

static void what_is_too_long_is_nowhere(void **state)
{
    (void)state;
    static char long_one[6000], out[OTEL__AZURE_URL_BYTES], little[40];
    memset(long_one, 'x', sizeof long_one);
    for (size_t size = 4000; size <= sizeof long_one; size++) {
        otel__azure_redirect verdict =
            otel__azure_redirect_to(LOCAL, (otel_str){long_one, size}, false, out, sizeof out);
        assert_int_equal(verdict, size + strlen("http://127.0.0.1:8080/v2.1/") < sizeof out ? TRUSTED : NOWHERE);
    }
    assert_int_equal(otel__azure_redirect_to(LOCAL, (otel_str){"http://127.0.0.1:8080", 21}, false, little, 34),
                     TRUSTED);
    assert_int_equal(otel__azure_redirect_to(LOCAL, (otel_str){"http://127.0.0.1:8080", 21}, false, little, 32),
                     NOWHERE);
    assert_int_equal(otel__azure_redirect_to(LOCAL, (otel_str){"/a\0b", 4}, false, out, sizeof out), NOWHERE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(locations_are_resolved),
        cmocka_unit_test(trust_is_for_the_host_and_its_cloud),
        cmocka_unit_test(tokens_stay_on_their_port),
        cmocka_unit_test(what_is_too_long_is_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
