/* The library under the modes and the record of driver.h: disabled call, emit, OTLP over HTTP, faults. */
#define _GNU_SOURCE
#include <otel/otel.h>
#include <stdatomic.h>
#include <stdint.h>

struct rival_opts {
    long queue, batch, delay_ms;
};

static const char *const rival_name = "otel-c";
static otel_logger logger = OTEL_LOGGER_INIT("bench", "1.0");
static _Atomic uint64_t seen;

/* Counts records, touches nothing else. */
static otel_export_status count_batch(otel_log_exporter *self, const otel_log_batch *batch, otel_export_call *call)
{
    (void)self, (void)call;
    atomic_fetch_add_explicit(&seen, otel_log_batch_count(batch), memory_order_relaxed);
    return OTEL_EXPORT_OK;
}

static const otel_log_exporter_ops count_ops = {.size = sizeof count_ops, .name = "null", .export_batch = count_batch};

/* A processor that wants WARN and more, in front of everything. */
static void warn_emit(otel_log_processor *self, otel_log_record *record)
{
    if (record->severity >= OTEL_SEVERITY_WARN) otel_log_pass(self, record);
}

static bool warn_enabled(otel_log_processor *self, const otel_scope *scope, otel_severity severity, const otel_context *context)
{
    (void)self, (void)scope, (void)context;
    return severity == 0 || severity >= OTEL_SEVERITY_WARN;
}

static const otel_log_processor_ops warn_ops = {.size = sizeof warn_ops, .name = "warn", .emit = warn_emit, .enabled = warn_enabled};

static int rival_start(const char *exporter, const struct rival_opts *o)
{
    otel_batch_options batch = {.max_queue_size = (uint32_t)o->queue,
                                .max_export_batch_size = (uint32_t)o->batch,
                                .schedule_delay_ms = (uint32_t)o->delay_ms};
    bool null = exporter[0] == 'n';
    otel_log_processor *list[1] = {
        null ? otel_batch_log_processor_new(otel_log_exporter_new(sizeof(otel_log_exporter), &count_ops), &batch) : NULL};
    char text[32];
    snprintf(text, sizeof text, "%ld", o->queue);
    setenv("OTEL_BLRP_MAX_QUEUE_SIZE", text, 1);
    snprintf(text, sizeof text, "%ld", o->batch);
    setenv("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", text, 1);
    snprintf(text, sizeof text, "%ld", o->delay_ms);
    setenv("OTEL_BLRP_SCHEDULE_DELAY", text, 1);
    otel_options options = {.service_name = "bench",
                            .logs_exporter = exporter,
                            .log_processors = list,
                            .log_processor_count = null,
                            .code_location_off = bench_num("code", 0) == 0};
    return otel_start(&options) != OTEL_OK;
}

static int rival_noop(void)
{
    return 0;
}

static int rival_disabled(void)
{
    otel_log_processor *list[] = {otel_log_processor_new(sizeof(otel_log_processor), &warn_ops)};
    return otel_start(&(otel_options){.logs_exporter = "none", .log_processors = list, .log_processor_count = 1}) != OTEL_OK;
}

static inline void rival_emit(int64_t seq)
{
    static const char body[] = "GET /api/v1/orders/12345 finished without errors";
    static const char *volatile route = "/api/v1/orders/x", *volatile user = "alice.wonderland";
    static const char *volatile text = body;
    OTEL_LOG_INFO(&logger, text, OTEL_STR("http.route", route), OTEL_STR("user.name", user), OTEL_INT("seq", seq),
                  OTEL_BOOL("http.ok", true));
}

static inline void rival_emit_if_enabled(int64_t seq)
{
    rival_emit(seq);
}

static int rival_flush(long ms)
{
    return otel_flush((uint32_t)ms) == OTEL_OK;
}

static int rival_shutdown(long ms)
{
    return otel_stop((uint32_t)ms) == OTEL_OK;
}

static void rival_destroy(void)
{
}

static uint64_t rival_exported(void)
{
    return atomic_load(&seen);
}

static long rival_dropped(void)
{
    otel_pipeline_books b;
    if (!otel_provider_pipeline_books(NULL, 0, &b)) return 0;
    return (long)(b.taken - b.exported - b.queued - b.spooled);
}

static int rival_env(void)
{
    return otel_start(NULL) != OTEL_OK;
}
