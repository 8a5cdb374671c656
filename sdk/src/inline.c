/* The one real copy of every inline function of the SDK's headers, for callers that cannot inline. */
#define OTEL_SDK_INLINE OTEL_API extern inline
#include <otel/sdk/sdk.h>
