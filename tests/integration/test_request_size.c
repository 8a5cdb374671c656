/* A program logs more than its receiver takes in one request: all arrives, once and in order, in several. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <otel/exporters/otlp.h>
#include <otel/otel.h>

#include "child.h"
#include "http_server.h"
#include "logs_service.pb-c.h"

enum { LIMIT_MS = 100000, WRONG = 3, RECORDS = 1500, MOST_BYTES = 20000 };

static otel_logger logger = OTEL_LOGGER_INIT("size", "1");
static otel_logger other = OTEL_LOGGER_INIT("size.other", "1");

/* Numbers of the records in a body, by both scopes, marked in `seen`; false: no request, or one came twice. */
static bool read_body(const http_seen *request, unsigned *seen)
{
    const uint8_t *bytes = (const uint8_t *)request->body;
    Otel__Wire__ExportLogsServiceRequest *r =
        otel__wire__export_logs_service_request__unpack(NULL, request->body_size, bytes);
    if (!r) return false;
    bool good = r->n_resource_logs == 1 && r->resource_logs[0]->resource && r->resource_logs[0]->n_scope_logs >= 1;
    for (size_t s = 0; good && s < r->resource_logs[0]->n_scope_logs; s++) {
        const Otel__Wire__ScopeLogs *logs = r->resource_logs[0]->scope_logs[s];
        good = logs->scope && strncmp(logs->scope->name, "size", 4) == 0;
        for (size_t i = 0; good && i < logs->n_log_records; i++)
            seen[logs->log_records[i]->attributes[0]->value->int_value % RECORDS]++;
    }
    otel__wire__export_logs_service_request__free_unpacked(r, NULL);
    return good;
}

/* What was answered with success holds every record once. */
static int check(http_server *server, size_t most_sent)
{
    static unsigned seen[RECORDS];
    for (size_t i = 0; i < http_server_count(server); i++) {
        const http_seen *request = http_server_at(server, i);
        if (request->body_size > most_sent) return printf("%zu bytes were sent\n", request->body_size), WRONG;
        if (request->body_size <= MOST_BYTES && !read_body(request, seen)) return printf("no request\n"), WRONG;
    }
    for (int i = 0; i < RECORDS; i++)
        if (seen[i] != 1) return printf("record %d came %u times\n", i, seen[i]), WRONG;
    return 0;
}

static int log_all(http_server *server, size_t most_sent)
{
    otel_pipeline_books books;
    for (int i = 0; i < RECORDS; i++) OTEL_LOG_INFO(i % 3 ? &logger : &other, "one of many", OTEL_INT("i", i));
    otel_result flushed = otel_flush(60000);
    otel_provider_pipeline_books(otel_provider_global(), 0, &books);
    otel_stop(1000);
    if (flushed != OTEL_OK || books.taken != RECORDS || books.exported != RECORDS || books.rejected != 0)
        return printf("exported %llu, rejected %llu\n", (unsigned long long)books.exported,
                      (unsigned long long)books.rejected),
               WRONG;
    return check(server, most_sent);
}

static int too_much_for_the_server(void *argument)
{
    char url[64];
    http_server *server = http_server_start(&(http_server_options){.most_body = MOST_BYTES});
    (void)argument;
    snprintf(url, sizeof url, "http://127.0.0.1:%u", http_server_port(server));
    child_environment("otlp", url);
    if (otel_start(NULL) != OTEL_OK) return WRONG;
    int result = log_all(server, SIZE_MAX);
    http_server_stop(server);
    return result;
}

static int too_much_for_the_option(void *argument)
{
    char url[64];
    http_server *server = http_server_start(NULL);
    (void)argument;
    snprintf(url, sizeof url, "http://127.0.0.1:%u", http_server_port(server));
    child_environment(NULL, url);
    otel_log_exporter *exporter = otel_otlp_exporter_new(&(otel_otlp_options){.max_request_bytes = MOST_BYTES});
    otel_log_processor *list[] = {otel_batch_log_processor_new(exporter, NULL)};
    if (otel_start(&(otel_options){.log_processors = list, .log_processor_count = 1}) != OTEL_OK) return WRONG;
    int result = log_all(server, MOST_BYTES);
    http_server_stop(server);
    return result;
}

static void requests_a_server_finds_too_large_are_split(void **state)
{
    (void)state;
    child_expect_good(child_run(too_much_for_the_server, NULL, LIMIT_MS), "413");
}

static void no_request_is_larger_than_the_option(void **state)
{
    (void)state;
    child_expect_good(child_run(too_much_for_the_option, NULL, LIMIT_MS), "max_request_bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(requests_a_server_finds_too_large_are_split),
                                       cmocka_unit_test(no_request_is_larger_than_the_option)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
