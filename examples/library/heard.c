/* The same program with an SDK: the same library, not built anew, is heard. */
#include "thermometer.h"
#include <otel/otel.h>
#include <stdio.h>

static otel_logger logger = OTEL_LOGGER_INIT("weather.station", "1.0.0");

int main(int count, char **arguments)
{
    otel_start(&(otel_options){.service_name = "weather", .logs_exporter = "console"});
    for (int i = 1; i < count; i++) {
        double celsius;
        if (thermometer_read(arguments[i], &celsius))
            OTEL_LOG_INFO(&logger, "measured", OTEL_DOUBLE("celsius", celsius));
    }
    return otel_stop(5000) != OTEL_OK;
}
