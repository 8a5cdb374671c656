/* Tests of exporters/azure_monitor: what authorities answer, forms, and authentication strings. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "azure_monitor/src/clock.h"
#include "azure_monitor/src/credentials/credential_choice.h"
#include "azure_monitor/src/credentials/form.h"
#include "azure_monitor/src/credentials/token_reply.h"
#include <stdlib.h>
#include <string.h>

enum { NOW = 1800000000 };

int64_t otel__azure_monotonic_ns(void)
{
    return 1;
}

int64_t otel__azure_unix_s(void)
{
    return NOW;
}

static otel_str str(const char *text)
{
    return (otel_str){text, strlen(text)};
}

static void tokens_and_when_they_expire(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        int64_t expires; /* -1: no token */
    } rows[] = {
        {"{\"access_token\":\"a.b-c\",\"expires_in\":\"3599\",\"expires_on\":\"1800000123\"}", 1800000123},
        {"{\"access_token\":\"a.b-c\",\"expires_on\":1800000123}", 1800000123},
        {"{\"access_token\":\"a.b-c\",\"token_type\":\"bearer\",\"expires_in\":3599}", NOW + 3599},
        {"{\"access_token\":\"a.b-c\",\"expires_in\":\"3599\"}", NOW + 3599},
        {"{\"expires_on\":\"01/31/2026 11:59:01 PM +00:00\",\"access_token\":\"a.b-c\"}", 1769903941},
        {"{\"expires_on\":\"01/31/2026 23:59:01 +00:00\",\"access_token\":\"a.b-c\"}", 1769903941},
        {"{\"access_token\":\"a.b-c\"}", 0},
        {"{\"access_token\":\"a.b-c\",\"expires_on\":\"soon\",\"expires_in\":\"60\"}", NOW + 60},
        {"{\"access_token\":\"a.b-c\",\"expires_in\":-5}", 0},
        {"{\"access_token\":\"a.b-c\",\"expires_in\":1e300}", 0},
        {"{\"access_token\":\"a.b-c\",\"expires_in\":\"99999999999999999999999\"}", 0},
        {"{\"access_token\":\"a.b-c\",\"expires_in\":null,\"expires_on\":[]}", 0},
        {"{\"access_token\":\"\"}", -1},
        {"{\"access_token\":\"a b\"}", -1},
        {"{\"access_token\":\"a\\nX-Evil: 1\"}", -1},
        {"{\"access_token\":\"\xc3\xa4\"}", -1},
        {"{\"access_token\":7}", -1},
        {"{\"access_token\":\"a.b-c\\u0000d\"}", -1},
        {"{\"Access_Token\":\"a.b-c\"}", -1},
        {"{\"access_token\":\"a.b-c\",\"token_type\":\"pop\"}", -1},
        {"{\"access_token\":\"longer than the room, which is twenty\"}", -1},
        {"{\"access_token\":\"12345678901234567890\"}", -1},
        {"[\"a.b-c\"]", -1},
        {"<html>", -1},
        {"", -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char room[20] = "before";
        otel_azure_token_call call = {.token = room, .token_size = sizeof room};
        bool good = otel__azure_reply_token(str(rows[i].body), &call);
        if (good != (rows[i].expires >= 0)) fail_msg("%s", rows[i].body);
        assert_string_equal(room, good ? "a.b-c" : "before");
        if (good && call.expires_unix_s != rows[i].expires)
            fail_msg("%s: %lld", rows[i].body, (long long)call.expires_unix_s);
    }
}

static void answers_have_a_bound(void **state)
{
    (void)state;
    char room[20], words[20];
    otel_azure_token_call call = {.token = room, .token_size = sizeof room};
    char *body = malloc(OTEL__AZURE_REPLY_BYTES + 1);
    memset(body, ' ', OTEL__AZURE_REPLY_BYTES + 1);
    memcpy(body, "{\"access_token\":\"a\"}", 20);
    assert_true(otel__azure_reply_token((otel_str){body, OTEL__AZURE_REPLY_BYTES}, &call));
    assert_false(otel__azure_reply_token((otel_str){body, OTEL__AZURE_REPLY_BYTES + 1}, &call));
    memset(body, '[', OTEL__AZURE_REPLY_BYTES);
    assert_false(otel__azure_reply_token((otel_str){body, OTEL__AZURE_REPLY_BYTES}, &call));
    otel__azure_reply_error((otel_str){body, OTEL__AZURE_REPLY_BYTES}, words, sizeof words);
    assert_string_equal(words, "");
    free(body);
}

static void reasons(void **state)
{
    (void)state;
    static const struct {
        const char *body, *words;
        bool soon;
    } rows[] = {
        {"{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: Invalid client secret provided. Trace "
         "ID: 1 "
         "Timestamp: 2\"}",
         "AADSTS7000215: Invalid client secret provided.", false},
        {"{\"error\":\"x\",\"error_description\":\"AADSTS1: no\\r\\nTrace ID: 1\"}", "AADSTS1: no", false},
        {"{\"error\":\"invalid_request\",\"error_description\":\"Identity not found\"}", "Identity not found", false},
        {"{\"statusCode\":400,\"message\":\"No MSI found\"}", "No MSI found", false},
        {"{\"error\":{\"code\":\"c\",\"message\":\"in there\"}}", "in there", false},
        {"{\"error\":{\"code\":\"c\"}}", "c", false},
        {"{\"error\":\"temporarily_unavailable\"}", "temporarily_unavailable", true},
        {"{\"error_description\":\"a\\u0007b\\nc\"}", "a b c", false},
        {"{\"error\":7}", "", false},
        {"<html>no</html>", "", false},
        {"", "", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char words[128];
        assert_int_equal(otel__azure_reply_error(str(rows[i].body), words, sizeof words), rows[i].soon);
        assert_string_equal(words, rows[i].words);
    }
}

static void dates(void **state)
{
    (void)state;
    assert_int_equal(otel__azure_reply_date("09/14/2017 00:00:00 +00:00"), 1505347200);
    assert_int_equal(otel__azure_reply_date("9/4/2017 12:00:00 AM +00:00"), 1504483200);
    assert_int_equal(otel__azure_reply_date("9/4/2017 12:00:00 PM +00:00"), 1504526400);
    assert_int_equal(otel__azure_reply_date("02/29/2028 01:00:00 PM +00:00"), 1835442000);
    static const char *const wrong[] = {"",
                                        "09/14/2017",
                                        "09/14/2017 00:00:00",
                                        "09/14/2017 00:00:00 +01:00",
                                        "13/14/2017 00:00:00 +00:00",
                                        "00/14/2017 00:00:00 +00:00",
                                        "09/14/1969 00:00:00 +00:00",
                                        "09/14/2017 24:00:00 +00:00",
                                        "09/14/2017 00:00:00 +00:00 and more",
                                        "09/-1/2017 00:00:00 +00:00",
                                        "2017-09-14T00:00:00Z"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_int_equal(otel__azure_reply_date(wrong[i]), 0);
}

static void forms(void **state)
{
    (void)state;
    otel__azure_buffer form = {0};
    assert_true(otel__azure_form_add(&form, "a", "x y&z=%"));
    assert_true(otel__azure_form_add(&form, "left out", NULL));
    assert_true(otel__azure_form_add(&form, "b", ""));
    assert_true(otel__azure_form_add(&form, "c", "-._~AZaz09\xc3\xa4/:+\n"));
    assert_true(otel__azure_buffer_append(&form, "", 1));
    assert_string_equal(form.data, "a=x%20y%26z%3D%25&b=&c=-._~AZaz09%C3%A4%2F%3A%2B%0A");
    otel__azure_form_release(&form);
    assert_null(form.data);
    assert_true(otel__azure_buffer_append(&form, "http://h?", 9) && otel__azure_form_add(&form, "a", "b"));
    assert_true(otel__azure_buffer_append(&form, "", 1));
    assert_string_equal(form.data, "http://h?a=b");
    otel__azure_form_release(&form);
}

#define ID "931024C2-3720-11ea-b247-c49deda841c1"

static void authentication_strings(void **state)
{
    (void)state;
    static const struct {
        const char *text, *fault, *id;
    } rows[] = {
        {"Authorization=AAD", NULL, ""},
        {" authorization = aad ; ", NULL, ""},
        {"Authorization=AAD;ClientId=" ID, NULL, ID},
        {"clientid=" ID ";Authorization=AAD;Other=x", NULL, ID},
        {"", "it does not say Authorization=AAD", NULL},
        {"Authorization=ikey", "it does not say Authorization=AAD", NULL},
        {"ClientId=" ID, "it does not say Authorization=AAD", NULL},
        {"AAD", "a part of it has no '='", NULL},
        {"Authorization=AAD;ClientId=abc", NULL, "abc"},
        {"Authorization=AAD;ClientId=", "its ClientId is empty", NULL},
        {"Authorization=AAD;ClientId=" ID ID, "its ClientId is too long", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char id[64];
        const char *fault = otel__azure_authentication_read(rows[i].text, id, sizeof id);
        assert_int_equal(fault != NULL, rows[i].fault != NULL);
        if (fault) assert_string_equal(fault, rows[i].fault);
        if (!fault) assert_string_equal(id, rows[i].id);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_and_when_they_expire),
        cmocka_unit_test(answers_have_a_bound),
        cmocka_unit_test(reasons),
        cmocka_unit_test(dates),
        cmocka_unit_test(forms),
        cmocka_unit_test(authentication_strings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
