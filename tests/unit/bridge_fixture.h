/* What tests of the bridges share: a global provider that remembers, and the proof that a bridge feeds no loop. */
#ifndef OTEL_TEST_BRIDGE_FIXTURE_H
#define OTEL_TEST_BRIDGE_FIXTURE_H
#include "sdk_fixture.h"

/* A provider with a memory exporter becomes global, and goes away again. */
void listen_begin(void);
void listen_end(void);

size_t heard(void);                          /* records so far */
const otel_log_record *heard_at(size_t nth); /* ends the test when there is none */
const otel_log_record *heard_last(void);
bool says(const otel_log_record *record, const char *text);
bool has_severity(const otel_log_record *record, otel_severity severity, const char *text);
bool lacks(const otel_log_record *record, const char *key);
bool has_number(const otel_log_record *record, const char *key, int64_t number);

/* log_once makes one record through the bridge. An exporter calls it whenever it exports: on the thread that logs
 * (simple processor), and on our own (batch processor). Each time exactly one record is exported, and so many are
 * counted as suppressed. */
void expect_no_loop_where_it_logs(void (*log_once)(void), unsigned suppressed);
void expect_no_loop_where_it_exports(void (*log_once)(void));
void expect_no_loop(void (*log_once)(void)); /* both; one suppressed */
/* log_once leaves errno alone, with a provider and without one. */
void expect_errno_kept(void (*log_once)(void));
#endif
