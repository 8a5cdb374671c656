/* The propagator "tracecontext": traceparent and tracestate (W3C Trace Context, Level 2). */
#include "../trace_state.h"
#include "parts.h"
#include <string.h>

enum { PARENT_SIZE = 55, STATE_MOST = OTEL_TRACE_STATE_MEMBERS_MAX * 514, TRACE_ID = 3, SPAN_ID = 36, FLAGS = 53 };

static const char name_parent[] = "traceparent", name_state[] = "tracestate";

/* Later versions may be longer, behind a dash. */
static bool right_length(const char *text, size_t size, uint8_t version)
{
    if (size == PARENT_SIZE) return true;
    return version != 0 && size > PARENT_SIZE && text[PARENT_SIZE] == '-';
}

static bool parse_parent(otel_str text, otel_span_context *out)
{
    uint8_t version, flags;
    const char *t = text.data;
    *out = (otel_span_context){.remote = true};
    if (text.size < PARENT_SIZE || t[TRACE_ID - 1] != '-' || t[SPAN_ID - 1] != '-' || t[FLAGS - 1] != '-') return false;
    if (!otel__hex_bytes(t, &version, 1) || version == 0xff || !right_length(t, text.size, version)) return false;
    if (!otel__hex_id(t + TRACE_ID, out->trace_id, 16) || !otel__hex_id(t + SPAN_ID, out->span_id, 8)) return false;
    if (!otel__hex_bytes(t + FLAGS, &flags, 1)) return false;
    out->flags = flags & (OTEL_TRACE_FLAG_SAMPLED | OTEL_TRACE_FLAG_RANDOM);
    return true;
}

static bool known(const otel_str *keys, size_t count, otel_str key)
{
    for (size_t i = 0; i < count; i++)
        if (keys[i].size == key.size && memcmp(keys[i].data, key.data, key.size) == 0) return true;
    return false;
}

/* All headers are one list. false: one member breaks the grammar, there are too many, or there is no room: nothing of
 * it counts then. Of two members with one key the first stays. */
static bool read_state(const otel_getter *getter, const void *carrier, otel__trace_state_text *out, bool *full)
{
    otel_str keys[OTEL_TRACE_STATE_MEMBERS_MAX], header, key, value;
    size_t count = 0, different = 0;
    int found = 0;
    for (size_t nth = 0; nth < OTEL__HEADERS_MAX && getter->get(carrier, name_state, nth, &header); nth++)
        for (size_t cursor = 0; (found = otel__trace_state_member(header, &cursor, &key, &value)) != 0;) {
            if (found < 0 || ++count > OTEL_TRACE_STATE_MEMBERS_MAX) return false;
            if (known(keys, different, key)) continue;
            keys[different++] = key;
            if (otel__trace_state_put(out, key, value)) continue;
            *full = true;
            return false;
        }
    return true;
}

static void take_state(otel_span_context *span_context, const otel_getter *getter, const void *carrier,
                       otel_extract_memory *memory)
{
    otel__trace_state_text text = {.size = 0};
    bool full = false;
    if (!memory) return;
    text.text = otel__memory_rest(memory, &text.capacity);
    bool good = read_state(getter, carrier, &text, &full);
    memory->truncated |= full;
    if (!good || !text.size) return;
    span_context->trace_state = (otel_str){text.text, text.size};
    otel__memory_use(memory, text.size);
}

static otel_context extract(const otel_propagator *self, const otel_context *context, const otel_getter *getter,
                            const void *carrier, otel_extract_memory *memory)
{
    otel_context with = *context;
    otel_str parent, second;
    otel_span_context parsed;
    (void)self;
    if (!getter->get(carrier, name_parent, 0, &parent) || getter->get(carrier, name_parent, 1, &second)) return with;
    if (!parse_parent(otel__trim(parent), &parsed)) return with;
    take_state(&parsed, getter, carrier, memory);
    with.span_context = parsed;
    with.span = (otel_span){NULL, 0};
    return with;
}

/* Member by member, as it was understood, with the NUL that a setter may rely on. */
static __attribute__((noinline)) void send_state(otel_str state, const otel_setter *setter, void *carrier)
{
    char text[STATE_MOST + 1];
    otel__trace_state_text out = {.text = text, .capacity = STATE_MOST};
    otel_str key, value;
    for (size_t cursor = 0; otel_trace_state_next(state, &cursor, &key, &value);)
        if (!otel__trace_state_put(&out, key, value)) break;
    text[out.size] = '\0';
    if (out.size) setter->set(carrier, (otel_str){name_state, sizeof name_state - 1}, (otel_str){text, out.size});
}

static void inject(const otel_propagator *self, const otel_context *context, const otel_setter *setter, void *carrier)
{
    const otel_span_context *s = &context->span_context;
    char text[PARENT_SIZE + 1] = "00-00000000000000000000000000000000-0000000000000000-00";
    uint8_t flags = s->flags & (OTEL_TRACE_FLAG_SAMPLED | OTEL_TRACE_FLAG_RANDOM);
    (void)self;
    if (!otel_span_context_valid(s)) return;
    otel__hex_put(s->trace_id, 16, text + TRACE_ID);
    otel__hex_put(s->span_id, 8, text + SPAN_ID);
    otel__hex_put(&flags, 1, text + FLAGS);
    setter->set(carrier, (otel_str){name_parent, sizeof name_parent - 1}, (otel_str){text, PARENT_SIZE});
    if (s->trace_state.size) send_state(s->trace_state, setter, carrier);
}

static const char *const fields[] = {name_parent, name_state, NULL};
const otel_propagator otel_propagator_tracecontext = {
    .size = sizeof(otel_propagator), .name = "tracecontext", .inject = inject, .extract = extract, .fields = fields};
