/* The seam between the API and an SDK: what the macro, four attributes and the mark cost when the provider does
 * nothing, and what is left of that when nobody wants the record. One line each. Keys: n. */
#include "clocks.h"
#include <otel/log.h>
#include <otel/provider.h>

typedef struct idle_provider {
    otel_provider base;
    otel_severity wanted;
    uint64_t calls;
} idle_provider;

static otel_result idle_attach(otel_provider *provider, otel_api_port *port)
{
    port->publish(port, provider, OTEL_SEVERITY_RANK(((idle_provider *)provider)->wanted), 0);
    return OTEL_OK;
}

static void idle_detach(otel_provider *provider, otel_api_port *port)
{
    (void)provider, (void)port;
}

static bool idle_enabled(otel_provider *provider, otel_logger *logger, otel_severity severity,
                         const otel_context *current)
{
    (void)logger, (void)current;
    return severity >= ((idle_provider *)provider)->wanted;
}

static void idle_log(otel_provider *provider, otel_logger *logger, const otel_context *current,
                     const otel_log_site *site, otel_severity severity, otel_value body, const otel_attr *attributes,
                     size_t count)
{
    (void)logger, (void)current, (void)site, (void)severity, (void)body, (void)attributes, (void)count;
    ((idle_provider *)provider)->calls++;
}

static void idle_log_emit(otel_provider *provider, otel_logger *logger, const otel_context *current,
                          const otel_log_record *record)
{
    (void)logger, (void)current, (void)record;
    ((idle_provider *)provider)->calls++;
}

static void idle_suppressed(otel_provider *provider)
{
    (void)provider;
}

static const otel_provider_ops idle_ops = {.size = sizeof idle_ops,
                                           .attach = idle_attach,
                                           .detach = idle_detach,
                                           .log_enabled = idle_enabled,
                                           .log = idle_log,
                                           .log_emit = idle_log_emit,
                                           .suppressed = idle_suppressed};

static otel_logger logger = OTEL_LOGGER_INIT("bench", "1.0");

/* Strings of a length that the caller knows: counting characters is no part of the seam. */
static void emit_many(long n)
{
    static const char text[] = "GET /api/v1/orders/12345 finished without errors";
    for (long i = 0; i < n; i++)
        OTEL_LOG_INFO(&logger, text, OTEL_STR("http.route", "/api/v1/orders/x"),
                      OTEL_STR("user.name", "alice.wonderland"), OTEL_INT("seq", i), OTEL_BOOL("http.ok", true));
}

static void measure(const char *what, long n)
{
    emit_many(n / 100);
    double wall = bench_now(), cpu = bench_thread_cpu();
    emit_many(n);
    cpu = bench_thread_cpu() - cpu;
    wall = bench_now() - wall;
    printf("seam provider=%s n=%ld emit_ns=%.2f emit_cpu_ns=%.2f\n", what, n, wall / (double)n * 1e9,
           cpu / (double)n * 1e9);
}

static bool measure_with(const char *what, otel_severity wanted, long n, uint64_t calls)
{
    idle_provider provider = {.base = {&idle_ops}, .wanted = wanted, .calls = 0};
    if (otel_provider_set_global(&provider.base) != OTEL_OK) return false;
    measure(what, n);
    return otel_provider_set_global(NULL) == OTEL_OK && provider.calls == calls;
}

int main(int argc, char **argv)
{
    bench_arguments = argv + (argc > 0);
    long n = bench_number("n", 20000000);
    if (n < 100) {
        fprintf(stderr, "seam: n at least 100\n");
        return 2;
    }
    measure("none", n);
    bool right = measure_with("closed", OTEL_SEVERITY_WARN, n, 0);
    right = measure_with("idle", OTEL_SEVERITY_TRACE, n, (uint64_t)(n + n / 100)) && right;
    if (!right) fprintf(stderr, "seam: the provider was not called as often as it should\n");
    return !right;
}
