/* Tests of exporters/azure_monitor/src/delivery/gate.c: when something may be sent. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "azure_monitor/src/delivery/gate.h"

#define MS INT64_C(1000000)
#define DAY_MS INT64_C(86400000)
static const int64_t now = 5000 * MS;

static void expect_ms(int64_t at_ns, int64_t least, int64_t most)
{
    int64_t ms = (at_ns - now) / MS;
    if (ms < least || ms > most)
        fail_msg("%lld ms, not %lld to %lld", (long long)ms, (long long)least, (long long)most);
}

static void it_is_open_at_first_and_after_success(void **state)
{
    otel__azure_gate gate = {0};
    (void)state;
    assert_true(otel__azure_gate_opens(&gate) <= now);
    otel__azure_gate_failed(&gate, now, 0);
    otel__azure_gate_failed(&gate, now, 0);
    assert_true(otel__azure_gate_opens(&gate) > now);
    otel__azure_gate_passed(&gate);
    assert_true(otel__azure_gate_opens(&gate) <= now);
    otel__azure_gate_failed(&gate, now, 0);
    expect_ms(otel__azure_gate_opens(&gate), 1000, 1250);
}

/* Whatever chance says: a thousand rows of failures. */
static void backoff_stays_within_its_bounds(void **state)
{
    (void)state;
    int64_t first_least = INT64_MAX, first_most = 0;
    otel__azure_gate gate = {0};
    for (int row = 0; row < 1000; row++) {
        otel__azure_gate_passed(&gate);
        for (int64_t base = 1000; base <= 64000; base *= 2) {
            otel__azure_gate_failed(&gate, now, 0);
            int64_t most = base + base / 4 < 60000 ? base + base / 4 : 60000;
            expect_ms(otel__azure_gate_opens(&gate), base < 60000 ? base < 45000 ? base : 32000 : 45000, most);
            if (base > 1000) continue;
            int64_t at = otel__azure_gate_opens(&gate);
            if (at < first_least) first_least = at;
            if (at > first_most) first_most = at;
        }
    }
    assert_true(first_most - first_least > 200 * MS); /* they do not come in step */
    gate.failures = UINT32_MAX;
    otel__azure_gate_failed(&gate, now, 0);
    expect_ms(otel__azure_gate_opens(&gate), 45000, 60000);
}

static void the_service_has_the_word_for_a_day(void **state)
{
    otel__azure_gate gate = {0};
    (void)state;
    otel__azure_gate_failed(&gate, now, 1500);
    expect_ms(otel__azure_gate_opens(&gate), 1500, 1500);
    otel__azure_gate_failed(&gate, now, UINT32_MAX);
    expect_ms(otel__azure_gate_opens(&gate), DAY_MS, DAY_MS);
}

static void a_quota_ends_after_midnight(void **state)
{
    (void)state;
    static const struct {
        int64_t unix_s, seconds;
    } cases[] = {{0, 86400}, {86399, 1}, {86400 + 3600, 82800}, {1764288000 + 43200, 43200}};
    for (size_t i = 0; i < 4; i++) {
        otel__azure_gate gate = {0};
        otel__azure_gate_quota(&gate, now, cases[i].unix_s, 0);
        expect_ms(otel__azure_gate_opens(&gate), cases[i].seconds * 1000 + 1000, cases[i].seconds * 1000 + 60000);
        otel__azure_gate_quota(&gate, now, cases[i].unix_s, 4000);
        expect_ms(otel__azure_gate_opens(&gate), 4000, 4000);
        otel__azure_gate_quota(&gate, now, cases[i].unix_s, UINT32_MAX);
        expect_ms(otel__azure_gate_opens(&gate), 2 * DAY_MS, 2 * DAY_MS);
    }
}

/* The tries of a stop that begins right after a failure and always fails at once. */
static int tries(otel__azure_gate gate, int64_t deadline_ms, int64_t *at_ms)
{
    const int64_t deadline = now + deadline_ms * MS;
    int count = 0;
    for (int64_t at = now; at < deadline;) {
        int64_t opens = otel__azure_gate_opens_at_stop(&gate, at, deadline);
        if (opens >= deadline) return count;
        otel__azure_gate_hurried(&gate, deadline);
        at = opens > at ? opens : at;
        at_ms[count++] = (at - now) / MS;
        otel__azure_gate_failed(&gate, at, 0);
    }
    return count;
}

static void a_stop_tries_a_few_times(void **state)
{
    int64_t at[128];
    otel__azure_gate gate = {0};
    (void)state;
    for (int i = 0; i < 10; i++) otel__azure_gate_failed(&gate, now, 0); /* a minute to wait */
    assert_int_equal(tries(gate, 5000, at), 3);
    assert_int_equal(at[0], 1000);
    assert_int_equal(at[1], 3000);
    assert_int_equal(at[2], 4000); /* before the end */
    assert_int_equal(tries(gate, 500, at), 1);
    assert_int_equal(at[0], 250);
    assert_int_equal(tries(gate, 60000, at), 6);
    assert_true(tries(gate, 3600000, at) < 90); /* as often as without a stop */
    gate.failed_ns = now - 60000 * MS;          /* long ago: at once */
    assert_true(tries(gate, 5000, at) > 1);
    assert_int_equal(at[0], 0);
}

static void a_stop_keeps_the_services_word(void **state)
{
    int64_t at[128];
    otel__azure_gate gate = {0};
    (void)state;
    otel__azure_gate_failed(&gate, now, 10000);
    assert_int_equal(tries(gate, 5000, at), 0);
    otel__azure_gate_quota(&gate, now, 0, 0);
    assert_int_equal(tries(gate, 60000, at), 0);
    otel__azure_gate_failed(&gate, now, 0); /* closes nothing that was closed for longer */
    assert_int_equal(tries(gate, 60000, at), 0);
    gate = (otel__azure_gate){0};
    otel__azure_gate_failed(&gate, now, 2000);
    assert_true(tries(gate, 5000, at) > 0);
    assert_int_equal(at[0], 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_open_at_first_and_after_success),
        cmocka_unit_test(backoff_stays_within_its_bounds),
        cmocka_unit_test(the_service_has_the_word_for_a_day),
        cmocka_unit_test(a_quota_ends_after_midnight),
        cmocka_unit_test(a_stop_tries_a_few_times),
        cmocka_unit_test(a_stop_keeps_the_services_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
