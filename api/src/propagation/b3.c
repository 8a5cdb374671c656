/* The propagators "b3" and "b3multi": both read the single header, else the X-B3 ones; they differ in what they send.
 */
#include "parts.h"
#include <string.h>

static const char name_single[] = "b3", name_trace[] = "x-b3-traceid", name_span[] = "x-b3-spanid",
                  name_sampled[] = "x-b3-sampled", name_flags[] = "x-b3-flags";

/* 32 digits, or 16 that stand for the lower half. */
static bool read_trace_id(otel_str text, uint8_t out[16])
{
    memset(out, 0, 16);
    if (text.size == 32) return otel__hex_id(text.data, out, 16);
    return text.size == 16 && otel__hex_id(text.data, out + 8, 8);
}

static bool read_span_id(otel_str text, uint8_t out[8])
{
    return text.size == 16 && otel__hex_id(text.data, out, 8);
}

static bool read_state(otel_str text, otel_span_context *out)
{
    if (text.size != 1 || !memchr("01d", text.data[0], 3)) return false;
    out->debug = text.data[0] == 'd';
    out->flags = text.data[0] == '0' ? 0 : OTEL_TRACE_FLAG_SAMPLED;
    return true;
}

/* What stands in front of the next dash. */
static otel_str field(otel_str *rest)
{
    const char *dash = rest->size ? memchr(rest->data, '-', rest->size) : NULL;
    otel_str text = {rest->data, dash ? (size_t)(dash - rest->data) : rest->size};
    size_t used = text.size + (dash ? 1 : 0);
    rest->data += used;
    rest->size -= used;
    return text;
}

/* trace-span, trace-span-state, trace-span-state-parent. */
static bool read_single(otel_str text, otel_span_context *out)
{
    uint8_t parent[8];
    bool dash_last = text.size && text.data[text.size - 1] == '-';
    if (dash_last || !read_trace_id(field(&text), out->trace_id) || !read_span_id(field(&text), out->span_id))
        return false;
    if (!text.size) return true;
    if (!read_state(field(&text), out)) return false;
    return !text.size || (text.size == 16 && otel__hex_bytes(text.data, parent, 8)); /* of no use: zeros will do */
}

static bool first(const otel_getter *getter, const void *carrier, const char *name, otel_str *value)
{
    return getter->get(carrier, name, 0, value);
}

static bool is(otel_str text, const char *word)
{
    return text.size == strlen(word) && memcmp(text.data, word, text.size) == 0;
}

/* Absent: the decision is left to us, and nobody samples here. */
static bool read_sampled(const otel_getter *getter, const void *carrier, otel_span_context *out)
{
    otel_str text;
    if (first(getter, carrier, name_flags, &text) && is(text, "1")) {
        out->debug = true;
        out->flags = OTEL_TRACE_FLAG_SAMPLED;
        return true;
    }
    if (!first(getter, carrier, name_sampled, &text)) return true;
    bool yes = is(text, "1") || is(text, "true");
    out->flags = yes ? OTEL_TRACE_FLAG_SAMPLED : 0;
    return yes || is(text, "0") || is(text, "false");
}

static bool read_multi(const otel_getter *getter, const void *carrier, otel_span_context *out)
{
    otel_str text;
    if (!first(getter, carrier, name_trace, &text) || !read_trace_id(text, out->trace_id)) return false;
    if (!first(getter, carrier, name_span, &text) || !read_span_id(text, out->span_id)) return false;
    return read_sampled(getter, carrier, out);
}

static otel_context extract(const otel_propagator *self, const otel_context *context, const otel_getter *getter,
                            const void *carrier, otel_extract_memory *memory)
{
    otel_context with = *context;
    otel_span_context one = {.remote = true}, many = {.remote = true};
    otel_str text;
    (void)self, (void)memory;
    bool single = first(getter, carrier, name_single, &text) && read_single(text, &one);
    if (!single && !read_multi(getter, carrier, &many)) return with;
    with.span_context = single ? one : many;
    with.span = (otel_span){NULL, 0};
    return with;
}

static void set(const otel_setter *setter, void *carrier, const char *name, const char *value)
{
    setter->set(carrier, (otel_str){name, strlen(name)}, (otel_str){value, strlen(value)});
}

static char state_of(const otel_span_context *s)
{
    return s->debug ? 'd' : s->flags & OTEL_TRACE_FLAG_SAMPLED ? '1' : '0';
}

static void inject_single(const otel_propagator *self, const otel_context *context, const otel_setter *setter,
                          void *carrier)
{
    const otel_span_context *s = &context->span_context;
    char text[52];
    (void)self;
    if (!otel_span_context_valid(s)) return;
    otel__hex_put(s->trace_id, 16, text);
    text[32] = text[49] = '-';
    otel__hex_put(s->span_id, 8, text + 33);
    text[50] = state_of(s);
    text[51] = '\0';
    set(setter, carrier, name_single, text);
}

static void inject_multi(const otel_propagator *self, const otel_context *context, const otel_setter *setter,
                         void *carrier)
{
    const otel_span_context *s = &context->span_context;
    char trace[33], span[17];
    (void)self;
    if (!otel_span_context_valid(s)) return;
    otel_trace_id_hex(s->trace_id, trace);
    otel_span_id_hex(s->span_id, span);
    set(setter, carrier, name_trace, trace);
    set(setter, carrier, name_span, span);
    if (s->debug)
        set(setter, carrier, name_flags, "1");
    else
        set(setter, carrier, name_sampled, state_of(s) == '1' ? "1" : "0");
}

static const char *const fields_single[] = {name_single, NULL};
static const char *const fields_multi[] = {name_trace, name_span, name_sampled, name_flags, NULL};
const otel_propagator otel_propagator_b3 = {.size = sizeof(otel_propagator),
                                            .name = "b3",
                                            .inject = inject_single,
                                            .extract = extract,
                                            .fields = fields_single};
const otel_propagator otel_propagator_b3multi = {.size = sizeof(otel_propagator),
                                                 .name = "b3multi",
                                                 .inject = inject_multi,
                                                 .extract = extract,
                                                 .fields = fields_multi};
