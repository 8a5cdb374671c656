/* What every step of the pipeline does around its work. */
#include "step.h"

#include "run_context.h"

#include <time.h>

static otel_logger logger = OTEL_LOGGER_INIT("pipeline.step", PIPELINE_VERSION);

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int step_run(const char *name, bool (*work)(int count, char **arguments), int count, char **arguments)
{
    static const char *const from_baggage[] = {"parent_run_id"};
    otel_log_processor *processors[] = {otel_baggage_log_processor_new(from_baggage, 1)};
    otel_start(&(otel_options){.service_name = name,
                               .service_version = PIPELINE_VERSION,
                               .logs_exporter = "console",
                               .log_processors = processors,
                               .log_processor_count = 1});
    run_context context;
    run_context_begin(&context, NULL);
    const int64_t started = now_ms();
    OTEL_EVENT(&logger, OTEL_SEVERITY_INFO, "step.started", OTEL_STR("step", name));
    const bool done = work(count, arguments);
    OTEL_EVENT(&logger, done ? OTEL_SEVERITY_INFO : OTEL_SEVERITY_ERROR, done ? "step.finished" : "step.failed",
               OTEL_STR("step", name), OTEL_INT("duration_ms", now_ms() - started));
    run_context_end(&context);
    otel_stop(5000); /* what cannot be delivered is said on standard error: it does not make the work worse */
    return done ? 0 : 1;
}
