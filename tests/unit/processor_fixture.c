/* What tests of the processors that come along share. */
#include "processor_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

otel_processor_books books_of(otel_log_processor *processor)
{
    otel_processor_books b;
    assert_true(otel_log_processor_books(processor, &b));
    assert_true(b.taken == b.passed + b.kept + b.dropped_unwanted + b.dropped_unredacted + b.dropped_over_limit +
                               b.dropped_repeated + b.dropped_evicted + b.dropped_sampled_out);
    return b;
}

bench bench_of(otel_log_processor *processor)
{
    bench b = {.processor = processor};
    otel_log_processor *list[] = {processor, remembering(&b.memory)};
    assert_non_null(processor);
    b.provider = provider_of(list, 2);
    assert_non_null(b.provider);
    assert_int_equal(otel_provider_set_global(b.provider), OTEL_OK);
    return b;
}

void bench_stop(bench *b)
{
    assert_books(b->provider);
    books_of(b->processor);
    assert_int_equal(otel_provider_stop(b->provider, 60000), OTEL_OK);
}

size_t arrived(const bench *b)
{
    return otel_memory_exporter_count(b->memory);
}

const otel_log_record *nth(const bench *b, size_t n)
{
    const otel_log_record *record = otel_memory_exporter_at(b->memory, n);
    assert_non_null(record);
    return record;
}

bool body_is(const bench *b, size_t n, const char *text)
{
    return text_is(&nth(b, n)->body, text);
}

bool int_is(const otel_log_record *record, const char *key, int64_t number)
{
    otel_value value;
    return otel_log_record_get(record, key, &value) && value.type == OTEL_TYPE_INT && value.u.integer == number;
}

bool has(const otel_log_record *record, const char *key)
{
    otel_value value;
    return otel_log_record_get(record, key, &value);
}

static _Atomic int64_t left;

static void *allocate(size_t size, void *user)
{
    (void)user;
    return atomic_fetch_sub(&left, 1) == 0 ? NULL : malloc(size);
}

static void *reallocate(void *p, size_t size, void *user)
{
    (void)user;
    return atomic_fetch_sub(&left, 1) == 0 ? NULL : realloc(p, size);
}

static void release(void *p, void *user)
{
    (void)user;
    free(p);
}

void memory_fails_at(uint32_t n)
{
    const otel_allocator failing = {sizeof failing, allocate, reallocate, release, NULL};
    atomic_store(&left, n);
    assert_int_equal(otel_set_allocator(&failing), OTEL_OK);
}

bool memory_failed(void)
{
    return atomic_load(&left) < 0;
}

void memory_is_back(void)
{
    assert_int_equal(otel_set_allocator(NULL), OTEL_OK);
}

bool in_child(bool (*body)(void *argument), void *argument)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        alarm(100);
        _exit(body(argument) ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
