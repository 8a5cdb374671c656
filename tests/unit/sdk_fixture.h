/* What tests of the SDK's core share: an exporter that does what a script says, a diag handler that remembers, and
 * short words for making pipelines. */
#ifndef OTEL_TEST_SDK_FIXTURE_H
#define OTEL_TEST_SDK_FIXTURE_H
#include <otel/log.h>
#include <otel/sdk/sdk.h>
#include <stdatomic.h>

/* One call of export_batch; the last step is repeated. */
typedef struct scripted_step {
    otel_export_status status; /* PENDING: answered by another thread with `later`, unless that is PENDING too */
    otel_export_status later;
    uint32_t after_ms; /* sleeps that long: before answering, or (async) before the other thread answers */
    uint32_t rejected, retry_after_ms, firm;
} scripted_step;

/* Outlives the exporter. */
typedef struct scripted_log {
    _Atomic uint32_t calls, records, flushes, shutdowns, destroys, cancels, forks, most_records, last_attempt;
    _Atomic uint32_t inside; /* calls in progress: two at once are counted in `overlaps` */
    _Atomic uint32_t overlaps;
    _Atomic int64_t call_ns[64];
    _Atomic bool hold;    /* a call does not return while this is set */
    void (*during)(void); /* called in every export_batch */
} scripted_log;

enum { SCRIPTED_SYNC, SCRIPTED_ASYNC, SCRIPTED_BLOCKS };
otel_log_exporter *scripted_new(int kind, const scripted_step *steps, size_t count, scripted_log *log);

extern const scripted_step scripted_ok[1];
#define SCRIPTED_OK(log) scripted_new(SCRIPTED_SYNC, scripted_ok, 1, log)

/* Diag. */
void said_begin(void);       /* from now on lines are kept, not printed */
bool said(const char *part); /* a line contained that */
unsigned said_times(const char *part);
void said_end(void);

/* Time and waiting. */
int64_t now_ms(void);
void sleep_ms(unsigned ms);
bool soon(const _Atomic uint32_t *counter, uint32_t least); /* within half a minute */

/* No variable of ours is set. */
void clean_environment(void);

/* A provider without the environment, of these processors. */
otel_provider *provider_of(otel_log_processor *const *list, size_t count);
otel_provider *provider_with(otel_log_processor *const *list, size_t count, otel_options options);
/* A simple processor with a memory exporter, which is given out. */
otel_log_processor *remembering(otel_log_exporter **exporter);

/* A counting processor: counts emits and destroys, passes on. */
typedef struct counted {
    _Atomic uint32_t emits, destroys, flushes, shutdowns, forks;
} counted;
otel_log_processor *counting_new(counted *counts);

/* Of several tries: one that no try has used yet. (One that was kept may still write to its own.) */
scripted_log *next_log(scripted_log *logs);
/* Stops one whose exporter has not exported yet; false: that took too long, or the exporter's memory had to be kept
 * because the thread did not come home in time. */
bool stops_in_time(otel_provider *provider, uint32_t ms, const scripted_log *log);

void assert_books(otel_provider *provider); /* both identities hold */
bool text_is(const otel_value *value, const char *text);
bool attr_is(const otel_log_record *record, const char *key, const char *text);
#endif
