/* otel_start: the only place that names every exporter of this build. */
#define OTEL_START_INLINE OTEL_API extern inline
#include <otel/otel.h>
#ifdef OTEL_HAVE_CONSOLE
#include <otel/exporters/console.h>
#endif
#ifdef OTEL_HAVE_OTLP
#include <otel/exporters/otlp.h>
#endif

static void register_all(void)
{
#ifdef OTEL_HAVE_CONSOLE
    otel_log_exporter_register(otel_console_exporter_factory());
#endif
#ifdef OTEL_HAVE_OTLP
    otel_log_exporter_register(otel_otlp_exporter_factory());
#endif
}

/* Started off, the processors still belong to us. */
static otel_result disabled(const otel_options *options)
{
    for (size_t i = 0; options && options->log_processors && i < options->log_processor_count; i++)
        otel_log_processor_destroy(options->log_processors[i]);
    return OTEL_OK;
}

otel_result otel_start_sized(const otel_options *options, size_t size)
{
    bool environment = !options || options->environment != OTEL_ENV_IGNORED;
    if (environment && otel_env_flag("OTEL_SDK_DISABLED", false)) return disabled(options);
    register_all();
    return otel_sdk_start_sized(options, size);
}
