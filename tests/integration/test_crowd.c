/* More living threads than there are slots (4096): those beyond the table share counters. All are heard, a provider is
 * taken away from them as safely as from the others, and slots of dead threads come back. Every thread has a small
 * stack. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>

#include <otel/sdk/sdk.h>

#include "child.h"
#include "slot.h"

enum { SLOTS = 4096, THREADS = SLOTS + 304, RECORDS = 5, STACK_BYTES = 32768 };

static otel_logger logger = OTEL_LOGGER_INIT("crowd", "1");
static pthread_barrier_t phase;
static pthread_t threads[THREADS];
static _Atomic int without_slot, wrong_contexts;
static _Atomic bool enough;

/* ---- a provider whose end is seen ---- */

static _Atomic bool here; /* it is attached: a call at another time would use freed memory */
static _Atomic int calls, calls_when_gone;
static _Atomic int lingering;
static _Atomic bool linger, leave;

static otel_result attach(otel_provider *provider, otel_api_port *port)
{
    port->publish(port, provider, OTEL_SEVERITY_TRACE, 0);
    return OTEL_OK;
}

static void detach(otel_provider *provider, otel_api_port *port)
{
    (void)provider;
    (void)port;
}

static void log_call(otel_provider *provider, otel_logger *by, const otel_context *current, const otel_log_site *site,
                     otel_severity severity, otel_value body, const otel_attr *attributes, size_t count)
{
    (void)provider, (void)by, (void)current, (void)site, (void)severity, (void)body, (void)attributes, (void)count;
    if (!atomic_load(&here)) atomic_fetch_add(&calls_when_gone, 1);
    atomic_fetch_add(&calls, 1);
    if (!atomic_load(&linger)) return;
    atomic_fetch_add(&lingering, 1);
    while (!atomic_load(&leave)) child_sleep_ms(1);
    if (!atomic_load(&here)) atomic_fetch_add(&calls_when_gone, 1);
}
static void emit_call(otel_provider *provider, otel_logger *by, const otel_context *current,
                      const otel_log_record *record)
{
    (void)provider, (void)by, (void)current, (void)record;
}

static bool always(otel_provider *provider, otel_logger *by, otel_severity severity, const otel_context *current)
{
    (void)provider, (void)by, (void)severity, (void)current;
    return true;
}
static const otel_provider_ops seen_ops = {.size = sizeof seen_ops,
                                           .attach = attach,
                                           .detach = detach,
                                           .log_enabled = always,
                                           .log = log_call,
                                           .log_emit = emit_call};
static otel_provider seen = {&seen_ops};

/* ---- threads ---- */

static void log_records(void)
{
    for (int i = 0; i < RECORDS; i++)
        OTEL_LOG_INFO(&logger, "one of many", OTEL_INT("i", i), OTEL_STR("text", "some text"), OTEL_BOOL("yes", true));
}

/* With a slot the thread has a current context of its own; without one it has none, and nothing breaks. */
static void try_context(bool slot, int number)
{
    otel_context mine = {.span_context = {.trace_id = {1}, .span_id = {2}}};
    otel_context_token token;
    memcpy(mine.span_context.trace_id + 1, &number, sizeof number);
    otel_context_attach(&mine, &token);
    otel_context now = otel_context_current();
    bool same = memcmp(&now.span_context, &mine.span_context, sizeof now.span_context) == 0;
    otel_context none = {.baggage = NULL};
    if (slot ? !same : memcmp(&now, &none, sizeof none) != 0) atomic_fetch_add(&wrong_contexts, 1);
    otel_context_detach(&token);
    now = otel_context_current();
    if (otel_span_context_valid(&now.span_context)) atomic_fetch_add(&wrong_contexts, 1);
}

static void *live(void *argument)
{
    int number = (int)(intptr_t)argument;
    bool slot = otel__slot_mine() != NULL;
    if (!slot) atomic_fetch_add(&without_slot, 1);
    pthread_barrier_wait(&phase); /* all live */
    log_records();
    try_context(slot, number);
    pthread_barrier_wait(&phase); /* all have logged */
    pthread_barrier_wait(&phase); /* another provider; now the crowd alone goes on */
    for (bool first = true; !slot && (first || !atomic_load(&enough)); first = false) {
        OTEL_LOG_INFO(&logger, "x");
        child_sleep_ms(1);
    }
    return NULL;
}

static void start_threads(void)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    assert_int_equal(pthread_attr_setstacksize(&attributes, STACK_BYTES), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], &attributes, live, (void *)(intptr_t)i), 0);
    pthread_attr_destroy(&attributes);
}

static void everybody_is_heard(otel_provider *provider)
{
    otel_books books;
    otel_pipeline_books pipeline;
    assert_int_equal(otel_provider_set_global(provider), OTEL_OK);
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK); /* the thread that exports is there, with a slot */
    start_threads();
    pthread_barrier_wait(&phase);
    pthread_barrier_wait(&phase);
    assert_int_equal(without_slot, THREADS + 2 - SLOTS); /* this thread has one, and the one that exports */
    assert_int_equal(wrong_contexts, 0);
    assert_true(otel_provider_books(provider, &books));
    assert_int_equal(books.accepted, THREADS * RECORDS);
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
    assert_true(otel_provider_pipeline_books(provider, 0, &pipeline));
    assert_int_equal(pipeline.exported, THREADS * RECORDS);
    assert_int_equal(otel_provider_stop(provider, 60000), OTEL_OK);
}

/* Given and taken away again and again while the crowd logs: never called when it is gone. */
static void taken_away_from_a_busy_crowd(void)
{
    int rounds = child_long() ? 2000 : 200, before = 0;
    for (int i = 0; i < rounds; i++) {
        atomic_store(&here, true);
        assert_int_equal(otel_provider_set_global(&seen), OTEL_OK);
        for (int look = 0; atomic_load(&calls) == before && look < 60000; look++) child_sleep_ms(1);
        assert_true(atomic_load(&calls) > before);
        assert_int_equal(otel_provider_set_global(NULL), OTEL_OK);
        atomic_store(&here, false);
        before = atomic_load(&calls);
        if (i % 10 == 0) child_sleep_ms(2);
        assert_int_equal(atomic_load(&calls), before);
    }
    assert_int_equal(calls_when_gone, 0);
}

static void *open_the_door(void *unused)
{
    (void)unused;
    child_sleep_ms(150);
    atomic_store(&leave, true);
    return NULL;
}

/* Whoever is inside is waited for, though it has no mark of its own. */
static void waited_for(void)
{
    pthread_t opener;
    atomic_store(&here, true);
    atomic_store(&linger, true);
    assert_int_equal(otel_provider_set_global(&seen), OTEL_OK);
    while (!atomic_load(&lingering)) child_sleep_ms(1);
    int64_t began = child_now_ms();
    pthread_create(&opener, NULL, open_the_door, NULL);
    assert_int_equal(otel_provider_set_global(NULL), OTEL_OK);
    assert_true(atomic_load(&leave));
    assert_true(child_now_ms() - began >= 100);
    atomic_store(&here, false);
    pthread_join(opener, NULL);
    assert_int_equal(calls_when_gone, 0);
}

static void a_crowd_logs(void **state)
{
    (void)state;
    const otel_batch_options options = {.schedule_delay_ms = 10, .max_queue_size = 2 * THREADS * RECORDS};
    otel_log_processor *list[] = {otel_batch_log_processor_new(otel_memory_exporter_new(), &options)};
    otel_provider *provider = otel_provider_new(
        &(otel_options){.log_processors = list, .log_processor_count = 1, .environment = OTEL_ENV_IGNORED});
    assert_non_null(provider);
    assert_non_null(otel__slot_mine());
    pthread_barrier_init(&phase, NULL, THREADS + 1);
    everybody_is_heard(provider);
    pthread_barrier_wait(&phase);
    taken_away_from_a_busy_crowd();
    waited_for();
    atomic_store(&enough, true);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
}

static void *want_slot(void *answer)
{
    atomic_store((_Atomic bool *)answer, otel__slot_mine() != NULL);
    return NULL;
}

/* A full table of dead threads: one that comes with another thread pointer gets a place. They are looked for once a
 * second. */
static void dead_threads_give_their_slots_back(void **state)
{
    _Atomic bool got = false;
    pthread_attr_t attributes;
    pthread_t thread;
    (void)state;
    child_sleep_ms(1100);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 64 << 20); /* larger than any stack that is kept for reuse */
    assert_int_equal(pthread_create(&thread, &attributes, want_slot, &got), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    assert_true(got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_crowd_logs),
                                       cmocka_unit_test(dead_threads_give_their_slots_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
