/* The library under the modes of driver.h and faults.h. Besides the keys of the driver: code=1 (code location on),
 * levels=TEXT (as OTEL_C_LOG_LEVELS), ask=1 (mode disabled: a processor that has to be asked, instead of a level). */
#include "driver.h"
#include "faults.h"
#include <otel/otel.h>
#include <stdatomic.h>

#ifndef BENCH_ATTRIBUTES
#define BENCH_ATTRIBUTES 4 /* 0, 4 or 7; a program each, because even the question would show in the figures */
#endif

static const char subject_name[] = "otel-c";
static otel_logger logger = OTEL_LOGGER_INIT("bench", "1.0");
static _Atomic uint64_t seen;
static double wire_bytes; /* of a record, as the exporter that never answers saw them */

/* Counts records, touches nothing else. */
static otel_export_status count_batch(otel_log_exporter *self, const otel_log_batch *batch, otel_export_call *call)
{
    (void)self, (void)call;
    atomic_fetch_add_explicit(&seen, otel_log_batch_count(batch), memory_order_relaxed);
    return OTEL_EXPORT_OK;
}

/* Never answers, so that the queue fills. */
static otel_export_status keep_batch(otel_log_exporter *self, const otel_log_batch *batch, otel_export_call *call)
{
    (void)self, (void)call;
    wire_bytes = (double)otel_log_batch_otlp_bytes(batch) / (double)otel_log_batch_count(batch);
    return OTEL_EXPORT_PENDING;
}

static const otel_log_exporter_ops count_ops = {.size = sizeof count_ops, .name = "null", .export_batch = count_batch};
static const otel_log_exporter_ops keep_ops = {.size = sizeof keep_ops, .name = "stuck", .export_batch = keep_batch};

/* Wants WARN and more. */
static void warn_emit(otel_log_processor *self, otel_log_record *record)
{
    if (record->severity >= OTEL_SEVERITY_WARN) otel_log_pass(self, record);
}

static bool warn_enabled(otel_log_processor *self, const otel_scope *scope, otel_severity severity,
                         const otel_context *context)
{
    (void)self, (void)scope, (void)context;
    return severity == 0 || severity >= OTEL_SEVERITY_WARN;
}

static const otel_log_processor_ops warn_ops = {
    .size = sizeof warn_ops, .name = "warn", .emit = warn_emit, .enabled = warn_enabled};

static otel_log_processor *processor(const otel_log_exporter_ops *ops, const bench_settings *s)
{
    otel_batch_options options = {.max_queue_size = (uint32_t)s->queue,
                                  .max_export_batch_size = (uint32_t)s->batch,
                                  .schedule_delay_ms = (uint32_t)s->delay_ms};
    return otel_batch_log_processor_new(otel_log_exporter_new(sizeof(otel_log_exporter), ops), &options);
}

static void set_number(const char *variable, long number)
{
    char text[32];
    snprintf(text, sizeof text, "%ld", number);
    setenv(variable, text, 1);
}

/* The operator's way: the exporter by name, the rest from the environment. */
static bool start_by_name(const char *exporter, const bench_settings *s)
{
    set_number("OTEL_BLRP_MAX_QUEUE_SIZE", s->queue);
    set_number("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", s->batch);
    set_number("OTEL_BLRP_SCHEDULE_DELAY", s->delay_ms);
    otel_options options = {.service_name = "bench",
                            .logs_exporter = exporter,
                            .log_levels = bench_text("levels", NULL),
                            .code_location_off = bench_number("code", 0) == 0};
    return otel_start(&options) == OTEL_OK;
}

static bool bench_subject_start(const char *exporter, const bench_settings *s)
{
    bool stuck = strcmp(exporter, "stuck") == 0;
    if (!stuck && strcmp(exporter, "null") != 0) return start_by_name(exporter, s);
    otel_log_processor *list[] = {processor(stuck ? &keep_ops : &count_ops, s)};
    otel_options options = {.service_name = "bench",
                            .log_processors = list,
                            .log_processor_count = 1,
                            .log_levels = bench_text("levels", NULL),
                            .code_location_off = bench_number("code", 0) == 0};
    return otel_start(&options) == OTEL_OK;
}

static bool bench_subject_start_from_environment(void)
{
    return otel_start(NULL) == OTEL_OK;
}

static bool bench_subject_noop(void)
{
    return true;
}

static bool bench_subject_disabled(void)
{
    bool ask = bench_number("ask", 0) != 0;
    bench_settings defaults = {.queue = 0, .batch = 0, .delay_ms = 0};
    otel_log_processor *list[2];
    size_t n = 0;
    if (ask) list[n++] = otel_log_processor_new(sizeof(otel_log_processor), &warn_ops);
    list[n++] = processor(&count_ops, &defaults);
    otel_options options = {.service_name = "bench",
                            .log_processors = list,
                            .log_processor_count = n,
                            .log_levels = bench_text("levels", ask ? NULL : "*=warn")};
    return otel_start(&options) == OTEL_OK;
}

/* The strings are such that no compiler knows their contents or lengths. */
static inline void bench_subject_emit(int64_t sequence)
{
    static const char *volatile text = "GET /api/v1/orders/12345 finished without errors";
    static const char *volatile route = "/api/v1/orders/x", *volatile user = "alice.wonderland";
#if BENCH_ATTRIBUTES == 0
    (void)sequence, (void)route, (void)user;
    OTEL_LOG_INFO(&logger, text);
#elif BENCH_ATTRIBUTES == 4
    OTEL_LOG_INFO(&logger, text, OTEL_STR("http.route", route), OTEL_STR("user.name", user), OTEL_INT("seq", sequence),
                  OTEL_BOOL("http.ok", true));
#else
    static const char *volatile peer = "192.0.2.17";
    OTEL_LOG_INFO(&logger, text, OTEL_STR("http.route", route), OTEL_STR("user.name", user), OTEL_INT("seq", sequence),
                  OTEL_BOOL("http.ok", true), OTEL_STR("peer.address", peer), OTEL_INT("size", sequence * 3),
                  OTEL_DOUBLE("seconds", (double)sequence / 1024));
#endif
}

static bool bench_subject_flush(long ms)
{
    return otel_flush((uint32_t)ms) == OTEL_OK;
}

static bool bench_subject_shutdown(long ms)
{
    return otel_stop((uint32_t)ms) == OTEL_OK;
}

static uint64_t bench_subject_exported(void)
{
    return atomic_load_explicit(&seen, memory_order_relaxed);
}

static double bench_subject_wire_bytes(void)
{
    return wire_bytes;
}

static long bench_subject_dropped(void)
{
    otel_pipeline_books b;
    if (!otel_provider_pipeline_books(NULL, 0, &b)) return 0;
    return (long)(b.taken - b.exported - b.queued - b.spooled);
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";
    bench_arguments = argc > 1 ? argv + 2 : argv + argc;
    bench_find_counters();
    if (!strcmp(mode, "noop") || !strcmp(mode, "disabled") || !strcmp(mode, "emit") || !strcmp(mode, "drop"))
        return bench_measured(subject_name, mode);
    if (!strcmp(mode, "queued")) return bench_queued(subject_name);
    int result = bench_fault(mode);
    if (result >= 0) return result;
    fprintf(stderr,
            "usage: bench noop|disabled|emit|drop|queued|shutdown|fork|kill|recover|outage|env [key=value ...]\n");
    return 2;
}
