/* What the tests of exporters/otlp share: the part of the SDK that the exporter meets, by hand; a server; answers
 * packed by protobuf-c, the independent writer. Included once by a test program, behind cmocka.h. */
#ifndef OTLP_FIXTURE_H
#define OTLP_FIXTURE_H
#include "exporter_double.h"
#include "http_server.h"
#include "logs_service.pb-c.h"
#include "said.h"
#include "settings.h"
#include "status.pb-c.h"
#include <otel/exporters/otlp.h>
#include <otel/sdk/log_processor.h>
#include <otel/sdk/sdk.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct otel_log_batch {
    size_t count;
    otel_str pieces[3];
};

size_t otel_log_batch_count(const otel_log_batch *batch)
{
    return batch->count;
}

size_t otel_log_batch_otlp(const otel_log_batch *batch, otel_str *pieces, size_t capacity)
{
    if (pieces && capacity >= 3) memcpy(pieces, batch->pieces, sizeof batch->pieces);
    return 3;
}

size_t otel_log_batch_otlp_bytes(const otel_log_batch *batch)
{
    return batch->pieces[0].size + batch->pieces[1].size + batch->pieces[2].size;
}

static int done_calls;
static otel_export_status done_status;
static otel_export_call *done_call;

void otel_export_done(otel_export_call *call, otel_export_status status)
{
    done_calls++;
    done_call = call;
    done_status = status;
}

static const otel_log_batch batch = {.count = 10, .pieces = {{"prefix ", 7}, {"records ", 8}, {"end", 3}}};

static inline int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline void turn(otel_log_exporter *exporter, int64_t *next, int most_ms)
{
    int64_t left = *next == OTEL_DEADLINE_NEVER ? most_ms : *next / 1000000 - now_ms() + 1;
    struct pollfd fd = {.fd = exporter->ops->poll_fd(exporter), .events = POLLIN};
    poll(&fd, 1, left > most_ms ? most_ms : left > 0 ? (int)left : 0);
    exporter->ops->poll(exporter, next);
}

static inline void run(otel_log_exporter *exporter, int most_ms)
{
    int64_t next, until = now_ms() + most_ms;
    exporter->ops->poll(exporter, &next);
    while (!done_calls && now_ms() < until) turn(exporter, &next, (int)(until - now_ms()));
}

static inline void begin_call(otel_export_call *call, uint32_t ms)
{
    *call = (otel_export_call){.size = sizeof *call, .deadline = otel_deadline_in_ms(ms)};
    done_calls = 0;
}

static inline otel_export_status export_once(otel_log_exporter *exporter, otel_export_call *call)
{
    begin_call(call, 60000);
    otel_export_status status = exporter->ops->export_batch(exporter, &batch, call);
    if (status != OTEL_EXPORT_PENDING) return status;
    run(exporter, 70000);
    assert_int_equal(done_calls, 1);
    assert_ptr_equal(done_call, call);
    return done_status;
}

static const char *const variables[] = {"ENDPOINT", "HEADERS",     "COMPRESSION", "TIMEOUT",
                                        "PROTOCOL", "CERTIFICATE", "CLIENT_KEY",  "CLIENT_CERTIFICATE"};

static inline void set(const char *name, const char *value)
{
    char full[64];
    snprintf(full, sizeof full, "OTEL_EXPORTER_OTLP_%s", name);
    setenv(full, value, 1);
}

static inline void unset_all(void)
{
    char full[64];
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        snprintf(full, sizeof full, "OTEL_EXPORTER_OTLP_%s", variables[i]);
        unsetenv(full);
        snprintf(full, sizeof full, "OTEL_EXPORTER_OTLP_LOGS_%s", variables[i]);
        unsetenv(full);
    }
}

typedef struct fixture {
    http_server *server;
    otel_log_exporter *exporter;
    char endpoint[64];
} fixture;

static inline int quiet(void **state)
{
    (void)state;
    unset_all();
    said_clear();
    return 0;
}

static inline int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    quiet(state);
    f->server = http_server_start(NULL);
    if (!f->server) return -1;
    snprintf(f->endpoint, sizeof f->endpoint, "http://127.0.0.1:%u", http_server_port(f->server));
    f->exporter = otel_otlp_exporter_new(&(otel_otlp_options){.endpoint = f->endpoint});
    *state = f;
    return f->exporter ? 0 : -1;
}

static inline int tear_down(void **state)
{
    fixture *f = *state;
    otel_log_exporter_destroy(f->exporter);
    http_server_stop(f->server);
    free(f);
    return 0;
}

static inline void script(fixture *f, http_answer answer)
{
    http_server_script(f->server, &answer, 1);
}

static inline otel_str packed_success(int64_t rejected, const char *message)
{
    static uint8_t bytes[1024];
    Otel__Wire__ExportLogsPartialSuccess partial = OTEL__WIRE__EXPORT_LOGS_PARTIAL_SUCCESS__INIT;
    Otel__Wire__ExportLogsServiceResponse response = OTEL__WIRE__EXPORT_LOGS_SERVICE_RESPONSE__INIT;
    partial.rejected_log_records = rejected;
    partial.error_message = (char *)(size_t)message;
    response.partial_success = &partial;
    return (otel_str){(char *)bytes, otel__wire__export_logs_service_response__pack(&response, bytes)};
}

static inline otel_str packed_status(int32_t code, const char *message)
{
    static uint8_t bytes[1024];
    Otel__Wire__Status status = OTEL__WIRE__STATUS__INIT;
    status.code = code;
    status.message = (char *)(size_t)message;
    return (otel_str){(char *)bytes, otel__wire__status__pack(&status, bytes)};
}

/* With a RetryInfo between two other details. */
static inline otel_str packed_retry(int64_t seconds, int32_t nanos, const char *message)
{
    static uint8_t bytes[1024], info_bytes[64];
    Otel__Wire__Status status = OTEL__WIRE__STATUS__INIT;
    Otel__Wire__Duration delay = OTEL__WIRE__DURATION__INIT;
    Otel__Wire__RetryInfo info = OTEL__WIRE__RETRY_INFO__INIT;
    Otel__Wire__Any other = OTEL__WIRE__ANY__INIT, retry = OTEL__WIRE__ANY__INIT;
    Otel__Wire__Any *details[] = {&other, &retry, &other};
    delay.seconds = seconds;
    delay.nanos = nanos;
    info.retry_delay = &delay;
    other.type_url = (char *)(size_t) "type.googleapis.com/google.rpc.BadRequest";
    retry.type_url = (char *)(size_t) "type.googleapis.com/google.rpc.RetryInfo";
    retry.value.data = info_bytes;
    retry.value.len = otel__wire__retry_info__pack(&info, info_bytes);
    status.message = (char *)(size_t)message;
    status.details = details;
    status.n_details = 3;
    return (otel_str){(char *)bytes, otel__wire__status__pack(&status, bytes)};
}

#define ALONE(test) cmocka_unit_test_setup(test, quiet)
#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
#endif
