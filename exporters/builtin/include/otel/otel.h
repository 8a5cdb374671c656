/* Everything an application needs: the API, the SDK, the processors that come along, and every exporter that was built. */
#ifndef OTEL_OTEL_H
#define OTEL_OTEL_H
#include <otel/log.h>
#include <otel/propagation.h>
#include <otel/sdk/processors.h>
#include <otel/sdk/sdk.h>

#ifndef OTEL_START_INLINE
#define OTEL_START_INLINE inline
#endif

OTEL_EXTERN_C_BEGIN
/* Makes the exporters of this build known (console, otlp, ...), makes a provider from the options and the environment,
 * and makes it global. Once, by the application: a library never calls it. See otel_sdk_start_sized for the answers.
 * Unset everywhere, the exporter is otlp. OTEL_SDK_DISABLED=true: nothing is started, OTEL_OK. */
OTEL_API otel_result otel_start_sized(const otel_options *options, size_t size);
OTEL_START_INLINE otel_result otel_start(const otel_options *options)
{
    return otel_start_sized(options, sizeof(otel_options));
}
OTEL_EXTERN_C_END
#endif
