/* Several providers in one process, as with a plug-in that has its own: levels, gate, books, order of coming and going,
 * one that stops while the others' threads log. */
#include "sdk_fixture.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ROOM = 16 };

static otel_logger app = OTEL_LOGGER_INIT("app", "1"), noisy = OTEL_LOGGER_INIT("app.noisy", "1");

static otel_provider *make(otel_log_exporter **memory, const char *levels)
{
    otel_log_processor *list[] = {remembering(memory)};
    otel_provider *p = provider_with(list, 1, (otel_options){.log_levels = levels});
    assert_non_null(p);
    return p;
}

static otel_logger logger_of(otel_provider *provider)
{
    otel_logger logger = OTEL_LOGGER_INIT("plugin", "1");
    logger.provider = provider;
    return logger;
}

static void expect_gate(int32_t lowest, int32_t ask)
{
    assert_int_equal(otel_log_gate[0], lowest);
    assert_int_equal(otel_log_gate[1], ask);
}

static void expect_counts(otel_provider *p, uint64_t filtered, uint64_t delivered)
{
    otel_books b;
    assert_books(p);
    assert_true(otel_provider_books(p, &b));
    assert_int_equal(b.filtered, filtered);
    assert_int_equal(b.delivered, delivered);
}

static void each_has_its_own_levels(void **unused)
{
    (void)unused;
    otel_log_exporter *host_memory, *own_memory;
    otel_provider *host = make(&host_memory, "*=info,app.noisy=warn"), *own = make(&own_memory, "*=debug");
    otel_logger inside = logger_of(own);
    assert_int_equal(otel_provider_set_global(host), OTEL_OK);
    expect_gate(OTEL_SEVERITY_INFO, 1); /* its loggers differ */
    assert_int_equal(otel_provider_attach(own), OTEL_OK);
    expect_gate(OTEL_SEVERITY_DEBUG, 1);
    OTEL_LOG_DEBUG(&app, "no: the gate is open for the plug-in alone");
    OTEL_LOG_INFO(&noisy, "no");
    OTEL_LOG_TRACE(&inside, "no");
    OTEL_LOG_INFO(&app, "yes");
    OTEL_LOG_DEBUG(&inside, "yes, in the other one");
    assert_int_equal(otel_memory_exporter_count(host_memory), 1);
    assert_int_equal(otel_memory_exporter_count(own_memory), 1);
    assert_int_equal(otel_provider_set_log_levels(host, "*=error"), OTEL_OK);
    expect_gate(OTEL_SEVERITY_DEBUG, 1);
    OTEL_LOG_WARN(&app, "no");
    OTEL_LOG_WARN(&inside, "yes: the host's levels are the host's");
    assert_int_equal(otel_provider_detach(own), OTEL_OK);
    expect_gate(OTEL_SEVERITY_ERROR, 0); /* one provider, all loggers alike */
    OTEL_LOG_FATAL(&inside, "no: its provider is not attached");
    assert_false(otel_logger_enabled(&inside, OTEL_SEVERITY_FATAL));
    expect_counts(host, 0, 1); /* what the macros answer by asking reaches no books */
    expect_counts(own, 0, 2);
    assert_int_equal(otel_provider_stop(own, 60000), OTEL_OK);
    assert_int_equal(otel_provider_stop(host, 60000), OTEL_OK);
    expect_gate(OTEL_GATE_CLOSED, 0);
}

static bool never(otel_log_processor *self, const otel_scope *scope, otel_severity severity,
                  const otel_context *context)
{
    (void)self;
    (void)scope;
    (void)context;
    return severity >= OTEL_SEVERITY_FATAL;
}

static void pass(otel_log_processor *self, otel_log_record *record)
{
    otel_log_pass(self, record);
}
static const otel_log_processor_ops asking = {.size = sizeof asking, .name = "asking", .emit = pass, .enabled = never};

static void macros_ask_while_somebody_has_to_be_asked(void **unused)
{
    (void)unused;
    otel_log_exporter *memory, *other_memory;
    otel_log_processor *list[] = {otel_log_processor_new(sizeof(otel_log_processor), &asking), remembering(&memory)};
    otel_provider *picky = provider_of(list, 2), *plain = make(&other_memory, NULL);
    assert_int_equal(otel_provider_set_global(plain), OTEL_OK);
    expect_gate(OTEL_SEVERITY_TRACE, 0);
    assert_int_equal(otel_provider_attach(picky), OTEL_OK);
    expect_gate(OTEL_SEVERITY_TRACE, 1);
    otel_logger inside = logger_of(picky);
    OTEL_LOG_INFO(&inside, "no: the processor was asked");
    OTEL_LOG_INFO(&app, "yes: it is not this provider's");
    OTEL_LOG_FATAL(&inside, "yes");
    assert_int_equal(otel_memory_exporter_count(memory), 1);
    assert_int_equal(otel_memory_exporter_count(other_memory), 1);
    assert_int_equal(otel_provider_detach(picky), OTEL_OK);
    expect_gate(OTEL_SEVERITY_TRACE, 0);
    assert_int_equal(otel_provider_stop(plain, 60000), OTEL_OK);
    assert_int_equal(otel_provider_set_global(picky), OTEL_OK);
    expect_gate(OTEL_SEVERITY_TRACE, 1);
    assert_int_equal(otel_provider_stop(picky, 60000), OTEL_OK);
}

static void they_come_and_go_in_any_order(void **unused)
{
    (void)unused;
    otel_log_exporter *memory[3];
    otel_provider *p[3];
    otel_logger loggers[3];
    for (int i = 0; i < 3; i++) {
        p[i] = make(&memory[i], NULL);
        loggers[i] = logger_of(p[i]);
        assert_int_equal(otel_provider_attach(p[i]), OTEL_OK);
        assert_int_equal(otel_provider_attach(p[i]), OTEL_OK); /* again: no second place */
    }
    OTEL_LOG_INFO(&app, "to nobody: none is global");
    assert_int_equal(otel_provider_set_global(p[1]), OTEL_OK); /* one that is attached already */
    OTEL_LOG_INFO(&app, "to the second");
    assert_int_equal(otel_memory_exporter_count(memory[1]), 1);
    assert_int_equal(otel_provider_detach(p[0]), OTEL_OK); /* the first to come, and the first to go */
    assert_int_equal(otel_provider_detach(p[0]), OTEL_OK);
    for (int i = 0; i < 3; i++) OTEL_LOG_INFO(&loggers[i], "to each that is there");
    assert_int_equal(otel_memory_exporter_count(memory[0]), 0);
    assert_int_equal(otel_memory_exporter_count(memory[1]), 2);
    assert_int_equal(otel_memory_exporter_count(memory[2]), 1);
    assert_int_equal(otel_provider_set_global(NULL), OTEL_OK); /* the global one goes, named loggers included */
    OTEL_LOG_INFO(&loggers[1], "to nobody");
    OTEL_LOG_INFO(&loggers[2], "still");
    assert_int_equal(otel_memory_exporter_count(memory[1]), 2);
    assert_int_equal(otel_memory_exporter_count(memory[2]), 2);
    assert_int_equal(otel_provider_attach(p[0]), OTEL_OK); /* and back */
    OTEL_LOG_INFO(&loggers[0], "here again");
    assert_int_equal(otel_memory_exporter_count(memory[0]), 1);
    for (int i = 0; i < 3; i++) assert_int_equal(otel_provider_stop(p[i], 60000), OTEL_OK);
    for (int i = 0; i < 3; i++) OTEL_LOG_INFO(&loggers[i], "to one that is gone");
    expect_gate(OTEL_GATE_CLOSED, 0);
}

static void a_logger_of_one_that_is_gone_is_silent(void **unused)
{
    (void)unused;
    otel_log_exporter *memory, *gone_memory;
    otel_provider *stays = make(&memory, NULL), *goes = make(&gone_memory, NULL);
    otel_logger orphan = logger_of(goes);
    assert_int_equal(otel_provider_set_global(stays), OTEL_OK);
    assert_int_equal(otel_provider_attach(goes), OTEL_OK);
    OTEL_LOG_INFO(&orphan, "while it is there");
    assert_int_equal(otel_provider_stop(goes, 60000), OTEL_OK);
    assert_false(otel_logger_enabled(&orphan, OTEL_SEVERITY_FATAL));
    OTEL_LOG_FATAL(&orphan, "to nobody");
    otel_logger_emit(&orphan, &(otel_log_record){.size = sizeof(otel_log_record), .severity = OTEL_SEVERITY_FATAL});
    assert_int_equal(otel_memory_exporter_count(memory), 0); /* not to the global one either */
    orphan.provider = NULL;
    OTEL_LOG_INFO(&orphan, "adopted");
    assert_int_equal(otel_memory_exporter_count(memory), 1);
    assert_int_equal(otel_provider_stop(stays, 60000), OTEL_OK);
}

static void a_seventeenth_is_refused_in_words(void **unused)
{
    (void)unused;
    otel_log_exporter *memory[ROOM + 1];
    otel_provider *p[ROOM + 1];
    for (int i = 0; i <= ROOM; i++) p[i] = make(&memory[i], NULL);
    for (int i = 0; i < ROOM; i++) assert_int_equal(otel_provider_attach(p[i]), OTEL_OK);
    assert_int_equal(otel_provider_attach(p[ROOM]), OTEL_ERR_NO_MEMORY);
    otel_logger refused = logger_of(p[ROOM]), last = logger_of(p[ROOM - 1]);
    OTEL_LOG_INFO(&refused, "no");
    OTEL_LOG_INFO(&last, "yes");
    assert_int_equal(otel_memory_exporter_count(memory[ROOM]), 0);
    assert_int_equal(otel_memory_exporter_count(memory[ROOM - 1]), 1);
    said_begin();
    assert_int_equal(otel_sdk_start(&(otel_options){.service_name = "late"}), OTEL_ERR_NO_MEMORY);
    said_end();
    assert_true(said("16 providers are attached already"));
    assert_null(otel_provider_global());
    assert_int_equal(otel_stop(0), OTEL_OK); /* nothing was started */
    assert_int_equal(otel_provider_detach(p[3]), OTEL_OK);
    assert_int_equal(otel_provider_attach(p[ROOM]), OTEL_OK);
    OTEL_LOG_INFO(&refused, "now");
    assert_int_equal(otel_memory_exporter_count(memory[ROOM]), 1);
    for (int i = 0; i <= ROOM; i++) assert_int_equal(otel_provider_stop(p[i], 60000), OTEL_OK);
}

static bool foreign_retire(otel_api_port *port, otel_provider *provider, int64_t deadline)
{
    (void)port;
    (void)provider;
    (void)deadline;
    return true;
}

static void foreign_publish(otel_api_port *port, otel_provider *provider, int32_t lowest, int32_t ask)
{
    (void)port;
    (void)provider;
    (void)lowest;
    (void)ask;
}

static void a_provider_serves_sixteen_copies(void **unused)
{
    (void)unused;
    otel_log_exporter *memory;
    otel_provider *p = make(&memory, NULL);
    otel_api_port ports[ROOM + 1];
    for (int i = 0; i <= ROOM; i++) ports[i] = (otel_api_port){sizeof ports[i], foreign_publish, foreign_retire};
    for (int i = 0; i < ROOM; i++) assert_int_equal(p->ops->attach(p, &ports[i]), OTEL_OK);
    otel_api_port cut = {offsetof(otel_api_port, retire), foreign_publish, NULL};
    assert_int_equal(p->ops->attach(p, &cut), OTEL_ERR_ARGUMENT);
    said_begin();
    assert_int_equal(p->ops->attach(p, &ports[ROOM]), OTEL_ERR_NO_MEMORY);
    said_end();
    assert_true(said("16 copies of the API use this provider already"));
    p->ops->detach(p, &ports[5]);
    assert_int_equal(p->ops->attach(p, &ports[ROOM]), OTEL_OK);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

/* ---- one stops while the others' threads log ---- */

typedef struct party {
    otel_provider *provider;
    otel_logger logger;
    scripted_log log;
    _Atomic uint64_t emitted;
    pthread_t threads[2];
} party;

static _Atomic bool enough;

static void *log_steadily(void *argument)
{
    party *of = argument;
    while (!atomic_load(&enough)) {
        OTEL_LOG_INFO(&of->logger, "x", OTEL_INT("n", 1));
        atomic_fetch_add(&of->emitted, 1);
        if (of->emitted % 512 == 0) sleep_ms(1);
    }
    return NULL;
}

static void begin_party(party *of, int i)
{
    const otel_batch_options options = {.schedule_delay_ms = 1, .max_queue_size = 1 << 16};
    otel_log_processor *list[] = {otel_batch_log_processor_new(SCRIPTED_OK(&of->log), &options)};
    of->provider = provider_of(list, 1);
    assert_int_equal(i ? otel_provider_attach(of->provider) : otel_provider_set_global(of->provider), OTEL_OK);
    of->logger = logger_of(i ? of->provider : NULL);
    for (int t = 0; t < 2; t++) pthread_create(&of->threads[t], NULL, log_steadily, of);
}

static void one_stops_while_the_others_log(void **unused)
{
    (void)unused;
    static party parties[3];
    otel_books b;
    otel_pipeline_books pipeline;
    atomic_store(&enough, false);
    for (int i = 0; i < 3; i++) begin_party(&parties[i], i);
    for (int i = 0; i < 3; i++) assert_true(soon(&parties[i].log.records, 1));
    assert_int_equal(otel_provider_stop(parties[1].provider, 60000), OTEL_OK);
    uint32_t exported = parties[1].log.records;
    for (int64_t until = now_ms() + 30000; parties[1].emitted <= exported && now_ms() < until;) sleep_ms(1);
    atomic_store(&enough, true);
    for (int i = 0; i < 3; i++)
        for (int t = 0; t < 2; t++) pthread_join(parties[i].threads[t], NULL);
    assert_int_equal(parties[1].log.records, exported);
    assert_int_equal(parties[1].log.destroys, 1);
    assert_true(exported < parties[1].emitted);
    for (int i = 0; i < 3; i += 2) {
        assert_int_equal(otel_provider_flush(parties[i].provider, 60000), OTEL_OK);
        assert_books(parties[i].provider);
        assert_true(otel_provider_books(parties[i].provider, &b));
        assert_int_equal(b.accepted, parties[i].emitted); /* not one went astray, none of another came */
        assert_true(otel_provider_pipeline_books(parties[i].provider, 0, &pipeline));
        assert_int_equal(pipeline.exported, parties[i].log.records);
        assert_int_equal(otel_provider_stop(parties[i].provider, 60000), OTEL_OK);
    }
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_has_its_own_levels),
                                       cmocka_unit_test(macros_ask_while_somebody_has_to_be_asked),
                                       cmocka_unit_test(they_come_and_go_in_any_order),
                                       cmocka_unit_test(a_logger_of_one_that_is_gone_is_silent),
                                       cmocka_unit_test(a_seventeenth_is_refused_in_words),
                                       cmocka_unit_test(a_provider_serves_sixteen_copies),
                                       cmocka_unit_test(one_stops_while_the_others_log)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
