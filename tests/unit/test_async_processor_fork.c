/* A processor with a thread of its own, in the child of a fork. (Not under ThreadSanitizer: no threads after a fork.)
 */
#include "async_processor/background.h"
#include "processor_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static otel_logger logger = OTEL_LOGGER_INIT("test.async", NULL);
static _Atomic bool hold;

static void wait_while_held(otel_log_record *record)
{
    (void)record;
    while (atomic_load(&hold)) sleep_ms(1);
}

static bool child_has_a_thread(void *argument)
{
    const bench *b = argument;
    atomic_store(&hold, false);
    OTEL_LOG_INFO(&logger, "child");
    return otel_provider_flush(b->provider, 60000) == OTEL_OK && arrived(b) == 1 &&
           otel_provider_stop(b->provider, 60000) == OTEL_OK;
}

/* The parent's thread has one in hand and others queued: they stay the parent's. */
static void a_child_works_on_its_own(void **unused)
{
    (void)unused;
    bench b = bench_of(background_new(wait_while_held));
    atomic_store(&hold, true);
    for (int i = 0; i < 10; i++) OTEL_LOG_INFO(&logger, "parent");
    assert_true(in_child(child_has_a_thread, &b));
    atomic_store(&hold, false);
    assert_int_equal(otel_provider_flush(b.provider, 60000), OTEL_OK);
    assert_int_equal(arrived(&b), 10);
    assert_books(b.provider);
    assert_int_equal(otel_provider_stop(b.provider, 60000), OTEL_OK);
}

int main(void)
{
    clean_environment();
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_child_works_on_its_own)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
