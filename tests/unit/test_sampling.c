/* The arithmetic of sampling, beside values that other samplers give. */
#include "sampling.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void near(double value, double expected)
{
    assert_float_equal(value, expected, 1e-6);
}

static void hashes_are_those_of_the_others(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        uint32_t hash;
        double percent;
    } known[] = {{"0af7651916cd43dd8448eb211c80319c", 1133633597, 52.7889280360},
                 {"0AF7651916CD43DD8448EB211C80319C", 231367037, 10.773867},
                 {"4bf92f3577b34da6a3ce929d0e0e4736", 718577102, 33.4613538503},
                 {"4BF92F3577B34DA6A3CE929D0E0E4736", 1330905010, 61.975094},
                 {"00000000000000000000000000000001", 50237190, 2.3393514577},
                 {"ffffffffffffffffffffffffffffffff", 2146653755, 99.9613551423},
                 {"FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", 1859446213, 86.587212},
                 {"0123456789abcdef0123456789abcdef", 552514569, 25.7284645577},
                 {"d4cda95b652f4a1592b449d5929fda1b", 977465732, 45.5167951274},
                 {"iaxxtklcw", 1941943012, 90.428772},
                 {"ynehgfhyuiltaiqovbpyhpm", 2139623659, 99.633990}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        uint32_t hash = otel__sampling_hash(known[i].text, strlen(known[i].text));
        assert_int_equal(hash, known[i].hash);
        near(otel__sampling_score(hash) * 100, known[i].percent);
    }
}

/* The lowest signed number has no positive counterpart. */
static void no_hash_is_above_the_largest_signed_number(void **unused)
{
    (void)unused;
    char text[7] = {0};
    uint64_t state = 1;
    for (int i = 0; i < 100000; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        memcpy(text, &state, sizeof text);
        uint32_t hash = otel__sampling_hash(text, sizeof text);
        assert_true(hash <= INT32_MAX);
    }
    assert_int_equal(otel__sampling_hash("dpplaatu", 8), INT32_MAX);
    assert_int_equal(otel__sampling_hash("", 0), 5381);
    near(otel__sampling_score(INT32_MAX), 1);
    near(otel__sampling_score(0), 0);
}

static void rates_become_one_of_n(void **unused)
{
    (void)unused;
    static const double nearest[][2] = {{100, 100},
                                        {99.9, 50},
                                        {70, 50},
                                        {50, 50},
                                        {45, 50},
                                        {33, 100. / 3},
                                        {33.33, 100. / 3},
                                        {30, 100. / 3},
                                        {25, 25},
                                        {10, 10},
                                        {14.2857, 100. / 7},
                                        {1, 1},
                                        {0.3, 100. / 333},
                                        {1e-6, 1e-6}};
    for (size_t i = 0; i < sizeof nearest / sizeof *nearest; i++)
        near(otel__sampling_nearest(nearest[i][0]), nearest[i][1]);
    static const double lower[][2] = {{100, 100}, {99.9, 50}, {50, 50}, {49.9, 100. / 3}, {30, 25}, {5, 5}, {0.4, 0.4}};
    for (size_t i = 0; i < sizeof lower / sizeof *lower; i++) near(otel__sampling_not_above(lower[i][0]), lower[i][1]);
    near(otel__sampling_not_above(99.999999999999), 100); /* what rounding took is no step */
    near(otel__sampling_not_above(0), 0);
    near(otel__sampling_nearest(1e-300), 0);
}

static void what_is_left_of_a_score(void **unused)
{
    (void)unused;
    near(otel__sampling_rest(0.125, 25), 0.5); /* kept: halfway */
    near(otel__sampling_rest(0.2499, 25), 0.9996);
    near(otel__sampling_rest(0.625, 25), 0.5); /* somebody else kept it */
    near(otel__sampling_rest(0.3, 100), 0.3);
    near(otel__sampling_rest(0.3, 1e-300), 0); /* nothing is */
}

static void the_pace_is_that_of_the_others(void **unused)
{
    (void)unused;
    const int64_t ms = 1000000;
    otel__sampling_pace pace = {.last_ns = 7};
    for (int i = 1; i < 100; i++) near(otel__sampling_pace_rate(&pace, 7 + i * 10 * ms, 5), 5);
    pace = (otel__sampling_pace){0};
    near(otel__sampling_pace_rate(&pace, 10 * ms, 5), 5);
    near(otel__sampling_pace_rate(&pace, 10 * ms, 5), 2.5);
    near(otel__sampling_pace_rate(&pace, 9 * ms, 5), 100. / 60); /* a clock read earlier */
    pace = (otel__sampling_pace){0};
    for (int i = 0; i < 3; i++) near(otel__sampling_pace_rate(&pace, 1000 * ms + i * ms, 5), 100);
    pace = (otel__sampling_pace){0};
    for (int i = 1; i < 1000; i++) near(otel__sampling_pace_rate(&pace, i * 200 * ms, 5), 100); /* just so many */
    near(otel__sampling_pace_rate(&pace, 1000000 * 1000 * ms, 5), 100);
}

/* A second after much it is forgotten. */
static void the_pace_follows(void **unused)
{
    (void)unused;
    const int64_t ms = 1000000;
    otel__sampling_pace pace = {0};
    int64_t now = 0;
    double rate = 0;
    for (int i = 0; i < 10000; i++) rate = otel__sampling_pace_rate(&pace, now += ms / 10, 100);
    near(rate, 1); /* 10000 a second came */
    for (int i = 0; i < 30; i++) rate = otel__sampling_pace_rate(&pace, now += 10 * ms, 100);
    assert_true(rate > 10);
    for (int i = 0; i < 100; i++) rate = otel__sampling_pace_rate(&pace, now += 10 * ms, 100);
    assert_true(rate >= 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_those_of_the_others), cmocka_unit_test(no_hash_is_above_the_largest_signed_number),
        cmocka_unit_test(rates_become_one_of_n),          cmocka_unit_test(what_is_left_of_a_score),
        cmocka_unit_test(the_pace_is_that_of_the_others), cmocka_unit_test(the_pace_follows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
