/* Instrumented with the API alone: no SDK is linked, nothing is started, nobody is asked. */
#include "thermometer.h"
#include <otel/log.h>
#include <stdlib.h>

static otel_logger logger = OTEL_LOGGER_INIT("thermometer", "1.2.0");

static const double ABSOLUTE_ZERO = -273.15;

bool thermometer_read(const char *text, double *celsius)
{
    char *unit;
    double value = strtod(text, &unit);
    if (*unit == 'F') value = (value - 32) * 5 / 9;
    if (unit == text || (*unit != 'C' && *unit != 'F') || unit[1]) {
        OTEL_LOG_WARN(&logger, "not a temperature", OTEL_STR("input", text));
        return false;
    }
    if (value < ABSOLUTE_ZERO) {
        OTEL_LOG_ERROR(&logger, "colder than possible", OTEL_STR("input", text), OTEL_DOUBLE("celsius", value));
        return false;
    }
    OTEL_LOG_DEBUG(&logger, "temperature read", OTEL_STR("input", text), OTEL_DOUBLE("celsius", value));
    *celsius = value;
    return true;
}
