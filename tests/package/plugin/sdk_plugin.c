/* A plug-in with an SDK of its own inside, which it shares with nobody: started on load, stopped on unload. Where its
 * records go OTEL_TEST_PLUGIN_EXPORTER says; unset, they are kept and counted. With OTEL_TEST_PLUGIN_STOP_MS the
 * backend hangs, and it leaves nevertheless, in the middle of an export. */
#include "plugin.h"
#include <otel/otel.h>
#include <stdatomic.h>
#include <stdlib.h>

static otel_logger logger = OTEL_LOGGER_INIT("plugin", "3.0.0");
static _Atomic uint64_t worked;

static otel_result start(void)
{
    const char *exporter = getenv("OTEL_TEST_PLUGIN_EXPORTER");
    otel_options options = {.service_name = "plugin", .logs_exporter = exporter, .environment = OTEL_CODE_WINS};
    if (exporter) return otel_start(&options);
    otel_log_processor *list[] = {otel_batch_log_processor_new(
        otel_memory_exporter_new(), &(otel_batch_options){.schedule_delay_ms = 1, .max_queue_size = 1 << 20})};
    options.log_processors = list;
    options.log_processor_count = 1;
    options.environment = OTEL_ENV_IGNORED;
    return otel_start(&options);
}

static int load(otel_provider *host)
{
    if (otel_provider_global() == host) return PLUGIN_FAILED; /* not a copy of its own */
    return start() == OTEL_OK ? PLUGIN_HEARD_BY_ITSELF : PLUGIN_FAILED;
}

static void work(void)
{
    OTEL_LOG_INFO(&logger, "to the plug-in's own");
    atomic_fetch_add(&worked, 1);
}

static int unload(void)
{
    const char *hanging = getenv("OTEL_TEST_PLUGIN_STOP_MS");
    otel_pipeline_books books;
    otel_result result = otel_stop(hanging ? (uint32_t)atoi(hanging) : 60000);
    if (!otel_provider_pipeline_books(NULL, 0, &books) || books.taken != worked) return 1;
    if (hanging) return result != OTEL_ERR_TIMEOUT || books.dropped_after_stop != worked;
    return result != OTEL_OK || books.exported != worked;
}

const plugin otel_test_plugin = {load, work, unload};
