/* Every variable that the SDK reads has an effect: a row each, none may be missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "child.h"
#include "variables_fixture.h"
#include <otel/log.h>
#include <otel/propagation.h>
#include <otel/sdk/sdk.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.variables", NULL);

/* An exporter that looks at what it is given. ------------------------------------------------------------------- */

static struct {
    otel_export_status answer;
    unsigned calls, records, largest;
    unsigned hold_ms;
    uint32_t left_ms;
    bool located;
    unsigned attributes, text_size;
} probed;

static void look(const otel_log_record *record)
{
    otel_attr a;
    probed.attributes = 0;
    for (otel_iter it = otel_log_record_attrs(record); otel_attr_next(&it, &a);) {
        if (a.key_size == 16 && memcmp(a.key, "code.line.number", 16) == 0) probed.located = true;
        if (a.key_size == 4 && memcmp(a.key, "text", 4) == 0) probed.text_size = a.value.size;
        if (a.key_size < 4) probed.attributes++;
    }
}

static otel_export_status probe_export(otel_log_exporter *self, const otel_log_batch *batch, otel_export_call *call)
{
    unsigned count = (unsigned)otel_log_batch_count(batch);
    (void)self;
    probed.left_ms = otel_deadline_left_ms(call->deadline);
    probed.calls++;
    probed.records += count;
    if (count > probed.largest) probed.largest = count;
    for (otel_log_cursor c = otel_log_batch_begin(batch); otel_log_next(&c);) look(&c.record);
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

static void see_detected(void)
{
    see_resource("os.type");
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
    int32_t ms = 0;
    for (int i = 0; i < 10 && ms <= 0; i++) { /* not if the time was over before we asked */
        OTEL_LOG_INFO(&logger, "hello");
        otel_poll(p);
        ms = otel_poll_timeout_ms(p);
    }
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
    otel_provider_flush(p, 60000);
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
    otel_provider_flush(p, 60000);
    seen("%s", probed.located ? "place" : "no place");
}

/* A queue of one record, whose export takes longer than anybody waits. Who waits sleeps, again and again. */
static void see_wait(void)
{
    setenv("OTEL_BLRP_MAX_QUEUE_SIZE", "1", 1);
    probed.hold_ms = variables_environment == OTEL_ENV_IGNORED ? 0 : 60000;
    otel_provider *p = start(OTEL_RUN_THREAD);
    OTEL_LOG_INFO(&logger, "hello");
    otel_provider_flush(p, 100);
    struct rusage before, after;
    getrusage(RUSAGE_THREAD, &before);
    OTEL_LOG_INFO(&logger, "hello again");
    getrusage(RUSAGE_THREAD, &after);
    seen("%s", after.ru_nvcsw - before.ru_nvcsw >= 100 ? "waits" : "drops");
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

static void see_attribute_count(void)
{
    otel_attr attributes[140];
    char keys[140][8];
    for (int i = 0; i < 140; i++) {
        snprintf(keys[i], sizeof keys[i], "%d", i);
        attributes[i] = OTEL_INT(keys[i], i);
    }
    otel_provider *p = start(OTEL_RUN_HOST);
    otel_logger_log(&logger, NULL, OTEL_SEVERITY_INFO, otel_string("hello"), attributes, 140);
    otel_provider_flush(p, 60000);
    seen("%u", probed.attributes);
}

static void see_value_length(void)
{
    otel_provider *p = start(OTEL_RUN_HOST);
    OTEL_LOG_INFO(&logger, "hello", OTEL_STR("text", "abcdef"));
    otel_provider_flush(p, 60000);
    seen("%u", probed.text_size);
}

/* Without a flush nothing goes out before a minute is over. */
static void see_flush_on_fatal(void)
{
    setenv("OTEL_BLRP_SCHEDULE_DELAY", "60000", 1);
    start(OTEL_RUN_THREAD);
    OTEL_LOG_FATAL(&logger, "hello");
    seen("%s", probed.records ? "out" : "kept");
    _Exit(0);
}

static void see_queue_bytes(void)
{
    static const char kib[1000];
    start(OTEL_RUN_HOST);
    for (int i = 0; i < 2048; i++) OTEL_LOG_INFO(&logger, "hello", OTEL_BYTES("b", kib, sizeof kib));
    seen("%s", books().dropped_queue_full ? "full" : "room");
}

static void see_propagators(void)
{
    start(OTEL_RUN_HOST);
    seen("%s", otel_propagators_field(0) ? otel_propagators_field(0) : "nothing");
}

static void see_trace_based(void)
{
    otel_context_token token;
    start(OTEL_RUN_HOST);
    otel_context_attach(&(otel_context){.span_context = {.trace_id = {1}, .span_id = {2}}}, &token);
    OTEL_LOG_INFO(&logger, "hello");
    seen("%s", books().taken ? "taken" : "dropped");
}

static const char levels_file[] = "test_variables.levels";

static const variables_row rows[] = {
    {"OTEL_SDK_DISABLED", "TRUE", "started", "nothing", "yes", NULL, NULL, see_disabled},
    {"OTEL_LOGS_EXPORTER", "other", "probe", "other", NULL, NULL, NULL, see_exporter},
    {"OTEL_SERVICE_NAME", "shop", "unknown_service", "shop", NULL, NULL, NULL, see_service_name},
    {"OTEL_RESOURCE_ATTRIBUTES", "a=1,colour=light%20blue", "nothing", "light blue", "colour=blue,b", NULL, NULL,
     see_attribute},
    {"OTEL_C_RESOURCE_DETECTORS", "host,os", "nothing", "linux", "none,oss", "there is no detector", NULL,
     see_detected},
    {"OTEL_LOG_LEVEL", "Error", "info", "no info", "loud", NULL, NULL, see_own_level},
    {"OTEL_BLRP_SCHEDULE_DELAY", "60000", "a second at most", "a minute at most", "-1", NULL, NULL, see_schedule_delay},
    {"OTEL_BLRP_EXPORT_TIMEOUT", "0", "half a minute at most", "longer", "1 min", NULL, NULL, see_export_timeout},
    {"OTEL_BLRP_MAX_QUEUE_SIZE", "100", "2048", "100", "0", NULL, NULL, see_queue_size},
    {"OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "10", "512", "10", "1e1", NULL, NULL, see_batch_size},
    {"OTEL_PROPAGATORS", " B3 ,b3", "traceparent", "b3", "b4", "there is no propagator", NULL, see_propagators},
    {"OTEL_C_LOG_TRACE_BASED", "lib, test.*", "taken", "dropped", NULL, NULL, NULL, see_trace_based},
    {"OTEL_C_LOG_LEVELS", "*=error", "info", "no info", "*=loud", "NAME=LEVEL", NULL, see_levels},
    {"OTEL_C_LOG_LEVELS_FILE", levels_file, "info", "no info", "no/such/file", NULL, NULL, see_levels},
    {"OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "5", "128", "5", "-5", NULL, NULL, see_attribute_count},
    {"OTEL_ATTRIBUTE_COUNT_LIMIT", "6", "128", "6", "six", NULL, NULL, see_attribute_count},
    {"OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", "3", "6", "3", "-1", NULL, NULL, see_value_length},
    {"OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "0", "6", "0", "none", NULL, NULL, see_value_length},
    {"OTEL_C_FLUSH_ON_FATAL_MS", "20000", "kept", "out", "yes", NULL, NULL, see_flush_on_fatal},
    {"OTEL_C_BLRP_MAX_QUEUE_BYTES", "600000", "room", "full", "1M", NULL, NULL, see_queue_bytes},
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
    FILE *levels = fopen(levels_file, "w");
    if (!levels || fputs("*=error\n", levels) < 0 || fclose(levels) != 0) return 1;
    int failed = variables_run(rows, sizeof rows / sizeof *rows, listed, sizeof listed / sizeof *listed);
    remove(levels_file);
    return failed;
}
