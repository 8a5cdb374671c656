/* What a provider takes from its options and from the environment: who wins, what the numbers mean. */
#include "common/variables.h"
#include "provider.h"
#include <string.h>

static bool code_wins(const otel_options *o)
{
    return o->environment == OTEL_CODE_WINS;
}

/* Texts: the environment, unless the program has the last word and has spoken. */
static const char *text_of(const otel_options *o, const char *given, const otel_variable *variable)
{
    const char *environment = otel_env_text(variable->name);
    if (code_wins(o) && given) return given;
    return environment ? environment : given;
}

/* Numbers of the options: 0 is not given, OTEL_ZERO a real zero. */
static uint32_t number_of(uint32_t given, uint32_t fallback)
{
    return given == OTEL_ZERO ? 0 : given ? given : fallback;
}

/* Likewise; `general` counts where `specific` says nothing. */
static uint32_t number(const otel_options *o, uint32_t given, uint32_t fallback, const otel_variable *specific,
                       const otel_variable *general)
{
    uint64_t value = number_of(given, fallback);
    bool read = !(code_wins(o) && given);
    if (read && !otel_env_read(specific, &value) && general) otel_env_read(general, &value);
    return (uint32_t)value;
}

static bool code_location(const otel_options *o)
{
    uint64_t on = !o->code_location_off;
    if (on || !code_wins(o)) otel_env_read(&otel__env.OTEL_C_CODE_LOCATION, &on);
    return on != 0;
}

/* LogRecordLimits (Common, "Attribute Limits"). */
static otel__record_limits limits(const otel_options *o)
{
    uint32_t count = number(o, o->attribute_count_limit, OTEL__ATTRIBUTES_DEFAULT,
                            &otel__env.OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT, &otel__env.OTEL_ATTRIBUTE_COUNT_LIMIT);
    uint32_t length =
        number(o, o->attribute_value_length_limit, OTEL_UNLIMITED,
               &otel__env.OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT, &otel__env.OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT);
    if (count > OTEL__ATTRIBUTES_MAX) {
        otel_diag(OTEL_SEVERITY_WARN, "provider", "the attribute count limit is %u, %d is used", count,
                  OTEL__ATTRIBUTES_MAX);
        count = OTEL__ATTRIBUTES_MAX;
    }
    return (otel__record_limits){count, length};
}

static uint32_t flush_on_fatal(const otel_options *o)
{
    uint32_t ms = number(o, o->flush_on_fatal_ms, 0, &otel__env.OTEL_C_FLUSH_ON_FATAL_MS, NULL);
    if (!ms || o->run != OTEL_RUN_HOST) return ms;
    otel_diag(OTEL_SEVERITY_WARN, "provider", "flushing on FATAL is not possible without a thread: call otel_flush");
    return 0;
}

static char *copy_text(const char *text)
{
    char *copy = text ? otel_allocate(strlen(text) + 1) : NULL;
    return copy ? strcpy(copy, text) : NULL;
}

void otel__provider_read_options(otel__provider *p, const otel_options *o)
{
    p->host = o->run == OTEL_RUN_HOST;
    p->inert_child = o->fork == OTEL_FORK_INERT;
    p->code_location = code_location(o);
    p->limits = limits(o);
    p->flush_on_fatal_ms = flush_on_fatal(o);
    otel__levels_read(&p->levels, text_of(o, o->log_levels, &otel__env.OTEL_C_LOG_LEVELS));
    const char *file = text_of(o, o->log_levels_file, &otel__env.OTEL_C_LOG_LEVELS_FILE);
    otel__levels_file_open(&p->levels_file, file, &p->levels);
    atomic_store(&p->leveled, p->levels.count != 0);
    p->scopes.levels = &p->levels;
    p->trace_based = copy_text(text_of(o, o->log_trace_based, &otel__env.OTEL_C_LOG_TRACE_BASED));
    p->scopes.trace_based = p->trace_based;
}
