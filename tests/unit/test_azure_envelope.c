/* The writer: memory that is used again, and what is left when there is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_fixture.h"

#include <otel/log.h>
#include <otel/sdk/allocator.h>
#include <stdlib.h>
#include <string.h>

static long allocations, left = -1; /* left: so many succeed; -1: all */

static bool may(void)
{
    allocations++;
    if (left > 0) left--;
    return left != 0;
}

static void *allocate(size_t size, void *user)
{
    (void)user;
    return may() ? malloc(size) : NULL;
}

static void *reallocate(void *p, size_t size, void *user)
{
    (void)user;
    return may() ? realloc(p, size) : NULL;
}

static void release(void *p, void *user)
{
    (void)user;
    free(p);
}

static const otel_attr attributes[] = {
    OTEL_STATIC_STR("parent_run_id", "931024c2-3720-11ea-b247-c49deda841c1"),
    OTEL_STATIC_STR("step_name", "train_model"),
    OTEL_STATIC_STR("code.file.path", "/app/train.c"),
    OTEL_STATIC_STR("code.function.name", "train"),
    OTEL_STATIC_STR("exception.type", "io_error"),
    OTEL_STATIC_STR("enduser.id", "alice"),
};

static otel_log_record record_of(const char *body)
{
    return (otel_log_record){.size = sizeof(otel_log_record),
                             .severity = 17,
                             .time_unix_nano = 1767323045678901234,
                             .body = otel_string(body),
                             .attributes = attributes,
                             .attribute_count = sizeof attributes / sizeof *attributes};
}

static const otel__azure_mapping mapping = {.instrumentation_key = AZURE_KEY};

static void nothing_is_allocated_for_the_next_record(void **state)
{
    (void)state;
    otel__azure_writer *writer = otel__azure_writer_new(&mapping);
    otel__azure_buffer out = {0};
    otel_azure_monitor_kind kind;
    otel_log_record small = record_of("short read"), large = record_of(azure_repeat("\n", 20000));
    for (int i = 0; i < 20; i++) {
        if (i == 4) allocations = 0;
        out.size = 0;
        assert_true(otel__azure_write(writer, i % 2 ? &small : &large, 0, &out, &kind));
    }
    assert_int_equal(allocations, 0);
    otel__azure_writer_destroy(writer);
    otel__azure_buffer_release(&out);
}

static void items_are_appended(void **state)
{
    (void)state;
    otel__azure_writer *writer = otel__azure_writer_new(&mapping);
    otel__azure_buffer out = {0};
    otel_azure_monitor_kind kind;
    otel_log_record record = record_of("x");
    assert_true(otel__azure_buffer_append(&out, "[", 1) && otel__azure_write(writer, &record, 0, &out, &kind));
    size_t first = out.size;
    assert_true(otel__azure_buffer_append(&out, ",", 1) && otel__azure_write(writer, &record, 0, &out, &kind));
    assert_int_equal(out.size, 2 * first);
    assert_int_equal(kind, OTEL_AZURE_MONITOR_EXCEPTION);
    otel__azure_writer_destroy(writer);
    otel__azure_buffer_release(&out);
}

/* The n-th allocation fails, for every n: nothing is written then, and the next record is. */
static void out_of_memory_is_said(void **state)
{
    (void)state;
    otel_azure_monitor_kind kind;
    otel_log_record record = record_of(azure_repeat("m", 70000));
    for (long n = 1, done = 0; !done; n++) {
        assert_true(n < 100);
        left = n;
        otel__azure_buffer out = {0};
        otel__azure_writer *writer = otel__azure_writer_new(&mapping);
        bool written = writer && otel__azure_write(writer, &record, 0, &out, &kind);
        done = left != 0;
        left = -1;
        assert_int_equal(written, done);
        if (!written) assert_int_equal(out.size, 0);
        if (writer) assert_true(otel__azure_write(writer, &record, 0, &out, &kind) && out.size > 30000);
        otel__azure_writer_destroy(writer);
        otel__azure_buffer_release(&out);
    }
}

static void a_record_without_times_has_the_present(void **state)
{
    (void)state;
    otel_log_record record = {.size = sizeof record, .body = otel_string("x")};
    azure_item(&record);
    const char *time = azure_at("envelope:time")->valuestring;
    assert_int_equal(strlen(time), 28);
    assert_true(strcmp(time, "2020") > 0);
    record.observed_time_unix_nano = 1767323046123456789;
    azure_item(&record);
    assert_true(azure_is("envelope:time", "2026-01-02T03:04:06.1234567Z"));
    azure_end(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_allocated_for_the_next_record),
        cmocka_unit_test(items_are_appended),
        cmocka_unit_test(out_of_memory_is_said),
        cmocka_unit_test(a_record_without_times_has_the_present),
    };
    const otel_allocator counting = {
        .size = sizeof counting, .allocate = allocate, .reallocate = reallocate, .release = release};
    if (otel_set_allocator(&counting) != OTEL_OK) return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
