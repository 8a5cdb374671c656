/* Providers: refusing, owning, several at once, taking one away, forks. */
#include "sdk_fixture.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.provider", NULL);
static const otel_batch_options quick = {.schedule_delay_ms = 1};

static void a_missing_processor_refuses_and_the_others_are_destroyed(void **unused)
{
    (void)unused;
    counted counts = {0};
    scripted_log log = {0};
    otel_log_processor *list[] = {counting_new(&counts), NULL, otel_batch_log_processor_new(SCRIPTED_OK(&log), NULL)};
    said_begin();
    assert_null(provider_of(list, 3));
    assert_null(provider_of(NULL, 2));
    said_end();
    assert_true(said("log processor 1 is missing"));
    assert_int_equal(counts.destroys, 1);
    assert_int_equal(log.destroys, 1);
}

static void two_at_once_with_loggers_of_their_own(void **unused)
{
    (void)unused;
    otel_log_exporter *first_memory, *second_memory;
    otel_log_processor *one[] = {remembering(&first_memory)}, *two[] = {remembering(&second_memory)};
    otel_provider *first = provider_of(one, 1), *second = provider_of(two, 1);
    static otel_logger named = OTEL_LOGGER_INIT("named", NULL);
    assert_int_equal(otel_provider_set_global(first), OTEL_OK);
    assert_int_equal(otel_provider_set_global(second), OTEL_ERR_ALREADY);
    assert_int_equal(otel_provider_attach(second), OTEL_OK);
    named.provider = second;
    OTEL_LOG_INFO(&logger, "to the first");
    OTEL_LOG_INFO(&named, "to the second");
    assert_int_equal(otel_memory_exporter_count(first_memory), 1);
    assert_int_equal(otel_memory_exporter_count(second_memory), 1);
    assert_int_equal(otel_provider_stop(first, 60000), OTEL_OK);
    assert_null(otel_provider_global());
    assert_false(otel_logger_enabled(&logger, OTEL_SEVERITY_FATAL));
    assert_true(otel_logger_enabled(&named, OTEL_SEVERITY_TRACE));
    OTEL_LOG_INFO(&logger, "to nobody");
    OTEL_LOG_INFO(&named, "to the second");
    assert_int_equal(otel_memory_exporter_count(second_memory), 2);
    assert_int_equal(otel_provider_detach(second), OTEL_OK);
    assert_int_equal(otel_log_gate[0], OTEL_GATE_CLOSED);
    assert_int_equal(otel_provider_stop(second, 60000), OTEL_OK);
    named.provider = NULL;
}

static _Atomic bool inside, leave;

static void linger_emit(otel_log_processor *self, otel_log_record *record)
{
    atomic_store(&inside, true);
    while (!atomic_load(&leave)) sleep_ms(1);
    otel_log_pass(self, record);
}
static const otel_log_processor_ops linger_ops = {.size = sizeof linger_ops, .name = "linger", .emit = linger_emit};

static void *log_once(void *unused)
{
    (void)unused;
    OTEL_LOG_INFO(&logger, "x");
    return NULL;
}

static void *leave_later(void *unused)
{
    (void)unused;
    sleep_ms(150);
    atomic_store(&leave, true);
    return NULL;
}

static void taking_away_waits_for_a_thread_inside(void **unused)
{
    (void)unused;
    otel_log_processor *list[] = {otel_log_processor_new(sizeof(otel_log_processor), &linger_ops)};
    otel_provider *p = provider_of(list, 1);
    pthread_t emitter, opener;
    atomic_store(&leave, false);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    pthread_create(&emitter, NULL, log_once, NULL);
    while (!atomic_load(&inside)) sleep_ms(1);
    pthread_create(&opener, NULL, leave_later, NULL);
    assert_int_equal(otel_provider_set_global(NULL), OTEL_OK);
    assert_true(atomic_load(&leave));
    pthread_join(emitter, NULL);
    pthread_join(opener, NULL);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

/* Exits with 0 when the child's own records, and only they, arrived. */
static int child_of(otel_provider *p, scripted_log *log, const counted *counts)
{
    uint32_t before = log->records;
    otel_pipeline_books b;
    OTEL_LOG_INFO(&logger, "of the child");
    if (otel_provider_flush(p, 60000) != OTEL_OK) return 1;
    if (log->records != before + 1) return 2;
    if (log->forks != 1 || counts->forks != 1) return 3;
    if (!otel_provider_pipeline_books(p, 0, &b) || b.taken != 1 || b.exported != 1) return 4;
    return otel_provider_stop(p, 60000) == OTEL_OK ? 0 : 5;
}

static void a_child_sends_its_own_records_alone(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    counted counts = {0};
    otel_log_processor *list[] = {
        counting_new(&counts),
        otel_batch_log_processor_new(SCRIPTED_OK(&log), &(otel_batch_options){.schedule_delay_ms = 60000})};
    otel_provider *p = provider_of(list, 2);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    for (int i = 0; i < 10; i++) OTEL_LOG_INFO(&logger, "of the parent");
    pid_t child = fork();
    if (child == 0) _exit(child_of(p, &log, &counts));
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    assert_int_equal(log.records, 10); /* once */
}

static int inert_child(otel_provider *p, const scripted_log *log)
{
    otel_pipeline_books b;
    OTEL_LOG_INFO(&logger, "of the child");
    if (!otel_provider_pipeline_books(p, 0, &b) || b.dropped_fork_child != 1 || b.taken != 1) return 1;
    int64_t begin = now_ms();
    otel_provider_stop(p, 60000);
    if (now_ms() - begin > 30000) return 2; /* there is no thread to wait for */
    return log->records == 0 ? 0 : 3;
}

static void an_inert_child_exports_nothing_and_stops_at_once(void **unused)
{
    (void)unused;
    scripted_log log = {0};
    otel_log_processor *list[] = {
        otel_batch_log_processor_new(SCRIPTED_OK(&log), &(otel_batch_options){.schedule_delay_ms = 60000})};
    otel_provider *p = provider_with(list, 1, (otel_options){.fork = OTEL_FORK_INERT});
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    OTEL_LOG_INFO(&logger, "of the parent");
    pid_t child = fork();
    if (child == 0) _exit(inert_child(p, &log));
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    assert_int_equal(log.records, 1);
}

static void null_is_tolerated(void **unused)
{
    (void)unused;
    otel_books b;
    scripted_log log = {0};
    otel_log_processor *list[] = {otel_batch_log_processor_new(SCRIPTED_OK(&log), &quick)};
    assert_int_equal(otel_provider_stop(NULL, 0), OTEL_ERR_ARGUMENT);
    assert_int_equal(otel_provider_flush(NULL, 0), OTEL_ERR_ARGUMENT);
    assert_int_equal(otel_provider_attach(NULL), OTEL_ERR_ARGUMENT);
    assert_int_equal(otel_provider_detach(NULL), OTEL_ERR_ARGUMENT);
    assert_int_equal(otel_provider_set_global(NULL), OTEL_OK);
    otel_provider *p = provider_of(list, 1);
    assert_false(otel_provider_books(p, NULL));
    assert_false(otel_provider_pipeline_books(p, 0, NULL));
    assert_true(otel_provider_books(p, &b));
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

/* Allocations in steady state, through our hook. */
static _Atomic uint32_t allocations;

static void *count_allocate(size_t size, void *user)
{
    (void)user;
    atomic_fetch_add(&allocations, 1);
    return malloc(size);
}

static void *count_reallocate(void *p, size_t size, void *user)
{
    (void)user;
    atomic_fetch_add(&allocations, 1);
    return realloc(p, size);
}

static void count_release(void *p, void *user)
{
    (void)user;
    free(p);
}

static void steady_emission_allocates_nothing(void **unused)
{
    (void)unused;
    const otel_allocator counting = {sizeof counting, count_allocate, count_reallocate, count_release, NULL};
    scripted_log log = {0};
    assert_int_equal(otel_set_allocator(&counting), OTEL_OK);
    otel_log_processor *list[] = {otel_batch_log_processor_new(SCRIPTED_OK(&log), &quick)};
    otel_provider *p = provider_of(list, 1);
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    OTEL_LOG_INFO(&logger, "first");
    otel_provider_flush(p, 60000);
    uint32_t before = allocations;
    assert_true(before > 0);
    for (int i = 0; i < 5000; i++)
        OTEL_LOG_INFO(&logger, "steady", OTEL_INT("i", i), OTEL_STR("a", "b"), OTEL_MAP("m", OTEL_INT("n", 1)));
    assert_int_equal(otel_provider_flush(p, 60000), OTEL_OK);
    assert_int_equal(allocations, before);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    assert_int_equal(otel_set_allocator(NULL), OTEL_OK);
}

static const char *instance_of(const otel_log_record *record)
{
    static char id[2][40];
    static unsigned nth;
    otel_value v;
    char *out = id[nth++ % 2];
    out[0] = '\0';
    if (record && otel_resource_get(record->resource, "service.instance.id", &v)) otel_value_text(&v, out, 40);
    return out;
}

static void the_child_of_a_fork_is_another_instance(void **unused)
{
    (void)unused;
    otel_log_exporter *memory;
    otel_log_processor *list[] = {remembering(&memory)};
    otel_provider *p = provider_with(list, 1, (otel_options){.resource_detectors = "service"});
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    OTEL_LOG_INFO(&logger, "parent");
    char parents[40];
    strcpy(parents, instance_of(otel_memory_exporter_at(memory, 0)));
    pid_t child = fork();
    if (child == 0) {
        OTEL_LOG_INFO(&logger, "child");
        const otel_log_record *last = otel_memory_exporter_at(memory, otel_memory_exporter_count(memory) - 1);
        const char *id = instance_of(last);
        _exit(strlen(id) == 36 && strcmp(id, parents) != 0 ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(strlen(parents), 36);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
}

static bool located(uint32_t off, uint32_t environment)
{
    otel_value line;
    otel_log_exporter *memory;
    otel_log_processor *list[] = {remembering(&memory)};
    otel_provider *p = otel_provider_new(&(otel_options){
        .log_processors = list, .log_processor_count = 1, .code_location_off = off, .environment = environment});
    assert_int_equal(otel_provider_set_global(p), OTEL_OK);
    OTEL_LOG_INFO(&logger, "where?");
    bool there = otel_log_record_get(otel_memory_exporter_at(memory, 0), "code.line.number", &line);
    assert_int_equal(otel_provider_stop(p, 60000), OTEL_OK);
    return there;
}

static void who_wins_over_the_code_location(void **unused)
{
    (void)unused;
    assert_true(located(0, OTEL_ENV_WINS));
    assert_false(located(1, OTEL_ENV_WINS));
    setenv("OTEL_C_CODE_LOCATION", "true", 1);
    assert_true(located(1, OTEL_ENV_WINS));
    assert_false(located(1, OTEL_CODE_WINS));
    assert_false(located(1, OTEL_ENV_IGNORED));
    setenv("OTEL_C_CODE_LOCATION", "false", 1);
    assert_false(located(0, OTEL_ENV_WINS));
    assert_false(located(0, OTEL_CODE_WINS)); /* the program says nothing */
    assert_true(located(0, OTEL_ENV_IGNORED));
    unsetenv("OTEL_C_CODE_LOCATION");
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_missing_processor_refuses_and_the_others_are_destroyed),
                                       cmocka_unit_test(two_at_once_with_loggers_of_their_own),
                                       cmocka_unit_test(taking_away_waits_for_a_thread_inside),
                                       cmocka_unit_test(a_child_sends_its_own_records_alone),
                                       cmocka_unit_test(an_inert_child_exports_nothing_and_stops_at_once),
                                       cmocka_unit_test(null_is_tolerated),
                                       cmocka_unit_test(who_wins_over_the_code_location),
                                       cmocka_unit_test(the_child_of_a_fork_is_another_instance),
                                       cmocka_unit_test(steady_emission_allocates_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
