/* A library that is instrumented with the API alone. */
#include "component.h"
#include <otel/log.h>

static otel_logger logger = OTEL_LOGGER_INIT("component", "2.0.0");

int component_work(int input)
{
    OTEL_LOG_INFO(&logger, "hello from the component", OTEL_INT("input", input));
    OTEL_LOGF_WARN(&logger, "input is %d", input);
    return input * 2;
}
