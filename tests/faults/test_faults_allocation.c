/* Every allocation of the SDK fails once: start, log, flush, stop. Whatever fails, nobody crashes, the books balance,
 * and what was taken is given back. Once with that one allocation failing, once with all from there on. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <otel/exporters/azure_monitor.h>
#include <otel/exporters/console.h>
#include <otel/exporters/otlp.h>
#include <otel/otel.h>

#include "../unit/sdk_fixture.h"
#include "http_server.h"

enum { RECORDS = 5, MOST = 2000, WAIT_MS = 3000, SHORT_WAIT_MS = 50 };

/* The allocator. --------------------------------------------------------------------------------------------------- */

static _Atomic long live, calls, fail_at; /* fail_at 0: never */
static _Atomic bool fail_on, hit;

static bool refused(void)
{
    long nth = atomic_fetch_add(&calls, 1) + 1, at = atomic_load(&fail_at);
    bool refuse = at && (nth == at || (atomic_load(&fail_on) && nth > at));
    if (refuse) atomic_store(&hit, true);
    return refuse;
}

static void *allocate(size_t size, void *user)
{
    (void)user;
    void *p = refused() ? NULL : malloc(size);
    if (p) atomic_fetch_add(&live, 1);
    return p;
}

static void *reallocate(void *old, size_t size, void *user)
{
    (void)user;
    void *p = refused() ? NULL : realloc(old, size);
    if (p && !old) atomic_fetch_add(&live, 1);
    return p;
}

static void release(void *p, void *user)
{
    (void)user;
    free(p);
    atomic_fetch_sub(&live, 1);
}

static int set_allocator(void **state)
{
    static const otel_allocator mine = {sizeof mine, allocate, reallocate, release, NULL};
    (void)state;
    return otel_set_allocator(&mine) != OTEL_OK;
}

static void fail_from(long nth, bool all)
{
    atomic_store(&calls, 0);
    atomic_store(&hit, false);
    atomic_store(&fail_on, all);
    atomic_store(&fail_at, nth);
}

/* Scenarios: each makes a provider, or none when it is refused one. ------------------------------------------------ */

static const otel_attr scope_attributes[] = {OTEL_STATIC_STR("team", "tests")};

static void log_some(otel_provider *provider)
{
    otel_logger logger = OTEL_LOGGER_INIT_SCOPE("faults", "1", "https://example.com/1", scope_attributes, 1);
    char large[3000];
    memset(large, 'x', sizeof large);
    logger.provider = provider;
    for (int i = 0; i < RECORDS; i++) {
        OTEL_LOG_INFO(&logger, "text", OTEL_INT("i", i), OTEL_STRN("large", large, sizeof large),
                      OTEL_MAP("map", OTEL_INTS("list", ((const int64_t[]){1, 2, 3}), 3)),
                      OTEL_EXCEPTION("t", "m", "s"));
    }
}

/* Passes on a clone now and then, as an asynchronous processor would. */
static void cloning_emit(otel_log_processor *self, otel_log_record *record)
{
    otel_log_record *clone = otel_log_record_clone(record);
    otel_log_record_set(record, OTEL_STR("set", "by the processor"));
    otel_log_pass(self, record);
    if (clone) otel_log_pass(self, clone);
    otel_log_record_destroy(clone);
}
static const otel_log_processor_ops cloning_ops = {.size = sizeof cloning_ops, .name = "cloning", .emit = cloning_emit};

static otel_provider *make_simple(void)
{
    otel_log_processor *list[] = {otel_log_processor_new(sizeof(otel_log_processor), &cloning_ops),
                                  otel_simple_log_processor_new(otel_memory_exporter_new())};
    return provider_of(list, 2);
}

static otel_provider *make_batch(void)
{
    static const otel_attr resource[] = {OTEL_STATIC_STR("some.key", "some value")};
    otel_log_processor *list[] = {otel_log_processor_new(sizeof(otel_log_processor), &cloning_ops),
                                  otel_batch_log_processor_new(otel_memory_exporter_new(), NULL)};
    return provider_with(list, 2, (otel_options){.resource_attributes = resource, .resource_attribute_count = 1});
}

static otel_provider *make_host(void)
{
    otel_log_processor *list[] = {otel_batch_log_processor_new(otel_memory_exporter_new(), NULL)};
    return provider_with(list, 1, (otel_options){.run = OTEL_RUN_HOST});
}

/* The host's thread turns the loop: a record that waits for memory costs a short wait, and no stop is late. */
static otel_provider *make_azure(void)
{
    otel_log_processor *list[] = {otel_batch_log_processor_new(otel_azure_monitor_exporter_new(NULL), NULL)};
    return provider_with(list, 1, (otel_options){.run = OTEL_RUN_HOST});
}

/* What the environment chooses: otlp with headers and gzip, and the console. */
static otel_provider *make_chosen(void)
{
    return otel_provider_new(&(otel_options){.service_name = "faults", .log_levels = "*=trace,faults*=info"});
}

/* One round. ------------------------------------------------------------------------------------------------------- */

typedef otel_provider *maker(void);

static void use(otel_provider *provider, uint32_t ms)
{
    if (otel_provider_attach(provider) == OTEL_OK) log_some(provider);
    for (int i = 0; i < 20; i++) otel_poll(provider);
    (void)otel_provider_flush(provider, ms);
    assert_books(provider);
    (void)otel_provider_detach(provider);
    (void)otel_provider_stop(provider, ms); /* not OTEL_OK when records were lost: those are in the books */
}

/* How many blocks are left; *reached: the allocation that was to fail was asked for. */
static long blocks_left(maker *make, long nth, bool all, bool *reached)
{
    atomic_store(&live, 0);
    fail_from(nth, all);
    otel_provider *provider = make();
    if (provider) use(provider, all || make == make_azure ? SHORT_WAIT_MS : WAIT_MS);
    *reached = atomic_load(&hit);
    fail_from(0, false);
    return atomic_load(&live);
}

/* A stop that comes too late, on a busy machine, keeps its memory on purpose: not three times in a row. */
static bool round_of(maker *make, long nth, bool all)
{
    bool reached;
    long left = blocks_left(make, nth, all, &reached);
    for (int again = 0; left && again < 2; again++) left = blocks_left(make, nth, all, &reached);
    if (left) fail_msg("%ld blocks are left when allocation %ld fails%s", left, nth, all ? ", and all others" : "");
    return reached;
}

static void every_allocation(maker *make)
{
    for (int all = 0; all < 2; all++) {
        long nth = 1;
        while (nth < MOST && round_of(make, nth, all)) nth++;
        print_message("%ld allocations\n", nth - 1);
        assert_in_range(nth, 4, MOST - 1);
    }
    assert_false(round_of(make, 0, false)); /* nothing stays broken */
    otel_provider *provider = make();
    assert_non_null(provider);
    assert_int_equal(otel_provider_attach(provider), OTEL_OK);
    log_some(provider);
    assert_int_equal(otel_provider_detach(provider), OTEL_OK);
    for (int i = 0; i < 20; i++) otel_poll(provider);
    assert_int_equal(otel_provider_stop(provider, WAIT_MS), OTEL_OK);
    assert_int_equal(atomic_load(&live), 0);
}

static void simple_survives(void **state)
{
    (void)state;
    every_allocation(make_simple);
}

static void batch_survives(void **state)
{
    (void)state;
    every_allocation(make_batch);
}

static void host_mode_survives(void **state)
{
    (void)state;
    every_allocation(make_host);
}

static void exporters_survive(void **state)
{
    char url[64];
    (void)state;
    http_server *server = http_server_start(NULL);
    snprintf(url, sizeof url, "http://127.0.0.1:%u", http_server_port(server));
    setenv("OTEL_LOGS_EXPORTER", "otlp,console", 1);
    setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url, 1);
    setenv("OTEL_EXPORTER_OTLP_HEADERS", "api-key=secret,other=value", 1);
    setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip", 1);
    setenv("OTEL_RESOURCE_ATTRIBUTES", "one=1,two=2", 1);
    setenv("OTEL_BLRP_SCHEDULE_DELAY", "0", 1);
    fflush(stdout);
    int out = dup(STDOUT_FILENO), nowhere = open("/dev/null", O_WRONLY); /* for the lines of the console */
    dup2(nowhere, STDOUT_FILENO);
    every_allocation(make_chosen);
    fflush(stdout);
    dup2(out, STDOUT_FILENO);
    close(out);
    close(nowhere);
    http_server_stop(server);
    clean_environment();
}

/* An answer that has to be parsed, and loses a record. */
static void azure_survives(void **state)
{
    char connection[128];
    const http_answer answer = {
        .status = 206,
        .body = "{\"itemsReceived\":5,\"errors\":[{\"index\":1,\"statusCode\":400,\"message\":\"no\"}]}"};
    (void)state;
    http_server *server = http_server_start(NULL);
    http_server_script(server, &answer, 1);
    snprintf(connection, sizeof connection,
             "InstrumentationKey=931024c2-3720-11ea-b247-c49deda841c1;IngestionEndpoint=http://127.0.0.1:%u",
             http_server_port(server));
    setenv("APPLICATIONINSIGHTS_CONNECTION_STRING", connection, 1);
    setenv("OTEL_C_AZURE_SEQUENCE", "true", 1);
    setenv("OTEL_BLRP_SCHEDULE_DELAY", "0", 1);
    every_allocation(make_azure);
    http_server_stop(server);
    clean_environment();
}

int main(void)
{
    clean_environment();
    said_begin();
    otel_log_exporter_register(otel_console_exporter_factory());
    otel_log_exporter_register(otel_otlp_exporter_factory());
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(simple_survives),   cmocka_unit_test(batch_survives), cmocka_unit_test(host_mode_survives),
        cmocka_unit_test(exporters_survive), cmocka_unit_test(azure_survives),
    };
    return cmocka_run_group_tests(tests, set_allocator, NULL);
}
