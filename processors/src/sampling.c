/* The arithmetic of sampling. Without the mathematical library, which nothing else here needs. */
#include "sampling.h"

/* What rounding left over costs no whole step of N. */
static const double tolerance = 1 - 1e-9, fading_ns = 1e8;

/* Wraps around as a signed number of 32 bits does. */
uint32_t otel__sampling_hash(const char *text, size_t size)
{
    uint32_t hash = 5381, lowest = (uint32_t)INT32_MAX + 1;
    for (size_t i = 0; i < size; i++) hash = hash * 33 + (unsigned char)text[i];
    if (hash < lowest) return hash;
    return hash == lowest ? INT32_MAX : 0 - hash;
}

double otel__sampling_score(uint32_t hash)
{
    return hash / (double)INT32_MAX;
}

double otel__sampling_rest(double score, double rate)
{
    double steps = score * 100 / rate;
    return steps < 1e15 ? steps - (double)(int64_t)steps : 0;
}

static double one_of(double n)
{
    return n < 1e15 ? 100 / (double)(int64_t)n : 100 / n;
}

double otel__sampling_nearest(double rate)
{
    if (rate >= 100) return 100;
    double n = 100 / rate + 0.5;
    return one_of(n < 2 ? 2 : n);
}

double otel__sampling_not_above(double rate)
{
    double n = 100 / rate * tolerance, whole = n < 1e15 ? (double)(int64_t)n : n;
    return one_of(whole < n ? whole + 1 : whole);
}

/* e to the power of -x, for x >= 0: the series for a small part of x, squared as often as x was halved. */
static double exp_of_minus(double x)
{
    int halved = 0;
    double term = 1, sum = 1;
    if (x > 700) return 0;
    for (; x > 0.0625; halved++) x /= 2;
    for (int i = 1; i <= 10; i++) sum += term *= -x / i;
    while (halved--) sum *= sum;
    return sum;
}

double otel__sampling_pace_rate(otel__sampling_pace *pace, int64_t now_ns, double per_second)
{
    int64_t passed_ns = now_ns - pace->last_ns;
    if (passed_ns > 0) {
        double faded = exp_of_minus((double)passed_ns / fading_ns);
        pace->count *= faded;
        pace->nanoseconds = pace->nanoseconds * faded + (double)passed_ns;
        pace->last_ns = now_ns;
    }
    pace->count += 1;
    double part = pace->nanoseconds * per_second * 1e-9 / pace->count;
    return otel__sampling_not_above(part < 1 ? part * 100 : 100);
}
