/* A plug-in that may have its own copy of the API. With the host's copy there is nothing to hand over; with its own it
 * takes the host's provider, and gives it back before it goes. */
#include "plugin.h"
#include <otel/log.h>

static otel_logger logger = OTEL_LOGGER_INIT("plugin", "3.0.0");
static int handed_over;

static int load(otel_provider *host)
{
    if (otel_provider_global() == host) return PLUGIN_HEARD_BY_HOST;
    handed_over = otel_provider_set_global(host) == OTEL_OK;
    return handed_over ? PLUGIN_HEARD_BY_HOST : PLUGIN_FAILED;
}

static void work(void)
{
    OTEL_LOG_INFO(&logger, "hello from the plug-in", OTEL_BOOL("own copy", handed_over));
}

static int unload(void)
{
    return handed_over ? otel_provider_set_global(NULL) != OTEL_OK : 0;
}

const plugin otel_test_plugin = {load, work, unload};
