/* Processors that come along: filter, attributes, limiter, sampler, deduplicator, router, recorder, baggage. They stand
 * in the list of a provider (otel_options.log_processors) in front of what exports, or in the list of a route. (Logs
 * SDK, "LogRecordProcessor")
 *
 * For all of them:
 *   - Made before the provider, which owns them from then on; one that no provider took is given to
 *     otel_log_processor_destroy. Options and all they point to are copied. {0} and NULL mean defaults. NULL as an
 * answer: refused (diag says why) or out of memory; otel_start does not start with a NULL in its list.
 *   - A pattern is a name, or its beginning and '*' ("shop.*"); case counts. A record without severity is below and
 * above nothing: no bound of a severity stops it.
 *   - emit is thread-safe and never waits for I/O; a lock is never held while a record is passed on. Not signal-safe.
 *   - What they keep or count is forgotten in the child of a fork: it is the parent's.
 *   - Records that they hold back count in the provider's books as filtered when emit returns. */
#ifndef OTEL_SDK_PROCESSORS_H
#define OTEL_SDK_PROCESSORS_H
#include <otel/sdk/log_processor.h>

#ifndef OTEL_PROCESSORS_INLINE
#define OTEL_PROCESSORS_INLINE inline
#endif

/* Index of counts by severity: the range that a severity belongs to. */
enum {
    OTEL_RANGE_UNSPECIFIED = 0,
    OTEL_RANGE_TRACE = 1,
    OTEL_RANGE_DEBUG = 2,
    OTEL_RANGE_INFO = 3,
    OTEL_RANGE_WARN = 4,
    OTEL_RANGE_ERROR = 5,
    OTEL_RANGE_FATAL = 6,
    OTEL_RANGES = 7
};

/* What became of the records that were given to one of the processors below, in this process:
 * taken = passed + kept + every dropped_..., at any moment. */
typedef struct otel_processor_books {
    uint64_t taken;
    uint64_t passed;              /* handed on: at once, or later (recorder) */
    uint64_t kept;                /* in memory now (recorder) */
    uint64_t dropped_unwanted;    /* filter; router: no route, and nothing behind it */
    uint64_t dropped_unredacted;  /* attributes: a rule could not be carried out */
    uint64_t dropped_over_limit;  /* limiter */
    uint64_t dropped_repeated;    /* deduplicator: stand in a count */
    uint64_t dropped_evicted;     /* recorder: made room for later ones, too large, or out of memory */
    uint64_t added;               /* deduplicator: records with a count, in addition to those taken */
    uint64_t over_limit[7];       /* dropped_over_limit by OTEL_RANGE_... */
    uint64_t dropped_sampled_out; /* sampler: those that are kept stand for them */
    uint64_t sampled_out[7];      /* dropped_sampled_out by OTEL_RANGE_... */
} otel_processor_books;

/* Filter. Lets through what is within the severities, from one of the scopes, and from none of the dropped ones. */
typedef struct otel_filter_options {
    otel_severity min_severity; /* 0: no bound */
    otel_severity max_severity; /* 0: no bound */
    const char *const *scopes;  /* patterns of logger names; none: all */
    size_t scope_count;
    const char *const *dropped_scopes; /* patterns; they win */
    size_t dropped_scope_count;
} otel_filter_options;

/* Attributes: rules, each applied to what the one before it left. */
enum {
    OTEL_RULE_ADD = 1,    /* .key with .value, unless the record has it */
    OTEL_RULE_SET = 2,    /* .key with .value, whatever the record has */
    OTEL_RULE_RENAME = 3, /* .key becomes .new_key, the value stays; a .new_key that was there is replaced */
    OTEL_RULE_REMOVE = 4, /* attributes whose key matches the pattern .key */
    OTEL_RULE_REDACT = 5  /* see below */
};

/* One rule; the others' fields are ignored.
 *
 * Redaction by key (.text_pattern NULL): the value of a matching key becomes .value, whatever it was.
 * Redaction by text: in values of matching keys (.key NULL: all) each match of .text_pattern becomes .value. It is a
 * POSIX extended regular expression over bytes, in the "C" locale whatever the program's is; one that matches nothing
 * at all ("x*") is refused. Numbers and booleans that match as text are replaced whole. Both look into maps and arrays,
 * however deep: an entry of a map matches by its own key or by its path ("user.email" in the map "user"). Of both the
 * body is looked at when .body says so. Keys themselves, event names and the resource are not searched.
 *
 * A rule that cannot be carried out (more than 32 changes of one record, no memory) drops the record: counted in
 * dropped_unredacted, and said. Nothing is passed on in the clear. */
typedef struct otel_attribute_rule {
    uint32_t action; /* OTEL_RULE_... */
    uint32_t body;   /* redact: 1: the body too (by key: entries of a body that is a map) */
    const char *key;
    const char *new_key;
    otel_value value;         /* add, set; redact: a string, empty means "***" */
    const char *text_pattern; /* redact; NULL: by key */
} otel_attribute_rule;

/* Limiter: records a second, of each range of severities by itself, all loggers together. 0: the default;
 * OTEL_UNLIMITED; OTEL_ZERO: none. What was left out is counted, said (when it starts and when it ends), and stands in
 * the attribute log.limiter.left_out of the next record of that range that passes. */
typedef struct otel_limiter_options {
    uint32_t trace, debug, info, warn; /* 1000 */
    uint32_t error, fatal;             /* unlimited */
    uint32_t unspecified;              /* unlimited */
    uint32_t reserved;
} otel_limiter_options;

/* Sampler: keeps a part of the records, by rates in percent for each range of severities. 0: the default; OTEL_ZERO:
 * none (counted as all that it leaves out). A kept record whose rate is below 100 says so in the attribute
 * microsoft.sample_rate, a double: it stands for 100 / rate records. The exporter azure_monitor makes the item's
 * sampleRate of it (which itemCount comes from); any other one hands it on as it is.
 *
 * Which part: a record inside a trace by the hash of its trace id, so that records of a trace are kept together, and
 * the same traces as samplers for Application Insights in other languages keep at that rate; whoever is kept at a rate
 * is kept at every higher one. The trace's own flag is not looked at (that is OTEL_C_LOG_TRACE_BASED). Other records by
 * chance.
 *
 * Counts are exact when the rate is 100 / N (100, 50, 33.33, 25, 20, ...), because the service rounds 100 / rate. A
 * rate that is not becomes the nearest that is, a part never the whole (70 becomes 50), and that is said; with
 * any_percent it stays as given, for the same traces as another sampler at such a rate.
 *
 * Rates multiply: a record that comes with a microsoft.sample_rate (or _MS.sampleRate) between 0 and 100 has been
 * chosen before, and leaves with the product. The second choice goes by what the first has not used of the hash, so
 * that two samplers in a row keep as many as their rates say. A record that can take no more changes (32) passes
 * without the attribute. */
typedef struct otel_sampler_options {
    double percent; /* of every range that says nothing itself: 100 */
    double trace, debug, info, warn, error, fatal;
    double unspecified; /* records without a severity */
    /* In place of percent: about so many records a second, of all ranges that say nothing themselves together. The rate
     * follows the load within a tenth of a second, as 100 / N, so that a trace that lasts longer may be kept in part.
     * 0: no; at most 1e9. */
    double per_second;
    uint32_t upper_case_ids; /* 1: hash trace ids in upper case, as the .NET exporter does; the others: lower case */
    uint32_t any_percent;    /* 1: rates stay as they are given */
} otel_sampler_options;

/* Deduplicator: of records with the same scope, severity, event name, body and attributes (code location included;
 * times and ids are not compared) the first passes at once; those that repeat it within the window are counted, and
 * when the window is over one of them passes with log.dedup.count, log.dedup.first_unix_nano and
 * log.dedup.last_unix_nano, about the repeats alone. A window's end is noticed at the next record of any kind, at
 * flush, and at shutdown. What finds no place (table or memory full, or longer than 4 KiB) passes. */
typedef struct otel_deduplicator_options {
    uint32_t window_ms;   /* 10000 */
    uint32_t max_records; /* different ones remembered at a time: 1024; at most 65536 */
} otel_deduplicator_options;

/* Router: to whom a record goes. A route that names nothing takes every record. */
typedef struct otel_route {
    otel_severity min_severity; /* 0: no bound; a record without severity has no place in a route with a bound */
    otel_severity max_severity; /* 0: no bound */
    const char *scope;          /* pattern of the logger's name; NULL: any */
    const char *event_name;     /* pattern; NULL: any */
    otel_attr attribute;        /* the record has it with this value (string, int, double, bool); key NULL: any */
    otel_log_processor *const
        *processors;        /* in order; owned from the call on, failure included; NULL elements refuse */
    size_t processor_count; /* 0: what takes this route is dropped */
} otel_route;

enum { OTEL_ROUTE_FIRST = 0, OTEL_ROUTE_ALL = 1 }; /* the first route that matches, or each of them */

/* What no route takes goes to `otherwise`; without one, to the next processor of the list, as if the router were not
 * there. With pass_on all records go to the next one too. */
typedef struct otel_router_options {
    const otel_route *routes;
    size_t route_count;
    otel_log_processor *const *otherwise; /* as otel_route.processors */
    size_t otherwise_count;
    uint32_t mode; /* OTEL_ROUTE_... */
    uint32_t pass_on;
} otel_router_options;

/* Recorder: keeps the last records below `pass_severity` and passes on the others; when one of `trigger_severity` or
 * above comes, those kept go first, oldest first, with their own times. With by_trace only those of its trace do
 * (without a valid trace id: those without). They go at once: the queue of a batch processor behind it should have room
 * for them. */
typedef struct otel_recorder_options {
    uint32_t max_records;           /* 512; at most 65536. The oldest makes room */
    uint32_t max_bytes;             /* 1 MiB, of memory taken by those kept */
    otel_severity pass_severity;    /* INFO */
    otel_severity trigger_severity; /* ERROR */
    uint32_t by_trace;
    uint32_t reserved;
} otel_recorder_options;

OTEL_EXTERN_C_BEGIN
/* The constructors: any thread. */
OTEL_API otel_log_processor *otel_filter_log_processor_new_sized(const otel_filter_options *options, size_t size);
OTEL_PROCESSORS_INLINE otel_log_processor *otel_filter_log_processor_new(const otel_filter_options *options)
{
    return otel_filter_log_processor_new_sized(options, sizeof(otel_filter_options));
}

OTEL_API otel_log_processor *otel_attributes_log_processor_new_sized(const otel_attribute_rule *rules, size_t count,
                                                                     size_t rule_size);
OTEL_PROCESSORS_INLINE otel_log_processor *otel_attributes_log_processor_new(const otel_attribute_rule *rules,
                                                                             size_t count)
{
    return otel_attributes_log_processor_new_sized(rules, count, sizeof(otel_attribute_rule));
}

OTEL_API otel_log_processor *otel_limiter_log_processor_new_sized(const otel_limiter_options *options, size_t size);
OTEL_PROCESSORS_INLINE otel_log_processor *otel_limiter_log_processor_new(const otel_limiter_options *options)
{
    return otel_limiter_log_processor_new_sized(options, sizeof(otel_limiter_options));
}

OTEL_API otel_log_processor *otel_sampler_log_processor_new_sized(const otel_sampler_options *options, size_t size);
OTEL_PROCESSORS_INLINE otel_log_processor *otel_sampler_log_processor_new(const otel_sampler_options *options)
{
    return otel_sampler_log_processor_new_sized(options, sizeof(otel_sampler_options));
}

OTEL_API otel_log_processor *otel_deduplicator_log_processor_new_sized(const otel_deduplicator_options *options,
                                                                       size_t size);
OTEL_PROCESSORS_INLINE otel_log_processor *otel_deduplicator_log_processor_new(const otel_deduplicator_options *options)
{
    return otel_deduplicator_log_processor_new_sized(options, sizeof(otel_deduplicator_options));
}

OTEL_API otel_log_processor *otel_router_log_processor_new_sized(const otel_router_options *options, size_t size,
                                                                 size_t route_size);
OTEL_PROCESSORS_INLINE otel_log_processor *otel_router_log_processor_new(const otel_router_options *options)
{
    return otel_router_log_processor_new_sized(options, sizeof(otel_router_options), sizeof(otel_route));
}

OTEL_API otel_log_processor *otel_recorder_log_processor_new_sized(const otel_recorder_options *options, size_t size);
OTEL_PROCESSORS_INLINE otel_log_processor *otel_recorder_log_processor_new(const otel_recorder_options *options)
{
    return otel_recorder_log_processor_new_sized(options, sizeof(otel_recorder_options));
}

/* Baggage: entries of the baggage of a record's context whose names match one of the patterns become attributes of the
 * same name, unless the record has them. This is how what a request or a run is about gets onto every line, in every
 * process that it goes through. Baggage comes from outside: name what you want rather than "*". */
OTEL_API otel_log_processor *otel_baggage_log_processor_new(const char *const *names, size_t count);

/* The books of one of the above, until its provider is stopped. false: it is none of them. Any thread. */
OTEL_API bool otel_log_processor_books_sized(otel_log_processor *processor, otel_processor_books *books, size_t size);
OTEL_PROCESSORS_INLINE bool otel_log_processor_books(otel_log_processor *processor, otel_processor_books *books)
{
    return otel_log_processor_books_sized(processor, books, sizeof(otel_processor_books));
}
OTEL_EXTERN_C_END
#endif
