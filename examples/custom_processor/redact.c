/* A processor of your own: hides e-mail addresses, whatever exporter the operator chooses behind it. */
#include <otel/otel.h>

static otel_logger logger = OTEL_LOGGER_INIT("shop.login", "1.4.0");

static void redact_emit(otel_log_processor *self, otel_log_record *record)
{
    otel_value email;

    if (otel_log_record_get(record, "user.email", &email)) otel_log_record_set(record, OTEL_STR("user.email", "***"));
    otel_log_pass(self, record); /* not passing on is dropping */
}

static const otel_log_processor_ops redact_ops = {.size = sizeof redact_ops, .name = "redact", .emit = redact_emit};

static otel_log_processor *redact_new(void)
{
    return otel_log_processor_new(sizeof(otel_log_processor), &redact_ops);
}

int main(void)
{
    otel_log_processor *processors[] = {redact_new()};
    const otel_options options = {.service_name = "shop",
                                  .logs_exporter = "console",
                                  .log_processors = processors,
                                  .log_processor_count = sizeof processors / sizeof processors[0]};

    if (otel_start(&options) != OTEL_OK) return 1; /* without its redactor this program does not run */
    OTEL_LOG_INFO(&logger, "user signed in", OTEL_STR("user.email", "ada@example.com"), OTEL_STR("user.id", "17"));
    OTEL_LOG_INFO(&logger, "user signed out", OTEL_STR("user.id", "17"));
    return otel_stop(5000) != OTEL_OK;
}
