/* The component in a program that starts an SDK: now it is heard. */
#include "component.h"
#include <otel/otel.h>

int main(void)
{
    if (otel_start(&(otel_options){.service_name = "host", .logs_exporter = "console"}) != OTEL_OK) return 1;
    int result = component_work(21);
    return otel_stop(5000) != OTEL_OK || result != 42;
}
