/* A resource detector: one function, known by a name that OTEL_C_RESOURCE_DETECTORS may hold. */
#include <otel/otel.h>
#include <stdlib.h>

static otel_logger logger = OTEL_LOGGER_INIT("shop", "1.0.0");

static otel_resource *detect_rack(void)
{
    const char *rack = getenv("SHOP_RACK");
    const otel_attr found = OTEL_STR("shop.rack", rack ? rack : "");
    return otel_resource_new(&found, rack ? 1 : 0, NULL); /* to find nothing is no failure */
}

int main(void)
{
    otel_resource_detector_register("rack", detect_rack, 0);
    otel_start(&(otel_options){.service_name = "shop", .logs_exporter = "console"});
    OTEL_LOG_INFO(&logger, "open");
    return otel_stop(5000) != OTEL_OK;
}
