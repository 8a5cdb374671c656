/* The smallest program: two log lines, to wherever the operator says (nothing said: the console). */
#include <otel/otel.h>

static otel_logger logger = OTEL_LOGGER_INIT("shop.checkout", "1.4.0");

int main(void)
{
    const char *id = "A-17";

    /* Fallbacks: the environment wins. */
    otel_start(&(otel_options){.service_name = "shop", .logs_exporter = "console"});
    OTEL_LOG_INFO(&logger, "ready");
    OTEL_LOG_INFO(&logger, "order placed", OTEL_STR("order.id", id), OTEL_INT("items", 3), OTEL_BOOL("gift", true));
    return otel_stop(5000) != OTEL_OK;
}
