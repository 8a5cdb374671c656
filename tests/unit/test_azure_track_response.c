/* Tests of exporters/azure_monitor/src/delivery/track_response.c: bodies of the service, and of those who stand in its
 * place. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "azure_monitor/src/delivery/track_response.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static otel_str str(const char *text)
{
    return (otel_str){text, strlen(text)};
}

/* "1=400:words 3=0:" */
static const char *read_all(const char *body, uint32_t items)
{
    static char out[512];
    otel__azure_track_response response;
    otel__azure_item_error error;
    size_t used = 0;
    *out = '\0';
    if (!otel__azure_track_response_open(&response, str(body), items)) return "(none)";
    while (otel__azure_track_response_next(&response, &error))
        used += (size_t)snprintf(out + used, sizeof out - used, "%s%u=%u:%s", used ? " " : "", error.index,
                                 error.status, error.message);
    otel__azure_track_response_close(&response);
    return out;
}

static void entries_are_read(void **state)
{
    (void)state;
    assert_string_equal(read_all("{\"errors\":[{\"index\":1,\"statusCode\":400,\"message\":\"no\"},"
                                 "{\"index\":0,\"statusCode\":500}]}",
                                 2),
                        "1=400:no 0=500:");
    assert_string_equal(read_all("{}", 4), "");
    assert_string_equal(read_all("{\"errors\":null}", 4), "");
    assert_string_equal(read_all(" {\"errors\":[]} ", 4), "");
}

static void what_names_no_item_is_passed_over(void **state)
{
    (void)state;
    assert_string_equal(read_all("{\"errors\":[null,1,\"x\",[],[{\"index\":0}],{},{\"index\":4,\"statusCode\":400},"
                                 "{\"index\":-1},{\"index\":0.5},{\"index\":1e300},{\"index\":\"0\"},{\"index\":true},"
                                 "{\"Index\":0},{\"index\":3,\"statusCode\":429}]}",
                                 4),
                        "3=429:");
}

static void statuses_that_are_none_are_unclear(void **state)
{
    (void)state;
    assert_string_equal(read_all("{\"errors\":[{\"index\":0,\"statusCode\":\"429\"},{\"index\":1},"
                                 "{\"index\":2,\"statusCode\":99},{\"index\":3,\"statusCode\":1000,\"message\":7}]}",
                                 4),
                        "0=0: 1=0: 2=0: 3=0:");
}

static void what_is_no_answer_is_none(void **state)
{
    (void)state;
    static const char *const bodies[] = {"",
                                         "<html>",
                                         "[]",
                                         "null",
                                         "7",
                                         "{\"errors\":{}}",
                                         "{\"errors\":\"x\"}",
                                         "{\"errors\":[",
                                         "{\"errors\":[{\"index\":0,\"statusCode\":4"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) assert_string_equal(read_all(bodies[i], 4), "(none)");
}

/* What is parsed takes many times its bytes. */
static void how_much_is_read_depends_on_what_there_can_be(void **state)
{
    (void)state;
    size_t size = 20000;
    char *body = calloc(1, size + 1);
    otel__azure_track_response response;
    memset(body, ' ', size);
    memcpy(body, "{\"errors\":null}", 15);
    assert_false(otel__azure_track_response_open(&response, (otel_str){body, size}, 1));
    assert_true(otel__azure_track_response_open(&response, (otel_str){body, size}, 100));
    otel__azure_track_response_close(&response);
    free(body);
}

static void the_first_words_are_for_people(void **state)
{
    char words[16];
    (void)state;
    otel__azure_track_message(
        str("{\"errors\":[{\"index\":9,\"message\":\"\"},{\"index\":70000,\"message\":\"bad\\nday\"}]}"), words,
        sizeof words);
    assert_string_equal(words, "bad day");
    otel__azure_track_message(str("upstream error, try later\r\n"), words, sizeof words);
    assert_string_equal(words, "upstream error,");
    static const char *const bodies[] = {"", "<html>x</html>", "{\"a\":1}", "[1]", "{"};
    for (size_t i = 0; i < 5; i++) {
        otel__azure_track_message(str(bodies[i]), words, sizeof words);
        assert_string_equal(words, "");
    }
    otel__azure_track_message((otel_str){NULL, 0}, words, sizeof words);
    assert_string_equal(words, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_read),
        cmocka_unit_test(what_names_no_item_is_passed_over),
        cmocka_unit_test(statuses_that_are_none_are_unclear),
        cmocka_unit_test(what_is_no_answer_is_none),
        cmocka_unit_test(how_much_is_read_depends_on_what_there_can_be),
        cmocka_unit_test(the_first_words_are_for_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
