/* Looks up the names of customers, which takes long, without holding up the thread that logs. */
#include "background.h"
#include <otel/otel.h>
#include <stdio.h>
#include <time.h>

static otel_logger logger = OTEL_LOGGER_INIT("shop.checkout", "1.4.0");

/* Stands for a question to a database. */
static void add_name(otel_log_record *record)
{
    static char name[32];
    otel_value id;
    if (!otel_log_record_get(record, "customer.id", &id) || id.type != OTEL_TYPE_INT) return;
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    snprintf(name, sizeof name, "customer no. %lld", (long long)id.u.integer);
    otel_log_record_set(record, OTEL_STR("customer.name", name));
}

int main(void)
{
    otel_log_processor *processors[] = {background_new(add_name)};
    const otel_options options = {.service_name = "shop",
                                  .logs_exporter = "console",
                                  .log_processors = processors,
                                  .log_processor_count = sizeof processors / sizeof processors[0]};

    if (otel_start(&options) != OTEL_OK) return 1;
    for (int i = 1; i <= 5; i++) OTEL_LOG_INFO(&logger, "order placed", OTEL_INT("customer.id", i));
    return otel_stop(5000) != OTEL_OK;
}
