/* The sampler: keeps a part of the records, those of a trace together, and writes into each how many it stands for. */
#include "part.h"
#include "sampling.h"
#include <otel/sdk/random.h>
#include <string.h>

/* Read and written by exporters for Application Insights; the second is its older name. */
static const char rate_key[] = "microsoft.sample_rate", old_rate_key[] = "_MS.sampleRate";
static const double by_pace = -1; /* in the place of a rate */

typedef struct sampler {
    otel__part part;
    double rates[OTEL_RANGES];
    double per_second;
    bool upper_case, any_rate;
    _Atomic uint64_t random; /* where records without a trace are in their sequence */
    pthread_mutex_t lock;    /* of the pace */
    otel__sampling_pace pace;
} sampler;

/* Deciding. ---------------------------------------------------------------------------------------------------------
 */

static double paced_rate(sampler *s)
{
    otel__part_lock(&s->lock);
    double rate = otel__sampling_pace_rate(&s->pace, otel__part_now(), s->per_second);
    otel__part_unlock(&s->lock);
    return rate;
}

/* Steele, Lea and Flood's SplitMix64: evenly spread, and no system call for each record. */
static uint32_t random_31_bits(sampler *s)
{
    uint64_t step = 0x9e3779b97f4a7c15u, z = atomic_fetch_add_explicit(&s->random, step, memory_order_relaxed) + step;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ z >> 31) >> 33);
}

static uint32_t hash_of_trace(const sampler *s, const uint8_t id[16])
{
    char text[33];
    otel_trace_id_hex(id, text);
    for (int i = 0; i < 32 && s->upper_case; i++)
        if (text[i] >= 'a') text[i] -= 'a' - 'A';
    return otel__sampling_hash(text, 32);
}

static double score_of(sampler *s, const otel_log_record *record)
{
    static const uint8_t none[16];
    const uint8_t *id = record->span_context.trace_id;
    return otel__sampling_score(memcmp(id, none, sizeof none) ? hash_of_trace(s, id) : random_31_bits(s));
}

/* What a sampler before us wrote: 100 when there was none. */
static double rate_in(const otel_log_record *record, const char *key)
{
    otel_value v;
    if (!otel_log_record_get(record, key, &v)) return 100;
    double rate = v.type == OTEL_TYPE_DOUBLE ? v.u.number : v.type == OTEL_TYPE_INT ? (double)v.u.integer : 100;
    return rate > 0 && rate < 100 ? rate : 100;
}

static void tell_and_pass(sampler *s, otel_log_record *record, double rate)
{
    if (otel_log_record_set(record, OTEL_DOUBLE(rate_key, rate))) otel_log_record_remove(record, old_rate_key);
    otel__pass(&s->part, record);
}

static void sample(sampler *s, otel_log_record *record, double rate)
{
    double score = score_of(s, record), before = rate_in(record, rate_key), product = rate;
    if (before >= 100) before = rate_in(record, old_rate_key);
    if (before < 100) {
        score = otel__sampling_rest(score, before);
        product = rate * before / 100;
    }
    if (score * 100 < rate)
        tell_and_pass(s, record, product);
    else
        otel__count(&s->part, OTEL__SAMPLED_OUT + otel__range_of(record->severity));
}

static void sampler_emit(otel_log_processor *self, otel_log_record *record)
{
    sampler *s = (sampler *)self;
    double rate = s->rates[otel__range_of(record->severity)];
    if (rate < 0) rate = paced_rate(s);
    if (rate >= 100)
        otel__pass(&s->part, record);
    else
        sample(s, record, rate);
}

/* Beginning, ending. ------------------------------------------------------------------------------------------------
 */

/* A child of a fork goes on in a sequence of its own. */
static void begin(sampler *s)
{
    atomic_store(&s->random, otel_random());
    s->pace = (otel__sampling_pace){.last_ns = otel__part_now()};
}

static void sampler_after_fork(otel_log_processor *self)
{
    otel__part_lock_after_fork(&((sampler *)self)->lock);
    otel__part_after_fork(self);
    begin((sampler *)self);
}

static void sampler_destroy(otel_log_processor *self)
{
    pthread_mutex_destroy(&((sampler *)self)->lock);
}

/* Chance does not decide here: what is left out has to be counted. */
const otel_log_processor_ops otel__sampler_ops = {.size = sizeof(otel_log_processor_ops),
                                                  .name = "sampler",
                                                  .emit = sampler_emit,
                                                  .enabled = otel__part_enabled,
                                                  .destroy = sampler_destroy,
                                                  .after_fork = sampler_after_fork};

/* Options. ----------------------------------------------------------------------------------------------------------
 */

static bool is_zero(double given)
{
    return given >= OTEL_ZERO && given <= OTEL_ZERO;
}

static double exact(const sampler *s, double given, const char *name)
{
    double rate = s->any_rate ? given : otel__sampling_nearest(given);
    if (rate > given * 1.005 || rate < given * 0.995)
        otel_diag(OTEL_SEVERITY_WARN, "sampler", "%s: %g %% is not 100 / N, it becomes %g %%", name, given, rate);
    return rate;
}

/* Nothing given: the fallback. */
static bool take_rate(const sampler *s, double *rate, double given, double fallback, const char *name)
{
    if (!is_zero(given) && !(given >= 0 && given <= 100)) {
        otel_diag(OTEL_SEVERITY_ERROR, "sampler", "%s: %g is no percentage", name, given);
        return false;
    }
    *rate = is_zero(given) ? 0 : given > 0 ? exact(s, given, name) : fallback;
    return true;
}

static bool take_rates(sampler *s, const otel_sampler_options *o)
{
    static const char *const names[] = {"unspecified", "trace", "debug", "info", "warn", "error", "fatal"};
    const double given[] = {o->unspecified, o->trace, o->debug, o->info, o->warn, o->error, o->fatal};
    double of_all;
    bool fine = take_rate(s, &of_all, o->percent, o->per_second > 0 ? by_pace : 100, "percent");
    for (int i = 0; i < OTEL_RANGES && fine; i++) fine = take_rate(s, &s->rates[i], given[i], of_all, names[i]);
    return fine;
}

static bool take_options(sampler *s, const otel_sampler_options *o)
{
    s->upper_case = o->upper_case_ids != 0;
    s->any_rate = o->any_percent != 0;
    s->per_second = o->per_second;
    if (!(o->per_second >= 0 && o->per_second <= 1e9)) {
        otel_diag(OTEL_SEVERITY_ERROR, "sampler", "per_second: %g is not between 0 and 1e9", o->per_second);
        return false;
    }
    if (o->per_second > 0 && (o->percent < 0 || o->percent > 0)) {
        otel_diag(OTEL_SEVERITY_ERROR, "sampler", "percent and per_second: one or the other");
        return false;
    }
    return take_rates(s, o);
}

otel_log_processor *otel_sampler_log_processor_new_sized(const otel_sampler_options *options, size_t size)
{
    otel_sampler_options o = {0};
    if (options) memcpy(&o, options, size < sizeof o ? size : sizeof o);
    sampler *s = otel_log_processor_new(sizeof *s, &otel__sampler_ops);
    if (!s) return NULL;
    pthread_mutex_init(&s->lock, NULL);
    begin(s);
    if (take_options(s, &o)) return &s->part.base;
    otel_log_processor_destroy(&s->part.base);
    return NULL;
}
