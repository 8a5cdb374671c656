// The same program in C++.
#include <otel/otel.h>

static otel_logger logger = OTEL_LOGGER_INIT("consumer", "1.0.0");

int main()
{
    otel_options options = {};
    options.service_name = "consumer";
    options.logs_exporter = "console";
    if (otel_start(&options) != OTEL_OK) return 1;
    OTEL_LOG_INFO(&logger, "hello from the consumer", OTEL_STR("language", "C++"), OTEL_INT("answer", 42));
    return otel_stop(5000) != OTEL_OK;
}
