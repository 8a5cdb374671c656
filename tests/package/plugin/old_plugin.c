/* The same, built at a time when our structs were shorter: it says their sizes of then, and what lies behind is no
 * memory of ours. */
#include "plugin.h"
#include <otel/log.h>
#include <stddef.h>
#include <string.h>

enum { SITE_SIZE = offsetof(otel_log_site, file_size), RECORD_SIZE = offsetof(otel_log_record, scope) };

static otel_logger logger = OTEL_LOGGER_INIT("plugin", "0.9.0");
static int handed_over;

static int load(otel_provider *host)
{
    if (otel_provider_global() == host) return PLUGIN_HEARD_BY_HOST;
    handed_over = otel_provider_set_global(host) == OTEL_OK;
    return handed_over ? PLUGIN_HEARD_BY_HOST : PLUGIN_FAILED;
}

static void log_with_short_site(void)
{
    otel_log_site site;
    memset(&site, 0xff, sizeof site);
    site.size = SITE_SIZE;
    site.line = 1;
    site.file = "old_plugin.c";
    site.function = "work";
    otel_attr attribute = OTEL_INT("age", 9);
    otel_logger_log(&logger, &site, OTEL_SEVERITY_INFO, otel_string("hello from the plug-in"), &attribute, 1);
}

static void emit_short_record(void)
{
    otel_log_record record;
    memset(&record, 0xff, sizeof record);
    memset(&record, 0, RECORD_SIZE);
    record.size = RECORD_SIZE;
    record.severity = OTEL_SEVERITY_INFO;
    record.body = otel_string("hello from the plug-in, by record");
    otel_logger_emit(&logger, &record);
}

static void work(void)
{
    static _Thread_local unsigned turn;
    if (turn++ % 2)
        emit_short_record();
    else
        log_with_short_site();
}

static int unload(void)
{
    return handed_over ? otel_provider_set_global(NULL) != OTEL_OK : 0;
}

const plugin otel_test_plugin = {load, work, unload};
