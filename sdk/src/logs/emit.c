/* The emitting calls of a provider: bind the logger, read the clock, and hand the record to the first processor. */
#include "batch_processor.h"
#include "processor.h"
#include "provider.h"
#include "record.h"
#include "wire/record_short.h"
#include <stddef.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

enum { SHORTEST_CODE_KEY = 14, FIELDS = 64 /* types from here on are no attributes */ };

static otel__provider *of(otel_provider *provider)
{
    return (otel__provider *)provider;
}

static void count(_Atomic uint64_t *counter)
{
    atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

otel__counts *otel__provider_counts(const otel__provider *p)
{
    uint64_t h = (uint64_t)otel__thread_pointer() * 0x9e3779b97f4a7c15u;
    return &p->life->counts[h >> 60];
}

/* A logger's binding is one word, so that it is never seen half: the provider's stamp above, the scope's index below.
 */
static uint32_t bind_slowly(otel__provider *p, otel_logger *logger)
{
    otel__lock_take(&p->life->scopes);
    uint32_t index = otel__scope_intern(&p->scopes, &logger->scope);
    otel__lock_give(&p->life->scopes);
    __atomic_store_n((uint64_t *)&logger->otel_private[0], p->stamp | index, __ATOMIC_RELEASE);
    return index;
}

static inline uint32_t bind(otel__provider *p, otel_logger *logger)
{
    uint64_t word = __atomic_load_n((const uint64_t *)&logger->otel_private[0], __ATOMIC_ACQUIRE);
    if (OTEL__LIKELY((word & ~UINT64_C(0xffff)) == p->stamp)) return (uint32_t)(word & 0xffff);
    return bind_slowly(p, logger);
}

static bool key_before(const otel_attr *attributes, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (attributes[j].key_size == attributes[i].key_size &&
            memcmp(attributes[j].key, attributes[i].key, attributes[i].key_size) == 0)
            return true;
    return false;
}

/* No field of the record among them, no key twice, none of ours: the writer can take them as they are. */
static __attribute__((noinline)) bool plain(const otel_attr *attributes, size_t n)
{
    uint64_t lengths = 0;
    for (size_t i = 0; i < n; i++) {
        const otel_attr *a = &attributes[i];
        uint64_t bit = UINT64_C(1) << (a->key_size & 63);
        if (!a->key || !a->key_size || a->value.type >= FIELDS) return false;
        if (a->key_size >= SHORTEST_CODE_KEY && memcmp(a->key, "code.", 5) == 0) return false;
        if ((lengths & bit) && key_before(attributes, i)) return false;
        lengths |= bit;
    }
    return true;
}

/* The same by the lengths of keys alone, which is mostly enough. */
static inline bool plain_at_a_glance(const otel__record_keys *keys, const otel_log_site *site)
{
    const uint64_t code_keys = UINT64_C(1) << 14 | UINT64_C(1) << 16 | UINT64_C(1) << 18;
    return otel__record_keys_differ(keys) && !(site && (keys->lengths & code_keys));
}

/* The gate lets through what any logger wants; this is what this one wants. */
static inline bool below_level(const otel__provider *p, uint32_t scope, otel_severity severity)
{
    if (OTEL__LIKELY(!atomic_load_explicit(&p->leveled, memory_order_relaxed))) return false;
    int32_t lowest = atomic_load_explicit(&p->scopes.table[scope]->lowest_rank, memory_order_relaxed);
    return OTEL_SEVERITY_RANK(severity) < lowest;
}

static inline bool flushes(const otel__provider *p, otel_severity severity)
{
    return severity >= OTEL_SEVERITY_FATAL && severity <= OTEL_SEVERITY_FATAL4 && p->flush_on_fatal_ms;
}

static void run(otel__provider *p, otel_log_record *record, uint32_t scope)
{
    otel__change changes[OTEL__CHANGES_MAX];
    otel__record_state state = {.provider = p, .changes = changes, .number = scope};
    record->scope = &p->scopes.table[scope]->scope;
    record->resource = p->resource;
    record->otel_private = &state;
    if (p->head) otel__processor_call(p->head, record);
    record->otel_private = NULL;
    if (p->head_exports) return;
    count(state.offered ? &otel__provider_counts(p)->delivered : &otel__provider_counts(p)->filtered);
}

/* To be said by the loop: not everywhere where a record may be emitted may words be made. */
static void note_dropped(const otel__provider *p)
{
    uint32_t not_yet = 0;
    atomic_compare_exchange_strong(&p->life->attributes_dropped, &not_yet, 1);
}

/* Records without a span pass (Logs SDK, "LoggerConfig", trace_based). */
static bool not_sampled(const otel__provider *p, uint32_t scope, const otel_span_context *span_context)
{
    static const uint8_t none[8];
    return p->trace_based && p->scopes.table[scope]->trace_based && !(span_context->flags & OTEL_TRACE_FLAG_SAMPLED) &&
           memcmp(span_context->span_id, none, sizeof none) != 0;
}

static void prepare_and_run(otel__provider *p, uint32_t scope, otel_log_record *record, const otel_context *current)
{
    static const otel_context none;
    otel__room room;
    if (!record->context) record->context = current ? current : &none;
    if (!otel__record_has_trace_id(&record->span_context)) record->span_context = record->context->span_context;
    if (!p->code_location) record->site = NULL;
    otel__record_prepare(record, &p->limits, &room);
    if (OTEL_UNLIKELY(record->dropped_attribute_count)) note_dropped(p);
    if (OTEL_UNLIKELY(not_sampled(p, scope, &record->span_context)))
        count(&otel__provider_counts(p)->filtered);
    else
        run(p, record, scope);
    otel__room_close(&room);
    if (OTEL_UNLIKELY(flushes(p, record->severity))) otel__provider_flush_on_fatal(p);
}

/* Into the queue. The rare ways get copies: a record whose address is known to nobody stays in registers. */
INLINE void put(otel__batch *fast, const otel__record_input *input, const otel__record_plan *plan, uint32_t scope)
{
    otel__queue_slot slot;
    if (OTEL_UNLIKELY(plan->total > fast->options.max_record_bytes)) {
        otel__batch_too_large(fast);
        return;
    }
    otel__queue_status status = otel__queue_reserve(&fast->queue, plan->total, &slot);
    if (OTEL_UNLIKELY(status != OTEL__QUEUE_OK)) {
        otel__record_input copy = *input;
        if (status == OTEL__QUEUE_FULL && fast->options.wait_for_room_ms) otel__batch_wait(fast, &copy, scope);
        return;
    }
    otel__record_write_short(slot.at, input, plan);
    otel__queue_commit(&slot, scope, plan->total);
}

/* From the call into the queue with nothing in between; false: the attributes need work first. */
INLINE bool log_fast(otel__batch *fast, const otel__record_input *input, uint32_t scope)
{
    otel__record_plan plan;
    otel__record_keys keys = {0, 0};
    uint32_t size = otel__record_size_short(input, &plan, &keys);
    bool sure = size && plain_at_a_glance(&keys, input->site);
    if (!sure && !plain(input->attributes, input->count)) return false;
    if (OTEL__LIKELY(size != 0)) {
        put(fast, input, &plan, scope);
        return true;
    }
    otel__record_input copy = *input;
    otel__batch_take(fast, &copy, scope);
    return true;
}

static __attribute__((noinline)) void log_slowly(otel__provider *p, const otel__record_input *given, uint32_t scope,
                                                 const otel_context *current)
{
    otel_log_record record = {.size = sizeof record,
                              .severity = given->severity,
                              .time_unix_nano = given->time,
                              .observed_time_unix_nano = given->observed,
                              .body = given->body,
                              .attributes = given->attributes,
                              .attribute_count = given->count,
                              .site = given->site};
    prepare_and_run(p, scope, &record, current);
}

static void provider_log(otel_provider *provider, otel_logger *logger, const otel_context *current,
                         const otel_log_site *site, otel_severity severity, otel_value body,
                         const otel_attr *attributes, size_t attribute_count)
{
    otel__provider *p = of(provider);
    uint64_t now = otel__realtime_ns();
    otel__provider_check_fork(p);
    uint32_t scope = bind(p, logger);
    if (!attributes) attribute_count = 0;
    if (below_level(p, scope, severity)) {
        count(&otel__provider_counts(p)->filtered);
        return;
    }
    const otel_span_context *span =
        current && otel_span_context_valid(&current->span_context) ? &current->span_context : NULL;
    otel__record_input input; /* field by field: an initialiser would clear it in memory first */
    input.time = input.observed = now;
    input.site = p->code_location ? site : NULL;
    input.attributes = attributes;
    input.count = (uint32_t)attribute_count;
    input.severity = severity;
    input.body = body;
    input.severity_text.data = input.event_name.data = NULL;
    input.severity_text.size = input.event_name.size = 0;
    input.span_context = span;
    input.dropped_attribute_count = 0;
    input.value_length_limit = p->limits.value_length;
    input.depth_limit = OTEL__DEPTH_MAX;
    bool few = attribute_count <= OTEL__FAST_ATTRIBUTES && !(current && current->log_attributes);
    if (!p->fast || !few || !log_fast((otel__batch *)p->fast, &input, scope)) {
        otel__record_input copy = input;
        if (attribute_count > UINT32_MAX) copy.count = UINT32_MAX;
        log_slowly(p, &copy, scope, current);
    } else if (OTEL_UNLIKELY(flushes(p, severity))) {
        otel__provider_flush_on_fatal(p);
    }
}

/* A record of an older program is shorter than ours. */
static void provider_emit(otel_provider *provider, otel_logger *logger, const otel_context *current,
                          const otel_log_record *given)
{
    otel__provider *p = of(provider);
    otel_log_record record = {.size = 0};
    memcpy(&record, given, given->size < sizeof record ? given->size : sizeof record);
    record.size = sizeof record;
    if (!record.observed_time_unix_nano) record.observed_time_unix_nano = otel__realtime_ns();
    otel__provider_check_fork(p);
    uint32_t scope = bind(p, logger);
    if (below_level(p, scope, record.severity))
        count(&otel__provider_counts(p)->filtered);
    else
        prepare_and_run(p, scope, &record, current);
}

static bool provider_enabled(otel_provider *provider, otel_logger *logger, otel_severity severity,
                             const otel_context *current)
{
    otel__provider *p = of(provider);
    otel__provider_check_fork(p);
    uint32_t scope = bind(p, logger);
    if (below_level(p, scope, severity)) return false;
    if (current && not_sampled(p, scope, &current->span_context)) return false;
    return otel_log_processor_enabled(p->head, &p->scopes.table[scope]->scope, severity, current);
}

static void provider_suppressed(otel_provider *provider)
{
    count(&otel__provider_counts(of(provider))->suppressed);
}

/* When the first cannot tell, the answer is yes in any case. */
static bool asks(const otel__provider *p)
{
    return p->head && !p->head_exports && p->head->ops->enabled;
}

/* Lock of the ports held: what is published last is what holds. */
static void publish_at(otel__provider *p, otel_api_port *port)
{
    int32_t lowest = p->head ? p->levels.lowest : OTEL_GATE_CLOSED;
    port->publish(port, &p->base, lowest, p->levels.differ || asks(p) || p->trace_based);
}

void otel__provider_publish(otel__provider *p)
{
    for (int i = 0; i < OTEL__PORTS_MAX; i++)
        if (p->port_list[i]) publish_at(p, p->port_list[i]);
}

static otel_result provider_attach(otel_provider *provider, otel_api_port *port)
{
    otel__provider *p = of(provider);
    int free_place = -1;
    if (port->size < offsetof(otel_api_port, retire) + sizeof port->retire) return OTEL_ERR_ARGUMENT;
    otel__lock_take(&p->life->ports);
    for (int i = OTEL__PORTS_MAX - 1; i >= 0; i--)
        if (!p->port_list[i]) free_place = i;
    if (free_place >= 0) {
        p->port_list[free_place] = port;
        publish_at(p, port);
    }
    otel__lock_give(&p->life->ports);
    if (free_place >= 0) return OTEL_OK;
    otel_diag(OTEL_SEVERITY_ERROR, "provider", "no room: %d copies of the API use this provider already",
              OTEL__PORTS_MAX);
    return OTEL_ERR_NO_MEMORY;
}

static void provider_detach(otel_provider *provider, otel_api_port *port)
{
    otel__provider *p = of(provider);
    otel__lock_take(&p->life->ports);
    for (int i = 0; i < OTEL__PORTS_MAX; i++)
        if (p->port_list[i] == port) p->port_list[i] = NULL;
    otel__lock_give(&p->life->ports);
}

const otel_provider_ops otel__provider_ops = {.size = sizeof(otel_provider_ops),
                                              .attach = provider_attach,
                                              .detach = provider_detach,
                                              .log_enabled = provider_enabled,
                                              .log = provider_log,
                                              .log_emit = provider_emit,
                                              .suppressed = provider_suppressed};
