/* One process for each failing call: see each_call.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "each_call.h"
#include "http_server.h"

enum { LIMIT_MS = 60000, MOST_CALLS = 1500, USUAL_CALLS = 50, TRIES = 3, LATE = 3 /* of scenario.c */ };

typedef struct fault {
    const char *call;
    long nth;
    bool and_behind;
    int report; /* the pipe's end that the child writes to */
} fault;

static char program[4096], interposer[4096];

/* Becomes the scenario. */
static int run_scenario(void *argument)
{
    const fault *f = argument;
    char nth[32], report[32];
    snprintf(nth, sizeof nth, "%ld", f->nth);
    snprintf(report, sizeof report, "%d", f->report);
    fcntl(f->report, F_SETFD, 0);
    setenv("FAULT_CALL", f->call, 1);
    setenv("FAULT_NTH", nth, 1);
    setenv("FAULT_FD", report, 1);
    if (f->and_behind) setenv("FAULT_ON", "1", 1);
    setenv("LD_PRELOAD", interposer, 1);
    execl(program, program, (char *)NULL);
    return 127;
}

static bool was_reached(int reader)
{
    char mark;
    return read(reader, &mark, 1) == 1;
}

/* What a stop does not settle in time, three times in a row, is a fault. */
static child_end run_in_time(fault *f)
{
    child_end end = child_run(run_scenario, f, LIMIT_MS);
    for (int i = 1; i < TRIES && end.code == LATE; i++) {
        free(end.text);
        end = child_run(run_scenario, f, LIMIT_MS);
    }
    return end;
}

/* false: there is no nth call of that name. */
static bool one_fault(const char *call, long nth, bool and_behind)
{
    int ends[2];
    char what[128];
    assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    fault f = {call, nth, and_behind, ends[1]};
    child_end end = run_in_time(&f);
    bool reached = was_reached(ends[0]), nothing = strstr(end.text, "not started") || strstr(end.text, "no pipeline"),
         silent = nothing && !strstr(end.text, "otel: ");
    close(ends[0]);
    close(ends[1]);
    snprintf(what, sizeof what, "%s number %ld fails%s", call, nth, and_behind ? ", and all behind it" : "");
    if (silent) fail_msg("%s: nothing works, and nothing said why", what);
    child_expect_good(end, what);
    return reached;
}

static void every_call(const faulty_call *call)
{
    long nth = 1, most = child_long() ? MOST_CALLS : USUAL_CALLS;
    while (nth <= most && one_fault(call->name, nth, false)) nth++;
    print_message("%s: %s%ld calls\n", call->name, nth > most ? "the first " : "", nth - 1);
    assert_in_range(nth, call->least + 1, MOST_CALLS);
    if (nth == 1) return;
    one_fault(call->name, 1, true);
    one_fault(call->name, (nth + 1) / 2, true);
}

void fail_each_of(const faulty_call *calls, size_t count)
{
    for (size_t i = 0; i < count; i++) every_call(&calls[i]);
}

/* What the program and the preloaded library are called, beside this program. */
static void find_programs(void)
{
    char here[4000];
    ssize_t n = readlink("/proc/self/exe", here, sizeof here - 1);
    if (n <= 0) abort();
    here[n] = '\0';
    *strrchr(here, '/') = '\0';
    snprintf(program, sizeof program, "%s/faults_scenario", here);
    snprintf(interposer, sizeof interposer, "%s/faults_interpose.so", here);
    if (access(program, X_OK) != 0 || access(interposer, R_OK) != 0) abort();
}

static http_server *server;

int faults_begin(void **state)
{
    char url[64];
    (void)state;
    find_programs();
    server = http_server_start(NULL);
    snprintf(url, sizeof url, "http://127.0.0.1:%u", http_server_port(server));
    child_environment("otlp", url);
    setenv("OTEL_BLRP_SCHEDULE_DELAY", "0", 1);
    setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip", 1);
    return 0;
}

/* The service refuses one of the records: its answer is parsed, and nothing has to wait. */
int faults_begin_azure(void **state)
{
    static const http_answer answer = {
        .status = 206,
        .body = "{\"itemsReceived\":20,\"errors\":[{\"index\":3,\"statusCode\":400,\"message\":\"no\"}]}"};
    char connection[128];
    (void)state;
    find_programs();
    server = http_server_start(NULL);
    http_server_script(server, &answer, 1);
    snprintf(connection, sizeof connection,
             "InstrumentationKey=931024c2-3720-11ea-b247-c49deda841c1;IngestionEndpoint=http://127.0.0.1:%u",
             http_server_port(server));
    child_environment("azure_monitor", NULL);
    setenv("APPLICATIONINSIGHTS_CONNECTION_STRING", connection, 1);
    setenv("OTEL_BLRP_SCHEDULE_DELAY", "0", 1);
    return 0;
}

int faults_end(void **state)
{
    (void)state;
    http_server_stop(server);
    return 0;
}
