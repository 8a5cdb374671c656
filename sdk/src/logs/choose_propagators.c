/* From OTEL_PROPAGATORS to the global propagators. They are the API's, and stay when the provider is stopped. */
#include "common/environment.h"
#include "common/variables.h"
#include "provider.h"
#include <otel/propagation.h>
#include <string.h>

static const char defaults[] = "tracecontext,baggage";

static const char *names(const otel_options *o)
{
    const char *environment = otel_env_text(otel__env.OTEL_PROPAGATORS.name), *code = o->propagators;
    if (o->environment == OTEL_CODE_WINS && code) return code;
    if (environment || code) return environment ? environment : code;
    return otel_propagators_field(0) ? NULL : defaults; /* unless the program has set its own */
}

void otel__propagators_choose(const otel_options *options, size_t size)
{
    otel_options o = {0};
    otel__env_reading reading;
    otel_str unknown;
    if (options) memcpy(&o, options, size < sizeof o ? size : sizeof o);
    otel__env_begin(&reading, o.environment == OTEL_ENV_IGNORED);
    const char *text = names(&o);
    if (text && !otel_propagators_set_names(text, &unknown)) {
        otel_diag(OTEL_SEVERITY_WARN, "propagators",
                  "there is no propagator \"%.*s\", it is left out; there are: tracecontext, baggage, b3, b3multi, "
                  "jaeger, none",
                  (int)(unknown.size < 64 ? unknown.size : 64), unknown.data);
        if (!otel_propagators_field(0) && !strcasestr(text, "none")) otel_propagators_set_names(defaults, NULL);
    }
    otel__env_end(&reading);
}
