// The smallest program in C++: the same header, the same macros; temporaries live until the call returns.
#include <otel/otel.h>

#include <string>

static otel_logger logger = OTEL_LOGGER_INIT("shop.checkout", "1.4.0");

int main()
{
    const std::string id = "A";

    otel_options options = {};
    options.service_name = "shop"; // fallbacks: the environment wins
    options.logs_exporter = "console";
    otel_start(&options);
    OTEL_LOG_INFO(&logger, "ready");
    OTEL_LOG_INFO(&logger, "order placed", OTEL_STR("order.id", (id + "-17").c_str()), OTEL_INT("items", 3),
                  OTEL_BOOL("gift", true));
    return otel_stop(5000) != OTEL_OK;
}
