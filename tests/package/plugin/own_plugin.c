/* A plug-in with a provider of its own beside the host's, from the shared libraries: its loggers name it, it is
 * attached on load and stopped on unload. */
#include "plugin.h"
#include <otel/otel.h>
#include <stdatomic.h>

static otel_logger logger = OTEL_LOGGER_INIT("plugin", "3.0.0");
static otel_provider *own;
static _Atomic uint64_t worked;

static int load(otel_provider *host)
{
    (void)host;
    otel_log_processor *list[] = {otel_batch_log_processor_new(
        otel_memory_exporter_new(), &(otel_batch_options){.schedule_delay_ms = 1, .max_queue_size = 1 << 20})};
    own = otel_provider_new(&(otel_options){
        .service_name = "plugin", .environment = OTEL_ENV_IGNORED, .log_processors = list, .log_processor_count = 1});
    logger.provider = own;
    return own && otel_provider_attach(own) == OTEL_OK ? PLUGIN_HEARD_BY_ITSELF : PLUGIN_FAILED;
}

static void work(void)
{
    OTEL_LOG_INFO(&logger, "to the plug-in's own");
    atomic_fetch_add(&worked, 1);
}

static int unload(void)
{
    otel_pipeline_books books;
    bool all = otel_provider_flush(own, 10000) == OTEL_OK && otel_provider_pipeline_books(own, 0, &books) &&
               books.exported == worked && books.taken == worked;
    logger.provider = NULL; /* the host's again: but nobody calls any more */
    return otel_provider_stop(own, 10000) != OTEL_OK || !all;
}

const plugin otel_test_plugin = {load, work, unload};
