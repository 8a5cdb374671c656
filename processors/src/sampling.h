/* The arithmetic of sampling: where a record stands between 0 and 1, which rates keep counts exact, and a rate that
 * follows the load. Rates are percentages. No state but what is handed in. */
#ifndef OTEL__PROCESSORS_SAMPLING_H
#define OTEL__PROCESSORS_SAMPLING_H
#include <otel/base.h>

/* Where the text of a trace id stands, from 0 to 1: below rate / 100 it is kept. The samplers for Application Insights
 * of other languages keep the same traces. */
uint32_t otel__sampling_hash(const char *text, size_t size); /* at most INT32_MAX */
double otel__sampling_score(uint32_t hash);

/* What a decision at `rate` left undecided of a score, from 0 to 1 again: of a score that it kept, how far that got; of
 * another one (it was not decided by score) something just as even. */
double otel__sampling_rest(double score, double rate);

/* A rate of the form 100 / N for one in (0, 100]: the nearest N, but a part never becomes the whole; or the nearest
 * that is not above. */
double otel__sampling_nearest(double rate);
double otel__sampling_not_above(double rate);

/* How many came lately; fades within a tenth of a second. */
typedef struct otel__sampling_pace {
    double count, nanoseconds;
    int64_t last_ns;
} otel__sampling_pace;

/* One more came: the rate at which about `per_second` of them are kept. */
double otel__sampling_pace_rate(otel__sampling_pace *pace, int64_t now_ns, double per_second);
#endif
