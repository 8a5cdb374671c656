/* What tests of the SDK's core share. */
#include "sdk_fixture.h"
#include "tries.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* The exporter. -----------------------------------------------------------------------------------------------------
 */

typedef struct scripted {
    otel_log_exporter base;
    const scripted_step *steps;
    size_t count;
    scripted_log *log;
    pthread_t answerer;
    bool answering;
    otel_export_call *call;
    scripted_step step;
} scripted;

const scripted_step scripted_ok[1] = {{.status = OTEL_EXPORT_OK}};

int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void sleep_ms(unsigned ms)
{
    struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep(&t, NULL);
}

bool soon(const _Atomic uint32_t *counter, uint32_t least)
{
    for (int64_t until = now_ms() + 30000; now_ms() < until; sleep_ms(1))
        if (atomic_load(counter) >= least) return true;
    return false;
}

static void *answer_later(void *argument)
{
    scripted *s = argument;
    sleep_ms(s->step.after_ms);
    s->call->rejected = s->step.rejected;
    s->call->retry_after_ms = s->step.retry_after_ms;
    s->call->firm = s->step.firm;
    otel_export_done(s->call, s->step.later);
    return NULL;
}

static void join_answerer(scripted *s)
{
    if (s->answering) pthread_join(s->answerer, NULL);
    s->answering = false;
}

static void note_call(scripted *s, const otel_log_batch *batch, const otel_export_call *call)
{
    scripted_log *log = s->log;
    uint32_t nth = atomic_load(&log->calls), records = (uint32_t)otel_log_batch_count(batch);
    if (nth < 64) atomic_store(&log->call_ns[nth], now_ms());
    atomic_fetch_add(&log->calls, 1); /* who sees the call sees its time */
    if (records > atomic_load(&log->most_records)) atomic_store(&log->most_records, records);
    atomic_store(&log->last_attempt, call->attempt);
    s->step = s->steps[nth < s->count ? nth : s->count - 1];
    if (log->during) log->during();
}

static otel_export_status scripted_export(otel_log_exporter *self, const otel_log_batch *batch, otel_export_call *call)
{
    scripted *s = (scripted *)self;
    scripted_log *log = s->log;
    if (atomic_fetch_add(&log->inside, 1)) atomic_fetch_add(&log->overlaps, 1);
    note_call(s, batch, call);
    while (atomic_load(&log->hold)) sleep_ms(1);
    if (s->step.status == OTEL_EXPORT_PENDING) {
        s->call = call;
        join_answerer(s);
        if (s->step.later != OTEL_EXPORT_PENDING)
            s->answering = pthread_create(&s->answerer, NULL, answer_later, s) == 0;
    } else {
        if (s->step.after_ms) sleep_ms(s->step.after_ms);
        call->rejected = s->step.rejected;
        call->retry_after_ms = s->step.retry_after_ms;
        call->firm = s->step.firm;
    }
    if (s->step.status == OTEL_EXPORT_OK) atomic_fetch_add(&log->records, (uint32_t)otel_log_batch_count(batch));
    atomic_fetch_sub(&log->inside, 1);
    return s->step.status;
}

static void scripted_poll(otel_log_exporter *self, int64_t *next)
{
    (void)self;
    *next = OTEL_DEADLINE_NEVER;
}

static void scripted_cancel(otel_log_exporter *self)
{
    scripted *s = (scripted *)self;
    join_answerer(s);
    atomic_fetch_add(&s->log->cancels, 1);
}

static otel_result scripted_flush(otel_log_exporter *self, otel_deadline deadline)
{
    (void)deadline;
    atomic_fetch_add(&((scripted *)self)->log->flushes, 1);
    return OTEL_OK;
}

static otel_result scripted_shutdown(otel_log_exporter *self, otel_deadline deadline)
{
    (void)deadline;
    join_answerer((scripted *)self);
    atomic_fetch_add(&((scripted *)self)->log->shutdowns, 1);
    return OTEL_OK;
}

static void scripted_destroy(otel_log_exporter *self)
{
    join_answerer((scripted *)self);
    atomic_fetch_add(&((scripted *)self)->log->destroys, 1);
}

static void scripted_after_fork(otel_log_exporter *self)
{
    ((scripted *)self)->answering = false;
    atomic_fetch_add(&((scripted *)self)->log->forks, 1);
}

#define SCRIPTED_COMMON                                                                                                \
    .size = sizeof(otel_log_exporter_ops), .name = "scripted", .export_batch = scripted_export,                        \
    .flush = scripted_flush, .shutdown = scripted_shutdown, .destroy = scripted_destroy,                               \
    .after_fork = scripted_after_fork
static const otel_log_exporter_ops kinds[] = {
    [SCRIPTED_SYNC] = {SCRIPTED_COMMON},
    [SCRIPTED_ASYNC] = {SCRIPTED_COMMON, .poll = scripted_poll, .cancel = scripted_cancel},
    [SCRIPTED_BLOCKS] = {SCRIPTED_COMMON, .flags = OTEL_EXPORTER_BLOCKS},
};

otel_log_exporter *scripted_new(int kind, const scripted_step *steps, size_t count, scripted_log *log)
{
    scripted *s = otel_log_exporter_new(sizeof *s, &kinds[kind]);
    if (!s) return NULL;
    s->steps = steps;
    s->count = count;
    s->log = log;
    return &s->base;
}

/* Diag. -------------------------------------------------------------------------------------------------------------
 */

enum { LINES = 256 };
static char lines[LINES][1100];
static unsigned line_count;
static pthread_mutex_t line_lock = PTHREAD_MUTEX_INITIALIZER;

static void keep_line(otel_severity severity, const char *text, void *user)
{
    (void)severity;
    (void)user;
    pthread_mutex_lock(&line_lock);
    if (line_count < LINES) snprintf(lines[line_count++], sizeof lines[0], "%s", text);
    pthread_mutex_unlock(&line_lock);
}

void said_begin(void)
{
    pthread_mutex_lock(&line_lock);
    line_count = 0;
    pthread_mutex_unlock(&line_lock);
    otel_diag_set_handler(keep_line, NULL);
}

unsigned said_times(const char *part)
{
    unsigned n = 0;
    pthread_mutex_lock(&line_lock);
    for (unsigned i = 0; i < line_count; i++)
        if (strstr(lines[i], part)) n++;
    pthread_mutex_unlock(&line_lock);
    return n;
}

bool said(const char *part)
{
    return said_times(part) > 0;
}

void said_end(void)
{
    otel_diag_set_handler(NULL, NULL);
}

/* Providers. --------------------------------------------------------------------------------------------------------
 */

void clean_environment(void)
{
    static const char *const names[] = {
#define OTEL_VARIABLE(name, kind, meaning) #name,
#include "common/variables.def"
#undef OTEL_VARIABLE
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) unsetenv(names[i]);
}

/* What a stop has to keep, because somebody is still inside when its time is over, is no leak. */
static otel_provider *volatile made[1024];

otel_provider *provider_with(otel_log_processor *const *list, size_t count, otel_options options)
{
    static _Atomic uint32_t nth;
    options.log_processors = list;
    options.log_processor_count = count;
    options.environment = OTEL_ENV_IGNORED;
    if (!options.resource_detectors) options.resource_detectors = "none";
    otel_provider *p = otel_provider_new(&options);
    made[atomic_fetch_add(&nth, 1) % (sizeof made / sizeof *made)] = p;
    return p;
}

scripted_log *next_log(scripted_log *logs)
{
    while (logs->calls || logs->destroys) logs++;
    return logs;
}

bool stops_in_time(otel_provider *provider, uint32_t ms, const scripted_log *log)
{
    int64_t began = now_ms();
    assert_int_equal(otel_provider_stop(provider, ms), OTEL_ERR_TIMEOUT);
    return took_between(began, (int64_t)ms - 10, (int64_t)ms + 200) && log->destroys == 1 && log->shutdowns == 1;
}

otel_provider *provider_of(otel_log_processor *const *list, size_t count)
{
    return provider_with(list, count, (otel_options){.service_name = "test"});
}

otel_log_processor *remembering(otel_log_exporter **exporter)
{
    *exporter = otel_memory_exporter_new();
    return otel_simple_log_processor_new(*exporter);
}

typedef struct counting {
    otel_log_processor base;
    counted *counts;
} counting;

static void counting_emit(otel_log_processor *self, otel_log_record *record)
{
    atomic_fetch_add(&((counting *)self)->counts->emits, 1);
    otel_log_pass(self, record);
}

static otel_result counting_flush(otel_log_processor *self, otel_deadline deadline)
{
    (void)deadline;
    atomic_fetch_add(&((counting *)self)->counts->flushes, 1);
    return OTEL_OK;
}

static otel_result counting_shutdown(otel_log_processor *self, otel_deadline deadline)
{
    (void)deadline;
    atomic_fetch_add(&((counting *)self)->counts->shutdowns, 1);
    return OTEL_OK;
}

static void counting_destroy(otel_log_processor *self)
{
    atomic_fetch_add(&((counting *)self)->counts->destroys, 1);
}

static void counting_after_fork(otel_log_processor *self)
{
    atomic_fetch_add(&((counting *)self)->counts->forks, 1);
}

static const otel_log_processor_ops counting_ops = {.size = sizeof(otel_log_processor_ops),
                                                    .name = "counting",
                                                    .emit = counting_emit,
                                                    .flush = counting_flush,
                                                    .shutdown = counting_shutdown,
                                                    .destroy = counting_destroy,
                                                    .after_fork = counting_after_fork};

otel_log_processor *counting_new(counted *counts)
{
    counting *c = otel_log_processor_new(sizeof *c, &counting_ops);
    if (!c) return NULL;
    c->counts = counts;
    return &c->base;
}

/* Asserting. --------------------------------------------------------------------------------------------------------
 */

static void assert_pipeline_books(const otel_pipeline_books *b)
{
    uint64_t settled = b->exported + b->rejected + b->dropped_queue_full + b->dropped_too_large +
                       b->dropped_retry_exhausted + b->dropped_after_stop + b->dropped_out_of_memory +
                       b->dropped_spool_full + b->dropped_spool_corrupt + b->dropped_fork_child;
    assert_true(b->taken == settled + b->queued + b->spooled);
}

void assert_books(otel_provider *provider)
{
    otel_books b;
    otel_pipeline_books pipeline;
    assert_true(otel_provider_books(provider, &b));
    assert_true(b.accepted == b.filtered + b.suppressed + b.delivered);
    for (size_t i = 0; otel_provider_pipeline_books(provider, i, &pipeline); i++) assert_pipeline_books(&pipeline);
}

bool text_is(const otel_value *value, const char *text)
{
    return value->type == OTEL_TYPE_STRING && value->size == strlen(text) &&
           memcmp(value->u.string, text, value->size) == 0;
}

bool attr_is(const otel_log_record *record, const char *key, const char *text)
{
    otel_value value;
    return otel_log_record_get(record, key, &value) && text_is(&value, text);
}
