/* What tests of the bridges share. */
#include "bridge_fixture.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static otel_provider *provider;
static otel_log_exporter *memory;

static void make_global(otel_log_processor *processor)
{
    provider = provider_of(&processor, 1);
    assert_non_null(provider);
    assert_int_equal(otel_provider_set_global(provider), OTEL_OK);
}

void listen_begin(void)
{
    make_global(remembering(&memory));
}

void listen_end(void)
{
    assert_int_equal(otel_provider_stop(provider, 60000), OTEL_OK);
    assert_null(otel_provider_global());
}

size_t heard(void)
{
    return otel_memory_exporter_count(memory);
}

const otel_log_record *heard_at(size_t nth)
{
    const otel_log_record *record = otel_memory_exporter_at(memory, nth);
    assert_non_null(record);
    return record;
}

const otel_log_record *heard_last(void)
{
    assert_true(heard() > 0);
    return heard_at(heard() - 1);
}

bool says(const otel_log_record *record, const char *text)
{
    return text_is(&record->body, text);
}

bool has_severity(const otel_log_record *record, otel_severity severity, const char *text)
{
    return record->severity == severity && record->severity_text.size == strlen(text) &&
           memcmp(record->severity_text.data, text, record->severity_text.size) == 0;
}

bool lacks(const otel_log_record *record, const char *key)
{
    otel_value value;
    return !otel_log_record_get(record, key, &value);
}

bool has_number(const otel_log_record *record, const char *key, int64_t number)
{
    otel_value value;
    return otel_log_record_get(record, key, &value) && value.type == OTEL_TYPE_INT && value.u.integer == number;
}

static void expect_one_export(void (*log_once)(void), const scripted_log *log, unsigned suppressed)
{
    otel_books books;
    log_once();
    assert_true(soon(&log->calls, 1));
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
    sleep_ms(50); /* time for a loop to show itself */
    assert_int_equal(otel_provider_flush(provider, 60000), OTEL_OK);
    assert_int_equal(atomic_load(&log->calls), 1);
    assert_true(otel_provider_books(provider, &books));
    assert_int_equal(books.accepted, 1 + suppressed);
    assert_int_equal(books.suppressed, suppressed);
    assert_int_equal(books.delivered, 1);
}

void expect_no_loop_where_it_logs(void (*log_once)(void), unsigned suppressed)
{
    scripted_log log = {.during = log_once};
    make_global(otel_simple_log_processor_new(SCRIPTED_OK(&log)));
    expect_one_export(log_once, &log, suppressed);
    listen_end();
}

void expect_no_loop_where_it_exports(void (*log_once)(void))
{
    scripted_log log = {.during = log_once};
    make_global(otel_batch_log_processor_new(SCRIPTED_OK(&log), &(otel_batch_options){.schedule_delay_ms = 1}));
    expect_one_export(log_once, &log, 1);
    listen_end();
}

void expect_no_loop(void (*log_once)(void))
{
    expect_no_loop_where_it_logs(log_once, 1);
    expect_no_loop_where_it_exports(log_once);
}

void expect_errno_kept(void (*log_once)(void))
{
    errno = EXDEV;
    log_once();
    assert_int_equal(errno, EXDEV);
    listen_begin();
    errno = EXDEV;
    log_once();
    assert_int_equal(errno, EXDEV);
    listen_end();
}
