/* What tests of the processors that come along share: their books, a clock, memory that runs out, a child of a fork. */
#ifndef OTEL_TEST_PROCESSOR_FIXTURE_H
#define OTEL_TEST_PROCESSOR_FIXTURE_H
#include "sdk_fixture.h"
#include <otel/sdk/processors.h>

/* The books balance; they are given back. */
otel_processor_books books_of(otel_log_processor *processor);

/* A provider of one processor and a memory exporter behind it, made global. */
typedef struct bench {
    otel_log_processor *processor;
    otel_log_exporter *memory;
    otel_provider *provider;
} bench;
bench bench_of(otel_log_processor *processor);
void bench_stop(bench *b); /* checks all books first */
size_t arrived(const bench *b);
const otel_log_record *nth(const bench *b, size_t n);
bool body_is(const bench *b, size_t n, const char *text);
bool int_is(const otel_log_record *record, const char *key, int64_t number); /* has that attribute */
bool has(const otel_log_record *record, const char *key);

/* From now on the nth allocation fails (0: the first), once; the others do not. */
void memory_fails_at(uint32_t nth);
bool memory_failed(void); /* it has come to that */
void memory_is_back(void);

/* Runs it in the child of a fork; true: it answered true there. */
bool in_child(bool (*body)(void *argument), void *argument);
#endif
