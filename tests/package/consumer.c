/* A program that uses an installed otel: starts it, logs one line, stops. */
#include <otel/otel.h>

static otel_logger logger = OTEL_LOGGER_INIT("consumer", "1.0.0");

int main(void)
{
    if (otel_start(&(otel_options){.service_name = "consumer", .logs_exporter = "console"}) != OTEL_OK) return 1;
    OTEL_LOG_INFO(&logger, "hello from the consumer", OTEL_STR("language", "C"), OTEL_INT("answer", 42));
    return otel_stop(5000) != OTEL_OK;
}
