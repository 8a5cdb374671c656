/* Tests of exporters/azure_monitor/src/delivery/losses.c: a table of what was lost that never overflows. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "azure_monitor/src/delivery/losses.h"
#include <string.h>

static otel__azure_losses losses;

static void add(otel_azure_monitor_kind kind, otel_azure_monitor_reason reason, uint32_t status, uint64_t count)
{
    const otel_azure_monitor_loss loss = {
        .size = sizeof loss, .kind = kind, .reason = reason, .http_status = status, .count = count, .message = "words"};
    otel__azure_losses_add(&losses, &loss);
}

static int begin(void **state)
{
    (void)state;
    memset(&losses, 0, sizeof losses);
    return 0;
}

static void alike_is_one_row(void **state)
{
    otel_export_loss rows[4];
    (void)state;
    assert_int_equal(otel__azure_losses_read(&losses, rows, 4), 0);
    add(OTEL_AZURE_MONITOR_MESSAGE, OTEL_AZURE_MONITOR_REJECTED, 400, 2);
    add(OTEL_AZURE_MONITOR_MESSAGE, OTEL_AZURE_MONITOR_REJECTED, 400, 3);
    add(OTEL_AZURE_MONITOR_EVENT, OTEL_AZURE_MONITOR_REJECTED, 400, 1);
    assert_int_equal(otel__azure_losses_read(&losses, NULL, 0), 2);
    assert_int_equal(otel__azure_losses_read(&losses, rows, 1), 2);
    assert_int_equal(otel__azure_losses_read(&losses, rows, 4), 2);
    assert_int_equal(rows[0].count, 5);
    assert_int_equal(rows[0].http_status, 400);
    assert_string_equal(rows[0].kind, "message");
    assert_string_equal(rows[0].reason, "rejected");
    assert_string_equal(rows[1].kind, "event");
}

static void too_many_statuses_are_one(void **state)
{
    otel_export_loss rows[OTEL__AZURE_LOSS_ROWS];
    uint64_t together = 0;
    (void)state;
    for (uint32_t status = 100; status < 1000; status++)
        for (otel_azure_monitor_kind kind = 0; kind < OTEL_AZURE_MONITOR_KINDS; kind++)
            for (otel_azure_monitor_reason reason = 0; reason < OTEL_AZURE_MONITOR_REASONS; reason++)
                add(kind, reason, status, 1);
    size_t n = otel__azure_losses_read(&losses, rows, OTEL__AZURE_LOSS_ROWS);
    assert_true(n <= OTEL__AZURE_LOSS_ROWS);
    for (size_t i = 0; i < n; i++) together += rows[i].count;
    assert_int_equal(together, 900 * OTEL_AZURE_MONITOR_KINDS * OTEL_AZURE_MONITOR_REASONS);
}

static void in_words(void **state)
{
    char text[256], little[12];
    (void)state;
    assert_false(otel__azure_losses_text(&losses, text, sizeof text));
    assert_string_equal(text, "");
    add(OTEL_AZURE_MONITOR_MESSAGE, OTEL_AZURE_MONITOR_SAMPLED, 206, 2);
    assert_false(otel__azure_losses_text(&losses, text, sizeof text));
    add(OTEL_AZURE_MONITOR_MESSAGE, OTEL_AZURE_MONITOR_REJECTED, 400, 2);
    add(OTEL_AZURE_MONITOR_EVENT, OTEL_AZURE_MONITOR_REJECTED, 400, 3);
    add(OTEL_AZURE_MONITOR_EVENT, OTEL_AZURE_MONITOR_TOO_LARGE, 413, 1);
    add(OTEL_AZURE_MONITOR_EVENT, OTEL_AZURE_MONITOR_UNKNOWN, 0, 7);
    assert_true(otel__azure_losses_text(&losses, text, sizeof text));
    assert_string_equal(text, "2 left out by the service's sampling (HTTP 206), 5 rejected (HTTP 400), "
                              "1 too large (HTTP 413), 7 of unknown fate");
    otel__azure_losses_text(&losses, little, sizeof little);
    assert_string_equal(little, "2 left out ");
}

static void told(void *user, const otel_azure_monitor_loss *loss)
{
    *(uint64_t *)user += loss->count;
    assert_string_equal(loss->message, "words");
}

static void whoever_wants_is_told(void **state)
{
    uint64_t count = 0;
    (void)state;
    losses.on_loss = told;
    losses.user = &count;
    add(OTEL_AZURE_MONITOR_EVENT, OTEL_AZURE_MONITOR_REJECTED, 400, 3);
    add(OTEL_AZURE_MONITOR_EVENT, OTEL_AZURE_MONITOR_REJECTED, 400, 4);
    assert_int_equal(count, 7);
    otel__azure_losses_forget(&losses);
    assert_int_equal(otel__azure_losses_read(&losses, NULL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(alike_is_one_row, begin),
        cmocka_unit_test_setup(too_many_statuses_are_one, begin),
        cmocka_unit_test_setup(in_words, begin),
        cmocka_unit_test_setup(whoever_wants_is_told, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
