/* The version of this library. */
#include <otel/base.h>

const char *otel_version(void)
{
    return OTEL_VERSION_TEXT;
}
