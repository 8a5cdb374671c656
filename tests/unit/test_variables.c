/* Every variable that the SDK reads has an effect: a row each, none may be missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "variables_fixture.h"
#include <otel/log.h>
#include <otel/sdk/sdk.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.variables", NULL);

/* An exporter that looks at what it is given. ------------------------------------------------------------------- */

static struct {
    otel_export_status answer;
    unsigned calls, records, largest;
    unsigned hold_ms;
    uint32_t left_ms;
    bool located;
} probed;

static otel_export_status probe_export(otel_log_exporter *self, const otel_log_batch *batch, otel_export_call *call)
{
    otel_value v;
    unsigned count = (unsigned)otel_log_batch_count(batch);
    (void)self;
    probed.left_ms = otel_deadline_left_ms(call->deadline);
    probed.calls++;
    probed.records += count;
    if (count > probed.largest) probed.largest = count;
    for (otel_log_cursor c = otel_log_batch_begin(batch); otel_log_next(&c);)
        if (otel_log_record_get(&c.record, "code.line.number", &v)) probed.located = true;
    if (probed.hold_ms) child_sleep_ms(probed.hold_ms);
    return probed.answer;
}

static const otel_log_exporter_ops probe_ops = {
    .size = sizeof probe_ops, .name = "probe", .export_batch = probe_export};
static const otel_log_exporter_ops other_ops = {
    .size = sizeof other_ops, .name = "other", .export_batch = probe_export};

static otel_log_exporter *make_probe(const struct otel_config *properties)
{
    (void)properties;
    return otel_log_exporter_new(sizeof(otel_log_exporter), &probe_ops);
}

static otel_log_exporter *make_other(const struct otel_config *properties)
{
    (void)properties;
    return otel_log_exporter_new(sizeof(otel_log_exporter), &other_ops);
}

static otel_provider *start(uint32_t run)
{
    const otel_log_exporter_factory probe = {sizeof probe, "probe", make_probe};
    const otel_log_exporter_factory other = {sizeof other, "other", make_other};
    otel_log_exporter_register(&probe);
    otel_log_exporter_register(&other);
    otel_sdk_start(&(otel_options){.logs_exporter = "probe", .environment = variables_environment, .run = run});
    return otel_provider_global();
}

static otel_pipeline_books books(void)
{
    otel_pipeline_books b = {.taken = 0};
    otel_provider_pipeline_books(NULL, 0, &b);
    return b;
}

/* What each variable is about. ---------------------------------------------------------------------------------- */

static void see_disabled(void)
{
    seen("%s", start(OTEL_RUN_HOST) ? "started" : "nothing");
}

static void see_exporter(void)
{
    start(OTEL_RUN_HOST);
    seen("%s", books().exporter);
}

static void see_resource(const char *key)
{
    otel_value v = {0};
    char text[100] = "nothing", *colon = text;
    otel_log_exporter *memory = otel_memory_exporter_new();
    otel_log_processor *list[] = {otel_simple_log_processor_new(memory)};
    otel_sdk_start(
        &(otel_options){.log_processors = list, .log_processor_count = 1, .environment = variables_environment});
    OTEL_LOG_INFO(&logger, "hello");
    if (otel_resource_get(otel_memory_exporter_at(memory, 0)->resource, key, &v))
        otel_value_text(&v, text, sizeof text);
    if ((colon = strchr(text, ':')) != NULL) *colon = '\0';
    seen("%s", text);
}

static void see_service_name(void)
{
    see_resource("service.name");
}

static void see_attribute(void)
{
    see_resource("colour");
}

static bool heard;
static void hear(otel_severity severity, const char *text, void *user)
{
    (void)severity, (void)user;
    if (strstr(text, "psst")) heard = true;
    fprintf(stderr, "%s\n", text);
}

static void see_own_level(void)
{
    otel_diag_set_handler(hear, NULL);
    start(OTEL_RUN_HOST);
    otel_diag(OTEL_SEVERITY_INFO, "test", "psst");
    seen("%s", heard ? "info" : "no info");
}

static void see_schedule_delay(void)
{
    otel_provider *p = start(OTEL_RUN_HOST);
    OTEL_LOG_INFO(&logger, "hello");
    otel_poll(p);
    int32_t ms = otel_poll_timeout_ms(p);
    seen("%s", ms > 0 && ms <= 1000 ? "a second at most" : ms > 1000 && ms <= 60000 ? "a minute at most" : "else");
}

static void see_export_timeout(void)
{
    otel_provider *p = start(OTEL_RUN_THREAD);
    OTEL_LOG_INFO(&logger, "hello");
    otel_provider_flush(p, 200000);
    seen("%s", probed.left_ms <= 30000 ? "half a minute at most" : "longer");
}

static void see_queue_size(void)
{
    start(OTEL_RUN_HOST);
    for (int i = 0; i < 3000; i++) OTEL_LOG_INFO(&logger, "hello");
    seen("%u", (unsigned)books().queued);
}

static void see_batch_size(void)
{
    otel_provider *p = start(OTEL_RUN_HOST);
    for (int i = 0; i < 600; i++) OTEL_LOG_INFO(&logger, "hello");
    otel_provider_flush(p, 10000);
    seen("%u", probed.largest);
}

static void see_levels(void)
{
    start(OTEL_RUN_HOST);
    OTEL_LOG_INFO(&logger, "hello");
    seen("%s", books().taken ? "info" : "no info");
}

static void see_code_location(void)
{
    otel_provider *p = start(OTEL_RUN_HOST);
    OTEL_LOG_INFO(&logger, "hello");
    otel_provider_flush(p, 10000);
    seen("%s", probed.located ? "place" : "no place");
}

/* A queue of one record, whose export takes longer than anybody waits. */
static void see_wait(void)
{
    setenv("OTEL_BLRP_MAX_QUEUE_SIZE", "1", 1);
    probed.hold_ms = variables_environment == OTEL_ENV_IGNORED ? 0 : 4000;
    otel_provider *p = start(OTEL_RUN_THREAD);
    OTEL_LOG_INFO(&logger, "hello");
    otel_provider_flush(p, 100);
    int64_t began = child_now_ms();
    OTEL_LOG_INFO(&logger, "hello again");
    seen("%s", child_now_ms() - began >= 1000 ? "waits" : "drops");
    _Exit(0);
}

static void see_record_bytes(void)
{
    static const char long_text[1000];
    start(OTEL_RUN_HOST);
    OTEL_LOG_INFO(&logger, "hello", OTEL_BYTES("long", long_text, sizeof long_text));
    seen("%s", books().dropped_too_large ? "dropped" : "taken");
}

static void see_retry(void)
{
    probed.answer = OTEL_EXPORT_RETRY;
    otel_provider *p = start(OTEL_RUN_THREAD);
    OTEL_LOG_INFO(&logger, "hello");
    otel_provider_flush(p, 10);
    while (probed.calls < 3 && !books().dropped_retry_exhausted) child_sleep_ms(5);
    seen("%s", books().dropped_retry_exhausted ? "given up" : "kept");
    _Exit(0);
}

static const variables_row rows[] = {
    {"OTEL_SDK_DISABLED", "TRUE", "started", "nothing", "yes", NULL, NULL, see_disabled},
    {"OTEL_LOGS_EXPORTER", "other", "probe", "other", NULL, NULL, NULL, see_exporter},
    {"OTEL_SERVICE_NAME", "shop", "unknown_service", "shop", NULL, NULL, NULL, see_service_name},
    {"OTEL_RESOURCE_ATTRIBUTES", "a=1,colour=light%20blue", "nothing", "light blue", "colour=blue,b", NULL, NULL,
     see_attribute},
    {"OTEL_LOG_LEVEL", "Error", "info", "no info", "loud", NULL, NULL, see_own_level},
    {"OTEL_BLRP_SCHEDULE_DELAY", "60000", "a second at most", "a minute at most", "-1", NULL, NULL, see_schedule_delay},
    {"OTEL_BLRP_EXPORT_TIMEOUT", "0", "half a minute at most", "longer", "1 min", NULL, NULL, see_export_timeout},
    {"OTEL_BLRP_MAX_QUEUE_SIZE", "100", "2048", "100", "0", NULL, NULL, see_queue_size},
    {"OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "10", "512", "10", "1e1", NULL, NULL, see_batch_size},
    {"OTEL_C_LOG_LEVELS", "*=error", "info", "no info", "*=loud", "NAME=LEVEL", NULL, see_levels},
    {"OTEL_C_CODE_LOCATION", "false", "place", "no place", "0", NULL, "no place", see_code_location},
    {"OTEL_C_BLRP_WAIT_MS", "1100", "drops", "waits", "soon", NULL, NULL, see_wait},
    {"OTEL_C_MAX_RECORD_BYTES", "500", "taken", "dropped", "2147483648", NULL, NULL, see_record_bytes},
    {"OTEL_C_RETRY_MAX_MS", "1", "kept", "given up", "never", NULL, NULL, see_retry},
};

static const char *const listed[] = {
#define OTEL_VARIABLE(name, kind, meaning) #name,
#include "common/variables.def"
#undef OTEL_VARIABLE
};

int main(void)
{
    return variables_run(rows, sizeof rows / sizeof *rows, listed, sizeof listed / sizeof *listed);
}
