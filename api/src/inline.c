/* The one real copy of every inline function of the API's headers, for callers that cannot inline. */
#define OTEL_INLINE OTEL_API extern inline
#include <otel/log.h>
#include <otel/propagation.h>
#include <otel/provider.h>
