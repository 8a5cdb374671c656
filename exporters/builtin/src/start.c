/* otel_start: the only place that names every exporter of this build, and the detectors that the SDK has not. */
#define OTEL_START_INLINE OTEL_API extern inline
#include "baggage_attributes.h"
#include "container.h"
#include <otel/otel.h>
#include <string.h>
#ifdef OTEL_HAVE_CONSOLE
#include <otel/exporters/console.h>
#endif
#ifdef OTEL_HAVE_OTLP
#include <otel/exporters/otlp.h>
#endif
#ifdef OTEL_HAVE_AZURE_MONITOR
#include <otel/exporters/azure_monitor.h>
#endif

static void register_all(void)
{
    otel_resource_detector_register("container", otel__detect_container, 0);
#ifdef OTEL_HAVE_CONSOLE
    otel_log_exporter_register(otel_console_exporter_factory());
#endif
#ifdef OTEL_HAVE_OTLP
    otel_log_exporter_register(otel_otlp_exporter_factory());
#endif
#ifdef OTEL_HAVE_AZURE_MONITOR
    otel_log_exporter_register(otel_azure_monitor_exporter_factory());
#endif
}

otel_result otel_start_sized(const otel_options *options, size_t size)
{
    otel_options o = {0};
    register_all();
    if (options) memcpy(&o, options, size < sizeof o ? size : sizeof o);
    otel_log_processor **list = otel__baggage_attributes(&o);
    otel_result result = otel_sdk_start_sized(&o, sizeof o);
    otel_release(list);
    return result;
}
