/* The sampler in front of the Azure exporter: what an analyst adds up from itemCount is about what the program logged,
 * although a part of it arrived. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include <otel/otel.h>

#include "child.h"
#include "desk.h"

/* Seven standard deviations of 4000 records at a quarter, each standing for four. */
enum { RECORDS = 4000, TOLERATED = 770, LIMIT_MS = 100000, WRONG = 3 };

static otel_logger logger = OTEL_LOGGER_INIT("sampled", "1");

static int complain(const char *what, long long number)
{
    printf("%s: %lld\n", what, number);
    return WRONG;
}

/* Outside of traces, inside of them (two each), and errors, which are all kept. */
static void emit_all(void)
{
    for (int i = 0; i < RECORDS; i++) {
        otel_context context = {.span_context = {.flags = 0}};
        context.span_context = otel_span_context_child(&context.span_context);
        OTEL_LOG_INFO(&logger, "outside", OTEL_INT("seq", i));
        OTEL_LOG_INFO(&logger, "inside", OTEL_WITH_CONTEXT(&context));
        OTEL_LOG_WARN(&logger, "inside, too", OTEL_WITH_CONTEXT(&context));
        if (i % 10 == 0) OTEL_LOG_ERROR(&logger, "error", OTEL_WITH_CONTEXT(&context));
    }
}

static int check_count(const desk_process *desk, const char *message, long long expected, long long tolerated)
{
    long long rows = desk_number(desk, "SELECT count(*) FROM traces WHERE message = '%s'", message);
    long long sum = desk_number(desk, "SELECT sum(itemCount) FROM traces WHERE message = '%s'", message);
    printf("%s: %lld rows stand for %lld records\n", message, rows, sum);
    if (sum < expected - tolerated || sum > expected + tolerated) return complain(message, sum);
    return rows == (tolerated ? sum / 4 : sum) ? 0 : complain("rows", rows);
}

static int check_all(const desk_process *desk)
{
    int code = check_count(desk, "outside", RECORDS, TOLERATED);
    if (!code) code = check_count(desk, "inside", RECORDS, TOLERATED);
    if (!code) code = check_count(desk, "inside, too", RECORDS, TOLERATED);
    if (!code) code = check_count(desk, "error", RECORDS / 10, 0);
    long long halves = desk_number(desk, "SELECT count(*) FROM (SELECT operation_Id FROM traces WHERE message LIKE "
                                         "'inside%%' GROUP BY operation_Id HAVING count(*) <> 2)");
    if (!code && halves) code = complain("traces that were kept in part", halves);
    long long told = desk_number(desk, "SELECT count(*) FROM traces WHERE customDimensions LIKE '%%sample_rate%%'");
    return !code && told ? complain("rates among the custom dimensions", told) : code;
}

static int sample(void *argument)
{
    desk_process desk = {0};
    char connection[160];
    (void)argument;
    desk_start(&desk, NULL);
    snprintf(connection, sizeof connection,
             "InstrumentationKey=00000000-0000-0000-0000-00000000beef;IngestionEndpoint=%s", desk.url);
    child_environment("azure_monitor", NULL);
    setenv("APPLICATIONINSIGHTS_CONNECTION_STRING", connection, 1);
    setenv("OTEL_BLRP_MAX_QUEUE_SIZE", "20000", 1);
    otel_log_processor *list[] = {otel_sampler_log_processor_new(&(otel_sampler_options){.percent = 25, .error = 100})};
    if (otel_start(&(otel_options){.log_processors = list, .log_processor_count = 1}) != OTEL_OK)
        return complain("not started", 0);
    emit_all();
    otel_result stopped = otel_stop(60000);
    int code = stopped == OTEL_OK ? check_all(&desk) : complain("otel_stop", stopped);
    desk_remove(&desk);
    return code;
}

static void counts_are_right_at_the_service(void **state)
{
    (void)state;
    child_expect_good(child_run(sample, NULL, LIMIT_MS), "sampled records");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(counts_are_right_at_the_service)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
